"""Says of each passage what it is about: officials, source types, months, what it cites and refers to.

`describe` is pure: the same document and authorities give the same answer, in whatever process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from corpus.addresses import find_addresses
from corpus.authorities import Authorities
from corpus.citations import NoteCitation, parse_note
from corpus.crossrefs import CrossReferences
from corpus.dates.finding import DateContext, find_dates, is_dateline, months_of
from corpus.edtf import edtf_bounds
from corpus.mending import mended
from corpus.model import About, Confidence, DateFlag, DateMention, Document, Form, Kind, Passage, Reference
from corpus.names import Words, words_of
from corpus.offices import OfficeFinder, Span
from corpus.officials import NameReading, OfficialFinder, OfficialMention
from corpus.resolve import SpokenDate, resolve
from corpus.sources import SourceFinder, source_types
from corpus.surroundings import lead_in, look_back

_NEIGHBOURS = 8  # days stated before a passage that help to read its dates


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
    earlier = [look_back(passages, place) for place in range(len(passages))]
    officials = _officials(document, words, finders, dates, _cited_days(passages, notes, short_forms), earlier)
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


def _dates(
    document: Document, notes: Mapping[int, Sequence[NoteCitation]]
) -> list[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]]:
    """The dates of each passage, each read in the light of its headings, its dateline and the passages before it."""
    found: list[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]] = []
    neighbours: list[date] = []
    earlier: date | None = None
    section: int | None = None
    dateline: str | None = None
    datelines: list[str | None] = []
    published = {at: tuple(_published(cited)) for at, cited in notes.items()}
    # What leads in a quotation speaks of the source that the quotation cites.
    called = [list(passage.calls) for passage in document.passages]
    for passage in document.passages:
        opener = lead_in(passage)
        if opener is not None and passage.form is Form.QUOTATION:
            called[opener] += passage.calls
    for at, passage in enumerate(document.passages):
        if passage.section != section or passage.kind is Kind.FOOTNOTE:
            earlier = neighbours[-1] if neighbours and passage.kind is not Kind.FOOTNOTE else earlier
            neighbours, section, dateline = [], passage.section, None
        if is_dateline(passage.text):
            dateline = passage.text
        if passage.kind is Kind.FOOTNOTE and passage.called_from and passage.called_from[0] < at:
            # A note speaks of the time that the passage calling it speaks of.
            dateline = datelines[passage.called_from[0]]
            neighbours = [mention.first for mention in found[passage.called_from[0]][0]]
        datelines.append(dateline)
        context = DateContext(
            headings=document.section_path(passage.section),
            document_date=document.date,
            neighbours=tuple(neighbours[-_NEIGHBOURS:]),
            cited=tuple(day for call in called[at] for day in published.get(call.target, ())),
            language=document.language or "en",
            kind=passage.kind,
            dateline=dateline,
            earlier=earlier if passage.kind is not Kind.FOOTNOTE else None,
            titles=tuple(cited.title for cited in notes.get(at, ()) if cited.title and not cited.dated_inside),
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


def _read_names(words: Words, lower: Collection[str], finder: OfficialFinder) -> NameReading:
    """The names in a passage as it stands, and as its broken Persian should read."""
    reading = finder.read(words, lower)
    sound = mended(words)
    if sound is not None:
        finder.read_also(reading, sound, lower)
    return reading


def _cited_days(
    passages: Sequence[Passage],
    notes: Mapping[int, Sequence[NoteCitation]],
    short_forms: Mapping[int, Sequence[Reference]],
) -> list[list[Span]]:
    """For each passage the days on which the source of its short form appeared."""
    published = {at: [Span(day, day) for day in _published(cited)] for at, cited in notes.items()}
    return [
        [
            span
            for one in short_forms.get(place, ())
            if one.target is not None and one.confidence is Confidence.SURE
            for span in published.get(one.target, ())
        ]
        for place in range(len(passages))
    ]


def _officials(
    document: Document,
    words: Sequence[Words],
    finders: _Finders,
    dates: Sequence[tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]],
    cited: Sequence[Sequence[Span]],
    earlier: Sequence[Sequence[int]],
) -> list[tuple[str, ...]]:
    lower = frozenset[str]().union(*(one.small() for one in words))
    readings = [_read_names(one, lower, finders.officials) for one in words]
    named = finders.officials.settle(readings, earlier)
    bounds = edtf_bounds(document.date) if document.date else None
    written = [Span(bounds[0], bounds[1])] if bounds and bounds[0] and bounds[1] else []
    spoken: list[list[Span]] = []
    officials = []
    for place, one in enumerate(words):
        own = [Span(mention.first, mention.last, mention.at) for mention in dates[place][0]]
        levels = [own, cited[place], *(spoken[back] for back in earlier[place] if back < place), written]
        spoken.append(own)
        mentions: list[OfficialMention] = list(named[place])
        mentions += finders.offices.mentions(
            one, mentions, [named[back] for back in earlier[place] if back < place], levels, lower
        )
        named[place] = sorted(mentions, key=lambda mention: mention.start)
        officials.append(tuple(dict.fromkeys(mention.official for mention in named[place] if mention.official)))
    return officials
