"""Sorted arrays of places: what is in both, what is in either, in which passage each stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
Mask = NDArray[np.bool_]

_LOOK_UP = 16  # from here on, one binary search for each of the shorter list is quicker than a sweep over both
_SWEEP = 1 << 22  # how many places one sweep marks at once: a map that stays in the processor's cache


def among(wanted: Numbers, standing: Numbers) -> Mask:
    """Which of *wanted* are in *standing*; both are ascending, each number once."""
    if not len(wanted) or not len(standing):
        return np.zeros(len(wanted), bool)
    span = int(max(wanted[-1], standing[-1])) + 1
    if len(wanted) * _LOOK_UP < len(standing) or (len(wanted) + len(standing)) * 64 < span:
        found: Mask = standing.take(standing.searchsorted(wanted), mode="clip") == wanted
        return found
    found = np.empty(len(wanted), bool)
    edges = np.arange(0, span + _SWEEP, _SWEEP)
    cuts_wanted, cuts_standing = np.searchsorted(wanted, edges), np.searchsorted(standing, edges)
    marked = np.zeros(min(span, _SWEEP), bool)
    for number, edge in enumerate(edges[:-1].tolist()):
        first, last = cuts_wanted[number], cuts_wanted[number + 1]
        if first == last:
            continue
        here = standing[cuts_standing[number] : cuts_standing[number + 1]] - standing.dtype.type(edge)
        marked[here] = True
        found[first:last] = marked[wanted[first:last] - wanted.dtype.type(edge)]
        marked[here] = False
    return found


def union(lists: Sequence[Numbers]) -> NDArray[np.uint32]:
    """All numbers of *lists* (each ascending), ascending, each once."""
    if len(lists) == 1:
        return lists[0]
    if not lists:
        return np.zeros(0, np.uint32)
    together = np.concatenate(lists)
    together.sort()
    fresh = np.ones(len(together), bool)
    np.not_equal(together[1:], together[:-1], out=fresh[1:])
    return together.take(np.flatnonzero(fresh))


def neighbours(places: Numbers, others: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each of *places* the nearest of *others* before it and after it, itself left out; both are ascending.

    Where there is none, a number too far away to be near anything.
    """
    far = np.int64(1) << 40
    fenced = np.empty(len(others) + 2, np.int64)
    fenced[0], fenced[1:-1], fenced[-1] = -far, others, far
    at = np.searchsorted(others, places)  # how many others stand before each place
    before = fenced[at]
    after = fenced[at + 1]
    same = np.flatnonzero(after == places)
    after[same] = fenced[at[same] + 2]
    return before, after


def owners(starts: Numbers, places: Numbers) -> NDArray[np.uint32]:
    """The passage in which each of *places* stands: the last that starts at or before it."""
    return (starts.searchsorted(places, "right") - 1).astype(np.uint32)


def ranges(places: Numbers, first: Numbers, last: Numbers) -> NDArray[np.int64]:
    """Where in *places* those stand that are in one of the half-open ranges *first* to *last* (apart, ascending)."""
    begins = np.searchsorted(places, first)
    counts = np.searchsorted(places, last) - begins
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    found: NDArray[np.int64] = np.arange(total, dtype=np.int64)
    found += np.repeat(begins - ends + counts, counts)
    return found
