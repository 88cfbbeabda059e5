"""The terms of each passage, place by place, as index.writing gives them to the postings: for other engines."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.symbols import find_symbols
from index.analyzers import analyse_again, raw_tokens
from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot

Places = list[tuple[str, ...]]  # the terms at each place


def forward(snapshot: Snapshot) -> Iterator[tuple[int, PassageRecord, dict[TermField, Places]]]:
    """Every passage of *snapshot*, in order: its position, its record, and its places by field.

    Holds one document at a time.
    """
    for document in sorted(snapshot.documents, key=lambda one: one.first):
        positions = range(document.first, document.first + document.passages)
        records = [snapshot.record(position) for position in positions]
        own = {record.id: _cited(record) for record in records}
        for position, record in zip(positions, records, strict=True):
            places = text_places(record)
            meant = [one.id for one in record.refers_to if one.id and one.note is not None and one.certainty == "sure"]
            places[TermField.CITED] = [*own[record.id], *(place for one in meant for place in own.get(one, ()))]
            yield position, record, places


def text_places(record: PassageRecord) -> dict[TermField, Places]:
    """The places of its own words, of its headings and of the symbols in it, by field."""
    analyses = [analyse_again(raw) for raw in raw_tokens(record.text)]
    words = [word for analysis in analyses for word in analysis.words]
    headings = [analyse_again(raw) for heading in record.section_path for raw in raw_tokens(heading)]
    return {
        TermField.TEXT: [word.stems for word in words],
        TermField.EXACT: [word.exact for word in words],
        TermField.PRINTED: [(word,) for analysis in analyses for word in analysis.printed],
        TermField.HEADING: [word.stems for analysis in headings for word in analysis.words],
        TermField.SYMBOL: [(mention.canonical,) for mention in find_symbols(record.text)],
    }


def _cited(record: PassageRecord) -> Places:
    found: Places = []
    for citation in record.cites:
        found += [(citation.symbol,)] if citation.symbol else []
        for text in (citation.author, citation.title, citation.publisher):
            for raw in raw_tokens(text or ""):
                found += [tuple(dict.fromkeys((*word.exact, *word.stems))) for word in analyse_again(raw).words]
    return found
