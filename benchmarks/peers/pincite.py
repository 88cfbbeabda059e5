"""Pincite itself, asked through the door that its pages and commands use."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.authorities import Authorities, CollectionInfo
from index.record import DocumentRecord, MonthsRecord, PassageRecord
from index.snapshot import Snapshot
from index.writing import IndexWriter
from peers import ONCE, Rank
from search.results import SearchRequest
from search.searcher import Searcher

NO_AUTHORITIES = Authorities(CollectionInfo("benchmark", "Benchmark", ("en",), ()))


def passage(document: str, identifier: str, text: str) -> PassageRecord:
    """A passage of which nothing but its *text* is known."""
    return PassageRecord(
        document=document,
        id=identifier,
        label=identifier,
        kind="body",
        form="paragraph",
        page=None,
        section="",
        section_path=(),
        number=None,
        text=text,
        calls=(),
        called_from=(),
        officials=(),
        source_types=(),
        months=MonthsRecord(),
        dates=(),
        date_flags=(),
        cites=(),
        refers_to=(),
        permalink=f"/documents/{document}/p/{identifier}",
    )


def document(slug: str, first: int, passages: int) -> DocumentRecord:
    """A document of which nothing but its passages is known."""
    return DocumentRecord(slug, slug, None, None, None, None, (), False, first=first, passages=passages)


class PinciteRanker:
    """Each text a document of one passage; queries as a reader types them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        with IndexWriter(folder, NO_AUTHORITIES) as writer:
            for number, text in enumerate(texts):
                writer.add(passage(f"d{number:07}", "p", text), "")
            writer.finish([document(f"d{number:07}", number, 1) for number in range(len(texts))])
        self._searcher = Searcher(Snapshot.open(folder))

    def manners(self) -> Mapping[str, Rank]:
        """Asked as it is: all words, and those that lack some after them; repeated words count."""
        return {ONCE: self._rank}

    def _rank(self, query: str, depth: int) -> list[int]:
        return [hit.position for hit in self._searcher.search(SearchRequest(query, limit=depth)).hits]
