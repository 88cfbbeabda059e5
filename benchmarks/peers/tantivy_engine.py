"""Tantivy with its English stemmer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tantivy
from passages import Row
from questions import Class, Question

from peers import OFFICIALS_SHOWN, SHOWN, Answer, OptionalWords


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
        self._searcher: Any = self._index.searcher()

    def words(self, query: str) -> list[str]:
        return re.findall(r"\w+", query.lower())  # small letters are no operators

    def best(self, words: list[str], depth: int) -> list[int]:
        if not words:
            return []
        # Of a word said twice the parser keeps one.
        query = " ".join(f"{word}^{count}" for word, count in Counter(words).items())
        found = self._searcher.search(self._index.parse_query(query, ["text"]), depth)
        return [self._searcher.doc(address)["number"][0] for _, address in found.hits]


_FACETS: dict[str, Any] = {
    "source_type": {"terms": {"field": "source_type", "size": 1_000}},
    "official": {"terms": {"field": "official", "size": OFFICIALS_SHOWN}},
    "month": {"terms": {"field": "month", "size": 10_000}},
}


class Engine:
    """On disk, one segment; facets are its aggregations over fast fields, snippets its generator's."""

    def __init__(self, folder: Path) -> None:
        self._index: Any = tantivy.Index.open(str(folder))
        self._searcher: Any = self._index.searcher()
        self._schema = self._index.schema

    @staticmethod
    def build(rows: Iterable[Row], folder: Path) -> None:
        """One field of words as printed and one of stems; facets as fast fields."""
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("stems", tokenizer_name="en_stem", index_option="freq", stored=True)
        schema.add_text_field("words", tokenizer_name="default", index_option="position")
        for facet in _FACETS:
            schema.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
        schema.add_integer_field("when", indexed=True, fast=True)
        schema.add_integer_field("number", stored=True, fast=True)
        index: Any = tantivy.Index(schema.build(), path=str(folder))
        writer = index.writer(heap_size=1_000_000_000, num_threads=1)
        for number, row in enumerate(rows):
            writer.add_document(
                tantivy.Document(
                    stems=[row.text],
                    words=[row.text],
                    source_type=[row.source_type] if row.source_type else [],
                    official=list(dict.fromkeys(row.officials)),
                    month=[row.month] if row.month else [],
                    when=[_when(row.month)] if row.month else [],
                    number=[number],
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    def answer(self, question: Question) -> Answer:
        """The answer to *question*."""
        query, marked = self._query(question)
        found: Any = self._searcher.search(query, SHOWN, count=True)
        counts = self._searcher.aggregate(query, _FACETS)
        generator = tantivy.SnippetGenerator.create(self._searcher, marked, self._schema, "stems")
        generator.set_max_num_chars(320)
        top, snippets = [], []
        for _, address in found.hits:
            document = self._searcher.doc(address)
            top.append(document["number"][0])
            snippets.append(generator.snippet_from_doc(document).to_html())
        facets = {
            facet: {bucket["key"]: bucket["doc_count"] for bucket in counts[facet]["buckets"]} for facet in _FACETS
        }
        return Answer(found.count, top, facets, snippets)

    def _query(self, question: Question) -> tuple[Any, Any]:
        """The query, and the one whose words are marked in snippets: stems, of which the text is stored."""
        must, schema = tantivy.Occur.Must, self._schema
        words = [self._index.parse_query(f'"{word}"', ["stems"]) for word in question.words]
        marked = tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])
        match question.kind:
            case Class.ALL:
                return tantivy.Query.all_query(), marked
            case Class.OR:
                return marked, marked
            case Class.PHRASE:
                return tantivy.Query.phrase_query(schema, "words", list(question.words)), marked
            case Class.PREFIX:
                return tantivy.Query.regex_query(schema, "words", f"{question.words[0]}.*"), marked
            case Class.FUZZY:
                return tantivy.Query.fuzzy_term_query(schema, "words", question.words[0], 1, True, False), marked
        parts = [(must, word) for word in words]
        if question.source_type:
            parts.append((must, tantivy.Query.term_query(schema, "source_type", question.source_type, "basic")))
        if question.months:
            first, last = map(_when, question.months)
            parts.append((must, tantivy.Query.range_query(schema, "when", tantivy.FieldType.Integer, first, last)))
        return (tantivy.Query.boolean_query(parts) if len(parts) > 1 else words[0]), marked


def _when(month: str) -> int:
    return int(month.replace("-", ""))
