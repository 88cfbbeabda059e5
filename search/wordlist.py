"""All words of a field, to find those that are spelt nearly like another.

Counting the letters in which two words differ is quick, and a hundred thousand words are many. A word that differs
from another in *n* letters differs in length by no more than n, and in which letters it is made of by no more than 2n
(one letter changed takes one away and brings another; two swapped change nothing): what fails that is left out first,
for all words at once. The letters of a word are 64 bits, one for all characters whose code has the same last six bits.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

_BITS = np.uint32(63)


class WordList:
    """The words of one field of one generation. Costs time in proportion to their letters when made."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words, key=len)
        lengths = np.array([len(word) for word in self._words], np.int64)
        self._lengths = lengths
        begins = np.cumsum(lengths) - lengths
        # The bits of all letters, one word after another, then joined word by word.
        bits = _bits("".join(self._words))
        self._letters = np.bitwise_or.reduceat(bits, begins) if len(bits) else np.zeros(0, np.uint64)

    def nearest(self, word: str, edits: int) -> list[str]:
        """The words that differ from *word* in at most *edits* letters, the nearest first.

        A letter put in, left out, changed, or two neighbours swapped count as one (optimal string alignment).
        """
        low, high = np.searchsorted(self._lengths, (len(word) - edits, len(word) + edits + 1)).tolist()
        own = np.bitwise_or.reduce(_bits(word)) if word else np.uint64(0)
        alike = np.flatnonzero(np.bitwise_count(self._letters[low:high] ^ own) <= 2 * edits) + low
        words = [self._words[number] for number in alike.tolist()]
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return [term for term, distance, _ in sorted(found, key=lambda one: (one[1], one[0]))]


def _bits(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """For each character of *text* its bit."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.left_shift(np.uint64(1), (codes & _BITS).astype(np.uint64))
