"""From a plan to the passages for which it holds, with their scores: array operations over the postings.

Every part of a plan answers with positions of passages, ascending, and a score for each. A part may be asked *within*
some passages only; its answer is then that part's answer cut down to those, with the same scores, which makes a rare
word pay for the common ones beside it. Words are scored last, where all that stands beside them holds. What is read is
counted against a budget. A part that would go beyond it is
left out and named; what stands beside it is still answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.schema import TermField
from index.snapshot import Postings, Snapshot
from search.function_words import FUNCTION_WORDS
from search.places import among, neighbours, owners, ranges, union
from search.plan import AllOf, Among, AnyOf, AnyTerm, ButNot, Everything, InOrder, Near, Nothing, OneOf, Plan
from search.ranking import DEFAULT_RANKING, Ids, Ranking, Scores, length_factors, saturated

# Near tries sets of slots that can stand at the same place (the parts of one word): their number doubles with each.
NEAR_SLOTS_MAX = 8
# Where one list is this many times longer than the other, looking up each of the shorter is quicker than a sweep.
_LOOK_UP = 16
# Where one passage in so many is met, sorting those that are is quicker than looking at each.
_SORTED = 8


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Passages for which the plan holds, ascending, and their scores. *left_out* are parts that were not asked."""

    ids: Ids
    scores: Scores
    left_out: tuple[Plan, ...] = ()


class Budget:
    """How many places and postings a question may still read; several evaluations can share one."""

    def __init__(self, postings: int) -> None:
        self.left = postings

    def take(self, postings: int) -> None:
        """Count *postings* as read. Raises OverBudgetError when there are not so many left; then none are taken."""
        if postings > self.left:
            raise OverBudgetError
        self.left -= postings


class OverBudgetError(Exception):
    """A part of a plan would read more than is left; caught here, where parts are put together."""


def evaluate(plan: Plan, snapshot: Snapshot, budget: Budget, ranking: Ranking = DEFAULT_RANKING) -> Matches:
    """The passages of *snapshot* for which *plan* holds.

    In an AllOf a part left out excludes nothing, in an AnyOf it adds nothing, and nothing is taken away by the second
    part of a ButNot left out; a plan of which nothing could be asked has no passages.
    """
    evaluation = _Evaluation(snapshot, budget, ranking)
    found = evaluation.ask(plan, None)
    left_out = tuple(evaluation.left_out)
    if found is None:
        return Matches(np.zeros(0, np.uint32), np.zeros(0, np.float32), left_out)
    scores = evaluation.scored(found)
    return Matches(found.ids, np.zeros(len(found.ids), np.float32) if scores is None else scores, left_out)


class _Found(NamedTuple):
    """The answer of one part: passages, and how often each of them holds *word*; without a word, their scores.

    No scores are zeros. *kept* says at which places of the passages asked about these stood, where that is known.
    """

    ids: Ids
    numbers: Scores | None = None
    word: AnyTerm | None = None
    kept: NDArray[np.intp] | None = None

    def only(self, places: NDArray[np.intp]) -> _Found:
        """What stands at these *places* of it."""
        return _Found(self.ids.take(places), None if self.numbers is None else self.numbers.take(places), self.word)


class _Evaluation:
    def __init__(self, snapshot: Snapshot, budget: Budget, ranking: Ranking) -> None:
        self._snapshot = snapshot
        self._budget = budget
        self._ranking = ranking
        self._passages = snapshot.passage_count
        self._known: dict[tuple[TermField, tuple[str, ...]], list[Postings]] = {}
        self.left_out: list[Plan] = []

    def ask(self, plan: Plan, within: Ids | None) -> _Found | None:
        """The answer of *plan*, ids among *within*; None where it was left out."""
        try:
            return self._answer(plan, within)
        except OverBudgetError:
            self.left_out.append(plan)
            return None

    def _answer(self, plan: Plan, within: Ids | None) -> _Found | None:
        match plan:
            case Nothing():
                return _Found(np.zeros(0, np.uint32))
            case Everything():
                return _Found(self._everything() if within is None else within)
            case OneOf(column, values):
                return self._one_of(column, values, within)
            case Among(positions):
                ids = np.array(positions, np.uint32)
                return _Found(ids if within is None else ids[among(ids, within)])
            case AnyTerm():
                return self._any_term(plan, within)
            case InOrder():
                return self._in_order(plan, within)
            case Near():
                return self._near(plan, within)
            case AllOf(parts):
                return self._all_of(parts, within)
            case AnyOf(parts):
                return self._any_of(parts, within)
            case ButNot(part, without):
                return self._but_not(part, without, within)

    def _everything(self) -> Ids:
        return np.arange(self._passages, dtype=np.uint32)

    def _one_of(self, column: str, values: Sequence[str], within: Ids | None) -> _Found:
        having = np.flatnonzero(self._snapshot.column(column).having(values, within))
        return _Found(having.astype(np.uint32)) if within is None else _Found(within.take(having), kept=having)

    # --- put together

    def _all_of(self, parts: Sequence[Plan], within: Ids | None) -> _Found | None:
        asked: list[tuple[int, _Found]] = []
        for number in sorted(range(len(parts)), key=lambda one: (self._size(parts[one]), one)):
            found = self.ask(parts[number], within)
            if found is None:
                continue
            if within is not None and len(found.ids) < len(within):
                kept = np.flatnonzero(among(within, found.ids)) if found.kept is None else found.kept
                asked = [(one, before.only(kept)) for one, before in asked]
            asked.append((number, found))
            within = found.ids
        if within is None or (parts and not asked):
            return None if parts else _Found(self._everything())
        # Added up in the order of the plan, so that sums do not depend on which word happens to be rarer.
        asked.sort(key=_number)
        total: Scores | None = None
        for _, found in asked:
            scores = self.scored(found)
            if scores is not None:
                total = scores if total is None else total + scores
        return _Found(within, total)

    def _any_of(self, parts: Sequence[Plan], within: Ids | None) -> _Found | None:
        asked = [found for part in parts if (found := self.ask(part, within)) is not None]
        if len(asked) == 1:
            return asked[0]
        if not asked:
            return None if parts else _Found(np.zeros(0, np.uint32))
        ids = self._in_any([found.ids for found in asked])
        scored = [(found.ids, scores) for found in asked if (scores := self.scored(found)) is not None]
        return _Found(ids, self._added_up(scored, ids) if scored else None)

    def _in_any(self, lists: Sequence[Ids]) -> Ids:
        """The passages that stand in one of *lists* (each ascending)."""
        if self._are_few(lists):
            return union(lists)
        marked = np.zeros(self._passages, bool)
        for ids in lists:
            marked[_index(ids)] = True
        return np.flatnonzero(marked).astype(np.uint32)

    def _added_up(self, lists: Sequence[tuple[Ids, NDArray[Any]]], ids: Ids) -> Scores:
        """For each of *ids* the sum of the numbers that *lists* have for it; ids of the lists are among them."""
        if self._are_few([one for one, _ in lists]):
            sums = np.zeros(len(ids), np.float32)
            for these, numbers in lists:
                sums[ids.searchsorted(these)] += numbers
            return sums
        everywhere = np.zeros(self._passages, np.float32)
        for these, numbers in lists:
            everywhere[_index(these)] += numbers
        return everywhere.take(_index(ids))

    def _are_few(self, lists: Sequence[Ids]) -> bool:
        return sum(map(len, lists)) * _SORTED < self._passages

    def _but_not(self, part: Plan, without: Plan, within: Ids | None) -> _Found | None:
        found = self.ask(part, within)
        if found is None:
            return None
        excluded = self.ask(without, None if isinstance(part, Everything) and within is None else found.ids)
        if excluded is None or not len(excluded.ids):
            return found
        keep = np.ones(self._passages, bool)
        keep[_index(excluded.ids)] = False
        return found.only(np.flatnonzero(keep.take(_index(found.ids))))

    def _size(self, plan: Plan) -> int:
        """About how many passages the plan holds for, never too few; conditions that cost little come after words."""
        match plan:
            case Nothing():
                return 0
            case AnyTerm(field, terms):
                return self._documents(field, terms)
            case InOrder(field, slots) | Near(field, slots):
                return min((self._documents(field, slot) for slot in slots), default=0)
            case Among(positions):
                return len(positions)
            case AllOf(parts):
                return min(map(self._size, parts), default=self._passages)
            case AnyOf(parts):
                return min(sum(map(self._size, parts)), self._passages)
            case ButNot(part):
                return self._size(part)
            case _:
                return self._passages + 1

    # --- words

    def _postings(self, field: TermField, terms: tuple[str, ...]) -> list[Postings]:
        known = self._known.get((field, terms))
        if known is None:
            found = (self._snapshot.postings(field, term) for term in dict.fromkeys(terms))
            known = self._known[field, terms] = [postings for postings in found if postings is not None]
        return known

    def _documents(self, field: TermField, terms: tuple[str, ...]) -> int:
        """In how many passages one of *terms* stands, at most; exact for a single term."""
        total = sum(len(postings.documents) for postings in self._postings(field, terms))
        return min(total, self._passages)

    def _worth(self, field: TermField, terms: tuple[str, ...]) -> float:
        documents = occurrences = 0
        for one in self._postings(field, terms):
            documents += len(one.documents)
            occurrences += len(one.places)
        return self._ranking.worth(min(documents, self._passages), occurrences, self._passages)

    def _any_term(self, plan: AnyTerm, within: Ids | None) -> _Found:
        postings = self._postings(plan.field, plan.terms)
        if within is not None:
            found = self._within(plan, postings, within)
        else:
            self._budget.take(sum([len(one.documents) for one in postings]))
            found = _Found(*self._frequencies(postings), plan)
        for one, _ in self._beside(plan):
            self._budget.take(_reading(found.ids, one))
        return found

    def _within(self, plan: AnyTerm, postings: Sequence[Postings], within: Ids) -> _Found:
        """Those of the passages *within* that hold one of the terms."""
        sums = np.zeros(len(within), np.float32)
        for one in postings:
            self._budget.take(_reading(within, one))
            self._add(sums, within, one)
        kept = np.flatnonzero(sums > 0)
        if len(kept) == len(within):
            return _Found(within, sums, plan, kept)
        return _Found(within.take(kept), sums.take(kept), plan, kept)

    def _frequencies(self, postings: Sequence[Postings]) -> tuple[Ids, Scores]:
        """The passages that hold one of the terms, and how often they hold all of them together."""
        if len(postings) == 1:
            return postings[0].documents, postings[0].frequencies.astype(np.float32)
        ids = self._in_any([one.documents for one in postings])
        return ids, self._added_up([(one.documents, one.frequencies) for one in postings], ids)

    def _beside(self, plan: AnyTerm) -> Iterator[tuple[Postings, Scores]]:
        """The terms of a word of the text in other fields that count, and what they count in each passage."""
        if plan.field is TermField.TEXT:
            for other, weight in self._ranking.others.items():
                if weight.weight and (found := self._postings(other, plan.terms)):
                    factors = length_factors(self._snapshot, other, weight)
                    for one in found:
                        yield one, factors

    def scored(self, found: _Found) -> Scores | None:
        """The scores of the passages *found*."""
        plan = found.word
        if plan is None or found.numbers is None:
            return found.numbers
        factors = length_factors(self._snapshot, plan.field, self._ranking.of(plan.field))
        frequencies = found.numbers * factors.take(_index(found.ids))
        if len(found.ids):
            for one, beside in self._beside(plan):
                self._add(frequencies, found.ids, one, beside)
        worth = self._worth(plan.field, plan.terms) * plan.weight
        if FUNCTION_WORDS.issuperset(plan.terms):
            worth *= self._ranking.function_word
        return saturated(frequencies, worth, self._ranking.k1)

    def _add(self, sums: Scores, ids: Ids, postings: Postings, factors: Scores | None = None) -> None:
        """Add to *sums* (one for each of *ids*) how often the passages hold the term, times their *factors*."""
        documents, frequencies = postings.documents, postings.frequencies
        if len(ids) * _LOOK_UP < len(documents):
            there = documents.searchsorted(ids)
            here = np.flatnonzero(documents.take(there, mode="clip") == ids)
            there = there.take(here)
        elif len(documents) * _LOOK_UP < len(ids):
            here = ids.searchsorted(documents)
            there = np.flatnonzero(ids.take(here, mode="clip") == documents)
            here = here.take(there)
        else:
            everywhere = np.zeros(self._passages, frequencies.dtype)
            everywhere[_index(documents)] = frequencies
            added = everywhere.take(_index(ids))
            sums += added if factors is None else added * factors.take(_index(ids))
            return
        added = frequencies.take(there)
        sums[here] += added if factors is None else added * factors.take(_index(ids.take(here)))

    # --- phrases

    def _places(self, field: TermField, slot: tuple[str, ...], within: Ids | None) -> NDArray[np.uint32]:
        """All places of the slot's terms, ascending, each once; only those in *within*, where that is quicker."""
        lists = [one.places for one in self._postings(field, slot)]
        if within is not None and len(within) * _LOOK_UP < sum(map(len, lists)):
            starts = self._snapshot.starts(field)
            lists = [places[ranges(places, starts[within], starts[within + 1])] for places in lists]
            self._budget.take(len(within))
        self._budget.take(sum(map(len, lists)) if len(lists) > 1 else 0)
        return union(lists)

    def _in_order(self, plan: InOrder, within: Ids | None) -> _Found:
        slots = plan.slots
        if not slots:
            return _Found(np.zeros(0, np.uint32))
        starts = self._snapshot.starts(plan.field)
        sizes = [sum(len(one.places) for one in self._postings(plan.field, slot)) for slot in slots]
        rarest, *others = sorted(range(len(slots)), key=lambda number: (sizes[number], number))
        places = self._places(plan.field, slots[rarest], within)
        self._budget.take(len(places))
        kept = np.flatnonzero(places >= rarest)
        begin = places.take(kept) - np.uint32(rarest)
        for number in others:
            if not len(begin):
                break
            standing = self._places(plan.field, slots[number], within)
            self._budget.take(min(len(standing), len(begin) * _LOOK_UP))
            here = np.flatnonzero(among(begin + np.uint32(number), standing))
            kept, begin = kept.take(here), begin.take(here)
        documents = self._owners(plan.field, slots[rarest], places, kept)
        # A phrase stands in one passage from its first word to its last.
        at = _index(documents)
        inside = np.flatnonzero((begin >= starts.take(at)) & (starts.take(at + 1) - begin >= len(slots)))
        return self._counted(documents.take(inside), plan.field, slots, plan.weight, within)

    def _owners(
        self, field: TermField, slot: tuple[str, ...], places: NDArray[np.uint32], kept: NDArray[np.intp]
    ) -> Ids:
        """The passages in which the *kept* of the slot's *places* stand."""
        postings = self._postings(field, slot)
        if len(postings) == 1 and len(postings[0].places) == len(places) < len(kept) * _LOOK_UP:
            return np.repeat(postings[0].documents, postings[0].frequencies)[kept]
        return owners(self._snapshot.starts(field), places.take(kept))

    def _near(self, plan: Near, within: Ids | None) -> _Found:
        slots = [tuple(sorted(set(slot))) for slot in plan.slots]
        groups = {slot: slots.count(slot) for slot in dict.fromkeys(slots)}
        if not groups or len(groups) > NEAR_SLOTS_MAX:
            raise TooManySlotsError(len(groups))
        ordered = sorted(groups, key=lambda slot: sum(len(one.places) for one in self._postings(plan.field, slot)))
        if len(slots) == 2:
            return self._near_pair(plan, ordered[0], ordered[-1], within)
        starts = self._snapshot.starts(plan.field)
        places: list[NDArray[np.uint32]] = []
        common = self._everything() if within is None else within
        for slot in ordered:
            # Passages that lack one slot need not be looked at for the others.
            places.append(self._places(plan.field, slot, common))
            self._budget.take(len(places[-1]))
            holding = np.zeros(self._passages, bool)
            for one in self._postings(plan.field, slot):
                holding[one.documents] = True
            common = common[holding[common]]
        lists = [one[ranges(one, starts[common], starts[common + 1])] for one in places]
        needed = [groups[slot] for slot in ordered]
        # A window begins at a place of some slot and holds all slots: as many places as there are slots and words
        # between. Slots that can stand at one place (parts of one word) are also counted together (Hall's theorem).
        begin = union(lists).astype(np.int64)
        end = np.minimum(begin + len(slots) + plan.between, starts[owners(starts, begin) + 1])
        shared = len(begin) < sum(map(len, lists))
        for size in range(1, len(lists) + 1 if shared else 2):
            for some in combinations(range(len(lists)), size):
                together = union([lists[number] for number in some])
                self._budget.take(len(begin))
                count = np.searchsorted(together, end) - np.searchsorted(together, begin)
                enough = count >= sum(needed[number] for number in some)
                begin, end = begin[enough], end[enough]
        return self._counted(owners(starts, begin), plan.field, slots, plan.weight, None)

    def _near_pair(self, plan: Near, rarer: tuple[str, ...], other: tuple[str, ...], within: Ids | None) -> _Found:
        """Two slots: for each place of the rarer one, the nearest place of the other before it and after it."""
        places = self._places(plan.field, rarer, within)
        others = self._places(plan.field, other, within)
        self._budget.take(len(places) + min(len(others), len(places) * _LOOK_UP))
        if not len(places) or not len(others):
            return _Found(np.zeros(0, np.uint32))
        before, after = neighbours(places, others)
        reach = plan.between + 1
        starts = self._snapshot.starts(plan.field)
        kept = np.flatnonzero((places - before <= reach) | (after - places <= reach))
        documents = self._owners(plan.field, rarer, places, kept)
        here = places[kept]
        near = (here - before[kept] <= reach) & (before[kept] >= starts[documents])
        near |= (after[kept] - here <= reach) & (after[kept] < starts[documents + 1])
        return self._counted(documents[near], plan.field, plan.slots, plan.weight, within)

    def _counted(
        self, documents: Ids, field: TermField, slots: Sequence[tuple[str, ...]], weight: float, within: Ids | None
    ) -> _Found:
        """The passages of *documents* (ascending), scored as one word that stands in each as often as it is named.

        It is worth what its slots are worth together.
        """
        fresh = np.ones(len(documents) + 1, bool)
        np.not_equal(documents[1:], documents[:-1], out=fresh[1:-1])
        edges = np.flatnonzero(fresh)
        ids = documents.take(edges[:-1]).astype(np.uint32, copy=False)
        frequencies = (edges[1:] - edges[:-1]).astype(np.float32)
        if within is not None:
            here = np.flatnonzero(among(ids, within))
            ids, frequencies = ids.take(here), frequencies.take(here)
        frequencies *= length_factors(self._snapshot, field, self._ranking.of(field)).take(_index(ids))
        worth = sum([self._worth(field, slot) for slot in slots]) * weight
        return _Found(ids, saturated(frequencies, worth, self._ranking.k1))


def _index(ids: Ids) -> NDArray[np.intp]:
    """*ids* as numpy takes and puts by them: it is much slower when it has to turn them round itself."""
    return ids.astype(np.intp)


def _reading(ids: Ids, postings: Postings) -> int:
    """How many postings are read to know which of *ids* hold a term."""
    return min(len(ids) * _LOOK_UP, len(postings.documents))


def _number(asked: tuple[int, _Found]) -> int:
    return asked[0]


class TooManySlotsError(ValueError):
    """Nearness was asked of more different words than NEAR_SLOTS_MAX, or of none; the planner bounds them."""

    def __init__(self, slots: int) -> None:
        super().__init__(f"Near takes 1 to {NEAR_SLOTS_MAX} different words, not {slots}")
