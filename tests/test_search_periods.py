"""Months and days as a query states them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.periods import Period, read_period


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("1988-11", date(1988, 11, 1), date(1988, 11, 30)),
        ("1988-02", date(1988, 2, 1), date(1988, 2, 29)),
        ("1988", date(1988, 1, 1), date(1988, 12, 31)),
        ("1988-11-29", date(1988, 11, 29), date(1988, 11, 29)),
        ("1988-08..1988-12", date(1988, 8, 1), date(1988, 12, 31)),
        ("1988-11-29..1989", date(1988, 11, 29), date(1989, 12, 31)),
        ("1988-08..", date(1988, 8, 1), None),
        ("..1988-12-05", None, date(1988, 12, 5)),
        ("November 1988", date(1988, 11, 1), date(1988, 11, 30)),
        ("sept 1988", date(1988, 9, 1), date(1988, 9, 30)),
        ("29 Nov. 1988", date(1988, 11, 29), date(1988, 11, 29)),
        ("August 1988..December 1988", date(1988, 8, 1), date(1988, 12, 31)),
    ],
)
def test_each_way_of_writing_is_understood(value: str, first: date | None, last: date | None) -> None:
    assert read_period(value) == Period(first, last)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "..",
        "1988-13",
        "1988-02-30",
        "1988-12..1988-08",
        "88-11",
        "1988-1",
        "Nov",
        "0000-01",
        "x..1988",
        "32 May 1988",
    ],
)
def test_what_is_no_time_means_none(value: str) -> None:
    assert read_period(value) is None


@given(st.text(max_size=30))
def test_no_text_crashes(value: str) -> None:
    read_period(value)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates())
def test_a_month_is_held_where_one_of_its_days_is(one: date, other: date, day: date) -> None:
    period = Period(min(one, other), max(one, other))
    if min(one, other) <= day <= max(one, other):
        assert period.holds_month(f"{day.year:04}-{day.month:02}")
        assert period.holds_some_of(day.isoformat(), day.isoformat())
    else:
        assert not period.holds_some_of(day.isoformat(), day.isoformat())
