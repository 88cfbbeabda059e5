"""What differs between two generations, passage by passage: gained, lost, moved, reworded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.record import PassageRecord

Key = tuple[str, str]  # slug and id of a passage


@dataclass(frozen=True, slots=True)
class Changes:
    """Permalinks of the passages that changed: as they stand now, the lost ones as they stood."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()

    def groups(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each kind of change with its permalinks."""
        yield "gained", self.gained
        yield "lost", self.lost
        yield "moved", self.moved
        yield "reworded", self.reworded

    def __bool__(self) -> bool:
        return any(found for _, found in self.groups())


def compare(before: Sequence[PassageRecord], after: Sequence[PassageRecord]) -> Changes:
    """The changes from *before* to *after*, each in the order of its generation.

    A passage has moved when it stands under other headings, or when it changed its order among those that stayed: the
    fewest that must have moved to give the new order (the others form the longest increasing run).
    """
    old = {(record.document, record.id): (place, record) for place, record in enumerate(before)}
    new = {(record.document, record.id): record for record in after}
    stayed = [(record, *old[key]) for key, record in new.items() if key in old]
    # Footnotes follow their marks: their order says nothing of its own.
    ordered = [(place, record) for record, place, _ in stayed if record.kind != "footnote"]
    in_order = _longest_increasing([place for place, _ in ordered])
    moved: list[str] = []
    kept = {(ordered[index][1].document, ordered[index][1].id) for index in in_order}
    for record, _, was in stayed:
        changed_order = record.kind != "footnote" and (record.document, record.id) not in kept
        if record.kind != "footnote" and (changed_order or record.section_path != was.section_path):
            moved.append(record.permalink)
    return Changes(
        gained=tuple(record.permalink for key, record in new.items() if key not in old),
        lost=tuple(record.permalink for key, (_, record) in old.items() if key not in new),
        moved=tuple(moved),
        reworded=tuple(record.permalink for record, _, was in stayed if record.text != was.text),
    )


def _longest_increasing(places: Sequence[int]) -> list[int]:
    """Indexes of a longest increasing subsequence (patience sorting: Fredman, Discrete Mathematics 11, 1975)."""
    tails: list[int] = []
    ends: list[int] = []  # index of the last element of the best run of each length
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[length] = place
            ends[length] = index
    found: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(index)
        index = before[index]
    return found[::-1]
