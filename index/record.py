"""What a generation keeps of each passage and document: the shapes that `dump` prints and every page reads."""

from __future__ import annotations

import msgspec


class PageSpan(msgspec.Struct, frozen=True):
    """First and last page of the original, both included."""

    first: int | str
    last: int | str


class CallRecord(msgspec.Struct, frozen=True):
    """A footnote mark: `at` is the offset in the text right after the word it stood at, None on a heading."""

    note: str
    id: str
    at: int | None
    heading: bool = False


class MonthsRecord(msgspec.Struct, frozen=True):
    """Months as "YYYY-MM", in order of time; none is in both."""

    certain: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


class DateRecord(msgspec.Struct, frozen=True):
    """A date stated in the text; `first` and `last` are ISO days, both included."""

    printed: str
    first: str
    last: str
    certainty: str
    at: int


class DateFlagRecord(msgspec.Struct, frozen=True):
    """A date printed as it cannot have been meant."""

    printed: str
    read_as: str
    evidence: str
    at: int = 0


class CitationRecord(msgspec.Struct, frozen=True):
    """A source cited in full; None where the passage does not give it."""

    title: str | None = None
    symbol: str | None = None
    date: str | None = None
    pinpoint: str | None = None
    address: str | None = None
    author: str | None = None
    publisher: str | None = None


class ReferenceRecord(msgspec.Struct, frozen=True):
    """A short form (`note`) or a cross-reference (`section`) and the passage that it means."""

    id: str | None
    printed: str
    certainty: str
    rivals: tuple[str, ...]
    reason: str
    note: str | None = None
    section: str | None = None
    at: int = 0
    pinpoint: str | None = None  # the place in the source that a short form gives


class PassageRecord(msgspec.Struct, frozen=True):
    """One passage as the generation knows it. The first fields are those of `dump`, in its order."""

    document: str
    id: str
    label: str
    kind: str
    form: str
    page: PageSpan | None
    section: str  # printed number, "" where there is none
    section_path: tuple[str, ...]
    number: str | None
    text: str
    calls: tuple[CallRecord, ...]
    called_from: tuple[str, ...]
    officials: tuple[str, ...]
    source_types: tuple[str, ...]
    months: MonthsRecord
    dates: tuple[DateRecord, ...]
    date_flags: tuple[DateFlagRecord, ...]
    cites: tuple[CitationRecord, ...]
    refers_to: tuple[ReferenceRecord, ...]
    permalink: str
    section_at: int | None = None  # position in DocumentRecord.sections
    depth: int = 0  # lists and quotations that it stands in
    language: str = "en"


class SectionRecord(msgspec.Struct, frozen=True):
    """A heading: `first` is the id of the first passage under it, None where none follows."""

    number: str
    title: str
    level: int
    kind: str
    parent: int | None = None
    first: str | None = None


class DocumentRecord(msgspec.Struct, frozen=True):
    """One document as the generation knows it. The first fields are those of `dump --documents`, in its order."""

    document: str
    title: str
    issuer: str | None
    source_type: str | None
    date: str | None
    symbol: str | None
    sections: tuple[SectionRecord, ...]
    stale: bool
    language: str = "en"
    address: str | None = None
    officials: tuple[str, ...] = ()
    first: int = 0  # position of its first passage in the generation
    passages: int = 0  # how many it has
