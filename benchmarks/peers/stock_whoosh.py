"""Whoosh as it comes: BM25F, stemming analyzer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from passages import Row
from questions import Class, Question
from whoosh.analysis import StandardAnalyzer, StemmingAnalyzer
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.query import And, Every, FuzzyTerm, Or, Phrase, Prefix, Term, TermRange
from whoosh.sorting import Count, Facets

from peers import FACETS, OFFICIALS_SHOWN, SHOWN, Answer, OptionalWords


class WhooshRanker(OptionalWords):
    """On disk: two indexes in memory, made at once, take each other's temporary files."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._folder = TemporaryDirectory()
        self._analyzer: Any = StemmingAnalyzer()
        index: Any = create_in(
            self._folder.name, Schema(number=NUMERIC(stored=True), text=TEXT(analyzer=self._analyzer))
        )
        writer = index.writer(limitmb=256)
        for number, text in enumerate(texts):
            writer.add_document(number=number, text=text)
        writer.commit()
        self._searcher = index.searcher()

    def words(self, query: str) -> list[str]:
        return [token.text for token in self._analyzer(query, mode="query")]

    def best(self, words: list[str], depth: int) -> list[int]:
        terms = [Term("text", word, boost=float(count)) for word, count in Counter(words).items()]
        return [hit["number"] for hit in self._searcher.search(Or(terms), limit=depth)]


class Engine:
    """On disk; facets by `groupedby` over all hits, snippets by its own highlighter."""

    def __init__(self, folder: Path) -> None:
        self._index: Any = open_dir(str(folder))
        self._searcher = self._index.searcher()

    @staticmethod
    def build(rows: Iterable[Row], folder: Path) -> None:
        """One field of words as printed and one of stems; facets as columns."""
        add_all(rows, folder)

    def answer(self, question: Question) -> Answer:
        """The answer to *question*."""
        facets = Facets()
        facets.add_field("source_type").add_field("official", allow_overlap=True).add_field("month")
        found = self._searcher.search(
            _query(question), limit=SHOWN, filter=_filter(question), groupedby=facets, maptype=Count
        )
        groups = {facet: dict(found.groups(facet)) for facet in FACETS}
        officials = sorted(groups["official"].items(), key=lambda one: (-one[1], one[0] or ""))[:OFFICIALS_SHOWN]
        groups["official"] = dict(officials)
        counts = {facet: {value: n for value, n in group.items() if value} for facet, group in groups.items()}
        total = len(found)
        top = [hit["number"] for hit in found]
        field = "words" if question.kind in (Class.PHRASE, Class.PREFIX, Class.FUZZY) else "stems"
        snippets = [hit.highlights(field, text=hit["text"], top=2) or hit["text"][:320] for hit in found]
        return Answer(total, top, counts, snippets)


def add_texts(rows: Iterable[Row], folder: Path) -> None:
    """Whoosh's index of the texts alone, with its own default settings."""
    writer = create_in(str(folder), Schema(number=NUMERIC(stored=True), text=TEXT(stored=True))).writer()
    for number, row in enumerate(rows):
        writer.add_document(number=number, text=row.text)
    writer.commit()


def add_all(rows: Iterable[Row], folder: Path) -> None:
    """Whoosh's index of *rows* in *folder*."""
    schema = Schema(
        number=NUMERIC(stored=True),
        text=STORED,
        stems=TEXT(analyzer=StemmingAnalyzer(stoplist=None, minsize=1)),
        words=TEXT(analyzer=StandardAnalyzer(stoplist=None, minsize=1)),
        source_type=ID(sortable=True),
        official=KEYWORD(commas=True, sortable=True),
        month=ID(sortable=True),
    )
    writer = create_in(str(folder), schema).writer(limitmb=256)
    for number, row in enumerate(rows):
        writer.add_document(
            number=number,
            text=row.text,
            stems=row.text,
            words=row.text,
            source_type=row.source_type,
            official=",".join(row.officials),
            month=row.month,
        )
    writer.commit()


def _query(question: Question) -> Any:
    words = [Term("stems", token) for word in question.words for token in _stems(word)]
    match question.kind:
        case Class.ALL:
            return Every()
        case Class.OR:
            return Or(words)
        case Class.PHRASE:
            return Phrase("words", list(question.words))
        case Class.PREFIX:
            return Prefix("words", question.words[0])
        case Class.FUZZY:
            return FuzzyTerm("words", question.words[0], maxdist=1)
        case _:
            return And(words) if len(words) > 1 else words[0]


def _stems(word: str) -> list[str]:
    return [token.text for token in StemmingAnalyzer(stoplist=None)(word)]


def _filter(question: Question) -> Any:
    if question.source_type:
        return Term("source_type", question.source_type)
    return TermRange("month", *question.months) if question.months else None
