"""Puts each note's mark back at its word, and says what is doubtful about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus.layout.lines import Line, Mark
from corpus.layout.marks import LIKELY, PLAIN, Place, Places, assign, rivals
from corpus.layout.notes import FoundNotes
from corpus.layout.report import Report


def name_notes(found: FoundNotes) -> None:
    """Labels: the mark itself, and where a mark comes again, `1/2`: the second note marked 1."""
    times: Counter[str] = Counter()
    for zone in found.zones:
        for note in zone.notes:
            times[note.printed] += 1
            note.label = note.printed if times[note.printed] == 1 else f"{note.printed}/{times[note.printed]}"


def place_marks(
    found: FoundNotes, lines: Sequence[Line], bounds: Sequence[tuple[int, int]], places: Places, report: Report
) -> None:
    """Puts the marks of all notes on their lines, and into *report* where each stands and what is doubtful."""
    used: set[tuple[int, int]] = set()  # line and offset of the marks that are placed

    def free(label: str, first: int, end: int) -> list[Place]:
        return [
            place
            for place in places.between(label, first, end)
            if place.line not in found.taken and (place.line, place.start) not in used
        ]

    for zone in found.zones:
        notes = zone.notes
        first, end = zone.body_from, zone.start
        rows = [free(note.printed, first, end) for note in notes]
        chosen = assign([note.label for note in notes], rows)
        for index, note in enumerate(notes):
            place = chosen.get(index)
            earlier = any(other < index for other in chosen)
            if place is None and not earlier and zone.sheet and not found.at_end:
                # A note can be printed a page late: taken when exactly one place there fits.
                late = [p for p in free(note.printed, bounds[zone.sheet - 1][0], first) if p.weight >= LIKELY]
                place = late[0] if len(late) == 1 else None
            if place is None:
                report.doubt(
                    lines[note.at].number,
                    f"where note {note.printed} belongs: no mark was found for it. It stands in the document uncalled.",
                )
                continue
            chosen[index] = place
            used.add((place.line, place.start))
            lines[place.line].marks.append(Mark(place.start, place.end, note.label))
            where = lines[place.line].number
            report.did(where, f"mark {note.printed} of the note on line {lines[note.at].number}.")
            others = rivals(index, chosen, rows[index], len(notes))
            if place.weight < LIKELY:
                report.doubt(where, f"whether this is mark {note.printed}, as was taken: {_context(lines, place)}.")
            elif others:
                listed = "; ".join(f"line {lines[o.line].number}: {_context(lines, o)}" for o in others[:3])
                report.doubt(
                    where, f"whether mark {note.printed} stands here ({_context(lines, place)}), or in {listed}."
                )
        for label in zone.missing:
            missed = [p for p in places.between(label, first, end) if p.weight >= LIKELY]
            used.update((p.line, p.start) for p in missed)
            at = lines[missed[0].line].number if missed else lines[zone.notes[0].at].number
            seen = "Its mark was left in the text as printed." if missed else "No mark of it was found either."
            report.doubt(at, f"note {label} has no text, though notes before and behind it have. {seen}")
    _doubt_marks_without_notes(found, lines, places, used, report)
    for at, message in found.doubts:
        report.doubt(lines[at].number, message)
    for line in lines:
        line.marks.sort(key=lambda mark: mark.start)


def _doubt_marks_without_notes(
    found: FoundNotes, lines: Sequence[Line], places: Places, used: set[tuple[int, int]], report: Report
) -> None:
    """Says where something stands that looks for all the world like a mark, and no note of it is left."""
    known = {note.printed for zone in found.zones for note in zone.notes}
    for place in places.plain(PLAIN):
        inside = any(place.start < mark.end and mark.start < place.end for mark in lines[place.line].marks)
        if place.line in found.taken or (place.line, place.start) in used or inside:
            continue
        why = "that note is called elsewhere" if place.label in known else "no note of it was found"
        report.doubt(
            lines[place.line].number,
            f"whether {place.label} is a mark here: {_context(lines, place)}. "
            f"It was left in the text as printed: {why}.",
        )


def _context(lines: Sequence[Line], place: Place) -> str:
    text = lines[place.line].text
    return f"“{text[max(place.start - 30, 0) : place.end + 10]}”"
