"""What the templates of the quiet pages may use: one class a page, every value ready to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from index.record import DocumentRecord
from index.snapshot import Snapshot
from search.results import Results
from search.selection import FacetName, Selection
from web import links
from web.bars import Bar, Bars, drawn, laid_out
from web.directions import direction, isolated
from web.examples import Example
from web.forms import SearchForm
from web.history import History
from web.labels import cut, document_facts
from web.reader import ReaderPage, Spans, marked_passages
from web.wording import KINDS, counted, date_said

SHOWN_CHANGES = 20  # of each kind on the page about the record; the API has all
_CHANGES = {"gained": "New", "lost": "Gone", "moved": "Moved", "reworded": "Reworded"}
LONG_PASSAGES = 300  # in a document; a telephone lays out so many in a tenth of a second
SHOWN_DOCUMENTS = 12  # on the home page; the list of all is one click away


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list."""

    title: Markup
    address: str
    facts: list[str]

    @classmethod
    def of(cls, document: DocumentRecord) -> DocumentRow:
        """The row of *document*."""
        facts = [*document_facts(document), counted(document.passages, "passage")]
        return cls(isolated(document.title), links.document(document.document), facts)


@dataclass(frozen=True)
class HomePage:
    """What the collection is and how to ask it."""

    collection: str
    examples: Sequence[Example]
    bars: Bars
    documents: list[DocumentRow]
    more_documents: bool
    guide: DocumentRow | None  # what a newcomer should read first

    @property
    def title(self) -> str:
        return self.collection

    @property
    def months_drawn(self) -> Markup:
        return drawn(self.bars, "Passages by month; each bar leads to what is said of its month")

    @property
    def has_possible(self) -> bool:
        return any(bar.possible for bar in self.bars.all)

    @classmethod
    def of(cls, snapshot: Snapshot, results: Results, examples: Sequence[Example]) -> HomePage:
        """The page on everything that *results*, of an empty question, count."""
        form = SearchForm()
        bars = [
            Bar(
                one.value,
                one.certain,
                one.possible,
                str(escape(links.search(form.toggled(FacetName.MONTH, one.value).arguments()))),
            )
            for one in results.facet(FacetName.MONTH).values
        ]
        shown = [DocumentRow.of(document) for document in snapshot.documents[:SHOWN_DOCUMENTS]]
        more = len(snapshot.documents) > SHOWN_DOCUMENTS
        collection = snapshot.authorities.collection
        first = snapshot.document(collection.guide) if collection.guide else None
        guide = DocumentRow.of(first) if first else None
        return cls(collection.title, examples, laid_out(bars), shown, more, guide)


@dataclass(frozen=True)
class DocumentsPage:
    """All documents."""

    rows: list[DocumentRow]
    title: str = "Documents"


@dataclass(frozen=True)
class HelpPage:
    """How to ask, with examples that find something."""

    examples: Sequence[Example]
    title: str = "Help"


@dataclass(frozen=True)
class PrivatePage:
    """Where a private search begins."""

    title: str = "Search privately"


@dataclass(frozen=True, slots=True)
class Changed:
    """A passage that is not as it was in the edition before."""

    name: str
    address: str

    @classmethod
    def of(cls, permalink: str, snapshot: Snapshot) -> Changed:
        """What is behind *permalink*, as it stands or stood."""
        _, _, slug, _, pinpoint = permalink.split("/", 4)
        document = snapshot.document(slug)
        return cls(f"{cut(document.title) if document else slug}, {pinpoint.partition('~')[0]}", permalink)


@dataclass(frozen=True)
class AboutPage:
    """What the edition holds."""

    counts: list[tuple[str, int]]
    stale: list[DocumentRow]
    since: str  # the edition before, in words; "" where none is kept
    changed: list[tuple[str, int, list[Changed]]]
    title: str = "About this record"

    @classmethod
    def of(cls, snapshot: Snapshot, everything: Results, history: History) -> AboutPage:
        """Counted over *everything*, the answer to an empty question."""
        since = history.since(history.before)
        changed: list[tuple[str, int, list[Changed]]] = []
        before = ""
        if since is not None:
            before = f"edition {int(since.generation[1:])} of {date_said(since.built[:10])}"
            for kind, found in since.groups().items():
                shown = [Changed.of(link, snapshot) for link in found[:SHOWN_CHANGES]]
                changed += [(_CHANGES[kind], since.counts[kind], shown)] if found else []
        kinds = {one.value: one.count for one in everything.facet(FacetName.KIND).values}
        counts = [(f"{label} passages", kinds.get(kind, 0)) for kind, label in KINDS.items()]
        counts += [(f"of source type {one.label}", one.count) for one in everything.facet(FacetName.SOURCE_TYPE).values]
        stale = [DocumentRow.of(document) for document in snapshot.documents if document.stale]
        return cls(counts, stale, before, changed)


@dataclass(frozen=True)
class ReadingPage:
    """A document to read."""

    document: DocumentRecord
    reader: ReaderPage
    marked: str
    spans: Spans
    found: list[int]  # positions of the passages with marks
    first_found: str  # anchor of the first of them, "" without any

    @classmethod
    def of(
        cls, document: DocumentRecord, reader: ReaderPage, spans: Spans, marked: str, snapshot: Snapshot
    ) -> ReadingPage:
        """The page of *document* with *spans* marked for the query *marked*."""
        found = marked_passages(reader, spans)
        first = f"#{links.passage_anchor(snapshot.record(found[0]).id)}" if found else ""
        return cls(document, reader, marked, spans, found, first)

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def heading(self) -> Markup:
        return isolated(self.document.title)

    @property
    def direction(self) -> Markup:
        return direction(self.document.title)

    @property
    def address(self) -> str:
        return links.document(self.document.document)

    @property
    def facts(self) -> list[str]:
        return [*document_facts(self.document), counted(self.document.passages, "passage")]

    @property
    def original(self) -> str:
        """Where the original can be read, if that is an address of the web."""
        return links.original(self.document.address)

    @property
    def searched_alone(self) -> str:
        """The search in this document."""
        return links.search(SearchForm(selection=Selection(documents=(self.document.document,))).arguments())

    @property
    def long(self) -> bool:
        """Whether it is so long that browsers should not lay it out all at once."""
        return self.document.passages > LONG_PASSAGES

    @property
    def as_csv(self) -> str:
        """Its passages to take along."""
        alone = SearchForm(selection=Selection(documents=(self.document.document,)))
        return links.search(alone.arguments(), "csv")

    @property
    def body(self) -> Markup:
        return self.reader.body(self.spans)
