"""From a plan to the passages for which it holds, with their scores: array operations over the postings.

Every part of a plan answers with positions of passages, ascending, and a score for each. A part may be asked *within*
some passages only; its answer is then that part's answer cut down to those, with the same scores, which makes a rare
word pay for the common ones beside it. What is read is counted against a budget. A part that would go beyond it is
left out and named; what stands beside it is still answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from index.schema import TermField
from index.snapshot import Postings, Snapshot
from search.places import among, owners, ranges, union
from search.plan import AllOf, AnyOf, AnyTerm, ButNot, Everything, InOrder, Near, Nothing, OneOf, Plan
from search.ranking import DEFAULT_RANKING, Ids, Ranking, Scores, inverse_frequency, length_factors, saturated

# Near tries sets of slots that can stand at the same place (the parts of one word): their number doubles with each.
NEAR_SLOTS_MAX = 8
# Where one list is this many times longer than the other, looking up each of the shorter is quicker than a sweep.
_LOOK_UP = 16


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
            same = len(found.ids) == len(within)
            scores = found.scores if same else found.scores[np.searchsorted(found.ids, within)]
            total = scores if total is None else total + scores
        return _Found(within, total)

    def _any_of(self, parts: Sequence[Plan], within: Ids | None) -> _Found | None:
        asked = [found for part in parts if (found := self.ask(part, within)) is not None]
        if len(asked) == 1:
            return asked[0]
        if not asked:
            return None if parts else _Found(np.zeros(0, np.uint32))
        marked = np.zeros(self._passages, bool)
        for found in asked:
            marked[found.ids] = True
        ids = np.flatnonzero(marked).astype(np.uint32)
        if all(found.scores is None for found in asked):
            return _Found(ids)
        total = np.zeros(self._passages, np.float32)
        for found in asked:
            if found.scores is not None:
                total[found.ids] += found.scores
        return _Found(ids, total[ids])

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
            case AllOf(parts):
                return min(map(self._size, parts), default=self._passages)
            case AnyOf(parts):
                return min(sum(map(self._size, parts)), self._passages)
            case ButNot(part):
                return self._size(part)
            case _:
                return self._passages + 1

    # --- words

    def _postings(self, field: TermField, terms: Sequence[str]) -> list[Postings]:
        found = (self._snapshot.postings(field, term) for term in dict.fromkeys(terms))
        return [postings for postings in found if postings is not None]

    def _documents(self, field: TermField, terms: Sequence[str]) -> int:
        """In how many passages one of *terms* stands, at most; exact for a single term."""
        total = sum(len(postings.documents) for postings in self._postings(field, terms))
        return min(total, self._passages)

    def _worth(self, field: TermField, terms: Sequence[str]) -> float:
        return inverse_frequency(self._documents(field, terms), self._passages)

    def _any_term(self, plan: AnyTerm, within: Ids | None) -> _Found:
        postings = self._postings(plan.field, plan.terms)
        for one in postings:
            # Within few passages only those are looked up.
            read = len(one.documents)
            self._budget.take(read if within is None else min(read, len(within) * _LOOK_UP))
        ids, frequencies = self._frequencies(postings, within)
        frequencies *= length_factors(self._snapshot, plan.field, self._ranking.of(plan.field))[ids]
        if plan.field is TermField.TEXT:
            for other, weight in self._ranking.others.items():
                if weight.weight and (found := self._postings(other, plan.terms)):
                    self._budget.take(sum(len(one.documents) for one in found))
                    factors = length_factors(self._snapshot, other, weight)
                    for one in found:
                        here, there = _common(ids, one.documents, self._passages)
                        documents = ids[here]
                        frequencies[here] += one.frequencies[there].astype(np.float32) * factors[documents]
        worth = self._worth(plan.field, plan.terms) * plan.weight
        return _Found(ids, saturated(frequencies, worth, self._ranking.k1))

    def _frequencies(self, postings: Sequence[Postings], within: Ids | None) -> tuple[Ids, Scores]:
        """The passages (among *within*) that hold one of the terms, and how often they hold all of them together."""
        if within is not None:
            sums = np.zeros(len(within), np.float32)
            for one in postings:
                here, there = _common(within, one.documents, self._passages)
                sums[here] += one.frequencies[there]
            held = sums > 0
            return within[held], sums[held]
        if len(postings) == 1:
            return postings[0].documents, postings[0].frequencies.astype(np.float32)
        if not postings:
            return np.zeros(0, np.uint32), np.zeros(0, np.float32)
        sums = np.zeros(self._passages, np.float32)
        for one in postings:
            sums[one.documents] += one.frequencies
        ids = np.flatnonzero(sums).astype(np.uint32)
        return ids, sums[ids]

    # --- phrases

    def _places(self, field: TermField, slot: Sequence[str], within: Ids | None) -> NDArray[np.uint32]:
        """All places of the slot's terms, ascending, each once; only those in *within*, where that is quicker."""
        lists = [one.places for one in self._postings(field, slot)]
        if within is not None and len(within) * _LOOK_UP < sum(map(len, lists)):
            starts = self._snapshot.starts(field)
            lists = [places[ranges(places, starts[within], starts[within + 1])] for places in lists]
            self._budget.take(len(within))
        self._budget.take(sum(map(len, lists)) if len(lists) > 1 else 0)
        return union(lists)

    def _in_order(self, plan: InOrder, within: Ids | None) -> _Found:
        slots = [tuple(dict.fromkeys(slot)) for slot in plan.slots]
        if not slots:
            return _Found(np.zeros(0, np.uint32))
        starts = self._snapshot.starts(plan.field)
        sizes = [sum(len(one.places) for one in self._postings(plan.field, slot)) for slot in slots]
        rarest, *others = sorted(range(len(slots)), key=lambda number: (sizes[number], number))
        places = self._places(plan.field, slots[rarest], within)
        self._budget.take(len(places))
        begin = places[places >= rarest] - np.uint32(rarest)
        for number in others:
            if not len(begin):
                break
            standing = self._places(plan.field, slots[number], within)
            self._budget.take(min(len(standing), len(begin) * _LOOK_UP))
            begin = begin[among(begin + np.uint32(number), standing)]
        documents = owners(starts, begin)
        begin = begin.astype(np.int64)
        documents = documents[begin + len(slots) <= starts[documents + 1]]  # a phrase ends where its passage ends
        return self._counted(documents, plan.field, slots, plan.weight, within)

    def _near(self, plan: Near, within: Ids | None) -> _Found:
        slots = [tuple(sorted(set(slot))) for slot in plan.slots]
        groups = {slot: slots.count(slot) for slot in dict.fromkeys(slots)}
        if not groups or len(groups) > NEAR_SLOTS_MAX:
            raise TooManySlotsError(len(groups))
        starts = self._snapshot.starts(plan.field)
        ordered = sorted(groups, key=lambda slot: sum(len(one.places) for one in self._postings(plan.field, slot)))
        places: list[NDArray[np.uint32]] = []
        common = self._everything() if within is None else within
        for slot in ordered:
            # Passages that lack one slot need not be looked at for the others.
            places.append(self._places(plan.field, slot, common))
            self._budget.take(len(places[-1]))
            documents = np.unique(owners(starts, places[-1]))
            common = common[among(common, documents)]
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

    def _counted(
        self, documents: Ids, field: TermField, slots: Sequence[Sequence[str]], weight: float, within: Ids | None
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


def _common(left: Ids, right: Ids, passages: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where in *left* and where in *right* (both ascending) their common members stand."""
    if len(left) * _LOOK_UP < len(right):
        there = np.searchsorted(right, left)
        there[there == len(right)] = 0
        here = np.flatnonzero(right[there] == left) if len(right) else np.zeros(0, np.intp)
        return here, there[here]
    if len(right) * _LOOK_UP < len(left):
        there, here = _common(right, left, passages)
        return here, there
    place = np.full(passages, -1, np.int32)
    place[left] = np.arange(len(left), dtype=np.int32)
    met = place[right]
    there = np.flatnonzero(met >= 0)
    return met[there].astype(np.intp), there
