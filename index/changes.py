"""What differs between two generations, passage by passage: gained, lost, moved, reworded."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from index.likeness import longest_rising
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

    A passage has moved when it stands under other headings or its document has another name, or when it changed its
    order among those of its document that stayed: the fewest that must have moved to give the new order (the others
    form the longest increasing run).
    """
    old = {(record.document, record.id): (place, record) for place, record in enumerate(before)}
    new = {(record.document, record.id): record for record in after}
    stayed = [(record, *old[key]) for key, record in new.items() if key in old]
    out_of_order = _out_of_order([(record, place) for record, place, _ in stayed])
    return Changes(
        gained=tuple(record.permalink for key, record in new.items() if key not in old),
        lost=tuple(record.permalink for key, (_, record) in old.items() if key not in new),
        moved=tuple(
            record.permalink
            for record, _, was in stayed
            if _path(record) != _path(was)
            # Footnotes follow their marks: their order and headings say nothing of their own.
            or (record.kind != "footnote" and (record.section_path != was.section_path or record in out_of_order))
        ),
        reworded=tuple(record.permalink for record, _, was in stayed if record.text != was.text),
    )


def _path(record: PassageRecord) -> str:
    """The part of a permalink that names the document: *before* may know it by its present name only in `document`."""
    return record.permalink.partition("/p/")[0]


def _out_of_order(stayed: Sequence[tuple[PassageRecord, int]]) -> Container[PassageRecord]:
    """Those of passages and their former places that changed their order within their document."""
    documents: dict[str, list[tuple[PassageRecord, int]]] = {}
    for record, place in stayed:
        if record.kind != "footnote":
            documents.setdefault(record.document, []).append((record, place))
    moved: set[PassageRecord] = set()
    for ordered in documents.values():
        in_order = set(longest_rising([place for _, place in ordered]))
        moved.update(record for index, (record, _) in enumerate(ordered) if index not in in_order)
    return moved
