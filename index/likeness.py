"""How alike two passages are: longest common subsequences over words, each distinct word coded as one character.

Words are compared case-folded and composed, without punctuation; a text without words is compared by its characters.
rapidfuzz (MIT) does the counting, on strings, in C++.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, LCSseq

SHORT_WORDS = 12  # a passage of fewer words is compared by its letters too: one word more or less weighs much in it
PAIR = 2  # words in a row that count as held
SHINGLE = 3  # words in a row that two passages must share to be compared
COMMON = 40  # a shingle in more passages than this says nothing (formulas, headers of tables)
MOST_COMPARED = 100_000_000  # words of one passage times words of the other: a tenth of a second
MOST_IN_ROW = 400  # words that are slid along another passage; more are known by their pairs
RIVALS = 8  # candidates looked at for one passage

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u0655]+[^\W_]*)*")


class Wordbook:
    """Gives every distinct word a character of its own, so that a passage's words are one string."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def coded(self, text: str) -> str:
        """The words of *text* in order, a character each."""
        normal = unicodedata.normalize("NFC", text).casefold()
        words = _WORD.findall(normal) or list(normal)
        codes = self._codes
        # From U+E000 on: no surrogates, whose range no string should hold, and a million places.
        return "".join([codes.setdefault(word, chr(0xE000 + len(codes) % 0xF0000)) for word in words])


def likeness(one: str, other: str, text: str, other_text: str) -> float:
    """How alike two passages are, 0 to 1: common words in order, twice, by the words of both.

    *one* and *other* are coded; for short passages the mean of that and the same measure over characters of the
    texts is taken.
    """
    words = similarity(one, other)
    if min(len(one), len(other)) >= SHORT_WORDS:
        return words
    return (words + Indel.normalized_similarity(text.casefold(), other_text.casefold())) / 2


def similarity(one: str, other: str) -> float:
    """Common words in order, twice, by the words of both: 0 to 1 (both coded).

    Of passages as long as books, pairs of neighbouring words are compared, in whatever order.
    """
    if len(one) * len(other) > MOST_COMPARED:
        return (held_share([one], other) + held_share([other], one)) / 2
    return float(Indel.normalized_similarity(one, other))


class Shingles:
    """Finds, among coded passages, those that share rows of words with another."""

    def __init__(self, passages: Iterable[tuple[int, str]]) -> None:
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, coded in passages:
            for shingle in _shingles(coded):
                self._places[shingle].append(place)

    def sharing(self, coded: str) -> list[int]:
        """The places of the passages that share most with *coded*, best first, RIVALS at most."""
        shared: Counter[int] = Counter()
        for shingle in _shingles(coded):
            places = self._places.get(shingle, ())
            if len(places) <= COMMON:
                shared.update(places)
        return [place for place, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:RIVALS]]


def shares_row(one: str, other: str) -> bool:
    """Whether two coded passages share a row of SHINGLE words, or the shorter one stands in the other."""
    return any(row in other for row in _shingles(one))


def _shingles(coded: str) -> set[str]:
    if len(coded) < SHINGLE:
        return {coded}
    return {coded[start : start + SHINGLE] for start in range(len(coded) - SHINGLE + 1)}


def longest_rising(values: Sequence[int]) -> list[int]:
    """The places of a longest strictly rising subsequence of *values* (patience sorting)."""
    tails: list[int] = []
    tail_places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        rank = bisect_left(tails, value)
        before.append(tail_places[rank - 1] if rank else -1)
        if rank == len(tails):
            tails.append(value)
            tail_places.append(place)
        else:
            tails[rank] = value
            tail_places[rank] = place
    chain: list[int] = []
    place = tail_places[-1] if tail_places else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def common(one: str, other: str) -> int:
    """How many words two coded passages share in the same order; of very long ones about as many."""
    if len(one) * len(other) > MOST_COMPARED:
        return round(held_share([one], other) * len(one))
    return int(LCSseq.similarity(one, other))


def held_in_row(words: str, holder: str) -> float:
    """How alike *words* and the most similar row of as many words of *holder* are, 0 to 1 (both coded)."""
    if len(words) > MOST_IN_ROW:
        return held_share([words], holder)
    return float(fuzz.partial_ratio(words, holder)) / 100 if len(words) <= len(holder) else similarity(words, holder)


def shared_runs(words: str, holder: str) -> list[str]:
    """The runs of two words and more of *holder* that stand in *words* too, in the same order (both coded).

    None for passages as long as books, whose comparison would need too much memory.
    """
    if len(words) * len(holder) > MOST_COMPARED:
        return []
    blocks = Indel.editops(words, holder).as_matching_blocks()
    return [holder[block.b : block.b + block.size] for block in blocks if block.size >= PAIR]


def held_share(pieces: Iterable[str], holder: str) -> float:
    """Which share of the pairs of neighbouring words in *pieces* stands in *holder* too, 0 to 1 (all coded).

    Pairs, because in a long passage some row of single words is found for any short one.
    """
    wanted = [piece[start : start + PAIR] for piece in pieces for start in range(len(piece) - PAIR + 1)]
    held = {holder[start : start + PAIR] for start in range(len(holder) - PAIR + 1)}
    return sum(pair in held for pair in wanted) / len(wanted) if wanted else 0.0
