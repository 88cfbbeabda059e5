"""The generation's own copy of the ledgers: one file in which any id ever given is found without reading the rest.

The file `links.bin`: the line "PINCITE-LINKS 1"; then, for every document and every id of it (both sorted), a
msgpack record of its states and wordings; then, for every document, a table of 18 bytes an id (the six characters,
offset and length of the record, both little-endian, of 8 and 4 bytes); then a msgpack list of the documents; and in
the last 8 bytes the offset of that list. It holds salts, so that a lost ledger can be restored from it. Equal ledgers
give equal bytes.
"""

from __future__ import annotations

import mmap
import struct
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from corpus.plain_files import open_plain
from corpus.problems import PinciteError
from index.ledger import DocumentLedger, History, Place, Standing, State, Wording

FILE = "links.bin"
MAGIC = b"PINCITE-LINKS 1\n"
OWN_WORDS = 6  # shorter texts have too many namesakes in other documents to be named as candidates
ELSEWHERE = 3  # candidates from other documents, at most

_ROW = struct.Struct("<6sQI")
_OFFSET = struct.Struct("<Q")


class BadLinkBookError(PinciteError):
    """A generation's copy of the ledgers cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no copy of the ledgers that this version can read. Run `pincite build` again.")


class _PlaceRecord(msgspec.Struct, frozen=True, array_like=True):
    number: int
    label: str
    kind: str
    order: str
    when: str


class _StateRecord(msgspec.Struct, frozen=True, array_like=True):
    standing: Standing
    digest: str | None
    into: tuple[str, ...]
    near: tuple[str, ...]
    when: str
    why: str
    places: tuple[_PlaceRecord, ...]


class _IdRecord(msgspec.Struct, frozen=True, array_like=True):
    states: tuple[_StateRecord, ...]
    wordings: tuple[tuple[int, str, bytes], ...]
    label: str | None
    elsewhere: tuple[tuple[str, str], ...]


class _DocumentRecord(msgspec.Struct, frozen=True, array_like=True):
    slug: str
    formerly: tuple[str, ...]
    table: int
    count: int
    standing: tuple[str, ...]


class Content(Protocol):
    """The bytes of a file, wherever it is."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...

    def close(self) -> None:
        """Let go of them."""
        ...


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """What a generation knows of one document's links. The labels are those of this edition, by id."""

    ledger: DocumentLedger
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkedId:
    """One id of one document, whatever became of it."""

    document: str  # the present slug
    history: History
    wordings: Mapping[int, Wording]  # by number of the state; erased ones are missing
    label: str  # in this edition, or where it stood last
    elsewhere: tuple[tuple[str, str], ...]  # of an id that is gone: (slug, id) where the same words stand

    def text(self, full: str | None) -> str | None:
        """The wording with the digest *full*; None where it was erased or never was."""
        for state in reversed(self.history.states):
            if full is not None and state.digest == full and state.number in self.wordings:
                return self.wordings[state.number].text
        return None


def write_linkbook(path: Path, documents: Iterable[LinkedDocument]) -> None:
    """Write the book of a generation (not fsynced). Equal input gives equal bytes."""
    linked = sorted(documents, key=lambda document: document.ledger.slug)
    elsewhere = _same_words_elsewhere(linked)
    with path.open("wb") as file:
        file.write(MAGIC)
        rows = [_write_records(file, document, elsewhere) for document in linked]
        records: list[_DocumentRecord] = []
        for document, table in zip(linked, rows, strict=True):
            ledger = document.ledger
            standing = tuple(history.id for history in ledger.standing())
            records.append(_DocumentRecord(ledger.slug, ledger.formerly, file.tell(), len(table), standing))
            file.write(b"".join(table))
        index = file.tell()
        file.write(msgspec.msgpack.encode(records))
        file.write(_OFFSET.pack(index))


def _write_records(
    file: BinaryIO, document: LinkedDocument, elsewhere: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
) -> list[bytes]:
    ledger = document.ledger
    wordings: dict[str, list[tuple[int, str, bytes]]] = defaultdict(list)
    for (identifier, number), wording in sorted(ledger.wordings.items()):
        wordings[identifier].append((number, wording.text, wording.salt))
    rows: list[bytes] = []
    for identifier, history in sorted(ledger.histories.items()):
        record = msgspec.msgpack.encode(
            _IdRecord(
                tuple(_state_record(state) for state in history.states),
                tuple(wordings[identifier]),
                document.labels.get(identifier),
                elsewhere.get((ledger.slug, identifier), ()),
            )
        )
        rows.append(_ROW.pack(identifier.encode(), file.tell(), len(record)))
        file.write(record)
    return rows


def _state_record(state: State) -> _StateRecord:
    places = tuple(_PlaceRecord(one.number, one.label, one.kind, one.order, one.when) for one in state.places)
    return _StateRecord(state.standing, state.digest, state.into, state.near, state.when, state.why, places)


def _same_words_elsewhere(linked: list[LinkedDocument]) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """For ids that are gone: the passages of other documents that hold exactly their last words."""
    lost: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for document in linked:
        for history in document.ledger.histories.values():
            wording = document.ledger.standing_wording(history.id)
            gone = document.ledger.survivor(history.id) is None
            if gone and wording is not None and len(wording.text.split()) >= OWN_WORDS:
                lost[unicodedata.normalize("NFC", wording.text)].append((document.ledger.slug, history.id))
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for document in linked if lost else ():
        slug = document.ledger.slug
        for history in document.ledger.standing():
            wording = document.ledger.standing_wording(history.id)
            text = unicodedata.normalize("NFC", wording.text) if wording is not None else ""
            for key in lost.get(text, ()):
                if key[0] != slug and len(found[key]) < ELSEWHERE:
                    found[key].append((slug, history.id))
    return {key: tuple(places) for key, places in found.items()}


class LinkBook:
    """A generation's copy of the ledgers, opened read-only."""

    def __init__(self, path: Path, data: Content) -> None:
        """*data* is the content of *path*. Raises BadLinkBookError when it is no such file."""
        self._path = path
        self._data = data
        if data[: len(MAGIC)] != MAGIC or len(data) < len(MAGIC) + _OFFSET.size:
            raise BadLinkBookError(path)
        try:
            (index,) = _OFFSET.unpack(data[-_OFFSET.size :])
            records = msgspec.msgpack.decode(data[index : -_OFFSET.size], type=tuple[_DocumentRecord, ...])
        except (struct.error, msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise BadLinkBookError(path) from error
        self._documents = {record.slug: record for record in records}
        self._former: dict[str, list[str]] = defaultdict(list)
        for record in records:
            for slug in record.formerly:
                self._former[slug].append(record.slug)

    @classmethod
    def open(cls, folder: Path) -> LinkBook:
        """The book of the generation in *folder*. Raises BadLinkBookError when it is no such file."""
        path = folder / FILE
        try:
            with open_plain(path) as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise BadLinkBookError(path) from error
        return cls(path, data)

    def close(self) -> None:
        """Let go of the file."""
        self._data.close()

    @property
    def slugs(self) -> tuple[str, ...]:
        """The documents that ever were, under their present or last slugs, sorted."""
        return tuple(self._documents)

    def knows(self, slug: str) -> bool:
        """Whether a document has, or had, this slug."""
        return slug in self._documents or slug in self._former

    def look_up(self, slug: str, identifier: str) -> LinkedId | None:
        """An id of the document with this slug, or of one that had it before; None where it was never given."""
        for present in (slug, *self._former.get(slug, ())):
            document = self._documents.get(present)
            found = self._find(document, identifier) if document is not None else None
            if document is not None and found is not None:
                return self._linked(document, identifier, found)
        return None

    def standing(self, slug: str) -> tuple[str, ...]:
        """The ids under which a passage of the document stands, in its order; none for an unknown slug."""
        document = self._documents.get(slug)
        return document.standing if document is not None else ()

    def ids(self, slug: str) -> Iterator[str]:
        """Every id that the document ever gave, sorted."""
        document = self._documents.get(slug)
        if document is not None:
            table = self._data[document.table : document.table + document.count * _ROW.size]
            for name, _, _ in _ROW.iter_unpack(table):
                yield name.decode("ascii")

    def survivor(self, slug: str, identifier: str) -> LinkedId | None:
        """What stands where the words of an id went: itself, the one it was merged into, or None."""
        seen: set[str] = set()
        while identifier not in seen:
            seen.add(identifier)
            found = self.look_up(slug, identifier)
            if found is None or found.history.stands:
                return found
            if found.history.last.standing is not Standing.MERGED:
                return None
            identifier = found.history.last.into[0]
        return None

    def ledger(self, slug: str) -> DocumentLedger | None:
        """A document's ledger as the generation was built with it: what a lost one is restored from."""
        document = self._documents.get(slug)
        if document is None:
            return None
        histories: dict[str, History] = {}
        wordings: dict[tuple[str, int], Wording] = {}
        for identifier in self.ids(slug):
            found = self.look_up(slug, identifier)
            if found is not None:
                histories[identifier] = found.history
                wordings.update({(identifier, number): wording for number, wording in found.wordings.items()})
        return DocumentLedger(slug, document.formerly, histories, wordings)

    def _find(self, document: _DocumentRecord, identifier: str) -> tuple[int, int] | None:
        """Offset and length of an id's record, by bisection of the document's table."""
        wanted = identifier.encode("utf-8", "surrogatepass")
        low, high = 0, document.count
        while low < high:
            middle = (low + high) // 2
            place = document.table + middle * _ROW.size
            name, offset, length = _ROW.unpack(self._data[place : place + _ROW.size])
            if name == wanted:
                return offset, length
            if name < wanted:
                low = middle + 1
            else:
                high = middle
        return None

    def _linked(self, document: _DocumentRecord, identifier: str, found: tuple[int, int]) -> LinkedId:
        offset, length = found
        try:
            record = msgspec.msgpack.decode(self._data[offset : offset + length], type=_IdRecord)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise BadLinkBookError(self._path) from error
        states = tuple(
            State(
                number,
                state.standing,
                state.digest,
                state.into,
                state.near,
                state.when,
                state.why,
                tuple(Place(one.number, one.label, one.kind, one.order, one.when) for one in state.places),
            )
            for number, state in enumerate(record.states, 1)
        )
        history = History(identifier, states)
        return LinkedId(
            document.slug,
            history,
            {number: Wording(text, salt) for number, text, salt in record.wordings},
            record.label or history.place.label,
            record.elsewhere,
        )
