"""Other ways of writing a word or a name that the collection's authority files vouch for.

Two sources: groups of terms (each spelling of a group stands for all others), and names of officials. Of a name typed
in full every other full spelling is offered, in both scripts; of one of its words those words of listed names that are
the same transliteration, and the word of the Persian name that has the same consonants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.authorities import Authorities, Official
from corpus.names import transliteration_key
from index.analyzers import words
from search.limits import SPELLING_VARIANTS
from search.results import By

# Below this a word that merely sounds like a listed one is some other word (ally, Ali).
_SOUND_LETTERS = 5
# From here on it is taken for the name also where the collection has the word as typed.
_SOUND_LETTERS_ALWAYS = 6

Words = tuple[str, ...]

# Consonants of Persian in the letters that `transliteration_key` writes; what is not here is a vowel, or weak.
_CONSONANTS = {
    **dict.fromkeys("ثسص", "s"),
    **dict.fromkeys("ذزضظ", "z"),
    **dict.fromkeys("تط", "t"),
    **dict.fromkeys("حه", "h"),
    **dict.fromkeys("قغ", "q"),
    **dict.fromkeys("جژ", "j"),
    **dict(zip("خشچبپدرفکگلمن", "xšçbpdrfkglmn", strict=True)),
}
_WEAK = "AIUvy"

HALF_BLANK = "\u200c"  # the zero-width non-joiner
_PARTS = 3  # of a word that is written together, apart, or with half blanks
_PART_LETTERS = 2  # one letter is a word of its own (و)


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way of writing something: folded words, one after another, and what vouches for it."""

    words: Words
    by: By


def folded_words(text: str) -> Words:
    """The words of *text* as the exact field has them."""
    return tuple(word.exact[0] for word in words(text))


def is_latin(word: str) -> bool:
    """Whether *word* begins with a Latin letter (with or without accents) or a digit."""
    return word[:1] < "\u0370"


class Spellings:
    """The spellings of one collection. Costs time in proportion to the authority files when made; asking is quick."""

    def __init__(self, authorities: Authorities) -> None:
        self._groups: dict[Words, list[tuple[Words, ...]]] = {}
        self._names: dict[Words, list[tuple[Words, ...]]] = {}
        self._alike: dict[str, set[str]] = {}  # words of one name in another script
        self._sounding: dict[str, set[str]] = {}  # by transliteration key
        self.longest = 1
        for group in authorities.terms:
            self._add_group(dict.fromkeys(map(folded_words, group.spellings)))
        for official in authorities.officials:
            self._add_official(official)

    def of_word(self, word: str, is_known: Callable[[str], bool]) -> tuple[Variant, ...]:
        """The variants of one folded *word*; *is_known* says whether the collection has a word as it is typed."""
        found: dict[Words, By] = {}
        listed = word in self._alike or (word,) in self._groups
        sounds = [word]
        if is_latin(word) and (
            listed or len(word) >= _SOUND_LETTERS_ALWAYS or (len(word) >= _SOUND_LETTERS and not is_known(word))
        ):
            sounds += self.sounding_like(word)
        for sound in sounds:
            found.setdefault((sound,), By.NAME if sound in self._alike else By.SPELLING)
            for alike in sorted(self._alike.get(sound, ())):
                found.setdefault((alike,), _by(By.NAME, alike, word))
        # What a listed spelling brings along holds for one that only sounds like it, too.
        for sound in sounds[:1] if listed else sounds:
            for group in self._groups.get((sound,), ()):
                for other in group:
                    found.setdefault(other, _by(By.SPELLING, other[0], word))
        single = {other[0] for other in found if len(other) == 1}
        return tuple(
            Variant(other, by)
            for other, by in list(found.items())[:SPELLING_VARIANTS]
            # A longer spelling that holds a shorter one is found by the shorter one.
            if other != (word,) and (len(other) == 1 or not single & set(other))
        )

    def of_words(self, typed: Words) -> tuple[Variant, ...]:
        """The variants of several words that are a listed spelling together, or may be one; none where they are not."""
        found: dict[Words, By] = {}
        for listed, by in ((self._groups, By.SPELLING), (self._names, By.NAME)):
            for group in listed.get(typed, ()):
                for other in group:
                    found.setdefault(other, _by(by, other[0], typed[0]))
        if together := joined_up(typed):
            found.setdefault((together,), By.SPELLING)
        found.pop(typed, None)
        return tuple(Variant(*one) for one in list(found.items())[:SPELLING_VARIANTS])

    def sounding_like(self, word: str) -> tuple[str, ...]:
        """Listed words that are one transliteration with the folded *word*, for suggestions."""
        return tuple(sorted(self._sounding.get(transliteration_key(word), set()) - {word}))

    def _add_group(self, spellings: Iterable[Words]) -> None:
        group = tuple(spelling for spelling in spellings if spelling)
        for spelling in group:
            self._groups.setdefault(spelling, []).append(group)
            self.longest = max(self.longest, len(spelling))
            if len(spelling) == 1:
                self._sound(spelling[0])

    def _add_official(self, official: Official) -> None:
        spelt = [spelling for spelling in dict.fromkeys(map(folded_words, official.names())) if spelling]
        # A surname alone is borne by others as well: only names in full stand for each other.
        full = tuple(spelling for spelling in spelt if len(spelling) > 1)
        for spelling in full:
            others = tuple(other for other in full if _as_full(other, spelling))
            self._names.setdefault(spelling, []).append(others)
            self.longest = max(self.longest, len(spelling))
        bearing: dict[str, set[str]] = {}
        for word in dict.fromkeys(word for spelling in spelt for word in spelling if len(word) > 1):
            self._alike.setdefault(word, set())
            self._sound(word)
            bearing.setdefault(consonants(word), set()).add(word)
        for alike in bearing.values():
            for one, other in combinations(sorted(alike), 2):
                if is_latin(one) is not is_latin(other):
                    self._alike[one].add(other)
                    self._alike[other].add(one)

    def _sound(self, word: str) -> None:
        if is_latin(word):
            self._sounding.setdefault(transliteration_key(word), set()).add(word)


def consonants(word: str) -> str:
    """The consonants of a folded *word* of either script, each once in a row: محلاتی and mahallati are mhlt."""
    if is_latin(word):
        letters = [letter for letter in transliteration_key(word) if letter not in _WEAK]
    else:
        letters = [_CONSONANTS[letter] for letter in word if letter in _CONSONANTS]
    once = [letter for place, letter in enumerate(letters) if place == 0 or letters[place - 1] != letter]
    if len(once) > 1 and once[-1] == "h":
        once.pop()  # Abdollah, Fatemeh: heard by some and written by others
    return "".join(once)


def joined_up(typed: Words) -> str:
    """*typed* as one word, if Persian may write it so: half a blank is a blank to many who type; "" if not."""
    if len(typed) > _PARTS or any(is_latin(word) or len(word) < _PART_LETTERS for word in typed):
        return ""
    return "".join(typed)


def taken_apart(text: str) -> Words:
    """The parts of a word typed with half blanks, as other hands leave whole ones between; none where it has none."""
    if HALF_BLANK not in text:
        return ()
    parts = tuple(part for piece in text.split(HALF_BLANK) for part in folded_words(piece))
    return parts if 1 < len(parts) <= _PARTS else ()


def _by(same_script: By, other: str, word: str) -> By:
    return same_script if is_latin(other) is is_latin(word) else By.SCRIPT


def _as_full(other: Words, spelling: Words) -> bool:
    """Whether *other* names a person no less fully than *spelling*: not by fewer of the same consonants."""
    return max(_lengths(other)) >= min(_lengths(spelling))


def _lengths(spelling: Words) -> tuple[int, int]:
    """How many consonants *spelling* has, read as one word and word by word.

    The two differ where the end of a word and the beginning of the next look like one letter (Mohammad Jafar: dj), or
    where an h is heard or not (Abdollah Nouri); a Persian name may be written as one word or as several.
    """
    return len(consonants("".join(spelling))), sum(len(consonants(word)) for word in spelling)


def longest_first(typed: Sequence[str], start: int, longest: int) -> Iterable[int]:
    """The ends of runs of two words and more from *start*, the longest first."""
    return range(min(len(typed), start + longest), start + 1, -1)
