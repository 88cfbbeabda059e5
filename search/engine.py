"""The door behind which an engine stands: a plan goes in, what it holds for comes out, counted and in order.

Nothing above knows which engine answers. Passages are known by their positions in the generation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.plan import Plan
from search.results import Facet, Sort
from search.selection import FacetName, Selection


@dataclass(frozen=True, slots=True)
class Page:
    """The hits wanted: those at the places *first* to *last* (half-open) in the order of *sort*.

    Ties go by document order, so that pages never overlap.
    """

    sort: Sort
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a plan holds for under a selection."""

    total: int
    hits: tuple[tuple[int, float], ...]  # of the page asked: position and score
    facets: tuple[Facet, ...]  # none where no limits were given
    left_out: tuple[Plan, ...]  # parts of the plan that would have cost too much and were not asked
    key: Any  # the engine's own, by which it knows these passages again


class Round(Protocol):
    """Asks that share one allowance of what may be read."""

    def ask(
        self,
        plan: Plan,
        selection: Selection,
        page: Page,
        *,
        limits: Mapping[FacetName, int] | None = None,
        but: Answer | None = None,
    ) -> Answer:
        """The passages that *plan* holds for and that have everything chosen, but for those of the answer *but*.

        *limits* say how many values a facet gives at most beside the chosen ones; without them no facet is counted.
        """
        ...

    def total(self, plan: Plan, selection: Selection) -> int | None:
        """How many passages that would be; None where part of the plan had to be left out."""
        ...

    def standing(self, plans: Sequence[Plan], positions: Sequence[int]) -> NDArray[np.bool_]:
        """For each of *plans* a row: at which of *positions* it holds."""
        ...


class Engine(Protocol):
    """Answers over one generation. Threads may share it."""

    def round(self) -> Round:
        """A fresh allowance."""
        ...
