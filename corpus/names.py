"""Finds listed names in a text, word by word, and tells which spellings of a name may be one transliteration.

Names are compared as folded words: case, accents, hyphens, possessives and Persian forms do not matter, but every word
must be there, in order, with nothing but a blank, a hyphen or an initial's stop between. The longest name wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, overload

from corpus.text import fold, folded

_Value = TypeVar("_Value")
# A word, or the letters of a dotted abbreviation (U.N.). Folded text has one kind of apostrophe.
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?|[^\W_]+(?:'[^\W_]+)*")
_JOINTS = frozenset((" ", "-", "' ", "'s ", " - ", "  "))
_PRINTED_APOSTROPHES = frozenset("'’‘ʼ`´")
_STOPS_OF_INITIALS = frozenset((". ", "."))  # M. J. Smith, Dr. Smith; after a longer word they end the sentence
_WIDEST_JOINT = 6  # characters, marks and joiners that nobody sees among them
_ARTICLES = frozenset(("the", "a", "an"))


@dataclass(frozen=True, slots=True)
class Words:
    """A text taken apart: folded words with the printed offsets of each, and what stands between them."""

    printed: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    joined: Sequence[bool]  # whether a name may go on from the word before

    def small(self) -> set[str]:
        """The words that are printed with a small first letter somewhere."""
        printed = self.printed
        return {word for word, start in zip(self.words, self.starts, strict=True) if printed[start].islower()}

    def is_capital(self, at: int) -> bool:
        """Whether the printed word *at* starts with a capital, or is of a script without any."""
        letter = self.printed[self.starts[at]]
        return letter.isupper() or (letter.isalpha() and not letter.islower())

    def is_all_capitals(self, at: int) -> bool:
        """Whether the word *at* is printed in capitals throughout, as in a telegram."""
        return self.ends[at] - self.starts[at] > 1 and self.printed[self.starts[at] : self.ends[at]].isupper()

    def is_possessive(self, at: int) -> bool:
        """Whether an apostrophe ends the word *at*: Iran's, the victims'."""
        return self.printed[self.ends[at] : self.ends[at] + 1] in _PRINTED_APOSTROPHES


class _Joints(Sequence[bool]):
    """Whether a name may go on from the word before each: looked at only where somebody asks."""

    def __init__(self, printed: str, words: list[str], starts: list[int], ends: list[int]) -> None:
        self._printed, self._words, self._starts, self._ends = printed, words, starts, ends

    def __len__(self) -> int:
        return len(self._words)

    @overload
    def __getitem__(self, at: int) -> bool: ...

    @overload
    def __getitem__(self, at: slice) -> list[bool]: ...

    def __getitem__(self, at: int | slice) -> bool | list[bool]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not 0 < at < len(self):
            if at == 0 and self._words:
                return False
            raise IndexError(at)
        first, last = self._ends[at - 1], self._starts[at]
        if last - first == 1 and self._printed[first] in " -":
            return True
        if last - first > _WIDEST_JOINT:
            return False
        gap = fold(self._printed[first:last])
        return gap in _JOINTS or (gap in _STOPS_OF_INITIALS and len(self._words[at - 1]) <= 2)


def words_of(text: str, hidden: Iterable[tuple[int, int]] = ()) -> Words:
    """The words of *text*; those inside a *hidden* span (an address, say) are left out."""
    view = folded(text)
    flat = view.text
    spans = [match.span() for match in _WORD.finditer(flat)]
    words = [flat[start:end] for start, end in spans]
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    if "'" in flat or "." in flat:
        for at, word in enumerate(words):
            if not word.isalnum():
                if word.endswith("'s"):
                    word, ends[at] = word[:-2], ends[at] - 2
                words[at] = word.replace("'", "").replace(".", "")
    if not isinstance(view.offsets, range):
        offsets = view.offsets
        starts, ends = [offsets[at] for at in starts], [max(offsets[at], offsets[at - 1] + 1) for at in ends]
    hidden = sorted(hidden)
    if hidden or "" in words:
        kept = [at for at in _outside(starts, ends, hidden) if words[at]]
        words, starts, ends = [words[at] for at in kept], [starts[at] for at in kept], [ends[at] for at in kept]
    return Words(text, words, starts, ends, _Joints(text, words, starts, ends))


def _outside(starts: list[int], ends: list[int], hidden: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The places of the words that touch no *hidden* span."""
    nearest = 0
    for at, first in enumerate(starts):
        while nearest < len(hidden) and hidden[nearest][1] <= first:
            nearest += 1
        if nearest == len(hidden) or hidden[nearest][0] >= ends[at]:
            yield at


@dataclass(frozen=True, slots=True)
class Found(Generic[_Value]):
    """A listed name in a text: words *first* to *last* (included) of its `Words`, `printed[start:end]`."""

    value: _Value
    first: int
    last: int
    start: int
    end: int


class NameFinder(Generic[_Value]):
    """Looks for many names at once, in time that grows with the text and the longest name, not with their number."""

    def __init__(self, names: Iterable[tuple[str, _Value]], *, capitals: bool = True) -> None:
        """*names* are pairs of a spelling and what it stands for; of one spelling the first pair counts.

        With *capitals*, a word that is listed with a capital must be printed with one ("Good", not "good"); an
        article need not.
        """
        self._capitals = capitals
        self._tree: dict[str, list[tuple[tuple[str, ...], tuple[bool, ...], _Value]]] = {}
        seen: set[tuple[str, ...]] = set()
        for name, value in names:
            parts = words_of(name)
            key = tuple(parts.words)
            if not key or key in seen:
                continue
            seen.add(key)
            needed = tuple(
                capitals and name[parts.starts[at]].isupper() and word not in _ARTICLES
                for at, word in enumerate(parts.words)
            )
            self._tree.setdefault(key[0], []).append((key, needed, value))
        for entries in self._tree.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: Words) -> Iterator[Found[_Value]]:
        """The names in *text*, in order and apart; where several start at one word, the longest."""
        tree, done = self._tree, 0
        for at in [at for at, word in enumerate(text.words) if word in tree]:
            if at >= done:
                found = self._longest(text, at, tree[text.words[at]])
                if found is not None:
                    yield found
                    done = found.last + 1

    def _longest(
        self, text: Words, at: int, entries: list[tuple[tuple[str, ...], tuple[bool, ...], _Value]]
    ) -> Found[_Value] | None:
        for key, needed, value in entries:
            end = at + len(key)
            if (
                tuple(text.words[at:end]) == key
                and all(text.joined[at + 1 : end])
                and all(text.is_capital(at + nth) for nth, capital in enumerate(needed) if capital)
            ):
                return Found(value, at, end - 1, min(text.starts[at:end]), max(text.ends[at:end]))
        return None


# Two letters that write one consonant, in the romanisations of Persian and Arabic in common use (ALA-LC, UN, and what
# newspapers print); what they become is only ever compared.
_DIGRAPHS = (
    ("tch", "ç"),
    ("ch", "ç"),
    ("sch", "š"),
    ("sh", "š"),
    ("kh", "x"),
    ("gh", "q"),
    ("zh", "j"),
    ("dj", "j"),
    ("dh", "z"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
)
_VOWEL_RUN = re.compile(r"(?!^y)[aeiouy]+(?:w(?![aeiouy]))?")
_DOUBLE = re.compile(r"([^AIU])\1+")


def transliteration_key(word: str) -> str:
    """What spellings of one Persian or Arabic name have in common: Nouri and Noori, Khamanei and Khamenei.

    Consonants count once (Mahalati, Mahallati), digraphs as the letter they write (gh and q), vowels in three classes:
    a and e; i, y and ee; o and u. Raisi and Raeisinia, Khamenei and Khomeini stay apart. A rule to propose by, never
    to identify by. Words of other scripts come back folded.
    """
    letters = "".join(words_of(word).words)
    if not letters.isascii():
        return letters
    for printed, one in _DIGRAPHS:
        letters = letters.replace(printed, one)
    letters = letters.replace("c", "k")
    if len(letters) > 2 and letters[-1] == "h" and letters[-2] in "aeiou":
        letters = letters[:-1]
    key = _VOWEL_RUN.sub(lambda run: _vowel(run.group(), initial=run.start() == 0), letters)
    return _DOUBLE.sub(r"\1", key.replace("w", "v"))


def _vowel(run: str, *, initial: bool) -> str:
    if "o" in run or "u" in run:
        return "U"
    if run.startswith(("ee", "i", "y")) or (initial and run == "e"):
        return "I"  # Ebrahim and Ibrahim
    return "A"
