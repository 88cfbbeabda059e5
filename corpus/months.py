"""Months as the facets count them ("YYYY-MM"), and which of them an interval touches."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def month_of(day: date) -> str:
    """The month that *day* lies in, as "YYYY-MM"."""
    return f"{day.year:04}-{day.month:02}"


def last_day(year: int, month: int) -> date:
    """The last day of a Gregorian month."""
    return date(year, month, monthrange(year, month)[1])


def month_bounds(month: str) -> tuple[date, date]:
    """First and last day of a month written "YYYY-MM"; ValueError on anything else."""
    first = date.fromisoformat(f"{month}-01")
    return first, last_day(first.year, first.month)


def months_between(first: date, last: date) -> tuple[str, ...]:
    """Each month that a day from *first* to *last* (both included) lies in, in order; () when they run backwards."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    if last < first:
        return ()
    return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1))


def counted_months(first: date, last: date) -> tuple[str, ...]:
    """The months that count for a stated interval: all that it touches, of one longer than twelve months its ends."""
    if last < first:
        return ()
    if _beyond_a_year(first, last):
        return month_of(first), month_of(last)
    return months_between(first, last)


def _beyond_a_year(first: date, last: date) -> bool:
    """Whether *last* is more than twelve months after the beginning of *first*: 16 August to 15 August is a year."""
    if last.year == first.year:
        return False
    return last.year > first.year + 1 or (last.month, last.day) >= (first.month, first.day)


def shifted(day: date, months: int) -> date:
    """*day* so many months later (or earlier), on the month's last day where it is shorter; ValueError out of range."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def moved(day: date, days: int) -> date | None:
    """*day* so many days later (or earlier); None beyond the calendar's ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
