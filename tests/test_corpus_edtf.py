"""Dates of front matter: EDTF as far as this project reads it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.edtf import edtf_bounds, is_edtf


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1988", "1988-01-01", "1988-12-31"), ("1988-02", "1988-02-01", "1988-02-29"),
        ("1989-02", "1989-02-01", "1989-02-28"), ("1988-08-16", "1988-08-16", "1988-08-16"),
        ("1988~", "1988-01-01", "1988-12-31"), ("1988-08?", "1988-08-01", "1988-08-31"),
        ("1988-08/1989-01", "1988-08-01", "1989-01-31"), ("1988-12-01/1988-12-22", "1988-12-01", "1988-12-22"),
        ("198X", "1980-01-01", "1989-12-31"), ("1988-XX", "1988-01-01", "1988-12-31"),
        ("1988-08-XX", "1988-08-01", "1988-08-31"), ("1988-22", "1988-06-01", "1988-08-31"),
        ("1988-24", "1988-12-01", "1989-02-28"), ("1988-08/..", "1988-08-01", None), ("/1988", None, "1988-12-31"),
        ("[1988-08-24,1988-08-26]", "1988-08-24", "1988-08-26"), ("[1989-01, 1988-12]", "1988-12-01", "1989-01-31"),
    ],
)  # fmt: skip
def test_a_date_takes_in_its_first_and_last_day(text: str, first: str | None, last: str | None) -> None:
    bounds = edtf_bounds(text)

    assert bounds is not None
    assert [day and day.isoformat() for day in bounds] == [first, last]


@pytest.mark.parametrize(
    "text",
    [
        *("", "88", "1988-13", "1988-02-30", "1988-8", "16 August 1988", "1988/1987", "../..", "/", "1988/1989/1990"),
        *("1988-00", "1988-08-00", "0000", "1988-22-01", "1988-25", "9999-24", "１９８８"),
        *(
            "[1988]",
            "[1988,]",
            "[,]",
            "[]",
            "[1988,1989",
            "1988,1989",
            "[1988/1989,1990]",
            "[1988,..]",
            "[[1988,1989]]",
        ),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert not is_edtf(text)


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_every_day_is_a_date_of_its_own_and_lies_in_its_month_and_year(day: date) -> None:
    assert edtf_bounds(day.isoformat()) == (day, day)
    for wider in (day.isoformat()[:7], day.isoformat()[:4]):
        bounds = edtf_bounds(wider)
        assert bounds is not None
        assert bounds[0] is not None
        assert bounds[1] is not None
        assert bounds[0] <= day <= bounds[1]


@given(st.dates(date(2, 1, 1), date(9988, 12, 31)), st.integers(0, 4000))
def test_an_interval_runs_from_the_first_to_the_last_day(day: date, length: int) -> None:
    end = day + timedelta(length)

    assert edtf_bounds(f"{day}/{end}") == (day, end)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    assert is_edtf(text) == (edtf_bounds(text) is not None)
