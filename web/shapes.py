"""Passages, documents and officials as JSON: the shapes of `dump`, for the API as well."""

from __future__ import annotations

from typing import Any

import msgspec

from corpus.authorities import Official, Source
from index.record import DocumentRecord, PassageRecord
from web.works import Work


def passage_as_json(record: PassageRecord) -> dict[str, Any]:
    """A passage in the shape of `dump`: a call says `heading` only where it stands on one, a reference what it has."""
    row: dict[str, Any] = msgspec.to_builtins(record)
    row["calls"] = [
        {"note": call.note, "id": call.id, "at": call.at} | ({"heading": True} if call.heading else {})
        for call in record.calls
    ]
    row["refers_to"] = [
        {name: value for name, value in msgspec.to_builtins(reference).items() if value is not None or name == "id"}
        for reference in record.refers_to
    ]
    return row


def document_as_json(document: DocumentRecord) -> dict[str, Any]:
    """A document in the shape of `dump --documents`."""
    row: dict[str, Any] = msgspec.to_builtins(document)
    row["sections"] = [
        {"number": section.number, "title": section.title, "level": section.level, "kind": section.kind}
        for section in document.sections
    ]
    return row


def official_as_json(official: Official, passages: int) -> dict[str, Any]:
    """An official in the shape of `dump --officials`."""
    return {
        "id": official.id,
        "name": official.name,
        "spellings": [*official.spellings, *official.persian],
        "offices": [msgspec.to_builtins(office) for office in official.offices],
        "passages": passages,
    }


def source_as_json(source: Source) -> dict[str, Any]:
    """A publisher of the collection."""
    row: dict[str, Any] = msgspec.to_builtins(source)
    return row


def work_as_json(work: Work) -> dict[str, Any]:
    """A work that is cited, with how much rests on it."""
    cited = work.cited
    return {
        "id": work.id,
        "title": work.title,
        "author": work.author or None,
        "symbol": cited.symbol,
        "date": cited.date,
        "address": cited.address,
        "publisher": work.publisher.id if work.publisher else None,
        "notes": len(work.notes),
        "passages": len(work.passages),
    }
