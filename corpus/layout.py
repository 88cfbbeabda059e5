"""Undoes the printed page: the text that a PDF extractor left becomes one Markdown document and a report.

The steps, each in a module of its own: lines (`readers.printed_text`), pages and what runs along them
(`layout_pages`), notes (`layout_notes`) and their marks (`layout_marks`), paragraphs (`layout_units`), what each is
(`layout_kinds`), running text (`layout_joining`), Markdown (`markdown_writing`). All of it goes by layout and
typography, nothing by what the text says. Every source line is in the document or in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.layout_calls import name_notes, place_marks
from corpus.layout_joining import Joiner
from corpus.layout_kinds import Kind, What, kinds_of
from corpus.layout_lines import Line, Mark, ends_sentence, holds_right_to_left, is_address, is_rule
from corpus.layout_marks import Places
from corpus.layout_note_search import NoteText
from corpus.layout_notes import FoundNotes, find_notes
from corpus.layout_pages import Sheet, sheets_of
from corpus.layout_report import Report, ReportLine
from corpus.layout_units import Unit, manner_of, units_of
from corpus.markdown_writing import (
    Block,
    Heading,
    Inline,
    Item,
    Note,
    PageBreak,
    PageStart,
    Paragraph,
    Quotation,
    Verse,
    markdown_of,
)
from corpus.readers.printed_text import read_printed_text

__all__ = ["Imported", "ReportLine", "import_text"]

MAX_TITLE = 400  # characters


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
    sheets = sheets_of(read_printed_text(data, name), report)
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
    kinds = kinds_of(units, manner, report)
    joiner = Joiner(lines, numbers, report)
    title = ""
    blocks: list[Block] = []
    sheet: int | None = None
    for unit, kind in zip(units, kinds, strict=True):
        if kind.what is What.TITLE:
            title = _title(unit, report)
            if title:
                continue
        blocks += _blocks_of(unit, kind, joiner, numbers, sheet)
        sheet = unit.lines[-1].sheet
        _report_unit(unit, kind, report)
    notes = [_note(note, lines, joiner, found, numbers) for zone in found.zones for note in zone.notes]
    for line in lines:
        if holds_right_to_left(line.text):
            message = (
                "right-to-left words; the extractor may have left them in visual order, and numbers, quotation marks "
                "and stops beside them torn from their places. All characters stand as they came."
            )
            report.doubt(line.number, message)
    front = [(key, title if key == "title" else "") for key in _FRONT]
    return Imported(markdown_of(front, blocks, notes), report.lines())


_FRONT = ("title", "issuer", "source_type", "date", "symbol", "language", "address", "officials")


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


def _note(
    note: NoteText, lines: Sequence[Line], joiner: Joiner, found: FoundNotes, numbers: Sequence[int | str | None]
) -> Note:
    """*note* as running text; a blank line parts paragraphs only where the text before is finished."""
    paragraphs: list[list[Line]] = [[]]
    blank = False
    for place in note.lines:
        line = lines[place]
        if place == note.at:
            cut = note.words_from
            line = Line(line.number, line.indent, line.text[cut:], line.sheet)
        if not line.text:
            blank = blank or place != note.at
            continue
        if blank and paragraphs[-1] and ends_sentence(paragraphs[-1][-1].text):
            paragraphs.append([])
        blank = False
        paragraphs[-1].append(line)
    printed = [line for paragraph in paragraphs for line in paragraph]
    sheets = {line.sheet for line in printed}
    sheet: int | None = printed[0].sheet if printed else None
    if len(sheets) > 1 or found.at_end:
        sheet = None  # it says on which page it begins
    written: list[Inline] = []
    for paragraph in paragraphs:
        written.append(joiner.inline(paragraph, sheet))
        sheet = paragraph[-1].sheet if paragraph else sheet
    return Note(note.label, tuple(written))


# ---- the body


def _without_rules(page: list[Line], report: Report) -> None:
    """Takes out drawn lines, which say nothing but where a part of the page ends."""
    for at, line in enumerate(page):
        if line.text and is_rule(line.text):
            report.left_out(line.number, "a drawn line.")
            page[at] = Line(line.number, 0, "", line.sheet)


def _title(unit: Unit, report: Report) -> str:
    text = " ".join(" ".join(line.text.split()) for line in unit.lines)
    if len(text) > MAX_TITLE:
        return ""
    report.did(unit.lines[0].number, f"the title: {text[:100]}.")
    return text


def _blocks_of(
    unit: Unit, kind: Kind, joiner: Joiner, numbers: Sequence[int | str | None], sheet: int | None
) -> list[Block]:
    first = unit.lines[0]
    lines = unit.lines
    number: str | None = None
    skipped = 0
    if unit.bullet:
        skipped = len(first.text) - len(first.text[1:].lstrip())
    elif unit.label and (kind.what is What.NUMBERED or unit.label.number.isdigit()):
        number, skipped = unit.label.number, unit.label.end
    if skipped:
        moved = [Mark(m.start - skipped, m.end - skipped, m.label) for m in first.marks if m.start >= skipped]
        lines = [Line(first.number, first.indent, first.text[skipped:], first.sheet, moved), *lines[1:]]
    words = joiner.inline(lines, sheet)
    match kind.what:
        case What.HEADING:
            pages = [PageBreak(word.page) for word in words if isinstance(word, PageStart)]
            plain = tuple(word for word in words if not isinstance(word, PageStart))
            return [*pages, Heading(plain, kind.level, kind.annex)]
        case What.ITEM:
            return [Item(words, kind.depth, number)]
        case What.QUOTATION:
            return [Quotation(words, kind.opens)]
        case What.VERSE:
            verse: list[Inline] = []
            for line in lines:
                verse.append(joiner.inline([line], sheet))
                sheet = line.sheet
            return [Verse(tuple(verse))]
        case _:
            return [Paragraph(words, number if kind.what is What.NUMBERED else None)]


def _report_unit(unit: Unit, kind: Kind, report: Report) -> None:
    line = unit.lines[0].number
    if kind.what is What.HEADING:
        annex = "the heading of an annex" if kind.annex else f"a heading of level {kind.level}"
        report.did(line, f"{annex}: {unit.text[:100]}")
    elif kind.what in (What.QUOTATION, What.VERSE):
        report.did(
            line, f"{kind.what.value} set apart." if kind.what is What.QUOTATION else "verse: its lines are kept."
        )
