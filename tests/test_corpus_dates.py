"""Dates in prose: cases written as text, and properties over random dates."""

from __future__ import annotations

import calendar
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dates.finding import (
    DateContext,
    find_dates,
    is_dateline,
    months_of,
    parse_publication_date,
)
from corpus.dates.words import tokens, windows
from corpus.model import Certainty, Kind
from corpus.months import counted_months, month_bounds, months_between, shifted

CASES = Path(__file__).parent / "cases" / "dates.txt"
TraceFunction = Callable[[FrameType, str, Any], Any]
NAMES = list(calendar.month_name)[1:]
SHORT = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


# Cases in words


@dataclass
class Case:
    """One block of the case file."""

    line: int
    text: str
    context: DateContext
    mentions: list[tuple[str, date, date, str]] = field(default_factory=list)
    flags: list[tuple[str, date]] = field(default_factory=list)
    months: tuple[tuple[str, ...], tuple[str, ...]] | None = None


def read_context(line: str) -> DateContext:
    context = DateContext()
    for piece in line.strip("[]").split("; "):
        name, value = piece.split(": ", 1)
        days = tuple(date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", value))
        if name == "under":
            context = replace(context, headings=(*context.headings, value))
        elif name in ("cites", "before", "after"):
            context = replace(context, **{{"cites": "cited", "before": "neighbours", "after": "following"}[name]: days})
        elif name == "in":
            context = replace(context, kind=Kind(value))
        else:
            context = replace(context, **{{"document": "document_date"}.get(name, name): value})
    return context


def read_span(words: str) -> tuple[date, date]:
    first, _, last = words.partition(" .. ")
    if re.fullmatch(r"\d{4}-\d\d", first):
        return month_bounds(first)
    return date.fromisoformat(first), date.fromisoformat(last or first)


def read_cases() -> list[Case]:
    cases: list[Case] = []
    context, open_ = DateContext(), False
    for number, line in enumerate(CASES.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        if not line.strip():
            context, open_ = DateContext(), False
        elif not open_ and re.match(r"\[\w+: ", line):
            context = read_context(line)
        elif not open_:
            cases.append(Case(number, line, context))
            open_ = True
        elif line.strip() != "none":
            read_expected(cases[-1], line.strip())
    return cases


def read_expected(case: Case, line: str) -> None:
    if line.startswith("months: "):
        certain, possible = line.removeprefix("months: ").split(";")
        case.months = tuple(certain.split()), tuple(possible.split())
    elif line.startswith("flag: "):
        printed, day = line.removeprefix("flag: ").split(" means ")
        case.flags.append((printed, date.fromisoformat(day)))
    elif " ! " in line:
        printed, day = line.split(" ! ")
        case.flags.append((printed, date.fromisoformat(day)))
        case.mentions.append((printed, *read_span(day), "possible"))
    else:
        printed, sign, span = re.fullmatch(r"(.+) ([=~]) (.+)", line).groups()
        case.mentions.append((printed, *read_span(span), "certain" if sign == "=" else "possible"))


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: f"line {case.line}: {case.text[:60]}")
def test_prose_is_read_as_the_case_file_says(case: Case) -> None:
    mentions, flags = find_dates(case.text, case.context)

    assert [(m.printed, m.first, m.last, m.certainty.value) for m in mentions] == case.mentions
    assert [(f.printed, f.read_as) for f in flags] == case.flags
    if case.months is not None:
        assert months_of(mentions, flags) == case.months
    for one in (*mentions, *flags):
        assert case.text[one.at : one.at + len(one.printed)] == one.printed
    assert all(flag.evidence for flag in flags)


def test_the_case_file_has_the_cases_it_promises() -> None:
    assert len(read_cases()) >= 150


# Every written format


def ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


FORMATS = {
    "day first": lambda d: f"{d.day} {NAMES[d.month - 1]} {d.year}",
    "month first": lambda d: f"{NAMES[d.month - 1]} {d.day}, {d.year}",
    "short": lambda d: f"{d.day} {SHORT[d.month - 1]} {d.year}",
    "short, month first": lambda d: f"{SHORT[d.month - 1]} {d.day}, {d.year}",
    "ordinal": lambda d: f"{ordinal(d.day)} of {NAMES[d.month - 1]}, {d.year}",
    "ordinal without of": lambda d: f"{ordinal(d.day)} {NAMES[d.month - 1]} {d.year}",
    "capitals": lambda d: f"{d.day} {NAMES[d.month - 1].upper()} {d.year}",
    "glued": lambda d: f"{d.day} {NAMES[d.month - 1]}{d.year}",
    "dashes": lambda d: f"{d.day:02}-{calendar.month_abbr[d.month]}-{d.year}",
    "ISO": lambda d: d.isoformat(),
    "year first": lambda d: f"{d.year}/{d.month}/{d.day}",
    "brackets": lambda d: f"{d.day} {NAMES[d.month - 1]} [{d.year}]",
    "day and month": lambda d: f"{calendar.day_name[d.weekday()]}, {d.day} {NAMES[d.month - 1]} {d.year}",
}
DAYS = st.dates(date(1700, 1, 1), date(2150, 12, 31))
FRAMES = st.sampled_from(
    ["On {}, it rained.", "({})", "{}", "It rained on {}", "Post, “Rain”, {}, p. 4.", "since {} and"]
)


@given(DAYS, st.sampled_from(sorted(FORMATS)), FRAMES)
def test_a_day_in_every_format_is_found_again(day: date, written: str, frame: str) -> None:
    mentions, flags = find_dates(frame.format(FORMATS[written](day)), DateContext(kind=Kind.FOOTNOTE))

    assert [(m.first, m.last, m.certainty) for m in mentions] == [(day, day, Certainty.CERTAIN)]
    assert flags == ()


@given(DAYS, FRAMES)
def test_figures_are_read_only_where_they_cannot_be_misread(day: date, frame: str) -> None:
    for text in (f"{day.day}/{day.month}/{day.year}", f"{day.month}/{day.day}/{day.year}", f"{day:%d.%m.%Y}"):
        mentions, _ = find_dates(frame.format(text), DateContext())

        clear = day.day > 12 or day.day == day.month
        assert [m.first for m in mentions] == ([day] if clear else [])


@given(DAYS, st.integers(1, 700), st.sampled_from(["{} to {}", "{} – {}", "{} until {}", "between {} and {}", "{}-{}"]))
def test_a_range_in_every_format_is_found_again(first: date, length: int, frame: str) -> None:
    last = first + timedelta(days=length)
    for write in (FORMATS["day first"], FORMATS["month first"], FORMATS["ordinal"]):
        mentions, _ = find_dates(f"It rained {frame.format(write(first), write(last))}.", DateContext())

        assert [(m.first, m.last) for m in mentions] == [(first, last)]
        assert mentions[0].months == counted_months(first, last)


@given(st.integers(1700, 2150), st.integers(1, 12), st.integers(1, 27), st.data())
def test_days_that_share_a_month_are_found_again(year: int, month: int, low: int, data: st.DataObject) -> None:
    high = data.draw(st.integers(low + 1, 28))
    first, last = date(year, month, low), date(year, month, high)
    name = NAMES[month - 1]

    for text in (f"{low} to {high} {name} {year}", f"{low}-{high} {name} {year}", f"{name} {low}–{high}, {year}"):
        assert [(m.first, m.last) for m in find_dates(text, DateContext())[0]] == [(first, last)]
    for text in (f"on {low} and {high} {name} {year}", f"on {name} {low} and {high}, {year}"):
        assert [m.first for m in find_dates(text, DateContext())[0]] == [first, last]


@given(st.integers(1700, 2150), st.integers(1, 12), st.integers(1, 11))
def test_months_in_a_row_share_the_year_of_the_last(year: int, month: int, length: int) -> None:
    start = date(year, month, 1)
    end = shifted(start, length)

    for text in (
        f"in {NAMES[month - 1]}-{NAMES[end.month - 1]} {end.year}",
        f"{NAMES[month - 1]} to {NAMES[end.month - 1]} {end.year}",
    ):
        (mention,) = find_dates(text, DateContext())[0]
        assert (mention.first, mention.months[-1]) == (start, f"{end.year:04}-{end.month:02}")


@given(DAYS)
def test_the_heading_gives_the_year_beyond_doubt(day: date) -> None:
    context = DateContext(headings=("Annex", f"{NAMES[day.month - 1].upper()} {day.year}"))
    (mention,) = find_dates(f"On {day.day} {NAMES[day.month - 1]}, it rained.", context)[0]

    assert (mention.first, mention.certainty) == (day, Certainty.CERTAIN)


@given(DAYS, st.integers(1970, 2000))
def test_a_true_date_is_never_flagged_without_evidence(day: date, year: int) -> None:
    context = DateContext(headings=(f"The events of {year}",), document_date="2200", neighbours=(date(year, 3, 4),) * 3)
    _, flags = find_dates(f"It was published on {day.day} {NAMES[day.month - 1]} {day.year}.", context)

    assert flags == ()


# Months and intervals


@given(DAYS, st.integers(0, 800), st.integers(1700, 2150), st.integers(1, 12))
def test_a_month_is_touched_where_a_day_of_it_lies_in_the_interval(
    first: date, length: int, year: int, month: int
) -> None:
    last = first + timedelta(days=length)
    month_name = f"{year:04}-{month:02}"
    by_days = {f"{d.year:04}-{d.month:02}" for d in (first + timedelta(days=n) for n in range(length + 1))}

    assert set(months_between(first, last)) == by_days
    low, high = month_bounds(month_name)
    assert (month_name in months_between(first, last)) == (low <= last and first <= high)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("1988-03-01", "1989-02-28", 12),
        ("1988-08-16", "1989-08-15", 13),  # twelve months, in thirteen of the calendar's
        ("1988-08-16", "1989-08-16", 2),
        ("1988-02-29", "1989-02-28", 13),
        ("1988-03-01", "1989-03-01", 2),
        ("9999-01-01", "9999-12-31", 12),
    ],
)
def test_of_more_than_twelve_months_only_the_ends_count(first: str, last: str, months: int) -> None:
    assert len(counted_months(date.fromisoformat(first), date.fromisoformat(last))) == months


@pytest.mark.parametrize(("year", "days"), [(1988, 29), (1989, 28), (1900, 28), (2000, 29)])
def test_february_is_as_long_as_the_year_says(year: int, days: int) -> None:
    (whole,) = find_dates(f"in February {year}", DateContext())[0]
    (late,) = find_dates(f"in late February {year}", DateContext())[0]

    assert whole.last == late.last == date(year, 2, days)


def test_certain_months_are_not_possible_too() -> None:
    mentions, flags = find_dates("In July 1988, or in July 1988 or August 1988.", DateContext())

    certain, possible = months_of(mentions, flags)
    assert not set(certain) & set(possible)


# Any text at all

SCRAPS = """
9 10 31 30 1988 1367 ۶۷ 1989 May March August Sept. November mid- late early and or to - – / , . [ ( ) ] “ ” of the in
between from first week half end year last next same day month 's 13/10/1988 1988-08-16 مرداد اوت تا و ۲۹ Azar winter
summer 1,084 10:30 p.m. A/43/705 Sunday night
"""
RUBBISH = st.lists(st.sampled_from(SCRAPS.split()), max_size=60).map(" ".join)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=300), RUBBISH, RUBBISH.map(lambda text: text.replace(" ", ""))), st.text(max_size=40))
def test_no_text_makes_it_fail_and_every_mention_is_a_piece_of_it(text: str, heading: str) -> None:
    context = DateContext(
        headings=(heading, "MAY 1988"), document_date=heading, neighbours=(date.min, date.max), cited=(date.max,),
        kind=Kind.FOOTNOTE,
    )  # fmt: skip
    mentions, flags = find_dates(text, context)

    end = 0
    for mention in mentions:
        assert mention.printed == text[mention.at : mention.at + len(mention.printed)] != ""
        assert mention.at >= end, "mentions overlap"
        assert mention.first <= mention.last
        assert mention.months
        end = mention.at + len(mention.printed)
    for flag in flags:
        assert flag.printed == text[flag.at : flag.at + len(flag.printed)] != ""
        assert any(m.certainty is Certainty.POSSIBLE and m.at <= flag.at < m.at + len(m.printed) for m in mentions)
    parse_publication_date(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1, ", "March, ", "9 and ", "9-", "early and ", "May ", "May and ", "between ", "the end of ",
        "16 August 1988, ", "“May ", "[1988] ", "1988", "last month ", "31 ", "/", "Sunday [27 November 1989] ",
        "۲۹ آذر و ", "1.1.", "5 May. ",
    ],
)  # fmt: skip
def test_work_grows_with_the_length_of_the_text_and_no_faster(piece: str) -> None:
    counts = [lines_run("On 1 May 1988 " + piece * times) for times in (80, 160, 320)]

    assert counts[2] - counts[1] <= 2.2 * (counts[1] - counts[0]) + 500


def lines_run(text: str) -> int:
    """How many lines of Python it takes to read *text*: a clock that does not depend on the machine."""
    count = 0

    def line(frame: FrameType, event: str, arg: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        find_dates(text, DateContext(headings=("MAY 1988",), cited=(date(1988, 5, 1),)))
    finally:
        sys.settrace(before)
    return count


def test_a_long_text_without_a_blank_is_read() -> None:
    for piece in ("a", "1", ".", "“", "1,111", "May", "1988", "19/", "a’"):
        find_dates("On 1 May 1988 and 2 June " + piece * (50_000 // len(piece)), DateContext())


def test_a_passage_without_dates_is_not_cut_into_tokens() -> None:
    assert windows("The committee met and adjourned; 140 letters were read, none of them answered (A/43/705).") == []
    assert tokens("") != []


# Citations, front matter, datelines


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("13 October 1988", "1988-10-13"),
        ("(Index: MDE 13/031/88), 13 December 1988, example.org/a/1988", "1988-12-13"),
        ("December 1988", "1988-12"),
        ("2010", "2010"),
        ("c. 1988", "1988~"),
        ("(1988)", "1988"),
        ("summer 1988", "1988-22"),
        ("late 1988", "1988~"),
        ("around August 1988", "1988-08~"),
        ("14-16 August 1988", "1988-08-14/1988-08-16"),
        ("December 1988 or January 1989", "1988-12/1989-01"),
        ("29 Azar 1367", "1988-12-20"),
        ("Mordad 1367", "1988-07-23/1988-08-22"),
        ("adopted on 8 December 1988, A/RES/43/137", "1988-12-08"),
        ("p. 1988 of many", None),
        ("no date", None),
        ("", None),
        ("31 November 1988", None),
    ],
)
def test_the_date_of_a_citation_becomes_edtf(text: str, edtf: str | None) -> None:
    assert parse_publication_date(text) == edtf


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("Moscow, April 30, 1961.", True),
        ("Washington, March 6, 1959, 10:30 a.m.", True),
        ("Manila , July 25, 1949—6 p. m.", True),
        ("Washington , September 9, 1949. secret", True),
        ("Tehran, 16 August 1988", True),
        ("Moscow, April 1961.", False),
        ("Dulles called Lodge on May 5, 1955, and told him of it.", False),
        ("Not printed.", False),
        (
            "What was agreed between the two of them that night is told in the papers of the embassy in " * 2
            + ", May 5, 1955",
            False,
        ),
    ],
)
def test_a_dateline_is_told_from_a_sentence(text: str, dated: bool) -> None:
    assert is_dateline(text) is dated


# Real text, where it is at hand

FRUS = Path(__file__).parents[2] / "shared" / "real" / "frus" / "passages-100k.jsonl.gz"


def test_datelines_of_real_letters_agree_with_their_editors() -> None:
    if not FRUS.exists():
        pytest.skip("the volumes of Foreign Relations are not at hand")
    import gzip
    import json

    with gzip.open(FRUS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for number, line in enumerate(lines) if number < 30_000]
    rows = [row for row in rows if row["month"] and is_dateline(row["text"])]
    found = [
        row["month"] in months_of(*find_dates(row["text"], DateContext()))[0]
        for row in random.Random(1).sample(rows, 300)
    ]

    assert sum(found) >= 297
