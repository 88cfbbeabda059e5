"""The door of this room: a question goes in, the whole answer comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np

from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search.calling import calling_sentence
from search.conditions import Conditions
from search.engine import Answer, Engine, Page, Round
from search.explain import field_reasons, month_reasons, reasons
from search.headings import Headings
from search.limits import RELAX_BELOW, SECTIONS
from search.local_engine import LocalEngine
from search.marking import Marker
from search.plan import AllOf, OneOf, Plan
from search.planning import Planner
from search.query import And, Everything, Field, FieldName, Near, Phrase, Query, Word
from search.results import (
    Hit,
    Notice,
    NoticeKind,
    Results,
    SearchRequest,
    SectionHit,
    Sort,
    Suggestion,
)
from search.selection import NOTHING_CHOSEN, FacetName, Selection
from search.snippets import Mark, apart, snippet
from search.spellings import Spellings
from search.suggest import Suggester
from search.syntax import Parsed, parse, shortened
from search.wanted import Planned, Unit, Wanted, any_of, names_of, standing_nowhere
from search.wordlist import WordList


class Searcher:
    """Answers questions over one generation. Make it once a generation: what it learns on the way is kept.

    Holds nothing that a question changes, so that threads may share it.
    """

    def __init__(self, snapshot: Snapshot, engine: Engine | None = None) -> None:
        """*engine* searches the generation of *snapshot*; without one, its own files are searched."""
        self.snapshot = snapshot
        self._engine: Engine = engine or LocalEngine(snapshot)
        self._spellings = Spellings(snapshot.authorities)
        self._conditions = Conditions(snapshot)
        self._vocabularies: dict[TermField, WordList] = {}
        self._planner = Planner(snapshot, self._conditions, self._spellings, self._vocabulary)
        self._suggester = Suggester(snapshot, self._spellings, self._vocabulary)
        # Who pages, narrows or reads on in a document asks in the same words again.
        self._understood_again = lru_cache(maxsize=_QUESTIONS_KEPT)(self._understood_anew)

    def search(self, request: SearchRequest) -> Results:
        """The answer to *request*. No text is an error; what could not be understood is told in the notices."""
        selection = request.selection
        parsed, planned = self._understood(request.query, request.as_printed)
        page = Page(request.sort, request.offset, request.offset + request.limit)
        limits = {FacetName.OFFICIAL: request.facet_limit}
        found = self._engine.round().ask(planned.plan, selection, page, limits=limits)
        more = self._engine.round()  # for all that is asked beside the question itself
        partial = self._partial(planned, selection, page, found, more)
        hits = tuple(self._hits(found.hits, partial.hits, planned, selection, more))
        suggestions: tuple[Suggestion, ...] = ()
        if not found.total and not isinstance(parsed.query, Everything):
            counter = self._counter(request.as_printed, more)
            suggestions = self._suggester.suggestions(parsed.query, selection, counter)
        elif not found.total:
            counter = self._counter(request.as_printed, more)
            suggestions = self._suggester.fewer_filters(parsed.query, selection, counter)
        sections = tuple(self._sections(parsed.query, planned, selection))
        notices = [*_once(parsed.notices, planned.notices), *self._conditions.lacking(selection)]
        notices += too_common(planned, (*found.left_out, *partial.left_out))
        if not found.total:
            notices += nowhere_in_order(planned, more)
        return Results(
            request=request,
            query=str(parsed.query),
            generation=self.snapshot.generation,
            total=found.total,
            total_partial=partial.total,
            notices=shortened(notices),
            suggestions=suggestions,
            sections=sections[:SECTIONS],
            sections_left_out=max(0, len(sections) - SECTIONS),
            hits=hits,
            facets=found.facets,
            passages=self.snapshot.passage_count,
            words=tuple(dict.fromkeys(wanted.text for wanted in planned.wanted)),
        )

    def marks(
        self, query: str, document: str, passages: int, *, as_printed: bool = False
    ) -> dict[int, list[tuple[int, int]]]:
        """Where words of *query* stand in *document*: for each passage that has some, pieces of its text, apart.

        By position in the generation; of at most *passages* passages, the first.
        """
        _, planned = self._understood(query, as_printed)
        words = any_of([wanted.plan() for wanted in planned.wanted])
        here = AllOf((words, OneOf(FacetName.DOCUMENT, (document,))))
        marker = Marker(planned.wanted, self.snapshot.exact_forms_of_stem)
        marked = {}
        standing = self._engine.round().ask(here, NOTHING_CHOSEN, Page(Sort.DOCUMENT, 0, passages))
        for position, _ in standing.hits:
            found = marker.find(self.snapshot.record(position).text, everything=True)
            marked[position] = [(mark.start, mark.end) for mark in apart(found)]
        return marked

    # --- what is asked

    def _understood(self, text: str, as_printed: bool) -> tuple[Parsed, Planned]:
        """What *text* means, and how it is asked of this generation."""
        again = len(text) <= _CHARACTERS_KEPT
        return self._understood_again(text, as_printed) if again else self._understood_anew(text, as_printed)

    def _understood_anew(self, text: str, as_printed: bool) -> tuple[Parsed, Planned]:
        parsed = parse(text)
        return parsed, self._planner.plan(parsed.query, as_printed=as_printed)

    # --- which passages

    def _vocabulary(self, field: TermField) -> WordList:
        """All terms of *field*: read when first wanted, which only words spelt nearly so do."""
        if field not in self._vocabularies:
            self._vocabularies[field] = WordList(self.snapshot.terms(field))
        return self._vocabularies[field]

    def _counter(self, as_printed: bool, more: Round) -> Callable[[Query, Selection], int]:
        """Gives the total of a question; all questions asked of it share one allowance."""

        def total(query: Query, selection: Selection) -> int:
            # What is not known for sure is not offered.
            return more.total(self._planner.plan(query, as_printed=as_printed).plan, selection) or 0

        return total

    def _partial(self, planned: Planned, selection: Selection, page: Page, found: Answer, more: Round) -> Answer:
        """Passages that hold some of the plain words and all the rest; none where enough hold everything.

        The page goes on with them after those that were *found*.
        """
        if found.total >= RELAX_BELOW or (relaxed := planned.relaxed) is None:
            return _NONE
        rest = replace(page, first=max(0, page.first - found.total), last=max(0, page.last - found.total))
        return more.ask(relaxed, selection, rest, but=found)

    # --- what is shown of each

    def _hits(
        self,
        whole: Sequence[tuple[int, float]],
        partial: Sequence[tuple[int, float]],
        planned: Planned,
        selection: Selection,
        more: Round,
    ) -> Iterator[Hit]:
        """The hits at the *whole* and *partial* positions, with their scores."""
        shown = [*((*one, False) for one in whole), *((*one, True) for one in partial)]
        names = (*planned.names, *(names_of(self.snapshot, official) for official in selection.officials))
        wanted = (*planned.wanted, *names)
        marker = Marker(wanted, self.snapshot.exact_forms_of_stem, _parts(planned))
        lacked = iter(self._lacked(planned, [position for position, _ in partial], more))
        records = self.snapshot.records([position for position, _, _ in shown])
        callers = self._callers(records)
        marker.read([record.text for record in records])
        for (position, score, lacks_words), record in zip(shown, records, strict=True):
            missing = next(lacked) if lacks_words else ()
            found = marker.find(record.text, (*missing, *names))
            why = reasons(record.text, wanted, found)
            marks: list[Mark] = [*found]
            for field in planned.fields:
                for number, (reason, at) in enumerate(field_reasons(record, field, self.snapshot)):
                    why = (*why, reason)
                    if at is not None and number == 0:
                        marks.append(Mark(at, at + len(reason.found), -1))
            for month in selection.months:
                why = (*why, *(reason for reason, _ in month_reasons(record, month)))
            caller = callers.get((record.document, record.id))
            yield Hit(
                record=record,
                position=position,
                snippet=snippet(record.text, marks),
                score=score,
                missing=tuple(dict.fromkeys([word.text for word in missing])) if missing else (),
                why=tuple(dict.fromkeys(why)) if planned.fields or selection.months else why,
                calling=calling_sentence(caller, record.id) if caller is not None else (),
                caller=caller,
            )

    def _lacked(self, planned: Planned, positions: list[int], more: Round) -> Iterable[tuple[Wanted, ...]]:
        """The plain words that each of the passages at *positions* lacks.

        A name or symbol met as a whole stands for each of its words.
        """
        if not positions:
            return ()
        asked = [one for unit in planned.units for one in (*unit.words, unit.whole) if one is not None]
        ways = [(number, way.plan()) for number, one in enumerate(asked) for way in one.ways]
        held = np.zeros((len(asked), len(positions)), bool)
        for (number, _), row in zip(ways, more.standing([plan for _, plan in ways], positions), strict=True):
            held[number] |= row
        rows = {id(one): held[number] for number, one in enumerate(asked)}
        lacked: list[list[Wanted]] = [[] for _ in positions]
        for unit in planned.units:
            for word in unit.words:
                standing = rows[id(word)] | rows[id(unit.whole)] if unit.whole else rows[id(word)]
                for place in np.flatnonzero(~standing).tolist():
                    lacked[place].append(word)
        return map(tuple, lacked)

    def _callers(self, records: Sequence[PassageRecord]) -> dict[tuple[str, str], PassageRecord]:
        """For each footnote among *records*, by document and id, the passage that calls it first."""
        calling: dict[tuple[str, str], int] = {}
        for record in records:
            for identifier in record.called_from[:1] if record.kind == "footnote" else ():
                position = self.snapshot.position_of(record.document, identifier)
                if position is not None:
                    calling[record.document, record.id] = position
        return dict(zip(calling, self.snapshot.records(calling.values()), strict=True))

    # --- beside the hits

    @cached_property
    def _headings(self) -> Headings:
        return Headings(self.snapshot)

    def _sections(self, query: Query, planned: Planned, selection: Selection) -> Iterator[SectionHit]:
        """Sections whose heading holds all words asked, for questions of words and phrases that are all wanted."""
        parts = query.parts if isinstance(query, And) else (query,)
        if not planned.wanted or not all(isinstance(part, _LISTED) for part in parts):
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


def _once(parsed: Sequence[Notice], planned: Sequence[Notice]) -> list[Notice]:
    """Both, but of what was not understood only that: that no passage has it as a word as well tells nobody more."""
    literal = {notice.at for notice in parsed if notice.kind is NoticeKind.LITERAL and notice.length}
    kept = [one for one in planned if one.kind is not NoticeKind.ABSENT or one.at not in literal]
    return [*parsed, *kept]


def nowhere_in_order(planned: Planned, more: Round) -> Iterator[Notice]:
    """A notice for each phrase, or word of several parts, whose words are known but stand nowhere together."""
    several = (one for one in planned.wanted if one.ways and all(len(way.slots) > 1 for way in one.ways))
    for wanted in islice(several, _PHRASES_TRIED):
        if more.total(wanted.plan(), NOTHING_CHOSEN) == 0:
            yield standing_nowhere(wanted, len(wanted.text))


_PHRASES_TRIED = 6
_QUESTIONS_KEPT = 128
_CHARACTERS_KEPT = 200  # of a question: longer ones are not remembered
_LISTED = Word | Phrase | Near | Field  # what the words of a heading may be asked with
_NONE = Answer(0, (), (), (), None)


def _parts(planned: Planned) -> dict[int, set[int]]:
    """Which words of the question, by number, are parts of which name."""
    numbers = {id(one): number for number, one in enumerate(planned.wanted)}
    return {
        numbers[id(unit.whole)]: {numbers[id(word)] for word in unit.words if id(word) in numbers}
        for unit in planned.units
        if unit.whole is not None
    }
