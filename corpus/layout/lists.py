"""Tells list items, and paragraphs that a running number opens, from other paragraphs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from corpus.layout.kinds import Kind, What
from corpus.layout.lines import Line, after_bullet, ends_sentence, is_short, is_title_case, starts_small
from corpus.layout.manner import ItemLabel, Manner, Unit

MAX_NAME = 60  # characters of a line in a list of names
_BESIDE_NAME = re.compile(r"\s*[(\[].*|,.*|\s[-–—]\s.*")  # a title, a place: what stands behind a name
_BARE_NUMBER = re.compile(r"(\d{1,3})\s+(?=[^\W\d_a-z]|[“\"(\[])")


def part_names(units: list[Unit], kinds: list[Kind], manner: Manner, head: int) -> None:
    """Makes an item of each line of a list of names: short lines of names alone, under `Present:` or a heading."""
    at = head
    while at < len(units):
        unit = units[at]
        before = units[at - 1] if at else None
        led = before is not None and before.text.rstrip().endswith(":") and kinds[at - 1].what is What.PARAGRAPH
        headed = at > 0 and kinds[at - 1].what is What.HEADING
        listed = kinds[at].what is What.PARAGRAPH and unit.is_plain and len(unit.lines) > (1 if led else 2)
        if listed and (led or headed) and _are_names(unit.lines, manner):
            parts = _one_by_one(unit, manner)
            units[at : at + 1] = parts
            kinds[at : at + 1] = [Kind(What.ITEM) for _ in parts]
            at += len(parts)
        else:
            at += 1


def _are_names(lines: Sequence[Line], manner: Manner) -> bool:
    """Whether each of *lines* ends before it is full, without a stop, and most are written as names are."""
    short = all(is_short(line, following, manner.width) for line, following in itertools.pairwise(lines))
    bare = all(len(line.text) <= MAX_NAME and line.unmarked[-1:] not in ",;:.!?-" for line in lines)
    written = sum(is_title_case(_BESIDE_NAME.sub("", line.text)) for line in lines)
    return short and bare and written >= 0.8 * len(lines)


def _one_by_one(unit: Unit, manner: Manner) -> list[Unit]:
    margin = min(manner.indent(line) for line in unit.lines)
    parts: list[Unit] = []
    for line in unit.lines:
        if parts and (manner.indent(line) > margin + 1 or starts_small(line.text)):
            parts[-1].lines.append(line)  # the rest of the name above
        else:
            parts.append(Unit([line], unit.after_blank and not parts))
    return parts


def mark_items(units: Sequence[Unit], kinds: list[Kind], manner: Manner) -> None:
    _label_bare_numbers(units, kinds)
    numbered = _numbered_paragraphs(units, kinds, manner)
    stack: list[tuple[str, int]] = []  # ways of the lists that we stand in, with their indents
    for at, unit in enumerate(units):
        if stack and kinds[at].what is What.PARAGRAPH and _goes_on_with_item(units, at, kinds, manner):
            kinds[at] = Kind(What.FURTHER)
            continue
        if kinds[at].what is not What.PARAGRAPH or unit.is_plain or unit.cover:
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


def _goes_on_with_item(units: Sequence[Unit], at: int, kinds: Sequence[Kind], manner: Manner) -> bool:
    """Whether a paragraph stands under the words of the item above it, and not under its label."""
    unit = units[at]
    above = at - 1
    while kinds[above].what is What.FURTHER:
        above -= 1
    item = units[above]
    if not unit.is_plain or kinds[above].what is not What.ITEM:
        return False
    opens = item.lines[0]
    end = item.label.end if item.label else len(opens.text) - len(after_bullet(opens.text))
    indents = [manner.indent(line) for line in unit.lines]
    if manner.indented and len(indents) < 2:
        return False
    return min(indents) > manner.indent(opens) + 1 and all(
        abs(indent - manner.indent(opens) - end) <= 2 for indent in indents
    )


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


def _label_bare_numbers(units: Sequence[Unit], kinds: Sequence[Kind]) -> None:
    """Gives labels to paragraphs that a number without a stop opens, where at least three follow each other so."""
    runs: list[list[tuple[Unit, ItemLabel]]] = [[]]
    for unit, kind in zip(units, kinds, strict=True):
        found = _BARE_NUMBER.match(unit.opens) if kind.what is What.PARAGRAPH and unit.is_plain else None
        if not found:
            continue
        label = ItemLabel("1", found[1], int(found[1]), found.end())
        if runs[-1] and label.value != runs[-1][-1][1].value + 1:
            runs.append([])
        runs[-1].append((unit, label))
    for run in runs:
        if len(run) >= 3:
            for unit, label in run:
                unit.label = label


def _numbered_paragraphs(units: Sequence[Unit], kinds: Sequence[Kind], manner: Manner) -> set[int]:
    """The units that a running number opens, as in reports and judgments: their run goes on over other text."""
    runs: list[list[int]] = []
    open_runs: dict[tuple[str, int], list[int]] = {}  # way and next value -> the run that waits for it
    for at, unit in enumerate(units):
        label = unit.label
        if kinds[at].what is not What.PARAGRAPH or label is None or "1" not in label.way:
            continue
        run = open_runs.pop((label.way, label.value), None)
        if run is None:
            run = []
            runs.append(run)
        run.append(at)
        open_runs[(label.way, label.value + 1)] = run
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
