"""The door of this room: a question goes in, the whole answer comes out."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search import facets
from search.calling import calling_sentence
from search.conditions import Conditions
from search.explain import field_reasons, month_reasons, reasons
from search.headings import Headings
from search.limits import POSTINGS, RELAX_BELOW, SECTIONS
from search.marking import Found, Marker
from search.match import Matches, evaluate
from search.planning import Planned, Planner, Unit, Wanted
from search.query import And, Everything, Field, FieldName, Near, Phrase, Query, Word
from search.results import (
    Facet,
    FacetValue,
    Fragment,
    Hit,
    Results,
    SearchRequest,
    SectionHit,
    Sort,
)
from search.selection import COUNTED, FacetName, Selection
from search.snippets import Mark, snippet
from search.spellings import Spellings
from search.suggest import Suggester
from search.syntax import parse, shortened

KIND_LABELS = {"body": "Text", "annex": "Annex", "footnote": "Footnote"}

Positions = NDArray[np.uint32]


class Searcher:
    """Answers questions over one generation. Make it once a generation: what it learns on the way is kept.

    Holds nothing that a question changes, so that threads may share it.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._spellings = Spellings(snapshot.authorities)
        self._conditions = Conditions(snapshot)
        self._planner = Planner(snapshot, self._spellings, self._vocabulary)
        self._suggester = Suggester(snapshot, self._spellings, self._vocabulary)
        self._vocabularies = lru_cache(maxsize=None)(lambda field: list(snapshot.terms(field)))

    def search(self, request: SearchRequest) -> Results:
        """The answer to *request*. No text is an error; what could not be understood is told in the notices."""
        parsed = parse(request.query)
        planned = self._planner.plan(parsed.query, as_printed=request.as_printed)
        selection = request.selection
        matches = evaluate(planned.plan, self.snapshot, POSTINGS)
        chosen = facets.chosen(self.snapshot, matches.ids, selection)
        found = _only(matches, chosen)
        partial = self._partial(planned, selection, found)
        page = self._page(request, found, partial)
        marker = Marker(planned.wanted)
        hits = tuple(
            self._hit(position, score, planned, selection, marker, partial=is_partial)
            for position, score, is_partial in page
        )
        notices = [*parsed.notices, *planned.notices, *self._conditions.lacking(selection)]
        suggestions = ()
        if not len(found.ids) and not isinstance(parsed.query, Everything):
            as_printed = request.as_printed
            suggestions = self._suggester.suggestions(
                parsed.query, selection, lambda query, these: self._total(query, these, as_printed=as_printed)
            )
        sections = tuple(self._sections(parsed.query, planned, selection))
        return Results(
            request=request,
            query=str(parsed.query),
            generation=self.snapshot.generation,
            total=len(found.ids),
            total_partial=len(partial.ids),
            notices=shortened(notices),
            suggestions=suggestions,
            sections=sections[:SECTIONS],
            sections_left_out=max(0, len(sections) - SECTIONS),
            hits=hits,
            facets=tuple(self._facets(matches.ids, request)),
            passages=self.snapshot.passage_count,
            words=tuple(wanted.text for wanted in planned.wanted),
        )

    # --- which passages

    def _vocabulary(self, field: TermField) -> list[str]:
        return self._vocabularies(field)

    def _total(self, query: Query, selection: Selection, *, as_printed: bool) -> int:
        planned = self._planner.plan(query, as_printed=as_printed)
        ids = evaluate(planned.plan, self.snapshot, POSTINGS).ids
        return int(np.count_nonzero(facets.chosen(self.snapshot, ids, selection)))

    def _partial(self, planned: Planned, selection: Selection, found: Matches) -> Matches:
        """Passages that hold some of the plain words and all the rest; none where enough hold everything."""
        relaxed = planned.relaxed
        if len(found.ids) >= RELAX_BELOW or relaxed is None:
            return _NONE
        some = evaluate(relaxed, self.snapshot, POSTINGS)
        some = _only(some, facets.chosen(self.snapshot, some.ids, selection))
        return _only(some, ~np.isin(some.ids, found.ids, assume_unique=True))

    # --- which of them, in which order

    def _page(self, request: SearchRequest, found: Matches, partial: Matches) -> Iterator[tuple[int, float, bool]]:
        """The hits of the page asked: position, score, and whether words are missing."""
        first, last = request.offset, request.offset + request.limit
        total = len(found.ids)
        for matches, start, is_partial in ((found, 0, False), (partial, total, True)):
            low, high = max(0, first - start), min(len(matches.ids), last - start)
            if low < high:
                for place in self._order(request.sort, matches, high)[low:high].tolist():
                    yield int(matches.ids[place]), float(matches.scores[place]), is_partial

    def _order(self, sort: Sort, matches: Matches, count: int) -> NDArray[np.intp]:
        """The places of the first *count* of *matches*; ties go by document order, so that pages never overlap."""
        if sort is Sort.DOCUMENT:
            return np.arange(count)
        if sort is Sort.DATE:
            return np.argsort(self._days[matches.ids], kind="stable")[:count]
        scores = -matches.scores
        places: NDArray[np.intp]
        if count < len(scores) // 4:
            # Everything better than the last one wanted, and all its ties: they are put in order below.
            bound = np.partition(scores, count - 1)[count - 1]
            places = np.flatnonzero(scores <= bound)
        else:
            places = np.arange(len(scores))
        return places[np.argsort(scores[places], kind="stable")][:count]

    @cached_property
    def _days(self) -> NDArray[np.uint32]:
        """When each passage speaks of, as yyyymmdd: the first day it states, or its document's date, or never."""
        days = np.array(self.snapshot.first_days, np.uint32)
        for document in self.snapshot.documents:
            here = slice(document.first, document.first + document.passages)
            days[here] = np.where(days[here] == 0, _day(document.date), days[here])
        return days

    # --- what is shown of each

    def _hit(
        self,
        position: int,
        score: float,
        planned: Planned,
        selection: Selection,
        marker: Marker,
        *,
        partial: bool,
    ) -> Hit:
        record = self.snapshot.record(position)
        found = marker.find(record.text, everything=partial)
        why = list(reasons(record.text, planned.wanted, found))
        marks = [one.mark for one in found]
        for field in planned.fields:
            for number, (reason, at) in enumerate(field_reasons(record, field, self.snapshot)):
                why.append(reason)
                if at is not None and number == 0:
                    marks.append(Mark(at, at + len(reason.found), -1))
        for month in selection.months:
            why += (reason for reason, _ in month_reasons(record, month))
        calling, caller = self._calling(record)
        return Hit(
            record=record,
            position=position,
            snippet=snippet(record.text, marks),
            score=score,
            missing=_missing(planned, found) if partial else (),
            why=tuple(dict.fromkeys(why)),
            calling=calling,
            caller=caller,
        )

    def _calling(self, record: PassageRecord) -> tuple[tuple[Fragment, ...], PassageRecord | None]:
        for identifier in record.called_from[:1] if record.kind == "footnote" else ():
            position = self.snapshot.position_of(record.document, identifier)
            if position is not None:
                caller = self.snapshot.record(position)
                return calling_sentence(caller, record.id), caller
        return (), None

    # --- beside the hits

    @cached_property
    def _headings(self) -> Headings:
        return Headings(self.snapshot)

    def _sections(self, query: Query, planned: Planned, selection: Selection) -> Iterator[SectionHit]:
        """Sections whose heading holds all words asked, for questions of words and phrases that are all wanted."""
        parts = query.parts if isinstance(query, And) else (query,)
        if not all(isinstance(part, Word | Phrase | Near | Field) for part in parts):
            return
        in_units = {id(one) for unit in planned.units for one in (*unit.words, unit.whole)}
        units = [*planned.units, *(Unit((one,)) for one in planned.wanted if id(one) not in in_units)]
        documents = [
            *selection.documents,
            *(part.value for part in parts if isinstance(part, Field) and part.name is FieldName.DOCUMENT),
        ]
        yield from self._headings.holding(units, documents)

    def _facets(self, ids: Positions, request: SearchRequest) -> Iterator[Facet]:
        counts = facets.count(self.snapshot, ids, request.selection)
        for name in COUNTED:
            values = [
                FacetValue(one.value, self._label(name, one.value), one.count, one.certain, one.chosen)
                for one in counts[name]
            ]
            left_out = 0
            if name is FacetName.OFFICIAL and len(values) > request.facet_limit:
                kept = [one for number, one in enumerate(values) if number < request.facet_limit or one.chosen]
                left_out = len(values) - len(kept)
                values = kept
            yield Facet(name, tuple(values), left_out)

    @cached_property
    def _labels(self) -> dict[FacetName, dict[str, str]]:
        authorities = self.snapshot.authorities
        return {
            FacetName.OFFICIAL: {official.id: official.name for official in authorities.officials},
            FacetName.SOURCE_TYPE: dict(authorities.collection.source_types),
            FacetName.KIND: KIND_LABELS,
        }

    def _label(self, facet: FacetName, value: str) -> str:
        if facet is FacetName.MONTH:
            return month_label(value)
        return self._labels[facet].get(value, value)


def month_label(month: str) -> str:
    """1988-11 is November 1988; what is no month stays as it is."""
    year, _, number = month.partition("-")
    if number.isdecimal() and 1 <= int(number) <= 12:
        return f"{month_name[int(number)]} {year}"
    return month


_NONE = Matches(np.zeros(0, np.uint32), np.zeros(0, np.float32))
_NEVER = 99_999_999


def _only(matches: Matches, kept: NDArray[np.bool_]) -> Matches:
    return Matches(matches.ids[kept], matches.scores[kept])


def _missing(planned: Planned, found: Sequence[Found]) -> tuple[str, ...]:
    """The plain words that a passage lacks. A name or symbol met as a whole stands for each of its words."""
    met = {id(planned.wanted[one.wanted]) for one in found}
    lacked: list[Wanted] = []
    for unit in planned.units:
        if unit.whole is None or id(unit.whole) not in met:
            lacked += (word for word in unit.words if id(word) not in met)
    return tuple(dict.fromkeys(word.text for word in lacked))


def _day(date: str | None) -> int:
    """The first day of an EDTF date as yyyymmdd."""
    digits = "".join(char for char in (date or "")[:10] if char.isdigit())
    return int(digits.ljust(8, "0")) if len(digits) >= 4 else _NEVER
