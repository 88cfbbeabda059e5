"""Tantivy with its English stemmer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import tantivy

from peers import OptionalWords


class TantivyRanker(OptionalWords):
    """All texts in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
        schema.add_integer_field("number", stored=True)
        self._index: Any = tantivy.Index(schema.build())
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=[text], number=[number]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def words(self, query: str) -> list[str]:
        return re.findall(r"\w+", query.lower())  # small letters are no operators

    def best(self, words: list[str], depth: int) -> list[int]:
        if not words:
            return []
        # Of a word said twice the parser keeps one.
        query = " ".join(f"{word}^{count}" for word, count in Counter(words).items())
        found = self._searcher.search(self._index.parse_query(query, ["text"]), depth)
        return [self._searcher.doc(address)["number"][0] for _, address in found.hits]
