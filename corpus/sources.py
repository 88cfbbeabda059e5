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
from corpus.sources_words import (
    ADJECTIVES,
    ARTICLES,
    BESIDE,
    HANDING,
    ISSUING,
    KINDS,
    MADE,
    NOT_SUBJECT,
    OWNED,
    PEOPLE,
    RECORDS,
    VIEWS,
)
from corpus.surroundings import lead_in, sentence_around
from corpus.symbols import SymbolMention, find_symbols

_STOPS = re.compile(r"[.!?;:…]|,(?!\d)|\s[–—-]\s|[“”\"(]")
_MARKS = re.compile(r"[“”\"«»]")
_CLOSES = {"”": "“", "»": "«", '"': '"'}
_SENTENCE = 600  # characters after a name in which its verb may stand
_GLUE = frozenset(("and", "the", "or", "as", "well", "both"))


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
        for one in found:
            if not _within(one.start, quoted):
                return one.value
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
        roles = [_issues(words, one) for one in found]
        _spread(words, found, roles)
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


def _issues(words: Words, found: Found[Source]) -> bool:
    """Whether the publisher at *found* publishes or issues something there."""
    return (
        _is_subject(words, found)
        or _is_made_by(words, found)
        or _owns_a_record(words, found)
        or _is_a_record(words, found)
    )


def _is_a_record(words: Words, found: Found[Source]) -> bool:
    """Whether the name itself names records ("UN records", "media reports") and is not only spoken about."""
    before = _before(words, found.first)
    return (
        found.last > found.first
        and words.words[found.last] in RECORDS
        and (before < 0 or words.words[before] not in ("to", "about", "against", "for", "without", "no"))
    )


def _before(words: Words, at: int) -> int:
    """The place of the last word before *at* that is no article or the like; -1 without one, or past a stop."""
    place = at - 1
    while place >= 0 and (words.words[place] in ARTICLES or words.words[place] in ADJECTIVES):
        place -= 1
    if place >= 0 and _STOPS.search(words.printed, words.ends[place], words.starts[at]):
        return -1
    return place


def _is_subject(words: Words, found: Found[Source]) -> bool:
    before = _before(words, found.first)
    if before >= 0 and words.words[before] in NOT_SUBJECT:
        return False
    end = found.end
    closing = re.compile(r"\s\([^()]{1,40}\)").match(words.printed, end)  # an abbreviation: ORF, NYT
    skip_to = closing.end() if closing else end
    stop = _STOPS.search(words.printed, skip_to, skip_to + _SENTENCE)
    last = stop.start() if stop else skip_to + _SENTENCE
    strange = 0
    for place in range(found.last + 1, min(found.last + 16, len(words.words))):
        if words.starts[place] < skip_to:
            continue
        if words.starts[place] >= last:
            return False
        word = words.words[place]
        if word in PEOPLE:
            return False
        if word in ISSUING:
            return True
        if word in HANDING and _record_follows(words, place, last):
            return True
        strange += word not in BESIDE
        if strange > 4:
            return False
    return False


def _record_follows(words: Words, place: int, last: int) -> bool:
    """Whether a record is named soon after the word *place*, before the offset *last*."""
    return any(
        words.words[at] in RECORDS and words.starts[at] < last
        for at in range(place + 1, min(place + 8, len(words.words)))
    )


def _is_made_by(words: Words, found: Found[Source]) -> bool:
    place = _before(words, found.first)
    if place < 0:
        return False
    word = words.words[place]
    earlier = words.words[max(place - 8, 0) : place]
    after = found.last + 1
    if after < len(words.words) and words.joined[after] and words.words[after] in PEOPLE:
        # What the people of a publisher wrote for it is its record: "a report by its researchers".
        return word == "by" and bool(RECORDS.intersection(earlier[-1:]))
    if word == "of":
        if earlier[-2:] == ["on", "behalf"]:
            return bool(RECORDS.intersection(earlier) or MADE.intersection(earlier))
        return bool(OWNED.intersection(earlier[-1:]))
    if word == "to":
        return words.words[place - 1] == "according" if place else False
    if word in ("by", "from", "in", "with", "including", "on"):
        if word == "with":
            return "interview" in earlier[-3:] or "file" in earlier[-3:]
        if word == "in":
            return bool(
                MADE.intersection(earlier[-3:])
                or {"article", "articles", "interview", "report", "said"}.intersection(earlier[-3:])
            )
        if word == "on":
            return bool({"broadcast", "aired"}.intersection(earlier[-3:]))
        if word == "including":
            return bool({"outlets", "media", "newspapers", "agencies", "press"}.intersection(earlier[-4:]))
        if earlier and earlier[-1].endswith("ed") and earlier[-1] not in MADE:
            return False  # "concerns raised by": no record is said to be theirs
        return bool(RECORDS.intersection(earlier) or MADE.intersection(earlier[-3:]))
    return False


def _owns_a_record(words: Words, found: Found[Source]) -> bool:
    """Whether the record follows: "the New York Times article", "Amnesty International's reports"."""
    for place in range(found.last + 1, min(found.last + 4, len(words.words))):
        if _STOPS.search(words.printed, words.ends[place - 1], words.starts[place]):
            return False
        if words.words[place] in PEOPLE:
            return False
        if words.words[place] in RECORDS:
            return True
        if words.words[place] in VIEWS and words.is_possessive(found.last):
            return True
    return False


def _spread(words: Words, found: Sequence[Found[Source]], roles: list[bool]) -> None:
    """A list shares its role: "the Associated Press and New York Times reported"."""
    for order in (range(1, len(found)), range(len(found) - 2, -1, -1)):
        for nth in order:
            other = nth - 1 if order.step == 1 else nth + 1
            left, right = (found[other], found[nth]) if order.step == 1 else (found[nth], found[other])
            between = words.words[left.last + 1 : right.first]
            if roles[other] and not roles[nth] and all(word in _GLUE for word in between):
                gap = words.printed[left.end : right.start]
                roles[nth] = not re.search(r"[.;:!?“”]", gap)


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
