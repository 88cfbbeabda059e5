"""One index opened read-only: all that search ever holds. Everything is mapped; several threads may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from corpus.authorities import Authorities
from corpus.plain_files import read_plain
from corpus.problems import PinciteError
from index.arrays import DamagedFileError, read_arrays
from index.codec import PASSAGES_FILE, ArrayCodec, ArrayTermsReader, Numbers, TermDictionary
from index.columns import COLUMNS_FILE, Column
from index.record import DocumentRecord, PassageRecord
from index.schema import SCHEMA_VERSION, TermField
from index.store import Store
from index.writing import (
    DESCRIPTION_BYTES,
    DESCRIPTION_FILE,
    FORMS_FILE,
    HTML_FILE,
    ColumnDescription,
    Description,
)

__all__ = ["SCHEMA_VERSION", "Postings", "SchemaVersionError", "Snapshot", "Vocabulary"]

_TERMS_KEPT = 4_096  # how many terms' arrays and forms are remembered; arrays are views, so this costs little


class SchemaVersionError(PinciteError):
    """The folder holds an index of another version of Pincite, or none."""

    def __init__(self, folder: Path, found: object) -> None:
        super().__init__(
            f"{folder} holds an index of format {found}; this Pincite reads format {SCHEMA_VERSION}."
            " Build the collection again with `pincite build`."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Where a term stands: *documents* (positions of passages, ascending), how often in each, and all its places.

    Place p of passage d is `starts(field)[d] + p`. The arrays are views of the mapped index.
    """

    documents: Numbers
    frequencies: NDArray[Any]
    places: Numbers


class Vocabulary:
    """The terms of one field, in the order of their characters."""

    def __init__(self, terms: TermDictionary, field: TermField) -> None:
        self._terms = terms
        self._field = field.value
        self._known = field.value in terms.indexed_field_names()

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self._known and (self._field, term.encode(errors="replace")) in self._terms

    def __iter__(self) -> Iterator[str]:
        return self._from("")

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        return sum(1 for _ in self)

    def frequency(self, term: str) -> int:
        """In how many passages *term* stands."""
        if term not in self:
            return 0
        return int(self._terms.doc_frequency(self._field, term.encode()))

    def occurrences(self, term: str) -> int:
        """How often *term* stands in all passages together."""
        return self._terms.occurrences(self._field, term.encode()) if term in self else 0

    def with_prefix(self, prefix: str, limit: int) -> list[str]:
        """The first *limit* terms that begin with *prefix*."""
        found: list[str] = []
        for term in self._from(prefix):
            if len(found) == limit or not term.startswith(prefix):
                break
            found.append(term)
        return found

    def _from(self, term: str) -> Iterator[str]:
        if self._known:
            for field, found in self._terms.terms_from(self._field, term.encode(errors="replace")):
                if field != self._field:
                    break
                yield found.decode()


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a generation, open: those of *folder*, or of another place that has a name like it."""

    folder: Path
    passages: Store
    html: Store
    forms: Store
    terms: Any  # index.codec.TermDictionary; Whoosh is untyped
    arrays: Mapping[str, Any]  # of the columns
    column: Callable[[ColumnDescription], Column]

    @classmethod
    def of(cls, folder: Path) -> Files:
        """Those in *folder*, mapped. Raises DamagedFileError or OSError."""
        arrays = read_arrays(folder / COLUMNS_FILE)

        def column(one: ColumnDescription) -> Column:
            sets, ends, codes = (arrays[f"{one.name}.{part}"] for part in ("sets", "set_ends", "set_codes"))
            return Column(one.name, one.values, one.doubt, sets, ends, codes)

        return cls(
            folder,
            Store(folder / PASSAGES_FILE),
            Store(folder / HTML_FILE),
            Store(folder / FORMS_FILE),
            ArrayTermsReader(ArrayCodec(), folder),
            arrays,
            column,
        )


def described(path: Path, data: bytes) -> Description:
    """What *data*, the content of `index.json` at *path*, says. Raises SchemaVersionError, DamagedFileError."""
    try:
        version = msgspec.json.decode(data, type=dict[str, msgspec.Raw]).get("schema", msgspec.Raw(b"unknown"))
        if bytes(version) != str(SCHEMA_VERSION).encode():
            raise SchemaVersionError(path.parent, bytes(version).decode(errors="replace")[:20])
        return msgspec.json.decode(data, type=Description)
    except msgspec.DecodeError as error:
        raise DamagedFileError(path, f"it cannot be read ({error})") from error


class Snapshot:
    """One generation. Open it with `Snapshot.open`; use it as a context manager, or close it."""

    def __init__(self, description: Description, files: Files) -> None:
        self.folder = files.folder
        self.generation = files.folder.name
        self.passage_count = description.passages
        self.documents = description.documents
        self.authorities: Authorities = description.authorities
        self._by_slug = {document.document: document for document in description.documents}
        self._passages, self._html, self._forms = files.passages, files.html, files.forms
        self._decoder = msgspec.msgpack.Decoder(PassageRecord)
        self._terms = files.terms
        self._vocabularies = {field: Vocabulary(self._terms, field) for field in TermField}
        self._arrays = files.arrays
        self._ids = files.arrays["ids"]
        self._columns = {one.name: files.column(one) for one in description.columns}
        if not len(self._passages) == len(self._html) == len(self._ids) == self.passage_count:
            raise DamagedFileError(files.folder, "its files count their passages differently")
        self._postings = lru_cache(maxsize=_TERMS_KEPT)(self._read_postings)
        self.exact_forms_of_stem = lru_cache(maxsize=_TERMS_KEPT)(self._exact_forms_of_stem)

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """The index in *folder*. Raises SchemaVersionError, DamagedFileError or OSError."""
        path = folder / DESCRIPTION_FILE
        return cls(described(path, read_plain(path, DESCRIPTION_BYTES)), Files.of(folder))

    # --- passages and documents

    def records(self, positions: Iterable[int]) -> list[PassageRecord]:
        """The passages at *positions*, read in one go where reading is dear. Raises IndexError."""
        return [self._decoder.decode(one) for one in self._passages.several(positions)]

    def record(self, position: int) -> PassageRecord:
        """The passage at *position*. Raises IndexError."""
        return self._decoder.decode(self._passages[position])

    def html(self, position: int) -> str:
        """Its sanitised HTML. Raises IndexError."""
        return self._html[position].decode()

    def text(self, position: int) -> str:
        """Its text. Raises IndexError."""
        return self.record(position).text

    def position_of(self, document: str, id: str) -> int | None:
        """Where the passage with that id stands; None where the document has none."""
        known = self._by_slug.get(document)
        if known is None or not id or len(id.encode(errors="replace")) > self._ids.dtype.itemsize:
            return None
        here = np.flatnonzero(self._ids[known.first : known.first + known.passages] == id.encode(errors="replace"))
        return known.first + int(here[0]) if len(here) else None

    def ids(self, document: DocumentRecord) -> list[str]:
        """The ids of the passages of *document*, in their order."""
        here = self._ids[document.first : document.first + document.passages]
        return [str(id, "ascii") for id in here.tolist()]

    def document(self, slug: str) -> DocumentRecord | None:
        """The document of that name."""
        return self._by_slug.get(slug)

    # --- words

    def terms(self, field: TermField) -> Vocabulary:
        """All terms of *field*."""
        return self._vocabularies[field]

    def holds(self, field: TermField, term: str) -> bool:
        """Whether *term* stands in *field*. Postings that are here are remembered, as nearly all are read next."""
        if self._terms.has_postings:
            return self._postings(field.value, term) is not None
        return term in self._vocabularies[field]

    def postings(self, field: TermField, term: str) -> Postings | None:
        """Where *term* stands in *field*; None where it does not."""
        return self._postings(field.value, term)

    def starts(self, field: TermField) -> Numbers:
        """At which place of *field* each passage begins, and where the last ends: one more than there are passages."""
        starts: Numbers = self._terms.starts(field.value)
        return starts

    def _exact_forms_of_stem(self, stem: str) -> tuple[str, ...]:
        """The words of the exact field that have this stem."""
        key = f"{stem}\0".encode(errors="replace")
        number, found = self._forms.find(key), []
        while number < len(self._forms) and (form := self._forms[number]).startswith(key):
            found.append(form[len(key) :].decode())
            number += 1
        return tuple(found)

    def _read_postings(self, field: str, term: str) -> Postings | None:
        arrays = self._terms.arrays(field, term.encode(errors="replace"))
        return None if arrays is None else Postings(*arrays)

    # --- columns

    @property
    def first_days(self) -> Numbers:
        """For each passage the first day it states, as yyyymmdd, or 0."""
        days: Numbers = self._arrays["first_days"]
        return days

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        return self._columns[name]

    # --- the end

    def close(self) -> None:
        """Let go of the files, as far as no array of a search looks into them any more."""
        self._postings.cache_clear()
        self._passages.close()
        self._html.close()
        self._forms.close()
        self._terms.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
