"""Finds the few words of a text that are wanted without reading all the others.

`index.analyzers.words_where` looks at each raw token of a text. Here the text is searched for the beginnings of the
wanted words instead, which costs next to nothing where they are not. A plain word, letters and digits of ASCII with
neither of the signs beside it that glue a raw token together, is then compared by itself; whatever else a raw token
may be made of (letters with accents, apostrophes, brackets inside a word, thousands) is read as the index read it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.mending import has_arabic_script
from index.analyzers import TERM_CHARACTERS_MAX, Word, analyse_again, words_inside, words_where

_GROUPED_BY = 3  # letters: words that share them are searched for together
_GROUPS_MAX = 60  # with more, reading each word once is quicker
# Signs that glue a raw token together where they stand inside it.
_GLUE = frozenset("'`[]‘’")
# Neither these nor, outside the glue, anything of ASCII but the underscore makes more of a word than it seems.
_HARMLESS = "“”„«»–—…§†‡•°©®£€"
_BEYOND = 0xFFFF  # stands for all characters from here on
_SUSPECT = np.ones(_BEYOND + 1, bool)
_SUSPECT[:0x80] = False
_SUSPECT[list(map(ord, _HARMLESS))] = False
_SUSPECT[[ord("_"), *map(ord, _GLUE)]] = True
_ARABIC = "\u0600"  # where the first of the blocks with Arabic script begins
_THOUSAND = re.compile(r",(?=\d)(?<=\d,)")
_REST = re.compile(r"[0-9a-z]*")
_start = attrgetter("start")
_place = itemgetter(0)


class Spotter:
    """Finds the words whose raw token is *wanted* in many texts.

    *forms* are all plain words (folded, ASCII) for which *wanted* holds.
    """

    def __init__(self, forms: Collection[str], wanted: Mapping[str, bool]) -> None:
        self._wanted = wanted
        self.were_plain = False  # whether the texts read last are known to have no Arabic script
        self._known: dict[str, Word] = {}
        groups: dict[str, list[str]] = {}
        for form in forms:
            if form.isascii() and form.isalnum():
                groups.setdefault(form[:_GROUPED_BY], []).append(form)
        # Of each group what all its words begin with, and the words.
        self._groups = [(_shared(min(these), max(these)), frozenset(these)) for these in groups.values()]
        self._spots = len(groups) <= _GROUPS_MAX and all(len(form) < TERM_CHARACTERS_MAX for form in forms)

    def words(self, text: str) -> list[Word]:
        """As `words_where(text, wanted)` gives them."""
        return self.words_of((text,))[0]

    def words_of(self, texts: Sequence[str]) -> list[list[Word]]:
        """The same of several *texts*; quicker than one by one, where they are short."""
        together = texts[0] if len(texts) == 1 else " ".join(texts)  # a blank is in no raw token
        suspects = _suspects(together)
        self.were_plain = not (
            any(together[at] >= _ARABIC and together[at] not in _GLUE for at in suspects)
            and has_arabic_script(together)
        )
        if not self._spots or not self.were_plain:
            return [words_where(text, self._wanted) for text in texts]
        ends = list(accumulate(len(text) + 1 for text in texts))
        found: list[list[Word]] = [[] for _ in texts]
        runs = [*_runs(together, suspects)]
        for start, end in runs:
            for word in words_inside(together, start, end, self._wanted):
                number = bisect_right(ends, word.start)
                begin = ends[number] - len(texts[number]) - 1
                found[number].append(Word(word.start - begin, word.end - begin, word.exact, word.stems))
        number, begin = 0, 0
        for at, end, word in self._plain(together, runs):
            while at >= ends[number]:
                begin = ends[number]
                number += 1
            found[number].append(Word(at - begin, end - begin, word.exact, word.stems))
        if runs:
            for words in found:
                words.sort(key=_start)
        return found

    def _plain(self, text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int, Word]]:
        """Start, end and terms of the plain words outside *runs*, in order."""
        # What is not ASCII is in no plain word: making all of it small takes longer than all the rest.
        lower = (text if text.isascii() else text.encode("ascii", "replace").decode("ascii")).lower()
        if runs:
            lower = _blanked(lower, runs)
        found: list[tuple[int, int, Word]] = []
        find, rest = lower.find, _REST.match
        for begin, forms in self._groups:
            alone = len(forms) == 1
            length = len(begin)
            at = find(begin)
            while at >= 0:
                end = at + length
                if not (at and lower[at - 1].isalnum()):
                    if alone:
                        if not lower[end : end + 1].isalnum():
                            found.append((at, end, self._word(begin)))
                    else:
                        end = rest(lower, end).end()  # type: ignore[union-attr]  # it matches anywhere
                        plain = lower[at:end]
                        if plain in forms:
                            found.append((at, end, self._word(plain)))
                at = find(begin, end)
        if len(self._groups) > 1:
            found.sort(key=_place)
        return found

    def _word(self, plain: str) -> Word:
        word = self._known.get(plain)
        if word is None:
            (word,) = analyse_again(plain).words
            self._known[plain] = word
        return word


def _shared(one: str, other: str) -> str:
    """The beginning that both have; of the first and the last of several words in order, that of all."""
    for place, (char, beside) in enumerate(zip(one, other, strict=False)):
        if char != beside:
            return one[:place]
    return min(one, other, key=len)


def _blanked(text: str, runs: list[tuple[int, int]]) -> str:
    """*text* with blanks in the place of *runs*."""
    pieces: list[str] = []
    done = 0
    for start, end in runs:
        pieces += (text[done:start], " " * (end - start))
        done = end
    return "".join((*pieces, text[done:]))


def _suspects(text: str) -> list[int]:
    """Where signs stand that make more of a word than it seems, in order."""
    suspects = []
    if not text.isascii() or "'" in text or "[" in text or "]" in text or "_" in text or "`" in text:
        suspects = [
            at
            for at in np.flatnonzero(_SUSPECT.take(_codes(text))).tolist()
            if text[at] not in _GLUE or (at and _may_be_inside(text[at - 1]) and _may_be_inside(text[at + 1 : at + 2]))
        ]
    if thousands := [match.start() for match in _THOUSAND.finditer(text)]:
        suspects = sorted(suspects + thousands)
    return suspects


def _codes(text: str) -> NDArray[Any]:
    """The code of each character of *text*, for those beyond a limit the limit."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    pairs = text.encode("utf-16-le", "surrogatepass")
    if len(pairs) == 2 * len(text):
        return np.frombuffer(pairs, "<u2")
    codes: NDArray[Any] = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4"), _BEYOND)
    return codes


def _may_be_inside(char: str) -> bool:
    """Whether *char* may stand beside glue inside a raw token."""
    return char.isalnum() or char == "_" or char in _GLUE


def _runs(text: str, suspects: list[int]) -> Iterator[tuple[int, int]]:
    """The pieces of *text* between blanks in which *suspects* stand, in order and apart."""
    end = 0
    for at in suspects:
        if at >= end:
            start = text.rfind(" ", end, at) + 1 or end  # a blank is in no raw token
            end = text.find(" ", at)
            if end < 0:
                end = len(text)
            yield start, end
