"""The door of this room: a question goes in, the whole answer comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search.calling import calling_sentence
from search.conditions import Conditions
from search.explain import field_reasons, month_reasons, reasons
from search.facets import count
from search.headings import Headings
from search.labels import Labels
from search.limits import POSTINGS, POSTINGS_PER_PASSAGE, RELAX_BELOW, SECTIONS
from search.marking import Marker
from search.match import Budget, Matches, evaluate
from search.plan import AllOf, OneOf, Plan
from search.planning import Planner
from search.query import And, Everything, Field, FieldName, Near, Phrase, Query, Word
from search.ranking import best
from search.results import (
    Fragment,
    Hit,
    Notice,
    NoticeKind,
    Results,
    SearchRequest,
    SectionHit,
    Sort,
    Suggestion,
)
from search.selection import FacetName, Selection
from search.snippets import Mark, apart, snippet
from search.spellings import Spellings
from search.suggest import Suggester
from search.syntax import parse, shortened
from search.wanted import Planned, Unit, Wanted, any_of, names_of
from search.wordlist import WordList


class Searcher:
    """Answers questions over one generation. Make it once a generation: what it learns on the way is kept.

    Holds nothing that a question changes, so that threads may share it.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._spellings = Spellings(snapshot.authorities)
        self._labels = Labels(snapshot)
        self._conditions = Conditions(snapshot)
        self._vocabularies: dict[TermField, WordList] = {}
        self._planner = Planner(snapshot, self._conditions, self._spellings, self._vocabulary)
        self._suggester = Suggester(snapshot, self._spellings, self._vocabulary)

    def search(self, request: SearchRequest) -> Results:
        """The answer to *request*. No text is an error; what could not be understood is told in the notices."""
        selection = request.selection
        parsed = parse(request.query)
        planned = self._planner.plan(parsed.query, as_printed=request.as_printed)
        matches = evaluate(planned.plan, self.snapshot, self._budget())
        counted = count(matches.ids, self.snapshot, selection, {FacetName.OFFICIAL: request.facet_limit}, self._labels)
        found = _only(matches, counted.kept)
        more = self._budget()  # for all that is asked beside the question itself
        partial = self._partial(planned, selection, found, more)
        hits = tuple(self._hits(self._page(request, found, partial), planned, selection, more))
        suggestions: tuple[Suggestion, ...] = ()
        if not len(found.ids) and not isinstance(parsed.query, Everything):
            counter = self._counter(request.as_printed, more)
            suggestions = self._suggester.suggestions(parsed.query, selection, counter)
        elif not len(found.ids):
            counter = self._counter(request.as_printed, more)
            suggestions = self._suggester.fewer_filters(parsed.query, selection, counter)
        sections = tuple(self._sections(parsed.query, planned, selection))
        notices = [*parsed.notices, *planned.notices, *self._conditions.lacking(selection)]
        notices += too_common(planned, (*matches.left_out, *partial.left_out))
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
            facets=counted.facets,
            passages=self.snapshot.passage_count,
            words=tuple(dict.fromkeys(wanted.text for wanted in planned.wanted)),
        )

    def marks(
        self, query: str, document: str, passages: int, *, as_printed: bool = False
    ) -> dict[int, list[tuple[int, int]]]:
        """Where words of *query* stand in *document*: for each passage that has some, pieces of its text, apart.

        By position in the generation; of at most *passages* passages, the first.
        """
        planned = self._planner.plan(parse(query).query, as_printed=as_printed)
        words = any_of([wanted.plan() for wanted in planned.wanted])
        here = AllOf((words, OneOf(FacetName.DOCUMENT, (document,))))
        marker = Marker(planned.wanted, self.snapshot.exact_forms_of_stem)
        marked = {}
        for position in evaluate(here, self.snapshot, self._budget()).ids[:passages].tolist():
            found = marker.find(self.snapshot.record(position).text, everything=True)
            marked[position] = [(mark.start, mark.end) for mark in apart(one.mark for one in found)]
        return marked

    # --- which passages

    def _vocabulary(self, field: TermField) -> WordList:
        """All terms of *field*: read when first wanted, which only words spelt nearly so do."""
        if field not in self._vocabularies:
            self._vocabularies[field] = WordList(self.snapshot.terms(field))
        return self._vocabularies[field]

    def _budget(self) -> Budget:
        return Budget(max(POSTINGS, POSTINGS_PER_PASSAGE * self.snapshot.passage_count))

    def _counter(self, as_printed: bool, budget: Budget) -> Callable[[Query, Selection], int]:
        """Gives the total of a question; all questions asked of it share one *budget*."""

        def total(query: Query, selection: Selection) -> int:
            planned = self._planner.plan(query, as_printed=as_printed)
            matches = evaluate(planned.plan, self.snapshot, budget)
            if matches.left_out:
                return 0  # not known for sure, so not offered
            return int(np.count_nonzero(count(matches.ids, self.snapshot, selection, {}, None).kept))

        return total

    def _partial(self, planned: Planned, selection: Selection, found: Matches, budget: Budget) -> Matches:
        """Passages that hold some of the plain words and all the rest; none where enough hold everything."""
        relaxed = planned.relaxed
        if len(found.ids) >= RELAX_BELOW or relaxed is None:
            return _NONE
        some = evaluate(relaxed, self.snapshot, budget)
        some = _only(some, count(some.ids, self.snapshot, selection, {}, None).kept)
        return _only(some, ~np.isin(some.ids, found.ids, assume_unique=True))

    # --- which of them, in which order

    def _page(self, request: SearchRequest, found: Matches, partial: Matches) -> Iterator[tuple[int, float, bool]]:
        """The hits of the page asked: position, score, and whether words are missing."""
        first, last = request.offset, request.offset + request.limit
        for matches, start, lacks_words in ((found, 0, False), (partial, len(found.ids), True)):
            low, high = max(0, first - start), min(len(matches.ids), last - start)
            if low < high:
                for place in self._order(request.sort, matches, low, high).tolist():
                    yield int(matches.ids[place]), float(matches.scores[place]), lacks_words

    def _order(self, sort: Sort, matches: Matches, low: int, high: int) -> NDArray[np.intp]:
        """The places *low* to *high* of *matches* in order; ties go by document order, so that pages never overlap."""
        if sort is Sort.DATE:
            return np.argsort(self._days[matches.ids], kind="stable")[low:high]
        return np.arange(low, high) if sort is Sort.DOCUMENT else best(matches.scores, low, high)

    @cached_property
    def _days(self) -> NDArray[np.uint32]:
        """When each passage speaks of, as yyyymmdd: the first day it states, or its document's date, or never."""
        days = np.array(self.snapshot.first_days, np.uint32)
        for document in self.snapshot.documents:
            here = slice(document.first, document.first + document.passages)
            days[here] = np.where(days[here] == 0, _day(document.date), days[here])
        return days

    # --- what is shown of each

    def _hits(
        self, page: Iterable[tuple[int, float, bool]], planned: Planned, selection: Selection, budget: Budget
    ) -> Iterator[Hit]:
        shown = list(page)
        names = (*planned.names, *(names_of(self.snapshot, official) for official in selection.officials))
        wanted = (*planned.wanted, *names)
        marker = Marker(wanted, self.snapshot.exact_forms_of_stem, _parts(planned))
        lacked = iter(self._lacked(planned, [position for position, _, lacks_words in shown if lacks_words], budget))
        records = [self.snapshot.record(position) for position, _, _ in shown]
        marker.read([record.text for record in records])
        for (position, score, lacks_words), record in zip(shown, records, strict=True):
            missing = next(lacked) if lacks_words else ()
            found = marker.find(record.text, (*missing, *names))
            why = list(reasons(record.text, wanted, found))
            marks = [one.mark for one in found]
            for field in planned.fields:
                for number, (reason, at) in enumerate(field_reasons(record, field, self.snapshot)):
                    why.append(reason)
                    if at is not None and number == 0:
                        marks.append(Mark(at, at + len(reason.found), -1))
            for month in selection.months:
                why += (reason for reason, _ in month_reasons(record, month))
            calling, caller = self._calling(record)
            yield Hit(
                record=record,
                position=position,
                snippet=snippet(record.text, marks),
                score=score,
                missing=tuple(dict.fromkeys([word.text for word in missing])) if missing else (),
                why=tuple(dict.fromkeys(why)) if len(why) > 1 else tuple(why),
                calling=calling,
                caller=caller,
            )

    def _lacked(self, planned: Planned, positions: list[int], budget: Budget) -> Iterable[tuple[Wanted, ...]]:
        """The plain words that each of the passages at *positions* lacks.

        A name or symbol met as a whole stands for each of its words.
        """
        if not positions:
            return ()
        here = np.array(positions, np.uint32)
        lacked: list[list[Wanted]] = [[] for _ in positions]
        for unit in planned.units:
            whole = self._standing(unit.whole, here, budget) if unit.whole else np.zeros(len(here), bool)
            for word in unit.words:
                for place in np.flatnonzero(~(whole | self._standing(word, here, budget))).tolist():
                    lacked[place].append(word)
        return map(tuple, lacked)

    def _standing(self, wanted: Wanted, positions: NDArray[np.uint32], budget: Budget) -> NDArray[np.bool_]:
        """At which of *positions* the word stands in some of its ways."""
        held = np.zeros(len(positions), bool)
        for way in wanted.ways:
            if len(way.slots) > 1:
                held |= np.isin(positions, evaluate(way.plan(), self.snapshot, budget).ids)
                continue
            for term in way.slots[0]:
                postings = self.snapshot.postings(way.field, term)
                if postings is not None:
                    places = np.searchsorted(postings.documents, positions)
                    places[places == len(postings.documents)] = 0
                    held |= postings.documents[places] == positions
        return held

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
        if not planned.wanted or not all(isinstance(part, Word | Phrase | Near | Field) for part in parts):
            return
        in_units = {id(one) for unit in planned.units for one in (*unit.words, unit.whole)}
        units = [*planned.units, *(Unit((one,)) for one in planned.wanted if id(one) not in in_units)]
        documents = [
            *selection.documents,
            *(part.value for part in parts if isinstance(part, Field) and part.name is FieldName.DOCUMENT),
        ]
        yield from self._headings.holding(units, documents)


def too_common(planned: Planned, left_out: Iterable[Plan]) -> Iterator[Notice]:
    """A notice for each word that was not searched because the question asked more than its budget."""
    for plan in dict.fromkeys(left_out):
        wanted = next((one for one in planned.wanted if plan in (one.plan(), *(way.plan() for way in one.ways))), None)
        what = f"“{wanted.text}” stands in" if wanted else "Part of this question asks for"
        message = f"{what} so many passages that it was left out beside the rest. Leave it away, or ask for it alone."
        yield Notice(NoticeKind.LEFT_OUT, message, wanted.at if wanted else None, len(wanted.text) if wanted else 0)


_NONE = Matches(np.zeros(0, np.uint32), np.zeros(0, np.float32))
_NEVER = 99_999_999


def _only(matches: Matches, kept: NDArray[np.bool_]) -> Matches:
    return matches if kept.all() else replace(matches, ids=matches.ids[kept], scores=matches.scores[kept])


def _parts(planned: Planned) -> dict[int, set[int]]:
    """Which words of the question, by number, are parts of which name."""
    numbers = {id(one): number for number, one in enumerate(planned.wanted)}
    return {
        numbers[id(unit.whole)]: {numbers[id(word)] for word in unit.words if id(word) in numbers}
        for unit in planned.units
        if unit.whole is not None
    }


def _day(date: str | None) -> int:
    """The first day of an EDTF date as yyyymmdd."""
    digits = "".join(char for char in (date or "").removeprefix("[")[:10] if char.isascii() and char.isdigit())
    return int(digits.ljust(8, "0")) if len(digits) >= 4 else _NEVER
