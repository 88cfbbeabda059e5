"""Other search engines, each set up as its own manual recommends, asked the same questions as Pincite."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Rank = Callable[[str, int], list[int]]
"""From a query and how many are wanted to the numbers of the best texts."""

ONCE = ""
REPEATED = "  repeated query words counted"


class OptionalWords(ABC):
    """An engine that ranks texts by words of which none is required."""

    @abstractmethod
    def words(self, query: str) -> list[str]:
        """The words of *query* that the engine looks for, as often as they stand there."""

    @abstractmethod
    def best(self, words: list[str], depth: int) -> list[int]:
        """The numbers of the best *depth* texts for *words*, each counted as often as it is listed."""

    def manners(self) -> Mapping[str, Rank]:
        """How it is asked: each word once, and as often as the query says it."""
        return {
            ONCE: lambda query, depth: self.best(list(dict.fromkeys(self.words(query))), depth),
            REPEATED: lambda query, depth: self.best(self.words(query), depth),
        }


SHOWN = 20  # hits of a page, each with a snippet
FACETS = ("source_type", "official", "month")
OFFICIALS_SHOWN = 100  # of the commonest officials; of source types and months all


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says to one question: how many passages, the best of them by number, counts by facet."""

    total: int
    top: list[int]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    snippets: list[str] = field(default_factory=list)
