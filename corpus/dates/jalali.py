"""Solar Hijri (Jalali) dates of Iran's official calendar, turned into Gregorian ones.

Leap years follow the 33-year rule (years 1, 5, 9, 13, 17, 22, 26, 30 of each cycle), which agrees with the astronomical
calendar from 1178 to 1633, that is from 1799 to 2255; see K. M. Borkowski, "The Persian calendar for 3000 years",
Earth, Moon, and Planets 74 (1996), 223-230. Outside those years nothing is converted.
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1178, 1633
# 1 Farvardin 1367 was 21 March 1988; every other Nowruz is counted from there.
_KNOWN_YEAR, _KNOWN_NOWRUZ = 1367, date(1988, 3, 21)


class SolarDateError(ValueError):
    """No such day in the Solar Hijri calendar, or one outside the years that the rule covers."""

    def __init__(self, year: int, month: int, day: int) -> None:
        super().__init__(f"{day}/{month}/{year} is no day of the Solar Hijri calendar between 1178 and 1633.")


def is_leap(year: int) -> bool:
    """Whether Esfand of that year has 30 days."""
    return (8 * year + 29) % 33 < 8


def month_length(year: int, month: int) -> int:
    """Days of a month: six of 31, five of 30, Esfand 29 or 30."""
    if month <= 6:
        return 31
    return 30 if month <= 11 or is_leap(year) else 29


def to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Solar Hijri one; SolarDateError where there is none."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        raise SolarDateError(year, month, day)
    before = (month - 1) * 31 - max(0, month - 7)
    return _nowruz(year) + timedelta(days=before + day - 1)


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """First and last Gregorian day of a Solar Hijri month; SolarDateError where there is none."""
    return to_gregorian(year, month, 1), to_gregorian(year, month, month_length(year, month))


def _nowruz(year: int) -> date:
    return _KNOWN_NOWRUZ + timedelta(days=365 * (year - _KNOWN_YEAR) + _leaps_before(year) - _leaps_before(_KNOWN_YEAR))


def _leaps_before(year: int) -> int:
    return (8 * (year - 1) + 29) // 33
