"""What readers call the values of facets: names of officials and source types, months in words."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from search.periods import MONTH_NAMES
from search.selection import FacetName

_KINDS = {"body": "Text", "annex": "Annex", "footnote": "Footnote"}


class Labels:
    """The labels of one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        authorities = snapshot.authorities
        self._snapshot = snapshot
        self._known: dict[FacetName, dict[str, str]] = {
            FacetName.OFFICIAL: {official.id: official.name for official in authorities.officials},
            FacetName.SOURCE_TYPE: dict(authorities.collection.source_types),
            FacetName.KIND: _KINDS,
        }
        self._in_order: dict[FacetName, tuple[NDArray[Any], NDArray[Any]]] = {}

    def of(self, facet: FacetName, value: str) -> str:
        """The label of *value*; the value itself where it has none."""
        if facet is FacetName.MONTH:
            return month_label(value)
        return self._known.get(facet, {}).get(value) or value

    def of_numbers(self, facet: FacetName, numbers: NDArray[np.int64]) -> tuple[list[str], list[str]]:
        """The values of the facet's column that have these *numbers*, and their labels."""
        known = self._in_order.get(facet)
        if known is None:
            values = self._snapshot.column(facet.value).values
            labels = [self.of(facet, value) for value in values]
            known = self._in_order[facet] = (np.array(values, object), np.array(labels, object))
        return known[0].take(numbers).tolist(), known[1].take(numbers).tolist()


@lru_cache(maxsize=5_000)
def month_label(month: str) -> str:
    """1988-11 is November 1988; what is no month stays as it is."""
    year, _, number = month.partition("-")
    if number.isascii() and number.isdecimal() and 1 <= int(number[:3]) <= 12:
        return f"{MONTH_NAMES[int(number) - 1].capitalize()} {year}"
    return month
