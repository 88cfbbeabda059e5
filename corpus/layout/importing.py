"""Undoes the printed page: the text that a PDF extractor left becomes one Markdown document and a report.

The steps, each in a module of its own: lines (`readers.printed_text`), pages and what runs along them
(`pages`, `columns`), notes (`notes`) and their marks (`marks`), paragraphs (`units`), what each is
(`kinds`), running text (`joining`), Markdown (`markdown_writing`). All of it goes by layout and
typography, nothing by what the text says. Every source line is in the document or in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.layout.calls import name_notes, place_marks
from corpus.layout.columns import in_reading_order
from corpus.layout.front import front_of
from corpus.layout.joining import Joiner
from corpus.layout.lines import Line, holds_right_to_left, is_address, is_rule
from corpus.layout.manner import manner_of
from corpus.layout.marks import Places
from corpus.layout.notes import FoundNotes, find_notes
from corpus.layout.pages import sheets_of
from corpus.layout.recognising import kinds_of
from corpus.layout.report import Report, ReportLine
from corpus.layout.running import Sheet
from corpus.layout.units import units_of
from corpus.layout.writing import body_of, note_of
from corpus.markdown_writing import (
    markdown_of,
)
from corpus.readers.printed_text import read_printed_text

__all__ = ["Imported", "ReportLine", "import_text"]


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported text: its Markdown, and what to know about the import, by source line."""

    markdown: str
    report: tuple[ReportLine, ...]


def import_text(data: bytes, name: str) -> Imported:
    """The Markdown document in *data*, the text of a printed work; *name* is what errors call it.

    Raises NotTextError (a PinciteError) when the bytes are no UTF-8 text.
    """
    report = Report()
    sheets = in_reading_order(sheets_of(read_printed_text(data, name), report), report)
    lines = [line for sheet in sheets for line in sheet.lines]
    bounds, links = _bounds_without_links(sheets)
    places = Places(lines)
    found = find_notes(lines, bounds, places)
    _leave_out_links(links, lines, found, report)
    name_notes(found)
    place_marks(found, lines, bounds, places, report)
    for at, reason in found.taken.items():
        if reason and lines[at].text:
            report.left_out(lines[at].number, reason)
    numbers = [sheet.number for sheet in sheets]
    if len(sheets) == 1:
        numbers = _cut_behind_notes(lines, found, report)
    body: list[list[Line]] = [[] for _ in numbers]
    for at, line in enumerate(lines):
        if at in found.taken:
            line = Line(line.number, 0, "", line.sheet)
        body[line.sheet].append(line)
    for page in body:
        _without_rules(page, report)
    manner = manner_of(body)
    units = units_of(body, manner, report)
    heads = {head for sheet in sheets for head in sheet.heads}
    kinds = kinds_of(units, manner, heads, report)
    joiner = Joiner(lines, numbers, report)
    front = front_of(units, kinds, lines, report)
    blocks = body_of(units, kinds, joiner, report)
    notes = [note_of(note, lines, joiner, at_end=found.at_end) for zone in found.zones for note in zone.notes]
    _doubt_right_to_left(lines, report)
    return Imported(markdown_of(front, blocks, notes), report.lines())


# ---- addresses that stand behind a page


def _bounds_without_links(sheets: Sequence[Sheet]) -> tuple[list[tuple[int, int]], list[list[int]]]:
    """First place and end of each page, the addresses of links at its end left out, and the places of these."""
    bounds: list[tuple[int, int]] = []
    links: list[list[int]] = []
    start = 0
    for sheet in sheets:
        end = _end_of_words(sheet.lines)
        bounds.append((start, start + end))
        links.append([start + at for at in range(end, len(sheet.lines)) if sheet.lines[at].text])
        start += len(sheet.lines)
    return bounds, links


def _end_of_words(lines: Sequence[Line]) -> int:
    """Where, behind a blank line, nothing but addresses is left of a page; its end where there are none."""
    end = at = len(lines)
    while at > 1 and (not lines[at - 1].text or is_address(lines[at - 1].text)):
        at -= 1
        if not lines[at].text and any(line.text for line in lines[at:end]):
            end = at
    above = next((line.text for line in reversed(lines[:end]) if line.text), "")
    # A colon or comma leads to the address below it.
    return len(lines) if not above or above.endswith((":", ",")) else end


def _leave_out_links(links: Sequence[Sequence[int]], lines: Sequence[Line], found: FoundNotes, report: Report) -> None:
    """Takes the addresses behind a page's notes out of the text: the extractor listed there where its links lead."""
    noted = {zone.sheet for zone in found.zones} if not found.at_end else set()
    noted |= {lines[at].sheet for zone in found.zones for note in zone.notes for at in note.lines}
    for sheet, places in enumerate(links):
        if places and sheet in noted:
            for at in places:
                found.taken[at] = "the address of a link, listed by the extractor behind the page's notes."


def _doubt_right_to_left(lines: Sequence[Line], report: Report) -> None:
    """Says where the text runs from right to left: line by line in a text of the other kind, else of all of it."""
    found = [line for line in lines if holds_right_to_left(line.text)]
    words = [word for line in lines for word in line.text.split()] if found else []
    where = [0] if sum(map(holds_right_to_left, words)) * 2 > len(words) else [line.number for line in found]
    for number in where:
        message = (
            "right-to-left words; the extractor may have left them in visual order, and numbers, quotation marks "
            "and stops beside them torn from their places. All characters stand as they came."
        )
        report.doubt(number, message)


# ---- notes


def _cut_behind_notes(lines: Sequence[Line], found: FoundNotes, report: Report) -> list[int | str | None]:
    """Begins a page behind each group of notes with text below: where pages are not told, notes tell where one ends.

    What comes back are the pages' numbers, all unknown.
    """
    starts = [zone.notes[-1].lines[-1] + 1 for zone in found.zones]
    sheet = 0
    for at, line in enumerate(lines):
        if sheet < len(starts) and at >= starts[sheet] and line.text and at not in found.taken:
            sheet += 1
            report.doubt(
                line.number, "a page seems to begin here, behind notes. Its number is not printed: none is set."
            )
            while sheet < len(starts) and at >= starts[sheet]:
                sheet += 1
        line.sheet = sheet
    return [None] * (sheet + 1)


def _without_rules(page: list[Line], report: Report) -> None:
    """Takes out drawn lines, which say nothing but where a part of the page ends."""
    for at, line in enumerate(page):
        if line.text and is_rule(line.text):
            report.left_out(line.number, "a drawn line.")
            page[at] = Line(line.number, 0, "", line.sheet)
