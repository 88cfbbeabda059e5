"""Whether words stand near each other in one passage, its places looked at one by one: exact, whatever they share."""

from __future__ import annotations

from collections.abc import Sequence

Slots = Sequence[frozenset[str]]


def near(places: Sequence[tuple[str, ...]], slots: Slots, between: int) -> bool:
    """Whether each of *slots* has a place of its own among *places*, with at most *between* other ones among them."""
    fits = [[number for number, slot in enumerate(slots) if not slot.isdisjoint(terms)] for terms in places]
    size = len(slots) + between
    return any(_all_seated(fits[begin : begin + size], len(slots)) for begin, here in enumerate(fits) if here)


def _all_seated(fits: Sequence[Sequence[int]], slots: int) -> bool:
    """Whether each of so many slots gets a place that fits it, by augmenting paths (Kuhn, "The Hungarian method for the
    assignment problem", Naval Research Logistics Quarterly 2, 1955)."""
    taken: dict[int, int] = {}  # place -> slot
    return all(_seat(slot, fits, taken, set()) for slot in range(slots))


def _seat(slot: int, fits: Sequence[Sequence[int]], taken: dict[int, int], tried: set[int]) -> bool:
    for place, fitting in enumerate(fits):
        if slot in fitting and place not in tried:
            tried.add(place)
            if place not in taken or _seat(taken[place], fits, taken, tried):
                taken[place] = slot
                return True
    return False
