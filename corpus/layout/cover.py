"""Reads the head of a first page that says what a text is before its title: masthead, symbol, session, agenda item.

Documents of assemblies, journals, gazettes and newspapers open so. It is known by lines that say nothing else
(`Distr. GENERAL`, `Forty-fourth session`, `Vol. XLIV  No. 12`); what stands in a block with one belongs to the cover as
well, and is no title, no heading and no table. Nothing is taken out but what a printing shop wrote for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.layout.headings import date_line, symbol_line
from corpus.layout.lines import MONTH, Line, part_of
from corpus.layout.manner import Unit
from corpus.symbols import canonical

MAX_COVER = 60  # lines of the first page among which a cover may end
MAX_OTHERS = 2  # blocks in a row that say nothing of a cover and may stand in one
_GAP = re.compile(r"\s{3,}")
_LONG = 60  # characters from which on a line is one of running text

_ORDINAL = (
    r"(?:\d{1,3}(?:st|nd|rd|th)|[IVXLC]+(?:st|nd|rd|th)?|(?:[a-z]+-)?(?:first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|[a-z]+teenth|eleventh|twelfth|[a-z]+tieth))"
)
_SAYS = re.compile(  # what no line says but one of a cover
    rf"""distr(?:ibution)?\s*[.:].{{0,40}}
    | original\s*:\s*[a-z/,\ ]{{3,60}} | \(?(?:english|french|spanish|arabic)\ only\)?
    | (?:press|news|media)\s+(?:release|statement|notice)\b.{{0,40}}
    | for\ immediate\ release | not\ for\ release.{{0,60}}
    | united\ nations(?:\s+[A-Z])* | nations\ unies
    | {_ORDINAL}\s+(?:\w+\s+)?(?:session|year|meeting|period|legislature|congress|parliament|sitting|committee)\s*
    | (?:provisional\s+)?(?:agenda\s+)?items?\s+\d{{1,3}}\b.{{0,80}} | item\s+[ivxl]+\s+of\ .{{0,60}}
    | vol(?:ume)?\.?\s*(?:\d{{1,4}}|[ivxlc]{{1,8}})\b.{{0,80}}
    | (?:no\.?|number|nr\.?|issue)\s*\d[\d,.]*\s*[,·|•–—-].{{0,60}} | issn\b.{{0,40}} | issue\s+no\b.{{0,40}}""",
    re.IGNORECASE | re.VERBOSE,
)
_ISSUE = re.compile(r"\b(?:no\.?|number|nr\.?|issue|vol\.?|volume|page|price)\s*\d", re.IGNORECASE)
_DATED = re.compile(rf"(?:{MONTH.pattern}).*\d{{4}}|\d{{4}}-\d\d-\d\d")
_AUDIENCE = re.compile(r"general|limited|restricted|provisional|confidential", re.IGNORECASE)
_NUMBER = re.compile(r"(?:no\.?|number|nr\.?|issue)\s*\d[\d,.]*", re.IGNORECASE)
_ALONE = re.compile(r"[A-Z](?:\s+[A-Z])*")
# What printers of the United Nations set at the foot of a first page, and what says that a page goes on.
_SHOP = re.compile(r"\d{2}-\d{5}\b.{0,40}\([A-Z](?:[,/ ][A-Z])*\)[\s\d]*(?:/\.{3}|/…)?|[A-Z]{2}\.\d{2}-\d{5}\b.{0,30}")
_GOES_ON = re.compile(r"/(?:\.{3}|…)|\.{3}/|…/")


def is_furniture(text: str) -> bool:
    """Whether *text* is a printer's number, or the sign that a page goes on: it belongs to no text."""
    return _GOES_ON.fullmatch(text) is not None or _SHOP.fullmatch(text) is not None


def is_of_cover(text: str) -> bool:
    """Whether a line, or a piece of one set apart, says what only the cover of a document says."""
    if len(text) > 120:
        return False
    return _SAYS.fullmatch(text) is not None or (_ISSUE.search(text) is not None and is_dated(text))


def is_dated(text: str) -> bool:
    """Whether the name of a month and a year stand in *text*, as in the line under a masthead."""
    return _DATED.search(text) is not None


def _is_beside(text: str) -> bool:
    """Whether a piece is of a cover once there is one: a symbol, a date, the letter of a series."""
    return (
        canonical(text) is not None
        or date_line(text) is not None
        or symbol_line(text) is not None
        or _AUDIENCE.fullmatch(text) is not None
        or _NUMBER.fullmatch(text) is not None
        or _ALONE.fullmatch(text) is not None
    )


def end_of_cover(lines: Sequence[Line]) -> int:
    """How many of the *lines* of a first page are its cover; 0 where it has none.

    It ends with the last block that has a line of a cover, and what says a symbol or a day right below.
    """
    end = at = full = others = 0
    while at < min(len(lines), MAX_COVER) and full < 2 and others <= MAX_OTHERS:
        behind = at
        while behind < len(lines) and lines[behind].text:
            behind += 1
        block = lines[at:behind]
        pieces = [piece for line in block for piece in _GAP.split(line.text)]
        adjoins = end > 0 and not any(line.text for line in lines[end:at])
        if any(map(is_of_cover, pieces)) or (adjoins and any(map(_is_beside, pieces))):
            end, others = behind, 0
        elif block and not any(map(_is_beside, pieces)):
            others += 1
        full += sum(len(line.text) >= _LONG and _GAP.search(line.text) is None for line in block)
        at = behind + 1
    return end if any(line.text for line in lines[end:]) else 0


def units_of_cover(lines: Sequence[Line]) -> list[Unit]:
    """The parts of a cover, in reading order: in each block what stands at the left, then what stands at the right."""
    units: list[Unit] = []
    block: list[Line] = []
    for line in [*lines, Line(0, 0, "")]:
        if line.text:
            block.append(line)
        elif block:
            left, right = _sides(block)
            units += [*_units_of_side(left), *_units_of_side(right)]
            block = []
    return units


def _sides(block: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    left: list[Line] = []
    right: list[Line] = []
    far = [line.indent + gap.end() for line in block for gap in _GAP.finditer(line.text)]
    edge = min(far, default=0)
    for line in block:
        cut = 0
        for gap in _GAP.finditer(line.text):
            piece = line.text[gap.end() :]
            if _ALONE.fullmatch(piece) is None:
                cut = gap.end()
                left.append(part_of(line, 0, gap.start()))
                right.append(part_of(line, cut, len(line.text)))
                break
        if not cut:
            (right if far and line.indent >= edge - 4 else left).append(line)
    return left, right


def _units_of_side(lines: Sequence[Line]) -> list[Unit]:
    """One unit for each line that says something of its own; other lines in a row make one."""
    units: list[Unit] = []
    before = ""
    for line in lines:
        alone = is_of_cover(line.text) or _is_beside(line.text)
        led = before.rstrip().lower() in ("distr.", "distr.:", "distribution:") and _AUDIENCE.fullmatch(line.text)
        if units and (led or not (alone or is_of_cover(before) or _is_beside(before))):
            units[-1].lines.append(line)
        else:
            units.append(Unit([line], not units, cover=True))
        before = line.text
    return units
