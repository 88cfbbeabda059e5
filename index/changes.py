"""What differs between two generations, passage by passage: gained, lost, moved, reworded."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

import msgspec

from corpus.plain_files import read_plain
from index.arrays import DamagedFileError
from index.codec import PASSAGES_FILE
from index.likeness import longest_rising
from index.store import Store
from index.writing import DESCRIPTION_BYTES, DESCRIPTION_FILE


class Standing(Protocol):
    """A passage, as far as it is compared."""

    @property
    def document(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def section_path(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...
    @property
    def permalink(self) -> str: ...


class Outline(msgspec.Struct, frozen=True):
    """As much of a passage's record as is compared; decoding it takes a fraction of the whole."""

    document: str
    id: str
    kind: str
    section_path: tuple[str, ...]
    text: str
    permalink: str


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


class _Place(msgspec.Struct, frozen=True):
    document: str
    first: int
    passages: int


class _Places(msgspec.Struct, frozen=True):
    documents: tuple[_Place, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The passages of a generation, as they are compared: close it afterwards."""

    FILES: ClassVar = (DESCRIPTION_FILE, PASSAGES_FILE)

    places: Mapping[str, range]  # positions of each document's passages, by its name
    _store: Store
    _decoder: msgspec.msgpack.Decoder[Outline] = field(default_factory=lambda: msgspec.msgpack.Decoder(Outline))

    @classmethod
    def open(cls, folder: Path) -> Edition:
        """That of the generation in *folder*, whose files are sound. Raises DamagedFileError where they are not."""
        path = folder / DESCRIPTION_FILE
        try:
            told = msgspec.json.decode(read_plain(path, DESCRIPTION_BYTES), type=_Places)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise DamagedFileError(path, f"it cannot be read ({error})") from error
        places = {one.document: range(one.first, one.first + one.passages) for one in told.documents}
        return cls(places, Store(folder / PASSAGES_FILE))

    def raw(self, places: range) -> list[bytes]:
        """The records at *places*, as they are stored."""
        return [self._store[place] for place in places]

    def outlines(self, places: range, document: str) -> list[Outline]:
        """The passages at *places*, as if their document were called *document*."""
        found = map(self._decoder.decode, self.raw(places))
        return [one if one.document == document else msgspec.structs.replace(one, document=document) for one in found]

    def close(self) -> None:
        """Lets go of the file."""
        self._store.close()


def compare_editions(before: Edition, after: Edition, renamed: Mapping[str, str]) -> Changes:
    """The changes from one generation to another. *renamed*: the present names of documents, by those that they had.

    A document of which every record is the same is not looked into: the time grows with what was edited.
    """
    former: dict[str, list[range]] = {}
    for slug, places in before.places.items():
        former.setdefault(renamed.get(slug, slug), []).append(places)
    old: list[Outline] = []
    new: list[Outline] = []
    same: set[str] = set()
    for slug, places in after.places.items():
        if [before.raw(there) for there in former.get(slug, ())] == [after.raw(places)]:
            same.add(slug)
        else:
            new += after.outlines(places, slug)
    for slug, ranges in former.items():
        for places in ranges if slug not in same else ():
            old += before.outlines(places, slug)
    return compare(old, new)


def compare(before: Sequence[Standing], after: Sequence[Standing]) -> Changes:
    """The changes from *before* to *after*, each in the order of its generation.

    A passage has moved when it stands under other headings or its document has another name, or when it changed its
    order among those of its document that stayed: the fewest that must have moved to give the new order (the others
    form the longest increasing run).
    """
    old = {(record.document, record.id): (place, record) for place, record in enumerate(before)}
    new = {(record.document, record.id): record for record in after}
    stayed = [(record, *old[key]) for key, record in new.items() if key in old]
    out_of_order = _out_of_order((record, place) for record, place, _ in stayed)
    return Changes(
        gained=tuple(record.permalink for key, record in new.items() if key not in old),
        lost=tuple(record.permalink for key, (_, record) in old.items() if key not in new),
        moved=tuple(
            record.permalink
            for record, _, was in stayed
            if _path(record) != _path(was)
            # Footnotes follow their marks: their order and headings say nothing of their own.
            or (record.kind != "footnote" and record.section_path != was.section_path)
            or (record.document, record.id) in out_of_order
        ),
        reworded=tuple(record.permalink for record, _, was in stayed if record.text != was.text),
    )


def _path(record: Standing) -> str:
    """The part of a permalink that names the document: *before* may know it by its present name only in `document`."""
    return record.permalink.partition("/p/")[0]


def _out_of_order(stayed: Iterable[tuple[Standing, int]]) -> Container[tuple[str, str]]:
    """Slug and id of those passages, of all with their former places, that changed order within their document."""
    documents: dict[str, list[tuple[str, int]]] = {}
    for record, place in stayed:
        if record.kind != "footnote":
            documents.setdefault(record.document, []).append((record.id, place))
    moved: set[tuple[str, str]] = set()
    for document, ordered in documents.items():
        in_order = set(longest_rising([place for _, place in ordered]))
        moved.update((document, identity) for index, (identity, _) in enumerate(ordered) if index not in in_order)
    return moved
