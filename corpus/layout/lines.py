"""Lines of a printed page as the importer works on them, and what can be seen of a line without understanding it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

BULLETS = "•◦▪▫‣⁃●○■□◆◇➢➤►✓✔❖\uf0b7\uf0a7\uf0d8"
DASH_BULLETS = "-–*·+"  # bullets only with a blank behind them
CLOSING = "”\"’'»›)]}"
OPENING_QUOTES = "“\"«„‟‘'‹「『"
CLOSING_QUOTES = "”\"»’'›」』"
STOPS = ".!?…؟۔。"

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,12}://|mailto:)\S+", re.IGNORECASE)
_ADDRESS_INSIDE = re.compile(r"://|www\.|[\w-]+\.[a-z]{2,12}/", re.IGNORECASE)
MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
)  # behind a number it makes a date, and the number is no mark and no label
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]")
# What opens a line of a head, a list of persons or a debate: `Date: 4 May`, `Mr. Alder (Norham): No.`
_LABELLED = re.compile(r"(?P<label>[^\W\d_][^\W_]*(?:[ .,'’()/&-]{1,2}[^\W_]+){0,6}[.)]{0,2}):(?:\s+(?P<value>\S)|$)")
_MAX_LABEL = 60
_SMALL_WORDS = 3  # letters up to which a word of a title may stay in small letters


@dataclass(frozen=True, slots=True)
class Mark:
    """A footnote mark printed in a line: *label* is what the Markdown calls the note."""

    start: int
    end: int
    label: str


@dataclass(slots=True)
class Line:
    """One printed line; an empty `text` is a blank one. `sheet` is its page, counted from 0 as the pages lie."""

    number: int
    indent: int
    text: str
    sheet: int = 0
    marks: list[Mark] = field(default_factory=list)

    @property
    def unmarked(self) -> str:
        """The text without its footnote marks."""
        if not self.marks:
            return self.text
        kept, done = [], 0
        for mark in self.marks:
            kept.append(self.text[done : mark.start])
            done = mark.end
        return ("".join(kept) + self.text[done:]).strip()


def part_of(line: Line, start: int, end: int) -> Line:
    """What stands in *line* from *start* to *end*, with its marks."""
    marks = [Mark(m.start - start, m.end - start, m.label) for m in line.marks if start <= m.start < end]
    return Line(line.number, line.indent, line.text[start:end], line.sheet, marks)


def measured(number: int, printed: str, sheet: int) -> Line:
    """The line as printed, its indent in columns (a tab stops at every eighth)."""
    stripped = printed.strip()
    before = printed[: len(printed) - len(printed.lstrip(" \t"))]
    return Line(number, len(before.expandtabs(8)), stripped, sheet)


def fill_width(lines: Iterable[Line]) -> int:
    """How long a filled line is, in characters: what one line in twenty reaches or passes (at least 20)."""
    lengths = sorted(line.indent + len(line.text) for line in lines if line.text)
    return max(lengths[-1 - len(lengths) // 20], 20) if lengths else 20


def is_short(line: Line, following: Line, width: int, share: float = 0.8) -> bool:
    """Whether *line* ended although the first word of *following* had room: its end was meant."""
    word = following.text.split(maxsplit=1)[0] if following.text else ""
    return line.indent + len(line.text) + 1 + len(word) <= width * share


def ends_sentence(text: str) -> bool:
    """Whether *text* (without marks) ends like a finished sentence."""
    bare = text.rstrip(CLOSING + " ")
    return bool(bare) and bare[-1] in STOPS


def is_finished(text: str) -> bool:
    """Whether *text* can end a paragraph: with a sentence, or with a colon that leads to what follows."""
    return ends_sentence(text) or text.rstrip().endswith((":", "؛"))


def starts_small(text: str) -> bool:
    """Whether *text* begins in the middle of a sentence, as far as its first letter tells."""
    bare = text.lstrip("([\"'“‘«")
    return bool(bare) and bare[0].islower()


def letters_of(text: str) -> str:
    return "".join(character for character in text if character.isalpha())


def is_capitals(text: str) -> bool:
    """Whether *text* is set in capitals; a few small letters in it (a name, "and") do no harm."""
    if text.islower():
        return False
    cased = [character for character in text if character.isupper() or character.islower()]
    upper = sum(character.isupper() for character in cased)
    return upper >= 2 and upper >= 0.85 * len(cased)


def is_title_case(text: str) -> bool:
    """Whether the words of *text* begin with capitals, short ones aside."""
    words = _WORD.findall(text)
    long = [word for word in words if len(word) > _SMALL_WORDS]
    upper = sum(word[0].isupper() for word in long)
    return bool(words) and not words[0][0].islower() and upper >= 0.6 * len(long)


def label_before_colon(text: str) -> str:
    """What stands before a colon at the head of *text*, as `From: ...` or `Mr. Alder: ...`; "" where nothing does."""
    found = _LABELLED.match(text[: _MAX_LABEL + 4])
    label = found["label"] if found else ""
    named = len(label) <= _MAX_LABEL and (is_title_case(label) or label.upper() == label)
    return label if named and label[:1].upper() == label[:1] else ""


def is_address(text: str) -> bool:
    """Whether *text* is one address of the web or of mail and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def holds_address(token: str) -> bool:
    return _ADDRESS_INSIDE.search(token) is not None


def holds_right_to_left(text: str) -> bool:
    return _RIGHT_TO_LEFT.search(text) is not None


def is_rule(text: str) -> bool:
    """Whether *text* is a drawn line, such as stands above footnotes."""
    bare = text.replace(" ", "")
    return len(bare) >= 3 and len(set(bare)) == 1 and bare[0] in "_-–—─━=*~·•.#"


def bullet_of(text: str) -> str:
    """The bullet that opens *text*, "" where none does."""
    if not text:
        return ""
    if text[0] in BULLETS:
        return text[0] if len(text) > 1 else ""
    if text.startswith("-- ") and text[3:].strip():
        return "--"
    if text[0] in DASH_BULLETS and len(text) > 2 and text[1] in " \t" and text[2:].strip():
        return text[0]
    if text.startswith("o ") and len(text) > 3 and (text[2] == " " or text[2].isupper()):
        return "o"  # Word's second bullet as extractors print it
    return ""


def after_bullet(text: str) -> str:
    """The words behind the bullet that opens *text*."""
    return text[len(bullet_of(text)) or 1 :].lstrip()


def trimmed(lines: Sequence[Line]) -> list[Line]:
    """*lines* without blank ones at either end."""
    start, end = 0, len(lines)
    while start < end and not lines[start].text:
        start += 1
    while end > start and not lines[end - 1].text:
        end -= 1
    return list(lines[start:end])
