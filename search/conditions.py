"""What the fields of a query and the choices of facets ask of a passage: values of the index's columns.

A value that is well formed and that the collection lacks holds for no passage, and a notice says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from corpus.symbols import canonical
from corpus.text import fold
from index.analyzers import words
from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search.limits import DATED_PASSAGES
from search.periods import Period, read_period
from search.plan import AllOf, Among, AnyOf, AnyTerm, Nothing, OneOf, Plan
from search.query import Field, FieldName
from search.results import Notice, NoticeKind
from search.selection import FacetName, Selection
from search.spellings import folded_words

_SPAN = re.compile(r"([0-9]{1,6})(?:-|\.\.)([0-9]{1,6})", re.ASCII)
_PAGES_MAX = 1_000
_SECTION_NUMBER = re.compile(r"[A-Za-z]{0,2}[0-9]+[A-Za-z]?([.-][0-9A-Za-z]+)*", re.ASCII)
_CALLED = {
    FacetName.SOURCE_TYPE: "source type",
    FacetName.OFFICIAL: "official",
    FacetName.MONTH: "passage about the month",
    FacetName.KIND: "kind of passage",
    FacetName.DOCUMENT: "document",
}


class Conditions:
    """Knows which values one generation has."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def plan(self, field: Field) -> tuple[Plan, Notice | None]:
        """What *field* asks, and a notice where the collection has nothing of the kind."""
        plan = self._plan(field)
        if field.name is FieldName.DATE and isinstance(plan, OneOf):
            period = read_period(field.value)
            if period is not None and not period.is_of_whole_months:
                plan = self._to_the_day(plan, period)
            if isinstance(plan, OneOf) and period is not None and not period.is_of_whole_months:
                message = f"{field}: there are so many passages that whole months were taken. Give words beside it."
                return plan, Notice(NoticeKind.READ_AS, message, field.at, len(str(field)))
        if isinstance(plan, Nothing):
            return plan, Notice(NoticeKind.LACKING, self._lacking(field), field.at, len(str(field)))
        return plan, None

    def lacking(self, selection: Selection) -> list[Notice]:
        """A notice for each chosen value that the collection lacks."""
        return [
            Notice(NoticeKind.LACKING, f"This collection has no {_CALLED[facet]} {value}.")
            for facet, value in selection.items()
            if value not in self._snapshot.column(facet)
        ]

    def officials(self, value: str) -> list[str]:
        """The ids that *value* means: one id; or all whose name has the words, which several may bear."""
        if found := self._alike("official", value):
            return found
        typed = set(folded_words(value))
        return [
            official.id
            for official in self._snapshot.authorities.officials
            if typed and any(typed <= set(folded_words(name)) for name in official.names())
        ]

    def _to_the_day(self, months: OneOf, period: Period) -> Plan:
        """The passages of *months* with a date in *period*; *months* where there are too many to read."""
        having = np.flatnonzero(self._snapshot.column("month").having(months.values, None)).tolist()
        if len(having) > DATED_PASSAGES:
            return months
        records = self._snapshot.records(having)
        kept = tuple(at for at, record in zip(having, records, strict=True) if _states_day(record, period))
        return Among(kept) if kept else Nothing()

    def _values(self, column: str) -> tuple[str, ...]:
        return self._snapshot.column(column).values

    def _one_of(self, column: str, values: Iterable[str]) -> Plan:
        known = self._snapshot.column(column)
        kept = tuple(value for value in values if value in known)
        return OneOf(column, kept) if kept else Nothing()

    def _plan(self, field: Field) -> Plan:
        value = field.value
        match field.name:
            case FieldName.KIND | FieldName.NOTE:
                return self._one_of(str(field.name), (value,))
            case FieldName.OFFICIAL:
                return self._one_of("official", self.officials(value))
            case FieldName.SOURCE:
                return self._one_of("source_type", self._source_types(value))
            case FieldName.MONTH | FieldName.DATE:
                return self._one_of("month", months_within(value, self._values("month")))
            case FieldName.DOCUMENT:
                return self._one_of("document", self._alike("document", value))
            case FieldName.LANG:
                return self._one_of("language", self._languages(value))
            case FieldName.PAGE:
                return self._one_of("page", _pages(value) or self._alike("page", value))
            case FieldName.SECTION:
                return self._section(field)
            case FieldName.CITES:
                return self._cited(value)

    def _alike(self, column: str, value: str) -> list[str]:
        """The values of *column* that are *value*, or else those that differ in case alone."""
        if value in self._snapshot.column(column):
            return [value]
        return [one for one in self._values(column) if one.casefold() == value.casefold()]

    def _source_types(self, value: str) -> list[str]:
        if found := self._alike("source_type", value):
            return found
        types = self._snapshot.authorities.collection.source_types
        return [name for name, label in types if fold(label) == fold(value)]

    def _languages(self, value: str) -> list[str]:
        """en means en and en-GB."""
        asked = value.casefold()
        known = self._values("language")
        return [one for one in known if one.casefold() == asked or one.casefold().startswith(f"{asked}-")]

    @cached_property
    def _section_numbers(self) -> dict[str, set[str]]:
        """The printed numbers of all sections, by how they may be typed."""
        numbers: dict[str, set[str]] = {}
        for document in self._snapshot.documents:
            for section in document.sections:
                if section.number:
                    numbers.setdefault(section.number.rstrip(".").casefold(), set()).add(section.number)
        return numbers

    def _section(self, field: Field) -> Plan:
        typed = field.value.rstrip(".").casefold()
        if not field.quoted:
            if typed in self._section_numbers:
                return self._one_of("section", sorted(self._section_numbers[typed]))
            if _SECTION_NUMBER.fullmatch(typed):
                return Nothing()
        return self._all_words(TermField.HEADING, [word.stems[0] for word in words(field.value)])

    def _cited(self, value: str) -> Plan:
        symbol = canonical(value)
        by_words = self._all_words(TermField.CITED, [word.exact[0] for word in words(value)])
        if symbol is None or symbol not in self._snapshot.terms(TermField.CITED):
            return by_words
        by_symbol = AnyTerm(TermField.CITED, (symbol,))
        return by_symbol if isinstance(by_words, Nothing) else AnyOf((by_symbol, by_words))

    def _all_words(self, field: TermField, terms: list[str]) -> Plan:
        vocabulary = self._snapshot.terms(field)
        if not terms or any(term not in vocabulary for term in terms):
            return Nothing()
        parts = tuple(AnyTerm(field, (term,)) for term in dict.fromkeys(terms))
        return AllOf(parts) if len(parts) > 1 else parts[0]

    def _lacking(self, field: Field) -> str:
        match field.name:
            case FieldName.OFFICIAL:
                return f"This collection has no passage about an official called {field.value}."
            case FieldName.MONTH | FieldName.DATE:
                return f"No passage of this collection is about {field.value}."
            case FieldName.CITES:
                return f"No passage of this collection cites {field.value}."
            case FieldName.LANG:
                return f"This collection has no passage in the language {field.value}."
            case FieldName.SOURCE:
                return f"This collection has no source type {field.value}."
            case FieldName.SECTION:
                return f"This collection has no section {field.value}."
            case _:
                return f"This collection has no {field.name} {field.value}."


def months_within(value: str, months: Iterable[str]) -> list[str]:
    """Those of *months* that have a day in common with what *value* states."""
    period = read_period(value)
    return [] if period is None else list(filter(period.holds_month, months))


def _states_day(record: PassageRecord, period: Period) -> bool:
    return any(period.holds_some_of(date.first, date.last) for date in record.dates) or any(
        period.holds_some_of(flag.read_as, flag.read_as) for flag in record.date_flags
    )


def _pages(value: str) -> list[str]:
    """The pages of a span; none where *value* is none."""
    span = _SPAN.fullmatch(value)
    if span is None:
        return []
    first, last = sorted((int(span[1]), int(span[2])))
    return [str(page) for page in range(first, min(last, first + _PAGES_MAX) + 1)]
