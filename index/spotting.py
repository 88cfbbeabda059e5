"""Finds the few words of a text that are wanted without reading all the others.

`index.analyzers.words_where` looks at each raw token of a text. Here the text is searched for the beginnings of the
wanted words instead, which costs next to nothing where they are not. A plain word, letters and digits of ASCII with
neither of the signs beside it that glue a raw token together, is then compared by itself; whatever else a raw token
may be made of (letters with accents, apostrophes, brackets inside a word, thousands) is read as the index read it.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import attrgetter, itemgetter

from corpus.mending import has_arabic_script
from index.analyzers import TERM_CHARACTERS_MAX, Word, analyse_again, words_inside, words_where

_GROUPED_BY = 3  # letters: words that share them are searched for together
_GROUPS_MAX = 60  # with more, reading each word once is quicker
# Signs that glue a raw token together where they stand inside it.
_GLUE = "'`\\[\\]‘’"
# Neither these nor, outside that, anything of ASCII but the underscore makes more of a word than it seems.
_HARMLESS = "“”„«»–—…§†‡•°©®£€"
_SUSPECT = re.compile(
    rf"[^\x00-&(-Z\\^a-\x7f{_HARMLESS}](?:(?<=[^{_GLUE}])|(?<=[\w{_GLUE}].)(?=[\w{_GLUE}]))", re.DOTALL
)
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
        self._forms = frozenset(form for form in forms if form.isascii() and form.isalnum())
        self._known: dict[str, Word] = {}
        groups: dict[str, list[str]] = {}
        for form in self._forms:
            groups.setdefault(form[:_GROUPED_BY], []).append(form)
        self._begins = {group: _shared(min(these), max(these)) for group, these in groups.items()}
        self._spots = len(groups) <= _GROUPS_MAX and all(len(form) < TERM_CHARACTERS_MAX for form in forms)

    def words(self, text: str) -> list[Word]:
        """As `words_where(text, wanted)` gives them."""
        return self.words_of((text,))[0]

    def words_of(self, texts: Sequence[str]) -> list[list[Word]]:
        """The same of several *texts*; quicker than one by one, where they are short."""
        together = texts[0] if len(texts) == 1 else " ".join(texts)  # a blank is in no raw token
        suspects = _suspects(together)
        if not self._spots or (any(together[at] >= _ARABIC for at in suspects) and has_arabic_script(together)):
            return [words_where(text, self._wanted) for text in texts]
        ends = list(accumulate(len(text) + 1 for text in texts))
        found: list[list[Word]] = [[] for _ in texts]
        runs = [*_runs(together, suspects)]
        for start, end in runs:
            for word in words_inside(together, start, end, self._wanted):
                number = bisect_right(ends, word.start)
                begin = ends[number] - len(texts[number]) - 1
                found[number].append(Word(word.start - begin, word.end - begin, word.exact, word.stems))
        plain = self._plain(together, runs)
        for number, text in enumerate(texts):
            begin = ends[number] - len(text) - 1
            while plain and plain[-1][0] < ends[number]:
                at, end, word = plain.pop()
                found[number].append(Word(at - begin, end - begin, word.exact, word.stems))
        if runs:
            for words in found:
                words.sort(key=_start)
        return found

    def _plain(self, text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int, Word]]:
        """Start, end and terms of the plain words, those in *runs* left out; the last first."""
        # What is not ASCII is in no plain word: making all of it small takes longer than all the rest.
        lower = (text if text.isascii() else text.encode("ascii", "replace").decode("ascii")).lower()
        found = []
        forms, known, find, rest = self._forms, self._known, lower.find, _REST.match
        for group, begin in self._begins.items():
            at = find(begin)
            while at >= 0:
                end = rest(lower, at + len(begin)).end()  # type: ignore[union-attr]  # it matches anywhere
                plain = lower[at:end]
                if (
                    plain in forms
                    and plain[:_GROUPED_BY] == group
                    and not (at and lower[at - 1].isalnum())
                    and not (runs and _is_inside(runs, at))
                ):
                    word = known.get(plain)
                    if word is None:
                        (word,) = analyse_again(plain).words
                        known[plain] = word
                    found.append((at, end, word))
                at = find(begin, end)
        found.sort(key=_place, reverse=True)
        return found


def _shared(one: str, other: str) -> str:
    """The beginning that both have; of the first and the last of several words in order, that of all."""
    for place, (char, beside) in enumerate(zip(one, other, strict=False)):
        if char != beside:
            return one[:place]
    return min(one, other, key=len)


def _is_inside(runs: list[tuple[int, int]], at: int) -> bool:
    place = bisect_right(runs, (at, sys.maxsize))
    return place > 0 and at < runs[place - 1][1]


def _suspects(text: str) -> list[int]:
    """Where signs stand that make more of a word than it seems, in order."""
    suspects = []
    if not text.isascii() or "'" in text or "[" in text or "]" in text or "_" in text or "`" in text:
        suspects = [match.start() for match in _SUSPECT.finditer(text)]
    if thousands := [match.start() for match in _THOUSAND.finditer(text)]:
        suspects = sorted(suspects + thousands)
    return suspects


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
