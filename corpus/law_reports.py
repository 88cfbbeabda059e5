"""Decisions as lawyers cite them: "Roe v. Wade, 410 U.S. 113, 120 (1973)", and for short "Roe, 410 U.S. at 125".

Read are the name of the case, the volume and series of the reports, the first page, the page meant, the year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SERIES = r"(?P<series>[A-Z][\w.’']*(?:\s(?:[A-Z][\w.’']*|\dd|\d(?:st|nd|rd|th))){0,4})"
_PAGES = r"\d{1,5}(?:[-–]\d{1,5})?(?:\sn\.\s?\d{1,3})?"
_REPORT = re.compile(
    rf"(?<![\w.])(?P<volume>\d{{1,4}})\s{_SERIES}\s"
    rf"(?:(?P<short>at\s{_PAGES})"
    rf"|(?P<page>\d{{1,5}})(?:,\s(?:at\s)?(?P<pin>{_PAGES}))?\s?\((?:[^()\d]|\d(?:d|st|nd|rd|th)\s){{0,30}}?\s?(?P<year>(?:1[6-9]|20)\d\d)\))"
)
_CASE = re.compile(r"\sv(?:s?\.|\s)|^(?:In re|Ex parte|Matter of|In the Matter of|Estate of|Application of)\s")
_LONGEST_NAME = 200  # characters of the name of a case


@dataclass(frozen=True, slots=True)
class LawReport:
    """A decision cited by its reports; `short` where its first page is left out."""

    name: tuple[int, int]
    start: int  # of the volume
    end: int
    reports: str  # "410 U.S. 113", or "410 U.S." for short
    pinpoint: str | None
    year: str | None
    short: bool


def find_report(text: str, start: int, end: int) -> LawReport | None:
    """The first decision cited by its reports in `text[start:end]`, or None."""
    for match in _REPORT.finditer(text, start, end):
        if "." not in match["series"]:
            continue
        last = match.start()
        while last > start and text[last - 1] in " ,":
            last -= 1
        name = text[start:last]
        short = match["short"] is not None
        if (
            text[last : last + 1] != ","
            or not name
            or len(name) > _LONGEST_NAME
            or not name[0].isupper()
            or (not short and not _CASE.search(name))
        ):
            continue
        volume = f"{match['volume']} {match['series']}"
        return LawReport(
            (start, last),
            match.start(),
            match.end(),
            volume if short else f"{volume} {match['page']}",
            match["short"] if short else match["pin"],
            match["year"],
            short,
        )
    return None
