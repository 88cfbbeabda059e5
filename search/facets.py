"""Counts of facet values over all passages that match, as a reader who narrows step by step expects them.

The choice made in a facet counts for all other facets and for the hits, and not for its own values: those say how
many passages there would be with each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from search.labels import Labels
from search.ranking import Ids
from search.results import Facet, FacetValue
from search.selection import COUNTED, FacetName, Selection

_IN_ORDER_OF_VALUE = (FacetName.MONTH,)  # months by time; the others the commonest first


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """*kept* says which of the passages asked about have everything chosen; the facets' counts go with them."""

    kept: NDArray[np.bool_]
    facets: tuple[Facet, ...]


def count(
    ids: Ids,
    snapshot: Snapshot,
    selection: Selection,
    limits: Mapping[FacetName, int],
    labels: Labels | None,
) -> Counted:
    """Narrow *ids* (passages that match the words, ascending) to *selection* and count the facets.

    *limits* say how many values a facet gives at most beside the chosen ones; without *labels* no facets
    are counted.
    """
    having = {
        facet: snapshot.column(facet.value).having(selection.chosen(facet), ids)
        for facet in FacetName
        if selection.chosen(facet)
    }
    kept = _all(having.values(), len(ids))
    if labels is None:
        return Counted(kept, ())
    narrowed = ids if kept.all() else ids[kept]
    if len(narrowed) < snapshot.passage_count:
        narrowed = narrowed.astype(np.intp)  # what numpy takes by; once for all facets
    counted = []
    for facet in COUNTED:
        if facet in having:
            others = _all((mask for other, mask in having.items() if other is not facet), len(ids))
            over = ids[others]
        else:
            over = narrowed
        counted.append(_facet(facet, over, snapshot, labels, selection.chosen(facet), limits.get(facet)))
    return Counted(kept, tuple(counted))


def _all(masks: Iterable[NDArray[np.bool_]], length: int) -> NDArray[np.bool_]:
    together = np.ones(length, bool)
    for mask in masks:
        together &= mask
    return together


def _facet(
    facet: FacetName, ids: Ids, snapshot: Snapshot, labels: Labels, chosen: Sequence[str], limit: int | None
) -> Facet:
    column = snapshot.column(facet.value)
    present, totals, certain = column.present(None if len(ids) == snapshot.passage_count else ids)
    in_order = facet in _IN_ORDER_OF_VALUE
    if in_order and (limit is None or limit >= len(present)):
        places = np.arange(len(present))
    else:
        # Equal counts stand in the order of their values, which is that of the numbers.
        places = np.argsort(-totals, kind="stable")
    left_out = 0
    if limit is not None and limit < len(places):
        wanted = {number for value in chosen if (number := column.number(value)) is not None}
        extra = [place for place in places[limit:].tolist() if int(present[place]) in wanted] if wanted else []
        left_out = len(places) - limit - len(extra)
        places = np.concatenate((places[:limit], np.array(extra, np.intp)))
    numbers = present[places].tolist()
    values = [column.values[number] for number in numbers]
    names = labels.in_order(facet)
    counts = [
        *map(
            FacetValue,
            values,
            [names[number] for number in numbers],
            totals[places].tolist(),
            certain[places].tolist(),
            [value in chosen for value in values] if chosen else repeat(False),
        )
    ]
    if chosen:
        found = set(values)
        counts += [FacetValue(value, labels.of(facet, value), 0, 0, True) for value in chosen if value not in found]
        counts.sort(key=lambda one: (-one.count, one.value))
    if in_order and (chosen or limit is not None):
        counts.sort(key=lambda one: one.value)
    return Facet(facet, tuple(counts), left_out)
