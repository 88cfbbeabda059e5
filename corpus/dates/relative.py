"""Dates told by another date: the same day, two days later, last month, in the past three months."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from corpus.dates.words import NUMBER_WORDS
from corpus.months import last_day, moved, shifted

_NUMBER = "(?:" + "|".join(sorted(NUMBER_WORDS, key=len)[::-1]) + r"|\d{1,2})"
_CLOSES = r"(?=\s*(?:[,.;:)\]”\"’—–-]|$))"
_RELATIVE = re.compile(
    rf"""\b(?:
      (?:the\s|that\s)?(?:very\s)?same\s(?P<same>day|date|week|month)\b(?!-)
    | that\s(?:very\s)?(?P<that>day|week|month)\b
    | the\s(?:very\s)?(?P<step>next|following|previous|preceding)\s
      (?P<step_unit>day|morning|evening|night|week|month)\b(?!-|\safter|\sof)
    | the\sday\s(?P<beside>before|after){_CLOSES}
    | (?P<count>{_NUMBER})\s(?P<count_unit>day|week|month)s?\s
      (?:(?P<back>earlier|previously|ago|beforehand)\b(?!\sthan)|(?P<on>later|afterwards|thereafter)\b(?!\sthan)
         |(?P<near_back>before){_CLOSES}|(?P<near_on>after){_CLOSES})
    | (?:(?P<lead>(?:over|in|during|within|for)\s)(?:the\s)?|(?:the|these)\s)(?:last|past|preceding)\s
      (?:(?P<span>{_NUMBER})\s)?(?P<span_unit>day|week|month)(?P<plural>s)?\b(?!-|\sof)
    | (?P<spoken>last|this|next)\s(?P<spoken_unit>week|month)\b(?!-|['’]s\b)
    | (?P<yesterday>yesterday|tomorrow|last\snight)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_QUICK = re.compile(r"(?:day|date|week|month|night|morning|evening|tomorrow)")


@dataclass(frozen=True, slots=True)
class Base:
    """What a relative date is counted from: a day, or a month of which no day is known."""

    year: int
    month: int
    day: date | None


# The date before an offset in the passage (or in those before it), and the date on which the words there were said.
FindBase = Callable[[int], Base | None]


def relative_dates(text: str, told: FindBase, spoken: FindBase) -> list[tuple[int, int, date, date]]:
    """Start, end, first and last day of each relative date whose base is known, in order."""
    if _QUICK.search(text) is None:
        return []
    found = []
    for match in _RELATIVE.finditer(text):
        interval = _interval(match, told, spoken)
        if interval is not None:
            start = match.end("lead") if match["lead"] else match.start()
            found.append((start, match.end(), *interval))
    return found


def _interval(match: re.Match[str], told: FindBase, spoken: FindBase) -> tuple[date, date] | None:
    at = match.start()
    try:
        if unit := match["same"] or match["that"]:
            return _same(told(at), unit.lower())
        if match["step"]:
            back = match["step"].lower() in ("previous", "preceding")
            return _stepped(told(at), match["step_unit"].lower(), -1 if back else 1)
        if match["beside"]:
            return _stepped(told(at), "day", -1 if match["beside"].lower() == "before" else 1)
        if match["count"]:
            back = bool(match["back"] or match["near_back"])
            base = spoken(at) if (match["back"] or "").lower() == "ago" else told(at)
            return _counted(base, _number(match["count"]), match["count_unit"].lower(), -1 if back else 1)
        if match["span_unit"]:
            if not match["span"] and match["plural"]:
                return None  # "the last days" counts nothing
            number = _number(match["span"]) if match["span"] else 1
            return _reaching_back(spoken(at), number, match["span_unit"].lower())
        if match["spoken"]:
            step = {"last": -1, "this": 0, "next": 1}[match["spoken"].lower()]
            return _stepped(spoken(at), match["spoken_unit"].lower(), step)
        return _stepped(spoken(at), "day", 1 if match["yesterday"].lower() == "tomorrow" else -1)
    except (ValueError, OverflowError):
        return None


def _number(word: str) -> int:
    return NUMBER_WORDS.get(word.lower()) or int(word)


def _same(base: Base | None, unit: str) -> tuple[date, date] | None:
    if base is None:
        return None
    if unit in ("day", "date"):
        return None if base.day is None else (base.day, base.day)
    return _stepped(base, unit, 0)


def _stepped(base: Base | None, unit: str, step: int) -> tuple[date, date] | None:
    """The day, the week from Monday to Sunday, or the month so many steps from *base*."""
    if base is None:
        return None
    if unit == "month":
        month = shifted(date(base.year, base.month, 1), step)
        return month, last_day(month.year, month.month)
    if base.day is None:
        return None
    if unit == "week":
        monday = moved(base.day, 7 * step - base.day.weekday())
        sunday = moved(monday, 6) if monday is not None else None
        return (monday, sunday) if monday is not None and sunday is not None else None
    day = moved(base.day, step)
    return (day, day) if day is not None else None


def _counted(base: Base | None, number: int, unit: str, sign: int) -> tuple[date, date] | None:
    """So many units away: the exact day for days and weeks, the whole month for months."""
    if unit == "month":
        return _stepped(base, "month", sign * number) if number <= 24 else None
    if base is None or base.day is None:
        return None
    day = moved(base.day, sign * number * (7 if unit == "week" else 1))
    return (day, day) if day is not None else None


def _reaching_back(base: Base | None, number: int, unit: str) -> tuple[date, date] | None:
    """The stretch of so many units that ends at *base*; longer ones than a year say nothing of months."""
    if base is None:
        return None
    if base.day is None:
        if unit != "month" or number > 12:
            return None
        month = date(base.year, base.month, 1)
        return shifted(month, -number), last_day(month.year, month.month)
    if unit == "month":
        return (shifted(base.day, -number), base.day) if number <= 12 else None
    days = number * (7 if unit == "week" else 1)
    first = moved(base.day, -days) if days <= 366 else None
    return (first, base.day) if first is not None else None
