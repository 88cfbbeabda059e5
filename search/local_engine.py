"""The engine that searches the generation's own files, by array operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.days import days_of
from index.snapshot import Snapshot
from search.engine import Answer, Page
from search.facets import count
from search.labels import Labels
from search.limits import POSTINGS, POSTINGS_PER_PASSAGE
from search.match import Budget, Matches, evaluate
from search.plan import AnyTerm, Plan
from search.ranking import best
from search.results import Sort
from search.selection import FacetName, Selection


class LocalEngine:
    """Searches one generation that is open here."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.labels = Labels(snapshot)

    def round(self) -> LocalRound:
        """A fresh allowance of postings."""
        return LocalRound(self, Budget(max(POSTINGS, POSTINGS_PER_PASSAGE * self.snapshot.passage_count)))

    @cached_property
    def days(self) -> NDArray[np.uint32]:
        """When each passage speaks of."""
        return days_of(self.snapshot)


class LocalRound:
    """Asks that share one budget of postings."""

    def __init__(self, engine: LocalEngine, budget: Budget) -> None:
        self._engine = engine
        self._snapshot = engine.snapshot
        self._budget = budget

    def ask(
        self,
        plan: Plan,
        selection: Selection,
        page: Page,
        *,
        limits: Mapping[FacetName, int] | None = None,
        but: Answer | None = None,
    ) -> Answer:
        """See search.engine.Round."""
        matches = evaluate(plan, self._snapshot, self._budget)
        counted = count(
            matches.ids, self._snapshot, selection, limits or {}, None if limits is None else self._engine.labels
        )
        found = _only(matches, counted.kept)
        if but is not None:
            found = _only(found, ~np.isin(found.ids, but.key, assume_unique=True))
        low, high = page.first, min(len(found.ids), page.last)
        hits: tuple[tuple[int, float], ...] = ()
        if low < high:
            places = self._order(page.sort, found, low, high)
            hits = tuple(zip(found.ids.take(places).tolist(), found.scores.take(places).tolist(), strict=True))
        return Answer(len(found.ids), hits, counted.facets, matches.left_out, found.ids)

    def total(self, plan: Plan, selection: Selection) -> int | None:
        """See search.engine.Round."""
        matches = evaluate(plan, self._snapshot, self._budget)
        if matches.left_out:
            return None
        return int(np.count_nonzero(count(matches.ids, self._snapshot, selection, {}, None).kept))

    def standing(self, plans: Sequence[Plan], positions: Sequence[int]) -> NDArray[np.bool_]:
        """See search.engine.Round."""
        here = np.array(positions, np.uint32)
        return np.array([self._holding(plan, here) for plan in plans], bool).reshape(len(plans), len(here))

    def _holding(self, plan: Plan, positions: NDArray[np.uint32]) -> NDArray[np.bool_]:
        if not isinstance(plan, AnyTerm):
            return np.isin(positions, evaluate(plan, self._snapshot, self._budget).ids)
        held = np.zeros(len(positions), bool)
        for term in plan.terms:  # looked up, which reads nothing of the rest
            postings = self._snapshot.postings(plan.field, term)
            if postings is not None:
                places = np.searchsorted(postings.documents, positions)
                places[places == len(postings.documents)] = 0
                held |= postings.documents[places] == positions
        return held

    def _order(self, sort: Sort, matches: Matches, low: int, high: int) -> NDArray[np.intp]:
        """The places *low* to *high* of *matches* in order."""
        if sort is Sort.DATE:
            return np.argsort(self._engine.days[matches.ids], kind="stable")[low:high]
        return np.arange(low, high) if sort is Sort.DOCUMENT else best(matches.scores, low, high)


def _only(matches: Matches, kept: NDArray[np.bool_]) -> Matches:
    return matches if kept.all() else replace(matches, ids=matches.ids[kept], scores=matches.scores[kept])
