"""A Whoosh codec whose postings are plain arrays: numpy reads them in place, and Whoosh's own queries run on them too.

Of a Whoosh index these stay as they are: the table of contents (`_MAIN_1.toc`), the segment (one, named "0") and the
term dictionary (`MAIN_0.trm`: Whoosh's ordered hash file; key = two bytes of field number, then the term in UTF-8;
value = Whoosh's term info). Ours are:

`MAIN_0.pst`, the postings. Eight bytes "PINCPST1", then for each term, in the order of the dictionary, a record at the
extent that its term info names. All numbers are little-endian, each record begins at a multiple of four bytes:

    documents    4 bytes each    the passages that hold the term, ascending
    frequencies  1 byte each, or 4 where the term info's greatest weight is above 255; then zeros up to 4 bytes
    places       4 bytes each    all places of the term in the field, ascending

A *place* counts the words of a field through the whole index: word p of passage d stands at `starts[d] + p`. One
sorted array of them says where a term stands everywhere, whatever the length of a passage, so a phrase is an
intersection of such arrays. The limit is 2**32 words an index (some seventy million passages), checked when writing.

`MAIN_0.lengths`, a file of arrays (index.arrays), one for each field: `starts`, 4 bytes each, one more than there are
passages. Its differences are the exact lengths of the passages in words.

Stored fields are not kept a second time: Whoosh gets them from the store of passages. There is no writing through
Whoosh: index.writing makes a whole index, and nothing is ever added to it.
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from struct import Struct
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader, W3TermsReader
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.matching import LeafMatcher, ReadTooFar

from corpus.problems import PinciteError
from index.arrays import DamagedFileError, Pieces, mapped, read_arrays
from index.record import PassageRecord
from index.store import Store
from index.unpickling import guard

guard()

INDEX_NAME = "MAIN"
SEGMENT_NAME = "0"
TERMS_FILE = f"{INDEX_NAME}_{SEGMENT_NAME}.trm"
POSTINGS_FILE = f"{INDEX_NAME}_{SEGMENT_NAME}.pst"
LENGTHS_FILE = f"{INDEX_NAME}_{SEGMENT_NAME}.lengths"
PASSAGES_FILE = "passages.store"
POSTINGS_MAGIC = b"PINCPST1"
PLACES_MAX = 2**32 - 1
# Whoosh's term info (whoosh.codec.whoosh3.W3TermInfo), big-endian: inlined, weight, documents, least and greatest
# length as a byte, greatest weight, first and last document, offset and length of the record.
TERM_INFO = Struct("!BfIBBfIIqi")
_SHORT_RECORD = 4_096  # bytes
_BLOCK = 128  # how many postings Whoosh judges at once when it skips

Numbers = NDArray[np.uint32]


class ReadOnlyIndexError(PinciteError):
    """Something wants to write to a finished index."""

    def __init__(self) -> None:
        super().__init__("An index is never changed: build the collection again for a new one.")


class PostingsFile:
    """The records of all terms."""

    def __init__(self, path: Path) -> None:
        self._short = Pieces(path)
        self._bytes = mapped(path)
        if self._bytes[: len(POSTINGS_MAGIC)] != POSTINGS_MAGIC:
            raise DamagedFileError(path, "no file of postings")

    def read(self, offset: int, length: int, count: int, wide: bool) -> tuple[Numbers, NDArray[Any], Numbers]:
        """Documents, frequencies and places of the record of *length* bytes at *offset*.

        Views of the mapped file; of a short record a copy.
        """
        record, start = (self._bytes, offset) if length > _SHORT_RECORD else (self._short.read(offset, length), 0)
        frequency_type, width = (np.dtype("<u4"), 4) if wide else (np.dtype("u1"), 1)
        after = start + 4 * count
        places = after + -(-count * width // 4) * 4
        return (
            np.frombuffer(record, np.uint32, count, start),
            np.frombuffer(record, frequency_type, count, after),
            np.frombuffer(record, np.uint32, (start + length - places) // 4, places),
        )

    def close(self) -> None:
        """Let go of the file, as far as no array looks into it."""
        self._short.close()
        self._bytes = b""


class MappedFile(StructFile):  # type: ignore[misc]  # Whoosh is untyped
    """A mapped file as Whoosh's readers want it. Reading at a place moves no cursor, so threads can share it."""

    def __init__(self, path: Path) -> None:
        self._mapped = mapped(path)
        super().__init__(self._mapped, name=path.name)
        self.is_real = False

    def get(self, position: int, length: int) -> bytes:
        read: bytes = self._mapped[position : position + length]
        return read


class TermDictionary(W3TermsReader):  # type: ignore[misc]
    """Whoosh's term dictionary: which terms there are, and how often."""

    has_postings = False

    def occurrences(self, field: str, term: bytes) -> int:
        """How often *term* stands in *field*, in all passages together; near enough above sixteen million."""
        info = self._tindex.get(self._keycoder(field, term))
        return 0 if info is None else int(TERM_INFO.unpack(info)[1])


class FarDictionary(TermDictionary):
    """The dictionary in memory, of an index whose postings are elsewhere."""

    def __init__(self, data: bytes) -> None:
        super().__init__(ArrayCodec(), BufferFile(data, name=TERMS_FILE), len(data), None)

    def close(self) -> None:
        """Nothing is open."""


class ArrayTermsReader(TermDictionary):
    """The dictionary, mapped, with the way to the arrays of a term."""

    has_postings = True

    def __init__(self, codec: ArrayCodec, folder: Path) -> None:
        path = folder / TERMS_FILE
        super().__init__(codec, MappedFile(path), path.stat().st_size, PostingsFile(folder / POSTINGS_FILE))
        self._starts = read_arrays(folder / LENGTHS_FILE)

    def arrays(self, field: str, term: bytes) -> tuple[Numbers, NDArray[Any], Numbers] | None:
        """Documents, frequencies and places of *term* in *field*; None where the index does not hold it."""
        info = self._tindex.get(self._keycoder(field, term))
        if info is None:
            return None
        # Unpacked here: W3TermInfo.from_bytes makes a tuple of the length.
        _, _, documents, _, _, max_weight, _, _, offset, length = TERM_INFO.unpack(info)
        arrays: tuple[Numbers, NDArray[Any], Numbers] = self._postfile.read(offset, length, documents, max_weight > 255)
        return arrays

    def starts(self, field: str) -> Numbers:
        """At which place of *field* each passage begins, and where the last ends."""
        return self._starts[field]

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> Any:
        info = self.term_info(fieldname, tbytes)  # raises Whoosh's TermNotFound
        term = (fieldname, tbytes)
        return ArrayMatcher(self.arrays(*term), self._starts[fieldname], format_, term, scorer, info)

    def close(self) -> None:
        self._postfile.close()


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """One term's arrays, one posting at a time, as Whoosh's queries want them."""

    def __init__(
        self,
        arrays: Any,
        starts: Numbers,
        format_: Any,
        term: tuple[str, bytes],
        scorer: Any,
        info: Any,
    ) -> None:
        self._documents, self._frequencies, self._places = arrays
        self._starts = starts
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._info = info
        self._ids: list[int] = self._documents.tolist()
        self._ends = np.cumsum(self._frequencies, dtype=np.int64)
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self._ids)

    def reset(self) -> None:
        self._at = 0

    def id(self) -> int:
        return self._ids[self._at]

    def weight(self) -> float:
        return float(self._frequencies[self._at])

    def value(self) -> bytes:
        end = int(self._ends[self._at])
        places = self._places[end - int(self._frequencies[self._at]) : end]
        positions: Numbers = places - self._starts[self._ids[self._at]]
        return positions.tobytes()

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return self._at % _BLOCK == 0

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at = max(self._at, bisect_left(self._ids, id, self._at))

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._at = (self._at // _BLOCK + 1) * _BLOCK
            skipped += 1
        return skipped

    def block_min_length(self) -> int:
        return int(self._info.min_length())

    def block_max_length(self) -> int:
        return int(self._info.max_length())

    def block_max_weight(self) -> float:
        block = self._at // _BLOCK * _BLOCK
        return float(self._frequencies[block : block + _BLOCK].max())

    def copy(self) -> ArrayMatcher:
        twin = ArrayMatcher.__new__(ArrayMatcher)
        twin.__dict__.update(self.__dict__)
        return twin


class ArrayPerDocumentReader(W3PerDocReader):  # type: ignore[misc]
    """Lengths and stored fields of passages for Whoosh."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        folder = Path(storage.folder)
        self._lengths = {field: np.diff(starts) for field, starts in read_arrays(folder / LENGTHS_FILE).items()}
        self._passages = Store(folder / PASSAGES_FILE)
        self._decoder = msgspec.msgpack.Decoder(PassageRecord)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths[fieldname].sum()) if fieldname in self._lengths else 0

    def min_field_length(self, fieldname: str) -> int:
        lengths = self._lengths.get(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        lengths = self._lengths.get(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.max())

    def stored_fields(self, docnum: int) -> dict[str, str]:
        record = self._decoder.decode(self._passages[docnum])
        return {"document": record.document, "id": record.id}

    def has_column(self, fieldname: str) -> bool:
        return False

    def close(self) -> None:
        self._passages.close()


class ArrayCodec(W3Codec):  # type: ignore[misc]
    """What the segment in the table of contents names: how Whoosh reads this index."""

    def __init__(self) -> None:
        """Hold nothing: every copy pickles to the same bytes."""

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        return ArrayTermsReader(self, Path(storage.folder))

    def per_document_reader(self, storage: Any, segment: Any) -> ArrayPerDocumentReader:
        return ArrayPerDocumentReader(storage, segment)

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        raise ReadOnlyIndexError

    def field_writer(self, storage: Any, segment: Any) -> Any:
        raise ReadOnlyIndexError

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise ReadOnlyIndexError
