"""Tells the notes of a printed text from its body: at the foot of each page, among the text, or at its end.

Three things make a run of labelled lines notes: the labels rise by one, the run is set apart, and marks that carry the
same labels stand in the body before it. A numbered list has no marks, a line that happens to begin with a number no
place in the sequence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.layout_lines import (
    Line,
    bullet_of,
    ends_sentence,
    holds_address,
    is_address,
    is_rule,
    starts_small,
)
from corpus.layout_marks import Places
from corpus.layout_note_labels import FAMILIES, Label, follows, is_first, label_of, sign_of

_MAX_STARTS = 24  # places on one page, or in one text, where a run of notes is tried
_MAX_GAP = 2  # notes in a row that may have lost their text
_ENDNOTE_HEADINGS = frozenset(
    [
        "notes",
        "endnotes",
        "end notes",
        "footnotes",
        "foot notes",
        "references",
        "notes and references",
        "sources",
        "sources and notes",
        "citations",
        "noten",
        "anmerkungen",
        "notas",
        "note",
        "یادداشت\u200cها",
        "پانویس\u200cها",
        "پی\u200cنوشت\u200cها",
        "منابع",
    ]
)


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


@dataclass(slots=True)
class FoundNotes:
    """All notes of a text. `taken` are the places that the body loses, each with the reason if nobody keeps it."""

    zones: list[Zone]
    taken: dict[int, str | None]
    at_end: bool  # the notes are endnotes, or stand among the text: a mark can be pages away
    doubts: list[tuple[int, str]] = field(default_factory=list)  # (place, message)


@dataclass(frozen=True, slots=True)
class _Labelled:
    at: int
    label: Label


class _Search:
    """One way to label notes, tried on one text."""

    def __init__(self, lines: Sequence[Line], bounds: Sequence[tuple[int, int]], places: Places, family: str) -> None:
        self.lines = lines
        self.bounds = bounds
        self.places = places
        self.labelled = [
            _Labelled(at, label)
            for at, line in enumerate(lines)
            if line.text and (label := label_of(line.text, family)) is not None and self._has_words(at, label)
        ]

    def _has_words(self, at: int, label: Label) -> bool:
        """Whether words follow the label, on its line or the next."""
        if label.end < len(self.lines[at].text):
            return True
        return at + 1 < len(self.lines) and bool(self.lines[at + 1].text)

    def is_set_apart(self, at: int) -> bool:
        return at == 0 or not self.lines[at - 1].text or is_rule(self.lines[at - 1].text) or self._opens_sheet(at)

    def _opens_sheet(self, at: int) -> bool:
        return self.lines[at - 1].sheet != self.lines[at].sheet

    def looks_like_start(self, found: _Labelled) -> int:
        """How much the line looks like the first of a note rather than a line that happens to begin so."""
        words = self.lines[found.at].text[found.label.end :]
        before = self.lines[found.at - 1].text if found.at else ""
        points = 0
        points += not before or is_rule(before)
        points += bool(before) and (ends_sentence(before) or holds_address(before.split()[-1]))
        points -= bool(before) and before[-1] in ",;-–("
        points += bool(words) and not words[0].islower() and words[0] not in ",;.)"
        return points

    # ---- at the foot of each page

    def by_page(self) -> list[Zone]:
        by_sheet: defaultdict[int, list[_Labelled]] = defaultdict(list)
        for found in self.labelled:
            by_sheet[self.lines[found.at].sheet].append(found)
        zones: list[Zone] = []
        last: tuple[int, int] = (0, 0)
        previous_start = 0
        for sheet, (start, end) in enumerate(self.bounds):
            here = [found for found in by_sheet.get(sheet, ()) if found.at < end]
            zone = self._zone_of_page(here, sheet, start, end, previous_start, last)
            if zone:
                zones.append(zone)
                final = label_of_value(zone.notes[-1].printed)
                last = final or last
            previous_start = start
        return zones

    def _zone_of_page(
        self, here: list[_Labelled], sheet: int, start: int, end: int, previous: int, last: tuple[int, int]
    ) -> Zone | None:
        starts = [
            found
            for found in here
            if is_first(found.label.value)
            or any(follows(found.label.value, last, missing) for missing in range(_MAX_GAP + 1))
        ][-_MAX_STARTS:]
        best: tuple[float, int, list[_Labelled], list[str]] | None = None
        for first in starts:
            run, missing = self._run(first, here, start)
            continues = last != (0, 0) and not is_first(first.label.value)
            matched = sum(
                self.places.has(found.label.printed, start, first.at)
                or (continues and self.places.has(found.label.printed, previous, first.at))
                for found in run
            )
            apart = self.is_set_apart(first.at)
            if not matched or (not apart and matched < len(run)):
                continue
            skipped = 0 if not continues else first.label.value[0] - last[0] - 1
            score = (
                2.0 * matched
                - 2.0 * (len(run) - matched)
                + 1.5 * apart
                - 0.5 * self._loose_blocks(first.at, end, {found.at for found in run})
                - max(skipped, 0)
                - len(missing)
                + 0.25 * self.looks_like_start(first)
            )
            if best is None or score >= best[0]:
                best = (score, first.at, run, missing)
        if best is None or best[0] <= 0:
            return None
        notes = [NoteText(found.label.printed, found.at, found.label.end) for found in best[2]]
        zone = Zone(best[1], notes, start, sheet, best[3])
        self._share_out(zone, end)
        return zone

    def _run(self, first: _Labelled, here: list[_Labelled], body_from: int) -> tuple[list[_Labelled], list[str]]:
        """The labelled lines from *first* on whose labels rise by one, the likeliest where several could."""
        run, missing = [first], []
        rest = [found for found in here if found.at > first.at]
        while True:
            value = run[-1].label.value
            options = [found for found in rest if found.at > run[-1].at and follows(found.label.value, value)]
            gap = 0
            while not options and gap < _MAX_GAP:
                gap += 1
                options = [
                    found
                    for found in rest
                    if found.at > run[-1].at
                    and follows(found.label.value, value, gap)
                    and self.looks_like_start(found) > 1
                    and self.places.has(found.label.printed, body_from, first.at)
                ]
            if not options:
                return run, missing
            missing += [str(value[0] + 1 + place) for place in range(gap)]
            run.append(max(options, key=lambda found: (self.looks_like_start(found), -found.at)))

    def _loose_blocks(self, start: int, end: int, labelled: set[int]) -> int:
        """Blocks between *start* and *end* that no label opens."""
        return sum(
            bool(self.lines[at].text) and not self.lines[at - 1].text and at not in labelled
            for at in range(start + 1, end)
        )

    def _share_out(self, zone: Zone, end: int) -> None:
        for note, behind in zip(zone.notes, [*(note.at for note in zone.notes[1:]), end], strict=True):
            note.lines = list(range(note.at, behind))
            while note.lines and not self.lines[note.lines[-1]].text:
                note.lines.pop()

    # ---- anywhere: at the end of the text, or after the paragraphs that call them

    def anywhere(self) -> list[Zone]:
        """The notes of a text without pages: one run of rising labels, in one zone or several."""
        starts = [found for found in self.labelled if is_first(found.label.value) and self.is_set_apart(found.at)]
        starts = starts[:_MAX_STARTS] + starts[_MAX_STARTS:][-_MAX_STARTS:]
        by_value: defaultdict[tuple[int, int], list[_Labelled]] = defaultdict(list)
        for found in self.labelled:
            by_value[found.label.value].append(found)
        best: list[Zone] = []
        best_score = 0.0
        for first in reversed(starts):
            zones = self._zones_from(first, by_value)
            score = score_of(zones, self.places)
            if score > best_score:
                best, best_score = zones, score
        return best

    def _zones_from(self, first: _Labelled, by_value: dict[tuple[int, int], list[_Labelled]]) -> list[Zone]:
        zones = [self._new_zone(first, 0)]
        current = first
        while True:
            zone = zones[-1]
            following = self._next(current, zone, by_value)
            if following is None:
                break
            found, gap, opens = following
            missing = [str(current.label.value[0] + 1 + place) for place in range(gap)]
            if opens:
                zones.append(self._new_zone(found, self._zone_end(zone)))
            else:
                zone.notes.append(NoteText(found.label.printed, found.at, found.label.end))
            zones[-1].missing += missing
            current = found
        for at, zone in enumerate(zones):
            self._share_out(zone, self._zone_end(zone))
            if at:
                zone.body_from = zones[at - 1].notes[-1].lines[-1] + 1
        return zones

    def _new_zone(self, first: _Labelled, body_from: int) -> Zone:
        note = NoteText(first.label.printed, first.at, first.label.end)
        return Zone(first.at, [note], body_from, self.lines[first.at].sheet)

    def _next(
        self, current: _Labelled, zone: Zone, by_value: dict[tuple[int, int], list[_Labelled]]
    ) -> tuple[_Labelled, int, bool] | None:
        """The next labelled line, how many labels are missing before it, and whether it opens a new zone."""
        number, letter = current.label.value
        for gap in range(_MAX_GAP + 1):
            values = [(number + 1 + gap, 0), (number + 1 + gap, 1)] + ([] if gap else [(number, letter + 1)])
            options = sorted(
                (found for value in values for found in by_value.get(value, ()) if found.at > current.at),
                key=lambda found: found.at,
            )[:8]
            within: list[_Labelled] = []
            for found in options:
                label = found.label.printed
                called_before = self.places.has(label, zone.body_from, zone.start)
                touching = self._is_same_block(current.at, found.at)
                apart = self.is_set_apart(found.at)
                called_between = not touching and self.places.has(label, current.at + 1, found.at)
                if (touching and (called_before or (not gap and not called_between))) or (
                    apart and called_before and not (called_between and self._text_between(current.at, found.at))
                ):
                    within.append(found)
                elif apart and called_between:
                    return (max(within, key=self.looks_like_start), gap, False) if within else (found, gap, True)
                elif apart and not gap and not called_before and not self._text_between(current.at, found.at):
                    within.append(found)  # a note whose mark is lost
                if len(within) > 3:
                    break
            if within:
                return max(within, key=lambda found: (self.looks_like_start(found), -found.at)), gap, False
        return None

    def _is_same_block(self, first: int, second: int) -> bool:
        return all(self.lines[at].text for at in range(first, min(second, first + 200)))

    def _text_between(self, first: int, second: int) -> bool:
        """Whether a block that no label opens stands between two labelled lines."""
        labelled = (
            {found.at for found in self.labelled if first <= found.at <= second} if second - first < 400 else {first}
        )
        return any(
            self.lines[at].text and not self.lines[at - 1].text and at not in labelled
            for at in range(first + 1, second)
        )

    def _zone_end(self, zone: Zone) -> int:
        """Behind the block of the zone's last note, and what plainly goes on with it."""
        end = zone.notes[-1].at
        while True:
            while end < len(self.lines) and self.lines[end].text:
                end += 1
            behind = end
            while behind < len(self.lines) and not self.lines[behind].text:
                behind += 1
            unfinished = not ends_sentence(self.lines[end - 1].text) and not is_address(self.lines[end - 1].text)
            if behind >= len(self.lines) or not unfinished or not starts_small(self.lines[behind].text):
                return end
            end = behind


def label_of_value(printed: str) -> tuple[int, int] | None:
    label = label_of(printed + " x", "letter" if printed.isalpha() else "bare")
    return label.value if label else None


def score_of(zones: Sequence[Zone], places: Places) -> float:
    """How well *zones* explain a text: two for each note with a mark before it, less for each without."""
    total = 0.0
    for zone in zones:
        for note in zone.notes:
            total += 2.0 if places.has(note.printed, zone.body_from, zone.start) else -1.0
        total -= len(zone.missing)
    return total


def find_notes(lines: Sequence[Line], bounds: Sequence[tuple[int, int]], places: Places) -> FoundNotes:
    """The notes among *lines*; *bounds* are first place and end of each page, what belongs to no page left out."""
    best = FoundNotes([], {}, False)
    best_score = 0.0
    best_search: _Search | None = None
    for family in FAMILIES:
        search = _Search(lines, bounds, places, family)
        if not search.labelled:
            continue
        ways = [(search.anywhere(), True)]
        if len(bounds) > 1:
            ways.insert(0, (search.by_page(), False))
        for zones, at_end in ways:
            score = score_of(zones, places)
            if score > best_score:
                best, best_score, best_search = FoundNotes(zones, {}, at_end), score, search
    if best_search and not best.at_end:
        _continue_over_pages(best, lines, bounds)
    _add_signs(best, lines, bounds, places)
    _take(best, lines)
    return best


def _continue_over_pages(found: FoundNotes, lines: Sequence[Line], bounds: Sequence[tuple[int, int]]) -> None:
    """Gives notes that run over a page what stands above the first label of the next one."""
    separated = [_separator_above(lines, zone.start, bounds[zone.sheet][0]) for zone in found.zones]
    usual = max(("rule", "lone blank", "blank"), key=separated.count) if separated else "blank"
    by_sheet = {zone.sheet: zone for zone in found.zones}
    last: NoteText | None = None
    for sheet, (start, end) in enumerate(bounds):
        zone = by_sheet.get(sheet)
        if last and _is_unfinished(last, lines):
            before = zone.start if zone else end
            begin = _continuation(lines, start, before, usual, zone is not None)
            if begin is not None:
                last.lines += [at for at in range(begin, before) if lines[at].text or at > begin]
                while last.lines and not lines[last.lines[-1]].text:
                    last.lines.pop()
                if usual == "blank":
                    found.doubts.append((begin, f"whether this goes on with note {last.printed}, as was taken."))
                if zone:
                    zone.start = begin
                else:
                    found.taken.update(dict.fromkeys(range(begin, end)))
        if zone:
            last = zone.notes[-1]


def _is_unfinished(note: NoteText, lines: Sequence[Line]) -> bool:
    text = lines[note.lines[-1]].text
    return not ends_sentence(text) and not is_address(text)


def _separator_above(lines: Sequence[Line], at: int, start: int) -> str:
    """What stands right above a zone: a drawn rule, a line of one blank, a blank line, or nothing."""
    if at <= start:
        return "blank"
    above = lines[at - 1]
    if is_rule(above.text):
        return "rule"
    if not above.text:
        return "lone blank" if above.indent else "blank"
    return "nothing"


def _continuation(lines: Sequence[Line], start: int, end: int, usual: str, has_zone: bool) -> int | None:
    """Where, above *end*, the rest of an earlier note begins: under the usual separator, with no body between."""
    at = end - 1
    while at >= start and not lines[at].text:
        at -= 1
    if at < start:
        return None
    if at < end - 1 and has_zone and usual != "blank" and _separator_above(lines, end, start) == usual:
        return None  # the separator stands right above the first label
    blocks = 0
    while at >= start:
        top = at
        while top > start and lines[top - 1].text and not is_rule(lines[top - 1].text):
            top -= 1
        blocks += 1
        separator = _separator_above(lines, top, start)
        if usual != "blank":
            if separator == usual and top > start:
                return top
        else:
            body_above = any(lines[place].text for place in range(start, top))
            return top if body_above and starts_small(lines[top].text) and has_zone else None
        at = top - 1
        while at >= start and not lines[at].text:
            at -= 1
        if blocks > 3:
            return None
    return None


def _add_signs(found: FoundNotes, lines: Sequence[Line], bounds: Sequence[tuple[int, int]], places: Places) -> None:
    """Adds notes marked * † ‡ at the foot of pages, above numbered ones or between them."""
    by_sheet = {zone.sheet: zone for zone in found.zones} if not found.at_end else {}
    ends_at = {zone.start for zone in found.zones}
    for sheet, (start, end) in enumerate(bounds):
        zone = by_sheet.get(sheet)
        foot = zone.start if zone else min((at for at in ends_at if start <= at < end), default=end)
        signed = _signed_above(lines, start, foot, places)
        if signed:
            for note, behind in zip(signed, [*(note.at for note in signed[1:]), foot], strict=True):
                note.lines = list(range(note.at, behind))
                while not lines[note.lines[-1]].text:
                    note.lines.pop()
            found.zones.append(Zone(signed[0].at, signed, start, sheet))
        if zone:
            _split_at_signs(zone, lines, start, places)
    found.zones.sort(key=lambda zone: zone.start)


def _signed_above(lines: Sequence[Line], start: int, end: int, places: Places) -> list[NoteText]:
    """Notes with signs in the last blocks above *end*."""
    signed: list[NoteText] = []
    at = end
    while at > start:
        while at > start and (not lines[at - 1].text or is_rule(lines[at - 1].text)):
            at -= 1
        top = at
        while top > start and lines[top - 1].text and not is_rule(lines[top - 1].text):
            top -= 1
        block: list[NoteText] = []
        for place in range(top, at):
            label = sign_of(lines[place].text)
            if label and places.has(label.printed, start, top):
                block.append(NoteText(label.printed, place, label.end))
        if not block or block[0].at != top:
            # Signs may also open the last lines of a block of text, with nothing between.
            block = block if not signed and block and _all_different(block) and block[0].at > top + 1 else []
            signed = block + signed
            break
        signed = block + signed
        at = top
    return signed if _all_different(signed) else []


def _all_different(notes: Sequence[NoteText]) -> bool:
    return len({note.printed for note in notes}) == len(notes)


def _split_at_signs(zone: Zone, lines: Sequence[Line], start: int, places: Places) -> None:
    notes: list[NoteText] = []
    used: set[str] = set()
    for note in zone.notes:
        notes.append(note)
        for place in list(note.lines[1:]):
            label = sign_of(lines[place].text)
            if label and label.printed not in used and places.has(label.printed, start, zone.start):
                used.add(label.printed)
                rest = [at for at in notes[-1].lines if at >= place]
                notes[-1].lines = [at for at in notes[-1].lines if at < place]
                notes.append(NoteText(label.printed, place, label.end, rest))
    zone.notes = notes


def _take(found: FoundNotes, lines: Sequence[Line]) -> None:
    """Writes down which lines the body loses, the rules and the heading above notes among them."""
    for zone in found.zones:
        for note in zone.notes:
            found.taken.update(dict.fromkeys(note.lines))
        at = zone.start - 1
        while at >= 0 and not lines[at].text:
            at -= 1
        if at >= 0 and is_rule(lines[at].text):
            found.taken[at] = "the rule above the notes."
            at -= 1
            while at >= 0 and not lines[at].text:
                at -= 1
        if at >= 0 and _heads_notes(lines[at].text) and at not in found.taken:
            found.taken[at] = (
                f"the heading of the notes ({lines[at].text[:60]}): what stood under it are the footnotes."
            )


def _heads_notes(text: str) -> bool:
    return text.casefold().rstrip(" :.").strip() in _ENDNOTE_HEADINGS and not bullet_of(text)
