"""What the pages on the sources cited may use: all of them, one publisher, one work with what rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from corpus.authorities import Source
from index.record import PassageRecord
from index.snapshot import Snapshot
from search.results import SearchRequest
from search.searcher import Searcher
from search.selection import FacetName
from web import links
from web.chronicle import shortened
from web.directions import direction, isolated
from web.forms import SearchForm
from web.labels import Labels
from web.wording import counted, date_said, place_said
from web.works import Work, same_work

WORKS_AT_MOST = 1_000  # on one page; the API has all
SHOWN_AT_MOST = 200  # passages on a work's page


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work in a list."""

    title: Markup
    address: str
    facts: list[Markup]
    passages: int

    @classmethod
    def of(cls, work: Work) -> WorkRow:
        """The row of *work*."""
        return cls(isolated(work.title), links.source(work.id), _facts(work), len(work.passages))


def _facts(work: Work) -> list[Markup]:
    said = (work.author, work.cited.symbol if work.cited.symbol != work.title else "", date_said(work.cited.date))
    return [isolated(one) for one in said if one]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Sources of one kind."""

    kind: str
    publishers: list[tuple[Markup, str]]
    works: list[WorkRow]


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """Everything that is cited, kind by kind, what most rests on first."""

    groups: list[SourceGroup]
    works: int
    shown: int
    title: str = "Sources cited"

    @classmethod
    def of(cls, snapshot: Snapshot, works: Sequence[Work]) -> SourcesPage:
        """The sources of the collection, each kind in the order in which the collection offers it."""
        by_kind: dict[str, list[Work]] = {}
        kept = sorted(works, key=lambda work: (-len(work.passages), work.title))[:WORKS_AT_MOST]
        for work in kept:
            by_kind.setdefault(work.publisher.source_type if work.publisher else "", []).append(work)
        groups = []
        sources = sorted(snapshot.authorities.sources, key=lambda one: one.name)
        for value, label in (*snapshot.authorities.collection.source_types, ("", "Publisher not in the list")):
            publishers = [(isolated(one.name), links.source(one.id)) for one in sources if one.source_type == value]
            rows = [WorkRow.of(work) for work in by_kind.get(value, ())]
            if publishers or rows:
                groups.append(SourceGroup(label, publishers, rows))
        return cls(groups, len(works), len(kept))


@dataclass(frozen=True, slots=True)
class PublisherPage:
    """One publisher."""

    title: str
    kind: str
    symbols: list[str]
    addresses: list[str]
    works: list[WorkRow]
    searches: list[tuple[Markup, str, int]]

    @classmethod
    def of(cls, source: Source, works: Sequence[Work], searcher: Searcher, labels: Labels) -> PublisherPage:
        """The page of *source* with its *works*, and a search for each of its names that has hits."""
        searches = []
        for name in dict.fromkeys((source.name, *source.names)):
            form = SearchForm(query='"{}"'.format(name.replace('"', " ")))
            total = searcher.search(SearchRequest(form.query, limit=1)).total
            if total:
                searches.append((isolated(name), links.search(form.arguments()), total))
        return cls(
            title=source.name,
            kind=labels.of(FacetName.SOURCE_TYPE, source.source_type),
            symbols=list(source.symbols),
            addresses=list(source.addresses),
            works=[WorkRow.of(work) for work in sorted(works, key=lambda work: (-len(work.passages), work.title))],
            searches=searches,
        )


@dataclass(frozen=True, slots=True)
class NoteShort:
    """A footnote that cites the work, as it is printed."""

    name: str
    address: str
    text: Markup


@dataclass(frozen=True, slots=True)
class RestingPassage:
    """A passage that rests on the work."""

    place: str
    address: str
    text: Markup
    direction: Markup
    notes: list[NoteShort]


@dataclass(frozen=True)
class WorkPage:
    """One work and what rests on it, document by document."""

    title: str
    heading: Markup
    facts: list[Markup]
    original: str
    publisher: str
    publisher_address: str
    here: list[tuple[Markup, str]]  # documents of the collection that are this work
    documents: list[tuple[Markup, str, list[RestingPassage]]]
    counted: str
    shown: int
    total: int

    @classmethod
    def of(cls, work: Work, snapshot: Snapshot) -> WorkPage:
        """The page of *work* in *snapshot*."""
        notes_citing = [snapshot.record(at) for at in work.notes]
        called = {(note.document, note.id): note for note in notes_citing}
        positions = work.passages
        by_document: dict[str, list[RestingPassage]] = {}
        for at in positions[:SHOWN_AT_MOST]:
            record = snapshot.record(at)
            notes = [
                called[key]
                for key in dict.fromkeys((record.document, call.id) for call in record.calls)
                if key in called
            ]
            by_document.setdefault(record.document, []).append(_resting(record, notes))
        address = work.cited.address or ""
        address = address if "://" in address or not address else f"https://{address}"
        return cls(
            title=work.title,
            heading=isolated(work.title),
            facts=_facts(work),
            original=links.original(address),
            publisher=work.publisher.name if work.publisher else "",
            publisher_address=links.source(work.publisher.id) if work.publisher else "",
            here=[
                (isolated(document.title), links.document(document.document))
                for document in snapshot.documents
                if same_work(work.cited, document)
            ],
            documents=[
                (isolated(document.title), links.document(slug), rows)
                for slug, rows in by_document.items()
                if (document := snapshot.document(slug)) is not None
            ],
            counted=f"{counted(len(positions), 'passage')}, by {counted(len(work.notes), 'footnote')}",
            shown=min(len(positions), SHOWN_AT_MOST),
            total=len(positions),
        )


def _resting(record: PassageRecord, notes: Sequence[PassageRecord]) -> RestingPassage:
    text = shortened(record.text)
    return RestingPassage(
        place=f"section {record.section}, {place_said(record)}" if record.section else place_said(record),
        address=links.in_document(record.document, record.id),
        text=isolated(text),
        direction=direction(text),
        notes=[
            NoteShort(note.number or "", links.in_document(note.document, note.id), isolated(shortened(note.text)))
            for note in notes
        ],
    )
