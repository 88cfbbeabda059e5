"""How numbers, months, kinds and places are told in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.edtf import edtf_alternatives
from corpus.problems import PinciteError
from index.record import MonthsRecord, PageSpan, PassageRecord

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
KINDS = {"body": "Text", "annex": "Annex", "footnote": "Footnote"}
LANGUAGES = {"fa": "Persian", "ar": "Arabic", "he": "Hebrew", "fr": "French", "de": "German", "en": "English"}

_EDTF_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?([~?%])?")
_LABEL_END = re.compile(r"(?:^|-)p([0-9]+)$")


class UnsaidError(PinciteError):
    """A value that has no words here: a fault of the site, not of the reader."""

    def __init__(self, value: str) -> None:
        super().__init__(f"{value!r} is no month of the form 1988-11.")


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 passage`, `2,109 passages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@lru_cache(2_048)
def month_name(month: str) -> str:
    """`November 1988` for `1988-11`."""
    year, _, at = month.partition("-")
    if not at.isdigit() or not 1 <= int(at) <= 12:
        raise UnsaidError(month)
    return f"{MONTHS[int(at) - 1]} {year}"


def month_names(months: Sequence[str], word: str = "and") -> str:
    """`October and November 1988`: each year once, runs of three and more by their ends."""
    if not months:
        return ""
    runs: list[list[str]] = []
    for month in months:
        if runs and _number(month) == _number(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    said: list[str] = []
    for at, run in enumerate(runs):
        link = " to " if len(run) > 2 else f" {word} " if len(run) == 2 else ""
        if not link:
            # The year is said once, by the last month of it that stands alone.
            year_follows = at + 1 < len(runs) and len(runs[at + 1]) == 1 and runs[at + 1][0][:4] == run[0][:4]
            said.append(MONTHS[int(run[0][5:7]) - 1] if year_follows else month_name(run[0]))
        else:
            said.append(f"{_short(run[0], run[-1])}{link}{month_name(run[-1])}")
    if any(f" {word} " in one for one in said):
        return ", ".join(said)
    return listed(said, word)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def _short(first: str, last: str) -> str:
    return MONTHS[int(first[5:7]) - 1] if first[:4] == last[:4] else month_name(first)


def listed(words: Sequence[str], word: str = "and") -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"


def date_said(edtf: str | None) -> str:
    """An EDTF date as people write it: `13 October 1988`, `about 1988`, `August to October 1988`; "" for none."""
    if not edtf:
        return ""
    if (alternatives := edtf_alternatives(edtf)) is not None:
        return listed([_date_part(one) for one in alternatives], "or")
    first, slash, last = edtf.partition("/")
    if slash:
        ends = [_date_part(one) for one in (first, last)]
        if not ends[0] or ends[0] == "..":
            return f"until {ends[1]}"
        if not ends[1] or ends[1] == "..":
            return f"from {ends[0]}"
        return f"{ends[0]} to {ends[1]}"
    return _date_part(edtf)


def _date_part(edtf: str) -> str:
    found = _EDTF_PART.fullmatch(edtf.strip())
    if not found:
        return edtf
    year, month, day, doubt = found.groups()
    said = year
    if month and 1 <= int(month) <= 12:
        said = f"{MONTHS[int(month) - 1]} {year}"
        if day:
            said = f"{int(day)} {said}"
    return f"about {said}" if doubt else said


def page_said(page: PageSpan | None) -> str:
    """`page 3`, `pages 3 to 4`, "" where the original's page is not known."""
    if page is None:
        return ""
    return f"page {page.first}" if page.first == page.last else f"pages {page.first} to {page.last}"


def place_said(record: PassageRecord) -> str:
    """What a passage is called under its section: `passage 3`, `footnote 27`."""
    if record.kind == "footnote":
        return f"footnote {record.number or ''}".strip()
    found = _LABEL_END.search(record.label)
    return f"passage {found[1] if found else record.label}"


def months_said(months: MonthsRecord) -> str:
    """The months a passage is about, the possible ones called so."""
    certain = month_names(months.certain)
    possible = month_names(months.possible, "or")
    return "; ".join(part for part in (certain, f"possibly {possible}" if possible else "") if part)


def number_said(number: str) -> str:
    """The number of a paragraph or item as it opens its words: `12.`, and `(a)` as printed."""
    return number if number.endswith((")", "-")) else f"{number}."
