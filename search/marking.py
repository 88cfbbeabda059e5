"""Where the words of a question stand in one passage: the same words, names and symbols that the index met.

The text is read again with the index's own analyzer, so that what is marked is what was found, in whatever spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from corpus.mending import has_arabic_script
from corpus.symbols import find_symbols
from corpus.text import fold
from index.analyzers import (
    TERM_CHARACTERS_MAX,
    Word,
    analyse_again,
    cuts,
    printed_words,
    words,
    words_as_read,
    words_from,
    words_where,
)
from index.schema import TermField
from index.spotting import Spotter
from search.limits import MARKED_CHARACTERS
from search.results import By
from search.snippets import Mark
from search.spellings import is_latin
from search.wanted import Wanted, Way

# A long passage is read piece by piece, until its words are found.
_PIECE = 10_000
# Pieces share this much, so that no phrase is cut in two.
_SHARED = 2_000
# Of several ways in which a piece of text may be told to have been met: what is listed says more than a common stem.
_PLAINEST = (By.WORD, By.SPELLING, By.NAME, By.SCRIPT, By.SYMBOL, By.STEM, By.SHORT_FORM, By.MONTH)
Forms = Callable[[str], Collection[str]]
_CUT = re.compile(r"\s")
# A word and nothing more, between signs that are in no raw token.
_NEXT = re.compile(r" ([A-Za-z0-9]{1,60})(?=[ .;:!?)”–—-]|,(?!\d)|\Z)")
_TERMS: dict[TermField, Callable[[Word], tuple[str, ...]]] = {
    TermField.TEXT: attrgetter("stems"),
    TermField.EXACT: attrgetter("exact"),
}


class Found(Mark, frozen=True, gc=False):
    """The *word*-th word of the question stands at `text[start:end]`, met by *by*. A phrase is one piece; of words near
    each other each is."""

    by: By = By.WORD


@dataclass(frozen=True, slots=True)
class _Place:
    """One word of a text: its terms in a field."""

    start: int
    end: int
    terms: tuple[str, ...]


class _Reading:
    """One text and, where a phrase wants them, the words that follow one of its words."""

    def __init__(self, text: str, plain: bool | None) -> None:
        """*plain* says whether the text has no Arabic script, where that is known."""
        self.text = text
        self._plain = plain

    @cached_property
    def _words(self) -> list[Word]:
        return words_as_read(self.text)

    @cached_property
    def _places(self) -> dict[int, int]:
        return {word.start: place for place, word in enumerate(self._words)}

    @property
    def is_plain(self) -> bool:
        """Whether the text has no Arabic script, so that its words are read as they stand."""
        if self._plain is None:
            self._plain = not has_arabic_script(self.text)
        return self._plain

    def row(self, first: Word, way: Way) -> list[Word]:
        """The words from *first* on, which stands in the first slot of *way*, that stand in its slots; none where
        others do."""
        if not self.is_plain:
            return _standing_in(self._words[self._places[first.start] :], way)
        row = [first]
        for slot in way.slots[1:]:
            plain = _NEXT.match(self.text, row[-1].end)
            if plain is None:
                break
            (word,) = analyse_again(plain[1]).words
            if _TERMS[way.field](word)[0] not in slot:
                return []
            row.append(Word(plain.start(1), plain.end(1), word.exact, word.stems))
        else:
            return row
        if cuts(self.text, first.start):
            return _standing_in(self._words[self._places[first.start] :], way)
        return _standing_in(words_from(self.text, first.start), way)


def _standing_in(following: Iterable[Word], way: Way) -> list[Word]:
    """The words that begin *following*, where each stands in its slot of *way*; else none."""
    row: list[Word] = []
    for slot, word in zip(way.slots, following, strict=False):
        if not any(term in slot for term in _TERMS[way.field](word)):
            return []
        row.append(word)
    return row if len(row) == len(way.slots) else []


class _Tokens(dict[str, bool]):
    """Whether a raw token has one of some terms of the exact or the text field; each is looked at once a question."""

    def __init__(self, exact: Collection[str], stems: Collection[str], forms: Forms | None) -> None:
        super().__init__()
        self._exact = exact
        self._stems = stems
        self.plain = None if forms is None else {*exact, *(form for stem in stems for form in forms(stem))}

    def __missing__(self, raw: str) -> bool:
        if self.plain is not None and raw.isascii() and raw.isalnum() and len(raw) <= TERM_CHARACTERS_MAX:
            self[raw] = met = raw.lower() in self.plain
            return met
        self[raw] = met = any(
            any(form in self._exact for form in word.exact) or any(stem in self._stems for stem in word.stems)
            for word in analyse_again(raw).words
        )
        return met


class Marker:
    """Finds the words of one question in many passages."""

    def __init__(
        self, wanted: Sequence[Wanted], forms: Forms | None = None, inside: Mapping[int, Collection[int]] | None = None
    ) -> None:
        """*forms* gives all words of the exact field that have a stem: with it, most words need not be stemmed.

        *inside* says of wanted words, by number, which others are their parts and need not be told beside them.
        """
        self._inside = inside or {}
        self._wanted = wanted
        self._exact: dict[int, tuple[str, ...]] = {}  # the words typed, of those that were met
        # Of each field, the ways by the terms that their first slot may have.
        self._begins: dict[TermField, dict[str, list[tuple[int, Way]]]] = {}
        self._near: dict[TermField, list[tuple[int, Way]]] = {}
        self._spelt: dict[tuple[int, str], By] = {}
        for number, one in enumerate(wanted):
            for way in one.ways:
                if way.spelt is not None:
                    self._spelt.setdefault((number, way.spelt), way.by)
                if way.between is not None and len(way.slots) > 1:
                    self._near.setdefault(way.field, []).append((number, way))
                    continue
                for term in way.slots[0]:
                    self._begins.setdefault(way.field, {}).setdefault(term, []).append((number, way))
        self._tokens = _Tokens(self._begins.get(TermField.EXACT, {}), self._begins.get(TermField.TEXT, {}), forms)
        # Of a word met before: the ways that begin with it, by its print and its terms.
        self._begun: dict[tuple[object, ...], tuple[tuple[TermField, int, Way, By | None], ...]] = {}
        self._read: dict[str, list[Word]] = {}
        self._plain: bool | None = None  # whether none of those has Arabic script, where that is known
        self._spotter = None if self._tokens.plain is None else Spotter(self._tokens.plain, self._tokens)

    def read(self, texts: Sequence[str]) -> None:
        """Read *texts*, which are going to be asked for: all at once is quicker than one by one."""
        short = [text for text in texts if len(text) <= 2 * _PIECE]
        if short and self._spotter and (TermField.TEXT in self._begins or TermField.EXACT in self._begins):
            self._read.update(zip(short, self._spotter.words_of(short), strict=True))
            self._plain = self._spotter.were_plain or None

    def find(self, text: str, lacked: Collection[Wanted] = (), *, everything: bool = False) -> list[Found]:
        """Where the words stand, in order.

        In a long passage not all places: it is read on until all words but those *lacked* were met, or some of them
        in a great deal of text. With *everything* all places.
        """
        if len(text) > 2 * _PIECE:
            return self._told_once(self._in_pieces(text, None if everything else {id(one) for one in lacked}))
        found = self._in_piece(text, 0)
        reached = 0
        for one in found:
            if one.start < reached:
                return self._told_once(set(found))
            reached = one.end
        return found  # apart and in order: nothing is told twice

    def _told_once(self, found: set[Found]) -> list[Found]:
        """*found* in order, each word once a place: the longest piece, by the plainest help; a whole, not its parts."""
        kept: list[Found] = []
        reached: dict[int, int] = {}  # how far each word is told
        for one in sorted(found, key=lambda one: (one.start, -one.end, _PLAINEST.index(one.by), one.word)):
            if one.end > reached.get(one.word, 0):
                reached[one.word] = one.end
                kept.append(one)
        wholes = [one for one in kept if one.word in self._inside]
        return [
            one
            for one in kept
            if not any(
                one.word in self._inside[whole.word] and whole.start <= one.start and one.end <= whole.end
                for whole in wholes
            )
        ]

    def _in_pieces(self, text: str, lacked: set[int] | None) -> set[Found]:
        found: set[Found] = set()
        start = 0
        while start < len(text):
            end = len(text)
            if end - start > 2 * _PIECE:
                cut = _CUT.search(text, start + _PIECE, start + 2 * _PIECE)
                end = cut.start() if cut else start + _PIECE
            found.update(self._in_piece(text[start:end], start))
            if end == len(text) or (lacked is not None and self._is_enough(found, lacked, end)):
                break
            back = _CUT.search(text, end - _SHARED, end)
            start = back.start() if back else end
        return found

    def _is_enough(self, found: set[Found], lacked: set[int], read: int) -> bool:
        if read >= MARKED_CHARACTERS:
            return bool(found)
        met = {one.word for one in found}
        return all(number in met or id(one) in lacked for number, one in enumerate(self._wanted))

    def _in_piece(self, text: str, offset: int) -> list[Found]:
        begins, near = self._begins, self._near
        found: list[Found] = []
        if TermField.TEXT in begins or TermField.EXACT in begins:
            here = self._read.get(text)
            reading = _Reading(text, None if here is None else self._plain)
            if here is None:
                here = self._spotter.words(text) if self._spotter else words_where(text, self._tokens)
            for word in here:
                self._add_from(word, reading, offset, found)
        if TermField.SYMBOL in begins:
            found += self._symbols(text, offset)
        if TermField.PRINTED in begins or TermField.PRINTED in near:
            places = [_Place(start, end, (word,)) for word, start, end in printed_words(text)]
            found += self._printed(offset, places)
            found += self._nearby(offset, TermField.PRINTED, places)
        if TermField.EXACT in near:
            places = [_Place(word.start, word.end, word.exact) for word in words_as_read(text)]
            found += self._nearby(offset, TermField.EXACT, places)
        return found

    def _add_from(self, word: Word, reading: _Reading, offset: int, found: list[Found]) -> None:
        """Add to *found* the ways that begin at *word*."""
        printed = reading.text[word.start : word.end]
        begun = self._begun.get((printed, word.exact, word.stems))
        if begun is None:
            begun = self._begun[printed, word.exact, word.stems] = tuple(self._begin(printed, word))
        done: set[tuple[TermField, int]] | None = None
        for field, number, way, by in begun:
            if by is not None:
                found.append(Found(offset + word.start, offset + word.end, number, by))
                continue
            done = set() if done is None else done
            if (field, number) not in done and (row := reading.row(word, way)):
                done.add((field, number))
                start, end = row[0].start, row[-1].end
                if not reading.is_plain:  # words in visual order stand the other way round
                    start, end = min(one.start for one in row), max(one.end for one in row)
                by = way.by
                if field is TermField.TEXT and by in (By.STEM, By.WORD):
                    by = self._closeness(number, reading.text[start:end], row)
                found.append(Found(offset + start, offset + end, number, by))

    def _begin(self, printed: str, word: Word) -> Iterator[tuple[TermField, int, Way, By | None]]:
        """The ways whose first slot *word* has, and by what it is met where it is all of the way."""
        for field, terms in ((TermField.TEXT, word.stems), (TermField.EXACT, word.exact)):
            begins = self._begins.get(field)
            done = set()
            for term in terms if begins else ():
                assert begins is not None
                for number, way in begins.get(term, ()):
                    if len(way.slots) > 1:
                        yield field, number, way, None
                    elif number not in done:
                        done.add(number)
                        by = way.by
                        if field is TermField.TEXT and by in (By.STEM, By.WORD):
                            by = self._closeness(number, printed, [word])
                        yield field, number, way, by

    def _printed(self, offset: int, places: list[_Place]) -> Iterator[Found]:
        begins = self._begins.get(TermField.PRINTED, {})
        for at, place in enumerate(places):
            for number, way in begins.get(place.terms[0], ()):
                row = places[at : at + len(way.slots)]
                if len(row) == len(way.slots) and all(
                    one.terms[0] in slot for one, slot in zip(row, way.slots, strict=True)
                ):
                    yield Found(offset + place.start, offset + row[-1].end, number, way.by)

    def _nearby(self, offset: int, field: TermField, places: list[_Place]) -> Iterator[Found]:
        for number, way in self._near.get(field, ()):
            for place in _near_places(places, way):
                yield Found(offset + place.start, offset + place.end, number, way.by)

    def _symbols(self, text: str, offset: int) -> Iterator[Found]:
        for mention in find_symbols(text):
            for number, way in self._begins[TermField.SYMBOL].get(mention.canonical, ()):
                printed = text[mention.start : mention.end]
                yield Found(
                    offset + mention.start, offset + mention.end, number, self._as_typed(number, printed, way.by)
                )

    def _as_typed(self, number: int, printed: str, otherwise: By) -> By:
        typed = unicodedata.normalize("NFC", self._wanted[number].text).casefold()
        return By.WORD if unicodedata.normalize("NFC", printed).casefold() == typed else otherwise

    def _closeness(self, number: int, printed: str, read: Sequence[Word]) -> By:
        """How near the printed words are to the typed ones, which have the same stems."""
        typed = self._exact.get(number)
        if typed is None:
            typed = self._exact[number] = tuple(word.exact[0] for word in words(self._wanted[number].text))
        if self._as_typed(number, printed, By.STEM) is By.WORD:
            return By.WORD
        if len(read) == len(typed) and all(word.exact[0] == one for word, one in zip(read, typed, strict=True)):
            if len(typed) > 1:
                return By.WORD
            if is_latin(typed[0]):
                return By.SPELLING
            return By.SCRIPT if fold(printed) == typed[0] else By.SPELLING
        if len(read) == len(typed) == 1 and typed[0] in read[0].exact:
            # A part of the word (Iran in Iran’s), or a reading of one that extraction broke.
            if not is_latin(typed[0]):
                return By.SCRIPT
            return By.WORD if fold(printed).startswith(typed[0]) else By.SPELLING
        # A listed spelling may have the same stem as the word typed (Lavasani, lavasany).
        listed = (self._spelt.get((number, form)) for word in read[:1] for form in word.exact)
        return next((by for by in listed if by is not None), By.STEM)


def _near_places(places: list[_Place], way: Way) -> list[_Place]:
    """The places of the words of *way* that stand near enough to each other."""
    assert way.between is not None
    wanted = set().union(*way.slots)
    at = [number for number, place in enumerate(places) if not wanted.isdisjoint(place.terms)]
    width = way.between + len(way.slots)
    near: set[int] = set()
    first = 0
    for last in range(len(at)):
        while at[last] - at[first] + 1 > width:
            first += 1
        inside = at[first : last + 1]
        # A window that holds no more than was known to fit adds nothing.
        if (inside[-1] not in near or inside[0] not in near) and _fit([places[number].terms for number in inside], way):
            near.update(inside)
    return [places[number] for number in sorted(near)]


def _fit(terms: list[tuple[str, ...]], way: Way) -> bool:
    """Whether each slot can have a place of its own (augmenting paths; slots are few)."""
    taken: dict[int, int] = {}

    def seat(slot: int, tried: set[int]) -> bool:
        for place, here in enumerate(terms):
            if place not in tried and not set(way.slots[slot]).isdisjoint(here):
                tried.add(place)
                if place not in taken or seat(taken[place], tried):
                    taken[place] = slot
                    return True
        return False

    return all(seat(slot, set()) for slot in range(len(way.slots)))
