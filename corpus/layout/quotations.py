"""Tells set-apart quotations and verse from other paragraphs."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from corpus.layout.headings import has_heading_shape
from corpus.layout.kinds import Kind, What
from corpus.layout.lines import (
    CLOSING_QUOTES,
    OPENING_QUOTES,
    STOPS,
    Line,
    is_capitals,
    is_short,
)
from corpus.layout.manner import Manner, Unit
from corpus.layout.report import Report

MAX_VERSE_LINE = 68  # characters; longer lines are prose
MAX_QUOTED = 60  # paragraphs that one quotation may have


def mark_quotations(units: Sequence[Unit], kinds: list[Kind], manner: Manner, report: Report) -> None:
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
    if has_heading_shape(before.lines, manner.width) and is_capitals(before.text):
        return False  # an address under a name
    led = before.text.rstrip().endswith((":", ","))
    return kinds[at - 1].what in (What.PARAGRAPH, What.NUMBERED) and (led or len(unit.lines) > 1)


def mark_verse(units: Sequence[Unit], kinds: list[Kind], manner: Manner, head: int) -> None:
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


def _is_broken(line: Line, following: Line) -> bool:
    """Whether a word is broken at the end of *line*: no poet's doing."""
    text = line.unmarked
    return text[-1:] in "-\u2010\u00ad" and text[-2:-1].isalpha() and following.text[:1].islower()


def _is_verse(lines: Sequence[Line], manner: Manner) -> bool:
    """Whether the lines end where they were meant to: most leave room for the first word of the next."""
    if len(lines) < 3 or any(_is_broken(a, b) for a, b in pairwise(lines)):
        return False
    pairs = list(itertools.pairwise(lines))
    broken = sum(is_short(line, following, manner.width) for line, following in pairs)
    if broken >= 0.8 * len(pairs):
        return True
    longest = max(len(line.text) for line in lines)
    capitals = sum(line.text.lstrip(OPENING_QUOTES)[:1].isupper() for line in lines)
    ragged = sum(is_short(line, following, longest, 0.95) for line, following in pairs)
    return longest <= MAX_VERSE_LINE and capitals >= 0.8 * len(lines) and ragged >= 0.3 * len(pairs)
