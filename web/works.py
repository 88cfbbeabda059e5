"""The works that the record cites, put together from its footnotes: which passages rest on each of them.

Two citations are of one work when they bear the same document symbol, lead to the same page of the web, or have author,
title and date in common; never when their symbols differ. A short form counts where it is sure which footnote it means,
and where that footnote cites several works, which of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from corpus.authorities import Authorities, Source
from corpus.names import words_of
from corpus.sources import SourceFinder
from corpus.symbols import canonical
from corpus.text import fold
from index.record import CitationRecord, DocumentRecord, PassageRecord

_ID_CHARACTERS: Final = 10  # of a digest in hexadecimal: 40 bits, for some thousands of works
_SIGNS: Final = re.compile(r"[\W_]+")
_SHORT_FORM_WORDS: Final = frozenset({"previously", "cited", "ibid", "the", "a", "of"})


@dataclass(slots=True)
class Work:
    """One work and the positions of the passages that rest on it, in order."""

    id: str  # "w-" and a digest of what it is known by; the same in every generation that cites it alike
    cited: CitationRecord  # the fullest citation of it
    publisher: Source | None
    notes: list[int] = field(default_factory=list)  # what cites it, in full or in short
    passages: list[int] = field(default_factory=list)  # what calls those notes, or a note that nothing calls

    @property
    def title(self) -> str:
        """What it is called; its symbol or address where no title is given."""
        one = self.cited
        return one.title or one.symbol or one.address or one.author or one.publisher or ""

    @property
    def author(self) -> str:
        """Who speaks in it."""
        return self.cited.author or self.cited.publisher or ""


def same_work(cited: CitationRecord, document: DocumentRecord) -> bool:
    """Whether *document* of the collection bears the symbol of the work *cited*."""
    if not (cited.symbol and document.symbol):
        return False
    return (canonical(cited.symbol) or fold(cited.symbol)) == (canonical(document.symbol) or fold(document.symbol))


def works_of(records: Iterable[PassageRecord], authorities: Authorities) -> list[Work]:
    """The works cited by *records* (all of a generation, by position), in the order first cited. Linear time."""
    everything = list(records)
    groups = _Groups()
    of_passage: dict[tuple[str, str], list[tuple[CitationRecord, int]]] = {}
    for record in everything:
        for cited in record.cites:
            if keys := _keys(cited):
                of_passage.setdefault((record.document, record.id), []).append((cited, groups.joined(cited, keys)))
    found: dict[int, Work] = {}
    finder = SourceFinder(authorities)
    places = {(record.document, record.id): at for at, record in enumerate(everything)}
    for at, record in enumerate(everything):
        meant = [groups.root(group) for _, group in of_passage.get((record.document, record.id), ())]
        for reference in record.refers_to:
            if reference.note is not None and reference.certainty == "sure" and reference.id is not None:
                candidates = of_passage.get((record.document, reference.id), [])
                meant += [groups.root(group) for group in _meant(reference.printed, candidates)]
        for root in dict.fromkeys(meant):
            if root not in found:
                cited = groups.fullest[root]
                found[root] = Work(_id(cited), cited, _publisher(cited, finder))
            found[root].notes.append(at)
            callers = (places.get((record.document, caller)) for caller in record.called_from)
            found[root].passages.extend([caller for caller in callers if caller is not None] or [at])
    for work in found.values():
        work.passages = sorted(set(work.passages))
    return list(found.values())


class _Groups:
    """Citations joined where a key is shared (union-find, halving paths: Tarjan, van Leeuwen, J. ACM 31, 1984)."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self._symbol: list[str | None] = []  # at a root: the symbol of the work, if any citation gives one
        self._by_key: dict[str, int] = {}
        self.fullest: dict[int, CitationRecord] = {}

    def root(self, group: int) -> int:
        while self._parent[group] != group:
            self._parent[group] = self._parent[self._parent[group]]
            group = self._parent[group]
        return group

    def joined(self, cited: CitationRecord, keys: list[str]) -> int:
        """The group of *cited*, whose *keys* are led by that of its symbol where it has one."""
        group = len(self._parent)
        self._parent.append(group)
        self._symbol.append(keys[0] if keys[0].startswith("symbol ") else None)
        self.fullest[group] = cited
        for key in keys:
            other = self._by_key.setdefault(key, group)
            self._join(self.root(other), self.root(group))
        return group

    def _join(self, one: int, other: int) -> None:
        symbols = {symbol for symbol in (self._symbol[one], self._symbol[other]) if symbol is not None}
        if one == other or len(symbols) > 1:
            return
        self._parent[other] = one
        self._symbol[one] = symbols.pop() if symbols else None
        self.fullest[one] = max(self.fullest[one], self.fullest.pop(other), key=_fullness)


def _keys(cited: CitationRecord) -> list[str]:
    """What *cited* may share with another citation of its work, the surest first; none: it cannot be told apart."""
    keys = []
    if cited.symbol:
        keys.append(f"symbol {canonical(cited.symbol) or fold(cited.symbol)}")
    if cited.address:
        host, _, path = cited.address.split("://")[-1].partition("/")
        if path.strip("/"):  # the front page of a site is no work
            keys.append(f"address {host.removeprefix('www.').casefold()}/{path.strip('/')}")
    if cited.title:
        words = (_words(part or "") for part in (cited.author or cited.publisher, cited.title, cited.date))
        keys.append(f"title {' | '.join(words)}")
    return keys


def _words(text: str) -> str:
    """*text* folded, without the signs between words: an archive's box is one, however its dashes are printed."""
    return " ".join(_SIGNS.sub(" ", fold(text)).split())


def _fullness(cited: CitationRecord) -> int:
    # The symbol outweighs all: a work goes by it wherever one citation gives it.
    return 10 * bool(cited.symbol) + sum(
        value is not None for value in (cited.title, cited.symbol, cited.date, cited.address, cited.author)
    )


def _id(cited: CitationRecord) -> str:
    return "w-" + hashlib.sha256(_keys(cited)[0].encode("utf-8", "replace")).hexdigest()[:_ID_CHARACTERS]


def _meant(printed: str, candidates: list[tuple[CitationRecord, int]]) -> list[int]:
    """The groups of those *candidates*, the citations of one footnote, that the short form *printed* can mean."""
    if len(candidates) == 1:
        return [candidates[0][1]]
    words = set(_words(printed).split()) - _SHORT_FORM_WORDS
    shared = [
        len(words.intersection(_words(f"{cited.author or ''} {cited.title or ''} {cited.symbol or ''}").split()))
        for cited, _ in candidates
    ]
    most = max(shared, default=0)
    best = [group for (_, group), count in zip(candidates, shared, strict=True) if count == most]
    return best if most and len(best) == 1 else []


def _publisher(cited: CitationRecord, finder: SourceFinder) -> Source | None:
    """The publisher of the collection whose work it is: by the author named, else by symbol, else by address."""
    for name in (cited.author, cited.publisher):
        named = finder.named(words_of(name)) if name else []
        if named:
            return named[0].value
    symbol = canonical(cited.symbol) if cited.symbol else None
    by_symbol = finder.by_symbol(symbol) if symbol else None
    return by_symbol or (finder.by_address(cited.address) if cited.address else None)
