"""What the workers of one site know of one another: made before they are forked, held in memory alone."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field

from web.aside import Ways
from web.metrics import SLOTS, Board
from web.proxies import ProxySeen

NOBODY = 0xFFFF  # instead of a count: no such worker


class Load:
    """How many connections each worker has, by the number of the worker."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SLOTS * 2)
        self._counts = memoryview(self._memory).cast("H")
        for slot in range(SLOTS):
            self._counts[slot] = NOBODY

    def tell(self, worker: int, connections: int) -> None:
        """Notes what a worker has now."""
        self._counts[worker % SLOTS] = min(connections, NOBODY - 1)

    def forget(self, worker: int) -> None:
        """Notes that a worker has ended."""
        self._counts[worker % SLOTS] = NOBODY

    def is_above_least(self, worker: int) -> bool:
        """Whether another worker has fewer."""
        return self._counts[worker % SLOTS] > min(self._counts)


@dataclass(frozen=True, slots=True)
class Shared:
    """The board of counts, how many connections each worker has, the way to who answers costly questions (None: each
    worker does), and whether a proxy was seen of which nobody had told."""

    board: Board = field(default_factory=Board)
    load: Load = field(default_factory=Load)
    aside: Ways | None = None
    proxy: ProxySeen = field(default_factory=ProxySeen)
