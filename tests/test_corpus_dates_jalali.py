"""Solar Hijri dates against known Nowruz days and against a calendar that is counted day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates.jalali import FIRST_YEAR, LAST_YEAR, SolarDateError, is_leap, month_bounds, month_length, to_gregorian

# The leap years of the official calendar since it was made law, as printed in Iran's almanacs.
LEAP_YEARS = (
    *(1304, 1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354, 1358, 1362, 1366),
    *(1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408),
)
FIRST_NOWRUZ = date(1925, 3, 21)  # 1 Farvardin 1304


def days_counted() -> dict[tuple[int, int, int], date]:
    """Every day from 1304 to 1408, counted on from the first by the almanacs' leap years."""
    found, day = {}, FIRST_NOWRUZ
    for year in range(1304, 1409):
        for month in range(1, 13):
            length = 31 if month < 7 else 30 if month < 12 or year in LEAP_YEARS else 29
            for number in range(1, length + 1):
                found[year, month, number] = day
                day += timedelta(days=1)
    return found


def test_every_day_of_a_century_agrees_with_the_almanacs() -> None:
    assert all(to_gregorian(*solar) == day for solar, day in days_counted().items())


@pytest.mark.parametrize(
    ("solar", "day"),
    [
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1367, 1, 1), date(1988, 3, 21)),
        ((1367, 4, 27), date(1988, 7, 18)),
        ((1367, 5, 5), date(1988, 7, 27)),
        ((1367, 9, 29), date(1988, 12, 20)),
        ((1368, 3, 14), date(1989, 6, 4)),
        ((1375, 12, 30), date(1997, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1403, 1, 1), date(2024, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
    ],
)
def test_known_days_are_known(solar: tuple[int, int, int], day: date) -> None:
    assert to_gregorian(*solar) == day


@pytest.mark.parametrize(
    "solar",
    [
        *((1367, 12, 30), (1367, 7, 31), (1367, 13, 1), (1367, 0, 1), (1367, 1, 0)),
        *((FIRST_YEAR - 1, 1, 1), (LAST_YEAR + 1, 1, 1)),
    ],
)
def test_a_day_that_is_none_is_refused(solar: tuple[int, int, int]) -> None:
    with pytest.raises(SolarDateError, match="no day of the Solar Hijri calendar"):
        to_gregorian(*solar)


@given(st.integers(FIRST_YEAR, LAST_YEAR - 1))
def test_years_follow_each_other_without_a_gap(year: int) -> None:
    last = to_gregorian(year, 12, month_length(year, 12))

    assert last + timedelta(days=1) == to_gregorian(year + 1, 1, 1)
    assert (last - to_gregorian(year, 1, 1)).days + 1 == (366 if is_leap(year) else 365)


@given(st.integers(FIRST_YEAR, LAST_YEAR), st.integers(1, 12))
def test_a_month_is_as_long_as_its_bounds(year: int, month: int) -> None:
    first, last = month_bounds(year, month)

    assert (last - first).days + 1 == month_length(year, month)


@given(st.integers(FIRST_YEAR, LAST_YEAR))
def test_nowruz_is_at_the_spring_equinox(year: int) -> None:
    assert to_gregorian(year, 1, 1).month == 3
    assert 19 <= to_gregorian(year, 1, 1).day <= 22
