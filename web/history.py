"""What changed since the generations before: the editions as a reader meets them. The build has compared them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.arrays import DamagedFileError
from index.changes import Changes
from index.comparisons import Since
from index.home import Home

_KINDS = tuple(kind for kind, _ in Changes().groups())


@dataclass
class History:
    """The generations before the one served, as far as they are kept and were compared with it."""

    home: Home
    generation: str
    manifest: str  # its sha256
    _read: Mapping[str, Since] | None = None

    @property
    def kept(self) -> list[str]:
        """The generations that can be compared with, oldest first."""
        standing = self.home.names()
        return [name for name in standing if name in self._compared]

    @property
    def before(self) -> str | None:
        """The newest of them."""
        return next(reversed(self.kept), None)

    def since(self, name: str | None) -> Since | None:
        """What changed since the generation *name*; None where that is not known."""
        return self._compared.get(name or "")

    def as_json(self, name: str | None, limit: int) -> dict[str, Any]:
        """The same with up to *limit* permalinks of each kind; `counts` tell all."""
        since = self.since(name)
        groups = since.groups() if since is not None else {}
        return {
            "generation": self.generation,
            "since": since.generation if since is not None else None,
            "built": since.built if since is not None else None,
            "counts": dict(since.counts) if since is not None else dict.fromkeys(_KINDS, 0),
            **{kind: list(groups.get(kind, ())[:limit]) for kind in _KINDS},
        }

    @property
    def _compared(self) -> Mapping[str, Since]:
        if self._read is None:
            try:
                found = self.home.comparisons(self.generation, self.manifest)
            except DamagedFileError:  # `verify` tells of it; it says nothing rather than something else
                found = ()
            self._read = {one.generation: one for one in found}
        return self._read
