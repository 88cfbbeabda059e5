"""Dates in prose: which days and months a passage speaks of, in its exact words, and dates that are printed wrong.

The way of a date: `words` cuts the neighbourhood of anything that may be one into tokens, `elements` and
`grammar` read what is written, `years` finds a year that is not written, `spans` gives first and last
day, `slips` holds what cannot be meant against its evidence, `relative` adds "the same day", "last month".
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

from corpus.dates.context import DateContext, document_bounds, is_dateline
from corpus.dates.grammar import Stated, stated_dates
from corpus.dates.published import parse_publication_date
from corpus.dates.readings import Reading, read
from corpus.dates.relative import Base, relative_dates
from corpus.dates.slips import meant_days, without_slips
from corpus.dates.titles import title_spans
from corpus.dates.words import tokens
from corpus.dates.years import Years
from corpus.edtf import edtf_bounds
from corpus.model import Certainty, DateFlag, DateMention
from corpus.months import counted_months

_QUOTE = re.compile('[“"«‘]')
_LOOK_BACK = 8  # dates of a passage that may be the one on which a later sentence was said

__all__ = [
    "DateContext",
    "edtf_bounds",
    "find_dates",
    "is_dateline",
    "months_of",
    "parse_publication_date",
]


def find_dates(text: str, context: DateContext) -> tuple[tuple[DateMention, ...], tuple[DateFlag, ...]]:
    """Every date that *text* states, in order and apart, and those that are printed as they cannot have been meant."""
    found = tokens(text)
    stated: list[Stated] = []
    titles: list[tuple[int, int]] = []
    if len(found) > 1:
        titles = _apart([*context.titles, *title_spans(text, context.kind)])
        stated = [one for one in stated_dates(text, found) if not _inside(one.start, titles)]
    years = Years(text, context, stated)
    readings, flags = _read(text, context, years, stated)
    readings += _relative(text, context, years, readings, titles)
    readings.sort(key=lambda reading: reading.start)
    return tuple(_mention(text, reading) for reading in readings), tuple(flags)


def months_of(mentions: Iterable[DateMention], flags: Iterable[DateFlag]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The months that are certain and those that are only possible, as "YYYY-MM", in order; none is both.

    A flagged date is among the mentions already, read as the probable date and only possible; *flags* adds its month
    where a caller passes flags alone.
    """
    certain: set[str] = set()
    possible: set[str] = set()
    for mention in mentions:
        (certain if mention.certainty is Certainty.CERTAIN else possible).update(mention.months)
    for flag in flags:
        possible.update(counted_months(flag.read_as, flag.read_as))
    return tuple(sorted(certain)), tuple(sorted(possible - certain))


def _read(
    text: str, context: DateContext, years: Years, stated: Iterable[Stated]
) -> tuple[list[Reading], list[DateFlag]]:
    """Dates with a year of their own first, so that a misprinted year is not handed on to those without one."""
    whole: list[Stated] = []
    open_: list[Stated] = []
    for one in stated:
        (whole if one.first.year is not None and one.last.year is not None else open_).append(one)
    readings, flags = without_slips(text, context, years, [r for one in whole for r in read(one, years)])
    if flags:
        years.correct(meant_days(flags))
    if open_:
        more, more_flags = without_slips(text, context, years, [r for one in open_ for r in read(one, years)])
        readings += more
        flags += more_flags
        readings.sort(key=lambda reading: reading.start)
        flags.sort(key=lambda flag: flag.at)
    return readings, flags


def _relative(
    text: str, context: DateContext, years: Years, readings: list[Reading], titles: list[tuple[int, int]]
) -> list[Reading]:
    starts = [reading.start for reading in readings]
    days = [reading for reading in readings if reading.first == reading.last]
    day_starts = [reading.start for reading in days]

    def before(at: int) -> Base | None:
        if n := bisect_left(day_starts, at):
            return _base(days[n - 1].first)
        if n := bisect_left(starts, at):
            last = readings[n - 1].last
            return Base(last.year, last.month, None)
        return None

    def told(at: int) -> Base | None:
        return before(at) or (_base(context.neighbours[-1]) if context.neighbours else None)

    written = _base(years.frames[0].day) if context.dateline and years.frames and years.frames[0].day else None

    def spoken(at: int) -> Base | None:
        start, _ = years.sentence(at)
        low, high = bisect_left(day_starts, start), bisect_left(day_starts, at)
        # In a letter "last month" is the writer's, unless someone else is quoted after a date.
        if low < high and (written is None or _QUOTE.search(text, days[high - 1].end, at)):
            # "On 20 October it said that what the paper of 15 October ... in the last ten weeks": the opening date.
            opens = years.opens_a_sentence(days[low].start)
            return _base(days[low if opens else high - 1].first)
        if written is not None:
            return written
        for day in reversed(days[max(0, low - _LOOK_BACK) : low]):
            if years.opens_a_sentence(day.start):
                return _base(day.first)
        base = before(at) or _around(context, years)
        if base is not None and base.day is None and context.neighbours:
            # A quotation: what led it in says on which day of that month it was spoken.
            nearest = context.neighbours[-1]
            if (nearest.year, nearest.month) == (base.year, base.month):
                return _base(nearest)
        return base

    if not (readings or years.frames or context.neighbours or context.document_date):
        return []
    found = []
    for start, end, first, last in relative_dates(text, told, spoken):
        n = bisect_right(starts, start)
        free = (not n or readings[n - 1].end <= start) and (n == len(readings) or end <= readings[n].start)
        if free and not _inside(start, titles):
            found.append(Reading(start, end, first, last, certain=False))
    return found


def _around(context: DateContext, years: Years) -> Base | None:
    """The date of what surrounds the passage: a heading, the passages before, the document."""
    for frame in years.frames:
        if frame.day is not None:
            return _base(frame.day)
        if len(frame.months) == 1:
            return Base(*frame.months[0], None)
    if context.neighbours:
        return _base(context.neighbours[-1])
    bounds = document_bounds(context)
    if bounds is None or (bounds[0].year, bounds[0].month) != (bounds[1].year, bounds[1].month):
        return None
    return Base(bounds[0].year, bounds[0].month, bounds[0] if bounds[0] == bounds[1] else None)


def _base(day: date) -> Base:
    return Base(day.year, day.month, day)


def _inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the offset lies in one of the spans, which are in order and apart."""
    n = bisect_right(spans, (at, sys.maxsize))
    return n > 0 and at < spans[n - 1][1]


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap joined."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _mention(text: str, reading: Reading) -> DateMention:
    certainty = Certainty.CERTAIN if reading.certain else Certainty.POSSIBLE
    months = counted_months(reading.first, reading.last)
    return DateMention(text[reading.start : reading.end], reading.start, reading.first, reading.last, certainty, months)
