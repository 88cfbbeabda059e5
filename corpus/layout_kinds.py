"""Says of each unit what it is: title, heading, list item, numbered paragraph, quotation, verse or paragraph."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from corpus.layout_headings import (
    Numbering,
    Outline,
    has_heading_shape,
    is_day,
    numberings_of,
)
from corpus.layout_lines import (
    CLOSING,
    CLOSING_QUOTES,
    OPENING_QUOTES,
    STOPS,
    Line,
    ends_sentence,
    is_capitals,
    is_finished,
    is_short,
    is_title_case,
    starts_small,
)
from corpus.layout_report import Report
from corpus.layout_units import Manner, Unit

HEAD_UNITS = 8  # units at the head of a text among which its title is looked for
MAX_VERSE_LINE = 68  # characters; longer lines are prose
MAX_QUOTED = 60  # paragraphs that one quotation may have


class What(Enum):
    TITLE = "title"
    HEADING = "heading"
    ITEM = "item"
    NUMBERED = "numbered paragraph"
    QUOTATION = "quotation"
    VERSE = "verse"
    PARAGRAPH = "paragraph"


@dataclass(slots=True)
class Kind:
    """What one unit is, and what belongs to it: a heading's level, an item's depth."""

    what: What
    level: int = 0
    annex: bool = False
    depth: int = 0
    opens: bool = True  # of a quotation: its first paragraph


def kinds_of(units: Sequence[Unit], manner: Manner, report: Report) -> list[Kind]:
    """What each of *units* is."""
    kinds = [Kind(What.PARAGRAPH) for _ in units]
    head = _mark_title(units, kinds, manner)
    _mark_headings(units, kinds, manner, head, report)
    _mark_items(units, kinds, manner)
    _mark_verse(units, kinds, manner, head)
    _mark_quotations(units, kinds, manner, report)
    return kinds


# ---- the title


def _mark_title(units: Sequence[Unit], kinds: list[Kind], manner: Manner) -> int:
    """Marks the title; what comes back is how many units at the head can be no heading."""
    if len(units) < 2:
        return len(units)
    head = units[:HEAD_UNITS]
    for at, unit in enumerate(head):
        if len(unit.lines) == 1 and unit.is_plain and unit.opens.endswith(",") and len(unit.opens) <= 60:
            return at + 1  # Dear Minister: a letter has no title
    first = units[0]
    if not first.is_plain or not has_heading_shape(first.lines, manner.width) or is_day(first.text):
        return 0
    numbered = [n for n in numberings_of(first.text) if n.stopped]
    if numbered and (numbered[0].way == "annex" or not is_title_case(first.text) or len(numbered[0].rest) < 3):
        return 0
    if numbered:
        return 0
    kinds[0] = Kind(What.TITLE)
    # Lines under the title that are headings by their looks, but have no text under them: a subtitle, a place, a day.
    under = 1
    while under < len(head) and _could_be_plain_heading(units, under, manner) and not numberings_of(units[under].text):
        under += 1
    if under > 1:
        last = units[under - 1]
        is_heading = under < len(units) and not is_day(last.text)
        return under - 1 if is_heading else under
    return 1


# ---- headings


def _could_be_plain_heading(units: Sequence[Unit], at: int, manner: Manner) -> bool:
    unit = units[at]
    return unit.is_plain and has_heading_shape(unit.lines, manner.width) and not is_day(unit.text)


def _mark_headings(units: Sequence[Unit], kinds: list[Kind], manner: Manner, head: int, report: Report) -> None:
    outline = Outline()
    for at, unit in enumerate(units):
        if kinds[at].what is What.TITLE or at < head or unit.bullet:
            continue
        if not has_heading_shape(unit.lines, manner.width):
            continue
        text = unit.text
        capitals = is_capitals(text)
        numbering = _numbering_of_heading(units, at, kinds, manner, outline)
        if numbering:
            level = outline.level_of_numbered(numbering, capitals)
            kinds[at] = Kind(What.HEADING, level, annex=numbering.way == "annex")
        elif unit.is_plain and _is_plain_heading(units, at, kinds, manner, head):
            kinds[at] = Kind(What.HEADING, outline.level_of_plain(text, capitals))
        else:
            continue
        unit.label = None
        if len(text) > 160:
            report.doubt(unit.lines[0].number, "whether so long a line is a heading, as was taken.")


def _numbering_of_heading(
    units: Sequence[Unit], at: int, kinds: Sequence[Kind], manner: Manner, outline: Outline
) -> Numbering | None:
    unit = units[at]
    text = unit.text
    capitals = is_capitals(text)
    if at + 1 >= len(units) and not capitals:
        return None
    for numbering in numberings_of(text):
        due = outline.continues(numbering)
        if numbering.way == "annex":
            return numbering if _has_text_below(units, at) else None
        if numbering.way.startswith("word:"):
            return numbering if due or capitals or not numbering.rest else None
        titled = capitals or is_title_case(numbering.rest) or len(numbering.rest) <= 80
        if (
            not numbering.rest[:1].isalpha()
            and numbering.rest[:1] not in OPENING_QUOTES + "("
            and not numbering.rest[:1].isdigit()
        ):
            continue
        if starts_small(numbering.rest) or not titled:
            continue
        if len(numbering.values) > 1:
            if due or capitals or (is_title_case(numbering.rest) and len(unit.lines) <= 2):
                return numbering
            continue
        if (
            not numbering.stopped
            and not (capitals and due)
            and not (due and len(text) < (80 if is_title_case(numbering.rest) else 60))
        ):
            continue
        if not due and not capitals:
            continue
        if not due and numbering.way != "arabic":
            continue
        if _has_sibling(units, at, manner):
            continue
        return numbering
    return None


def _has_text_below(units: Sequence[Unit], at: int) -> bool:
    return at + 1 < len(units)


def _has_sibling(units: Sequence[Unit], at: int, manner: Manner) -> bool:
    """Whether the unit before or behind is the neighbour in a list of short items."""
    mine = numberings_of(units[at].text)
    for other, step in ((at - 1, -1), (at + 1, 1)):
        if not 0 <= other < len(units) or not has_heading_shape(units[other].lines, manner.width):
            continue
        for theirs in numberings_of(units[other].text):
            if any(
                own.way == theirs.way
                and len(own.values) == len(theirs.values)
                and own.values[-1] + step == theirs.values[-1]
                for own in mine
            ):
                return True
    return False


def _is_plain_heading(units: Sequence[Unit], at: int, kinds: Sequence[Kind], manner: Manner, head: int) -> bool:
    """Whether a line without a number is a heading: set apart, short, unlike a sentence, and with text below."""
    unit = units[at]
    text = unit.text
    if is_day(text) or at + 1 >= len(units) or len(text) > 200:
        return False
    below = units[at + 1]
    capitals = is_capitals(text)
    if capitals:
        return len(text) > 2 and not _runs_on(units, at, manner, head, 4)
    if not unit.after_blank and not manner.dense and not manner.indented:
        return False
    if len(unit.lines) > 2 or len(text) > 0.8 * max(manner.width, 60) * len(unit.lines):
        return False
    if len(unit.lines) == 2 and not (is_title_case(text) and len(text) > 0.6 * manner.width):
        return False
    if starts_small(below.opens) and not below.bullet and not below.label:
        return False
    if _runs_on(units, at, manner, head, 2):
        return False
    above = units[at - 1] if at else None
    if (
        above
        and kinds[at - 1].what is What.PARAGRAPH
        and above.is_plain
        and not is_finished(above.text.rstrip(CLOSING))
    ) and (not is_title_case(text) or above.text.endswith((",", "-"))):
        return False
    if is_title_case(text):
        return len(text.split()) <= 16
    words = text.split()
    return len(text) <= 70 and len(words) <= 10 and len(below.text) > len(text)


def _runs_on(units: Sequence[Unit], at: int, manner: Manner, head: int, limit: int) -> bool:
    """Whether more than *limit* lines in a row look like headings: then they are a list, an address, a table."""
    count = 1
    for step in (-1, 1):
        other = at + step
        while head <= other < len(units) and count <= limit and _could_be_plain_heading(units, other, manner):
            if numberings_of(units[other].text):
                break
            count += 1
            other += step
    return count > limit


# ---- lists and numbered paragraphs


def _mark_items(units: Sequence[Unit], kinds: list[Kind], manner: Manner) -> None:
    numbered = _numbered_paragraphs(units, kinds, manner)
    stack: list[tuple[str, int]] = []  # ways of the lists that we stand in, with their indents
    for at, unit in enumerate(units):
        if kinds[at].what is not What.PARAGRAPH or unit.is_plain:
            stack = []
            continue
        if at in numbered:
            kinds[at] = Kind(What.NUMBERED)
            stack = []
            continue
        if unit.label and not _is_listed(units, at, kinds):
            unit.label = None
            stack = []
            continue
        way = unit.bullet or (unit.label.way if unit.label else "")
        indent = manner.indent(unit.lines[0])
        stack = _nested(stack, way, indent)
        kinds[at] = Kind(What.ITEM, depth=len(stack) - 1)


def _nested(stack: list[tuple[str, int]], way: str, indent: int) -> list[tuple[str, int]]:
    for place in range(len(stack) - 1, -1, -1):
        if stack[place][0] == way and abs(stack[place][1] - indent) <= 1:
            return stack[: place + 1]
    if not stack:
        return [(way, indent)]
    outer = [entry for entry in stack if entry[1] < indent - 1]
    columns_tell = any(entry[1] != indent for entry in stack) or indent > stack[-1][1] + 1
    if columns_tell and len(outer) < len(stack) and not any(abs(entry[1] - indent) <= 1 for entry in stack):
        return [*outer, (way, indent)]
    known = [place for place, entry in enumerate(stack) if entry[0] == way]
    if known and not indent > stack[known[0]][1] + 1:
        return stack[: known[0] + 1]
    return [*stack, (way, indent)][:6]


def _is_listed(units: Sequence[Unit], at: int, kinds: Sequence[Kind]) -> bool:
    """Whether a label stands in a list: a neighbour has the label next to it, or it is the first after a lead-in."""
    label = units[at].label
    assert label is not None
    if label.value == 1 and at and units[at - 1].text.endswith(":"):
        return True
    for other in (*range(at - 1, max(at - 12, -1), -1), *range(at + 1, min(at + 12, len(units)))):
        theirs = units[other].label
        if kinds[other].what is What.HEADING:
            continue
        if theirs and theirs.way == label.way and abs(theirs.value - label.value) == 1:
            return True
    return False


def _numbered_paragraphs(units: Sequence[Unit], kinds: Sequence[Kind], manner: Manner) -> set[int]:
    """The units that a running number opens, as in reports and judgments: their run goes on over other text."""
    runs: list[list[int]] = []
    open_runs: defaultdict[int, list[int] | None] = defaultdict(lambda: None)  # next value -> the run that waits for it
    for at, unit in enumerate(units):
        label = unit.label
        if kinds[at].what is not What.PARAGRAPH or label is None or label.way != "1.":
            continue
        run = open_runs.pop(label.value, None)
        if run is None:
            run = []
            runs.append(run)
        run.append(at)
        open_runs[label.value + 1] = run
    found: set[int] = set()
    for run in runs:
        between = [
            other for first, second in itertools.pairwise(run) for other in range(first + 1, min(second, first + 400))
        ]
        over_heading = any(kinds[other].what is What.HEADING for other in between)
        over_text = any(units[other].is_plain for other in between)
        length = sum(len(units[at].text) for at in run) / len(run)
        led = run[0] > 0 and units[run[0] - 1].text.rstrip().endswith(":") and units[run[0] - 1].is_plain
        starts_later = units[run[0]].label.value > 1  # type: ignore[union-attr]
        apart = sum(units[at].after_blank for at in run) * 2 > len(run)
        sentences = sum(ends_sentence(units[at].text) for at in run) * 2 > len(run)
        if (
            over_heading
            or (over_text and not led)
            or (
                not led
                and sentences
                and (apart or manner.indented or manner.dense)
                and (length > 1.2 * manner.width or starts_later)
            )
        ):
            found.update(run)
    return found


# ---- quotations


def _mark_quotations(units: Sequence[Unit], kinds: list[Kind], manner: Manner, report: Report) -> None:
    at = 0
    while at < len(units):
        unit = units[at]
        if kinds[at].what is not What.PARAGRAPH or not unit.is_plain:
            at += 1
            continue
        if unit.text[:1] in tuple(OPENING_QUOTES):
            end = _quoted_until(units, at, kinds)
            if end is not None:
                for place in range(at, end + 1):
                    kinds[place] = Kind(What.QUOTATION, opens=place == at)
                at = end + 1
                continue
            if at and units[at - 1].is_plain and units[at - 1].text.endswith(":") and _depth(unit.text) > 0:
                report.doubt(unit.lines[0].number, "a quotation opens here and where it ends is not marked.")
                kinds[at] = Kind(What.QUOTATION)
        elif _is_indented_quotation(units, at, kinds, manner):
            before = at > 0 and kinds[at - 1].what is What.QUOTATION
            kinds[at] = Kind(What.QUOTATION, opens=not before)
        at += 1


def _depth(text: str) -> int:
    """How many double quotation marks are left open at the end of *text*."""
    depth = 0
    for at, character in enumerate(text):
        if character in "“«„‟「『":
            depth += 1
        elif character in "”»」』":
            depth = max(depth - 1, 0)
        elif character == '"':
            opening = at == 0 or text[at - 1] in " ([-–—"
            depth = depth + 1 if opening else max(depth - 1, 0)
    return depth


def _closes_only_at_end(text: str, depth: int) -> bool:
    """Whether the quotation that is open (*depth* deep before *text*) closes with the text's last words."""
    last = len(text.rstrip(STOPS + ",; )]"))
    for at, character in enumerate(text):
        if character in "“«„‟「『":
            depth += 1
        elif character in "”»」』":
            depth -= 1
        elif character == '"':
            opening = at == 0 or text[at - 1] in " ([-–—"
            depth += 1 if opening else -1
        else:
            continue
        if depth <= 0:
            return at >= last - 1
    return False


def _single_closes_at_end(text: str) -> bool:
    end = text.rstrip(STOPS + ",; )]")
    return len(end) > 2 and end[-1] in "’'›" and text[0] in "‘'‹" and not any(f"{q} " in end[1:-1] for q in "’›")


def _quoted_until(units: Sequence[Unit], at: int, kinds: Sequence[Kind]) -> int | None:
    """The last unit of the quotation that *at* opens; None when it is none that stands apart."""
    text = units[at].text
    if text[0] in "‘'‹":
        return at if _single_closes_at_end(text) else None
    if _closes_only_at_end(text, 0):
        return at
    depth = _depth(text)
    if depth < 1 or text.rstrip()[-1] in CLOSING_QUOTES:
        return None
    for place in range(at + 1, min(at + MAX_QUOTED, len(units))):
        unit = units[place]
        if kinds[place].what is not What.PARAGRAPH:
            return None
        inner = unit.text[1:] if unit.text[:1] in tuple('“«„‟"') else unit.text
        if _closes_only_at_end(inner, 1):
            return place
        if _depth(text[0] + inner) < 1:
            return None
    return None


def _is_indented_quotation(units: Sequence[Unit], at: int, kinds: Sequence[Kind], manner: Manner) -> bool:
    """Whether all lines of a unit stand in from the margin, under text that does not."""
    unit = units[at]
    indents = [manner.indent(line) for line in unit.lines]
    if min(indents) < 3 or max(indents) - min(indents) > 8 or at == 0:
        return False
    if len(unit.lines) > 1 and len(set(indents)) > 2:
        return False  # centred
    before = units[at - 1]
    if kinds[at - 1].what is What.QUOTATION:
        return True
    led = before.text.rstrip().endswith((":", ","))
    return kinds[at - 1].what in (What.PARAGRAPH, What.NUMBERED) and (led or len(unit.lines) > 1)


# ---- verse


def _mark_verse(units: Sequence[Unit], kinds: list[Kind], manner: Manner, head: int) -> None:
    stanzas = _stanzas(units, kinds, head)
    for at, unit in enumerate(units):
        if kinds[at].what is not What.PARAGRAPH or at < head or not unit.is_plain:
            continue
        if at in stanzas or _is_verse(unit.lines, manner):
            if unit.text[0] in OPENING_QUOTES and _quoted_until(units, at, kinds) == at:
                continue
            kinds[at] = Kind(What.VERSE)


def _stanzas(units: Sequence[Unit], kinds: Sequence[Kind], head: int) -> set[int]:
    """The units of a poem in stanzas: short lines, as many in each, broken before they are full."""
    by_count: defaultdict[int, list[int]] = defaultdict(list)
    several = 0
    for at, unit in enumerate(units):
        if at < head or kinds[at].what is not What.PARAGRAPH or not unit.is_plain or len(unit.lines) < 2:
            continue
        several += 1
        if max(len(line.text) for line in unit.lines) <= MAX_VERSE_LINE and len(unit.lines) >= 3:
            by_count[len(unit.lines)].append(at)
    found: set[int] = set()
    for same in by_count.values():
        if len(same) < 2 or len(same) < 0.8 * several:
            continue
        pairs = broken = 0
        for at in same:
            lines = units[at].lines
            longest = max(len(line.text) for line in lines)
            pairs += len(lines) - 1
            broken += sum(is_short(a, b, longest, 1.0) for a, b in pairwise(lines))
        if broken >= 0.25 * pairs:
            found.update(same)
    return found


def _is_verse(lines: Sequence[Line], manner: Manner) -> bool:
    """Whether the lines end where they were meant to: most leave room for the first word of the next."""
    if len(lines) < 3:
        return False
    pairs = list(itertools.pairwise(lines))
    broken = sum(is_short(line, following, manner.width) for line, following in pairs)
    if broken >= 0.8 * len(pairs):
        return True
    longest = max(len(line.text) for line in lines)
    capitals = sum(line.text.lstrip(OPENING_QUOTES)[:1].isupper() for line in lines)
    ragged = sum(is_short(line, following, longest, 0.95) for line, following in pairs)
    return longest <= MAX_VERSE_LINE and capitals >= 0.8 * len(lines) and ragged >= 0.3 * len(pairs)
