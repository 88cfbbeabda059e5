"""Reads pages of prose that was set in columns: each column after the one before it, where the gutter is plain.

An extractor that keeps the layout prints the columns beside each other, so that a line holds a piece of each. A gutter
is plain when no word crosses it, and what stands on both sides is long and goes on from line to line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from corpus.layout.lines import Line, ends_sentence, is_short, part_of, starts_small, trimmed
from corpus.layout.note_labels import FAMILIES, label_of
from corpus.layout.report import Report
from corpus.layout.running import Sheet

MIN_LINES = 8  # lines with words on both sides of a gutter
FEWEST_LINES = 1  # the same where other pages have that very gutter
MIN_CELL = 20  # characters that such a piece of a line has on the average
MAX_WIDTH = 400  # columns; longer lines were not set beside each other
MAX_DEPTH = 2  # gutters beside each other: four columns
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")


def in_reading_order(sheets: Sequence[Sheet], report: Report) -> list[Sheet]:
    """*sheets*, those in columns as sheets of one column each that bear the same number."""
    gutters = [_gutter(sheet.lines) for sheet in sheets]
    known = Counter(gutter for gutter in gutters if gutter is not None)
    found: list[Sheet] = []
    for sheet, gutter in zip(sheets, gutters, strict=True):
        if gutter is None:  # a page with few lines keeps to the gutter of the others
            gutter = next((one for one, _ in known.most_common(2) if _is_plain(sheet.lines, one, FEWEST_LINES)), None)
        parts = _columns(sheet.lines, gutter, 0, report)
        if len(parts) < 2:
            found.append(sheet)
            continue
        first = next(line.number for line in parts[0] if line.text)
        report.did(first, "columns: this page was read one after the other.")
        found += [Sheet(part, sheet.number, sheet.heads) for part in parts if part]
    for place, sheet in enumerate(found):
        for line in sheet.lines:
            line.sheet = place
    return found


def _columns(lines: Sequence[Line], gutter: int | None, depth: int, report: Report) -> list[list[Line]]:
    """The columns of a page, the first with what runs over all of them above, the last with what does so below."""
    if gutter is None:
        return [list(lines)]
    split = [_halves(line, gutter) for line in lines]
    beside = [at for at, halves in enumerate(split) if halves and all(halves)]
    first, last = beside[0], _last_line(lines, split, beside[-1], notes=False)
    right = [halves[1] if halves else None for halves in split[first : last + 1]]
    if _is_noted(trimmed([half or Line(0, 0, "") for half in right])):
        last = _last_line(lines, split, beside[-1], notes=True)  # each column has its own
    sides: tuple[list[Line], list[Line]] = ([], [])
    for at in range(first, last + 1):
        for side, half in zip(sides, split[at] or (None, None), strict=True):
            side.append(half or Line(lines[at].number, 0, "", lines[at].sheet))
    inner: list[list[Line]] = []
    for side in sides:
        own = _at_margin(trimmed(side))
        inner += _columns(own, _gutter(own) if depth < MAX_DEPTH else None, depth + 1, report)
    above, below = list(lines[:first]), list(lines[last + 1 :])
    if not any(line.text for line in below) or any(_is_noted(part) for part in inner[:-1]):
        inner[0] = [*above, *inner[0]]
        inner[-1] = [*inner[-1], *below]
        return inner
    # What stands below belongs to all columns: notes there answer marks in each, so the page stays one.
    whole = [*above, *inner[0]]
    for before, part in pairwise(inner):
        whole += [*_blank_between(before, part, report), *part]
    return [[*whole, Line(below[0].number, 0, "", below[0].sheet), *below], []]


def _gutter(lines: Sequence[Line]) -> int | None:
    """The column that no word crosses on lines enough; None where there is none, or what it parts is no prose."""
    printed = [line for line in lines if line.text]
    if len(printed) < MIN_LINES or max(line.indent + len(line.text) for line in printed) > MAX_WIDTH:
        return None
    votes: Counter[int] = Counter()
    for line in printed:
        for gap in _GAP.finditer(line.text):
            votes.update(range(line.indent + gap.start(), line.indent + gap.end()))
    for column, count in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:8]:
        if count < MIN_LINES:
            return None
        # At the right end of the strip: the words of the right column begin there.
        while votes[column + 1] >= count:
            column += 1
        if _is_plain(lines, column, MIN_LINES):
            return column
    return None


def _is_plain(lines: Sequence[Line], gutter: int, least: int) -> bool:
    """Whether *gutter* parts prose from prose on *least* lines and more, and no word crosses it between them."""
    halves = [_halves(line, gutter) for line in lines if line.text]
    beside = [at for at, pair in enumerate(halves) if pair and all(pair)]
    if len(beside) < least:
        return False
    between = halves[beside[0] : beside[-1] + 1]
    if any(pair is None for pair in between):
        return False
    for side in (0, 1) if least == MIN_LINES else (0,):
        cells = [cell.text for pair in between if pair and (cell := pair[side]) is not None]
        small = sum(starts_small(cell) for cell in cells)
        if sum(map(len, cells)) < MIN_CELL * len(cells) or small < 0.3 * len(cells):
            return False
    return True


def _halves(line: Line, gutter: int) -> tuple[Line | None, Line | None] | None:
    """What of *line* stands left and right of the gutter; None where a word crosses it."""
    if not line.text:
        return None, None
    at = gutter - line.indent
    if at < 0:
        return None, line
    if at >= len(line.text):
        return line, None
    if not line.text[at].isspace():
        return None
    left, right = line.text[:at].rstrip(), line.text[at:].lstrip()
    if len(line.text) - len(left) - len(right) < 2:
        return None
    start = len(line.text) - len(right)
    behind = part_of(line, start, len(line.text))
    behind.indent = line.indent + start
    return part_of(line, 0, len(left)), behind


def _last_line(lines: Sequence[Line], split: Sequence[object], last: int, *, notes: bool) -> int:
    """The last line of the columns: where one is longer than the other, its rest stands alone, under blank lines too.

    Notes at the left are of the rest only with *notes*: else they stand under both columns.
    """
    width = max(line.indent + len(line.text) for line in lines[: last + 1])
    at = last + 1
    while at < len(lines):
        line = lines[at]
        if line.text:
            aside = line.indent > 0.4 * width
            opens = not lines[at - 1].text
            if split[at] is None or not (aside or line.indent + len(line.text) < 0.55 * width):
                break
            if opens and not aside and not notes and any(label_of(line.text, family) for family in FAMILIES):
                break
            last = at
        at += 1
    return last


def _at_margin(lines: list[Line]) -> list[Line]:
    """*lines* with their indents counted from the margin of their own column."""
    margin = min((line.indent for line in lines if line.text), default=0)
    for line in lines:
        line.indent = max(line.indent - margin, 0)
    return lines


def _is_noted(lines: Sequence[Line]) -> bool:
    """Whether the last block of a column opens like a note."""
    block: list[Line] = []
    for line in reversed(lines):
        if not line.text:
            break
        block.insert(0, line)
    return len(block) < len(lines) and any(label_of(block[0].text, family) for family in FAMILIES)


def _blank_between(before: Sequence[Line], after: Sequence[Line], report: Report) -> list[Line]:
    """A blank line where a paragraph ends with its column."""
    end = next((line for line in reversed(before) if line.text), None)
    start = next((line for line in after if line.text), None)
    if end is None or start is None:
        return []
    width = max(line.indent + len(line.text) for line in before)
    if ends_sentence(end.text) and (is_short(end, start, width) or start.indent > 0):
        return [Line(start.number, 0, "", start.sheet)]
    if ends_sentence(end.text):
        report.doubt(start.number, "whether this goes on with the paragraph that ends the column before, as was taken.")
    return []
