"""What changed between the generations that are kept: the editions as a reader meets them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from corpus.problems import PinciteError
from index.changes import Changes, compare
from index.current import open_generation
from index.generations import DataFolder
from index.record import PassageRecord
from index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Since:
    """The changes from the generation *before* to *generation*. *before* is None where no earlier one is kept."""

    generation: str
    before: str | None
    built: str | None  # when *before* was built, in ISO form
    changes: Changes

    def as_json(self, limit: int) -> dict[str, Any]:
        """With up to *limit* permalinks of each kind; `counts` tell all."""
        groups = dict(self.changes.groups())
        return {
            "generation": self.generation,
            "since": self.before,
            "built": self.built,
            "counts": {kind: len(found) for kind, found in groups.items()},
            **{kind: list(found[:limit]) for kind, found in groups.items()},
        }


@dataclass
class History:
    """The generations kept in *data* beside the one served. Comparing two takes seconds in a large collection: each
    pair is compared once, and kept for as long as the generation is served."""

    data: DataFolder
    generation: str
    snapshot: Snapshot
    _found: dict[str, Since] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def kept(self) -> list[str]:
        """The other generations that can be compared with, oldest first."""
        return [name for name in self.data.names() if name != self.generation]

    @property
    def before(self) -> str | None:
        """The newest of those that are older than the one served."""
        older = [name for name in self.kept if int(name[1:]) < int(self.generation[1:])]
        return older[-1] if older else None

    def since(self, name: str) -> Since:
        """What changed since the generation *name*; nothing where it is "", or cannot be opened any more."""
        with self._lock:
            if name not in self._found:
                self._found[name] = self._compared(name)
            return self._found[name]

    def _compared(self, name: str) -> Since:
        try:
            if not name:
                return Since(self.generation, None, None, Changes())
            opened = open_generation(self.data, name)
        except PinciteError:
            return Since(self.generation, None, None, Changes())
        try:
            changes = compare(_all(opened.snapshot), _all(self.snapshot))
            return Since(self.generation, name, opened.manifest.built, changes)
        finally:
            opened.close()


def _all(snapshot: Snapshot) -> list[PassageRecord]:
    return [snapshot.record(at) for at in range(snapshot.passage_count)]
