"""What the month bars promise: every number is in the table, what is drawn is in proportion and in order of time."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from web.bars import EMPTY_MONTHS, FULL_MONTHS, LEAST_MONTHS, THIN_MONTHS, Bar, drawn, laid_out


def bar(month: str, certain: int = 1, possible: int = 0, *, chosen: bool = False) -> Bar:
    return Bar(month, certain, possible, f"/search?month={month}", chosen)


MONTHS = st.tuples(st.integers(1900, 2030), st.integers(1, 12)).map(lambda one: f"{one[0]:04d}-{one[1]:02d}")
BARS = st.dictionaries(MONTHS, st.tuples(st.integers(0, 999), st.integers(0, 99), st.booleans()), max_size=40).map(
    lambda found: [bar(month, certain, possible, chosen=chosen) for month, (certain, possible, chosen) in found.items()]
)


@given(BARS)
def test_the_table_has_every_month_and_what_is_drawn_has_its_place_in_time(bars: list[Bar]) -> None:
    laid = laid_out(bars)

    assert sorted(one.month for one in laid.all) == sorted(one.month for one in bars)
    assert len(laid.drawn) <= THIN_MONTHS
    for place, one in enumerate(laid.drawn):
        if one is not None:
            year, month = divmod(laid.first + place, 12)
            assert one.month == f"{year:04d}-{month + 1:02d}"
    assert laid.left_out == len(bars) - sum(one is not None for one in laid.drawn)
    if laid.drawn:
        assert len(laid.drawn) >= LEAST_MONTHS


@given(BARS)
def test_each_bar_drawn_says_its_numbers_and_leads_to_its_month(bars: list[Bar]) -> None:
    laid = laid_out(bars)
    svg = str(drawn(laid, "months"))

    assert svg.count("<a ") == sum(one is not None for one in laid.drawn)
    assert svg.count('class="certain"') == sum(bool(one and one.certain) for one in laid.drawn)
    assert svg.count('class="possible"') == sum(bool(one and one.possible) for one in laid.drawn)
    assert all(float(height) > 0 for height in re.findall(r'height="([0-9.]+)rem"', svg))
    assert all(0 <= float(y) <= 8 for y in re.findall(r' y="([-0-9.]+)rem"', svg))


def test_a_stray_month_far_away_does_not_flatten_the_others() -> None:
    laid = laid_out([bar("1988-07", 9), bar("1988-11", 9), bar("2022-06")])

    assert [one.month for one in laid.drawn if one] == ["1988-07", "1988-11"]
    assert laid.left_out == 1


def test_a_chosen_month_is_drawn_wherever_it_lies() -> None:
    laid = laid_out([bar("1988-07", 900), bar("2022-06", 1, chosen=True)])

    assert [one.month for one in laid.drawn if one] == ["2022-06"]


def test_months_that_fit_are_all_drawn_also_across_a_gap() -> None:
    months = ["1988-01", f"{1988 + (FULL_MONTHS - 1) // 12}-{(FULL_MONTHS - 1) % 12 + 1:02d}"]
    laid = laid_out([bar(month) for month in months])

    assert EMPTY_MONTHS < FULL_MONTHS == len(laid.drawn)
    assert laid.left_out == 0


def test_one_passage_is_seen_beside_thousands() -> None:
    svg = str(drawn(laid_out([bar("1988-07", 9000), bar("1988-08", 1, 1)]), "months"))
    heights = [float(height) for height in re.findall(r'height="([0-9.]+)rem"', svg)]

    assert len(heights) == 3
    assert min(heights) > 0.1


def test_without_a_passage_nothing_is_drawn() -> None:
    assert laid_out([]).drawn == ()
    assert laid_out([bar("1988-11", 0, chosen=True)]).drawn == ()
    assert drawn(laid_out([]), "months") == ""


@given(MONTHS, st.integers(1, THIN_MONTHS - 1))
def test_no_year_stands_over_another_and_none_at_the_months_of_the_year_before(first: str, length: int) -> None:
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    months = [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(start, start + length + 1)]
    laid = laid_out([bar(month) for month in months])
    svg = drawn(laid, "Months")
    years = re.findall(r'class="year" x="([0-9.]+)%"[^>]*>([0-9]+)<', svg)
    last = re.findall(r'class="year last" x="100%"[^>]*>([0-9]+)<', svg)
    places = [float(x) for x, _ in years]

    assert years
    assert all(after - before > 8 for before, after in pairwise(places))
    assert len(last) <= 1
    assert places[-1] <= (92 if last else 94)
    for place, (_, year) in zip(places, years, strict=True):
        at = laid.first + round(place * len(laid.drawn) / 100)
        assert at // 12 == int(year)
        assert place == 0 or at % 12 == 0
    if len(laid.drawn) <= FULL_MONTHS:
        # Each January has its year, be it at the very end.
        januaries = [100 * at / len(laid.drawn) for at in range(-laid.first % 12, len(laid.drawn), 12)]
        assert all(any(abs(place - x) < 0.01 for place in places) or (last and x > 92) for x in januaries)


def test_long_numbers_are_not_crowded_above_many_bars() -> None:
    months = [f"1988-{month:02d}" for month in range(1, 13)] + ["1989-01"]
    few, many = laid_out([bar(month, 1234) for month in months[:12]]), laid_out([bar(month, 1234) for month in months])

    assert ">1234<" in drawn(few, "Months")
    assert ">1234<" not in drawn(many, "Months")
    assert "January 1989: 1234 certain" in drawn(many, "Months")
