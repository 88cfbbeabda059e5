"""Passages in order of time, in two columns: what was put to the authorities, and what they are recorded as saying.

Which column a passage stands in goes by its source types alone: a record made by a government or by its media speaks in
the second. Nothing here reads the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from index.record import DateRecord, PassageRecord
from search.results import Hit
from search.selection import FacetName
from web import links
from web.directions import direction, isolated
from web.labels import Labels
from web.wording import date_said, month_name, month_names, place_said

ANSWERING = frozenset({"government", "state-media"})  # source types whose records are the authorities' own words
ENTRY_CHARACTERS = 260


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage in a column of time."""

    when: str
    order: tuple[str, int]
    text: Markup
    direction: Markup
    place: Markup
    address: str
    source_types: str
    possible: str  # the months it may mean, where none is stated
    answer: bool

    @property
    def month(self) -> str:
        return self.order[0][:7]


def entry(hit: Hit, labels: Labels, month: str | None = None) -> Entry:
    """*hit* as an entry under the day that it tells of first, or of those in *month*."""
    record = hit.record
    date = _date(record, month)
    possible = ""
    if date is not None:
        when, order = _when(date), date.first
    else:
        months = record.months.certain or record.months.possible
        at = month or (months[0] if months else "")
        # What names no day comes after what does.
        when, order = ("Day not stated", f"{at}-99") if at else ("Not dated", "9999")
        if at in record.months.possible:
            possible = f"possible: {month_names(record.months.possible, 'or')}"
    text = shortened(record.text)
    return Entry(
        when=when,
        order=(order, hit.position),
        text=isolated(text),
        direction=direction(text),
        place=isolated(f"{labels.of(FacetName.DOCUMENT, record.document)}, {place_said(record)}"),
        address=links.in_document(record.document, record.id),
        source_types=labels.source_types(record.source_types),
        possible=possible,
        answer=bool(ANSWERING.intersection(record.source_types)),
    )


def _date(record: PassageRecord, month: str | None) -> DateRecord | None:
    """The first day stated for certain, else the first stretch inside one month: what the passage begins with."""
    stated = [date for date in record.dates if date.certainty == "certain" and date.last[:7] == date.first[:7]]
    if month is not None:
        stated = [date for date in stated if date.first.startswith(month)]
    return min(stated, key=lambda date: (date.first != date.last, date.at), default=None)


def _when(date: DateRecord) -> str:
    if date.first == date.last:
        return date_said(date.first)
    first, last = int(date.first[8:]), int(date.last[8:])
    month = month_name(date.first[:7])
    if first == 1 and last >= 28:
        return month
    return f"{first} to {last} {month}"


def shortened(text: str) -> str:
    """The beginning of *text*, cut between words."""
    if len(text) <= ENTRY_CHARACTERS:
        return text
    return text[:ENTRY_CHARACTERS].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " […]"


def ordered(hits: Iterable[Hit], labels: Labels, month: str | None = None) -> list[Entry]:
    """Entries in order of time; of one day, in document order."""
    return sorted((entry(hit, labels, month) for hit in hits), key=lambda one: one.order)


@dataclass(frozen=True, slots=True)
class Span:
    """Entries of one month or year under a heading."""

    anchor: str
    title: str
    entries: tuple[Entry, ...]
    more: str = ""  # address of the search that gives all
    total: int = 0

    @property
    def unanswered(self) -> bool:
        return not any(one.answer for one in self.entries)


def by_year(entries: Sequence[Entry]) -> list[Span]:
    """Entries under their years."""
    years: dict[str, list[Entry]] = {}
    for one in entries:
        years.setdefault(one.order[0][:4], []).append(one)
    return [Span(f"y-{year}", "Not dated" if year == "9999" else year, tuple(found)) for year, found in years.items()]
