"""Finds the pages of a printed text and takes off what stands on every page: running heads, feet and page numbers.

Form feeds say where pages end. Without them a page is known by its printed number (a sequence that rises by one from
page to page) or by the blank that some extractors leave before the first word of each page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpus.layout_lines import Line, ends_sentence, fill_width, is_address, measured, starts_small, trimmed
from corpus.layout_report import Report
from corpus.readers.printed_text import PrintedText

EDGE_LINES = 5  # printed lines at the head or foot of a page that can be running ones
FAR_INDENT = 20  # columns: further in than any paragraph
MIN_LINES_BETWEEN_NUMBERS = 5  # a page holds more lines than that; a column of figures does not

_ALONE = re.compile(
    r"[-–—\[(|~\s]*(?:(?:page|p\.?|pp\.?|pg\.?)\s*)?(?P<value>\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|/)\s*\d{1,4})?[-–—\])|~\s]*",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:page\s+)?(?P<value>\d{1,4})(?:\s+of\s+\d{1,4})?(?:\s*[|•·–—-]\s*|\s+)(?P<rest>\S.*)", re.I)
_BEHIND = re.compile(
    r"(?P<rest>.*?\S)(?:\s*[|•·–—-]\s*|,?\s+)(?:(?:page|p\.)\s*)?(?P<value>\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?", re.I
)
_NUMBERED_HEADING = re.compile(
    r"(?:article|chapter|part|section|book|title|rule|case|exhibit|appendix|annex|schedule|table|figure|item|no\.?)\s+\d",
    re.IGNORECASE,
)
_NOTE_LABEL = re.compile(r"(?:[\[(]?\d{1,4}[a-z]?[\]).]?|[*†‡§¶]{1,4})\s+\S")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True)
class Sheet:
    """One page: its lines, running ones gone, and what it is called (None: the text does not say)."""

    lines: list[Line] = field(default_factory=list)
    number: int | str | None = None


@dataclass(frozen=True, slots=True)
class _PageNumber:
    value: int
    rest: str  # what else stands in the line, folded; "" for a number alone
    roman: bool


def sheets_of(printed: PrintedText, report: Report) -> list[Sheet]:
    """The pages of *printed* in order; one page without a number where none can be told."""
    for number in printed.unprintable:
        report.did(number, "signs that no page shows (control characters) became blanks.")
    lines = [measured(line.number, line.text, line.page) for line in printed.lines]
    if lines[-1].sheet:
        pages = _by_form_feed(lines)
        if len(pages) > 1:
            return _numbered(_without_edges(pages, report), report)
        lines = pages[0]
        for line in lines:
            line.sheet = 0
    found = _by_printed_numbers(lines, report) or _by_leading_blanks(lines, report) or [Sheet(lines)]
    for place, sheet in enumerate(found):
        for line in sheet.lines:
            line.sheet = place
    return found


def _by_form_feed(lines: Sequence[Line]) -> list[list[Line]]:
    pages: list[list[Line]] = [[]]
    for line in lines:
        while line.sheet >= len(pages):
            pages.append([])
        pages[line.sheet].append(line)
    while len(pages) > 1 and not any(line.text for line in pages[-1]):
        pages.pop()
    return pages


# ---- with form feeds: what stands at the edges


def _numbers_in(text: str) -> list[_PageNumber]:
    """The readings of *text* as a line that bears a page number, likeliest first."""
    if len(text) > 200:
        return []
    found: list[_PageNumber] = []
    if alone := _ALONE.fullmatch(text):
        value = alone["value"]
        if value.isdigit():
            found.append(_PageNumber(int(value), "", False))
        elif value.islower() and (roman := roman_value(value)):
            found.append(_PageNumber(roman, "", True))
        return found
    if _NUMBERED_HEADING.match(text):
        return found
    for pattern in (_BEFORE, _BEHIND):
        if (match := pattern.fullmatch(text)) and any(c.isalpha() for c in match["rest"]):
            found.append(_PageNumber(int(match["value"]), _folded(match["rest"]), False))
    return found


def roman_value(numeral: str) -> int | None:
    """The value of a small or capital roman numeral up to 399; None when it is not written as Romans count."""
    total = previous = 0
    for sign in reversed(numeral.lower()):
        value = _ROMAN.get(sign)
        if value is None:
            return None
        total += value if value >= previous else -value
        previous = max(previous, value)
    return total if total > 0 and to_roman(total) == numeral.lower() else None


def to_roman(value: int) -> str:
    parts = []
    signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    for size, sign in signs:
        parts.append(sign * (value // size))
        value %= size
    return "".join(parts)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


@dataclass(slots=True)
class _Running:
    """What is printed on page after page, as the edges of all pages show it."""

    repeated: dict[str, set[str]]  # "head" or "foot" -> folded lines on two pages and more
    repeated_rests: dict[str, set[str]]  # the same for lines that bear the page's number
    offset: int | None  # printed number minus place
    roman_offset: int | None

    def page_number(self, text: str, side: str, place: int) -> _PageNumber | None:
        """The number of the page at *place* that *text* bears; None where it bears none."""
        for number in _numbers_in(text):
            offset = self.roman_offset if number.roman else self.offset
            known = not number.rest or number.rest in self.repeated_rests[side]
            if offset is not None and number.value == place + offset and known:
                return number
        return None


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


def _running(pages: Sequence[Sequence[Line]]) -> _Running:
    texts: dict[str, defaultdict[str, set[int]]] = {side: defaultdict(set) for side in ("head", "foot")}
    rests: dict[str, defaultdict[tuple[str, int], set[int]]] = {side: defaultdict(set) for side in ("head", "foot")}
    offsets: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    alone: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    apart: set[tuple[int, bool]] = set()
    for place, page in enumerate(pages):
        for side in ("head", "foot"):
            for line in _edges(page, side):
                texts[side][_folded(line.text)].add(place)
                for number in _numbers_in(line.text):
                    key = (number.value - place, number.roman)
                    offsets[key].add(place)
                    if number.rest:
                        rests[side][(number.rest, number.value - place)].add(place)
                    else:
                        alone[key].add(place)
                        if _stands_apart(page, next(at for at, other in enumerate(page) if other is line)):
                            apart.add(key)

    def best(roman: bool) -> int | None:
        votes = Counter({key[0]: len(found) + len(alone[key]) for key, found in offsets.items() if key[1] is roman})
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
    )


def _without_edges(pages: list[list[Line]], report: Report) -> list[Sheet]:
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
                elif _folded(line.text) not in running.repeated[side] or _is_text(line, side, place, page, running):
                    break
                what = f"the page number ({line.text})" if number else f"a running line ({line.text[:60]})"
                taken.setdefault(line.number, f"{what}, at the {side} of page {place + 1}.")
        if all(line.number in taken for line in page if line.text and not _numbers_in(line.text)):
            # Pages that are alike from head to foot hold text, however often it comes.
            taken = {number: why for number, why in taken.items() if why.startswith("the page number")}
        for number_of_line, why in taken.items():
            report.left_out(number_of_line, why)
        sheet.lines = [line for line in page if not line.text or line.number not in taken]
        sheets.append(sheet)
    return sheets


def _is_text(line: Line, side: str, place: int, page: Sequence[Line], running: _Running) -> bool:
    """Whether a line that other pages repeat is this page's text: a note such as "2 Ibid.", or the title itself."""
    if side == "foot":
        return bool(_NOTE_LABEL.match(line.text)) or ends_sentence(line.text)
    if place:
        return False
    below = [other for other in trimmed(page) if other is not line][:1]
    return not (below and _folded(below[0].text) in running.repeated["head"]) and not _holds_title(line, page)


def _holds_title(line: Line, page: Sequence[Line]) -> bool:
    """Whether under *line*, on the first page, a title of its own stands."""
    at = next(index for index, other in enumerate(page) if other is line)
    rest = trimmed(page[at + 1 :])
    block: list[Line] = []
    for other in rest:
        if not other.text:
            break
        block.append(other)
    size = sum(len(other.text) for other in block)
    return bool(block) and len(block) <= 3 and size <= 200 and not ends_sentence(block[-1].text)


def _numbered(sheets: list[Sheet], report: Report) -> list[Sheet]:
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


# ---- without form feeds


def _by_printed_numbers(lines: list[Line], report: Report) -> list[Sheet]:
    """The pages that a sequence of printed page numbers makes; none where there is no such sequence."""
    groups: defaultdict[tuple[str, bool], list[tuple[int, int]]] = defaultdict(list)
    for at, line in enumerate(lines):
        for number in _numbers_in(line.text) if line.text else ():
            if number.rest and not _interrupts(lines, at):
                continue
            groups[(_shape(line.text) if not number.rest else number.rest, number.roman)].append((at, number.value))
    found: list[tuple[int, int]] = []
    for key, numbers in groups.items():
        sequence = _rising(numbers, lines)
        # A number alone in the middle or at the right of its line is one of a page; at the margin it may be a figure.
        aside = all(lines[at].indent >= FAR_INDENT for at, _ in sequence)
        enough = 1 if aside and key[0] == "#" else 3 if key[0] == "#" else 2
        if len(sequence) >= enough and not key[1] and len(sequence) > len(found):
            found = sequence
    if not found:
        return []
    # The numbers of other groups (left and right pages differ) that fit between.
    known = dict(found)
    by_value = {value: at for at, value in found}
    for at, value in (entry for numbers in groups.values() for entry in numbers):
        before, behind = by_value.get(value - 1), by_value.get(value + 1)
        if at in known or value in by_value or (before is None and behind is None):
            continue
        if (before is None or before < at) and (behind is None or at < behind):
            known[at] = value
            by_value[value] = at
    return _cut_at_numbers(lines, sorted(known.items()), report)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", _folded(text))


def _stands_apart(lines: Sequence[Line], at: int) -> bool:
    """Whether a blank line, or the text's end, is on at least one side."""
    return at == 0 or at + 1 == len(lines) or not lines[at - 1].text or not lines[at + 1].text


def _interrupts(lines: Sequence[Line], at: int) -> bool:
    """Whether a line breaks into a sentence, says "page" itself, or stands at an end of the text."""
    if re.search(r"\bpage\b|\|", lines[at].text, re.IGNORECASE):
        return True
    above, below = at - 1, at + 1
    while above >= 0 and not lines[above].text:
        above -= 1
    while below < len(lines) and not lines[below].text:
        below += 1
    if above < 0 or below == len(lines):
        return True
    return _stands_apart(lines, at) and (not ends_sentence(lines[above].text) or starts_small(lines[below].text))


def _rising(numbers: Iterable[tuple[int, int]], lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The longest run of *numbers* (place, value) that rises by one from page to page, pages long enough apart."""
    best_ending: dict[int, tuple[int, int, int | None]] = {}  # value -> (length, place, the place before)
    chain: dict[int, tuple[int, int | None]] = {}
    best: tuple[int, int] | None = None
    for at, value in numbers:
        length, previous = 1, None
        if (before := best_ending.get(value - 1)) and at - before[1] > MIN_LINES_BETWEEN_NUMBERS:
            length, previous = before[0] + 1, before[1]
        chain[at] = (value, previous)
        if value not in best_ending or length >= best_ending[value][0]:
            best_ending[value] = (length, at, previous)
        if best is None or length > best[0]:
            best = (length, at)
    found: list[tuple[int, int]] = []
    at_ = best[1] if best else None
    while at_ is not None:
        value, previous = chain[at_]
        found.append((at_, value))
        at_ = previous
    return found[::-1]


def _cut_at_numbers(lines: list[Line], numbers: list[tuple[int, int]], report: Report) -> list[Sheet]:
    """Pages cut at their printed *numbers*, with the running lines next to these taken off."""
    clusters = [_neighbours(lines, at) for at, _ in numbers]
    counts = Counter(text for cluster in clusters for text in {_folded(lines[at].text) for at in cluster})
    taken = {at: which for which, (at, _) in enumerate(numbers)}  # place of a running line -> its page number
    for which, ((at, _), cluster) in enumerate(zip(numbers, clusters, strict=True)):
        for side in (cluster[: cluster.index(at)][::-1], cluster[cluster.index(at) + 1 :]):
            for other in side:
                if other in taken or counts[_folded(lines[other].text)] < 2 or _NOTE_LABEL.match(lines[other].text):
                    break
                taken[other] = which
    spans = [(at, at) for at, _ in numbers]
    for place, which in taken.items():
        spans[which] = (min(spans[which][0], place), max(spans[which][1], place))
    first_printed = next(at for at, line in enumerate(lines) if line.text)
    text_before = first_printed < spans[0][0]
    text_behind = any(line.text for line in lines[spans[-1][1] + 1 :])
    first_value = numbers[0][1]
    nearness = sum(_blanks(lines, last + 1, 1) - _blanks(lines, first - 1, -1) for first, last in spans)
    heads = not text_before or (text_behind and (nearness < 0 or (nearness == 0 and first_value != 1)))
    if text_before and text_behind and not nearness:
        report.doubt(
            lines[numbers[0][0]].number,
            f"whether printed page numbers stand at the {'head' if heads else 'foot'} of their pages, as was taken, "
            f"or at the {'foot' if heads else 'head'}: text stands before the first and after the last.",
        )
    sheets: list[Sheet] = []
    start = 0
    for (_, value), (first, last) in zip(numbers, spans, strict=True):
        number = value - 1 if heads else value
        if not sheets and first_printed >= first:
            start = last + 1
            continue
        sheets.append(Sheet(lines[start:first], number if number > 0 else None))
        start = last + 1
    if any(line.text for line in lines[start:]):
        sheets.append(Sheet(lines[start:], numbers[-1][1] + (0 if heads else 1)))
    number_places = {at for at, _ in numbers}
    for at in sorted(taken):
        is_number = at in number_places
        what = "the page number" if is_number else "a running line"
        report.left_out(lines[at].number, f"{what} ({lines[at].text[:60]}), where a page ends.")
    report.did(0, f"{len(sheets)} pages were told by their printed numbers; there are no form feeds.")
    return sheets


def _blanks(lines: Sequence[Line], at: int, step: int) -> int:
    """How many blank lines follow in one direction, up to three."""
    count = 0
    while 0 <= at < len(lines) and not lines[at].text and count < 3:
        count += 1
        at += step
    return count


def _neighbours(lines: Sequence[Line], at: int) -> list[int]:
    """The places of up to three printed lines on either side of *at*, with it, in order."""
    found = [at]
    for step in (-1, 1):
        place, count = at + step, 0
        while 0 <= place < len(lines) and count < 3 and abs(place - at) < 12:
            if lines[place].text:
                found.append(place)
                count += 1
            place += step
    return sorted(found)


def _by_leading_blanks(lines: list[Line], report: Report) -> list[Sheet]:
    """The pages of an extractor that sets one blank before each page's first word; none where it is not so.

    It is so when nearly no other line is indented, pages are long, and most of the lines in question follow footnotes
    or addresses, or break into a sentence.
    """
    printed = [at for at, line in enumerate(lines) if line.text]
    starts = [at for at in printed if lines[at].indent == 1]
    deeper = sum(lines[at].indent > 1 for at in printed)
    inner = [at for at in starts if at != printed[0]]
    if not inner or deeper > len(printed) // 50 or len(starts) * 4 > len(printed):
        return []
    vouched = sum(_follows_page_foot(lines, at) for at in inner)
    if vouched * 2 < len(inner):
        return []
    bounds = [printed[0], *inner]
    sheets = [
        Sheet(lines[start:end], place)
        for place, (start, end) in enumerate(zip(bounds, [*bounds[1:], len(lines)], strict=True), 1)
    ]
    report.did(0, "pages are told by the blank that the extractor left before the first word of each.")
    return _with_printed_breaks(sheets, fill_width(lines), report)


def _follows_page_foot(lines: Sequence[Line], at: int) -> bool:
    """Whether what stands before the line at *at* looks like the foot of a page."""
    before = at - 1
    while before >= 0 and not lines[before].text:
        before -= 1
    if before < 0:
        return False
    if is_address(lines[before].text):
        return True
    for line in lines[max(before - 40, 0) : before + 1][::-1]:
        if _NOTE_LABEL.match(line.text):
            return True
        if not line.text and line.indent:
            break
    return not ends_sentence(lines[before].text)


def _with_printed_breaks(sheets: list[Sheet], width: int, report: Report) -> list[Sheet]:
    """*sheets* cut again where a running head with the very number that is due stands between notes and text."""
    found: list[Sheet] = []
    for sheet in sheets:
        rest = sheet.lines
        while (cut := _printed_break(rest, len(found) + 1, width)) is not None:
            first, last = cut
            page = int(rest[last].text)
            for line in rest[first : last + 1]:
                if line.text:
                    what = "the page number" if line is rest[last] else "a running line"
                    report.left_out(line.number, f"{what} ({line.text[:60]}), of page {page}.")
            before, rest = rest[:first], rest[last + 1 :]
            if not any(line.text for line in rest):
                rest = before  # it stands at the foot, or the next page begins with a blank as well
                break
            found.append(Sheet(before, len(found) + 1))
        found.append(Sheet(rest, len(found) + 1))
    return found


def _printed_break(lines: Sequence[Line], page: int, width: int) -> tuple[int, int] | None:
    """First and last place of running lines, behind notes, that end with the number of *page* or of the next.

    The number of *page* itself counts only at the end of its lines, where a foot stands.
    """
    noted = False
    last = max((at for at, line in enumerate(lines) if line.text), default=0)
    for at, line in enumerate(lines):
        noted = noted or (_NOTE_LABEL.match(line.text) is not None and at > 0 and not lines[at - 1].text)
        due = (str(page), str(page + 1)) if at == last else (str(page + 1),)
        if (not noted and at != last) or line.text not in due or (at + 1 < len(lines) and lines[at + 1].text):
            continue
        first = at
        place = at - 1
        printed = blanks = 0
        while place >= 0 and printed < 4:
            text = lines[place].text
            if not text:
                blanks += 1
                if blanks > 1:
                    break
            elif is_address(text) or ends_sentence(text) or len(text) > width // 2 or _NOTE_LABEL.match(text):
                break
            else:
                blanks = 0
                printed += 1
                first = place
            place -= 1
        if first < at or (at and not lines[at - 1].text):
            return first, at
    return None
