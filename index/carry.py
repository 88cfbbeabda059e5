"""Carrying passage ids to a new edition of a document: which passage of the one is which of the other.

In this order, and each step only among what the ones before left over: an id stated in the source; text that is
exactly the same and stands once on both sides; text that stands several times, where neighbours tell the places apart;
text that an id had before; passages cut in two or joined; text that is alike and vouched for by its neighbours. What
remains of the old edition is gone, however alike something else may read: it is offered as a doubt for a person to
decide. To say "gone" of a passage that stands is a pity, to show another one under its link is a lie.

The fewer neighbours vouch, the more alike a passage must be, and always more alike than every rival by a margin.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import Indel, Levenshtein

from index.carry_parts import HELD, find_joined, find_late, find_parts
from index.likeness import SHINGLE, SHORT_WORDS, Shingles, held_in_row, similarity
from index.matching import GAP, Matching, Side
from index.same_text import OWN_WORDS, doubled, strayed, take_exact, take_exact_elsewhere, take_repeated

ALIKE = {2: 0.60, 1: 0.72}  # likeness needed, by the number of neighbours that vouch
SHORT_MORE = 0.06  # and so much more in short passages, of which many are made after one pattern
IN_PLACE = 0.50  # likeness needed of what stands alone between the same two neighbours
IN_PLACE_LETTERS = 0.75  # or likeness of its letters
MOST_LETTERS = 200  # that are compared so: a longer passage is known by its words
MARGIN = 0.08  # by which a pair must be more alike than every other pair of either
RANK_MARGIN = 0.02
BESIDE = 2  # places up and down a wide gap that are compared with the n-th, lest all have shifted by one or two
BEHIND = 0.05  # by which it may be less alike than a rival for which fewer neighbours vouch
ALONE = 0.92  # likeness needed where no neighbour vouches
ALONE_MARGIN = 0.15
ALONE_WORDS = 30  # of a passage for which no neighbour vouches, if more than slips of the pen were changed
SLIP_WORDS = 12
SLIP_LETTERS = 2
LONG_WORD = 5
DOUBTFUL = 0.40  # from here on a person is asked
HARDLY = 0.25  # and from here on, if both neighbours vouch: what is less alike has nothing to do with it
DOUBTS = 3  # candidates named for one passage, at most


@dataclass(frozen=True, slots=True)
class Doubt:
    """The passage at *position* of the new edition may be what became of *id*; *score* is their likeness, 0 to 1."""

    id: str
    position: int
    score: float


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the old edition's ids. Positions are those of the new edition."""

    ids: Mapping[int, str]  # the id that a passage keeps, or has again
    parts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # split: all parts, the one that keeps it first
    joined: Mapping[str, int] = field(default_factory=dict)  # merged: where its words stand now
    doubled: Mapping[str, tuple[int, ...]] = field(
        default_factory=dict
    )  # where its words stand, more often than before
    strayed: Mapping[str, int] = field(default_factory=dict)  # where it seems to stand now, or a copy of its twin
    doubts: tuple[Doubt, ...] = ()  # of ids that are lost, best first
    near: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # what reads most like an id that is lost


def carry(
    old: Sequence[Side],
    new: Sequence[Side],
    *,
    stated: Mapping[int, str],
    former: Mapping[str, frozenset[str]],
    spots: Mapping[str, int] | None = None,
) -> Carried:
    """Match two editions, each in its own order.

    *stated* is the id written in the source of a new passage; *former* the ids under which a text (NFC) stood before,
    whatever they mean now; *spots* before which place of *old* an id stood that is gone.
    """
    matching = Matching(old, new)
    again: dict[int, str] = {}
    place_of = {side.id: place for place, side in enumerate(old)}
    for position, identifier in stated.items():
        if identifier in place_of:
            matching.pair(place_of[identifier], position)
        else:
            again[position] = identifier
            matching.taken.add(position)
    take_exact(matching)
    _take_former(matching, former, place_of, spots or {}, again)
    if not old:
        return Carried(again)  # a first edition has nothing else to carry
    parts = find_parts(matching, to_the_word=True)
    joined = find_joined(matching, to_the_word=True)
    _repeat(matching)
    _take_former(matching, former, place_of, spots or {}, again)
    if not old:
        return Carried(again)  # a first edition has nothing else to carry
    parts.update(find_parts(matching))
    joined.update(find_joined(matching))
    take_exact_elsewhere(matching)
    _repeat(matching)
    alike = _Alike(matching)
    while alike.take():
        _repeat(matching)
    late_parts, late_joined = find_late(matching)
    lost = matching.free_old()
    return Carried(
        {**{new_place: old[place].id for place, new_place in matching.to.items()}, **again},
        {old[place].id: found for place, found in {**late_parts, **parts}.items()},
        {old[place].id: found for place, found in {**late_joined, **joined}.items()},
        {old[place].id: found for place, found in doubled(matching).items()},
        {old[place].id: found for place, found in strayed(matching).items()},
        alike.doubts(lost),
        alike.near(lost),
    )


def _repeat(matching: Matching) -> None:
    while take_repeated(matching):
        pass


def _take_former(
    matching: Matching,
    former: Mapping[str, frozenset[str]],
    place_of: Mapping[str, int],
    spots: Mapping[str, int],
    again: dict[int, str],
) -> None:
    """Give an id back to the text that it had before, be it reworded since, merged or gone.

    The words are those that were cited, so this is no guess, unless others read the same: the text must have belonged
    to no other id ever, stand once now, and be long enough to be itself, or stand between its old neighbours.
    """
    standing_now = defaultdict(list)
    for position, text in enumerate(matching.new_texts):
        standing_now[text].append(position)
    claimed: dict[str, list[int]] = defaultdict(list)
    for position in matching.free_new():
        text = matching.new_texts[position]
        owners = former.get(text, frozenset())
        if len(owners) == 1 and len(standing_now[text]) == 1:
            claimed[next(iter(owners))].append(position)
    given = set(again.values())
    for identifier, positions in claimed.items():
        place = place_of.get(identifier)
        if len(positions) > 1 or identifier in given or place in matching.to:
            continue
        long_enough = len(matching.new_words[positions[0]]) >= OWN_WORDS
        if place is not None and (long_enough or matching.vouching(place, positions[0]) > 0):
            matching.pair(place, positions[0])
        elif place is None and (long_enough or _fits_spot(matching, spots.get(identifier), positions[0])):
            again[positions[0]] = identifier
            matching.taken.add(positions[0])


def _fits_spot(matching: Matching, spot: int | None, position: int) -> bool:
    """Whether a new passage stands between the two old ones that something gone stood between."""
    if spot is None:
        return False
    before = matching.back.get(position - 1, -1 if position == 0 else None)
    end = position + 1 == len(matching.new)
    return before == spot - 1 and matching.back.get(position + 1, len(matching.old) if end else None) == spot


class _Alike:
    """Pairs passages that are alike and vouched for, in rounds: every pair found may vouch for the next."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._texts_before = set(matching.old_texts)
        self._candidates: dict[int, set[int]] = {}
        self._rivals: dict[int, list[int]] = defaultdict(list)  # old places, by new one
        self._itself: dict[tuple[int, int], bool] = {}
        self._ranks: dict[int, int] = {}
        self._gather()

    def take(self) -> bool:
        """Pair what is sure by now; says whether anything was."""
        matching = self._matching
        self._ranks = {
            one: other
            for olds, news in matching.gaps()
            if len(olds) == len(news)
            for one, other in zip(olds, news, strict=True)
        }
        found: list[tuple[float, int, int]] = []
        for one in matching.free_old():
            for other in self._candidates.get(one, ()):
                if matching.is_free(other) and self._is_sure(one, other):
                    found.append((-matching.score(one, other), one, other))
        for _, one, other in sorted(found):
            if one not in matching.to and matching.is_free(other):
                matching.pair(one, other)
        return bool(found)

    def doubts(self, lost: Sequence[int]) -> tuple[Doubt, ...]:
        """The free passages that may be what became of the lost ones, best first."""
        matching = self._matching
        found: list[Doubt] = []
        for one in lost:
            ranked = sorted(
                (
                    (matching.score(one, other), other)
                    for other in self._candidates.get(one, ())
                    if matching.is_free(other)
                ),
                key=lambda scored: (-scored[0], scored[1]),
            )
            found += [
                Doubt(matching.old[one].id, other, round(score, 3))
                for score, other in ranked[:DOUBTS]
                if score >= max(DOUBTFUL, ranked[0][0] - MARGIN)
                or (score >= HARDLY and matching.vouching(one, other) == 2)
                or self._is_a_mark_in_its_place(one, other)
            ]
            found += self._held_elsewhere(one)
        return tuple(sorted(found, key=lambda doubt: (-doubt.score, doubt.id, doubt.position)))

    def _is_a_mark_in_its_place(self, one: int, other: int) -> bool:
        """Whether both are so short, numbers or names, that nothing need be alike, and stand between the same two."""
        matching = self._matching
        short = max(len(matching.old_words[one]), len(matching.new_words[other])) < SHINGLE
        return short and matching.vouching(one, other, reach=0) == 2

    def _held_elsewhere(self, one: int) -> list[Doubt]:
        """The passages that may have taken in the words of the lost passage *one*, or that may be it after all.

        The latter, where they read more like it than like the passage whose id they keep.
        """
        matching = self._matching
        words = matching.old_words[one]
        found: list[Doubt] = []
        for other in {*self._all_new.sharing(words), *self._at_an_end.get(words, ())}:
            if not matching.comparable(one, other):
                continue
            own = matching.old_words[matching.back[other]] if other in matching.back else ""
            now = matching.new_words[other]
            held = held_in_row(words, now)
            longer = len(words) < len(now)
            taken_in = held >= HELD and longer and (held_in_row(words, own) < HELD if len(words) >= SHINGLE else True)
            instead = own not in ("", now) and similarity(words, now) > similarity(own, now)
            if taken_in or instead:
                found.append(Doubt(matching.old[one].id, other, round(held, 3)))
        return sorted(found, key=lambda doubt: (-doubt.score, doubt.position))[:DOUBTS]

    @cached_property
    def _at_an_end(self) -> dict[str, list[int]]:
        """Where rows of a few words stand at the head or the end of a longer passage and did not before."""
        matching = self._matching
        found: dict[str, list[int]] = defaultdict(list)
        for other, now in enumerate(matching.new_words):
            own = matching.old_words[matching.back[other]] if other in matching.back else ""
            for length in range(1, min(SHINGLE, len(now) - 1) + 1):
                if not own.startswith(now[:length]):
                    found[now[:length]].append(other)
                if not own.endswith(now[-length:]):
                    found[now[-length:]].append(other)
        return {words: places for words, places in found.items() if len(places) <= DOUBTS}

    def near(self, lost: Sequence[int]) -> dict[str, tuple[int, ...]]:
        """The passages of the new edition that read most like each lost one, twins among them; never its successors."""
        matching = self._matching
        found: dict[str, tuple[int, ...]] = {}
        for one in lost:
            alike = {*self._all_new.sharing(matching.old_words[one]), *self._candidates.get(one, ())}
            ranked = sorted((-matching.score(one, other), other) for other in alike)
            close = tuple(other for score, other in ranked[:DOUBTS] if -score >= DOUBTFUL)
            if close:
                found[matching.old[one].id] = close
        return found

    def _gather(self) -> None:
        """Find, for every free passage, those worth comparing: sharing rows of words, or standing in its place."""
        matching = self._matching
        free_new = matching.free_new()
        shingles = Shingles((place, matching.new_words[place]) for place in free_new)
        candidates: dict[int, set[int]] = defaultdict(set)
        for one in matching.free_old():
            candidates[one].update(shingles.sharing(matching.old_words[one]))
        for olds, news in matching.gaps():
            even = len(olds) == len(news)
            for rank, one in enumerate(olds):
                if max(len(olds), len(news)) <= GAP:
                    candidates[one].update(news)
                elif even:
                    candidates[one].update(news[max(rank - BESIDE, 0) : rank + BESIDE + 1])
        for one in matching.free_old():
            if (traded := matching.traded(one)) is not None:
                candidates[one].add(traded)
        self._candidates = {
            one: {other for other in others if matching.comparable(one, other)} for one, others in candidates.items()
        }
        for one, others in self._candidates.items():
            for other in others:
                self._rivals[other].append(one)

    def _is_sure(self, one: int, other: int) -> bool:
        matching = self._matching
        # What stood elsewhere word for word in the old edition is its copy, however alike this one is.
        if matching.new_texts[other] in self._texts_before:
            return False
        score = matching.score(one, other)
        if self._swapped(one, other):
            return True
        if self._in_its_place(one, other):
            return score >= IN_PLACE or self._letters(one, other) >= IN_PLACE_LETTERS
        if score < min(ALIKE.values()):
            return False
        vouching = self._vouching(one, other)
        if vouching:
            short = min(len(matching.old_words[one]), len(matching.new_words[other])) < SHORT_WORDS
            needed = ALIKE[vouching] + (SHORT_MORE if short else 0.0)
            return score >= needed and self._leads(one, other, vouching)
        if (one, other) not in self._itself:
            self._itself[one, other] = self._is_itself(one, other, score)
        return self._itself[one, other]

    def _in_its_place(self, one: int, other: int) -> bool:
        """Whether both stand alone between the same two passages that stay, or the new one where a swap put it."""
        matching = self._matching
        alone = self._ranks.get(one) == other and matching.vouching(one, other, reach=0) == 2
        return alone or matching.traded(one) == other

    def _swapped(self, one: int, other: int) -> bool:
        """Whether a passage and another that is not known either traded places: both are alike, crosswise."""
        matching = self._matching
        here, there = matching.instead(one), matching.instead_of_new(other)
        if here is None or there is None or not matching.is_free(here) or there in matching.to:
            return False
        straight = max(matching.score(one, here), matching.score(there, other))
        crosswise = min(matching.score(one, other), matching.score(there, here))
        return crosswise >= ALIKE[2] and crosswise - straight >= MARGIN and matching.comparable(there, here)

    def _letters(self, one: int, other: int) -> float:
        """How alike the letters of two passages are, 0 to 1: all that a passage of a word or two has to be told by."""
        mine, theirs = (text[:MOST_LETTERS] for text in self._texts(one, other))
        return float(Indel.normalized_similarity(mine.casefold(), theirs.casefold()))

    def _texts(self, one: int, other: int) -> tuple[str, str]:
        return self._matching.old_texts[one], self._matching.new_texts[other]

    def _is_itself(self, one: int, other: int, score: float) -> bool:
        """Whether a passage is known by its words alone: long, hardly changed, unlike all others of both editions."""
        matching = self._matching
        words = min(len(matching.old_words[one]), len(matching.new_words[other]))
        slips = words >= SLIP_WORDS and differs_by_slips(matching.old_texts[one], matching.new_texts[other])
        if score < ALONE or not (slips or words >= ALONE_WORDS):
            return False
        rivals = [(one, rival) for rival in self._all_new.sharing(matching.old_words[one]) if rival != other]
        rivals += [(rival, other) for rival in self._all_old.sharing(matching.new_words[other]) if rival != one]
        return all(score - matching.score(*rival) >= ALONE_MARGIN for rival in rivals)

    @cached_property
    def _all_old(self) -> Shingles:
        return Shingles(enumerate(self._matching.old_words))

    @cached_property
    def _all_new(self) -> Shingles:
        return Shingles(enumerate(self._matching.new_words))

    def _vouching(self, one: int, other: int) -> int:
        matching = self._matching
        if self._ranks.get(one) == other or matching.traded(one, perhaps=True) == other:
            return 2
        return 2 if matching.in_one_gap(one, other) else matching.vouching(one, other)

    def _leads(self, one: int, other: int, vouching: int) -> bool:
        """Whether a pair is more alike than every other that either of the two could make.

        By a margin; a small one where as many passages stand in the gap as stood there and both are the n-th of them,
        like the rows of a table that was revised. Or nearly as much, where fewer neighbours vouch for the rival: two
        passages that read the same and were changed in the same way are told apart by their places.
        """
        matching = self._matching
        score = matching.score(one, other)
        margin = RANK_MARGIN if self._ranks.get(one) == other else MARGIN
        rivals = [(one, rival) for rival in self._candidates[one] if rival != other]
        rivals += [(rival, other) for rival in self._rivals[other] if rival != one]
        for rival in rivals:
            ahead = score - matching.score(*rival)
            if ahead < margin and (ahead < -BEHIND or self._vouching(*rival) >= vouching):
                return False
        return True


_WORD = re.compile(r"\w+")


def differs_by_slips(one: str, other: str) -> bool:
    """Whether two texts differ by slips of the pen alone: marks of punctuation, a letter or two in a long word.

    A number, a word with a capital, a short word ("no", "not") or a word more or less is more than that.
    """
    mine, theirs = _WORD.findall(one), _WORD.findall(other)
    return len(mine) == len(theirs) and all(
        a == b
        or (
            min(len(a), len(b)) >= LONG_WORD
            and a.islower()
            and b.islower()
            and Levenshtein.distance(a, b, score_cutoff=SLIP_LETTERS) <= SLIP_LETTERS
        )
        for a, b in zip(mine, theirs, strict=True)
    )
