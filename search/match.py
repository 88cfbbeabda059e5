"""From a plan to the passages for which it holds, with their scores: array operations over the postings.

Every part of a plan answers with positions of passages, ascending, and a score for each. A part may be asked *within*
some passages only; its answer is then that part's answer cut down to those, with the same scores, which makes a rare
word pay for the common ones beside it. What is read is counted against a budget. A part that would go beyond it is
left out and named; what stands beside it is still answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

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
    return Matches(found.ids, found.scores_or_zeros(), left_out)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The answer of one part; no scores are zeros."""

    ids: Ids
    scores: Scores | None = None

    def scores_or_zeros(self) -> Scores:
        return np.zeros(len(self.ids), np.float32) if self.scores is None else self.scores

    def kept(self, mask: NDArray[np.bool_]) -> _Found:
        return _Found(self.ids[mask], None if self.scores is None else self.scores[mask])


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
        having = self._snapshot.column(column).having(values, within)
        return _Found(np.flatnonzero(having).astype(np.uint32) if within is None else within[having])

    # --- put together

    def _all_of(self, parts: Sequence[Plan], within: Ids | None) -> _Found | None:
        asked: list[tuple[int, _Found]] = []
        for number in sorted(range(len(parts)), key=lambda one: (self._size(parts[one]), one)):
            found = self.ask(parts[number], within)
            if found is not None:
                asked.append((number, found))
                within = found.ids
        if within is None or (parts and not asked):
            return None if parts else _Found(self._everything())
        # Added up in the order of the plan, so that sums do not depend on which word happens to be rarer.
        total: Scores | None = None
        for _, found in sorted(asked, key=lambda one: one[0]):
            if found.scores is None:
                continue
            scores = self._at(found, within)
            total = scores if total is None else total + scores
        return _Found(within, total)

    def _at(self, found: _Found, ids: Ids) -> Scores:
        """The scores of *ids*, which all are among those found."""
        scores = found.scores_or_zeros()
        if len(found.ids) == len(ids):
            return scores
        if len(ids) * _LOOK_UP < len(found.ids):
            return scores[np.searchsorted(found.ids, ids)]
        marked = np.zeros(self._passages, bool)
        marked[ids] = True
        return scores[marked[found.ids]]

    def _any_of(self, parts: Sequence[Plan], within: Ids | None) -> _Found | None:
        asked = [found for part in parts if (found := self.ask(part, within)) is not None]
        if len(asked) == 1:
            return asked[0]
        if not asked:
            return None if parts else _Found(np.zeros(0, np.uint32))
        ids = self._in_any([found.ids for found in asked])
        if all(found.scores is None for found in asked):
            return _Found(ids)
        total = np.zeros(self._passages, np.float32)
        for found in asked:
            if found.scores is not None:
                total[found.ids] += found.scores
        return _Found(ids, total[ids])

    def _in_any(self, lists: Sequence[Ids]) -> Ids:
        """The passages that stand in one of *lists* (each ascending)."""
        if sum(map(len, lists)) * _SORTED < self._passages:
            return union(lists)
        marked = np.zeros(self._passages, bool)
        for ids in lists:
            marked[ids] = True
        return np.flatnonzero(marked).astype(np.uint32)

    def _but_not(self, part: Plan, without: Plan, within: Ids | None) -> _Found | None:
        found = self.ask(part, within)
        if found is None:
            return None
        excluded = self.ask(without, None if isinstance(part, Everything) and within is None else found.ids)
        if excluded is None or not len(excluded.ids):
            return found
        keep = np.ones(self._passages, bool)
        keep[excluded.ids] = False
        return found.kept(keep[found.ids])

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

    @cached_property
    def _scratch(self) -> Scores:
        """A number for each passage, zero between uses."""
        return np.zeros(self._passages, np.float32)

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
        occurrences = sum(len(postings.places) for postings in self._postings(field, terms))
        return self._ranking.worth(self._documents(field, terms), occurrences, self._passages)

    def _any_term(self, plan: AnyTerm, within: Ids | None) -> _Found:
        postings = self._postings(plan.field, plan.terms)
        ids, frequencies = self._frequencies(postings, within)
        frequencies *= length_factors(self._snapshot, plan.field, self._ranking.of(plan.field))[ids]
        if plan.field is TermField.TEXT and len(ids):
            for other, weight in self._ranking.others.items():
                if weight.weight and (found := self._postings(other, plan.terms)):
                    factors = length_factors(self._snapshot, other, weight)
                    for one in found:
                        self._add(frequencies, ids, one, factors)
        worth = self._worth(plan.field, plan.terms) * plan.weight
        if FUNCTION_WORDS.issuperset(plan.terms):
            worth *= self._ranking.function_word
        return _Found(ids, saturated(frequencies, worth, self._ranking.k1))

    def _frequencies(self, postings: Sequence[Postings], within: Ids | None) -> tuple[Ids, Scores]:
        """The passages (among *within*) that hold one of the terms, and how often they hold all of them together."""
        if within is not None:
            sums = np.zeros(len(within), np.float32)
            for one in postings:
                self._add(sums, within, one)
            held = sums > 0
            return (within, sums) if held.all() else (within[held], sums[held])
        self._budget.take(sum(len(one.documents) for one in postings))
        if len(postings) == 1:
            return postings[0].documents, postings[0].frequencies.astype(np.float32)
        if not postings:
            return np.zeros(0, np.uint32), np.zeros(0, np.float32)
        sums = np.zeros(self._passages, np.float32)
        for one in postings:
            sums[one.documents] += one.frequencies
        ids = self._in_any([one.documents for one in postings])
        return ids, sums[ids]

    def _add(self, sums: Scores, ids: Ids, postings: Postings, factors: Scores | None = None) -> None:
        """Add to *sums* (one for each of *ids*) how often the passages hold the term, times their *factors*."""
        documents, frequencies = postings.documents, postings.frequencies
        if len(ids) * _LOOK_UP < len(documents):
            self._budget.take(len(ids) * _LOOK_UP)
            there = np.searchsorted(documents, ids)
            there[there == len(documents)] = 0
            here = np.flatnonzero(documents[there] == ids)
            there = there[here]
        elif len(documents) * _LOOK_UP < len(ids):
            self._budget.take(len(documents))
            here = np.searchsorted(ids, documents)
            here[here == len(ids)] = 0
            there = np.flatnonzero(ids[here] == documents)
            here = here[there]
        else:
            self._budget.take(len(documents))
            scratch = self._scratch
            scratch[documents] = frequencies if factors is None else frequencies * factors[documents]
            sums += scratch[ids]
            scratch[documents] = 0
            return
        added = frequencies[there]
        sums[here] += added if factors is None else added * factors[ids[here]]

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
        begin = places[kept] - np.uint32(rarest)
        for number in others:
            if not len(begin):
                break
            standing = self._places(plan.field, slots[number], within)
            self._budget.take(min(len(standing), len(begin) * _LOOK_UP))
            here = among(begin + np.uint32(number), standing)
            kept, begin = kept[here], begin[here]
        documents = self._owners(plan.field, slots[rarest], places, kept)
        # A phrase stands in one passage from its first word to its last.
        inside = (begin >= starts[documents]) & (begin.astype(np.int64) + len(slots) <= starts[documents + 1])
        return self._counted(documents[inside], plan.field, slots, plan.weight, within)

    def _owners(
        self, field: TermField, slot: tuple[str, ...], places: NDArray[np.uint32], kept: NDArray[np.intp]
    ) -> Ids:
        """The passages in which the *kept* of the slot's *places* stand."""
        postings = self._postings(field, slot)
        if len(postings) == 1 and len(postings[0].places) == len(places) < len(kept) * _LOOK_UP:
            return np.repeat(postings[0].documents, postings[0].frequencies)[kept]
        return owners(self._snapshot.starts(field), places[kept])

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
        fresh = np.ones(len(documents), bool)
        np.not_equal(documents[1:], documents[:-1], out=fresh[1:])
        begins = np.flatnonzero(fresh)
        ids = documents[begins].astype(np.uint32)
        frequencies = np.diff(begins, append=len(documents)).astype(np.float32)
        if within is not None:
            here = among(ids, within)
            ids, frequencies = ids[here], frequencies[here]
        frequencies *= length_factors(self._snapshot, field, self._ranking.of(field))[ids]
        worth = sum(self._worth(field, slot) for slot in slots) * weight
        return _Found(ids, saturated(frequencies, worth, self._ranking.k1))


class TooManySlotsError(ValueError):
    """Nearness was asked of more different words than NEAR_SLOTS_MAX, or of none; the planner bounds them."""

    def __init__(self, slots: int) -> None:
        super().__init__(f"Near takes 1 to {NEAR_SLOTS_MAX} different words, not {slots}")
