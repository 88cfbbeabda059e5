"""The values that leave this room: a document, its sections and passages, and what each passage is about.

All are frozen. Offsets are half-open and count code points of `Passage.text`. Places of passages ("positions") count
from 0 in the order of `Document.passages`: body and annex as they stand, then footnotes in the order first called.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Where a passage stands in its document."""

    BODY = "body"
    ANNEX = "annex"
    FOOTNOTE = "footnote"


class Form(StrEnum):
    """What a passage looks like on the page."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTATION = "quotation"
    ROW = "row"
    CODE = "code"
    VERSE = "verse"
    NOTE = "note"


class Certainty(StrEnum):
    """Whether a date's months stand beyond doubt."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Confidence(StrEnum):
    """Whether a reference leads to one source beyond doubt."""

    SURE = "sure"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the original that a passage stands on, both included; roman numerals stay as printed."""

    first: int | str
    last: int | str


@dataclass(frozen=True, slots=True)
class Call:
    """A footnote mark in a passage's text."""

    note: str  # the mark as printed
    target: int  # the position of the footnote that it calls
    at: int | None  # offset in the text right after the word or stop that it stood at; None on a heading
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, down to the next heading of its level or above."""

    number: str  # as printed, "" where there is none
    title: str  # as printed, number included
    level: int  # 1 is the highest under the document's title
    kind: Kind  # BODY or ANNEX
    parent: int | None  # position in Document.sections
    line: int  # 1-based line of the source


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that the text states: the interval meant, both ends included, and the words that say it."""

    printed: str
    at: int  # offset of `printed` in the text
    first: date
    last: date
    certainty: Certainty
    months: tuple[str, ...]  # "YYYY-MM" touched by it, as the facets count them (an open date has only the one stated)


@dataclass(frozen=True, slots=True)
class DateFlag:
    """A date that is printed as it cannot have been meant."""

    printed: str  # an exact piece of the text
    at: int
    read_as: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that a passage cites in full. None: the passage does not give it."""

    title: str | None = None
    symbol: str | None = None
    date: str | None = None  # EDTF
    pinpoint: str | None = None
    address: str | None = None
    author: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A short form or a cross-reference: `printed` means what stands at `target`."""

    printed: str
    at: int
    target: int | None  # position of the footnote with the full citation, or of the section's first passage
    note: str | None  # the mark of that footnote
    section: str | None  # a section's number, its heading, or "annex"
    confidence: Confidence
    rivals: tuple[str, ...]  # marks of the other candidates, best first
    reason: str
    pinpoint: str | None = None  # the place in the source that a short form gives: "para. 47"


@dataclass(frozen=True, slots=True)
class About:
    """What one passage is about: what the facets count and the reader shows on demand."""

    officials: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    months_certain: tuple[str, ...] = ()
    months_possible: tuple[str, ...] = ()
    dates: tuple[DateMention, ...] = ()
    date_flags: tuple[DateFlag, ...] = ()
    cites: tuple[Citation, ...] = ()
    refers_to: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of indexing, ranking, linking and citing."""

    kind: Kind
    form: Form
    text: str  # plain, as printed, white space collapsed; never altered
    number: str | None  # a footnote's mark, or the printed number of a numbered paragraph or item
    label: str  # reads off the document's own numbering; decorates the permalink
    section: int | None  # position in Document.sections of the nearest heading; None before the first
    pages: Pages | None
    calls: tuple[Call, ...]
    called_from: tuple[int, ...]  # positions of the passages that call this footnote
    stated_id: str | None  # an id written in the source
    line: int  # 1-based line of the source
    depth: int = 0  # how many lists or quotations it stands in
    lead_in: int | None = None  # for a quotation or an item: the position of the paragraph before its block


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A link of a document's text to another document of the collection."""

    slug: str
    line: int  # 1-based line of the source where its passage begins


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the collection, read."""

    slug: str
    title: str
    issuer: str | None
    source_type: str | None
    date: str | None  # EDTF; None where the source gives none
    symbol: str | None
    language: str | None  # BCP 47; None: the collection's first
    address: str | None
    officials: tuple[str, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    about: tuple[About, ...] = field(default=())  # as long as `passages`, once described
    links: tuple[DocumentLink, ...] = ()
    official_lines: tuple[int, ...] = ()  # the lines of the file (1-based) on which `officials` stand

    def section_path(self, section: int | None) -> tuple[str, ...]:
        """The headings above *section*, from the top to itself, as printed."""
        path: list[str] = []
        while section is not None:
            path.append(self.sections[section].title)
            section = self.sections[section].parent
        return tuple(reversed(path))
