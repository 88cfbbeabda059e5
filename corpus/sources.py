"""Source types: whose record a footnote cites, or a passage reports or quotes.

A name counts in prose where its bearer publishes or issues ("the Reuters News reported", "a resolution by the General
Assembly", "according to UN records"), not where it is only spoken to or about, and not inside quotation marks, where
the record itself is speaking. In a footnote the first publisher named counts, outside the titles that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from corpus.addresses import find_addresses, host_and_path
from corpus.authorities import Authorities, Source
from corpus.model import Document, Form, Kind, Passage, Reference
from corpus.names import Found, NameFinder, Words, words_of
from corpus.short_names import said_short_names, short_name_behind
from corpus.source_roles import is_sent_to, issues, spread
from corpus.sources_words import KINDS
from corpus.surroundings import lead_in, sentence_around
from corpus.symbols import SymbolMention, find_symbols

_MARKS = re.compile(r"[“”\"«»]")
_CLOSES = {"”": "“", "»": "«", '"': '"'}
# A letter of a state, named by whom it comes from before whom it goes to.
_SENT_BY_A_STATE = re.compile(
    r"\b(?:letter|note\sverbale|cable|telegram|communication|reply)\b[^;]{0,60}?\b(?:from|of|by)\s[^;]{0,40}?"
    r"\b(?:permanent\s(?:mission|representative)|charg[eé]\sd[’']affaires|ambassador|embassy|ministry|minister"
    r"|government)\b[^;]{0,120}?\bto\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SourceMention:
    """A publisher or issuer named at `text[start:end]`."""

    source: Source
    start: int
    end: int


class SourceFinder:
    """Knows the collection's publishers and issuers by name, document symbol and address."""

    def __init__(self, authorities: Authorities) -> None:
        names = [
            (name, source) for source in authorities.sources for name in dict.fromkeys((*source.names, source.name))
        ]
        self._names = NameFinder(names)
        types = {value for value, _ in authorities.collection.source_types}
        self._kinds = NameFinder(
            (name, Source(f"any-{kind}", name, kind))
            for kind, listed in KINDS.items()
            if kind in types
            for name in listed
        )
        self._has_government = "government" in types
        self._symbols = [(pattern, source) for source in authorities.sources for pattern in source.symbols]
        # The most telling pattern first: E/CN.4/1989/25 before E/CN.4/*, that before E/*.
        self._symbols.sort(key=lambda one: -len(one[0].rstrip("*")))
        addresses = [
            (*host_and_path(address), address, source) for source in authorities.sources for address in source.addresses
        ]
        self._addresses = sorted(
            ((host, path.rstrip("/"), source) for host, path, _, source in addresses if host),
            key=lambda one: -len(one[0] + one[1]),
        )

    def named(self, words: Words, short_names: NameFinder[Source] | None = None) -> list[Found[Source]]:
        """The publishers named in a text, in order; *short_names* are those that the document itself gives."""
        found = [one for one in self._names.find(words) if not _is_part_of_another(words, one)]
        return found if short_names is None else _also(found, short_names.find(words))

    def short_names(self, texts: Sequence[Words]) -> NameFinder[Source] | None:
        """The short names that the *texts* of a document give to publishers and to works of theirs."""
        pairs: list[tuple[str, Source]] = []
        for words in texts:
            if "(" not in words.printed:
                continue
            found = self.named(words)
            for one in found:
                behind = short_name_behind(words.printed, one.end)
                if behind:
                    pairs.append((behind, one.value))
            for short in said_short_names(words.printed):
                start, _ = sentence_around(words.printed, short.start)
                before = [one for one in found if start <= one.start < short.start]
                if before:
                    pairs.append((short.name, before[-1].value))
        pairs = [(name, source) for name, source in pairs if not any(True for _ in self._names.find(words_of(name)))]
        return NameFinder(pairs) if pairs else None

    def by_symbol(self, canonical: str) -> Source | None:
        """Whose document *canonical* is, by the most telling pattern; None if no pattern fits."""
        for pattern, source in self._symbols:
            if canonical == pattern or fnmatchcase(canonical, pattern):
                return source
        return None

    def by_address(self, address: str) -> Source | None:
        """Whose site *address* leads to, opened if it is wrapped."""
        host, path = host_and_path(address)
        for known, under, source in self._addresses:
            if (host == known or host.endswith("." + known)) and (
                not under or path == under or path.startswith(under + "/")
            ):
                return source
        return None

    def cited(
        self, words: Words, symbols: Sequence[SymbolMention], short_names: NameFinder[Source] | None = None
    ) -> Source | None:
        """The first publisher that a footnote names: outside quoted titles, else by symbol or address, else inside."""
        text = words.printed
        found = self.named(words, short_names)
        quoted = quotations(text)
        outside = [one for one in found if not _within(one.start, quoted)]
        senders = [one for one in outside if not is_sent_to(words, one)]
        if senders:
            return senders[0].value
        if self._has_government and _SENT_BY_A_STATE.search(text):
            return Source("any-government", "a government", "government")
        if outside:
            return outside[0].value
        for mention in symbols:
            source = self.by_symbol(mention.canonical)
            if source is not None:
                return source
        for address in find_addresses(text):
            source = self.by_address(address.printed)
            if source is not None:
                return source
        return found[0].value if found else None

    def reported(self, words: Words, short_names: NameFinder[Source] | None = None) -> list[SourceMention]:
        """The publishers and issuers whose records a passage reports or quotes, in order.

        One that is named by its kind alone ("media reports") counts as well.
        """
        quoted = quotations(words.printed)
        everybody = _also(self.named(words, short_names), self._kinds.find(words))
        found = [one for one in everybody if not _within(one.start, quoted)]
        if not found:
            return []
        roles = [issues(words, one) for one in found]
        spread(words, found, roles)
        return [SourceMention(one.value, one.start, one.end) for one, role in zip(found, roles, strict=True) if role]


def quotations(text: str) -> list[tuple[int, int]]:
    """Where *text* stands in quotation marks, half-open, apart, outermost; a mark never closed opens none."""
    spans: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for match in _MARKS.finditer(text):
        mark = match.group()
        if mark in _CLOSES and not (mark == '"' and not any(one == '"' for one, _ in opened)):
            for depth in range(len(opened) - 1, -1, -1):
                if opened[depth][0] == _CLOSES[mark]:
                    start = opened[depth][1]
                    del opened[depth:]
                    while spans and spans[-1][0] > start:
                        spans.pop()
                    spans.append((start, match.end()))
                    break
        else:
            opened.append((mark, match.start()))
    return spans


def _also(found: list[Found[Source]], others: Iterable[Found[Source]]) -> list[Found[Source]]:
    """*found* with those of the *others* that touch none of them, in order."""
    taken = {place for one in found for place in range(one.first, one.last + 1)}
    more = [one for one in others if taken.isdisjoint(range(one.first, one.last + 1))]
    return sorted((*found, *more), key=lambda one: one.first) if more else found


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _is_part_of_another(words: Words, found: Found[Source]) -> bool:
    """Whether a name of one word is only the first of another's: the Guardian Council is no Guardian."""
    plain = [at for at in range(found.first, found.last + 1) if words.words[at] not in ("the", "a", "an")]
    if len(plain) != 1 or words.printed[words.starts[plain[0]] : words.ends[plain[0]]].isupper():
        return False
    after = found.last + 1
    if after >= len(words.words) or not words.joined[after] or words.starts[after] - found.end > 1:
        return False
    return (
        words.is_capital(after)
        and words.words[after].isascii()
        and words.words[after].isalpha()
        and len(words.words[after]) > 1
    )


def source_types(
    document: Document,
    words: Sequence[Words],
    finder: SourceFinder,
    short_forms: Mapping[int, Sequence[Reference]],
) -> list[tuple[str, ...]]:
    """The source types of each passage of *document*; *words* are those of its passages.

    A footnote that names nobody but a short form takes what the footnote meant has. A quotation set apart takes its
    lead-in's; a lead-in that names no record takes what its quotation cites.
    """
    passages = document.passages
    short_names = finder.short_names(words)
    own = [_own_types(passage, one, finder, short_names) for passage, one in zip(passages, words, strict=True)]
    for place, references in short_forms.items():
        if not own[place]:
            own[place] = [kind for one in references[:1] if one.target is not None for kind in own[one.target]]
    found = [[*own[place], *_called(passage, own)] for place, passage in enumerate(passages)]
    said = [bool(types) for types in found]
    for passage in passages:
        opener = lead_in(passage)
        if opener is not None and passage.form is Form.QUOTATION and not said[opener]:
            found[opener] += _called(passage, own)
    for place, passage in enumerate(passages):
        opener = lead_in(passage)
        if opener is not None and passage.form is Form.QUOTATION:
            found[place] = [*found[opener], *found[place]]
        elif opener is not None and not found[place]:
            found[place] = _opening_types(passages[opener], words[opener], own, finder, short_names)
    fallback = (document.source_type,) if document.source_type else ()
    return [tuple(dict.fromkeys(types)) or fallback for types in found]


def _opening_types(
    opener: Passage,
    words: Words,
    own: Sequence[Sequence[str]],
    finder: SourceFinder,
    short_names: NameFinder[Source] | None,
) -> list[str]:
    """The types that the sentence which opens a list gives to its items: earlier sentences speak of other things."""
    start, _ = sentence_around(words.printed, max(len(words.printed) - 1, 0))
    return [
        *(one.source.source_type for one in finder.reported(words, short_names) if one.start >= start),
        *(kind for call in opener.calls if call.at is not None and call.at > start for kind in own[call.target]),
    ]


def _own_types(
    passage: Passage, words: Words, finder: SourceFinder, short_names: NameFinder[Source] | None
) -> list[str]:
    if passage.kind is Kind.FOOTNOTE:
        source = finder.cited(words, find_symbols(passage.text), short_names)
        return [source.source_type] if source else []
    if passage.form is Form.QUOTATION:
        return []  # the record itself is speaking
    return [mention.source.source_type for mention in finder.reported(words, short_names)]


def _called(passage: Passage, own: Sequence[Sequence[str]]) -> list[str]:
    return [kind for call in passage.calls for kind in own[call.target]]
