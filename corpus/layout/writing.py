"""Makes Markdown blocks of units and notes, and says in the report what each became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.layout.joining import Joiner
from corpus.layout.kinds import Kind, What
from corpus.layout.lines import Line, Mark, ends_sentence
from corpus.layout.manner import Unit
from corpus.layout.note_search import NoteText
from corpus.layout.report import Report
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
    Table,
    Verse,
)


def body_of(units: Sequence[Unit], kinds: Sequence[Kind], joiner: Joiner, report: Report) -> list[Block]:
    """The blocks of all *units* but the title; front matter has no marks, so a title that bears some stands again."""
    blocks: list[Block] = []
    sheet: int | None = None
    for unit, kind in zip(units, kinds, strict=True):
        if kind.what is What.TITLE:
            if any(line.marks for line in unit.lines):
                blocks.append(Heading(joiner.inline(unit.lines, sheet), 0))
                sheet = unit.lines[-1].sheet
            continue
        if kind.what is What.FURTHER and blocks and isinstance(blocks[-1], Item):
            blocks[-1] = replace(blocks[-1], more=(*blocks[-1].more, joiner.inline(unit.lines, sheet)))
        else:
            blocks += _blocks_of(unit, kind, joiner, sheet)
        sheet = unit.lines[-1].sheet
        _report_unit(unit, kind, report)
    return blocks


def _blocks_of(unit: Unit, kind: Kind, joiner: Joiner, sheet: int | None) -> list[Block]:
    first = unit.lines[0]
    lines = unit.lines
    number: str | None = None
    skipped = 0
    if unit.bullet:
        skipped = len(first.text) - len(first.text[len(unit.bullet) :].lstrip())
    elif unit.label and unit.label.way in ("1.", "1", "1-"):
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
        case What.TABLE if unit.columns is not None:
            rows: list[tuple[Inline, ...]] = []
            for row in unit.columns.rows:
                rows.append(tuple(joiner.inline(cell, sheet) for cell in row))
                sheet = lines[-1].sheet
            return [Table(tuple(rows))]
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
    elif kind.what is What.TABLE and unit.columns is not None:
        report.did(line, f"a table of {len(unit.columns.rows)} rows, told by its columns.")
    elif kind.what in (What.QUOTATION, What.VERSE):
        report.did(
            line, f"{kind.what.value} set apart." if kind.what is What.QUOTATION else "verse: its lines are kept."
        )


def note_of(note: NoteText, lines: Sequence[Line], joiner: Joiner, *, at_end: bool) -> Note:
    """*note* as running text; a blank line parts paragraphs only where the text before is finished.

    *at_end*: notes can stand pages away from their marks, so each says on which page it begins.
    """
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
    if len(sheets) > 1 or at_end:
        sheet = None  # it says on which page it begins
    written: list[Inline] = []
    for paragraph in paragraphs:
        written.append(joiner.inline(paragraph, sheet))
        sheet = paragraph[-1].sheet if paragraph else sheet
    return Note(note.label, tuple(written))
