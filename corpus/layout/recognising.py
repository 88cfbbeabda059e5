"""Says of each unit what it is: title, heading, list item, numbered paragraph, quotation, verse or paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from corpus.layout.cover import is_of_cover
from corpus.layout.headings import (
    MAX_HEADING,
    Numbering,
    Outline,
    date_line,
    has_heading_shape,
    numberings_of,
    symbol_line,
)
from corpus.layout.kinds import Kind, What
from corpus.layout.lines import (
    CLOSING,
    OPENING_QUOTES,
    Line,
    ends_sentence,
    is_capitals,
    is_finished,
    is_title_case,
    label_before_colon,
    starts_small,
)
from corpus.layout.lists import mark_items, part_names
from corpus.layout.manner import Manner, Unit
from corpus.layout.page_numbers import folded
from corpus.layout.quotations import mark_quotations, mark_verse
from corpus.layout.report import Report
from corpus.layout.tables import apart
from corpus.symbols import canonical

_HONORIFIC = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Lord|Lady|Dame|Judge|Ambassador|H\.E)\b")
_HEAD_LABELS = frozenset(
    """present absent apologies chairman chair chairperson president rapporteur secretary attendance from to cc date
    place title subject reference ref re distribution tel fax contact source author interviewer interviewee""".split()  # noqa: SIM905
)
_SUBJECTS = ("subject", "subj", "re", "title")
_BYLINE = re.compile(r"(?i:by|edited by|translated by|von|par|نوشته)\s+[^\W\d_a-z]")
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9][0-9]")
HEAD_UNITS = 8  # units at the head of a text among which its title is looked for
CENTRED = 6  # columns from the margin from which on a line under a cover was set in the middle
MIN_REPEATED = 10  # letters of a title that a running head must repeat
MAX_PLAIN_WORDS = 5  # of a heading in small letters; longer ones are subtitles


def kinds_of(units: list[Unit], manner: Manner, heads: Collection[str], report: Report) -> list[Kind]:
    """What each of *units* is; *heads* are the running heads of the pages, which repeat titles.

    A day that stands right under the title becomes a unit of its own among them.
    """
    covered = next((at for at, unit in enumerate(units) if not unit.cover), len(units))
    *above, last = units[covered].lines if covered < len(units) else [Line(0, 0, "")]
    if above and date_line(last.unmarked) and units[covered].is_plain and has_heading_shape(above, manner.width):
        units[covered : covered + 1] = [Unit(above), Unit([last], False)]
    kinds = [
        Kind(What.TABLE if unit.columns is not None else What.VERSE if unit.led else What.PARAGRAPH) for unit in units
    ]
    head = _mark_title(units, kinds, manner, covered, heads)
    _mark_headings(units, kinds, manner, head, report)
    part_names(units, kinds, manner, head)
    mark_items(units, kinds, manner)
    mark_verse(units, kinds, manner, head)
    mark_quotations(units, kinds, manner, report)
    return kinds


# ---- the title


def _mark_title(units: Sequence[Unit], kinds: list[Kind], manner: Manner, covered: int, heads: Collection[str]) -> int:
    """Marks the title; what comes back is how many units at the head can be no heading."""
    if len(units) < 2:
        return len(units)
    if manner.all_capitals and any(map(is_subject, units[: covered + 2 * HEAD_UNITS])):
        return covered
    head = units[: covered + HEAD_UNITS]
    for at, unit in enumerate(head):
        below = units[at + 1].text if at + 1 < len(units) else ""
        if len(unit.lines) == 1 and unit.is_plain and unit.opens.endswith(",") and len(unit.opens) <= 60:
            if not below.endswith((",", ";")):
                return at + 1  # Dear Minister: a letter has no title
            break  # a preamble: one clause after the other
    start = 0 if _is_numbered_alone(units, 0, manner) else covered
    while start < len(head) - 1 and not (start == 0 and covered) and _is_letterhead(head[start], manner):
        start += 1
    start = _repeated(head, start, heads, manner)
    first = units[start]
    if not _can_be_title(first, manner, covered > 0) and not _is_numbered_alone(units, start, manner):
        return _title_on_cover(units, kinds, manner, covered)
    kinds[start] = Kind(What.TITLE)
    # Lines under the title that are headings by their looks, but have no text under them: a subtitle, a place, a day.
    under = start + 1
    while under < len(head) and (
        (_could_be_plain_heading(units, under, manner) and not numberings_of(units[under].text))
        or _stands_in_brackets(units[under])
    ):
        under += 1
    if under > start + 1:
        last = units[under - 1]
        is_heading = under < len(units) and not _says_of_itself(last.text) and not _says_of_itself(units[under].text)
        return under - 1 if is_heading and not _is_subtitle(last) else under
    return under


def _stands_in_brackets(unit: Unit) -> bool:
    text = unit.text
    return unit.is_plain and len(unit.lines) == 1 and text.startswith(("(", "[")) and text.endswith((")", "]"))


def is_subject(unit: Unit) -> bool:
    """Whether *unit* is the line of a message's head that says what it is about."""
    return unit.is_plain and label_before_colon(unit.opens).casefold() in _SUBJECTS and ":" in unit.text


def _is_subtitle(unit: Unit) -> bool:
    """Whether a line is longer than headings are that are set neither in capitals nor with capital initials."""
    return not is_capitals(unit.text) and not is_title_case(unit.text) and len(unit.text.split()) > MAX_PLAIN_WORDS


def _can_be_title(unit: Unit, manner: Manner, on_cover: bool) -> bool:
    if not unit.is_plain or _says_of_itself(unit.text) or any(n.stopped for n in numberings_of(unit.text)):
        return False
    if label_before_colon(unit.opens).casefold() in _HEAD_LABELS:
        return False  # Place: the office
    # Under a cover a title is known by its place, and may be as long as those of letters sent on.
    centred = on_cover and all(manner.indent(line) >= CENTRED for line in unit.lines)
    set_so = centred and len(unit.lines) <= 6 and len(unit.text) <= MAX_HEADING and not starts_small(unit.text)
    return has_heading_shape(unit.lines, manner.width) or (set_so and not ends_sentence(unit.text))


def _is_numbered_alone(units: Sequence[Unit], at: int, manner: Manner) -> bool:
    """Whether a number opens a title as in an edition of documents: none before or behind it counts on."""
    unit = units[at]
    numbers = numberings_of(unit.text)
    if (
        unit.bullet
        or unit.columns is not None
        or unit.led
        or len(numbers) != 1
        or numbers[0].way != "arabic"
        or len(numbers[0].values) != 1
    ):
        return False
    if not has_heading_shape(unit.lines, manner.width) or numbers[0].rest[:1].isdigit():
        return False
    value = numbers[0].values[0]
    return not any(
        (other.label and "1" in other.label.way and abs(other.label.value - value) == 1)
        or any(n.way == "arabic" and abs(n.values[0] - value) <= 1 for n in numberings_of(other.opens))
        for other in units[at + 1 :]
    )


def _repeated(head: Sequence[Unit], start: int, heads: Collection[str], manner: Manner) -> int:
    """The place of the title that running heads repeat, from *start* on; *start* where they repeat none."""
    running = [folded(text) for text in heads]
    for at in range(start, len(head) - 1):
        unit = head[at]
        title = folded(unit.text)
        if unit.is_plain and len(title) >= MIN_REPEATED and has_heading_shape(unit.lines, manner.width):
            if any(title in text for text in running):
                return at
        elif len(unit.lines) > 2 or ends_sentence(unit.text):
            break
    return start


def _title_on_cover(units: Sequence[Unit], kinds: list[Kind], manner: Manner, covered: int) -> int:
    """Marks as the title what a cover has that no other of its lines says, where none stands below it."""
    for at, unit in enumerate(units[:covered]):
        says_other = not any(is_of_cover(line.text) or canonical(line.text) for line in unit.lines)
        if says_other and has_heading_shape(unit.lines, manner.width) and not _says_of_itself(unit.text):
            kinds[at] = Kind(What.TITLE)
            break
    return covered


def _is_letterhead(unit: Unit, manner: Manner) -> bool:
    """Whether *unit* stands in columns or at the right, as names, symbols and days above a title do."""
    if unit.is_set or any(apart(line.text) for line in unit.lines):
        return True
    return len(unit.lines) == 1 and unit.lines[0].indent > max(manner.width // 2, 30)


# ---- headings


def _says_of_itself(text: str) -> bool:
    """Whether a line holds the text's date or symbol, and nothing else: it heads no section."""
    return date_line(text) is not None or symbol_line(text) is not None


def _could_be_plain_heading(units: Sequence[Unit], at: int, manner: Manner) -> bool:
    unit = units[at]
    return unit.is_plain and has_heading_shape(unit.lines, manner.width) and not _says_of_itself(unit.text)


def _mark_headings(units: Sequence[Unit], kinds: list[Kind], manner: Manner, head: int, report: Report) -> None:
    outline = Outline()
    years = _years(units)
    labels = Counter(label for unit in units if unit.is_plain and (label := label_before_colon(unit.opens)))
    for at, unit in enumerate(units):
        if kinds[at].what is What.TITLE or at < head or unit.bullet or unit.is_set:
            continue
        if at in years:
            kinds[at] = Kind(What.HEADING, outline.level_of_plain(unit.text, capitals=False))
            continue
        if not has_heading_shape(unit.lines, manner.width):
            continue
        text = unit.text
        capitals = is_capitals(text)
        numbering = _numbering_of_heading(units, at, kinds, manner, outline)
        if numbering:
            above = units[at - 1] if at and kinds[at - 1].what is What.HEADING else None
            stacked = capitals and above is not None and is_capitals(above.text) and not numberings_of(above.text)
            level = outline.level_of_numbered(numbering, capitals, stacked=stacked)
            kinds[at] = Kind(What.HEADING, level, annex=numbering.way == "annex")
        elif manner.all_capitals or _is_said_by(unit, labels):
            continue
        elif unit.is_plain and _is_plain_heading(units, at, kinds, manner, head):
            kinds[at] = Kind(What.HEADING, outline.level_of_plain(text, capitals))
        else:
            continue
        unit.label = None
        if len(text) > 160:
            report.doubt(unit.lines[0].number, "whether so long a line is a heading, as was taken.")


def _years(units: Sequence[Unit]) -> set[int]:
    """The years that stand alone as headings: two and more, none before the one above it, each with text below."""
    found = [at for at, unit in enumerate(units[:-1]) if unit.after_blank and _YEAR.fullmatch(unit.text)]
    values = [int(units[at].text) for at in found]
    return set(found) if len(found) > 1 and values == sorted(set(values)) else set()


def _is_said_by(unit: Unit, labels: Counter[str]) -> bool:
    """Whether a line opens with who speaks in it, or what it holds: `Chairman: Mr. Alder`, `BIRCH:    Where is it?`"""
    label = label_before_colon(unit.opens)
    value = unit.opens[len(label) + 1 :]
    named = _HONORIFIC.match(value.lstrip()) is not None
    return bool(label) and (labels[label] > 1 or named or value.startswith("  ") or label.casefold() in _HEAD_LABELS)


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
        if not due and not capitals and not (numbering.way == "roman" and outline.is_new(numbering)):
            continue
        if not due and numbering.way != "arabic" and not (numbering.way == "roman" and outline.is_new(numbering)):
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
    if _says_of_itself(text) or at + 1 >= len(units) or len(text) > 200:
        return False
    below = units[at + 1]
    capitals = is_capitals(text)
    if any(apart(line.text) for line in unit.lines) or _BYLINE.match(text):
        return False  # the head of columns, or who wrote it
    if capitals:
        return len(text) > 2 and not _runs_on(units, at, manner, head, 4)
    if not unit.after_blank and not manner.dense and not manner.indented:
        return False
    if len(unit.lines) > 2 or len(text) > 0.8 * max(manner.width, 60) * len(unit.lines):
        return False
    if len(unit.lines) == 2 and not (is_title_case(text) and len(text) > 0.6 * manner.width):
        return False
    if _says_of_itself(below.text) or (at + 2 == len(units) and _could_be_plain_heading(units, at + 1, manner)):
        return False  # a line above a day, or above a name at the very end
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
    return len(text) <= 70 and len(words) <= 10 and len(below.text) > len(text) and not text.endswith("?")


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
