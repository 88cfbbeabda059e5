"""Two editions side by side, the pairs found so far, and which neighbours vouch for a pair in question."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.likeness import Wordbook, likeness, longest_rising

REACH = 3  # unmatched passages that one may look past for the next neighbour
GAP = 8  # a gap between two passages that stay and that holds more than this vouches for nothing in it
NEARLY_ALL = 0.8  # of a wider gap must read the same on both sides for its repeated texts to be told by their order
OWN_WORDS = 6  # a shorter text that stands elsewhere may as well be another that reads the same
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


def take_exact(matching: Matching) -> None:
    """Pair what reads exactly the same and stands once on both sides, wherever it stands.

    Then what has the same words and stands once in both editions: a change of quotes or dashes throughout a document
    leaves no text as it was. But a few words that stand in another order than the rest wait for `take_exact_elsewhere`.
    """
    _take_pairs(matching, _exact(matching), elsewhere=False)
    _take_pairs(matching, _same_words(matching), elsewhere=False)


def take_exact_elsewhere(matching: Matching) -> None:
    """Pair the few words that stand once on both sides and in another order than the rest.

    To be done once it is known what was cut and joined: that makes short texts, and swallows them.
    """
    _take_pairs(matching, _exact(matching), elsewhere=True)
    _take_pairs(matching, _same_words(matching), elsewhere=True)


def _exact(matching: Matching) -> list[tuple[int, int]]:
    news = {matching.new_texts[place]: place for place in matching.free_new()}
    pairs = [(one, news.get(matching.old_texts[one])) for one in matching.free_old()]
    return [
        (one, other)
        for one, other in pairs
        if other is not None and matching.stood_and_stands(matching.old_texts[one], 1, 1)
    ]


def _same_words(matching: Matching) -> list[tuple[int, int]]:
    olds = _by_text(range(len(matching.old)), matching.old_words)
    news = _by_text(range(len(matching.new)), matching.new_words)
    found: list[tuple[int, int]] = []
    for one in matching.free_old():
        words = matching.old_words[one]
        there = news.get(words, ())
        if len(olds[words]) == len(there) == 1 and matching.is_free(there[0]) and matching.comparable(one, there[0]):
            found.append((one, there[0]))
    return found


def _take_pairs(matching: Matching, pairs: Iterable[tuple[int, int]], *, elsewhere: bool) -> None:
    found = list(pairs)
    long = [pair for pair in found if elsewhere or len(matching.old_words[pair[0]]) >= OWN_WORDS]
    for one, other in long:
        matching.pair(one, other)
    short = [
        (one, other)
        for one, other in found
        if one not in matching.to and matching.gap_of_old(one) == matching.gap_of_new(other)
    ]
    short.sort()
    for at in longest_rising([other for _, other in short]):
        matching.pair(*short[at])


def take_repeated(matching: Matching) -> bool:
    """Pair what stands several times where its neighbours leave no choice; says whether anything was paired.

    That is so when it traded places with another, when a gap between two passages that stay holds the text as often on
    both sides (then in order), or when the passages right before and right after are the same. Two claims on one
    passage cancel each other. Texts are compared to the letter first, and then by their words.
    """
    if _take_traded(matching):
        return True
    taken = _take_claimed(matching, matching.old_texts, matching.new_texts)
    return _take_claimed(matching, matching.old_words, matching.new_words) or taken


def _take_traded(matching: Matching) -> bool:
    claims: dict[int, list[int]] = defaultdict(list)
    for one in matching.free_old():
        other = matching.traded(one)
        if other is not None and matching.old_words[one] == matching.new_words[other]:
            claims[other].append(one)
    found = False
    for other, places in claims.items():
        if len(places) == 1 and matching.comparable(places[0], other):
            matching.pair(places[0], other)
            found = True
    return found


def _take_claimed(matching: Matching, old_keys: Sequence[str], new_keys: Sequence[str]) -> bool:
    claims: set[tuple[int, int]] = set()
    perhaps = {matching.traded(one, perhaps=True) for one in matching.free_old()}
    olds_by_key = _by_text(matching.free_old(), old_keys)
    news_by_key = _by_text(matching.free_new(), new_keys)
    for olds, news in matching.gaps():
        mine, theirs = _by_text(olds, old_keys), _by_text(news, new_keys)
        everywhere = {key for key in mine if olds_by_key[key] == mine[key] and news_by_key.get(key) == theirs.get(key)}
        found = _claims_in_gap(mine, theirs, max(len(olds), len(news)), everywhere)
        claims |= {(one, other) for one, other in found if old_keys[one] in everywhere or other not in perhaps}
    claimed = {one for one, _ in claims}
    for one in matching.free_old():
        other = matching.instead(one) if one not in claimed else None
        if other is not None and matching.is_free(other) and new_keys[other] == old_keys[one]:
            claims.add((one, other))
    by_old = _grouped(claims)
    by_new = _grouped((other, one) for one, other in claims)
    sure = [(one, other) for one, other in sorted(claims) if len(by_old[one]) == len(by_new[other]) == 1]
    sure = [(one, other) for one, other in sure if matching.comparable(one, other)]
    for one, other in sure:
        matching.pair(one, other)
    return bool(sure)


def _claims_in_gap(
    mine: dict[str, list[int]], theirs: dict[str, list[int]], size: int, everywhere: Container[str]
) -> set[tuple[int, int]]:
    """What a gap holds as often on both sides, in order; of a wide gap only if nearly all of it is so.

    What stands elsewhere too (not *everywhere* it stands is in the gap) must not cross any other: it may have gone, and
    its twin have come.
    """
    even = [key for key in mine if len(mine[key]) == len(theirs.get(key, ()))]
    if size > GAP and sum(len(mine[key]) for key in even) < NEARLY_ALL * size:
        return set()
    pairs = sorted((*pair, key) for key in even for pair in zip(mine[key], theirs[key], strict=True))
    highest = [-1, *accumulate((other for _, other, _ in pairs), max)]
    lowest = [*accumulate((other for _, other, _ in reversed(pairs)), min)][::-1]
    return {
        (one, other)
        for at, (one, other, key) in enumerate(pairs)
        if key in everywhere or highest[at] < other <= lowest[at]
    }


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
        if MOST_DOUBLED >= len(there) >= max(len(places), 2) and matching.stood_and_stands(
            text, len(places), len(there)
        ):
            found.update(dict.fromkeys(places, tuple(there)))
    return found


def strayed(matching: Matching) -> dict[int, int]:
    """Lost old passages that stand elsewhere now, as it seems, by the new place: all their twins are known.

    It may also be that one was deleted while a twin of it was copied, which looks the same. Of a few words that are the
    same in many places, like a formula, nothing is said.
    """
    kept = Counter(
        matching.old_texts[one]
        for one, other in matching.to.items()
        if matching.old_texts[one] == matching.new_texts[other]
    )
    free = _by_text(matching.free_new(), matching.new_texts)
    return {
        places[0]: free[text][0]
        for text, places in _by_text(matching.free_old(), matching.old_texts).items()
        if len(places) == len(free.get(text, ())) == 1
        and len(matching.old_words[places[0]]) >= OWN_WORDS
        and matching.stood_and_stands(text, kept[text] + 1, kept[text] + 1)
    }


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
