"""What the site's words promise: numbers, months and dates are told as people write them."""

from __future__ import annotations

import pytest

from index.record import PageSpan
from web.labels import HEADING_CHARACTERS, cut
from web.wording import UnsaidError, counted, date_said, listed, month_name, month_names, page_said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([], ""),
        (["1988-11"], "November 1988"),
        (["1988-10", "1988-11"], "October and November 1988"),
        (["1988-12", "1989-01"], "December 1988 and January 1989"),
        (["1988-08", "1988-09", "1988-10"], "August to October 1988"),
        (["1988-11", "1988-12", "1989-01"], "November 1988 to January 1989"),
        (["1988-08", "1988-10"], "August and October 1988"),
        (["1988-10", "1988-11", "1989-01"], "October and November 1988, January 1989"),
        (["1988-06", "1988-08", "1988-09", "1988-10"], "June 1988 and August to October 1988"),
    ],
)
def test_months_are_told_as_people_write_them(months: list[str], said: str) -> None:
    assert month_names(months) == said


def test_alternatives_are_told_with_or() -> None:
    assert month_names(["1988-12", "1989-01"], "or") == "December 1988 or January 1989"


def test_what_is_no_month_is_not_guessed_at() -> None:
    with pytest.raises(UnsaidError):
        month_name("1988-13")


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        (None, ""), ("", ""), ("1988", "1988"), ("1988-10", "October 1988"), ("1988-10-03", "3 October 1988"),
        ("1988~", "about 1988"), ("1988-08/1988-10", "August 1988 to October 1988"), ("1988/..", "from 1988"),
        ("../1988-12", "until December 1988"), ("198X", "198X"), ("1988-99", "1988"),
        ("[1988-08-24,1988-08-26]", "24 August 1988 or 26 August 1988"), ("[1988,1989,1990]", "1988, 1989 or 1990"),
    ],
)  # fmt: skip
def test_dates_are_told_as_people_write_them(edtf: str | None, said: str) -> None:
    assert date_said(edtf) == said


def test_numbers_carry_their_unit() -> None:
    assert [counted(0, "passage"), counted(1, "passage"), counted(2109, "passage")] == [
        "0 passages",
        "1 passage",
        "2,109 passages",
    ]


def test_lists_and_pages_are_told_in_words() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert [page_said(None), page_said(PageSpan(3, 3)), page_said(PageSpan("iv", 1))] == ["", "page 3", "pages iv to 1"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Short", "Short"),
        ("A heading of many words " * 10, "A heading of many words A heading of many words A heading of many …"),
        ("1. " + "x" * 200, "1. " + "x" * (HEADING_CHARACTERS - 3) + " …"),
    ],
)
def test_a_long_heading_is_cut_between_words_and_a_long_word_where_it_must_be(title: str, shown: str) -> None:
    assert cut(title) == shown
