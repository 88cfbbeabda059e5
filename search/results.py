"""What a search answers: values for pages, the command and the API, and the JSON that all of them print."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from index.record import PassageRecord
from search.limits import FACET_VALUES_DEFAULT, HITS_DEFAULT
from search.selection import COUNTED, NOTHING_CHOSEN, FacetName, Selection


class Sort(StrEnum):
    """The order of hits. Ties, and everything where nothing is scored, go by document order."""

    RELEVANCE = "relevance"
    DATE = "date"
    DOCUMENT = "document"


class By(StrEnum):
    """By which help a word of the question met a word of the text."""

    WORD = "word"
    STEM = "stem"
    SPELLING = "spelling"
    NAME = "name"
    SCRIPT = "script"
    SYMBOL = "symbol"
    SHORT_FORM = "short-form"
    MONTH = "month"


class NoticeKind(StrEnum):
    """What a notice is about."""

    LITERAL = "literal"  # not understood, and taken as it stands
    READ_AS = "read-as"  # understood in one of several ways
    LEFT_OUT = "left-out"  # beyond a bound
    ABSENT = "absent"  # a word that stands nowhere
    LACKING = "lacking"  # a value that the collection does not have


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know about the answer. *at* is an offset in the query as it was sent, in code points;
    None where no one place is meant."""

    kind: NoticeKind
    message: str
    at: int | None = None
    length: int = 0


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question. Raises ValueError where a number is out of its bounds: the form in front says so in its words."""

    query: str = ""
    selection: Selection = NOTHING_CHOSEN
    as_printed: bool = False
    sort: Sort = Sort.RELEVANCE
    limit: int = HITS_DEFAULT
    offset: int = 0
    facet_limit: int = FACET_VALUES_DEFAULT

    def __post_init__(self) -> None:
        if self.limit < 0 or self.offset < 0 or self.facet_limit < 0:
            raise ValueError("limit, offset and facet_limit cannot be negative")


class Fragment(msgspec.Struct, frozen=True, gc=False):
    """A piece of a text exactly as printed. Text left out before or after it is told, never written into it."""

    text: str
    matched: bool = False
    gap_before: bool = False
    gap_after: bool = False


class Reason(msgspec.Struct, frozen=True, gc=False):
    """*word* of the question met *found* in the text, *by* this help."""

    word: str
    by: By
    found: str


class Hit(msgspec.Struct, frozen=True):
    """One passage that answers. *missing* are the words of the question that it lacks."""

    record: PassageRecord
    position: int
    snippet: tuple[Fragment, ...]
    score: float = 0.0
    missing: tuple[str, ...] = ()
    why: tuple[Reason, ...] = ()
    calling: tuple[Fragment, ...] = ()  # for a footnote: the sentence that calls it, cut around the call
    caller: PassageRecord | None = None  # and the passage in which that sentence stands

    @property
    def document(self) -> str:
        """The slug of its document."""
        return self.record.document

    @property
    def permalink(self) -> str:
        """Where it can be cited: a path of this site."""
        return self.record.permalink


class FacetValue(msgspec.Struct, frozen=True, gc=False):
    """How many passages of the answer a value has; its own facet's choice does not count."""

    value: str
    label: str
    count: int
    certain: int
    chosen: bool = False

    @property
    def possible(self) -> int:
        """Those of *count* that are not certain."""
        return self.count - self.certain


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet's values in the order in which they are shown; *left_out* others have passages too."""

    name: FacetName
    values: tuple[FacetValue, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class SectionHit:
    """A section whose heading holds all words asked, and its first passage."""

    document: str
    section: str
    title: str
    permalink: str


class SuggestionKind(StrEnum):
    """What another question changes."""

    SPELLING = "spelling"
    FILTER = "filter"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another question that has *total* passages. *selection* goes with it; *changed* is the word put in, or left."""

    query: str
    total: int
    kind: SuggestionKind
    selection: Selection
    changed: str = ""
    facet: FacetName | None = None  # the facet of a filter that is dropped; None with FILTER: all of them
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The whole answer. *total* counts passages that hold everything asked; *total_partial* those that lack words."""

    request: SearchRequest
    query: str  # as it was understood
    generation: str
    total: int
    total_partial: int = 0
    notices: tuple[Notice, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    sections: tuple[SectionHit, ...] = ()
    hits: tuple[Hit, ...] = ()
    facets: tuple[Facet, ...] = ()
    sections_left_out: int = 0
    passages: int = 0  # how many the generation has
    words: tuple[str, ...] = field(default=())  # the words that were wanted, as typed

    def facet(self, name: str) -> Facet:
        """The facet called *name*; without values where it was not counted."""
        return next((facet for facet in self.facets if facet.name == name), Facet(FacetName(name), ()))


def fragments_as_json(fragments: tuple[Fragment, ...]) -> list[dict[str, Any]]:
    """Pieces for the API: `gap_before` and `gap_after` stand only where text was left out."""
    rows = []
    for fragment in fragments:
        row: dict[str, Any] = {"text": fragment.text, "match": fragment.matched}
        if fragment.gap_before:
            row["gap_before"] = True
        if fragment.gap_after:
            row["gap_after"] = True
        rows.append(row)
    return rows


def as_json(results: Results) -> dict[str, Any]:
    """The answer as `pincite search --json` and the API print it."""
    return {
        "query": results.request.query,
        "understood": results.query,
        "generation": results.generation,
        "total": results.total,
        "total_partial": results.total_partial,
        "notices": [
            {"kind": str(notice.kind), "message": notice.message, "at": notice.at, "length": notice.length}
            for notice in results.notices
        ],
        "suggestions": [_suggestion_as_json(suggestion) for suggestion in results.suggestions],
        "sections": [
            {"document": one.document, "section": one.section, "title": one.title, "permalink": one.permalink}
            for one in results.sections
        ],
        "hits": [_hit_as_json(hit) for hit in results.hits],
        "facets": {
            str(name): [
                {
                    "value": value.value,
                    "label": value.label,
                    "count": value.count,
                    "certain": value.certain,
                    "chosen": value.chosen,
                }
                for value in results.facet(name).values
            ]
            for name in COUNTED
        },
        "facets_left_out": {str(name): results.facet(name).left_out for name in COUNTED},
    }


def _suggestion_as_json(suggestion: Suggestion) -> dict[str, Any]:
    row: dict[str, Any] = {"query": suggestion.query, "total": suggestion.total, "kind": str(suggestion.kind)}
    if suggestion.kind is SuggestionKind.FILTER:
        row["without"] = None if suggestion.facet is None else {str(suggestion.facet): suggestion.value}
    return row


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    record = hit.record
    return {
        "document": record.document,
        "id": record.id,
        "label": record.label,
        "kind": record.kind,
        "section": record.section,
        "number": record.number,
        "page": None if record.page is None else {"first": record.page.first, "last": record.page.last},
        "snippet": fragments_as_json(hit.snippet),
        "calling": fragments_as_json(hit.calling),
        "score": float(hit.score),
        "missing": list(hit.missing),
        "why": [{"word": reason.word, "by": str(reason.by), "found": reason.found} for reason in hit.why],
        "permalink": record.permalink,
    }
