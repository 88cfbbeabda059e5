"""Takes running heads, feet and page numbers off pages that form feeds part."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.layout.lines import Line, ends_sentence, trimmed
from corpus.layout.page_numbers import NOTE_LABEL, PageNumber, folded, page_numbers_in, stands_apart, to_roman
from corpus.layout.report import Report

MAX_TITLE_LINES = 3
MAX_TITLE_LINE = 70  # characters; a longer line is one of running text
EDGE_LINES = 5  # printed lines at the head or foot of a page that can be running ones
_FAR_APART = re.compile(r"\s{3,}")


@dataclass(slots=True)
class Sheet:
    """One page: its lines, running ones gone, and what it is called (None: the text does not say)."""

    lines: list[Line] = field(default_factory=list)
    number: int | str | None = None
    heads: tuple[str, ...] = ()  # the running heads that were taken off, as printed


@dataclass(slots=True)
class _Running:
    """What is printed on page after page, as the edges of all pages show it."""

    repeated: dict[str, set[str]]  # "head" or "foot" -> folded lines on two pages and more
    repeated_rests: dict[str, set[str]]  # the same for lines that bear the page's number
    offset: int | None  # printed number minus place
    roman_offset: int | None
    shapes: dict[str, set[str]]  # lines that differ in nothing but numbers from page to page
    titles: set[str]  # folded lines and blocks of the first page, which later heads repeat beside a number

    def page_number(self, text: str, side: str, place: int) -> PageNumber | None:
        """The number of the page at *place* that *text* bears; None where it bears none."""
        for number in page_numbers_in(text):
            offset = self.roman_offset if number.roman else self.offset
            known = not number.rest or number.rest in self.repeated_rests[side] or stands_aside(text, number.value)
            known = known or (side == "head" and number.rest in self.titles)
            if offset is not None and number.value == place + offset and known:
                return number
        return None


def stands_aside(text: str, value: int) -> bool:
    """Whether the number stands at an end of its line, far from the words: `122      THE REVIEW      [Vol. 12:121`."""
    pieces = _FAR_APART.split(text)
    return len(pieces) > 1 and str(value) in (pieces[0], pieces[-1])


def _shape(text: str) -> str:
    """A line with its digits unread, where numbers stand far apart from words in it; "" for another line."""
    if _FAR_APART.search(text) is None or not any(c.isdigit() for c in text):
        return ""
    return re.sub(r"\d+", "#", folded(text))


def _edges(page: Sequence[Line], side: str) -> list[Line]:
    """The printed lines nearest to an edge of *page*, outermost first."""
    ordered = page if side == "head" else reversed(page)
    found: list[Line] = []
    for line in ordered:
        if line.text:
            found.append(line)
            if len(found) == EDGE_LINES:
                break
    return found


def _pieces(text: str) -> set[str]:
    """A line, folded, and what stands in it far apart: a symbol at the right of the publisher's name."""
    apart = [piece for piece in _FAR_APART.split(text) if sum(c.isalnum() for c in piece) > 3]
    return {folded(text), *(folded(piece) for piece in apart)} if len(apart) > 1 else {folded(text)}


def _running(pages: Sequence[Sequence[Line]]) -> _Running:
    texts: dict[str, defaultdict[str, set[int]]] = {side: defaultdict(set) for side in ("head", "foot")}
    shapes: dict[str, defaultdict[str, set[int]]] = {side: defaultdict(set) for side in ("head", "foot")}
    rests: dict[str, defaultdict[tuple[str, int], set[int]]] = {side: defaultdict(set) for side in ("head", "foot")}
    offsets: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    alone: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    aside: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    apart: set[tuple[int, bool]] = set()
    for place, page in enumerate(pages):
        for side in ("head", "foot"):
            for line in _edges(page, side):
                for text in _pieces(line.text):
                    texts[side][text].add(place)
                if shape := _shape(line.text):
                    shapes[side][shape].add(place)
                for number in page_numbers_in(line.text):
                    key = (number.value - place, number.roman)
                    offsets[key].add(place)
                    if stands_aside(line.text, number.value):
                        aside[key].add(place)
                    if number.rest:
                        rests[side][(number.rest, number.value - place)].add(place)
                    else:
                        alone[key].add(place)
                        if stands_apart(page, next(at for at, other in enumerate(page) if other is line)):
                            apart.add(key)

    def best(roman: bool) -> int | None:
        # A number alone, or far from the words of its line, speaks twice: a line may begin or end with any other.
        votes = Counter(
            {
                key[0]: len(found) + len(alone[key]) + len(aside[key])
                for key, found in offsets.items()
                if key[1] is roman
            }
        )
        if not votes:
            return None
        offset, _ = min(votes.items(), key=lambda vote: (-vote[1], abs(vote[0] - 1)))
        key = (offset, roman)
        # Two pages agree, or the only number there is says what counting says.
        return offset if len(offsets[key]) > 1 or (key in apart and offset == 1) else None

    offset = best(False)
    return _Running(
        {side: {text for text, found in texts[side].items() if len(found) > 1} for side in texts},
        # Only beside numbers that rise with the pages: "2 Ibid." on every page bears none.
        {
            side: {rest for (rest, at), found in rests[side].items() if at == offset and len(found) > 1}
            for side in rests
        },
        offset,
        best(True),
        {side: {shape for shape, found in shapes[side].items() if 2 * len(found) > len(pages)} for side in shapes},
        _titles(pages[0]),
    )


def _titles(page: Sequence[Line]) -> set[str]:
    """What of the first page a running head may repeat: its short lines, and blocks of up to three of them."""
    found: set[str] = set()
    block: list[Line] = []
    for line in [*page, Line(0, 0, "")]:
        if line.text:
            block.append(line)
        else:
            if len(block) <= MAX_TITLE_LINES:
                found.update(folded(other.text) for other in block if not ends_sentence(other.text))
                found.add(folded(" ".join(other.text for other in block)))
            block = []
    return found - {""}


def without_running_lines(pages: list[list[Line]], report: Report) -> list[Sheet]:
    running = _running(pages)
    sheets: list[Sheet] = []
    for place, page in enumerate(pages):
        sheet = Sheet(page)
        taken: dict[int, str] = {}  # number of a source line -> why it goes
        for side in ("head", "foot"):
            for line in _edges(page, side):
                number = running.page_number(line.text, side, place)
                if number:
                    sheet.number = to_roman(number.value) if number.roman else number.value
                elif _shape(line.text) in running.shapes[side]:
                    pass
                elif not running.repeated[side].intersection(_pieces(line.text)) or _is_text(
                    line, side, place, page, running
                ):
                    break
                if side == "head":
                    sheet.heads += (line.text,)
                what = f"the page number ({line.text})" if number else f"a running line ({line.text[:60]})"
                taken.setdefault(line.number, f"{what}, at the {side} of page {place + 1}.")
        if sheet.number is None and (under := _number_under_title(page, running, place)):
            sheet.number = place + running.offset if running.offset is not None else None
            taken[under.number] = f"the page number ({under.text}), under the title of page {place + 1}."
        if all(line.number in taken for line in page if line.text and not page_numbers_in(line.text)):
            # Pages that are alike from head to foot hold text, however often it comes.
            taken = {number: why for number, why in taken.items() if why.startswith("the page number")}
        for number_of_line, why in taken.items():
            report.left_out(number_of_line, why)
        sheet.lines = [line for line in page if not line.text or line.number not in taken]
        sheets.append(sheet)
    return sheets


def _number_under_title(page: Sequence[Line], running: _Running, place: int) -> Line | None:
    """The line under a title at the head of a page that holds nothing but the page's number; None without one."""
    for line in _edges(page, "head")[: MAX_TITLE_LINES + 1]:
        found = [one for one in page_numbers_in(line.text) if not one.rest and not one.roman]
        if found and running.offset is not None and found[0].value == place + running.offset:
            at = next(at for at, other in enumerate(page) if other is line)
            return line if stands_apart(page, at) and at + 1 < len(page) and not page[at + 1].text else None
        if len(line.text) > MAX_TITLE_LINE or ends_sentence(line.text):
            return None
    return None


def _is_text(line: Line, side: str, place: int, page: Sequence[Line], running: _Running) -> bool:
    """Whether a line that other pages repeat is this page's text: a note such as "2 Ibid.", or the title itself."""
    if side == "foot":
        return bool(NOTE_LABEL.match(line.text)) or ends_sentence(line.text)
    if place:
        return False
    if line.text and folded(line.text) not in running.repeated[side]:
        return False  # only a piece of it is on other pages: no title is printed so
    below = [other for other in trimmed(page) if other is not line][:1]
    return not (below and folded(below[0].text) in running.repeated["head"]) and not _holds_title(line, page)


def _holds_title(line: Line, page: Sequence[Line]) -> bool:
    """Whether under *line*, on the first page, a title of its own stands."""
    at = next(index for index, other in enumerate(page) if other is line)
    rest = trimmed(page[at + 1 :])
    if rest and page_numbers_in(rest[0].text) and not page_numbers_in(rest[0].text)[0].rest:
        rest = trimmed(rest[1:])
    block: list[Line] = []
    for other in rest:
        if not other.text:
            break
        block.append(other)
    size = sum(len(other.text) for other in block)
    return bool(block) and len(block) <= 3 and size <= 200 and not ends_sentence(block[-1].text)


def numbered(sheets: list[Sheet], report: Report) -> list[Sheet]:
    """Gives each sheet a number: the printed one, else one between its neighbours, else its place."""
    places = {place: sheet.number for place, sheet in enumerate(sheets) if isinstance(sheet.number, int)}
    offset = next((number - place for place, number in places.items()), 1)
    first_printed = min(places, default=0)
    for place, sheet in enumerate(sheets):
        if sheet.number is None and place + offset > 0:
            sheet.number = place + offset
            if places and place < first_printed and any(isinstance(other.number, str) for other in sheets):
                sheet.number = None
        for line in sheet.lines:
            line.sheet = place
    if not places and len(sheets) > 1:
        report.did(0, "pages are counted by form feeds from 1: no number is printed on them.")
    return sheets
