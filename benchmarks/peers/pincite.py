"""Pincite itself, asked through the door that its pages and commands use."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from passages import Row
from questions import Class, Question

from corpus.authorities import Authorities, CollectionInfo
from index.record import DocumentRecord, MonthsRecord, PassageRecord
from index.snapshot import Snapshot
from index.writing import IndexWriter
from peers import FACETS, OFFICIALS_SHOWN, ONCE, SHOWN, Answer, Rank
from search.results import SearchRequest
from search.searcher import Searcher

NO_AUTHORITIES = Authorities(CollectionInfo("benchmark", "Benchmark", ("en",), ()))


def record(number: int, row: Row) -> PassageRecord:
    """*row* as a generation keeps it."""
    return PassageRecord(
        document=row.document,
        id=f"p{number}",
        label=f"p{number}",
        kind=row.kind,
        form="note" if row.kind == "footnote" else "paragraph",
        page=None,
        section="",
        section_path=(),
        number=None,
        text=row.text,
        calls=(),
        called_from=(),
        officials=row.officials,
        source_types=(row.source_type,) if row.source_type else (),
        months=MonthsRecord((row.month,) if row.month else ()),
        dates=(),
        date_flags=(),
        cites=(),
        refers_to=(),
        permalink=f"/documents/{row.document}/p/p{number}",
    )


def write_index(rows: Iterable[Row], folder: Path) -> None:
    """An index of *rows* in the empty *folder*; those of a document stand together."""
    documents: list[tuple[str, str, int, int]] = []  # slug, title, first, passages
    with IndexWriter(folder, NO_AUTHORITIES) as writer:
        for number, row in enumerate(rows):
            if documents and documents[-1][0] == row.document:
                slug, title, first, passages = documents[-1]
                documents[-1] = slug, title, first, passages + 1
            else:
                documents.append((row.document, row.title, number, 1))
            writer.add(record(number, row), "")
        writer.finish(
            [
                DocumentRecord(slug, title, None, None, None, None, (), False, first=first, passages=passages)
                for slug, title, first, passages in documents
            ]
        )


class PinciteRanker:
    """Each text a document of one passage; queries as a reader types them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        write_index((Row(f"d{number}", "body", "", "", (), "", text) for number, text in enumerate(texts)), folder)
        self._searcher = Searcher(Snapshot.open(folder))

    def manners(self) -> Mapping[str, Rank]:
        """Asked as it is: all words, and those that lack some after them; repeated words count."""
        return {ONCE: self._rank}

    def _rank(self, query: str, depth: int) -> list[int]:
        return [hit.position for hit in self._searcher.search(SearchRequest(query, limit=depth)).hits]


class Engine:
    """The whole path from what is typed to what is shown: hits with snippets and reasons, facets, suggestions."""

    build = staticmethod(write_index)

    def __init__(self, folder: Path) -> None:
        self._searcher = Searcher(Snapshot.open(folder))

    def answer(self, question: Question) -> Answer:
        """The answer to *question*, typed as a reader would."""
        results = self._searcher.search(SearchRequest(typed(question), limit=SHOWN, facet_limit=OFFICIALS_SHOWN))
        return Answer(
            results.total,
            [hit.position for hit in results.hits],
            {name: {value.value: value.count for value in results.facet(name).values} for name in FACETS},
            ["".join(fragment.text for fragment in hit.snippet) for hit in results.hits],
        )


def typed(question: Question) -> str:
    """*question* in Pincite's query language."""
    match question.kind:
        case Class.OR:
            words = " OR ".join(question.words)
        case Class.PHRASE:
            words = f'"{" ".join(question.words)}"'
        case Class.PREFIX:
            words = f"{question.words[0]}*"
        case Class.FUZZY:
            words = f"{question.words[0]}~1"
        case _:
            words = " ".join(question.words)
    source = f' source:"{question.source_type}"' if question.source_type else ""
    months = " date:{}..{}".format(*question.months) if question.months else ""
    return f"{words}{source}{months}"
