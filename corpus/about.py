"""Says of each passage what it is about: officials, source types, months, what it cites and refers to.

`describe` is pure: the same document and authorities give the same answer, in whatever process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from corpus.addresses import find_addresses
from corpus.authorities import Authorities
from corpus.citations import NoteCitation, parse_note
from corpus.crossrefs import CrossReferences
from corpus.dates import DateContext, find_dates, is_dateline, months_of
from corpus.edtf import edtf_bounds
from corpus.model import About, DateFlag, DateMention, Document, Form, Kind, Passage
from corpus.names import Words, words_of
from corpus.offices import OfficeFinder, Span
from corpus.officials import OfficialFinder, OfficialMention
from corpus.resolve import SpokenDate, resolve
from corpus.sources import SourceFinder, source_types

_NEIGHBOURS = 8  # days stated before a passage that help to read its dates
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
    notes = {at: parse_note(passage.text) for at, passage in enumerate(passages) if passage.kind is Kind.FOOTNOTE}
    words = [words_of(passage.text, _hidden(passage.text)) for passage in passages]
    dates = _dates(document, notes)
    spoken = [[SpokenDate(one.first, one.last, one.at) for one in mentions] for mentions, _ in dates]
    short_forms = resolve(passages, notes, spoken)
    earlier = [_earlier(passages, place) for place in range(len(passages))]
    officials = _officials(document, words, finders, dates, earlier)
    types = source_types(document, words, finders.sources, short_forms)
    parts = CrossReferences(document)
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
                cites=tuple(one.citation for one in notes.get(place, ()) if one.short is None),
                refers_to=tuple(
                    sorted((*short_forms.get(place, ()), *parts.of(place)), key=lambda reference: reference.at)
                ),
            )
        )
    return replace(document, about=tuple(about))


def _hidden(text: str) -> list[tuple[int, int]]:
    """Where addresses stand: their words name nobody."""
    return [(one.start, one.end) for one in find_addresses(text)]


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


def _dates(
    document: Document, notes: Mapping[int, Sequence[NoteCitation]]
) -> list[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]]:
    """The dates of each passage, each read in the light of its headings, its dateline and the passages before it."""
    found: list[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]] = []
    neighbours: list[date] = []
    section: int | None = None
    dateline: str | None = None
    published = {at: tuple(_published(cited)) for at, cited in notes.items()}
    # What leads in a quotation speaks of the source that the quotation cites.
    called = [list(passage.calls) for passage in document.passages]
    for passage in document.passages:
        if passage.lead_in is not None:
            called[passage.lead_in] += passage.calls
    for at, passage in enumerate(document.passages):
        if passage.section != section or passage.kind is Kind.FOOTNOTE:
            neighbours, section, dateline = [], passage.section, None
        if is_dateline(passage.text):
            dateline = passage.text
        context = DateContext(
            headings=document.section_path(passage.section),
            document_date=document.date,
            neighbours=tuple(neighbours[-_NEIGHBOURS:]),
            cited=tuple(day for call in called[at] for day in published.get(call.target, ())),
            language=document.language or "en",
            kind=passage.kind,
            dateline=dateline,
            titles=tuple(cited.title for cited in notes.get(at, ()) if cited.title),
        )
        mentions, flags = find_dates(passage.text, context)
        neighbours += [mention.first for mention in mentions]
        found.append((mentions, flags))
    return found


def _published(cited: Sequence[NoteCitation]) -> Iterator[date]:
    for one in cited:
        bounds = edtf_bounds(one.citation.date) if one.citation.date else None
        if bounds and bounds[0] and bounds[0] == bounds[1]:
            yield bounds[0]


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
