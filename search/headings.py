"""Sections by the words of their own headings: what is listed above the hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from index.analyzers import printed_words, words
from index.record import SectionRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search.marking import Marker
from search.results import SectionHit
from search.wanted import Unit, Wanted


class Headings:
    """The headings of one generation by their words. Made in time that grows with the number of headings."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sections: list[tuple[str, SectionRecord]] = [
            (document.document, section)
            for document in snapshot.documents
            for section in document.sections
            if section.first is not None
        ]
        self._having: dict[TermField, dict[str, set[int]]] = {
            TermField.TEXT: {},
            TermField.EXACT: {},
            TermField.PRINTED: {},
        }
        for number, (_, section) in enumerate(self._sections):
            for word in words(section.title):
                self._add(TermField.TEXT, word.stems, number)
                self._add(TermField.EXACT, word.exact, number)
            self._add(TermField.PRINTED, (word for word, _, _ in printed_words(section.title)), number)

    def _add(self, field: TermField, terms: Iterable[str], number: int) -> None:
        for term in terms:
            self._having[field].setdefault(term, set()).add(number)

    def holding(self, units: Sequence[Unit], documents: Sequence[str] = ()) -> Iterator[SectionHit]:
        """The sections, in document order, whose heading holds all *units*; only of *documents* where any are named."""
        if not units:
            return
        candidates = reduce(set.intersection, (self._candidates(unit) for unit in units))
        if not candidates:
            return
        wanted = [one for unit in units for one in (*unit.words, *((unit.whole,) if unit.whole else ()))]
        marker = Marker([replace(one, ways=one.sought) for one in wanted])
        for number in sorted(candidates):
            document, section = self._sections[number]
            if documents and document not in documents:
                continue
            found = {wanted[one.word] for one in marker.find(section.title)}
            if not all(unit.whole in found or found.issuperset(unit.words) for unit in units):
                continue
            assert section.first is not None
            position = self._snapshot.position_of(document, section.first)
            if position is not None:
                permalink = self._snapshot.record(position).permalink
                yield SectionHit(document, section.number, section.title, permalink)

    def _candidates(self, unit: Unit) -> set[int]:
        each = [self._having_any(word) for word in unit.words]
        found = reduce(set.intersection, each)
        return found | self._having_any(unit.whole) if unit.whole else found

    def _having_any(self, wanted: Wanted) -> set[int]:
        found: set[int] = set()
        for way in wanted.sought:
            having = self._having.get(way.field)
            if having is None:  # symbols are looked up by their letters
                continue
            for term in way.slots[0]:
                found |= having.get(term, set())
        return found
