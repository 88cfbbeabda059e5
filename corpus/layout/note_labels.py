"""How footnotes are labelled at the foot of a page or the end of a text: `27 See`, `27. See`, `27/ See`, `* See`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.layout.lines import OPENING_QUOTES
from corpus.layout.marks import SUPERSCRIPTS, SYMBOLS

_NUMBER = r"(?P<label>\d{1,4}[a-z]?)"
_CAPITAL = rf"[{re.escape(OPENING_QUOTES)}(\[]"

# Family -> how its labels look. A text keeps to one, but for signs such as * beside numbers.
FAMILIES: dict[str, re.Pattern[str]] = {
    "bare": re.compile(rf"(?:(?P<label>\d{{1,4}}[a-z]?)(?=\s|$)|(?P<glued>\d{{1,3}})(?={_CAPITAL}|[^\W\d_a-z]))\s*"),
    "stop": re.compile(rf"{_NUMBER}\.(?=\s|$)\s*"),
    "bracket": re.compile(rf"{_NUMBER}\)\s*"),
    "round": re.compile(rf"\({_NUMBER}\)\s*"),
    "slash": re.compile(rf"{_NUMBER}/(?=\s|$)\s*"),
    "square": re.compile(rf"\[{_NUMBER}\]:?\s*"),
    "raised": re.compile("(?P<label>[⁰¹²³⁴-⁹]{1,4})\\s*"),
    "letter": re.compile(r"(?P<label>[a-z])(?=\s+\S)\s+"),
    "letter-stop": re.compile(r"(?P<label>[a-z])\.(?=\s+\S)\s+"),
    "letter-bracket": re.compile(r"(?P<label>[a-z])\)\s*"),
    "letter-round": re.compile(r"\((?P<label>[a-z])\)\s*"),
    "letter-square": re.compile(r"\[(?P<label>[a-z])\]\s*"),
}
SIGN = re.compile(rf"(?P<label>[{SYMBOLS}]{{1,4}})\s*(?=\S)")

_VALUE = re.compile(r"(\d+)([a-z]?)")


@dataclass(frozen=True, slots=True)
class Label:
    """The label that opens a line: as printed, its place in the sequence, and where the note's words begin."""

    printed: str
    value: tuple[int, int]  # (number, letter behind it): 12 is (12, 0), 12a is (12, 1), a is (1, 0)
    end: int


def label_of(text: str, family: str) -> Label | None:
    """The label of *family* at the start of *text*; None where there is none."""
    found = FAMILIES[family].match(text)
    if not found:
        return None
    printed = found["label"] or (found["glued"] if "glued" in found.re.groupindex else "")
    printed = printed.translate(SUPERSCRIPTS)
    if printed.isalpha():
        return Label(printed, (ord(printed) - ord("a") + 1, 0), found.end())
    number = _VALUE.fullmatch(printed)
    if not number or number[1].startswith("0"):
        return None
    return Label(printed, (int(number[1]), ord(number[2]) - ord("a") + 1 if number[2] else 0), found.end())


def sign_of(text: str) -> Label | None:
    """The sign (*, †, ‡ ...) at the start of *text*; None where there is none, or several kinds mixed."""
    found = SIGN.match(text)
    if not found or len(set(found["label"])) > 1:
        return None
    return Label(found["label"], (len(found["label"]), 0), found.end())


def follows(value: tuple[int, int], before: tuple[int, int], missing: int = 0) -> bool:
    """Whether *value* comes next after *before* when *missing* numbers between them are not there."""
    if value[0] == before[0]:
        return missing == 0 and value[1] == before[1] + 1
    return value[0] == before[0] + 1 + missing and value[1] <= 1


def is_first(value: tuple[int, int]) -> bool:
    return value[0] == 1 and value[1] <= 1
