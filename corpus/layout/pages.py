"""Finds the pages of a printed text and takes off what stands on every page: running heads, feet and page numbers.

Form feeds say where pages end. Without them a page is known by its printed number (a sequence that rises by one from
page to page) or by the blank that some extractors leave before the first word of each page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from corpus.layout.cover import is_furniture
from corpus.layout.lines import Line, ends_sentence, fill_width, is_address, measured, starts_small
from corpus.layout.page_numbers import NOTE_LABEL, folded, page_numbers_in, stands_apart
from corpus.layout.report import Report
from corpus.layout.running import Sheet, numbered, without_running_lines
from corpus.readers.printed_text import PrintedText

_MARKDOWN = re.compile(r"#{1,6} \S|\[\^[^\]\s]+\]: ?\S|```|~~~")  # what hardly any page prints
YEARS = range(1500, 2100)  # numbers alone on a line that are likelier years than pages
FAR_INDENT = 20  # columns: further in than any paragraph
MIN_LINES_BETWEEN_NUMBERS = 5  # a page holds more lines than that; a column of figures does not


def sheets_of(printed: PrintedText, report: Report) -> list[Sheet]:
    """The pages of *printed* in order; one page without a number where none can be told."""
    if printed.code != "utf-8":
        report.did(0, f"the file was read as {printed.code.upper()}, as its first bytes say.")
    for number in printed.unprintable:
        report.did(number, "signs that no page shows (control characters) became blanks, byte order marks nothing.")
    lines = [measured(line.number, line.text, line.page) for line in printed.lines]
    marked = [line.number for line in lines if _MARKDOWN.match(line.text)]
    if len(marked) > 2:
        report.doubt(
            marked[0],
            f"whether this is printed text: {len(marked)} lines are written as Markdown is. They were read as print, "
            "and its signs stand as characters. A document in Markdown goes into documents/ as it is.",
        )
    for line in lines:
        if is_furniture(line.text):
            report.left_out(line.number, f"what the printer set for itself ({line.text[:60]}).")
            line.text = ""
    if lines[-1].sheet:
        pages = _by_form_feed(lines)
        if len(pages) > 1:
            return numbered(without_running_lines(pages, report), report)
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


# ---- without form feeds


def _by_printed_numbers(lines: list[Line], report: Report) -> list[Sheet]:
    """The pages that a sequence of printed page numbers makes; none where there is no such sequence."""
    groups: defaultdict[tuple[str, bool], list[tuple[int, int]]] = defaultdict(list)
    for at, line in enumerate(lines):
        for number in page_numbers_in(line.text) if line.text else ():
            if number.rest and not _interrupts(lines, at):
                continue
            groups[(_shape(line.text) if not number.rest else number.rest, number.roman)].append((at, number.value))
    found: list[tuple[int, int]] = []
    for key, numbers in groups.items():
        sequence = _rising(numbers, lines)
        # A number alone in the middle or at the right of its line is one of a page; at the margin it may be a figure.
        aside = all(lines[at].indent >= FAR_INDENT for at, _ in sequence)
        if not aside and key[0] == "#" and all(value in YEARS for _, value in sequence):
            continue  # a chronology by years
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
    return re.sub(r"\d+", "#", folded(text))


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
    return stands_apart(lines, at) and (not ends_sentence(lines[above].text) or starts_small(lines[below].text))


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
    counts = Counter(text for cluster in clusters for text in {folded(lines[at].text) for at in cluster})
    taken = {at: which for which, (at, _) in enumerate(numbers)}  # place of a running line -> its page number
    for which, ((at, _), cluster) in enumerate(zip(numbers, clusters, strict=True)):
        for side in (cluster[: cluster.index(at)][::-1], cluster[cluster.index(at) + 1 :]):
            for other in side:
                if other in taken or counts[folded(lines[other].text)] < 2 or NOTE_LABEL.match(lines[other].text):
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
        if NOTE_LABEL.match(line.text):
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
        noted = noted or (NOTE_LABEL.match(line.text) is not None and at > 0 and not lines[at - 1].text)
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
            elif is_address(text) or ends_sentence(text) or len(text) > width // 2 or NOTE_LABEL.match(text):
                break
            else:
                blanks = 0
                printed += 1
                first = place
            place -= 1
        if first < at or (at and not lines[at - 1].text):
            return first, at
    return None
