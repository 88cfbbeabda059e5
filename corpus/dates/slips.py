"""Misprinted dates: what is printed and cannot be meant, what was probably meant, and the evidence for it.

A date is flagged only where another one in its place is vouched for: evidence is weighed in half points, at least one
strong kind must be among it, and the total must reach `ENOUGH` and leave every rival behind. A date that merely
surprises (a diary published decades later, an anniversary) stays as it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.dates.context import DateContext, document_bounds
from corpus.dates.readings import Reading, in_another_year
from corpus.dates.spans import interval
from corpus.dates.words import MONTH_NAMES, WEEKDAY_NAMES, WEEKDAYS, Calendar
from corpus.dates.years import Anchor, Years, is_to_come
from corpus.model import DateFlag, Kind
from corpus.months import last_day

_MOST_CANDIDATES = 24
_LIFETIME = 50  # years from all that stands around: rather a slip than something remembered
_UNBORN = 2060  # no record tells of so late a year; the clock is not asked, so that a rebuild gives the same
_CLOSE = 60  # days between the dates before and after one that stands in their order
ENOUGH = 3.0  # one strong kind of evidence and two hints, such as a slip of one digit to a year not seen elsewhere
AHEAD = 1.0  # by how much the best candidate must lead

_DAY_NAME = r"(?P<day>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_WEEKDAY_BEFORE = re.compile(rf"\b{_DAY_NAME}(?:\s(?:night|morning|afternoon|evening))?,?\s*[\[(]?(?:the\s)?\Z")
_WEEKDAY_AFTER = re.compile(rf"[\])]?(?:\s\(|,\sa\s){_DAY_NAME}\b")
_ANNIVERSARY = re.compile(
    r"anniversar|commemorat|memorial|decade|annual|\byears?\s(?:later|after|on|earlier|before|ago|previously)|"
    r"(?:following|next|previous|same)\s(?:day|date|year)\s(?:the|a|of)|\bborn\b|\bbirth|\bfounded\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|had|did|took|came|left|said|told|[a-z]{2,12}ed)\b")
_SYMBOL_YEAR = re.compile(r"(?<=[/.])(?P<year>(?:19|20)\d\d)(?=[/.,;)\s]|$)|(?<=\d/)(?P<short>\d\d)(?=[),;\s]|$)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a candidate (or, with a weight below 0, against it)."""

    weight: float
    strong: bool
    words: str


def without_slips(
    text: str, context: DateContext, years: Years, readings: Sequence[Reading]
) -> tuple[list[Reading], list[DateFlag]]:
    """The readings with misprints put right (and no longer certain), and a flag for each."""
    kept: list[Reading] = []
    flags: list[DateFlag] = []
    moved: dict[int, int] = {}
    n = 0
    while n < len(readings):
        reading = readings[n]
        if reading.backwards and n + 1 < len(readings) and readings[n + 1].backwards:
            range_, flag = _forwards(text, context, years, reading, readings[n + 1])
            kept += range_
            n += 2
        else:
            kept_one, flag = _checked(text, context, years, reading)
            kept.append(kept_one)
            n += 1
        if flag is not None:
            flags.append(flag)
            if reading.element is not None and reading.element.year is not None and reading.printed_year:
                moved[reading.group] = flag.read_as.year - reading.element.year
    # "9 and 10 September 1998": the 9th has its year from the 10th, and its misprint with it.
    return [
        in_another_year(one, moved[one.group]) if one.group in moved and not one.printed_year else one for one in kept
    ], flags


def _checked(text: str, context: DateContext, years: Years, reading: Reading) -> tuple[Reading, DateFlag | None]:
    element = reading.element
    if element is None or element.day is None or element.month is None or element.year is None:
        return reading, None
    impossible = interval(element, element.year) is None
    if element.calendar is Calendar.SOLAR and not impossible:
        return reading, None
    best: tuple[float, date, str] | None = None
    if element.calendar is Calendar.GREGORIAN and reading.printed_year:
        best = _best(text, context, years, reading, impossible)
    if impossible:
        meant = best[1] if best is not None else reading.last
        evidence = f"There is no {text[reading.start : reading.end]}: " + (
            best[2] if best is not None else f"the month ends on {_told(reading.last)}."
        )
        return _put_right(text, reading, meant, evidence)
    if best is None:
        return reading, None
    return _put_right(text, reading, best[1], best[2])


def _put_right(text: str, reading: Reading, meant: date, evidence: str) -> tuple[Reading, DateFlag]:
    """The reading as it was meant (a range with both its ends), and the flag that says so."""
    right = replace(reading, first=meant, last=meant, certain=False)
    if reading.range_from is not None and reading.element is not None and reading.element.year is not None:
        right = in_another_year(reading, meant.year - reading.element.year)
    flag = DateFlag(text[reading.start : reading.end], reading.start, meant, evidence)
    return right, flag


def _best(
    text: str, context: DateContext, years: Years, reading: Reading, impossible: bool
) -> tuple[float, date, str] | None:
    """Score, date and evidence of the candidate that wins, where one does."""
    printed = reading.last
    weekday = _weekday(text, reading)
    if weekday is not None and weekday == printed.weekday() and not impossible:
        return None
    element = reading.element
    if element is None or element.month is None or element.day is None:
        return None
    scored = []
    for candidate in _candidates(context, years, reading, weekday):
        evidence = _weigh(text, context, years, reading, candidate, weekday)
        total = sum(one.weight for one in evidence) + (2.0 if impossible else 0.0)
        if any(one.strong for one in evidence):
            scored.append((total, candidate, " ".join(one.words for one in evidence if one.words)))
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    if not scored or scored[0][0] < ENOUGH or (len(scored) > 1 and scored[0][0] - scored[1][0] < AHEAD):
        return None
    return scored[0]


def _candidates(context: DateContext, years: Years, reading: Reading, weekday: int | None) -> list[date]:
    """The same day and month in other years that stand around, and cited days near by where the weekday is wrong."""
    element, printed = reading.element, reading.last
    if element is None or element.month is None or element.day is None:
        return []
    around = {year for frame in years.frames for year in frame.years}
    around |= {day.year for day in (*context.cited, *context.neighbours, *context.following)}
    around |= {anchor.year for anchor in years.near_to(reading.start)}
    bounds = document_bounds(context)
    if bounds is not None and bounds[1] < printed and not around - {element.year}:
        around.add(bounds[1].year)
    if context.kind is Kind.FOOTNOTE:
        around |= set(_symbol_years(years, reading))
    found = {day for year in around - {element.year} if (day := _day(year, element.month, element.day)) is not None}
    if weekday is not None:
        found |= {day for day in context.cited if day != printed and abs((day - printed).days) <= 7}
    return sorted(found, key=lambda day: (abs((day - printed).days), day))[:_MOST_CANDIDATES]


def _weigh(
    text: str, context: DateContext, years: Years, reading: Reading, candidate: date, weekday: int | None
) -> list[Evidence]:
    printed, found = reading.last, []
    apart = abs(candidate.year - printed.year)
    if weekday is not None:
        if candidate.weekday() != weekday:
            return []
        words = (
            f"{_told(printed)} was a {WEEKDAY_NAMES[printed.weekday()]}, {_told(candidate)} a {WEEKDAY_NAMES[weekday]}."
        )
        found.append(Evidence(2.0, True, words))
    for frame in years.frames:
        if printed.year in frame.years:
            return []
        if (candidate.year, candidate.month) in frame.months:
            where = f"It stands under {MONTH_NAMES[candidate.month - 1]} {candidate.year}."
            if frame.bare and frame.day is None:
                found.append(Evidence(2.0, True, where))
            elif frame.day is None:
                found.append(Evidence(1.0, False, where))
            break
    if printed in context.cited:
        return []
    if candidate in context.cited:
        found.append(Evidence(2.0, True, f"The source cited is dated {_told(candidate)}."))
    start, end = years.sentence(reading.start)
    near_by = [anchor for anchor in years.near_to(reading.start) if not reading.start <= anchor.at < reading.end]
    others = [anchor for anchor in near_by if start <= anchor.at < end and anchor.day is not None]
    # "700 as of December 31, 1967, to 494 as of December 31, 1969" compares two years.
    if any(a.year == printed.year or a.day == candidate for a in others):
        return []
    close = [a.day for a in others if a.day is not None and abs((a.day - candidate).days) <= 45]
    if apart and others and all(abs(anchor.year - candidate.year) > 1 for anchor in others):
        found.append(Evidence(-1.5, False, ""))
    if close and apart:
        found.append(Evidence(1.5, False, f"The sentence speaks of {_told(close[0])}."))
    elsewhere = [*context.neighbours, *context.following, *context.cited]
    if len(elsewhere) >= 2 and all(abs((d - candidate).days) + 730 < abs((d - printed).days) for d in elsewhere):
        found.append(Evidence(1.0, False, f"The dates around it are nearer to {candidate.year}."))
    if apart and _stands_between(near_by, reading, candidate):
        odd = printed.year not in {anchor.year for anchor in near_by} and apart >= _LIFETIME
        words = f"The dates before and after it are of {candidate.year}."
        found.append(Evidence(2.5 if odd else 1.5, True, words))
    if apart >= 2 and _one_slip(printed.year, candidate.year):
        found.append(Evidence(0.5, False, ""))
    known = {d.year for d in elsewhere} | {anchor.year for anchor in near_by}
    known |= {year for frame in years.frames for year in frame.years}
    if apart and printed.year not in known:
        found.append(Evidence(0.5, False, f"{printed.year} stands nowhere else near it."))
    bounds = document_bounds(context)
    if printed.year >= _UNBORN > candidate.year and (bounds is None or bounds[1] < printed):
        found.append(Evidence(2.5, True, f"{printed.year} is still to come."))
    if bounds is not None and (printed - bounds[1]).days > 30 and candidate <= bounds[1]:
        # Nobody tells what is still to happen, unless as a plan.
        tells = not is_to_come(text, start, min(end, reading.end + 400))
        found.append(Evidence(1.5, tells, f"The document itself is of {_told(bounds[1])}."))
        if (
            tells
            and text[max(start, reading.start - 3) : reading.start].lower() == "on "
            and _PAST.search(text, start, min(end, reading.end + 400))
        ):
            found.append(Evidence(1.0, False, "It is told as past."))
    if context.kind is Kind.FOOTNOTE and apart >= 2:
        named = _symbol_years(years, reading)
        if printed.year in named:
            return []
        if times := named.count(candidate.year):
            words = f"The source's number or address says {candidate.year}."
            found.append(Evidence(min(times, 2) * 1.5, times > 1, words))
    if apart and _ANNIVERSARY.search(text, max(start, reading.start - 400), min(end, reading.end + 400)):
        found.append(Evidence(-2.0, False, ""))
    return found


def _stands_between(anchors: Sequence[Anchor], reading: Reading, candidate: date) -> bool:
    """Whether the days told right before and after the reading in its passage run over *candidate*, close to it."""
    before = [anchor.day for anchor in anchors if anchor.at < reading.start][-1:]
    after = [anchor.day for anchor in anchors if anchor.at >= reading.end][:1]
    if not before or not after or before[0] is None or after[0] is None:
        return False
    return before[0] <= candidate <= after[0] and (after[0] - before[0]).days <= _CLOSE


def _forwards(
    text: str, context: DateContext, years: Years, one: Reading, other: Reading
) -> tuple[list[Reading], DateFlag | None]:
    """A range that runs backwards, put right by the year of one end where something says which is wrong."""
    first, last = one.element, other.element
    kept = [replace(one, backwards=False), replace(other, backwards=False)]
    if first is None or last is None or first.year is None or last.year is None:
        return kept, None
    choices = []
    for wrong, right, is_first in ((one, other, True), (other, one, False)):
        if wrong.element is None or right.element is None or right.element.year is None:
            continue
        fixed = interval(wrong.element, right.element.year)
        if fixed is None or fixed[0] != fixed[1]:
            continue
        start, end = (fixed[0], right.last) if is_first else (right.first, fixed[1])
        if not start <= end or (end - start).days > 200:
            continue
        known = {day.year for day in (*context.neighbours, *context.following, *context.cited)}
        known |= {year for frame in years.frames for year in frame.years}
        vouched, printed = right.element.year in known, wrong.element.year in known
        if vouched and not printed:
            choices.append((wrong, fixed[0], start, end))
    if len(choices) != 1:
        return kept, None
    wrong, meant, start, end = choices[0]
    flag = DateFlag(
        text[wrong.start : wrong.end], wrong.start, meant,
        f"The range would run backwards; {meant.year} stands around it, {wrong.first.year} does not.",
    )  # fmt: skip
    return [Reading(one.start, other.end, start, end, False)], flag


def _weekday(text: str, reading: Reading) -> int | None:
    """The day of the week that stands beside a single date, Monday being 0."""
    if reading.range_from is not None:
        return None
    match = _WEEKDAY_BEFORE.search(text, max(0, reading.start - 30), reading.start)
    if match is None:
        match = _WEEKDAY_AFTER.match(text, reading.end)
    return WEEKDAYS[match["day"].lower()] if match is not None else None


def _symbol_years(years: Years, reading: Reading) -> list[int]:
    """The years in symbols and addresses of the citation that the date stands in."""
    start, end = years.sentence(reading.start)
    found = []
    start, end = max(start, reading.start - 400), min(end, reading.end + 400)
    for match in _SYMBOL_YEAR.finditer(years.text, start, end):
        if reading.start <= match.start() < reading.end:
            continue
        found.append(int(match["year"]) if match["year"] else 1900 + int(match["short"]))
    return found


def _one_slip(printed: int, meant: int) -> bool:
    """Whether one digit is wrong, or two neighbours changed places."""
    one, other = f"{printed:04}", f"{meant:04}"
    differing = [n for n in range(4) if one[n] != other[n]]
    if len(differing) == 1:
        return True
    return len(differing) == 2 and differing[1] - differing[0] == 1 and sorted(one) == sorted(other)


def _day(year: int, month: int, day: int) -> date | None:
    if not 1 <= year <= 9999 or day > last_day(year, month).day:
        return None
    return date(year, month, day)


def _told(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def meant_days(flags: Iterable[DateFlag]) -> dict[int, date]:
    """What the flagged dates mean, by their place in the text."""
    return {flag.at: flag.read_as for flag in flags}
