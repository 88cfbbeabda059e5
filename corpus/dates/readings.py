"""What a stated date was read as, before it becomes a mention."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from corpus.dates.elements import Element
from corpus.dates.grammar import Stated
from corpus.dates.spans import Interval, interval
from corpus.dates.years import Years


@dataclass(frozen=True, slots=True)
class Reading:
    """One interval with its words (`start` to `end` in the text) and how sure it is."""

    start: int
    end: int
    first: date
    last: date
    certain: bool
    element: Element | None = None  # what a misprint is looked for in: a single date, or the last of a range
    range_from: Element | None = None  # the first of a range that shares its year
    group: int = -1  # of the text's groups
    printed_year: bool = False  # the element's own words give its year
    backwards: bool = False  # one end of a range that runs backwards; its two ends follow each other


def read(stated: Stated, years: Years) -> list[Reading]:
    """The readings of one stated date: one, none where nothing tells the year, two where a range runs backwards."""
    one, other = stated.first, stated.last
    year = years.of(stated, one)
    if year is None:
        return []
    if one is other:
        found = clamped(one, year[0])
        if found is None:
            return []
        told = replace(one, year=year[0])
        printed = one.year is not None and not one.borrowed
        return [
            Reading(
                stated.start,
                stated.end,
                *found,
                year[1] and _is_sure(stated),
                told,
                group=stated.group,
                printed_year=printed,
            )
        ]
    if one.year is None and other.year is None and one.calendar is other.calendar and one.month and other.month:
        # "between July 27 and August 10": one year for both, the next where the months run over New Year.
        last_year: tuple[int, bool] | None = (year[0] + (other.month < one.month), year[1])
    else:
        last_year = years.of(stated, other)
    if last_year is None:
        return []
    first, last = clamped(one, year[0]), clamped(other, last_year[0])
    if first is None or last is None:
        return []
    sure = year[1] and last_year[1] and _is_sure(stated)
    if last[1] < first[0]:
        ends = ((one, year[0], first), (other, last_year[0], last))
        return [
            Reading(end.start, end.end, *days, sure, replace(end, year=its_year), backwards=True, printed_year=True)
            for end, its_year, days in ends
        ]
    found_range = Reading(stated.start, stated.end, first[0], last[1], sure)
    if one.borrowed and other.year is not None and not other.borrowed:
        return [replace(found_range, element=other, range_from=one, group=stated.group, printed_year=True)]
    return [found_range]


def in_another_year(reading: Reading, by: int) -> Reading:
    """The same words with their year moved, and no longer certain."""
    element, start = reading.element, reading.range_from
    if element is None or element.year is None:
        return reading
    last = clamped(element, element.year + by)
    first = last if start is None or start.year is None else clamped(start, start.year + by)
    if first is None or last is None:
        return reading
    return replace(reading, first=first[0], last=last[1], certain=False)


def clamped(element: Element, year: int) -> Interval | None:
    """The element's first and last day; a day past the month's end is taken for its last."""
    found = interval(element, year)
    while found is None and element.day is not None and element.day > 28:
        element = replace(element, day=element.day - 1)
        found = interval(element, year)
    return found


def _is_sure(stated: Stated) -> bool:
    """Whether the words leave no doubt about the month, its year apart."""
    if stated.vague or stated.alternative:
        return False
    return all(element.month is not None and element.nearest is None for element in (stated.first, stated.last))
