"""Slow and obvious answers to what the index and the matcher answer fast: read every passage, try every place."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import product

from corpus.symbols import find_symbols
from index.analyzers import analyse, raw_tokens, words, words_as_read
from index.record import PassageRecord
from index.schema import TermField
from search.plan import AllOf, AnyOf, AnyTerm, ButNot, Everything, InOrder, Near, Nothing, OneOf, Plan

Places = list[set[str]]  # the terms at each place


def scanned_words(text: str) -> list[str]:
    """The words of *text* as printed, one character after another."""
    found, word = [], ""
    for char in unicodedata.normalize("NFC", text) + " ":
        if unicodedata.category(char)[0] in "LNM":
            word += char
        elif word:
            found.append(word.casefold())
            word = ""
    return found


def places(record: PassageRecord, field: TermField) -> Places:
    """What stands at each place of *field* in *record*."""
    match field:
        case TermField.TEXT:
            return [set(word.stems) for word in words_as_read(record.text)]
        case TermField.EXACT:
            return [set(word.exact) for word in words_as_read(record.text)]
        case TermField.PRINTED:
            return [{word} for word in scanned_words(record.text)]
        case TermField.SYMBOL:
            return [{mention.canonical} for mention in find_symbols(record.text)]
        case TermField.HEADING:
            return [
                set(word.stems)
                for title in record.section_path
                for raw in raw_tokens(title)
                for word in analyse(raw).words
            ]
        case TermField.CITED:
            found: Places = []
            for citation in record.cites:
                found += [{citation.symbol}] if citation.symbol else []
                for text in (citation.author, citation.title, citation.publisher):
                    found += [{*word.exact, *word.stems} for word in words(text or "")]
            return found


def column_values(record: PassageRecord, column: str) -> tuple[str, ...]:
    """The values of *record* in a facet's *column*, certain and possible."""
    match column:
        case "official":
            return record.officials
        case "source_type":
            return record.source_types
        case "month":
            return (*record.months.certain, *record.months.possible)
        case "kind":
            return (record.kind,)
        case "document":
            return (record.document,)
    raise KeyError(column)


def holds(plan: Plan, record: PassageRecord) -> bool:
    """Whether *plan* holds for *record*."""
    match plan:
        case Nothing():
            return False
        case Everything():
            return True
        case AnyTerm(field, terms):
            return any(here & set(terms) for here in places(record, field))
        case InOrder(field, slots):
            return bool(slots) and phrase(places(record, field), slots) > 0
        case Near(field, slots, between):
            return near(places(record, field), slots, between)
        case OneOf(column, values):
            return bool(set(values) & set(column_values(record, column)))
        case AllOf(parts):
            return all(holds(part, record) for part in parts)
        case AnyOf(parts):
            return any(holds(part, record) for part in parts)
        case ButNot(part, without):
            return holds(part, record) and not holds(without, record)


def matching(plan: Plan, records: Sequence[PassageRecord]) -> list[int]:
    """The positions of *records* for which *plan* holds."""
    return [position for position, record in enumerate(records) if holds(plan, record)]


def phrase(text: Places, slots: Sequence[Sequence[str]]) -> int:
    """How often the *slots* stand one after another."""
    starts = range(len(text) - len(slots) + 1)
    return sum(all(text[start + i] & set(slot) for i, slot in enumerate(slots)) for start in starts)


def near(text: Places, slots: Sequence[Sequence[str]], between: int) -> bool:
    """Whether each slot has a place of its own with at most *between* other places among them."""
    where = [[place for place, here in enumerate(text) if here & set(slot)] for slot in slots]
    return any(
        len(set(chosen)) == len(slots) and max(chosen) - min(chosen) + 1 - len(slots) <= between
        for chosen in product(*where)
    )


def facet(records: Sequence[PassageRecord], column: str) -> Counter[str]:
    """How many of *records* have each value."""
    return Counter(value for record in records for value in column_values(record, column))


def chosen(record: PassageRecord, selection: dict[str, tuple[str, ...]], *, but: str = "") -> bool:
    """Whether *record* has a chosen value of every facet that has any, leaving the facet *but* out."""
    return all(
        set(values) & set(column_values(record, column))
        for column, values in selection.items()
        if values and column != but
    )
