"""Says of each passage what it is about: officials, source types, months, what it cites and refers to.

`describe` is pure: the same document and authorities give the same answer, in whatever process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from corpus.addresses import find_addresses
from corpus.authorities import Authorities
from corpus.dates import find_dates, months_of
from corpus.dates_context import DateContext
from corpus.edtf import edtf_bounds
from corpus.model import About, DateFlag, DateMention, Document, Form, Kind, Passage
from corpus.names import Words, words_of
from corpus.offices import OfficeFinder, Span
from corpus.officials import OfficialFinder, OfficialMention
from corpus.sources import SourceFinder
from corpus.symbols import find_symbols

_LOOK_BACK = 6  # passages of the same section that may name whom "the minister" means


@dataclass(frozen=True, slots=True)
class _Finders:
    officials: OfficialFinder
    offices: OfficeFinder
    sources: SourceFinder


@lru_cache(maxsize=4)
def _finders(authorities: Authorities) -> _Finders:
    offices = OfficeFinder(authorities)
    return _Finders(OfficialFinder(authorities, offices.heads), offices, SourceFinder(authorities))


def describe(document: Document, authorities: Authorities) -> Document:
    """*document* with `about` filled: one About a passage, in their order."""
    finders = _finders(authorities)
    passages = document.passages
    words = [
        words_of(passage.text, [(one.start, one.end) for one in find_addresses(passage.text)]) for passage in passages
    ]
    dates = _dates(document)
    earlier = [_earlier(passages, place) for place in range(len(passages))]
    officials = _officials(document, words, finders, dates, earlier)
    types = _source_types(document, words, finders)
    about = []
    for place in range(len(passages)):
        mentions, flags = dates[place]
        certain, possible = months_of(mentions, flags)
        about.append(
            About(
                officials=officials[place],
                source_types=types[place],
                months_certain=certain,
                months_possible=possible,
                dates=mentions,
                date_flags=flags,
            )
        )
    return replace(document, about=tuple(about))


def _earlier(passages: Sequence[Passage], place: int) -> list[int]:
    """The passages that one may look back to for whom it means, nearest first.

    A note looks to the passages that call it; a quotation or item to its lead-in; a paragraph to the paragraphs and
    quotations before it under the same heading. Items of a list do not look to each other: each opens a new case.
    """
    passage = passages[place]
    if passage.kind is Kind.FOOTNOTE:
        return list(passage.called_from)
    back: list[int] = []
    if passage.lead_in is not None:
        back.append(passage.lead_in)
        place = passage.lead_in
    elif passage.form is Form.ITEM:
        return []
    at = place - 1
    while at >= 0 and len(back) < _LOOK_BACK and passages[at].section == passage.section:
        if passages[at].kind is not passage.kind:
            break
        if passages[at].form is Form.ITEM:
            break
        back.append(at)
        at -= 1
    return back


def _dates(document: Document) -> list[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]]:
    found: list[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]] = []
    neighbours: list[date] = []
    section: int | None = None
    for passage in document.passages:
        if passage.section != section:
            neighbours, section = [], passage.section
        context = DateContext(
            headings=document.section_path(passage.section),
            document_date=document.date,
            neighbours=tuple(neighbours[-8:]),
            language=document.language or "en",
            kind=passage.kind,
        )
        mentions, flags = find_dates(passage.text, context)
        neighbours += [mention.first for mention in mentions]
        found.append((mentions, flags))
    return found


def _officials(
    document: Document,
    words: Sequence[Words],
    finders: _Finders,
    dates: Sequence[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]],
    earlier: Sequence[Sequence[int]],
) -> list[tuple[str, ...]]:
    lower = frozenset(
        word for one in words for word, start in zip(one.words, one.starts, strict=True) if one.printed[start].islower()
    )
    readings = [finders.officials.read(one, lower) for one in words]
    named = finders.officials.settle(readings, earlier)
    bounds = edtf_bounds(document.date) if document.date else None
    written = [Span(bounds[0], bounds[1])] if bounds and bounds[0] and bounds[1] else []
    spoken: list[list[Span]] = []
    officials = []
    for place, one in enumerate(words):
        own = [Span(mention.first, mention.last, mention.at) for mention in dates[place][0]]
        levels = [own, *(spoken[back] for back in earlier[place] if back < place), written]
        spoken.append(own)
        mentions: list[OfficialMention] = list(named[place])
        mentions += finders.offices.mentions(
            one, mentions, [named[back] for back in earlier[place] if back < place], levels, lower
        )
        named[place] = sorted(mentions, key=lambda mention: mention.start)
        officials.append(tuple(dict.fromkeys(mention.official for mention in named[place] if mention.official)))
    return officials


def _source_types(document: Document, words: Sequence[Words], finders: _Finders) -> list[tuple[str, ...]]:
    passages = document.passages
    own: list[list[str]] = []
    for passage, one in zip(passages, words, strict=True):
        if passage.kind is Kind.FOOTNOTE:
            source = finders.sources.cited(one, find_symbols(passage.text))
            own.append([source.source_type] if source else [])
        elif passage.form is Form.QUOTATION and passage.lead_in is not None:
            own.append([])
        else:
            own.append([mention.source.source_type for mention in finders.sources.reported(one)])
    found: list[list[str]] = []
    for place, passage in enumerate(passages):
        types = list(own[place])
        for call in passage.calls:
            types += own[call.target]
        if passage.lead_in is not None:
            types = found[passage.lead_in] + types if passage.form is Form.QUOTATION or not types else types
        found.append(list(dict.fromkeys(types)))
    for passage in passages:
        lead_in = passage.lead_in
        if lead_in is not None and passage.form is Form.QUOTATION and not found[lead_in]:
            found[lead_in] = [kind for call in passage.calls for kind in own[call.target]]
    fallback = (document.source_type,) if document.source_type else ()
    return [tuple(dict.fromkeys(types)) or fallback for types in found]
