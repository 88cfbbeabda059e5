"""Searches a printed text for runs of labelled lines that can be its notes: on each page, or anywhere.

Three things make a run of labelled lines notes: the labels rise by one, the run is set apart, and marks that carry the
same labels stand in the body before it. A numbered list has no marks, a line that happens to begin with a number no
place in the sequence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from corpus.layout.lines import MONTH, Line, ends_sentence, holds_address, is_address, is_rule, starts_small
from corpus.layout.marks import LIKELY, SURE, Places
from corpus.layout.note_labels import Label, follows, is_first, label_of, sign_of
from corpus.layout.tables import is_led_to_page

SAME_DRESS = 0.25  # what a note's label is worth that looks like its mark
_DRESS = {"square": "[", "round": "(", "raised": "⁰¹²³⁴⁵⁶⁷⁸⁹"}
_MAX_STARTS = 24  # places on one page, or in one text, where a run of notes is tried
_MAX_OPTIONS = 12  # lines that are weighed against each other for one note
_MAX_GAP = 2  # notes in a row that may have lost their text


@dataclass(slots=True)
class NoteText:
    """A note as it stands in the source: the places of its lines, the first without its label."""

    printed: str  # its mark
    at: int  # place of its first line
    words_from: int  # offset in that line where the note's words begin
    lines: list[int] = field(default_factory=list)
    label: str = ""  # what the Markdown calls it


@dataclass(slots=True)
class Zone:
    """Notes that stand together. Their marks stand on lines `body_from` up to `start`."""

    start: int  # place of the first line, a continuation of an earlier note included
    notes: list[NoteText]
    body_from: int
    sheet: int
    missing: list[str] = field(default_factory=list)  # labels of the sequence that have no text


@dataclass(frozen=True, slots=True)
class _Labelled:
    at: int
    label: Label


class Search:
    """One way to label notes, tried on one text."""

    def __init__(self, lines: Sequence[Line], bounds: Sequence[tuple[int, int]], places: Places, family: str) -> None:
        self._lines = lines
        self._bounds = bounds
        self._places = places
        self._family = family
        self.labelled = [
            _Labelled(at, label)
            for at, line in enumerate(lines)
            if line.text
            and not is_led_to_page(line.text)
            and (label := label_of(line.text, family)) is not None
            and self._has_words(at, label)
        ]
        self._by_value: defaultdict[tuple[int, int], list[_Labelled]] = defaultdict(list)
        for found in self.labelled:
            self._by_value[found.label.value].append(found)
        labelled = {found.at for found in self.labelled}
        # How many blank lines, and how many blocks that no label opens, stand before each line.
        self._blanks = [0, *accumulate(not line.text for line in lines)]
        self._loose = [
            0,
            *accumulate(
                bool(line.text) and at not in labelled and (at == 0 or not lines[at - 1].text)
                for at, line in enumerate(lines)
            ),
        ]

    def _has_words(self, at: int, label: Label) -> bool:
        """Whether words follow the label, on its line or the next."""
        if label.end < len(self._lines[at].text):
            return True
        return at + 1 < len(self._lines) and bool(self._lines[at + 1].text)

    def _is_set_apart(self, at: int) -> bool:
        if at == 0:
            return True
        above = self._lines[at - 1]
        if not above.text or is_rule(above.text) or above.sheet != self._lines[at].sheet:
            return True
        return self._is_under_signs(at)

    def _is_under_signs(self, at: int) -> bool:
        """Whether a note marked * opens the block above the line *at*."""
        top = at
        while top > max(at - 30, 0) and self._lines[top - 1].text and not is_rule(self._lines[top - 1].text):
            top -= 1
        sign = sign_of(self._lines[top].text)
        return sign is not None and self._places.has(sign.printed, 0, top)

    def _is_same_block(self, first: int, second: int) -> bool:
        return self._blanks[first] == self._blanks[second]

    def _text_between(self, first: int, second: int) -> bool:
        """Whether a block that no label opens stands between two labelled lines."""
        return self._loose[second] > self._loose[first + 1]

    def _looks_like_start(self, found: _Labelled) -> int:
        """How much the line looks like the first of a note rather than a line that happens to begin so."""
        line = self._lines[found.at]
        words = line.text[found.label.end :]
        points = 0
        if words:
            points += 1 if not words[0].islower() and words[0] not in ",;.)" else -1
            points -= MONTH.match(words) is not None
        before = self._lines[found.at - 1].text if found.at else ""
        if not before or is_rule(before):
            return points + 2
        longest = max(len(other.text) for other in self._lines[max(found.at - 6, 0) : found.at + 6])
        points += ends_sentence(before) or holds_address(before.split()[-1])
        points -= before[-1] in ",;-–("
        points += len(before) + 1 + len(line.text.split(maxsplit=1)[0]) <= 0.85 * longest
        return points

    def _next_labelled(self, value: tuple[int, int], after: int, gap: int, end: int) -> list[_Labelled]:
        """The lines between *after* and *end* that carry the label due next, with *gap* labels missing before it."""
        number, letter = value
        values = [(number + 1 + gap, 0), (number + 1 + gap, 1)] + ([] if gap else [(number, letter + 1)])
        found: list[_Labelled] = []
        for due in values:
            listed = self._by_value.get(due, [])
            start = bisect_right(listed, after, key=lambda labelled: labelled.at)
            for labelled in listed[start : start + _MAX_OPTIONS]:
                if labelled.at < end and follows(labelled.label.value, value, gap):
                    found.append(labelled)
        return sorted(found, key=lambda labelled: labelled.at)

    def _is_led_on(self, found: _Labelled) -> bool:
        """Whether the label due behind *found* opens a line of the same block."""
        following = self._next_labelled(found.label.value, found.at, 0, len(self._lines))
        return bool(following) and self._is_same_block(found.at, following[0].at)

    # ---- at the foot of each page

    def by_page(self) -> list[Zone]:
        """The notes of each page that has some at its foot."""
        by_sheet: defaultdict[int, list[_Labelled]] = defaultdict(list)
        for found in self.labelled:
            by_sheet[self._lines[found.at].sheet].append(found)
        zones: list[Zone] = []
        last: tuple[int, int] = (0, 0)
        previous_start = 0
        for sheet, (start, end) in enumerate(self._bounds):
            here = [found for found in by_sheet.get(sheet, ()) if found.at < end]
            found_here = self._zone_of_page(here, sheet, start, end, previous_start, last)
            if found_here:
                zone, last = found_here
                zones.append(zone)
            previous_start = start
        return zones

    def _zone_of_page(
        self, here: list[_Labelled], sheet: int, start: int, end: int, previous: int, last: tuple[int, int]
    ) -> tuple[Zone, tuple[int, int]] | None:
        starts = [
            found
            for found in here
            if is_first(found.label.value)
            or any(follows(found.label.value, last, missing) for missing in range(_MAX_GAP + 1))
        ][-_MAX_STARTS:]
        best: tuple[float, list[_Labelled], list[str]] | None = None
        for first in starts:
            run, missing = self._run(first, start, end)
            continues = last != (0, 0) and not is_first(first.label.value)
            body_from = previous if continues else start
            weights = [self._places.best(found.label.printed, body_from, first.at) for found in run]
            matched = sum(weight >= LIKELY for weight in weights)
            apart = self._is_set_apart(first.at)
            if not matched or (not apart and matched < len(run)):
                continue
            skipped = first.label.value[0] - last[0] - 1 if continues else 0
            score = (
                sum(_worth(weight) for weight in weights)
                + 1.5 * apart
                - 0.5 * self._loose_blocks(first.at, end, {found.at for found in run})
                - max(skipped, 0)
                - len(missing)
                + 0.25 * self._looks_like_start(first)
            )
            if best is None or score >= best[0]:
                best = (score, run, missing)
        if best is None or best[0] <= 0:
            return None
        _, run, missing = best
        notes = [NoteText(found.label.printed, found.at, found.label.end) for found in run]
        zone = Zone(run[0].at, notes, start, sheet, missing)
        _share_out(zone, end, self._lines)
        return zone, run[-1].label.value

    def _run(self, first: _Labelled, body_from: int, end: int) -> tuple[list[_Labelled], list[str]]:
        """The labelled lines from *first* on whose labels rise by one, the likeliest where several could."""
        run = [first]
        missing: list[str] = []
        while True:
            value, after = run[-1].label.value, run[-1].at
            for gap in range(_MAX_GAP + 1):
                options = [
                    found
                    for found in self._next_labelled(value, after, gap, end)
                    if self._looks_like_start(found) >= 2
                    or (not gap and self._places.has(found.label.printed, body_from, first.at))
                ]
                if gap:  # a note without text before it must itself be beyond doubt
                    options = [
                        option
                        for option in options
                        if self._places.has(option.label.printed, body_from, first.at) or self._is_led_on(option)
                    ]
                if options:
                    break
            else:
                return run, missing
            missing += [str(value[0] + 1 + place) for place in range(gap)]
            run.append(max(options, key=lambda found: (self._looks_like_start(found), -found.at)))

    def _loose_blocks(self, start: int, end: int, labelled: set[int]) -> int:
        """Blocks between *start* and *end* that no label of the run opens."""
        return sum(
            bool(self._lines[at].text) and not self._lines[at - 1].text and at not in labelled
            for at in range(start + 1, end)
        )

    # ---- anywhere: at the end of the text, or after the paragraphs that call them

    def anywhere(self) -> list[Zone]:
        """The notes of a text without pages: one run of rising labels, in one zone or several."""
        starts = [found for found in self.labelled if is_first(found.label.value) and self._is_set_apart(found.at)]
        starts = starts[:_MAX_STARTS] + starts[_MAX_STARTS:][-_MAX_STARTS:]
        best: list[Zone] = []
        best_score = 0.0
        for first in starts:
            if self.most(first.at) < best_score:
                break  # what is left cannot do better
            zones = self._zones_from(first)
            score = score_of(zones, self._places)
            if score >= best_score:
                best, best_score = zones, score
        return best

    def most(self, start: int = 0) -> float:
        """The best score that notes from the line *start* on could have: all labelled lines, each with a sure mark."""
        behind = len(self.labelled) - bisect_left(self.labelled, start, key=lambda found: found.at)
        return behind * (_worth(SURE) + SAME_DRESS * (self._family in _DRESS))

    def _zones_from(self, first: _Labelled) -> list[Zone]:
        zones = [self._new_zone(first, 0)]
        current = first
        while True:
            following = self._next(current, zones[-1])
            anew = self._first_after(zones[-1])
            if anew and (following is None or following[0].at > anew.at):
                following = (anew, 0, True)
                current = _Labelled(current.at, Label("", (0, 0), 0))
            if following is None:
                break
            found, gap, opens = following
            if opens:
                zones.append(self._new_zone(found, self._zone_end(zones[-1])))
            else:
                zones[-1].notes.append(NoteText(found.label.printed, found.at, found.label.end))
            zones[-1].missing += [str(current.label.value[0] + 1 + place) for place in range(gap)]
            current = found
        for zone in zones:
            _share_out(zone, self._zone_end(zone), self._lines)
        return zones

    def _first_after(self, zone: Zone) -> _Labelled | None:
        """Where notes are numbered anew behind *zone*, as in the next chapter, with a mark between."""
        end = self._zone_end(zone)
        for value in ((1, 0), (1, 1)):
            listed = self._by_value.get(value, [])
            start = bisect_right(listed, end - 1, key=lambda labelled: labelled.at)
            for found in listed[start : start + _MAX_OPTIONS]:
                if self._is_set_apart(found.at) and self._places.has(found.label.printed, end, found.at):
                    return found
        return None

    def _new_zone(self, first: _Labelled, body_from: int) -> Zone:
        note = NoteText(first.label.printed, first.at, first.label.end)
        return Zone(first.at, [note], body_from, self._lines[first.at].sheet)

    def _next(self, current: _Labelled, zone: Zone) -> tuple[_Labelled, int, bool] | None:
        """The next labelled line, how many labels are missing before it, and whether it opens a new zone."""
        for gap in range(_MAX_GAP + 1):
            within: list[_Labelled] = []
            for found in self._next_labelled(current.label.value, current.at, gap, len(self._lines)):
                label = found.label.printed
                apart = self._is_set_apart(found.at)
                touching = self._is_same_block(current.at, found.at)
                # The marks of all notes of a zone stand before it; a mark between two notes means that the body
                # went on there.
                called_before = self._places.has(label, zone.body_from, zone.start)
                called_between = not touching and self._places.has(label, current.at + 1, found.at)
                goes_on = called_between and self._text_between(current.at, found.at)
                likely = self._looks_like_start(found) >= 2
                certain = not gap or called_before or self._is_led_on(found)
                if (touching and (likely or called_before) and certain) or (
                    called_before and not goes_on and (apart or likely)
                ):
                    within.append(found)
                elif apart and called_between:
                    if not within:
                        return found, gap, True
                    break
                elif apart and not gap and not called_before and not self._text_between(current.at, found.at):
                    within.append(found)  # a note whose mark is lost
            if within:
                return max(within, key=lambda found: (self._looks_like_start(found), -found.at)), gap, False
        return None

    def _zone_end(self, zone: Zone) -> int:
        """Behind the block of the zone's last note, and what plainly goes on with it."""
        end = zone.notes[-1].at
        while True:
            while end < len(self._lines) and self._lines[end].text:
                end += 1
            behind = end
            while behind < len(self._lines) and not self._lines[behind].text:
                behind += 1
            last = self._lines[end - 1].text
            unfinished = not ends_sentence(last) and not is_address(last)
            if behind >= len(self._lines) or not unfinished or not starts_small(self._lines[behind].text):
                return end
            if not ends_sentence(self._body_before(zone)):
                return end  # the body was cut in mid-sentence: this is the rest of it
            end = behind

    def _body_before(self, zone: Zone) -> str:
        """The last line of the body above *zone*."""
        at = zone.start - 1
        while at >= 0 and (not self._lines[at].text or is_rule(self._lines[at].text)):
            at -= 1
        return re.sub(r"\d+$", "", self._lines[at].text) if at >= 0 else ""


def _share_out(zone: Zone, end: int, lines: Sequence[Line]) -> None:
    """Gives each note of *zone* its lines, up to the next one or *end*."""
    for note, behind in zip(zone.notes, [*(note.at for note in zone.notes[1:]), end], strict=True):
        note.lines = list(range(note.at, behind))
        while note.lines and not lines[note.lines[-1]].text:
            note.lines.pop()


def _worth(weight: int) -> float:
    """What a note is worth whose mark has a place of that weight: a number with a point in it proves little."""
    if weight >= SURE:
        return 2.0
    return 0.5 if weight >= LIKELY else -1.5


def score_of(zones: Sequence[Zone], places: Places, family: str = "") -> float:
    """How well *zones* explain a text: so much for each note as the likeliest place of its mark is worth.

    Labels of *family* count a little more where the marks are dressed as they are: [1] is answered by [1].
    """
    total = 0.0
    dress = _DRESS.get(family, "")
    for zone in zones:
        for note in zone.notes:
            total += _worth(places.best(note.printed, zone.body_from, zone.start))
            total += SAME_DRESS * bool(dress and places.is_dressed(note.printed, zone.body_from, zone.start, dress))
        total -= len(zone.missing)
    return total
