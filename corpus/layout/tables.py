"""Tells what was set in columns: tables with plain gutters, tables of contents, and prose in two columns.

A gutter is a strip of blanks that runs down through all lines of a block. Prose has none: where a blank happens to
stand under another, the third line breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.layout.lines import Line, bullet_of, part_of, starts_small

FAR_IN = 8  # columns from the margin where a line of a table goes on with a cell
MAX_COLUMNS = 12
MAX_ROWS = 500  # lines in one table
_LEADER = re.compile(r"(?:\. ?){4,}|…{2,}|_{4,}|·{4,}")
_PAGE_AT_END = re.compile(r"(?:\d{1,4}|[ivxlc]{1,7})(?:\s*[-–]\s*\d{1,4})?\s*$", re.IGNORECASE)
_APART = re.compile(r"\S {2,}\S")
_FAR_APART = re.compile(r"(?<=\S) {3,}(?=\S)")
_FIGURE = re.compile(r"[\d.,%()\s*–—-]*\d[\d.,%()\s*–—-]*|[-–—]+")
_PROSE = 24  # characters in a cell from which on lines below each other may be columns of prose
_LABEL = re.compile(r"\(?(?:\d{1,4}|[A-Za-z]|[ivxIVX]{1,5})[.)/]?|\[\d{1,4}\]|[*†‡§]{1,3}|[^\d]{1,40}:")


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of cells; a cell is the pieces of lines that stand in it."""

    rows: tuple[tuple[tuple[Line, ...], ...], ...]


def is_led_to_page(text: str) -> bool:
    """Whether *text* is a line of a table of contents: dots (or a rule) that lead to a page number."""
    leaders = list(_LEADER.finditer(text[:400]))
    if not leaders or leaders[-1].start() == 0:
        return False
    rest = text[leaders[-1].end() :].strip()
    return (
        bool(rest)
        and len(rest) < 30
        and _PAGE_AT_END.search(rest) is not None
        and not any(len(word) > 7 for word in rest.split())
    )


def has_gap(line: Line) -> bool:
    """Whether words of *line* stand apart, as in the cells of a table."""
    return _APART.search(line.text) is not None


def is_mixed(block: Sequence[Line]) -> bool:
    """Whether words stand so far apart in lines of *block* that they may be of columns that could not be told."""
    return sum(apart(line.text) for line in block) >= 2


def apart(text: str) -> bool:
    """Whether words of *text* stand three blanks and more from each other, and no label opens it."""
    gap = _FAR_APART.search(text)
    if gap and all(len(word) == 1 for word in text.split()):
        return False  # R E P O R T   O F
    return gap is not None and not _LABEL.fullmatch(text[: gap.start()])


def columns_of(block: Sequence[Line]) -> Columns | None:
    """The table that the lines of *block* are; None when they are none."""
    if len(block) < 2 or sum(map(has_gap, block)) < max(2, 0.6 * len(block)):
        return None
    bounds = _gutters(block)
    if bounds is None:
        return None
    cut = [[_cell(line, start, end) for start, end in bounds] for line in block]
    filled = sum(sum(cell is not None for cell in cells) > 1 for cells in cut)
    if filled < max(2, 0.6 * len(block)) or _is_list(cut) or is_prose(cut):
        return None
    rows: list[list[list[Line]]] = []
    for cells in cut:
        words = [cell for cell in cells if cell is not None]
        goes_on = cells[0] is None and rows and not any(_FIGURE.fullmatch(cell.text) for cell in words)
        if goes_on:
            for into, cell in zip(rows[-1], cells, strict=True):
                into += [cell] if cell is not None else []
        else:
            rows.append([[cell] if cell is not None else [] for cell in cells])
    if len(rows) < 2:
        return None
    return Columns(tuple(tuple(tuple(cell) for cell in row) for row in rows))


def _gutters(block: Sequence[Line]) -> list[tuple[int, int]] | None:
    """First and end column of each column of *block*; None where no gutter parts any."""
    width = max(line.indent + len(line.text) for line in block)
    if width > 400:
        return None
    covered = [False] * width
    for line in block:
        for word in re.finditer(r"\S+(?: \S+)*", line.text):
            start = line.indent + word.start()
            covered[start : line.indent + word.end()] = [True] * (word.end() - word.start())
    least = 2 if len(block) > 2 else 3
    bounds: list[tuple[int, int]] = []
    opened, blank = -1, 0  # where the column that we are in begins; -1 in a gutter
    for at in range(width + 1):
        if at < width and covered[at]:
            opened = at if opened < 0 else opened
            blank = 0
        elif opened >= 0:
            blank += 1
            if blank == least or at == width:
                bounds.append((opened, at + 1 - blank))
                opened = -1
    return bounds if 2 <= len(bounds) <= MAX_COLUMNS else None


def _cell(line: Line, start: int, end: int) -> Line | None:
    """What of *line* stands in the columns from *start* to *end*; None for an empty cell."""
    low, high = max(start - line.indent, 0), min(max(end - line.indent, 0), len(line.text))
    text = line.text[low:high]
    if not text.strip():
        return None
    low += len(text) - len(text.lstrip())
    return part_of(line, low, low + len(text.strip()))


def _is_list(cut: Sequence[Sequence[Line | None]]) -> bool:
    """Whether the first column holds labels or speakers and the second what they open: a list, not a table."""
    if len(cut[0]) != 2:
        return False
    first = [cells[0].text for cells in cut if cells[0] is not None]
    second = [cells[1].text for cells in cut if cells[1] is not None]
    figures = sum(_FIGURE.fullmatch(text) is not None for text in second)
    labels = sum(bool(_LABEL.fullmatch(text) or bullet_of(f"{text} x")) for text in first)
    return labels == len(first) and figures * 2 < len(second)


def is_prose(cut: Sequence[Sequence[Line | None]]) -> bool:
    """Whether the columns are long and go on from line to line: pages of two columns look so."""
    if len(cut) < 4 or len(cut[0]) > 3:
        return False
    for column in range(len(cut[0])):
        cells = [cells[column].text for cells in cut if cells[column] is not None]  # type: ignore[union-attr]
        if len(cells) < 0.6 * len(cut) or sum(map(len, cells)) < _PROSE * len(cells):
            return False
        if sum(starts_small(text) for text in cells) < 0.4 * len(cells):
            return False
    return True


def parts_of_page(lines: Sequence[Line]) -> list[tuple[list[Line], Columns | None, bool]]:
    """*lines* in order as parts: text, a table with its columns, or (True) lines that lead to pages."""
    parts: list[tuple[list[Line], Columns | None, bool]] = []
    text: list[Line] = []

    def put_text() -> None:
        if any(line.text for line in text):
            parts.extend(_with_tables(text))
        text.clear()

    at = 0
    while at < len(lines):
        end = _end_of_contents(lines, at)
        if end > at:
            put_text()
            parts.append(([line for line in lines[at:end] if line.text], None, True))
            at = end
        else:
            text.append(lines[at])
            at += 1
    put_text()
    return parts


def _end_of_contents(lines: Sequence[Line], start: int) -> int:
    """Behind the lines that lead to pages, two at least, from *start* on; *start* where there are none."""
    if not lines[start].text or not is_led_to_page(lines[start].text):
        return start
    led, end, at = 1, start + 1, start + 1
    while at < len(lines):
        text = lines[at].text
        if not text:
            at += 1
            continue
        if is_led_to_page(text):
            led += 1
        elif not (at + 1 < len(lines) and is_led_to_page(lines[at + 1].text) and len(text) < 100):
            break  # else the first line of an entry of two
        at += 1
        end = at
    return end if led > 1 else start


def _with_tables(lines: Sequence[Line]) -> list[tuple[list[Line], Columns | None, bool]]:
    blocks: list[list[Line]] = [[]]
    for line in lines:
        if line.text:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    parts: list[tuple[list[Line], Columns | None, bool]] = []
    text: list[Line] = []
    at = 0
    while at < len(blocks):
        block = list(blocks[at])
        columns, end = None, at + 1
        if any(map(has_gap, block)):
            block, columns, end = _longest_table(blocks, at)
        if columns is None:
            text += [*blocks[at], Line(0, 0, "")]
            at += 1
            continue
        if any(line.text for line in text):
            parts.append((text, None, False))
            text = []
        parts.append((block, columns, False))
        at = end
    if any(line.text for line in text):
        parts.append((text, None, False))
    return parts


def _longest_table(blocks: Sequence[list[Line]], at: int) -> tuple[list[Line], Columns | None, int]:
    """The table that the block *at* and blocks right behind it make: its lines, its columns, and where it ends.

    Blank lines part a table's head from its rows, and groups of rows. A gutter only narrows from block to block, so
    the last block is searched by halves.
    """
    last, rows = at + 1, len(blocks[at])
    while last < len(blocks) and rows + len(blocks[last]) <= MAX_ROWS and _all_apart(blocks[last]):
        rows += len(blocks[last])
        last += 1

    def joined(end: int) -> list[Line]:
        return [line for block in blocks[at:end] for line in block]

    best = (joined(at + 1), columns_of(blocks[at]), at + 1)
    low, high, step = at + 1, last + 1, 1  # a table up to *low*, none up to *high*
    while high - low > 1:
        end = min(low + step, (low + high) // 2 if high <= last else last)
        if columns := columns_of(joined(end)):
            best, low, step = (joined(end), columns, end), end, step * 2
        else:
            high, step = end, max(step // 2, 1)
        if low == last:
            break
    return best


def _all_apart(block: Sequence[Line]) -> bool:
    """Whether each line has words apart, or stands so far in that it goes on with a cell above."""
    margin = min((line.indent for line in block), default=0)
    return any(map(has_gap, block)) and all(has_gap(line) or line.indent > margin + FAR_IN for line in block)
