"""Writes a whole index: passages go in one after another, `finish` makes the files that `index.snapshot` opens.

    index.json                     what is in here: version, columns' values, documents, authorities
    passages.store, html.store     each passage's record (MessagePack) and HTML, by position (index.store)
    forms.store                    sorted: a stem, a zero byte, a word of the exact field with that stem
    columns.arrays                 facets and filters (index.columns); the passages' ids; the first day of each
    _MAIN_1.toc, MAIN_0.*          the Whoosh index (index.codec)

Equal passages in equal order make equal bytes, whatever the hash seed, the clock or the machine's load: terms, values
and files are sorted, the segment's name is fixed, pickles hold only objects whose state has a fixed order.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.util.numeric import byte_to_length

from corpus.authorities import Authorities
from corpus.problems import PinciteError
from corpus.symbols import find_symbols
from index.analyzers import analyse, raw_tokens, stem
from index.arrays import write_arrays
from index.codec import (
    INDEX_NAME,
    LENGTHS_FILE,
    PASSAGES_FILE,
    POSTINGS_FILE,
    POSTINGS_MAGIC,
    SEGMENT_NAME,
    TERMS_FILE,
    ArrayCodec,
)
from index.columns import COLUMNS_FILE, ColumnBuilder
from index.dictionary import DictionaryWriter
from index.inversion import RUN_KEYS_MAX, Inversion, Joined, Meanings, Numbers, spread
from index.record import DocumentRecord, PassageRecord
from index.schema import SCHEMA_VERSION, TermField, whoosh_schema
from index.store import StoreWriter

DESCRIPTION_FILE = "index.json"
DESCRIPTION_BYTES = 1 << 30  # it grows with documents and headings
HTML_FILE = "html.store"
FORMS_FILE = "forms.store"
_PAGES_MAX = 1_000  # of one passage; more is no page span but a slip

# index.codec.TERM_INFO, many at once.
_TERM_INFO = np.dtype(
    [
        ("inlined", "u1"),
        ("weight", ">f4"),
        ("documents", ">u4"),
        ("min_length", "u1"),
        ("max_length", "u1"),
        ("max_weight", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("offset", ">i8"),
        ("length", ">i4"),
    ]
)
_LENGTH_OF_BYTE = np.array([byte_to_length(byte) for byte in range(256)], np.int64)


class ColumnDescription(msgspec.Struct, frozen=True):
    """What `index.json` says of a column."""

    name: str
    values: tuple[str, ...]
    doubt: bool


class Description(msgspec.Struct, frozen=True):
    """What `index.json` says."""

    schema: int
    passages: int
    columns: tuple[ColumnDescription, ...]
    documents: tuple[DocumentRecord, ...]
    authorities: Authorities


class MisplacedPassageError(PinciteError):
    """The passages and documents handed to the writer do not fit together."""

    def __init__(self, document: str, what: str) -> None:
        super().__init__(f"{document}: {what}. This is a fault of the build; nothing was published.")


class IndexWriter:
    """Writes one index into the empty *folder*. After any exception the folder is of no use.

    *run_keys_max* bounds how many words wait in memory for being sorted.
    """

    def __init__(self, folder: Path, authorities: Authorities, *, run_keys_max: int = RUN_KEYS_MAX) -> None:
        self._folder = folder
        self._authorities = authorities
        self._encode = msgspec.msgpack.Encoder().encode
        self._passages = StoreWriter(folder / PASSAGES_FILE)
        self._html = StoreWriter(folder / HTML_FILE)
        self._forms: set[str] = set()
        self._count = 0
        self._ids = bytearray()
        self._id_lengths = array("B")
        self._first_days = array("I")
        self._documents: dict[str, tuple[int, int]] = {}  # first position and count, by slug
        self._sections: dict[tuple[str, int | None], int] = {}
        self._section_of = array("I")
        self._kind = ColumnBuilder("kind")
        self._document = ColumnBuilder("document")
        self._language = ColumnBuilder("language")
        self._source_type = ColumnBuilder("source_type")
        self._official = ColumnBuilder("official")
        self._month = ColumnBuilder("month", doubt=True)
        self._page = ColumnBuilder("page")
        self._note = ColumnBuilder("note")
        self._meanings = {field: Meanings() for field in TermField}
        self._words = _Keys(self._new_word)
        self._heading_words = _Keys(self._new_heading_word)
        self._headings: dict[tuple[str, ...], list[int]] = {}
        self._cited_words = _Keys(self._new_cited_word)
        self._citing: list[tuple[str, list[int], list[str]]] = []  # of the present document: id, own, short forms
        self._symbols = _Keys(lambda symbol: self._meanings[TermField.SYMBOL].add([[symbol]]))
        streams = ((TermField.TEXT, TermField.EXACT, TermField.PRINTED), *((field,) for field in list(TermField)[3:]))
        inversions = [
            Inversion({field.value: self._meanings[field] for field in stream}, folder, run_keys_max)
            for stream in streams
        ]
        self._text, self._heading, self._cited, self._symbol = inversions
        self._inversions = {field: one for stream, one in zip(streams, inversions, strict=True) for field in stream}

    def add(self, record: PassageRecord, html: str) -> None:
        """The next passage in the order of positions; the passages of a document come one after another."""
        position = self._count
        first, count = self._documents.get(record.document, (position, 0))
        if first + count != position:
            raise MisplacedPassageError(record.document, "its passages do not come one after another")
        if not count:
            self._add_cited()
        self._documents[record.document] = first, count + 1
        self._passages.add(self._encode(record))
        self._html.add(html.encode())
        identifier = record.id.encode()
        self._ids += identifier
        self._id_lengths.append(len(identifier))
        self._count += 1
        self._add_columns(record)
        self._add_words(record)

    def finish(self, documents: Sequence[DocumentRecord]) -> None:
        """Write all files. *documents* in the order wanted; their `first` and `passages` are set here.

        Raises MisplacedPassageError when a passage belongs to none of them.
        """
        placed = tuple(
            msgspec.structs.replace(
                document,
                first=self._documents.get(document.document, (0, 0))[0],
                passages=self._documents.get(document.document, (0, 0))[1],
            )
            for document in documents
        )
        for slug in self._documents.keys() - {document.document for document in placed}:
            raise MisplacedPassageError(slug, "it has passages and is not among the documents")
        self._add_cited()
        self._passages.close()
        self._html.close()
        with StoreWriter(self._folder / FORMS_FILE) as forms:
            for form in sorted(self._forms):
                forms.add(form.encode())
        self._forms.clear()
        self._write_columns(placed)
        self._write_terms()
        segment = W3Segment(ArrayCodec(), INDEX_NAME, self._count, SEGMENT_NAME)
        TOC(whoosh_schema(), [segment], 1).write(FileStorage(str(self._folder)), INDEX_NAME)

    def abandon(self) -> None:
        """Close what is open; nothing can be added any more."""
        self._passages.abandon()
        self._html.abandon()
        for inversion in self._inversions.values():
            inversion.abandon()

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.abandon()

    # --- columns

    def _add_columns(self, record: PassageRecord) -> None:
        self._kind.add((record.kind,))
        self._document.add((record.document,))
        self._language.add((record.language,))
        self._source_type.add(record.source_types)
        self._official.add(record.officials)
        self._month.add(record.months.certain, record.months.possible)
        self._page.add(_pages(record))
        self._note.add((record.number,) if record.kind == "footnote" and record.number else ())
        here = (record.document, record.section_at)
        self._section_of.append(self._sections.setdefault(here, len(self._sections)))
        self._first_days.append(min((int(date.first.replace("-", "")) for date in record.dates), default=0))

    def _write_columns(self, documents: Sequence[DocumentRecord]) -> None:
        by_slug = {document.document: document for document in documents}
        numbers = [section_numbers(by_slug[slug], at) for slug, at in self._sections]
        section = ColumnBuilder("section")
        for here in self._section_of:
            section.add(numbers[here])
        columns = [
            builder.finish()
            for builder in (
                self._kind,
                self._document,
                self._language,
                self._source_type,
                self._official,
                self._month,
                self._page,
                self._note,
                section,
            )
        ]
        arrays: dict[str, np.ndarray[Any, Any]] = {
            "ids": fixed_width(self._ids, self._id_lengths),
            "first_days": np.array(self._first_days, np.uint32),
        }
        for column in columns:
            arrays |= {f"{column.name}.{part}": getattr(column, part) for part in ("sets", "set_ends", "set_codes")}
        write_arrays(self._folder / COLUMNS_FILE, arrays)
        description = Description(
            SCHEMA_VERSION,
            self._count,
            tuple(ColumnDescription(column.name, column.values, column.doubt) for column in columns),
            tuple(documents),
            self._authorities,
        )
        (self._folder / DESCRIPTION_FILE).write_bytes(msgspec.json.encode(description))

    # --- words

    def _add_words(self, record: PassageRecord) -> None:
        self._text.add(map(self._words.__getitem__, raw_tokens(record.text)))
        headings = self._headings.get(record.section_path)
        if headings is None:
            headings = [self._heading_words[raw] for heading in record.section_path for raw in raw_tokens(heading)]
            self._headings[record.section_path] = headings
        self._heading.add(headings)
        cited: list[int] = []
        for citation in record.cites:
            cited += [self._cited_words[f"\0{symbol}"] for symbol in (citation.symbol,) if symbol]
            for words in (citation.author, citation.title, citation.publisher):
                cited += map(self._cited_words.__getitem__, raw_tokens(words or ""))
        meant = [one.id for one in record.refers_to if one.id and one.note is not None and one.certainty == "sure"]
        self._citing.append((record.id, cited, meant))
        self._symbol.add([self._symbols[mention.canonical] for mention in find_symbols(record.text)])

    def _add_cited(self) -> None:
        """What the passages of a document cite: their own sources, and those of the notes that short forms mean."""
        own = {identifier: cited for identifier, cited, _ in self._citing}
        for _, cited, meant in self._citing:
            self._cited.add([*cited, *(key for identifier in meant for key in own.get(identifier, ()))])
        self._citing.clear()

    def _new_word(self, raw: str) -> None:
        analysis = analyse(raw)
        self._meanings[TermField.PRINTED].add([(word,) for word in analysis.printed])
        self._meanings[TermField.EXACT].add([word.exact for word in analysis.words])
        self._meanings[TermField.TEXT].add([word.stems for word in analysis.words])
        for word in analysis.words:
            for form in word.exact:
                stemmed = stem(form)
                self._forms.add(f"{stemmed if stemmed in word.stems else word.stems[0]}\0{form}")

    def _new_heading_word(self, raw: str) -> None:
        self._meanings[TermField.HEADING].add([word.stems for word in analyse(raw).words])

    def _new_cited_word(self, raw: str) -> None:
        if raw.startswith("\0"):
            self._meanings[TermField.CITED].add([(raw[1:],)])
        else:
            terms = [tuple(dict.fromkeys((*word.exact, *word.stems))) for word in analyse(raw).words]
            self._meanings[TermField.CITED].add(terms)

    def _write_terms(self) -> None:
        for inversion in (self._text, self._heading, self._cited, self._symbol):
            inversion.finish()
        for keys in (self._words, self._heading_words, self._cited_words, self._symbols):
            keys.clear()  # nothing is looked up any more, and it is the most that is held in memory
        lengths = {}
        field_numbers: dict[str, int] = {}
        dictionary = DictionaryWriter(self._folder / TERMS_FILE)
        with (self._folder / POSTINGS_FILE).open("wb") as postings:
            postings.write(POSTINGS_MAGIC)
            at = len(POSTINGS_MAGIC)
            for field, inversion in self._inversions.items():
                order = inversion.order(field.value)
                names = self._meanings[field].terms()
                self._meanings[field].forget()
                starts = inversion.starts(field.value)
                lengths[field.value] = starts
                field_numbers[field.value] = len(field_numbers)
                prefix = struct.pack("!H", field_numbers[field.value])
                for joined in inversion.join(field.value, order):
                    records, infos = term_records(joined, starts, at)
                    postings.write(records)
                    at += len(records)
                    packed, size = infos.tobytes(), _TERM_INFO.itemsize
                    for i, number in enumerate(joined.terms.tolist()):
                        dictionary.add(prefix + names[number].encode(), packed[i * size : i * size + size])
        dictionary.close(field_numbers)
        write_arrays(self._folder / LENGTHS_FILE, lengths)


class _Keys(dict[str, int]):
    """Numbers strings in the order in which they are first asked for; *meet* is told each new one."""

    def __init__(self, meet: Callable[[str], None]) -> None:
        super().__init__()
        self._meet = meet

    def __missing__(self, raw: str) -> int:
        self._meet(raw)
        self[raw] = key = len(self)
        return key


def section_numbers(document: DocumentRecord, at: int | None) -> tuple[str, ...]:
    """The printed numbers of the section at *at* and of all that it stands under, each once.

    A section stands under those that hold it, and under those whose number begins its own (2.1.3 under 2.1), also
    where the headings' levels do not say so.
    """
    found: dict[str, None] = {}
    here = at
    while here is not None:
        section = document.sections[here]
        if section.number:
            found[section.number] = None
        here = section.parent
    if at is not None and "." in (own := document.sections[at].number.rstrip(".")):
        for section in document.sections:
            number = section.number.rstrip(".")
            if number and own.startswith(number + "."):
                found[section.number] = None
    return tuple(found)


def fixed_width(strings: bytearray, lengths: array[int]) -> np.ndarray[Any, Any]:
    """*strings*, which stand one after another, as an array of byte strings that all have the longest one's length."""
    counts = np.array(lengths, np.int64)
    width = max(int(counts.max(initial=0)), 1)
    table = np.zeros((len(counts), width), np.uint8)
    begins = width * np.arange(len(counts), dtype=np.int64)
    table.reshape(-1)[spread(begins, counts)] = np.frombuffer(strings, np.uint8)
    return table.view(f"S{width}").reshape(-1)


def term_records(joined: Joined, starts: Numbers, at: int) -> tuple[bytes, np.ndarray[Any, Any]]:
    """The records of *joined* as they stand in the postings file from offset *at* on, and a term info for each."""
    infos = np.zeros(len(joined.terms), _TERM_INFO)
    if not len(infos):
        return b"", infos
    documents = np.diff(joined.document_ends, prepend=0)
    places = np.diff(joined.place_ends, prepend=0)
    begins = joined.document_ends - documents
    greatest = np.maximum.reduceat(joined.frequencies, begins)
    wide = greatest > 255
    frequency_words = np.where(wide, documents, -(-documents // 4))
    sizes = documents + frequency_words + places
    offsets = np.cumsum(sizes) - sizes  # in words of four bytes
    out = np.zeros(int(sizes.sum()), np.uint32)
    out[spread(offsets, documents)] = joined.documents
    after = offsets + documents
    narrow = np.repeat(~wide, documents)
    out.view(np.uint8)[spread(4 * after[~wide], documents[~wide])] = joined.frequencies[narrow]
    out[spread(after[wide], documents[wide])] = joined.frequencies[~narrow]
    out[spread(after + frequency_words, places)] = joined.places
    length = np.diff(starts)[joined.documents]
    infos["weight"] = places
    infos["documents"] = documents
    infos["min_length"] = _length_bytes(np.minimum.reduceat(length, begins))
    infos["max_length"] = _length_bytes(np.maximum.reduceat(length, begins))
    infos["max_weight"] = greatest
    infos["first"] = joined.documents[begins]
    infos["last"] = joined.documents[joined.document_ends - 1]
    infos["offset"] = at + 4 * offsets
    infos["length"] = 4 * sizes
    return out.astype("<u4", copy=False).tobytes(), infos


def _length_bytes(lengths: Numbers) -> np.ndarray[Any, Any]:
    return np.minimum(np.searchsorted(_LENGTH_OF_BYTE, lengths), 255)


def _pages(record: PassageRecord) -> tuple[str, ...]:
    if record.page is None:
        return ()
    first, last = record.page.first, record.page.last
    if isinstance(first, int) and isinstance(last, int):
        return tuple(map(str, range(first, min(last, first + _PAGES_MAX) + 1)))
    return tuple(dict.fromkeys((str(first), str(last))))
