"""What things are called on every page: values of facets, documents, editions, the way down to a passage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from corpus.authorities import Authorities
from index.record import DocumentRecord, PassageRecord
from index.snapshot import Snapshot
from search.selection import FacetName
from web import links
from web.directions import isolated
from web.render import link_calls
from web.wording import KINDS, LANGUAGES, date_said, month_name, place_said

HEADING_CHARACTERS = 70  # of a heading in the line above a hit


@dataclass(frozen=True, slots=True)
class Edition:
    """What is being served: shown at the foot of every page."""

    generation: str
    built: str  # ISO day
    collection: str  # its title
    passages: int
    documents: int

    @property
    def day(self) -> str:
        """When it was built, as people write it."""
        return date_said(self.built)

    @property
    def number(self) -> int:
        """The generation as people count editions."""
        return int(self.generation.lstrip("g") or 0)


class Labels:
    """The words for values of facets in one collection."""

    def __init__(self, authorities: Authorities, documents: Sequence[DocumentRecord]) -> None:
        self._labels = {
            FacetName.SOURCE_TYPE: dict(authorities.collection.source_types),
            FacetName.OFFICIAL: {official.id: official.name for official in authorities.officials},
            FacetName.KIND: KINDS,
            FacetName.DOCUMENT: {document.document: document.title for document in documents},
        }

    def of(self, facet: str, value: str) -> str:
        """What *value* of *facet* is called; the value itself where it has no name."""
        if facet == FacetName.MONTH:
            return month_name(value)
        return self._labels[FacetName(facet)].get(value, value)

    def source_types(self, values: Iterable[str]) -> str:
        """Source types in words."""
        return ", ".join(self.of(FacetName.SOURCE_TYPE, value) for value in values)

    def officials_linked(self, record: PassageRecord) -> Markup:
        """The officials of a passage, each with a link to their page."""
        return Markup(", ").join(
            Markup('<a href="{}">{}</a>').format(links.official(value), isolated(self.of(FacetName.OFFICIAL, value)))
            for value in record.officials
        )


@dataclass(frozen=True, slots=True)
class DocumentIds:
    """The ids of a document's passages, looked up by position in the document."""

    snapshot: Snapshot
    document: DocumentRecord

    def __getitem__(self, position: int, /) -> str:
        if not 0 <= position < self.document.passages:
            raise IndexError(position)
        return self.snapshot.record(self.document.first + position).id


def passage_html(snapshot: Snapshot, document: DocumentRecord, position: int) -> str:
    """The HTML of the passage at *position* of the generation, its marks leading to their notes."""
    html = snapshot.html(position)
    return link_calls(html, DocumentIds(snapshot, document)) if "#note-" in html else html


@dataclass(frozen=True, slots=True)
class PathStep:
    """One heading above a passage, or the passage itself."""

    title: Markup
    address: str


def cut(title: str) -> str:
    """*title*, or its beginning where it is long for a line above a passage."""
    if len(title) <= HEADING_CHARACTERS:
        return title
    head = title[:HEADING_CHARACTERS]
    at = head.rfind(" ")
    return (head[:at] if at > HEADING_CHARACTERS // 2 else head) + " …"  # of one long word all that has room


def headings_above(document: DocumentRecord, at: int | None) -> list[PathStep]:
    """The headings from the top to that at position *at* of the sections, each with its place in the reader.

    Those above the nearest go by their number where they have one, and the nearest is cut.
    """
    steps: list[PathStep] = []
    while at is not None:
        section = document.sections[at]
        title = section.number if steps and section.number else cut(section.title)
        steps.append(PathStep(isolated(title), links.section(document.document, at)))
        at = section.parent
    steps.reverse()
    return steps


def path_to(document: DocumentRecord, record: PassageRecord) -> list[PathStep]:
    """The headings above a passage, and the passage's own name last."""
    own = PathStep(isolated(place_said(record)), links.in_document(record.document, record.id))
    return [*headings_above(document, record.section_at), own]


def document_facts(document: DocumentRecord) -> list[str]:
    """Issuer, date, symbol and language in words."""
    language = LANGUAGES.get(document.language, document.language)
    return [
        fact
        for fact in (
            document.issuer or "",
            date_said(document.date),
            document.symbol or "",
            f"in {language}" if document.language != "en" else "",
        )
        if fact
    ]
