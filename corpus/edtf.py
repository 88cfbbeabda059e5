"""Extended Date/Time Format (ISO 8601-2, Library of Congress): what front matter uses of its levels 0 to 2."""

from __future__ import annotations

import calendar
import re
from datetime import date

# One end: year, month or day, each perhaps uncertain (?), approximate (~) or both (%); "" unknown, ".." open.
_END = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?[?~%]?", re.ASCII)
# Level 1: seasons of the northern hemisphere stand where the month does; each begins with this month and lasts three.
_SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
# Level 1: unspecified digits, as in 198X, 1988-XX, 1988-08-XX.
_UNSPECIFIED = re.compile(r"\d{2}(?:XX|\dX)|\d{4}-XX|\d{4}-\d{2}-XX|\d{4}-XX-XX", re.ASCII)


def is_edtf(text: str) -> bool:
    """Whether *text* is a date or an interval that this project understands."""
    return edtf_bounds(text) is not None


def edtf_bounds(text: str) -> tuple[date | None, date | None] | None:
    """First and last day that *text* takes in, both included; None for an open or unknown end.

    Returns None when *text* is no EDTF of levels 0 and 1 and no list of alternatives, or names a day that no calendar
    has.
    """
    if (alternatives := edtf_alternatives(text)) is not None:
        each = [_bounds(one) for one in alternatives]
        known = [one for one in each if one is not None]
        return (min(known)[0], max(last for _, last in known)) if known and len(known) == len(each) else None
    ends = text.split("/")
    if len(ends) == 1:
        return _bounds(ends[0])
    if len(ends) != 2:
        return None
    open_ends = ("", "..")
    first = (None, None) if ends[0] in open_ends else _bounds(ends[0])
    last = (None, None) if ends[1] in open_ends else _bounds(ends[1])
    if first is None or last is None or (ends[0] in open_ends and ends[1] in open_ends):
        return None
    if first[0] and last[1] and last[1] < first[0]:
        return None
    return first[0], last[1]


def edtf_alternatives(text: str) -> tuple[str, ...] | None:
    """The dates of which *text* means one, as in [1988-08-24,1988-08-26] (level 2); None where it is no such list."""
    if not (text.startswith("[") and text.endswith("]") and "," in text):
        return None
    return tuple(one.strip() for one in text[1:-1].split(","))


def _bounds(text: str) -> tuple[date, date] | None:
    if _UNSPECIFIED.fullmatch(text):
        low = text.split("-XX")[0]
        if "X" in low:
            return date(int(low.replace("X", "0")) or 1, 1, 1), date(int(low.replace("X", "9")), 12, 31)
        return _bounds(low)
    found = _END.fullmatch(text)
    if not found:
        return None
    year = int(found["year"])
    month = int(found["month"]) if found["month"] else None
    if month in _SEASONS and not found["day"]:
        first = _SEASONS[month]
        last_year, last_month = (year, first + 2) if first < 11 else (year + 1, (first + 2) % 12)
        if year < 1 or last_year > 9999:
            return None
        return date(year, first, 1), date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    if year < 1 or (month is not None and not 1 <= month <= 12):
        return None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    days = calendar.monthrange(year, month)[1]
    if found["day"] is None:
        return date(year, month, 1), date(year, month, days)
    day = int(found["day"])
    return (date(year, month, day),) * 2 if 1 <= day <= days else None
