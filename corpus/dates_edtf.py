"""Dates of documents in the Extended Date/Time Format (ISO 8601-2:2019, levels 0 and 1 as the Library of Congress tells
them, https://www.loc.gov/standards/datetime/): the days that one stands for."""

from __future__ import annotations

import re
from datetime import date

from corpus.months import last_day

_ONE = re.compile(
    r"[?~%]?(?P<year>\d{4}|\d{3}[Xu]|\d\d[Xu]{2})[?~%]?"
    r"(?:-[?~%]?(?P<month>\d\d|XX|uu)[?~%]?(?:-[?~%]?(?P<day>\d\d|XX|uu)(?:T[\d:.Z+-]{2,})?)?)?[?~%]?"
)
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}


def edtf_bounds(edtf: str) -> tuple[date, date] | None:
    """First and last day that *edtf* may mean; None where it is unknown, malformed, or before the year 1.

    An interval open at one end ("1988-08/..") runs to the calendar's end; where an end is unknown ("1988-08/") the
    other stands for both.
    """
    start, slash, end = edtf.strip().partition("/")
    if not slash:
        return _bounds(start)
    first = (date.min, date.min) if start == ".." else _bounds(start)
    last = (date.max, date.max) if end == ".." else _bounds(end)
    if (first is None and start not in ("", "unknown")) or (last is None and end not in ("", "unknown", "open")):
        return None
    if end == "open":
        last = date.max, date.max
    first, last = first or last, last or first
    if first is None or last is None or last[1] < first[0] or (start == ".." and end == ".."):
        return None
    return first[0], last[1]


def _bounds(one: str) -> tuple[date, date] | None:
    match = _ONE.fullmatch(one)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    try:
        if month is None or not month.isdigit():
            low, high = re.sub("[Xu]", "0", year), re.sub("[Xu]", "9", year)
            return date(int(low), 1, 1), date(int(high), 12, 31)
        if not year.isdigit():
            return None
        if int(month) in _SEASONS:
            start, stop = _SEASONS[int(month)]
            return date(int(year), start, 1), last_day(int(year) + (stop - 1) // 12, (stop - 1) % 12 + 1)
        if day is None or not day.isdigit():
            return date(int(year), int(month), 1), last_day(int(year), int(month))
        exact = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return exact, exact
