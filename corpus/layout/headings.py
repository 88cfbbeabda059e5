"""Recognises headings by their looks and numbers, and gives them levels.

A numbered heading's level comes from its number, or, where several ways of numbering are nested (I., A., 1.), from the
order in which the ways first appear. An unnumbered one stands as deep as those that look like it, an annex at the top.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.layout.lines import (
    OPENING_QUOTES,
    Line,
    bullet_of,
    ends_sentence,
    is_address,
    is_capitals,
)
from corpus.layout.page_numbers import roman_value

MAX_LINES = 4
MAX_HEADING = 250  # characters; the longest titles in print run over three lines

_DOTTED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){1,5})\.?(?:\s*[-–—:]\s+|\s+)(?P<rest>\S.*)")
_ARABIC = re.compile(r"(?P<number>\d{1,3})(?P<stop>[.)]|\s*[-–—:](?=\s))?\s+(?P<rest>\S.*)")
_ROMAN = re.compile(r"(?P<number>[IVXLC]{1,8})(?P<stop>[.)]|\s*[-–—:](?=\s))?\s+(?P<rest>\S.*)")
_LETTER = re.compile(r"(?P<number>[A-Z])(?P<stop>[.)]|\s*[-–—:](?=\s))\s*(?P<rest>\S.*)")
_WORD = re.compile(
    r"(?P<word>chapter|part|section|article|book|volume|title|division)\s+"
    r"(?P<number>\d{1,3}|[IVXLC]{1,8}|[A-Z]|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"(?P<rest>(?:\s*[.:–—-]|\s|$).*)",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    r"(?P<word>annex(?:e|es|ure)?|appendix|appendices|addendum|schedule|anhang|anexo|پیوست|ضمیمه)"
    r"(?:\s+(?P<number>\d{1,3}|[IVXLC]{1,8}|[A-Z]))?(?P<rest>(?:\s*[.:–—-]|\s*$|\s*\(|\s).*)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:sun|mon|tues|wednes|thurs|fri|satur)day"
_MONTH_HEADING = re.compile(rf"{_MONTH}\.?,?\s+\d{{4}}|\d{{4}}(?:\s*[-–/]\s*\d{{2,4}})?", re.IGNORECASE)
_DAY = re.compile(
    rf"(?:[^\W\d_][^\d,:;]{{0,30}},\s*|{_WEEKDAY}\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\.?,?|{_MONTH}\s+\d{{1,2}},?)\s+\d{{4}}",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(
    r"(?:date|dated|date of issue|published|sent)\s*:\s*(\S.{0,40})|held\b[^:;]{0,60},?\s+on\s+(\S.{0,40})",
    re.IGNORECASE,
)
_SYMBOL_LINE = re.compile(
    r"(?:ai |un )?(?:index|doc(?:ument)?|symbol|ref(?:erence)?)\.?(?:\s*(?:no|number)\.?)?\s*:\s*([^\s(,;][^,;]{0,60})",
    re.IGNORECASE,
)
_NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@dataclass(frozen=True, slots=True)
class Numbering:
    """A heading's number: *way* is how it is written, *values* what it counts, outermost first."""

    way: str  # "arabic", "roman", "letter", "annex" or "word:chapter"
    values: tuple[int, ...]
    rest: str  # the title behind it
    stopped: bool  # a stop, bracket or dash ends the number


def numberings_of(text: str) -> list[Numbering]:
    """The ways to read the start of *text* as a heading's number, likeliest first."""
    if found := _ANNEX.fullmatch(text):
        rest = found["rest"].lstrip(" .:–—-")
        clear = found["number"] or not rest or found["rest"].lstrip()[:1] in tuple(".:–—-(") or is_capitals(text)
        clear = clear or found["word"].lower().startswith(("annex", "append"))
        return [Numbering("annex", (_value(found["number"] or "0"),), rest, True)] if clear else []
    if found := _WORD.fullmatch(text):
        word = found["word"].lower()
        return [Numbering(f"word:{word}", (_value(found["number"]),), found["rest"].lstrip(" .:–—-"), True)]
    if found := _DOTTED.fullmatch(text):
        return [Numbering("arabic", tuple(int(part) for part in found["number"].split(".")), found["rest"], True)]
    if found := _ARABIC.fullmatch(text):
        return [Numbering("arabic", (int(found["number"]),), found["rest"], bool(found["stop"]))]
    ways: list[Numbering] = []
    if (found := _ROMAN.fullmatch(text)) and (value := roman_value(found["number"])):
        ways.append(Numbering("roman", (value,), found["rest"], bool(found["stop"])))
    if found := _LETTER.fullmatch(text):
        ways.append(Numbering("letter", (ord(found["number"]) - ord("A") + 1,), found["rest"], True))
    return ways


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    if number.lower() in _NUMBER_WORDS:
        return _NUMBER_WORDS.index(number.lower()) + 1
    return roman_value(number) or (ord(number.lower()[0]) - ord("a") + 1)


def has_heading_shape(lines: Sequence[Line], width: int) -> bool:
    """Whether *lines* could be a heading: few, short, set apart from sentences by what they lack at their end."""
    if len(lines) > MAX_LINES:
        return False
    text = " ".join(line.unmarked for line in lines)
    if not text or len(text) > MAX_HEADING or is_address(text):
        return False
    if not any(character.isalpha() for character in text) or bullet_of(text) or text[0] in OPENING_QUOTES + "([,;.":
        return False
    first = next(character for character in text if character.isalpha())
    if first.islower() or text.endswith((",", ";", ":", "-", "–", "—", "؛", "،")):
        return False
    capitals = is_capitals(text)
    if ends_sentence(text) and not text.endswith("?") and not (capitals and len(text) < 80):
        return False
    if capitals:
        return True
    numbered = bool(numberings_of(text))
    return len(lines) <= (3 if numbered else 2) and len(text) <= (200 if numbered else 120)


def date_line(text: str) -> str | None:
    """The date that is all *text* holds, perhaps after a place or "Date:"; None where it is no such line."""
    if len(text) > 100:
        return None
    stated = _DATE_LINE.fullmatch(text)
    if stated:
        return stated[1] or stated[2]
    return text if _DAY.fullmatch(text) else None


def symbol_line(text: str) -> str | None:
    """The symbol in a line such as "Index: MDE 13/1/90"; None where it is none."""
    found = _SYMBOL_LINE.fullmatch(text)
    return found[1].rstrip(" .") if found else None


@dataclass(slots=True)
class Outline:
    """Gives each heading its level, told in the order of the text."""

    _open: list[tuple[str, int, str]] = field(default_factory=list)  # ways of the headings we stand under
    _levels: dict[str, int] = field(default_factory=dict)  # the level of each way, in this body or annex
    _body_levels: dict[str, int] = field(default_factory=dict)
    _last: dict[str, tuple[int, ...]] = field(default_factory=dict)  # the last number of each way
    in_annex: bool = False

    def continues(self, numbering: Numbering) -> bool:
        """Whether *numbering* is the number that is due: the first of its way, or the next after the last."""
        last = self._last.get(numbering.way)
        values = numbering.values
        if numbering.way == "annex":
            return True
        if last is None:
            return values[-1] <= 1 or (len(values) > 1 and values[-1] <= 1)
        if len(values) > len(last):
            return values[: len(last)] == last and all(value == 1 for value in values[len(last) :])
        ahead = (*last[: len(values) - 1], last[len(values) - 1] + 1)
        return values == ahead or (values[-1] == 1 and numbering.way in ("letter", "roman", "arabic"))

    def is_new(self, numbering: Numbering) -> bool:
        """Whether no heading numbered in this way was met: an excerpt may begin with II."""
        return numbering.way not in self._last

    def level_of_numbered(self, numbering: Numbering, capitals: bool, *, stacked: bool = False) -> int:
        """The level of a numbered heading; *stacked*: one without a number stands right above it."""
        way = numbering.way
        self._last[way] = numbering.values
        if way == "annex":
            if not self.in_annex:
                self._body_levels = dict(self._levels)
            self.in_annex = True
            self._levels, self._open, self._last = {}, [("annex", 1, "")], {}
            return 1
        if way in ("letter", "roman") and numbering.values[0] != 1 and way not in self._levels:
            way = "roman" if way == "letter" else "letter"
        depth = len(numbering.values)
        base = self._enter(way, capitals, stacked=stacked)
        if depth > 1:
            level = base + depth - 1
            self._open.append((f"{way}{depth}", level, ""))
            return level
        return base

    def level_of_plain(self, text: str, capitals: bool) -> int:
        if _MONTH_HEADING.fullmatch(text.strip()):
            return self._enter("date", capitals)
        return self._enter("capitals" if capitals else "title", capitals)

    def _enter(self, way: str, capitals: bool, *, stacked: bool = False) -> int:
        """The level of a heading of *way*, which then is the one that we stand under."""
        if way in self._levels:
            level = self._levels[way]
        else:
            level = self._open[-1][1] + 1 if stacked and self._open else self._new_level(way, capitals)
            self._levels[way] = level
        while self._open and self._open[-1][1] >= level and self._open[-1][0] != "annex":
            self._open.pop()
        self._open.append((way, level, "capitals" if capitals else "small"))
        return level

    def _new_level(self, way: str, capitals: bool) -> int:
        if not self._open:
            return 1
        looks = "capitals" if capitals else "small"
        for other, level, other_looks in self._open:
            if other == "annex":
                continue
            plain, other_plain = way in ("capitals", "title", "date"), other in ("capitals", "title", "date")
            # SUMMARY before 1. INTRODUCTION, or RECOMMENDATIONS behind 4. FINDINGS: capitals stand with capitals. But
            # in small letters an unnumbered heading behind a numbered one is likelier under it.
            if looks == other_looks and plain != other_plain and (capitals or other_plain):
                return level
            if capitals and other_plain and other_looks == "small":
                return level  # Introduction, then I. THE REGISTERS: what is in capitals is not the lower
        return self._open[-1][1] + 1
