"""Where the words of a question stand in one passage: the same words, names and symbols that the index met.

The text is read again with the index's own analyzer, so that what is marked is what was found, in whatever spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.symbols import find_symbols
from corpus.text import fold
from index.analyzers import Word, printed_words, words
from index.schema import TermField
from search.limits import MARKED_CHARACTERS
from search.planning import Wanted, Way
from search.results import By
from search.snippets import Mark
from search.spellings import is_latin

# A long passage is read piece by piece, until its words are found.
_PIECE = 20_000
# Pieces share this much, so that no phrase is cut in two.
_SHARED = 2_000
_CUT = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Found:
    """The *wanted*-th word of the question stands at `text[start:end]`, met by *by*. A phrase is one piece; of words
    near each other each is."""

    start: int
    end: int
    wanted: int
    by: By

    @property
    def mark(self) -> Mark:
        """The same for a snippet."""
        return Mark(self.start, self.end, self.wanted)


@dataclass(frozen=True, slots=True)
class _Place:
    """One word of a text: its terms in a field."""

    start: int
    end: int
    terms: tuple[str, ...]


class Marker:
    """Finds the words of one question in many passages."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._typed = [unicodedata.normalize("NFC", one.text).casefold() for one in wanted]
        self._exact = [tuple(word.exact[0] for word in words(one.text)) for one in wanted]
        # Of each field, the ways by the terms that their first slot may have.
        self._begins: dict[TermField, dict[str, list[tuple[int, Way]]]] = {}
        self._near: dict[TermField, list[tuple[int, Way]]] = {}
        for number, one in enumerate(wanted):
            for way in one.ways:
                if way.between is not None and len(way.slots) > 1:
                    self._near.setdefault(way.field, []).append((number, way))
                    continue
                for term in way.slots[0]:
                    self._begins.setdefault(way.field, {}).setdefault(term, []).append((number, way))
        self._count = len(wanted)

    def find(self, text: str, *, everything: bool = False) -> list[Found]:
        """Where the words stand, in order. In a very long passage not all places, but with *everything* all."""
        found: set[Found] = set()
        start = 0
        while start < len(text):
            end = len(text)
            if end - start > 2 * _PIECE:
                cut = _CUT.search(text, start + _PIECE, start + 2 * _PIECE)
                end = cut.start() if cut else start + _PIECE
            piece = text if end - start == len(text) else text[start:end]
            found.update(self._in_piece(piece, start))
            if end == len(text):
                break
            back = _CUT.search(text, end - _SHARED, end)
            start = back.start() if back else end
            if not everything and start >= MARKED_CHARACTERS and found:
                break
        return sorted(found, key=lambda one: (one.start, -one.end, one.wanted))

    def _in_piece(self, text: str, offset: int) -> Iterator[Found]:
        fields = {*self._begins, *self._near}
        read: list[Word] = words(text) if fields & {TermField.TEXT, TermField.EXACT} else []
        for field in fields:
            if field is TermField.SYMBOL:
                yield from self._symbols(text, offset)
                continue
            if field is TermField.PRINTED:
                places = [_Place(start, end, (word,)) for word, start, end in printed_words(text)]
            elif field is TermField.EXACT:
                places = [_Place(word.start, word.end, word.exact) for word in read]
            else:
                places = [_Place(word.start, word.end, word.stems) for word in read]
            yield from self._ordered(text, offset, field, places, read)
            for number, way in self._near.get(field, ()):
                for place in _near_places(places, way):
                    yield Found(offset + place.start, offset + place.end, number, way.by)

    def _ordered(
        self, text: str, offset: int, field: TermField, places: list[_Place], read: list[Word]
    ) -> Iterator[Found]:
        begins = self._begins.get(field)
        if not begins:
            return
        for at, place in enumerate(places):
            done = set()
            for term in place.terms:
                for number, way in begins.get(term, ()):
                    last = at + len(way.slots) - 1
                    if number in done or last >= len(places):
                        continue
                    if all(
                        not set(slot).isdisjoint(places[at + step].terms) for step, slot in enumerate(way.slots[1:], 1)
                    ):
                        done.add(number)
                        start, end = place.start, places[last].end
                        by = way.by
                        if field is TermField.TEXT and by in (By.STEM, By.WORD):
                            by = self._closeness(number, text[start:end], read[at : last + 1])
                        yield Found(offset + start, offset + end, number, by)

    def _symbols(self, text: str, offset: int) -> Iterator[Found]:
        for mention in find_symbols(text):
            for number, way in self._begins[TermField.SYMBOL].get(mention.canonical, ()):
                printed = text[mention.start : mention.end]
                yield Found(
                    offset + mention.start, offset + mention.end, number, self._as_typed(number, printed, way.by)
                )

    def _as_typed(self, number: int, printed: str, otherwise: By) -> By:
        same = unicodedata.normalize("NFC", printed).casefold() == self._typed[number]
        return By.WORD if same else otherwise

    def _closeness(self, number: int, printed: str, read: Sequence[Word]) -> By:
        """How near the printed words are to the typed ones, which have the same stems."""
        typed = self._exact[number]
        if self._as_typed(number, printed, By.STEM) is By.WORD:
            return By.WORD
        if len(read) == len(typed) and all(word.exact[0] == one for word, one in zip(read, typed, strict=True)):
            if len(typed) > 1:
                return By.WORD
            if is_latin(typed[0]):
                return By.SPELLING
            return By.SCRIPT if fold(printed) == typed[0] else By.SPELLING
        return By.STEM


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
