"""Passages that were cut in two or joined between two editions.

A passage counts as cut when neighbouring new passages, read one after the other, are nearly its words, and each of
them adds words of its own; joined is the same the other way round. Whether it happened is decided on words alone,
where they are many and nearly all there, and with a neighbour's word where they are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.likeness import Shingles, common, held_in_row, similarity
from index.matching import MOST_TWINS, REACH, Matching

WHOLE = 0.80  # likeness of a passage to its parts read together
WHOLE_WITHOUT_NEIGHBOURS = 0.93
WORDS_WITHOUT_NEIGHBOURS = 12
WHOLE_AGAIN = 0.90  # likeness of another passage that may be the whole itself, reworded
OWN_SHARE = 0.75  # likeness of a part to the row of words in the whole that it was cut from, or is now
FIRST_SHARE = 0.20  # of the words must stand in the first part for it to keep the id
HELD = 0.80  # likeness of a lost passage to the row of words in another one that must have taken it in
LATE_MARGIN = 0.15  # by which that other one must have held it less before
HELD_WORDS = 4  # shorter ones are held by anything
OWN_WORDS_IN_ROW = 12  # so many words in a row stand nowhere else by chance
MOST_PARTS = 6
MOST_WHOLE_WORDS = 20_000  # longer passages are not looked for in rows of others to the word


@dataclass(frozen=True, slots=True)
class _Roles:
    """One passage against a row of the other edition: the same search serves for cutting and for joining."""

    whole_words: Sequence[str]
    part_words: Sequence[str]
    whole_stands_apart: Callable[[int], bool]  # whether the whole reads like no other of its edition
    stands_apart: Callable[[int], bool]  # whether a part reads like no other of its edition
    is_free: Callable[[int], bool]  # whether a part may be used
    fits: Callable[[int, int], bool]  # (whole, part) may be compared
    is_twin: Callable[[int, list[int]], bool]  # whether one of them stands elsewhere too, word for word
    vouched: Callable[[int, list[int], int], int]  # how many outer neighbours agree, looking so far


def find_parts(matching: Matching, *, to_the_word: bool = False) -> dict[int, tuple[int, ...]]:
    """Old places whose passage was cut, each with the new places of its parts, the one that keeps the id first.

    That is the first part, or where this is but a number or a few words, the longest. With *to_the_word*, only those
    whose parts together have its words to the last.
    """
    roles = _Roles(
        matching.old_words,
        matching.new_words,
        lambda whole: not matching.is_twin_of_old(whole),
        lambda part: not matching.is_twin_of_new(part),
        matching.is_free,
        matching.comparable,
        lambda whole, parts: matching.is_twin_of_old(whole) or any(map(matching.is_twin_of_new, parts)),
        lambda whole, parts, reach: (
            matching.neighbour_agrees(whole, parts[0], -1, reach)
            + matching.neighbour_agrees(whole, parts[-1], 1, reach)
        ),
    )
    found: dict[int, tuple[int, ...]] = {}
    exact = _Rows(matching.free_new(), roles)
    shingles = Shingles((place, matching.new_words[place]) for place in matching.free_new())
    for whole in matching.free_old():
        parts = exact.row(whole) or ([] if to_the_word else _row(whole, shingles, roles))
        if parts and not _stands_whole(whole, parts, shingles, roles):
            keeper = parts[0]
            if len(matching.new_words[keeper]) < FIRST_SHARE * len(matching.old_words[whole]):
                keeper = max(parts, key=lambda place: len(matching.new_words[place]))
            rest = [place for place in parts if place != keeper]
            found[whole] = (keeper, *rest)
            matching.pair(whole, keeper)
            matching.parts.update(rest)
    return found


def find_joined(matching: Matching, *, to_the_word: bool = False) -> dict[int, int]:
    """Old places whose words were joined to those of the passage before, with the new place. The first is paired.

    With *to_the_word*, only where the joined passage has the words of all to the last.
    """
    roles = _Roles(
        matching.new_words,
        matching.old_words,
        lambda whole: not matching.is_twin_of_new(whole),
        lambda part: not matching.is_twin_of_old(part),
        lambda place: place not in matching.to and place not in matching.spent,
        lambda whole, part: matching.comparable(part, whole),
        lambda whole, parts: matching.is_twin_of_new(whole) or any(map(matching.is_twin_of_old, parts)),
        lambda whole, parts, reach: (
            matching.neighbour_agrees(parts[0], whole, -1, reach)
            + matching.neighbour_agrees(parts[-1], whole, 1, reach)
        ),
    )
    found: dict[int, int] = {}
    exact = _Rows(matching.free_old(), roles)
    shingles = Shingles((place, matching.old_words[place]) for place in matching.free_old())
    for whole in matching.free_new():
        parts = exact.row(whole) or ([] if to_the_word else _row(whole, shingles, roles))
        if parts and not _stands_whole(whole, parts, shingles, roles):
            matching.pair(parts[0], whole)
            matching.spent.update(parts[1:])
            found.update(dict.fromkeys(parts[1:], whole))
    return found


def find_late(matching: Matching) -> tuple[dict[int, tuple[int, ...]], dict[int, int]]:
    """Lost old passages that a reworded one took in, and new ones that a reworded one gave off.

    For what `find_parts` and `find_joined` could not see because more had changed. Only words that the reworded
    passage did not have before (or has no more) count.
    """
    joined = _attached(matching)
    joined.update(_taken_in(matching))
    reworded = [
        (one, other) for one, other in matching.to.items() if matching.old_texts[one] != matching.new_texts[other]
    ]
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
    for one, other in _shifted(matching):
        if one not in parts:
            parts[one] = (matching.to[one], other)
    return parts, joined


def _shifted(matching: Matching) -> Iterator[tuple[int, int]]:
    """Old passages whose end, or beginning, stands in their neighbour now, to the word, and where it stands."""
    for one, other in matching.to.items():
        was, now = matching.old_words[one], matching.new_words[other]
        if not now or len(now) >= len(was):
            continue
        for step in (1, -1):
            beside = other + step
            rest = was[len(now) :] if step > 0 else was[: -len(now)]
            kept = was.startswith(now) if step > 0 else was.endswith(now)
            if not (kept and beside in matching.back and matching.comparable(one, beside)):
                continue
            there, before = matching.new_words[beside], matching.old_words[matching.back[beside]]
            holds = there.startswith(rest) if step > 0 else there.endswith(rest)
            held = before.startswith(rest) if step > 0 else before.endswith(rest)
            if holds and not held:
                yield one, beside
                break


def _taken_in(matching: Matching) -> dict[int, int]:
    """Lost old passages that stand word for word inside one new passage, wherever that is, and in no other.

    They are long, and no other old passage held their words. What is new and half made of one keeps its id.
    """
    found: dict[int, int] = {}
    long = [lost for lost in matching.free_old() if len(matching.old_words[lost]) >= OWN_WORDS_IN_ROW]
    if not long:
        return found
    all_new = Shingles(enumerate(matching.new_words))
    all_old = Shingles(enumerate(matching.old_words))
    for lost in long:
        words = matching.old_words[lost]
        holders = [other for other in all_new.sharing(words) if words in matching.new_words[other]]
        before = [one for one in all_old.sharing(words) if one != lost and words in matching.old_words[one]]
        if len(holders) != 1 or before or not matching.comparable(lost, holders[0]):
            continue
        if matching.is_free(holders[0]) and 2 * len(words) >= len(matching.new_words[holders[0]]):
            matching.pair(lost, holders[0])
        else:
            found[lost] = holders[0]
            matching.spent.add(lost)
    return found


def _attached(matching: Matching) -> dict[int, int]:
    """Lost old passages that stand word for word at the end, or the head, of what their neighbour became.

    However short they are: no other passage stood there.
    """
    joined: dict[int, int] = {}
    for step in (1, -1):
        for lost in matching.free_old()[::step]:
            neighbour = lost - step
            other = matching.to.get(neighbour, joined.get(neighbour))
            if other is None or not matching.comparable(lost, other):
                continue
            text, now = matching.old_texts[lost], matching.new_texts[other]
            before = matching.old_texts[neighbour]
            at_end = now.endswith(f" {text}") and not before.endswith(text)
            at_head = now.startswith(f"{text} ") and not before.startswith(text)
            if (at_end if step > 0 else at_head) and len(now) > max(len(before), len(text) + 1):
                joined[lost] = other
                matching.spent.add(lost)
    return joined


def _took_in(words: str, holder: str, otherwise: str) -> bool:
    """Whether *holder* holds *words*, and not only because *otherwise*, the same passage at the other time, did."""
    return held_in_row(words, holder) >= HELD and held_in_row(words, otherwise) < HELD - LATE_MARGIN


class _Rows:
    """Finds the neighbouring parts whose words, one part after the other, are a whole's to the last.

    However short they are: that rows of words begin and end where two passages meet is no chance.
    """

    def __init__(self, parts: Sequence[int], roles: _Roles) -> None:
        self._roles = roles
        self._places: dict[str, list[int]] = defaultdict(list)
        for place in parts:
            self._places[roles.part_words[place]].append(place)
        self._lengths = sorted({len(words) for words in self._places})

    def row(self, whole: int) -> list[int]:
        """The one row that makes up *whole*; empty where there is none, several, or one that may be another's."""
        words = self._roles.whole_words[whole]
        found: list[list[int]] = []
        for length in self._lengths:
            if length >= len(words) or len(words) > MOST_WHOLE_WORDS:
                break
            for start in self._places.get(words[:length], ())[:MOST_TWINS]:
                if row := self._from(start, whole):
                    found.append(row)
        return found[0] if len(found) == 1 and self._is_sure(whole, found[0]) else []

    def _from(self, start: int, whole: int) -> list[int]:
        roles = self._roles
        words = roles.whole_words[whole]
        row: list[int] = []
        done = 0
        place = start
        while done < len(words):
            if len(row) == MOST_PARTS or place >= len(roles.part_words):
                return []
            part = roles.part_words[place]
            if not (part and words.startswith(part, done) and roles.is_free(place) and roles.fits(whole, place)):
                return []
            row.append(place)
            done += len(part)
            place += 1
        return row

    def _is_sure(self, whole: int, row: list[int]) -> bool:
        roles = self._roles
        if not roles.whole_stands_apart(whole):
            return roles.vouched(whole, row, 0) == 2
        apart = [place for place in row if roles.stands_apart(place)]
        if not apart:
            return roles.vouched(whole, row, 0) == 2
        long = len(roles.whole_words[whole]) >= WORDS_WITHOUT_NEIGHBOURS
        return (long and max(len(roles.part_words[place]) for place in apart) >= HELD_WORDS) or (
            roles.vouched(whole, row, REACH) > 0
        )


def _stands_whole(whole: int, row: Sequence[int], shingles: Shingles, roles: _Roles) -> bool:
    """Whether a passage that may be used, besides those of the *row*, is nearly the whole itself."""
    words = roles.whole_words[whole]
    return any(
        place not in row
        and roles.is_free(place)
        and roles.fits(whole, place)
        and similarity(words, roles.part_words[place]) >= WHOLE_AGAIN
        for place in shingles.sharing(words)
    )


def _row(whole: int, shingles: Shingles, roles: _Roles) -> list[int]:
    """The row of neighbouring parts that together read like *whole*; empty where there is none."""
    words = roles.whole_words[whole]
    tried: set[int] = set()
    for start in sorted(shingles.sharing(words)):
        if start in tried or not (roles.is_free(start) and roles.fits(whole, start)):
            continue
        row = [start]
        together = roles.part_words[start]
        # What is as long as the whole leaves nothing for another part.
        if len(together) >= len(words) or held_in_row(together, words) < OWN_SHARE:
            continue
        for step in (1, -1):
            place = start + step
            while len(row) < MOST_PARTS and place >= 0 and place < len(roles.part_words):
                if not (roles.is_free(place) and roles.fits(whole, place)):
                    break
                part = roles.part_words[place]
                longer = together + part if step > 0 else part + together
                gain = common(words, longer) - common(words, together)
                if min(gain / len(part), held_in_row(part, words)) < OWN_SHARE:
                    break
                row.insert(len(row) if step > 0 else 0, place)
                together = longer
                place += step
        tried.update(row)
        row = _without_idle_ends(words, row, roles.part_words)
        if len(row) < 2:
            continue
        alike = similarity(words, "".join(roles.part_words[place] for place in row))
        alone = alike >= WHOLE_WITHOUT_NEIGHBOURS and len(words) >= WORDS_WITHOUT_NEIGHBOURS
        if roles.is_twin(whole, row):
            # What stands elsewhere too is only known by its place.
            if alike >= WHOLE and roles.vouched(whole, row, 0) == 2:
                return row
        elif alone or (alike >= WHOLE and roles.vouched(whole, row, REACH) > 0):
            return row
    return []


def _without_idle_ends(words: str, row: list[int], part_words: Sequence[str]) -> list[int]:
    """The row without parts at its ends whose words the others account for."""
    while len(row) > 1:
        whole = common(words, "".join(part_words[place] for place in row))
        for rest, end in ((row[1:], row[0]), (row[:-1], row[-1])):
            gain = whole - common(words, "".join(part_words[place] for place in rest))
            if gain < OWN_SHARE * len(part_words[end]):
                row = rest
                break
        else:
            return row
    return row
