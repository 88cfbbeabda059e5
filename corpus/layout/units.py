"""Divides the body of a printed text into units: the paragraphs, items and heading lines that were set as such.

Blank lines divide, and so do bullets and numbers of a list, an indented first line, and headings glued to their text.
What a page's end (or a stray blank line) cut in two is put together again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.layout.cover import end_of_cover, units_of_cover
from corpus.layout.headings import has_heading_shape, numberings_of
from corpus.layout.lines import (
    DASH_BULLETS,
    OPENING_QUOTES,
    Line,
    bullet_of,
    ends_sentence,
    is_capitals,
    is_finished,
    is_short,
    label_before_colon,
    letters_of,
    part_of,
    starts_small,
)
from corpus.layout.manner import MAX_FIRST_INDENT, ItemLabel, Manner, Unit, item_label, small_roman
from corpus.layout.report import Report
from corpus.layout.tables import is_mixed, parts_of_page

_ENTRY = re.compile(
    r"[^\W\d_a-z][^\s,]{1,30}, (?:[^\W\d_a-z]\.|[^\W\d_a-z][^\W\d_]+[,. ])"
)  # of a bibliography: Alder, J.
MAX_UNIT = 400_000  # characters in one paragraph; longer ones are divided, for the sake of every reader


def units_of(sheets: Sequence[Sequence[Line]], manner: Manner, report: Report) -> list[Unit]:
    """The units of all pages in order, put together over their borders."""
    units: list[Unit] = []
    for place, lines in enumerate(sheets):
        first = True
        cover = end_of_cover(lines) if not place else 0
        units += units_of_cover(lines[:cover])
        for unit in _units_of_page(lines[cover:], manner, report):
            before = units[-1] if units else None
            if before and _goes_on(before, unit, manner, report, over_page=first):
                before.lines += unit.lines
            else:
                units.append(unit)
            first = False
    return [part for unit in units for part in _bounded(unit, report)]


def _bounded(unit: Unit, report: Report) -> list[Unit]:
    """*unit*, divided at line ends where it is longer than any paragraph."""
    if sum(len(line.text) for line in unit.lines) <= MAX_UNIT or unit.columns is not None:
        return [unit]
    parts: list[Unit] = []
    size = MAX_UNIT
    for line in unit.lines:
        for piece in _pieces(line):
            if size + len(piece.text) > MAX_UNIT:
                if parts:
                    report.doubt(piece.number, f"a paragraph of over {MAX_UNIT:,} characters was divided here.")
                parts.append(
                    Unit([], unit.after_blank, unit.bullet if not parts else "", unit.label if not parts else None)
                )
                size = 0
            parts[-1].lines.append(piece)
            size += len(piece.text) + 1
    return parts


def _pieces(line: Line) -> list[Line]:
    """*line* in pieces that are no longer than a paragraph may be, cut at blanks where it has some."""
    pieces: list[Line] = []
    start = 0
    while len(line.text) - start > MAX_UNIT:
        blank = line.text.rfind(" ", start + MAX_UNIT // 2, start + MAX_UNIT)
        end = blank if blank > 0 else start + MAX_UNIT
        pieces.append(part_of(line, start, end))
        start = end
    pieces.append(part_of(line, start, len(line.text)))
    return [piece for piece in pieces if piece.text.strip()]


def _units_of_page(lines: Sequence[Line], manner: Manner, report: Report) -> list[Unit]:
    units: list[Unit] = []
    block: list[Line] = []
    for part, columns, led in parts_of_page(lines):
        if columns is not None or led:
            units.append(Unit(part, columns=columns, led=led))
            continue
        for line in [*part, Line(0, 0, "")]:
            if line.text:
                block.append(line)
            elif block:
                if is_mixed(block):
                    message = (
                        "words stand far apart in lines here, as in columns, which could not be told from each other: "
                        "the words stand as the lines have them, and may belong in another order."
                    )
                    report.doubt(block[0].number, message)
                units += _units_of_block(block, manner, units[-8:])
                block = []
    return units


def _units_of_block(block: Sequence[Line], manner: Manner, earlier: Sequence[Unit]) -> list[Unit]:
    units: list[Unit] = []
    heading = 0 if manner.all_capitals else _glued_heading(block, manner)
    labelled = _labelled(block)
    entries = _ENTRY.match(block[0].text) is not None and sum(bool(_ENTRY.match(line.text)) for line in block) > 1
    if heading:
        units.append(Unit(list(block[:heading])))
        block = block[heading:]
    # The second bullet of word processors comes out as the letter; alone it may be a word.
    circles = sum(line.text.startswith("o ") for line in block) > 1
    for at, line in enumerate(block):
        before = block[at - 1] if at else None
        text = line.text
        bullet = bullet_of(text) or ("o" if circles and text.startswith("o ") else "")
        label = _read_as_roman(item_label(text), [*earlier, *units[-8:]])
        last = units[-1] if units else None
        if before is None or last is None:
            units.append(Unit([line], not units, bullet, None if bullet else label))
        elif bullet and _opens_item(bullet, before, last, manner, line):
            units.append(Unit([line], False, bullet))
        elif (
            labelled
            and label_before_colon(text)
            and (labelled >= 0.6 * len(block) or is_finished(before.text) or is_short(before, line, manner.width))
        ) or (entries and _ENTRY.match(text) and ends_sentence(before.unmarked)):
            units.append(Unit([line], False))
        elif label and _opens_numbered(label, before, [*earlier, *units[-8:]], manner, block[at : at + 40]):
            units.append(Unit([line], False, "", label))
        elif manner.indent(before) > MAX_FIRST_INDENT >= manner.indent(line) and has_heading_shape(
            last.lines, manner.width
        ):
            units.append(Unit([line], False))  # what stood above was centred
        elif _opens_paragraph(line, before, block[at + 1] if at + 1 < len(block) else None, last, manner):
            units.append(Unit([line], False))
        else:
            last.lines.append(line)
    return units


def _labelled(block: Sequence[Line]) -> int:
    """How many lines of *block* open with labels, as in a message's head or a debate; 0 unless the first does."""
    count = sum(bool(label_before_colon(line.text)) for line in block) if label_before_colon(block[0].text) else 0
    return count if count > 1 else 0


def _glued_heading(block: Sequence[Line], manner: Manner) -> int:
    """How many lines at the head of *block* are a heading with its text right below; 0 for none."""
    if len(block) < 2 or bullet_of(block[0].text):
        return 0
    count = 0
    while count < min(len(block), 4) and _is_heading_line(block[count].unmarked, first=count == 0):
        count += 1
    # CHAPTER ONE, and its title below in other letters: one heading.
    titled = any(not numbering.rest for numbering in numberings_of(block[0].unmarked))
    if 0 < count < len(block) <= 3 and titled and has_heading_shape(block, manner.width):
        return 0
    if 0 < count < len(block):
        follower = block[count]
        if has_heading_shape(block[:count], manner.width) and not starts_small(follower.text):
            return count
        return 0
    first, second = block[0], block[1]
    if (
        not count
        and has_heading_shape([first], manner.width)
        and is_short(first, second, manner.width, 0.75)
        and not starts_small(second.text)
        and not item_label(second.text)
        and not bullet_of(second.text)
        and len(second.text) > len(first.text)
    ):
        for numbering in numberings_of(first.text):
            if numbering.way == "annex" or numbering.way.startswith("word:") or len(numbering.values) > 1:
                return 1
    return 0


def _is_heading_line(text: str, *, first: bool) -> bool:
    """Whether *text* is a line in capitals, or the figures that end a title set in them."""
    if letters_of(text):
        return is_capitals(text) and (not first or len(letters_of(text)) > 3)
    return not first and len(text) < 30


def _opens_item(bullet: str, before: Line, last: Unit, manner: Manner, line: Line) -> bool:
    if bullet not in (*DASH_BULLETS, "o", "--"):
        return True
    if bullet == "o" and manner.indent(line) > manner.indent(last.lines[0]):
        return True
    # A dash at a line's start may be one of the sentence.
    settled = is_finished(before.unmarked) or (before.text.endswith((";", ",")) and last.bullet == bullet)
    deeper = manner.indent(line) > manner.indent(before)
    return settled or ((last.bullet == bullet or deeper) and is_short(before, line, manner.width))


def _opens_numbered(
    label: ItemLabel, before: Line, units: Sequence[Unit], manner: Manner, lines: Sequence[Line]
) -> bool:
    """Whether the label at the head of *lines* is the next of a list, and no number that happens to begin a line."""
    if label.value > 1:
        due = any(
            unit.label and unit.label.way == label.way and unit.label.value == label.value - 1 for unit in units[-12:]
        )
        if not due:
            return False
    settled = is_finished(before.unmarked) or before.text.endswith((";", "; and", "; or", ","))
    if settled or is_short(before, lines[0], manner.width):
        return True
    # (i) in mid-sentence, when (ii) comes below.
    following = (_read_as_roman(item_label(line.text), []) for line in lines[1:])
    return label.value == 1 and any(other and (other.way, other.value) == (label.way, 2) for other in following)


def _read_as_roman(label: ItemLabel | None, units: Sequence[Unit]) -> ItemLabel | None:
    """*label*, an i, v or x that no h, u or w precedes read as a roman numeral."""
    if label is None or label.number not in ("i", "v", "x"):
        return label
    if any(unit.label and unit.label.way == label.way and unit.label.value == label.value - 1 for unit in units):
        return label
    return ItemLabel(label.way.replace("a", "i"), label.number, small_roman(label.number), label.end)


def _opens_paragraph(line: Line, before: Line, after: Line | None, last: Unit, manner: Manner) -> bool:
    if manner.indented:
        return _opens_indented(line, before, after, last, manner)
    if not manner.dense or starts_small(line.text) or not is_short(before, line, manner.width):
        return False
    return ends_sentence(before.unmarked) or _ends_heading(before, line, manner)


def _opens_indented(line: Line, before: Line, after: Line | None, last: Unit, manner: Manner) -> bool:
    indent, outer = manner.indent(line), manner.indent(before)
    if indent == 0:
        # Out to the margin behind a heading, or behind a last short line that looks like one.
        return _ends_heading(before, line, manner) and (outer == 0 or len(last.lines) == 1)
    if indent > MAX_FIRST_INDENT:
        return False
    if outer == 0 and last.is_plain:
        return True
    # Behind an item, or behind a paragraph of one line: then what is below must show that this line stands in alone.
    stands_in = indent == manner.first_indent and (
        after is None or manner.indent(after) == 0 or (manner.indent(after) == indent and is_finished(line.unmarked))
    )
    settled = is_finished(before.unmarked) or is_short(before, line, manner.width)
    if last.is_plain and len(last.lines) > 1 and indent == outer:
        return False
    return stands_in and settled and (indent != outer or len(last.lines) == 1)


def _ends_heading(before: Line, line: Line, manner: Manner) -> bool:
    return (
        has_heading_shape([before], manner.width)
        and not starts_small(line.text)
        and is_short(before, line, manner.width, 0.75)
    )


def _goes_on(before: Unit, unit: Unit, manner: Manner, report: Report, *, over_page: bool) -> bool:
    """Whether *unit*, which a blank line or a page's end parts from *before*, is the rest of it."""
    end, start = before.lines[-1], unit.lines[0]
    text = end.unmarked
    if before.cover:
        return False
    if before.is_set or unit.is_set:
        return over_page and before.led and unit.led
    if unit.bullet or not text or (not unit.after_blank and not over_page):
        return False
    if unit.label is not None:
        # A number that happens to begin the page, in the middle of a sentence.
        cut = over_page and not is_finished(text) and text[-1] not in ";,:" and not is_short(end, start, manner.width)
        if not cut or _looks_new(unit, manner):
            return False
        unit.label = None
    if text[-1] in "-\u2010\u00ad" and text[-2:-1].isalpha() and start.text[0].isalpha():
        return over_page or start.text[0].islower()
    finished = is_finished(text)
    small = starts_small(start.text)
    short = is_short(end, start, manner.width)
    if not over_page:
        return small and not finished and not short and not text.endswith((";", ",")) and len(before.lines) > 1
    if manner.indented and before.is_plain and manner.indent(start) == 0 and small:
        return True
    if _is_heading_alone(before, unit, manner) or _looks_new(unit, manner):
        return False
    if small and not text.endswith(":"):
        return not finished or _doubtful(report, start, "the paragraph before")
    if finished:
        if has_heading_shape(unit.lines, manner.width):
            return False
        if manner.indented and before.is_plain:
            return manner.indent(start) == 0
        if (
            text.endswith(":")
            or is_short(end, start, manner.width, 1.0 if manner.exact else 0.9)
            or start.text[0] in OPENING_QUOTES
        ):
            return False
        return _doubtful(report, start, "the paragraph before, whose last line is full")
    return not short


def _doubtful(report: Report, start: Line, what: str) -> bool:
    report.doubt(start.number, f"whether this goes on with {what}, as was taken: a page begins between them.")
    return True


def _is_heading_alone(unit: Unit, following: Unit, manner: Manner) -> bool:
    if not has_heading_shape(unit.lines, manner.width) or manner.all_capitals:
        return False
    if is_capitals(unit.text):
        return True
    short = is_short(unit.lines[-1], following.lines[0], manner.width, 0.75)
    return short and not starts_small(following.opens)


def _looks_new(unit: Unit, manner: Manner) -> bool:
    """Whether *unit* is plainly no rest of anything: a heading with a number or in capitals."""
    if manner.all_capitals or not has_heading_shape(unit.lines, manner.width):
        return False
    if is_capitals(unit.text):
        return True
    return any(
        (numbering.stopped and numbering.way != "arabic") or len(numbering.values) > 1
        for numbering in numberings_of(unit.opens)
    )
