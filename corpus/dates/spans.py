"""From the words of a date, its year known, to the first and last day meant, in the Gregorian calendar."""

from __future__ import annotations

from datetime import date

from corpus.dates import jalali
from corpus.dates.elements import Element
from corpus.dates.words import Calendar, Part, SomeMonths
from corpus.months import last_day, moved

Interval = tuple[date, date]

# Days of a month; None is its last day. "Early" is the first third, as people use it of weeks and months alike.
_DAYS: dict[Part | SomeMonths, tuple[int, int | None]] = {
    Part.EARLY: (1, 10),
    Part.MID: (11, 20),
    Part.LATE: (21, None),
    Part.BEGINNING: (1, 10),
    Part.END: (21, None),
    Part.FIRST_HALF: (1, 15),
    Part.SECOND_HALF: (16, None),
    Part.FIRST_WEEK: (1, 7),
    Part.SECOND_WEEK: (8, 14),
    Part.THIRD_WEEK: (15, 21),
    Part.FOURTH_WEEK: (22, 28),
    Part.LAST_WEEK: (-7, None),
}
# Months of a year. "Late 1988" may be any of its last three; its end is December.
_MONTHS: dict[Part, tuple[int, int]] = {
    Part.EARLY: (1, 3),
    Part.MID: (5, 8),
    Part.LATE: (10, 12),
    Part.BEGINNING: (1, 1),
    Part.END: (12, 12),
    Part.FIRST_HALF: (1, 6),
    Part.SECOND_HALF: (7, 12),
    Part.FIRST_QUARTER: (1, 3),
    Part.SECOND_QUARTER: (4, 6),
    Part.THIRD_QUARTER: (7, 9),
    Part.FOURTH_QUARTER: (10, 12),
    Part.FIRST_WEEK: (1, 1),
    Part.LAST_WEEK: (12, 12),
}
# Months of a season, counted from its first.
_OF_A_SEASON: dict[Part | SomeMonths, tuple[int, int]] = {
    Part.EARLY: (0, 0),
    Part.BEGINNING: (0, 0),
    Part.MID: (1, 1),
    Part.LATE: (2, 2),
    Part.END: (2, 2),
}
_FIRST_MONTH_OF_SEASON = {Calendar.GREGORIAN: 3, Calendar.SOLAR: 1}


def interval(element: Element, year: int) -> Interval | None:
    """First and last day of what *element* says in that year of its calendar; None where there is no such day."""
    try:
        if element.month is not None:
            return _of_a_month(element, year, element.month)
        if element.season is not None:
            start = _FIRST_MONTH_OF_SEASON[element.calendar] + 3 * element.season
            low, high = _OF_A_SEASON.get(element.parts[0], (0, 2)) if element.parts else (0, 2)
            if element.parts:
                high = _OF_A_SEASON.get(element.parts[1], (0, 2))[1]
            return _months(element.calendar, year, start + low, start + high)
        if element.parts is not None:
            return _months(element.calendar, year, _of_a_year(element.parts[0])[0], _of_a_year(element.parts[1])[1])
    except ValueError:
        return None
    return None


def _of_a_year(part: Part | SomeMonths) -> tuple[int, int]:
    return (part.first, part.last) if isinstance(part, SomeMonths) else _MONTHS.get(part, (1, 12))


def _of_a_month(element: Element, year: int, month: int) -> Interval | None:
    first, last = _months(element.calendar, year, month, month)
    if element.day is not None:
        day = moved(first, element.day - 1)
        return (day, day) if day is not None and day <= last else None
    if element.parts is None:
        return first, last
    length = (last - first).days + 1
    low, high = _DAYS.get(element.parts[0], (1, None))[0], _DAYS.get(element.parts[1], (1, None))[1]
    low = length + 1 + low if low < 0 else low
    start, end = moved(first, low - 1), moved(first, (high or length) - 1)
    return None if start is None or end is None else (start, end)


def _months(calendar: Calendar, year: int, low: int, high: int) -> Interval:
    """From the first day of one month to the last of another; months past the twelfth are the next year's."""
    (year1, month1), (year2, month2) = _carried(year, low), _carried(year, high)
    if calendar is Calendar.SOLAR:
        return jalali.month_bounds(year1, month1)[0], jalali.month_bounds(year2, month2)[1]
    return date(year1, month1, 1), last_day(year2, month2)


def _carried(year: int, month: int) -> tuple[int, int]:
    return year + (month - 1) // 12, (month - 1) % 12 + 1
