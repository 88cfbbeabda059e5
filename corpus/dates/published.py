"""When a cited work appeared: the date in a citation, as EDTF."""

from __future__ import annotations

import re
from datetime import date

from corpus.dates.elements import Element
from corpus.dates.grammar import Stated, stated_dates
from corpus.dates.spans import Interval, interval
from corpus.dates.words import Calendar, tokens
from corpus.months import last_day

_ONLY_A_YEAR = re.compile(
    r"[\s,.(\[©]*(?:(?P<circa>c\.|ca\.?|circa|around|about)\s*)?(?P<year>(?:1[5-9]|20)\d\d)[\s,.)\]]*"
)
_SEASON_CODES = (21, 22, 23, 24)


def parse_publication_date(text: str) -> str | None:
    """The first date in *text* (a citation without its title, or the date alone) as EDTF, None where there is none.

    A bare year counts only where it is all that *text* holds. Vague dates get "~", ranges and alternatives a "/", Solar
    Hijri days are converted.
    """
    stated = [one for one in stated_dates(text, tokens(text)) if one.first.year is not None]
    if stated:
        return _edtf(stated)
    year = _ONLY_A_YEAR.fullmatch(text)
    return None if year is None else year["year"] + ("~" if year["circa"] else "")


def _edtf(stated: list[Stated]) -> str | None:
    head = stated[0]
    last = head
    if head.alternative:
        last = [one for one in stated if one.group == head.group][-1]
    if head.first is head.last and last is head:
        return _of(head.first, head.vague)
    start, end = _of(head.first, head.vague), _of(last.last, head.vague)
    return f"{start}/{end}" if start and end else start or end


def _of(element: Element, vague: bool) -> str | None:
    if element.year is None:
        return None
    bounds = interval(element, element.year)
    if bounds is None:
        return None
    mark = "~" if vague or element.parts else ""
    if element.season is not None and element.calendar is Calendar.GREGORIAN and not element.parts:
        return f"{element.year:04}-{_SEASON_CODES[element.season]}{mark}"
    if element.month is None and element.season is None and element.calendar is Calendar.GREGORIAN:
        return f"{element.year:04}{mark}"
    return _of_days(bounds) + mark


def _of_days(bounds: Interval) -> str:
    first, last = bounds
    if first == last:
        return first.isoformat()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.year:04}-{first.month:02}"
    if first.day == 1 and last == last_day(last.year, last.month):
        return f"{_month(first)}/{_month(last)}"
    return f"{first.isoformat()}/{last.isoformat()}"


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"
