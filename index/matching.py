"""Two editions side by side, the pairs found so far, and which neighbours vouch for a pair in question."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.likeness import Wordbook, likeness, longest_rising

REACH = 3  # unmatched passages that one may look past for the next neighbour
GAP = 8  # a gap between two passages that stay and that holds more than this vouches for nothing in it
MOST_TWINS = 200  # places of one text that are looked at; a text that stands more often has neighbours like itself


@dataclass(frozen=True, slots=True)
class Side:
    """A passage of one edition: of the old one with the id that it had, of the new one with "" or the id stated."""

    id: str
    text: str
    kind: str  # notes are only ever like notes


class Matching:
    """Which passage of the old edition is which of the new; places count from 0 in each edition's order."""

    def __init__(self, old: Sequence[Side], new: Sequence[Side]) -> None:
        self.old = old
        self.new = new
        self.to: dict[int, int] = {}  # old place -> new place
        self.back: dict[int, int] = {}  # new place -> old place
        self.taken: set[int] = set()  # new places that carry an id from outside the old edition
        self.spent: set[int] = set()  # old places that are merged
        self.parts: set[int] = set()  # new places that are a later part of a passage that was split
        book = Wordbook()
        self.old_words = [book.coded(side.text) for side in old]
        self.new_words = [book.coded(side.text) for side in new]
        self.old_texts = [unicodedata.normalize("NFC", side.text) for side in old]
        self.new_texts = [unicodedata.normalize("NFC", side.text) for side in new]
        self._often_old = Counter(self.old_texts)
        self._often_new = Counter(self.new_texts)
        self._scores: dict[tuple[int, int], float] = {}
        self._chain: list[tuple[int, int]] | None = None

    def pair(self, one: int, other: int) -> None:
        """Passage *one* of the old edition is passage *other* of the new."""
        self.to[one] = other
        self.back[other] = one
        self._chain = None

    def free_old(self) -> list[int]:
        """Old places of which nothing is known yet."""
        return [place for place in range(len(self.old)) if place not in self.to and place not in self.spent]

    def free_new(self) -> list[int]:
        """New places that no old passage was found for yet."""
        return [place for place in range(len(self.new)) if self.is_free(place)]

    def is_free(self, place: int) -> bool:
        """Whether the passage at the new *place* may still be given an old id."""
        return place not in self.back and place not in self.taken and place not in self.parts

    def is_twin_of_old(self, place: int) -> bool:
        """Whether an old passage read the same as another of either edition that it is not paired with."""
        text = self.old_texts[place]
        return self._often_old[text] > 1 or self._often_new[text] > 0

    def is_twin_of_new(self, place: int) -> bool:
        """Whether a new passage reads the same as another of either edition that it is not paired with."""
        text = self.new_texts[place]
        return self._often_new[text] > 1 or self._often_old[text] > 0

    def stood_and_stands(self, text: str, olds: int, news: int) -> bool:
        """Whether a text stood, and stands, just so often."""
        return self._often_old[text] == olds and self._often_new[text] == news

    def comparable(self, one: int, other: int) -> bool:
        """Whether both are notes or neither is."""
        return (self.old[one].kind == "footnote") == (self.new[other].kind == "footnote")

    def score(self, one: int, other: int) -> float:
        """How alike an old and a new passage are, 0 to 1."""
        key = (one, other)
        if key not in self._scores:
            self._scores[key] = likeness(
                self.old_words[one], self.new_words[other], self.old_texts[one], self.new_texts[other]
            )
        return self._scores[key]

    def chain(self) -> list[tuple[int, int]]:
        """A longest row of pairs that stand in the same order on both sides: what did not move."""
        if self._chain is None:
            pairs = sorted((new, old) for old, new in self.to.items())
            self._chain = [(pairs[at][1], pairs[at][0]) for at in longest_rising([old for _, old in pairs])]
        return self._chain

    def gap_of_old(self, place: int) -> int:
        """Between which two links of the chain an old passage stood, counted from 0."""
        return bisect_left(self.chain(), (place, -1))

    def gap_of_new(self, place: int) -> int:
        """Between which two links of the chain a new passage stands, counted from 0."""
        return bisect_left(self.chain(), place, key=lambda pair: pair[1])

    def in_one_gap(self, one: int, other: int) -> bool:
        """Whether an old and a new passage stand between the same two that stay, with little else there."""
        gap = self.gap_of_old(one)
        if gap != self.gap_of_new(other):
            return False
        chain = self.chain()
        start, new_start = chain[gap - 1] if gap else (-1, -1)
        end, new_end = chain[gap] if gap < len(chain) else (len(self.old), len(self.new))
        return end - start - 1 <= GAP and new_end - new_start - 1 <= GAP

    def gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """The free old and new places in each gap of the chain that holds both."""
        olds = grouped((self.gap_of_old(place), place) for place in self.free_old())
        news = grouped((self.gap_of_new(place), place) for place in self.free_new())
        for gap in sorted(olds.keys() & news.keys()):
            yield olds[gap], news[gap]

    def vouching(self, one: int, other: int, reach: int = REACH) -> int:
        """How many of the two neighbours of an old and a new passage are the same: 0, 1 or 2."""
        return self.neighbour_agrees(one, other, -1, reach) + self.neighbour_agrees(one, other, 1, reach)

    def neighbour_agrees(self, one: int, other: int, step: int, reach: int = REACH) -> bool:
        """Whether the nearest matched passage before (*step* -1) or after (1) is the same on both sides.

        Up to *reach* unmatched ones are looked past; the two ends of the document agree with each other.
        """
        near = self._nearest(one + step, step, reach, len(self.old), self.to.keys())
        near_new = self._nearest(other + step, step, reach, len(self.new), self.back.keys())
        if near is None or near_new is None:
            return False
        if not 0 <= near < len(self.old) or not 0 <= near_new < len(self.new):
            return not 0 <= near < len(self.old) and not 0 <= near_new < len(self.new)
        return self.to[near] == near_new

    def traded(self, one: int, *, perhaps: bool = False) -> int | None:
        """The free new place that an old passage has by a swap; None where there was none.

        That is where another passage stood that stands now where this one did: of the four neighbours that the two had
        between them all must be the same still, or three, if it is known where the fourth went, or a swap is *perhaps*
        enough.
        """
        for step in (-1, 1):
            here = self._beside(one, step)
            there = self.back.get(here) if here is not None else None
            if here is None or there is None:
                continue
            agreeing = self.vouching(one, here, reach=0)
            for side in (-1, 1):
                other = self._beside(there, side)
                if other is None or not self.is_free(other):
                    continue
                agree = agreeing + self.vouching(there, other, reach=0)
                if agree == 4 or (agree == 3 and (perhaps or self._is_known_around(one, here, there, other))):
                    return other
        return None

    def instead(self, one: int) -> int | None:
        """The new place between what stood right before and right after an old one, if there is just one."""
        after, before = self._beside(one, -1), self._beside(one, 1)
        return after if after == before else None

    def instead_of_new(self, other: int) -> int | None:
        """The old place between what stands right before and right after a new one, if there was just one."""
        before = -1 if other == 0 else self.back.get(other - 1)
        after = len(self.old) if other + 1 == len(self.new) else self.back.get(other + 1)
        return before + 1 if before is not None and after == before + 2 else None

    def _is_known_around(self, one: int, here: int, there: int, other: int) -> bool:
        """Whether it is known what became of all passages right beside these, old and new by turns."""
        olds = {place + step for place in (one, there) for step in (-1, 1)} - {-1, len(self.old)}
        news = {place + step for place in (here, other) for step in (-1, 1)} - {-1, len(self.new)}
        return olds <= self.to.keys() and news <= self.back.keys()

    def _beside(self, place: int, step: int) -> int | None:
        """The new place right beside what stood right beside an old one, if there is any."""
        near = place + step
        at = -1 if near < 0 else len(self.new) if near == len(self.old) else self.to.get(near)
        return at - step if at is not None and 0 <= at - step < len(self.new) else None

    @staticmethod
    def _nearest(place: int, step: int, reach: int, length: int, matched: Container[int]) -> int | None:
        for _ in range(reach + 1):
            if not 0 <= place < length or place in matched:
                return place
            place += step
        return None


def grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """The second ones of all pairs by the first."""
    found: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
