"""What goes into a generation, document by document: passages with their ids, from the file or kept from before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from corpus.authorities import Authorities
from corpus.problems import Problem, Severity
from index.current import Opened
from index.ledger import DocumentLedger
from index.linkbook import FILE, LinkedDocument, write_linkbook
from index.planning import Plans
from index.reading import Reading
from index.record import DocumentRecord, PassageRecord
from index.records import document_record, passage_records
from index.verify import Progress
from index.writing import IndexWriter


@dataclass(frozen=True, slots=True)
class Content:
    """One document as the generation will hold it."""

    document: DocumentRecord
    records: tuple[PassageRecord, ...]
    html: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All documents, by slug; the positions of their passages run on from one to the next."""

    documents: tuple[Content, ...]

    def records(self) -> list[PassageRecord]:
        """Every passage, in the order of positions."""
        return [record for content in self.documents for record in content.records]

    def html(self) -> list[str]:
        """The HTML of every passage."""
        return [html for content in self.documents for html in content.html]

    def stale(self) -> tuple[str, ...]:
        """The documents that could not be read and keep their passages from before."""
        return tuple(content.document.document for content in self.documents if content.document.stale)

    def stale_notices(self) -> list[Problem]:
        """What to tell of those."""
        message = "keeps the passages of the last generation that could read it, and is marked stale."
        return [Problem(f"documents/{slug}.md", 0, message, Severity.NOTICE) for slug in self.stale()]

    def write(self, folder: Path, authorities: Authorities, plans: Plans, progress: Progress) -> None:
        """Writes the index and the copy of the ledgers into the empty *folder*."""
        writer = IndexWriter(folder, authorities)
        for done, content in enumerate(self.documents, 1):
            for record, html in zip(content.records, content.html, strict=True):
                writer.add(record, html)
            progress("indexing", done, len(self.documents))
        progress("writing the index", 0, 0)
        writer.finish([content.document for content in self.documents])
        labels = {
            content.document.document: {record.id: record.label for record in content.records}
            for content in self.documents
        }
        linked = [LinkedDocument(ledger, labels.get(slug, {})) for slug, ledger in plans.ledgers().items()]
        write_linkbook(folder / FILE, linked)


def contents_of(
    authorities: Authorities, readings: Mapping[str, Reading], plans: Plans, newest: Opened | None
) -> Contents:
    """The documents of a collection, those that cannot be read as they stand in *newest*."""
    return Contents(tuple(_contents(authorities, readings, plans, newest)))


def _contents(
    authorities: Authorities, readings: Mapping[str, Reading], plans: Plans, newest: Opened | None
) -> Iterator[Content]:
    language = authorities.collection.languages[0] if authorities.collection.languages else "en"
    first = 0
    for slug in sorted(readings):
        document = readings[slug].document
        if document is not None:
            plan = plans.editions[slug]
            records = passage_records(document, plan.ids, plan.permalinks, language)
            described = document_record(document, plan.ids, first=first, language=language)
            content = Content(described, records, readings[slug].html)
        elif (kept := _kept(slug, plans.kept.get(slug), newest, first)) is not None:
            content = kept
        else:
            continue
        first += len(content.records)
        yield content


def _kept(slug: str, ledger: DocumentLedger | None, newest: Opened | None, first: int) -> Content | None:
    """A document that cannot be read, as it stands in *newest*, perhaps under a former name."""
    if newest is None or ledger is None:
        return None
    snapshot = newest.snapshot
    document = next((one for name in (slug, *ledger.formerly) if (one := snapshot.document(name))), None)
    if document is None:
        return None
    places = range(document.first, document.first + document.passages)
    # What the ledger has ceased to know as standing was taken down since.
    standing = [position for position in places if _stands(ledger, snapshot.record(position).id)]
    records = (snapshot.record(position) for position in standing)
    return Content(
        msgspec.structs.replace(document, document=slug, first=first, passages=len(standing), stale=True),
        tuple(
            msgspec.structs.replace(record, document=slug, permalink=ledger.permalink(record.id, record.label))
            for record in records
        ),
        tuple(snapshot.html(position) for position in standing),
    )


def _stands(ledger: DocumentLedger, identity: str) -> bool:
    history = ledger.histories.get(identity)
    return history is not None and history.stands
