"""What a reader asks, as a tree that prints itself back in the language in which it was typed.

`parse(str(query)).query == query` holds for every tree that search.syntax makes. The places (`at`) are offsets in the
text typed, in code points; they serve notices and are no part of what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum


class FieldName(StrEnum):
    """What may stand before a colon."""

    KIND = "kind"
    OFFICIAL = "official"
    SOURCE = "source"
    MONTH = "month"
    DATE = "date"
    SECTION = "section"
    DOCUMENT = "document"
    PAGE = "page"
    CITES = "cites"
    NOTE = "note"
    LANG = "lang"


@dataclass(frozen=True, slots=True)
class Everything:
    """Nothing was asked: every passage."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed; the analyzer may see several in it (cover-up)."""

    text: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Prefix:
    """All words that begin with *text*."""

    text: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """All words spelt nearly like *text*; *edits* letters may differ, None: by its length."""

    text: str
    edits: int | None = None
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.text}~{'' if self.edits is None else self.edits}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after another, just so."""

    text: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Near:
    """Words that stand together in any order with at most *between* others among them."""

    text: str
    between: int
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"~{self.between}'


@dataclass(frozen=True, slots=True)
class Field:
    """A property that a passage must have; for a section, *quoted* asks for the heading's words."""

    name: FieldName
    value: str
    quoted: bool = False
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f'{self.name}:"{self.value}"' if self.quoted else f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class Not:
    """Passages without *part*."""

    part: Query

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, And | Or) else f"-{self.part}"


@dataclass(frozen=True, slots=True)
class And:
    """Passages that have every part."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Passages that have at least one part."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


Leaf = Word | Prefix | Fuzzy | Phrase | Near | Field
Query = Everything | Leaf | Not | And | Or


def leaves(query: Query, *, wanted: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Each leaf from left to right, and whether it is wanted (False under an odd number of NOTs)."""
    match query:
        case Not(part):
            yield from leaves(part, wanted=not wanted)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, wanted=wanted)
        case Everything():
            return
        case _:
            yield query, wanted


def change(query: Query, new: Callable[[Leaf], Leaf]) -> Query:
    """The same tree with *new* of each leaf in its place."""
    match query:
        case Everything():
            return query
        case Not(part):
            return replace(query, part=change(part, new))
        case And(parts) | Or(parts):
            return replace(query, parts=tuple(change(part, new) for part in parts))
        case _:
            return new(query)
