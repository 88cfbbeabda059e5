"""Questions that show how to ask, each tried on the generation being served: one without hits is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import Kind
from index.snapshot import Snapshot
from search.results import Results, SearchRequest
from search.searcher import Searcher
from search.selection import FacetName
from web import links
from web.forms import SearchForm

_WORDS = re.compile(r"\b[a-z]{4,}(?: [a-z]{4,}\b)+")
_PASSAGES_READ = 400  # how many passages are looked at for a phrase or a symbol
_OFTEN = 20  # a pair of words in more than one passage in so many is a formula of the record


@dataclass(frozen=True, slots=True)
class Example:
    """A way of asking, with a question that has hits."""

    title: str
    query: str
    total: int

    @property
    def address(self) -> str:
        return links.search(SearchForm(query=self.query).arguments())


def examples(searcher: Searcher, snapshot: Snapshot) -> tuple[Example, ...]:
    """One example of each way of asking that this generation can answer."""
    everything = searcher.search(SearchRequest(limit=1))
    found: list[Example] = []
    for title, queries in _candidates(snapshot, everything):
        for query in queries:
            total = searcher.search(SearchRequest(query, limit=1)).total
            if total:
                found.append(Example(title, query, total))
                break
    return tuple(found)


def _candidates(snapshot: Snapshot, everything: Results) -> Iterator[tuple[str, list[str]]]:
    """Ways of asking, each with questions to try, the likeliest first."""
    commonest = [value.value for value in everything.facet(FacetName.OFFICIAL).values[:3]]
    officials = [one for name in commonest for one in snapshot.authorities.officials if one.id == name]
    yield "A name, in any spelling", [official.name.split()[-1] for official in officials]
    yield "A name in Persian", [name for official in officials for name in official.persian[:1]]
    phrases, symbols = _from_passages(snapshot)
    yield "A phrase, word for word", [f'"{phrase}"' for phrase in phrases[:3]]
    yield "One word near another", [f'"{" ".join(reversed(phrase.split()))}"~5' for phrase in phrases[:3]]
    yield "A document by its number", symbols[:3]
    months = sorted(everything.facet(FacetName.MONTH).values, key=lambda value: -value.count)
    word = phrases[0].split()[0] if phrases else ""
    yield "A word in one month", [f"{word} month:{value.value}" for value in months[:3] if word]
    yield "Only footnotes", [f"kind:footnote {phrase.split()[0]}" for phrase in phrases] + ["kind:footnote"]


def _from_passages(snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Pairs of words and symbols that stand in the record, those in most of the passages read first.

    Pairs are taken from the prose: a work's title comes back in every note that cites it, and in every passage that
    refers to it, and shows nobody what the record is about.
    """
    pairs: dict[str, int] = {}
    symbols: dict[str, int] = {}
    count = snapshot.passage_count
    read = range(0, count, max(1, count // _PASSAGES_READ))
    for position in read:
        record = snapshot.record(position)
        for run in set(_WORDS.findall(record.text)) if record.kind != Kind.FOOTNOTE.value else ():
            words = run.split()
            for pair in pairwise(words):
                if not _DULL.intersection(pair):
                    pairs[" ".join(pair)] = pairs.get(" ".join(pair), 0) + 1
        for cited in record.cites:
            if cited.symbol:
                symbols[cited.symbol] = symbols.get(cited.symbol, 0) + 1
    often = max(1, len(read) // _OFTEN)
    formulas = {word for pair, times in pairs.items() if times > often for word in pair.split()}
    telling = {pair: times for pair, times in pairs.items() if formulas.isdisjoint(pair.split())}
    by_count = [sorted(found, key=lambda one: (-found[one], one)) for found in (telling, symbols)]
    return by_count[0], by_count[1]


# Words that tell a newcomer nothing about the record.
_DULL = frozenset(
    (
        "about", "after", "also", "been", "before", "being", "between", "both", "during", "each", "from", "have",
        "having", "into", "more", "most", "only", "other", "over", "said", "same", "some", "such", "than", "that",
        "their", "them", "then", "there", "these", "they", "this", "those", "through", "under", "until", "upon", "very",
        "were", "what", "when", "where", "which", "while", "whom", "whose", "will", "with", "within", "would",
        "according", "cited", "does", "given", "gives", "ibid", "index", "note", "number", "numbers", "page", "pages",
        "paras", "previously", "record", "records",
    )
)  # fmt: skip
