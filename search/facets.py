"""Counts of facet values over all passages that match, as a reader who narrows step by step expects them.

The choice made in a facet counts for all other facets and for the hits, and not for its own values: those say how
many passages there would be with each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from index.columns import Present
from index.snapshot import Snapshot
from search.labels import Labels
from search.ranking import Ids
from search.results import Facet, FacetValue
from search.selection import COUNTED, FacetName, Selection

_FEW = 8  # passages: so few are counted one by one
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
    having = {facet: snapshot.column(facet.value).having(selection.chosen(facet), ids) for facet in selection.facets()}
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
    in_order = facet in _IN_ORDER_OF_VALUE
    few = column.one_by_one(ids) if len(ids) <= _FEW else None
    left_out = 0
    if few is not None and (limit is None or len(few) <= limit):
        numbers = sorted(few) if in_order else sorted(few, key=lambda number: (-few[number][0], number))
        values = [column.values[number] for number in numbers]
        counts = [
            FacetValue(value, labels.of(facet, value), *few[number])
            for value, number in zip(values, numbers, strict=True)
        ]
    else:
        present = column.present(None if len(ids) == snapshot.passage_count else ids)
        limited = limit is not None and limit < len(present.totals)
        if limited or not in_order:
            kept = {number for value in chosen if (number := column.number(value)) is not None} if limited else set()
            places = _commonest(present, limit, kept)
            left_out = len(present.totals) - len(places)
            present = Present(*(row.take(places) for row in present))
        values, names = labels.of_numbers(facet, present.numbers)
        counts = [*map(FacetValue, values, names, present.totals.tolist(), present.certain.tolist())]
    if chosen:
        counts = [replace(one, chosen=one.value in chosen) for one in counts]
        found = set(values)
        counts += [FacetValue(value, labels.of(facet, value), 0, 0, True) for value in chosen if value not in found]
        counts.sort(key=lambda one: (-one.count, one.value))
    if in_order and (chosen or limit is not None):
        counts.sort(key=lambda one: one.value)
    return Facet(facet, tuple(counts), left_out)


def _commonest(present: Present, limit: int | None, kept: set[int]) -> NDArray[np.intp]:
    """The places of the *limit* commonest of the values *present*, the commonest first, then of those *kept*.

    Equal ones are in the order of their values, which is that of their numbers.
    """
    totals = present.totals
    if limit is None or limit * 2 >= len(totals):
        first = np.argsort(-totals, kind="stable")[:limit]
    else:
        least = np.partition(totals, len(totals) - limit)[len(totals) - limit] if limit else totals.max() + 1
        among = np.flatnonzero(totals >= least)
        first = among[np.argsort(-totals[among], kind="stable")][:limit]
    if not kept:
        return first
    shown = set(first.tolist())
    others = [at for at, number in enumerate(present.numbers.tolist()) if number in kept and at not in shown]
    return np.concatenate((first, np.array(others, np.intp)))
