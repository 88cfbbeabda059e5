"""The generation that a request reads, from its first line to its last, and what is kept for as long as it is open."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from flask import current_app, g

from index.home import Home
from index.linkbook import LinkBook
from index.record import DocumentRecord
from index.showing import Opened, Showing
from index.snapshot import Snapshot
from search.landings import Landing
from search.limits import FACET_VALUES_AT_MOST, PASSAGES_MARKED
from search.permalinks import land, land_pinpoint
from search.pinpoints import parse_pinpoint
from search.results import Results, SearchRequest
from search.selection import FacetName
from web import links
from web.compressing import CompressedPages
from web.engines import ClusterChoice, searcher_of
from web.examples import Example, examples
from web.history import History
from web.hits import HitPages
from web.labels import Edition, Labels
from web.reader import ReaderPages, Spans
from web.shortcuts import Shortcuts
from web.timeline import TimelinePage
from web.works import Work, works_of

_EXTENSION = "pincite"
_EXTRA = "web"
WARM_SECONDS = 0.5  # for pages, off the request path, while readers still have the generation before


class Serving:
    """One generation with everything the site needs of it; made once a generation and kept with it."""

    def __init__(self, opened: Opened, home: Home, cluster: ClusterChoice | None) -> None:
        self._home = home
        self._opened = opened
        self.snapshot: Snapshot = opened.snapshot
        self.searcher = searcher_of(opened, cluster)
        self.manifest = opened.manifest
        self.generation: str = opened.generation
        self.labels = Labels(self.snapshot.authorities, self.snapshot.documents)
        self.history = History(home, self.generation, opened.sha256)
        self.compressed = CompressedPages()
        self.hits = HitPages(self.snapshot, self.labels)
        self.readers = ReaderPages(self.snapshot, self.labels, self.aliases_in)

    def warm(self, before: Serving | None, clock: Callable[[], float]) -> None:
        """Makes what the first requests would otherwise wait for: small things, and the pages read in the one *before*.

        Pages take their time, and a new generation must not be kept waiting: after WARM_SECONDS the rest is left.
        """
        _ = self._book, self.etag, self.edition, self.examples, self.shortcuts, self.official_counts
        until = clock() + WARM_SECONDS
        for slug in before.readers.asked if before is not None else ():
            document = self.snapshot.document(slug)
            if document is not None and clock() < until:
                self.readers.page(document)

    @cached_property
    def etag(self) -> str:
        """Differs whenever a page of this generation may."""
        return f"{self.generation} {sorted(self.manifest.files.items())}"

    @cached_property
    def everything(self) -> Results:
        """The answer to an empty question, with all officials counted."""
        return self.searcher.search(SearchRequest(limit=1, facet_limit=int(FACET_VALUES_AT_MOST)))

    @cached_property
    def official_counts(self) -> dict[str, int]:
        """How many passages name each official."""
        return {one.value: one.count for one in self.everything.facet(FacetName.OFFICIAL).values}

    @cached_property
    def _book(self) -> LinkBook:
        return self._opened.book()

    @cached_property
    def _newest(self) -> LinkBook | None:
        """After a rollback, the book of the newest generation: it answers for ids that came later."""
        return self._home.newest_book(self.generation)

    def land(self, permalink: str) -> Landing:
        """What a permalink, a path or a whole address, means in this generation."""
        return land(permalink, self._book, self._newest)

    def land_pinpoint(self, slug: str, pinpoint: str) -> Landing:
        """What the last part of a permalink means."""
        permalink = links.pinpoint(slug, pinpoint)
        return land_pinpoint(slug, parse_pinpoint(pinpoint), self._book, self._newest, permalink=permalink)

    def aliases_in(self, document: DocumentRecord) -> dict[str, list[str]]:
        """For each passage of *document*, the ids that were joined with it and still lead to it."""
        slug = document.document
        aliases: dict[str, list[str]] = {}
        for identifier in sorted(set(self._book.ids(slug)).difference(self._book.standing(slug))):
            survivor = self._book.survivor(slug, identifier)
            if survivor is not None:
                aliases.setdefault(survivor.history.id, []).append(identifier)
        return aliases

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """Questions that find something here."""
        return examples(self.searcher, self.snapshot)

    @cached_property
    def timeline(self) -> TimelinePage:
        """The months of the record."""
        return TimelinePage.of(self.searcher, self.labels)

    def spans_in(self, document: DocumentRecord, query: str, *, as_printed: bool) -> Spans:
        """Where the words of *query* stand in the passages of *document*."""
        return self.searcher.marks(query, document.document, int(PASSAGES_MARKED), as_printed=as_printed)

    def knew(self, slug: str) -> bool:
        """Whether a document has, or once had, this name."""
        return self._book.knows(slug) or (self._newest is not None and self._newest.knows(slug))

    @cached_property
    def shortcuts(self) -> Shortcuts:
        """Officials and documents that a query may name."""
        return Shortcuts(self.snapshot.authorities, self.snapshot.documents)

    @cached_property
    def works(self) -> dict[str, Work]:
        """The works cited, by id; put together when first asked for: some ten seconds for a million passages."""
        records = (self.snapshot.record(at) for at in range(self.snapshot.passage_count))
        return {work.id: work for work in works_of(records, self.snapshot.authorities)}

    @cached_property
    def edition(self) -> Edition:
        """What the foot of each page says."""
        return Edition(
            generation=self.generation,
            built=self.manifest.built[:10],
            collection=self.snapshot.authorities.collection.title,
            passages=self.snapshot.passage_count,
            documents=len(self.snapshot.documents),
        )


@dataclass(frozen=True, slots=True)
class Site:
    """What the application holds."""

    reader: Showing


def attach(app_extensions: dict[str, object], site: Site) -> None:
    """Makes *site* the one that requests of the application use."""
    app_extensions[_EXTENSION] = site


class Preparing:
    """Makes what requests will need of a generation before the first of them comes: called with each that is opened.

    They are read at *home* and searched in *cluster*, if one is given.
    """

    def __init__(
        self, home: Home, cluster: ClusterChoice | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._home = home
        self._cluster = cluster
        self._clock = clock
        self._last: Serving | None = None

    def __call__(self, opened: Opened) -> None:
        serving = opened.extras[_EXTRA] = Serving(opened, self._home, self._cluster)
        serving.warm(self._last, self._clock)
        self._last = serving


@contextmanager
def current_serving() -> Iterator[Serving]:
    """The generation for this request; it stays open until the end of the block. Raises NoGenerationError."""
    site = cast(Site, current_app.extensions[_EXTENSION])
    with site.reader.pinned() as opened:
        serving = cast(Serving, opened.extras[_EXTRA])
        g.serving = serving
        yield serving
