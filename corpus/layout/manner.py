"""How a printed text is set (width, indents, blank lines), and the units that it is made of, with bullets or labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.layout.lines import Line, bullet_of, fill_width, is_capitals, is_short
from corpus.layout.tables import Columns

MAX_FIRST_INDENT = 12  # columns; what stands in further was centred or set to the right
DENSE = 25  # lines between blank ones from which on a text does not use them between paragraphs

# The letters of Persian lists in the order of the abjad, those of the alphabet alone behind their neighbours.
_PERSIAN = {
    "الف": 1,
    "ا": 1,
    "ب": 2,
    "پ": 3,
    "ج": 3,
    "ت": 4,
    "چ": 4,
    "د": 4,
    "ه": 5,
    "ث": 5,
    "و": 6,
    "ز": 7,
    "ح": 8,
    "ط": 9,
    "ی": 10,
}
_PERSIAN_ITEM = re.compile(rf"(?P<open>\(?)(?P<number>{'|'.join(_PERSIAN)})(?P<close>\)|[-–ـ.](?=\s))\s*(?P<rest>\S)")
_ITEM = re.compile(
    r"(?P<open>\(?)(?:(?P<number>\d{1,4}|[a-z]|[ivx]{2,6}|[A-Z](?=\)))(?P<close>[.)])(?:\s+(?P<rest>\S)|$)"
    r"|(?P<dashed>\d{1,3})(?P<dash>[-–ـ])\s+(?P<words>[^\W\d_]))"
)


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """What opens an item of a numbered list: `1.`, `1)`, `(a)`, `iv.`"""

    way: str  # "1.", "1)", "(1)", "a)" ...: the same for all items of a list
    number: str
    value: int
    end: int  # where the item's words begin


@dataclass(slots=True)
class Unit:
    """Lines that belong together. A heading has no bullet and no label yet told from a list's."""

    lines: list[Line]
    after_blank: bool = True
    bullet: str = ""
    label: ItemLabel | None = None
    columns: Columns | None = None  # of a table
    led: bool = False  # lines of a table of contents
    cover: bool = False  # what a first page says before its title
    _text: tuple[int, str] = (0, "")  # of so many lines

    @property
    def text(self) -> str:
        """All its lines, without marks."""
        if self._text[0] != len(self.lines):
            self._text = (len(self.lines), " ".join(line.unmarked for line in self.lines))
        return self._text[1]

    @property
    def opens(self) -> str:
        """The text of the first line."""
        return self.lines[0].unmarked

    @property
    def is_plain(self) -> bool:
        return not self.bullet and self.label is None and not self.is_set

    @property
    def is_set(self) -> bool:
        """Whether its lines were set as they are: rows of a table, entries that lead to pages, parts of a cover."""
        return self.columns is not None or self.led or self.cover


@dataclass(slots=True)
class Manner:
    """How a text is set."""

    width: int  # of a filled line, in characters
    indented: bool  # paragraphs open with an indented line
    dense: bool  # no blank lines between paragraphs
    all_capitals: bool = False  # set in capitals throughout, as telegrams are: they tell no headings
    exact: bool = False  # lines are filled to the very column, as on a typewriter
    first_indent: int = 0  # of the lines that open paragraphs, where these are indented
    margins: dict[int, int] = field(default_factory=dict)  # sheet -> columns before an ordinary line

    def indent(self, line: Line) -> int:
        return max(line.indent - self.margins.get(line.sheet, 0), 0)


def item_label(text: str) -> ItemLabel | None:
    if persian := _PERSIAN_ITEM.match(text):
        way = f"{persian['open']}الف{persian['close']}"
        return ItemLabel(way, persian["number"], _PERSIAN[persian["number"]], persian.start("rest"))
    found = _ITEM.match(text)
    if not found or (found["open"] and found["close"] != ")"):
        return None
    if found["dashed"]:  # as Persian and French set it: 1- first
        label = ItemLabel("1-", found["dashed"], int(found["dashed"]), found.start("words"))
        return None if found["open"] else label
    number = found["number"]
    end = found.start("rest") if found["rest"] else len(text)
    if number.isdigit():
        return ItemLabel(f"{found['open']}1{found['close']}", number, int(number), end)
    if len(number) > 1:
        value = small_roman(number)
        return ItemLabel(f"{found['open']}i{found['close']}", number, value, end) if value else None
    kind = "a" if number.islower() else "A"
    return ItemLabel(f"{found['open']}{kind}{found['close']}", number, ord(number.lower()) - ord("a") + 1, end)


def small_roman(number: str) -> int:
    values = {"i": 1, "v": 5, "x": 10}
    total = 0
    for sign, following in zip(number, number[1:] + " ", strict=True):
        value = values[sign]
        total += -value if values.get(following, 0) > value else value
    return total


def manner_of(sheets: Sequence[Sequence[Line]]) -> Manner:
    """How the text of these pages is set."""
    printed = [line for lines in sheets for line in lines if line.text]
    manner = Manner(fill_width(printed), False, False)
    for lines in sheets:
        indents = Counter(line.indent for line in lines if line.text)
        if indents:
            manner.margins[next(line.sheet for line in lines if line.text)] = indents.most_common(1)[0][0]
    first_indents: Counter[int] = Counter()
    blocks = at_margin = inner = filled = 0
    for lines in sheets:
        for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False):
            if not line.text:
                continue
            opens_block = before is None or not before.text
            blocks += opens_block
            if before is not None and not opens_block:
                inner += 1
                filled += not is_short(before, line, manner.width, 1.0)
            if after is None or not after.text or bullet_of(line.text) or item_label(line.text):
                continue
            indent = manner.indent(line)
            if 1 <= indent <= MAX_FIRST_INDENT and manner.indent(after) == 0 and not bullet_of(after.text):
                first_indents[indent] += 1
            elif opens_block and before is not None and indent == 0 and not is_capitals(line.text):
                at_margin += 1
    long = "".join(line.text for line in printed if len(line.text) > 0.6 * manner.width)
    manner.all_capitals = sum(map(str.isupper, long)) > 0.8 * sum(map(str.isalpha, long)) > 0
    opened = sum(first_indents.values())
    manner.indented = opened >= 2 and opened > at_margin
    manner.exact = filled >= 0.8 * inner
    if manner.indented:
        manner.first_indent = first_indents.most_common(1)[0][0]
    manner.dense = not manner.indented and len(printed) > DENSE * max(blocks, 1)
    return manner
