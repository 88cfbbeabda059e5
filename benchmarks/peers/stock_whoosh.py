"""Whoosh as it comes: BM25F, stemming analyzer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import NUMERIC, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Or, Term

from peers import OptionalWords


class WhooshRanker(OptionalWords):
    """All texts in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._analyzer: Any = StemmingAnalyzer()
        index: Any = RamStorage().create_index(Schema(number=NUMERIC(stored=True), text=TEXT(analyzer=self._analyzer)))
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
