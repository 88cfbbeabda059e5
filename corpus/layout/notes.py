"""Tells the notes of a printed text from its body: at the foot of each page, among the text, or at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.layout.lines import (
    Line,
    bullet_of,
    ends_sentence,
    is_address,
    is_rule,
    starts_small,
)
from corpus.layout.marks import Places
from corpus.layout.note_labels import FAMILIES, sign_of
from corpus.layout.note_search import NoteText, Search, Zone, score_of

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
class FoundNotes:
    """All notes of a text. `taken` are the places that the body loses, each with the reason if nobody keeps it."""

    zones: list[Zone]
    taken: dict[int, str | None]
    at_end: bool  # the notes are endnotes, or stand among the text: a mark can be pages away
    doubts: list[tuple[int, str]] = field(default_factory=list)  # (place, message)


def find_notes(lines: Sequence[Line], bounds: Sequence[tuple[int, int]], places: Places) -> FoundNotes:
    """The notes among *lines*; *bounds* are first place and end of each page, what belongs to no page left out."""
    best = FoundNotes([], {}, False)
    best_score = 0.0
    best_search: Search | None = None
    for family in FAMILIES:
        search = Search(lines, bounds, places, family)
        if not search.labelled:
            continue
        for at_end in (False, True) if len(bounds) > 1 else (True,):
            if search.most() <= best_score:
                break
            zones = search.anywhere() if at_end else search.by_page()
            score = score_of(zones, places, family)
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
    noted: dict[int, int] = {}  # sheet -> the first of its lines that a note has
    for at in sorted((at for zone in found.zones for note in zone.notes for at in note.lines), reverse=True):
        noted[lines[at].sheet] = at
    for sheet, (start, end) in enumerate(bounds):
        zone = by_sheet.get(sheet)
        foot = noted.get(sheet, end)
        signed = _signed_above(lines, start, foot, places)
        if signed:
            for note, behind in zip(signed, [*(note.at for note in signed[1:]), foot], strict=True):
                note.lines = list(range(note.at, behind))
                while not lines[note.lines[-1]].text:
                    note.lines.pop()
            found.zones.append(Zone(signed[0].at, signed, start, sheet))
        if zone:
            _split_at_signs(zone, lines, start, places)
    if found.at_end:
        for zone in found.zones:
            _split_at_signs(zone, lines, zone.body_from, places)
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
