"""What the site counts of itself, for Prometheus: answers and their time by kind of page, never what was asked.

Workers share one anonymous stretch of memory, made before they are forked: nothing is written to any disk, and a data
folder that may only be read will do. Each worker has a slot of it to itself, so none ever waits for another or spoils
what a dying one had begun; who reads adds the slots up. A slot outlives its worker: the next one counts on in it.
Format: Prometheus' text exposition format, version 0.0.4.
"""

from __future__ import annotations

import mmap
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

SLOTS: Final = 128  # workers alive at one time, at most
ROUTES_AT_MOST: Final = 64  # kinds of page; what is beyond counts as "other"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # upper ends of the buckets of time
CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")
OTHER: Final = "other"

_TIME = len(CLASSES)  # where the sum of seconds stands in a row
_BUCKETS = _TIME + 1
_ROW = _BUCKETS + len(SECONDS) + 1


class Board:
    """Counts of all workers. Make it before they are forked."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SLOTS * ROUTES_AT_MOST * _ROW * 8)
        self._counts = np.frombuffer(self._memory, np.float64).reshape(SLOTS, ROUTES_AT_MOST, _ROW)

    def slot(self, worker: int, routes: Iterable[str]) -> Slot:
        """Where the worker of this number (each new one has its own) counts the answers of *routes*."""
        return Slot(self._counts[worker % SLOTS], routes)

    def total(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """What all have counted together: a row for each route."""
        summed: np.ndarray[tuple[int, int], np.dtype[np.float64]] = self._counts.sum(axis=0)
        return summed


class Slot:
    """One worker's part of the board."""

    def __init__(self, counts: np.ndarray[tuple[int, int], np.dtype[np.float64]], routes: Iterable[str]) -> None:
        self._counts = counts
        names = sorted(set(routes) - {OTHER})[: ROUTES_AT_MOST - 1]
        self.routes = (OTHER, *names)
        self._rows = {name: at for at, name in enumerate(self.routes)}
        self._lock = threading.Lock()

    def count(self, route: str, status: int, seconds: float) -> None:
        """Notes an answer of *route*."""
        row = self._counts[self._rows.get(route, 0)]
        with self._lock:
            row[min(max(status // 100 - 2, 0), len(CLASSES) - 1)] += 1
            row[_TIME] += seconds
            row[_BUCKETS + bisect_left(SECONDS, seconds)] += 1


def exposed(
    routes: Iterable[str],
    counts: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    gauges: Iterable[tuple[str, str, float]],
) -> str:
    """The text that Prometheus reads. *gauges* are (name, what it says, value)."""
    rows = [(route, [float(value) for value in row]) for route, row in zip(routes, counts, strict=False)]
    lines = [
        "# HELP pincite_answers_total Answers given, by kind of page and class of status.",
        "# TYPE pincite_answers_total counter",
    ]
    for route, row in rows:
        for name, value in zip(CLASSES, row, strict=False):
            if value:
                lines.append(f'pincite_answers_total{{page="{route}",status="{name}"}} {value:.0f}')
    lines += [
        "# HELP pincite_answer_seconds Time from the request to the answer, without sending it.",
        "# TYPE pincite_answer_seconds histogram",
    ]
    for route, row in rows:
        lines += _histogram(route, row)
    for name, said, value in gauges:
        lines += [f"# HELP {name} {said}", f"# TYPE {name} gauge", f"{name} {value:.17g}"]
    return "\n".join(lines) + "\n"


def _histogram(route: str, row: list[float]) -> Iterator[str]:
    if not any(row):
        return
    below = 0.0
    for end, value in zip((*map(str, SECONDS), "+Inf"), row[_BUCKETS:], strict=True):
        below += value
        yield f'pincite_answer_seconds_bucket{{page="{route}",le="{end}"}} {below:.0f}'
    yield f'pincite_answer_seconds_sum{{page="{route}"}} {row[_TIME]:.6f}'
    yield f'pincite_answer_seconds_count{{page="{route}"}} {below:.0f}'
