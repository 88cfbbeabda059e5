"""Months and days as a query states them: `1988-11`, `1988-08..1988-12`, `November 1988`, `..1988-09-05`."""

from __future__ import annotations

import re
from calendar import IllegalMonthError, monthrange
from dataclasses import dataclass
from datetime import date
from functools import cached_property

MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTHS = {
    **{name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)},
    **{name: number for number, name in enumerate(MONTH_NAMES, 1)},
    "sept": 9,
}
_NUMERIC = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_NAMED = re.compile(r"(?:([0-9]{1,2})\s+)?([A-Za-z]{3,9})\.?\s+([0-9]{4})", re.ASCII)


@dataclass(frozen=True)
class Period:
    """All days from *first* to *last*, both included; None: without an end on that side."""

    first: date | None
    last: date | None

    def holds_month(self, month: str) -> bool:
        """Whether the period and the month "YYYY-MM" have a day in common."""
        return self._first_month <= month and (not self._last_month or month <= self._last_month)

    @cached_property
    def _first_month(self) -> str:
        return "" if self.first is None else self.first.isoformat()[:7]

    @cached_property
    def _last_month(self) -> str:
        return "" if self.last is None else self.last.isoformat()[:7]

    def holds_some_of(self, first: str, last: str) -> bool:
        """Whether the period and the days from *first* to *last* (ISO, both included) have a day in common."""
        begins, ends = self.first, self.last
        return (ends is None or first <= ends.isoformat()) and (begins is None or begins.isoformat() <= last)

    @property
    def is_of_whole_months(self) -> bool:
        """Whether months tell all: it begins with a month's first day and ends with a month's last."""
        last = self.last
        return (self.first is None or self.first.day == 1) and (
            last is None or last == days_of_month(last.year, last.month)[1]
        )


def days_of_month(year: int, month: int) -> tuple[date, date]:
    """First and last day."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def read_period(value: str) -> Period | None:
    """The days that *value* means, or None where it means none: a day that no month has, an end before its start."""
    start, dots, end = value.partition("..")
    if not dots:
        return _read_one(value)
    first = _read_one(start) if start.strip() else Period(None, None)
    last = _read_one(end) if end.strip() else Period(None, None)
    if first is None or last is None or not (start.strip() or end.strip()):
        return None
    if first.first is not None and last.last is not None and last.last < first.first:
        return None
    return Period(first.first, last.last)


def _read_one(value: str) -> Period | None:
    value = value.strip()
    month: int | None
    if match := _NUMERIC.fullmatch(value):
        year = int(match[1])
        month = int(match[2]) if match[2] else None
        day = int(match[3]) if match[3] else None
    elif (match := _NAMED.fullmatch(value)) and match[2].lower() in _MONTHS:
        year, month = int(match[3]), _MONTHS[match[2].lower()]
        day = int(match[1]) if match[1] else None
    else:
        return None
    try:
        if month is None:
            return Period(date(year, 1, 1), date(year, 12, 31))
        first, last = days_of_month(year, month)
        return Period(first, last) if day is None else Period(first.replace(day=day), first.replace(day=day))
    except (ValueError, IllegalMonthError):  # the calendar has no such month or day
        return None
