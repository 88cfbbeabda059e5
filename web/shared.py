"""What the workers of one site share: made before they are forked, held in memory alone."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field

from web.gate import gate_file
from web.metrics import Board


@dataclass(frozen=True, slots=True)
class Shared:
    """The board of counts, the file of the gate, and whether a proxy was seen of which nobody had told."""

    board: Board = field(default_factory=Board)
    gate_file: int = field(default_factory=gate_file)
    _seen: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 1))

    @property
    def proxy_seen(self) -> bool:
        """Whether any worker was asked by way of a proxy."""
        return self._seen[0] == 1

    def see_proxy(self) -> bool:
        """Notes that one was; whether this is the first time."""
        first, self._seen[0] = self._seen[0] == 0, 1
        return first
