"""Counts of facet values over all passages that match, as a reader who narrows step by step expects them.

The choice made in a facet counts for all other facets and for the hits, and not for its own values: those say how
many passages there would be with each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from search.ranking import Ids
from search.selection import COUNTED, FacetName, Selection

_IN_ORDER_OF_VALUE = (FacetName.MONTH,)  # months by time; the others the commonest first


class Count(msgspec.Struct, frozen=True, gc=False):
    """How many passages have *value*: *count* of them, *certain* of these beyond doubt."""

    value: str
    count: int
    certain: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """One facet's values in the order in which they are shown; *left_out* others have passages too."""

    facet: FacetName
    counts: tuple[Count, ...]
    left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """*kept* says which of the passages asked about have everything chosen; the facets' counts go with them."""

    kept: NDArray[np.bool_]
    facets: tuple[FacetCounts, ...]


def count(
    ids: Ids, snapshot: Snapshot, selection: Selection, limits: Mapping[FacetName, int], *, facets: bool = True
) -> Counted:
    """Narrow *ids* (passages that match the words, ascending) to *selection* and count the facets.

    *limits* say how many values a facet gives at most beside the chosen ones; without *facets* none are counted.
    """
    having = {
        facet: snapshot.column(facet.value).having(selection.chosen(facet), ids)
        for facet in FacetName
        if selection.chosen(facet)
    }
    kept = _all(having.values(), len(ids))
    if not facets:
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
        counted.append(_counts(facet, over, snapshot, selection.chosen(facet), limits.get(facet)))
    return Counted(kept, tuple(counted))


def _all(masks: Iterable[NDArray[np.bool_]], length: int) -> NDArray[np.bool_]:
    together = np.ones(length, bool)
    for mask in masks:
        together &= mask
    return together


def _counts(facet: FacetName, ids: Ids, snapshot: Snapshot, chosen: Sequence[str], limit: int | None) -> FacetCounts:
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
    counts = [
        Count(column.values[number], count, beyond_doubt, column.values[number] in chosen)
        for number, count, beyond_doubt in zip(
            present[places].tolist(), totals[places].tolist(), certain[places].tolist(), strict=True
        )
    ]
    if chosen:
        found = {one.value for one in counts}
        counts += [Count(value, 0, 0, chosen=True) for value in chosen if value not in found]
        counts.sort(key=lambda one: (-one.count, one.value))
    if in_order and (chosen or limit is not None):
        counts.sort(key=lambda one: one.value)
    return FacetCounts(facet, tuple(counts), left_out)
