"""Turns a document that was read, and the ids that the ledger gives its passages, into what a generation keeps."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import About, Document, Kind, Passage
from index.record import (
    CallRecord,
    CitationRecord,
    DateFlagRecord,
    DateRecord,
    DocumentRecord,
    MonthsRecord,
    PageSpan,
    PassageRecord,
    ReferenceRecord,
    SectionRecord,
)


def passage_records(
    document: Document, ids: Sequence[str], permalinks: Sequence[str], language: str
) -> tuple[PassageRecord, ...]:
    """One record a passage; *ids* and *permalinks* are as long as the document's passages."""
    abouts = document.about or (About(),) * len(document.passages)
    return tuple(
        _record(document, passage, about, ids, identity, permalink, document.language or language)
        for passage, about, identity, permalink in zip(document.passages, abouts, ids, permalinks, strict=True)
    )


def _record(
    document: Document, passage: Passage, about: About, ids: Sequence[str], identity: str, permalink: str, language: str
) -> PassageRecord:
    section = document.sections[passage.section] if passage.section is not None else None
    return PassageRecord(
        document=document.slug,
        id=identity,
        label=passage.label,
        kind=passage.kind.value,
        form=passage.form.value,
        page=PageSpan(passage.pages.first, passage.pages.last) if passage.pages else None,
        section=_number(document, passage.section),
        section_path=document.section_path(passage.section),
        number=passage.number,
        text=passage.text,
        calls=tuple(CallRecord(call.note, ids[call.target], call.at, call.heading) for call in passage.calls),
        called_from=tuple(ids[position] for position in passage.called_from),
        officials=about.officials,
        source_types=about.source_types,
        months=MonthsRecord(about.months_certain, about.months_possible),
        dates=tuple(
            DateRecord(date.printed, date.first.isoformat(), date.last.isoformat(), date.certainty.value, date.at)
            for date in about.dates
        ),
        date_flags=tuple(
            DateFlagRecord(flag.printed, flag.read_as.isoformat(), flag.evidence, flag.at) for flag in about.date_flags
        ),
        cites=tuple(
            CitationRecord(
                cited.title, cited.symbol, cited.date, cited.pinpoint, cited.address, cited.author, cited.publisher
            )
            for cited in about.cites
        ),
        refers_to=tuple(
            ReferenceRecord(
                id=None if reference.target is None else ids[reference.target],
                printed=reference.printed,
                certainty=reference.confidence.value,
                rivals=reference.rivals,
                reason=reference.reason,
                note=reference.note,
                section=reference.section,
                at=reference.at,
                pinpoint=reference.pinpoint,
            )
            for reference in about.refers_to
        ),
        permalink=permalink,
        section_at=passage.section if section else None,
        depth=passage.depth,
        language=language,
    )


def _number(document: Document, section: int | None) -> str:
    return "" if section is None else document.sections[section].number


def document_record(
    document: Document, ids: Sequence[str], *, first: int, language: str, stale: bool = False
) -> DocumentRecord:
    """The record of *document*, whose first passage stands at position *first* of the generation."""
    leads: dict[int, str] = {}
    for passage, identity in zip(document.passages, ids, strict=True):
        section = passage.section if passage.kind is not Kind.FOOTNOTE else None
        while section is not None and section not in leads:
            leads[section] = identity
            section = document.sections[section].parent
    return DocumentRecord(
        document=document.slug,
        title=document.title,
        issuer=document.issuer,
        source_type=document.source_type,
        date=document.date,
        symbol=document.symbol,
        sections=tuple(
            SectionRecord(
                section.number, section.title, section.level, section.kind.value, section.parent, leads.get(at)
            )
            for at, section in enumerate(document.sections)
        ),
        stale=stale,
        language=document.language or language,
        address=document.address,
        officials=document.officials,
        first=first,
        passages=len(document.passages),
    )
