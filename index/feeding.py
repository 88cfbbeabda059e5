"""What a build asks of a second engine: to take in each new generation before it is published, and to keep in step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from corpus.problems import PinciteError


class EngineError(PinciteError):
    """The engine did not do or did not answer in full what it was asked. It may do so in a while."""

    status = 503


class Feeder(Protocol):
    """A second engine as the builder sees it. Everything may raise EngineError."""

    def names(self, collection: str) -> Sequence[str]:
        """The generations of *collection* that it has something of: no other may be called so."""
        ...

    def feed(self, folder: Path, collection: str, generation: str, manifest: str, compared: Path | None) -> None:
        """Takes in the index that stands in *folder*, and checks that it has it whole.

        *manifest* is the sha256 of the manifest, *compared* the file of its comparisons with those before it. Where
        that fails nothing of it is left, or the next feeding takes it away.
        """
        ...

    def publish(self, collection: str, generation: str, newest: str) -> None:
        """Has *generation* served, and *newest* answer for links that came later; both at once."""
        ...

    def holds(self, collection: str, generation: str, manifest: str) -> bool:
        """Whether it was fed this very generation to the end."""
        ...

    def check(self, folder: Path, collection: str, generation: str, manifest: str) -> None:
        """Holds what was taken in against the index that stands in *folder*."""
        ...

    def keep(self, collection: str, generations: Sequence[str], *, seconds: float = 0.0) -> None:
        """Deletes every other generation of the collection, after *seconds* in which readers may leave it."""
        ...
