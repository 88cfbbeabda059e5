"""Reads page numbers off printed lines: `3`, `- 3 -`, `Page 3 of 12`, `iv`, `The Report | 3`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.layout.lines import Line

_ALONE = re.compile(
    r"[-–—\[(|~\s]*(?:(?:page|p\.?|pp\.?|pg\.?)\s*)?(?P<value>\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|/)\s*\d{1,4})?[-–—\])|~\s]*",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:page\s+)?(?P<value>\d{1,4})(?:\s+of\s+\d{1,4})?(?:\s*[|•·–—-]\s*|\s+)(?P<rest>\S.*)", re.I)
_BEHIND = re.compile(
    r"(?P<rest>.*?\S)(?:\s*[|•·–—-]\s*|,?\s+)(?:(?:page|p\.)\s*)?(?P<value>\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?", re.I
)
_NUMBERED_HEADING = re.compile(
    r"(?:article|chapter|part|section|book|title|rule|case|exhibit|appendix|annex|schedule|table|figure|item|no\.?)\s+\d",
    re.IGNORECASE,
)
NOTE_LABEL = re.compile(r"(?:[\[(]?\d{1,4}[a-z]?[\]).]?|[*†‡§¶]{1,4})\s+\S")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class PageNumber:
    value: int
    rest: str  # what else stands in the line, folded; "" for a number alone
    roman: bool


def page_numbers_in(text: str) -> list[PageNumber]:
    """The readings of *text* as a line that bears a page number, likeliest first."""
    if len(text) > 200:
        return []
    found: list[PageNumber] = []
    if alone := _ALONE.fullmatch(text):
        value = alone["value"]
        if value.isdigit():
            found.append(PageNumber(int(value), "", False))
        elif value.islower() and (roman := roman_value(value)):
            found.append(PageNumber(roman, "", True))
        return found
    if _NUMBERED_HEADING.match(text):
        return found
    for pattern in (_BEFORE, _BEHIND):
        if (match := pattern.fullmatch(text)) and any(c.isalpha() for c in match["rest"]):
            found.append(PageNumber(int(match["value"]), folded(match["rest"]), False))
    return found


def roman_value(numeral: str) -> int | None:
    """The value of a small or capital roman numeral up to 399; None when it is not written as Romans count."""
    total = previous = 0
    for sign in reversed(numeral.lower()):
        value = _ROMAN.get(sign)
        if value is None:
            return None
        total += value if value >= previous else -value
        previous = max(previous, value)
    return total if total > 0 and to_roman(total) == numeral.lower() else None


def to_roman(value: int) -> str:
    parts = []
    signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    for size, sign in signs:
        parts.append(sign * (value // size))
        value %= size
    return "".join(parts)


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def stands_apart(lines: Sequence[Line], at: int) -> bool:
    """Whether a blank line, or the text's end, is on at least one side."""
    return at == 0 or at + 1 == len(lines) or not lines[at - 1].text or not lines[at + 1].text
