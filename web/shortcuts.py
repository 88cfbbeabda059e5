"""Where a reader may want to go straight away: the official named, the document or the passage that a query cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from corpus.authorities import Authorities, Official
from corpus.names import NameFinder, words_of
from corpus.symbols import canonical, find_symbols
from corpus.text import fold
from index.record import DocumentRecord
from web import links
from web.directions import isolated

SHORTCUTS_AT_MOST: Final = 5

_PERMALINK = re.compile(r"/documents/([A-Za-z0-9][A-Za-z0-9._-]{0,199})/p/([A-Za-z0-9._~-]{1,300})")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A way on, and what it leads to."""

    what: str
    title: Markup
    address: str


class Shortcuts:
    """Knows the names and symbols of a collection."""

    def __init__(self, authorities: Authorities, documents: Sequence[DocumentRecord]) -> None:
        # A surname may be that of several officials: all of them are offered, and none is chosen.
        by_spelling: dict[str, list[Official]] = {}
        for official in authorities.officials:
            for name in official.names():
                known = by_spelling.setdefault(fold(name), [])
                if official not in known:
                    known.append(official)
        self._officials = NameFinder(by_spelling.items(), capitals=False)
        self._documents: dict[str, list[DocumentRecord]] = {}
        for document in documents:
            if document.symbol:
                self._documents.setdefault(canonical(document.symbol) or document.symbol, []).append(document)

    def of(self, query: str) -> list[Shortcut]:
        """The ways that *query* names, in the order: passage, documents, officials. Linear time."""
        found = [
            Shortcut("The passage at this address", Markup("<code>{}</code>").format(last), links.pinpoint(slug, last))
            for slug, last in _PERMALINK.findall(query)
        ]
        if found:
            return found[:SHORTCUTS_AT_MOST]
        for symbol in dict.fromkeys(mention.canonical for mention in find_symbols(query)):
            for document in self._documents.get(symbol, ()):
                found.append(Shortcut(symbol, isolated(document.title), links.document(document.document)))
        named = dict.fromkeys(one for found in self._officials.find(words_of(query)) for one in found.value)
        found += [Shortcut("Official", isolated(one.name), links.official(one.id)) for one in named]
        return found[:SHORTCUTS_AT_MOST]
