"""The fields of the index: which words of a passage are found where, for us and for Whoosh."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import FieldType, Schema
from whoosh.formats import Positions

from index.analyzers import printed_words, words

# Raised with every change of any file that index.writing makes; another version is refused when it is opened.
SCHEMA_VERSION = 3


class TermField(StrEnum):
    """The indexed fields. Each has postings with positions that count its own words from 0."""

    TEXT = "text"  # folded and stemmed, for the words of a plain query
    EXACT = "exact"  # folded, not stemmed, for quoted phrases, prefixes and nearness
    PRINTED = "printed"  # runs of letters, digits and combining marks after NFC and case folding: "as printed"
    HEADING = "heading"  # folded and stemmed words of the section path: counts in ranking, found by section:
    CITED = "cited"  # canonical symbols, folded words and their stems, of what the passage cites, for cites:
    SYMBOL = "symbol"  # canonical document symbols that stand in the text


class PlacesFormat(Positions):  # type: ignore[misc]  # Whoosh is untyped
    """How a posting's value reads to Whoosh: its positions, four bytes each, little-endian."""

    def decode_positions(self, value: bytes) -> list[int]:
        return memoryview(value).cast("I").tolist()

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4


class TermAnalyzer(Analyzer):  # type: ignore[misc]
    """Lets Whoosh's own query parser see words as the index does. Symbols are taken as they are typed."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __call__(self, value: str, **kwargs: Any) -> Iterator[Token]:
        for at, (term, start, end) in enumerate(self._terms(value)):
            yield Token(text=term, original=term, pos=at, startchar=start, endchar=end, boost=1.0, stopped=False)

    def _terms(self, value: str) -> list[tuple[str, int, int]]:
        match TermField(self.field):
            case TermField.TEXT | TermField.HEADING:
                return [(word.stems[0], word.start, word.end) for word in words(value)]
            case TermField.EXACT | TermField.CITED:
                return [(word.exact[0], word.start, word.end) for word in words(value)]
            case TermField.PRINTED:
                return printed_words(value)
            case TermField.SYMBOL:
                return [(value, 0, len(value))]


class Terms(FieldType):  # type: ignore[misc]
    """A field of terms with positions; nothing of it is stored."""

    def __init__(self, field: TermField) -> None:
        super().__init__(format=PlacesFormat(), analyzer=TermAnalyzer(field.value), scorable=True)


class Identity(FieldType):  # type: ignore[misc]
    """A field that can be read back from a hit and not searched: the passage's document and id."""

    def __init__(self) -> None:
        super().__init__(format=None, analyzer=None, stored=True)
        self.indexed = False


def whoosh_schema() -> Any:
    """The fields as Whoosh's Schema: what the index's TOC holds."""
    return Schema(document=Identity(), id=Identity(), **{field.value: Terms(field) for field in TermField})
