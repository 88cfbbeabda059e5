"""What stands around a passage and helps to read its dates: headings, dateline, neighbours, cited sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.dates.grammar import stated_dates
from corpus.dates.spans import interval
from corpus.dates.words import tokens
from corpus.edtf import edtf_bounds
from corpus.model import Kind
from corpus.months import months_between


@dataclass(frozen=True, slots=True)
class DateContext:
    """What is known around a passage. Everything may be left out; what is given is believed in the order told."""

    headings: tuple[str, ...] = ()  # section path, from the top to the nearest
    document_date: str | None = None  # EDTF
    neighbours: tuple[date, ...] = ()  # days stated in the passages before it, the nearest last
    cited: tuple[date, ...] = ()  # days on which the sources that it cites were published
    language: str = "en"  # BCP 47; English and Persian dates are read alike, whatever it says
    kind: Kind = Kind.BODY
    dateline: str | None = None  # the line that dates the letter or telegram it is part of: "Moscow, April 30, 1961."
    titles: tuple[tuple[int, int], ...] = ()  # where titles of works stand in the text, half-open
    following: tuple[date, ...] = ()  # days stated in the passages after it, the nearest first
    earlier: date | None = None  # the day stated last in the sections before its own


@dataclass(frozen=True, slots=True)
class HeadingDate:
    """What a heading or a dateline says of time."""

    months: tuple[tuple[int, int], ...]  # (year, month), each month that it names
    years: tuple[int, ...]  # all that it names, in order
    day: date | None  # where it names one day
    bare: bool  # it is nothing but a date: what stands under it is of that time
    plain: bool  # it is bare, or a title or place with its date at the end


_NUMBERING = re.compile(r"^\s*(?:[\dIVXLivxl]+(?:[.\-]\d+)*[.)]?|[A-Z][.)])\s+")
_CLOCK = re.compile(
    r"\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?\s?m\.?|hours|noon|midnight)|noon|midnight|\d{4}Z", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w/.])(?:1[5-9]|20)\d\d(?![\w/])")
# What is stamped on letters after their date.
_MARKING = re.compile(
    r"(?:[\s,.;—–-]+(?:top secret|secret|confidential|restricted|unclassified|urgent|priority|niact))+[\s.]*$",
    re.IGNORECASE,
)
_SUBSTANCE = re.compile(r"\b(?!(?:and|to|from|of|the|in)\b)\w{2,}", re.IGNORECASE)
_BEFORE_DATE = re.compile(r"[,(–—-]\Z")
# "Events of 1980", "Arrests in May 1980", "Chronology: January to June 1980": what stands under it is of that time.
_BEFORE_PERIOD = re.compile(
    r":\Z|\b(?:in|during|from|between)\Z"
    r"|\b(?:events?|developments?|incidents?|chronology|period|situation|year|months?)\s(?:of|for)(?:\sthe\syear)?\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def heading_date(heading: str) -> HeadingDate | None:
    """What *heading* says of time; None where it names no year. Only its first 400 characters are read."""
    heading = heading[:400]
    months: list[tuple[int, int]] = []
    years: list[int] = []
    days: list[date] = []
    rest, end = heading, 0
    for stated in stated_dates(heading, tokens(heading)):
        if stated.first.year is None or stated.last.year is None:
            continue
        first, last = interval(stated.first, stated.first.year), interval(stated.last, stated.last.year)
        if first is None or last is None or last[1] < first[0]:
            continue
        months += [_split(month) for month in months_between(first[0], last[1])]
        years += [first[0].year, last[1].year]
        if first[0] == last[1]:
            days.append(first[0])
        rest = rest[: stated.start] + " " * (stated.end - stated.start) + rest[stated.end :]
        end = stated.end
    for match in _YEAR.finditer(rest):
        years.append(int(match.group()))
        end = max(end, match.end())
        rest = rest[: match.start()] + " " * 4 + rest[match.end() :]
    if not years:
        return None
    left = _CLOCK.sub("", _WEEKDAY.sub("", _NUMBERING.sub("", rest)))
    closing = not re.search(r"\w", _CLOCK.sub("", heading[end:]))
    bare = not _SUBSTANCE.search(left)
    before = rest[:end].rstrip()
    plain = bare or (closing and bool(_BEFORE_DATE.search(before) or (not days and _BEFORE_PERIOD.search(before))))
    return HeadingDate(
        tuple(dict.fromkeys(months)),
        tuple(dict.fromkeys(years)),
        days[0] if len(set(days)) == 1 else None,
        bare,
        plain,
    )


def frames(context: DateContext) -> list[HeadingDate]:
    """The dateline and the headings that name a year, the nearest first."""
    lines = [*context.headings, context.dateline or ""]
    return [found for line in reversed(lines) if line and (found := heading_date(line)) is not None]


def document_bounds(context: DateContext) -> tuple[date, date] | None:
    """First and last day of the document's own date; None where it has none, or one that is open at an end."""
    bounds = edtf_bounds(context.document_date) if context.document_date else None
    if bounds is None or bounds[0] is None or bounds[1] is None:
        return None
    return bounds[0], bounds[1]


def is_dateline(text: str) -> bool:
    """Whether a passage does nothing but date what follows: "Moscow, April 30, 1961, 6 p.m."."""
    if len(text) > 120:
        return False
    found = heading_date(_MARKING.sub("", text))
    return found is not None and found.plain and found.day is not None


def _split(month: str) -> tuple[int, int]:
    return int(month[:4]), int(month[5:])
