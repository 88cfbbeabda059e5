"""What the matcher is asked: a tree of sets of index terms, made from a query and the words that the index holds.

The query says what the reader wants; the plan says which postings answer it. Whatever help the search gives (stems,
spellings, scripts) is in here as more terms for one word, each with its reason; the matcher knows none of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.schema import TermField


@dataclass(frozen=True, slots=True)
class Nothing:
    """Holds for no passage."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Holds for every passage, all scored alike."""


@dataclass(frozen=True, slots=True)
class AnyTerm:
    """A passage holds at least one of *terms* in *field*; scored as one word (frequencies added up)."""

    field: TermField
    terms: tuple[str, ...]
    weight: float = 1.0  # how often the query says the word


@dataclass(frozen=True, slots=True)
class InOrder:
    """*slots* stand one right after another in *field*; each slot is any of its terms."""

    field: TermField
    slots: tuple[tuple[str, ...], ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """Each slot has a place of its own in *field*, in any order, with at most *between* other words among them."""

    field: TermField
    slots: tuple[tuple[str, ...], ...]
    between: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class OneOf:
    """A passage has at least one of *values* in the *column* ("official", "source_type", "month", "kind", "document",
    "section", "language", "page", "note"); not scored."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Among:
    """Holds for just the passages at these *positions* (ascending, each once); not scored."""

    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds where every part holds; scores are added."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where at least one part holds; scores are added."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class ButNot:
    """Holds where *part* does and *without* does not."""

    part: Plan
    without: Plan


Plan = Nothing | Everything | AnyTerm | InOrder | Near | OneOf | Among | AllOf | AnyOf | ButNot
