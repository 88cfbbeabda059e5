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
NEARLY_ALL = 0.8  # of a wider gap must read the same on both sides for its repeated texts to be told by their order
MOST_DOUBLED = 6  # places that a reader is shown for one
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

    def is_wholly_free(self, text: str, olds: int, news: int) -> bool:
        """Whether a text stood, and stands, just so often: no passage that reads so is paired or spent."""
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
        olds = _grouped((self.gap_of_old(place), place) for place in self.free_old())
        news = _grouped((self.gap_of_new(place), place) for place in self.free_new())
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

    @staticmethod
    def _nearest(place: int, step: int, reach: int, length: int, matched: Container[int]) -> int | None:
        for _ in range(reach + 1):
            if not 0 <= place < length or place in matched:
                return place
            place += step
        return None


def take_exact(matching: Matching) -> None:
    """Pair what reads exactly the same and stands once on both sides, wherever it stands.

    Then what has the same words and stands once in both editions: a change of quotes or dashes throughout a document
    leaves no text as it was.
    """
    olds = _by_text(matching.free_old(), matching.old_texts)
    news = _by_text(matching.free_new(), matching.new_texts)
    for text, places in olds.items():
        if len(places) == 1 and len(news.get(text, ())) == 1:
            matching.pair(places[0], news[text][0])
    old_words = _by_text(range(len(matching.old)), matching.old_words)
    new_words = _by_text(range(len(matching.new)), matching.new_words)
    for place in matching.free_old():
        words = matching.old_words[place]
        there = new_words.get(words, ())
        if (
            len(old_words[words]) == len(there) == 1
            and matching.is_free(there[0])
            and matching.comparable(place, there[0])
        ):
            matching.pair(place, there[0])


def take_repeated(matching: Matching) -> bool:
    """Pair what stands several times where its neighbours leave no choice; says whether anything was paired.

    That is so when a gap between two passages that stay holds the text as often on both sides (then in order), or when
    the passages right before and right after are the same. Two claims on one passage cancel each other. Texts are
    compared to the letter first, and then by their words.
    """
    taken = _take_claimed(matching, matching.old_texts, matching.new_texts)
    return _take_claimed(matching, matching.old_words, matching.new_words) or taken


def _take_claimed(matching: Matching, old_keys: Sequence[str], new_keys: Sequence[str]) -> bool:
    claims: set[tuple[int, int]] = set()
    for olds, news in matching.gaps():
        claims |= _claims_in_gap(_by_text(olds, old_keys), _by_text(news, new_keys), max(len(olds), len(news)))
    claimed = {one for one, _ in claims}
    news_by_key = _by_text(matching.free_new(), new_keys)
    for one in matching.free_old():
        for other in news_by_key.get(old_keys[one], ())[:MOST_TWINS] if one not in claimed else ():
            if matching.vouching(one, other, reach=0) == 2:
                claims.add((one, other))
    by_old = _grouped(claims)
    by_new = _grouped((other, one) for one, other in claims)
    sure = [(one, other) for one, other in sorted(claims) if len(by_old[one]) == len(by_new[other]) == 1]
    sure = [(one, other) for one, other in sure if matching.comparable(one, other)]
    for one, other in sure:
        matching.pair(one, other)
    return bool(sure)


def _claims_in_gap(mine: dict[str, list[int]], theirs: dict[str, list[int]], size: int) -> set[tuple[int, int]]:
    """What a gap holds as often on both sides, in order; of a wide gap only if nearly all of it is so."""
    even = [key for key in mine if len(mine[key]) == len(theirs.get(key, ()))]
    if size > GAP and sum(len(mine[key]) for key in even) < NEARLY_ALL * size:
        return set()
    return {pair for key in even for pair in zip(mine[key], theirs[key], strict=True)}


def doubled(matching: Matching) -> dict[int, tuple[int, ...]]:
    """Lost old passages whose text stands at least twice, where nobody can say which is which, and all its places.

    That is so between the same two that stay, if the text stands more often there than before; and anywhere, if not one
    passage of that text is known, and none is missing.
    """
    found: dict[int, tuple[int, ...]] = {}
    for olds, news in matching.gaps():
        if max(len(olds), len(news)) > GAP:
            continue
        theirs = _by_text(news, matching.new_texts)
        for text, places in _by_text(olds, matching.old_texts).items():
            if len(theirs.get(text, ())) > len(places):
                found.update(dict.fromkeys(places, tuple(theirs[text])))
    free = _by_text(matching.free_new(), matching.new_texts)
    for text, places in _by_text(matching.free_old(), matching.old_texts).items():
        there = free.get(text, ())
        if MOST_DOUBLED >= len(there) >= max(len(places), 2) and matching.is_wholly_free(text, len(places), len(there)):
            found.update(dict.fromkeys(places, tuple(there)))
    return found


def _by_text(places: Iterable[int], texts: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        found[texts[place]].append(place)
    return found


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
