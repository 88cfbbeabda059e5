"""Passages that were cut in two or joined between two editions.

A passage counts as cut when neighbouring new passages, read one after the other, are nearly its words, and each of
them adds words of its own; joined is the same the other way round. Whether it happened is decided on words alone,
where they are many and nearly all there, and with a neighbour's word where they are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from index.likeness import Shingles, common
from index.matching import Matching

WHOLE = 0.80  # likeness of a passage to its parts read together
WHOLE_WITHOUT_NEIGHBOURS = 0.93
WORDS_WITHOUT_NEIGHBOURS = 12
OWN_SHARE = 0.60  # of a part's words must be words of the whole that no other part accounts for
HELD = 0.85  # share of a lost passage's words that another one must have taken in
HELD_WORDS = 4  # shorter ones are held by anything
MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class _Roles:
    """One passage against a row of the other edition: the same search serves for cutting and for joining."""

    whole_words: Sequence[str]
    part_words: Sequence[str]
    is_free: Callable[[int], bool]  # whether a part may be used
    fits: Callable[[int, int], bool]  # (whole, part) may be compared
    vouched: Callable[[int, list[int]], bool]


def find_parts(matching: Matching) -> dict[int, tuple[int, ...]]:
    """Old places whose passage was cut, each with the new places of its parts. The first part is paired with it."""
    roles = _Roles(
        matching.old_words,
        matching.new_words,
        matching.is_free,
        matching.comparable,
        lambda whole, parts: (
            matching.neighbour_agrees(whole, parts[0], -1) or matching.neighbour_agrees(whole, parts[-1], 1)
        ),
    )
    found: dict[int, tuple[int, ...]] = {}
    shingles = Shingles((place, matching.new_words[place]) for place in matching.free_new())
    for whole in matching.free_old():
        parts = _row(whole, shingles, roles)
        if parts:
            found[whole] = tuple(parts)
            matching.pair(whole, parts[0])
            matching.parts.update(parts[1:])
    return found


def find_joined(matching: Matching) -> dict[int, int]:
    """Old places whose words were joined to those of the passage before, with the new place. The first is paired."""
    roles = _Roles(
        matching.new_words,
        matching.old_words,
        lambda place: place not in matching.to and place not in matching.spent,
        lambda whole, part: matching.comparable(part, whole),
        lambda whole, parts: (
            matching.neighbour_agrees(parts[0], whole, -1) or matching.neighbour_agrees(parts[-1], whole, 1)
        ),
    )
    found: dict[int, int] = {}
    shingles = Shingles((place, matching.old_words[place]) for place in matching.free_old())
    for whole in matching.free_new():
        parts = _row(whole, shingles, roles)
        if parts:
            matching.pair(parts[0], whole)
            matching.spent.update(parts[1:])
            found.update(dict.fromkeys(parts[1:], whole))
    return found


def find_late(matching: Matching) -> tuple[dict[int, tuple[int, ...]], dict[int, int]]:
    """Lost old passages that a reworded one took in, and new ones that a reworded one gave off.

    For what `find_parts` and `find_joined` could not see because more had changed. Only words that the reworded
    passage did not have before (or has no more) count.
    """
    reworded = [
        (one, other) for one, other in matching.to.items() if matching.old_texts[one] != matching.new_texts[other]
    ]
    joined: dict[int, int] = {}
    grown = Shingles((other, matching.new_words[other]) for _, other in reworded)
    for lost in matching.free_old():
        words = matching.old_words[lost]
        for other in grown.sharing(words) if len(words) >= HELD_WORDS else ():
            before = matching.old_words[matching.back[other]]
            if matching.comparable(lost, other) and _took_in(words, matching.new_words[other], before):
                joined[lost] = other
                matching.spent.add(lost)
                break
    parts: dict[int, tuple[int, ...]] = {}
    shrunk = Shingles((one, matching.old_words[one]) for one, _ in reworded)
    for fresh in matching.free_new():
        words = matching.new_words[fresh]
        for one in shrunk.sharing(words) if len(words) >= HELD_WORDS else ():
            now = matching.new_words[matching.to[one]]
            if matching.comparable(one, fresh) and _took_in(words, matching.old_words[one], now):
                parts[one] = (*parts.get(one, (matching.to[one],)), fresh)
                matching.parts.add(fresh)
                break
    return parts, joined


def _took_in(words: str, holder: str, otherwise: str) -> bool:
    """Whether *holder* holds *words*, and not only because *otherwise*, the same passage at the other time, did."""
    held = common(words, holder)
    return held >= HELD * len(words) and common(holder, otherwise) + OWN_SHARE * len(words) <= len(holder)


def _row(whole: int, shingles: Shingles, roles: _Roles) -> list[int]:
    """The row of neighbouring parts that together read like *whole*; empty where there is none."""
    words = roles.whole_words[whole]
    tried: set[int] = set()
    for start in sorted(shingles.sharing(words)):
        if start in tried or not (roles.is_free(start) and roles.fits(whole, start)):
            continue
        row = [start]
        together = roles.part_words[start]
        if common(words, together) < OWN_SHARE * len(together):
            continue
        for step in (1, -1):
            place = start + step
            while len(row) < MOST_PARTS and place >= 0 and place < len(roles.part_words):
                if not (roles.is_free(place) and roles.fits(whole, place)):
                    break
                part = roles.part_words[place]
                longer = together + part if step > 0 else part + together
                if common(words, longer) - common(words, together) < OWN_SHARE * len(part):
                    break
                row.insert(len(row) if step > 0 else 0, place)
                together = longer
                place += step
        tried.update(row)
        if len(row) < 2:
            continue
        alike = Indel.normalized_similarity(words, together)
        alone = alike >= WHOLE_WITHOUT_NEIGHBOURS and len(words) >= WORDS_WITHOUT_NEIGHBOURS
        if alone or (alike >= WHOLE and roles.vouched(whole, row)):
            return row
    return []
