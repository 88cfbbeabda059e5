"""Finds footnote marks in printed text: every place that could be one, weighed, then the likeliest rising sequence.

A mark has no typography left in extracted text: it is a number glued to a word, a stop or another number. So each
place where a number could be a mark is weighed by what stands around it, and of all ways to give each note of a page
(or of a whole text, with notes at its end) at most one place, in the order of the notes, the heaviest is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.layout.lines import (
    CLOSING,
    CLOSING_QUOTES,
    MONTH,
    OPENING_QUOTES,
    STOPS,
    Line,
    holds_address,
    holds_right_to_left,
)
from corpus.layout.tables import is_led_to_page

SURE = 5  # from this weight on a place says by itself that it is a mark
PLAIN = 7  # from this weight on a place is told even when no note answers it
LIKELY = 3  # from this weight on a place is taken when the sequence asks for it
POSSIBLE = 2  # taken with a doubt when the sequence has no other

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# The digits of Persian and of Arabic: a mark is looked for by its value, and printed as it stands.
EASTERN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
SYMBOLS = "*†‡§¶"

_DIGITS = re.compile(r"\d+")
_RAISED = re.compile("[⁰¹²³⁴-⁹]+")
_SYMBOL = re.compile(rf"[{SYMBOLS}]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LETTERS_AT_END = re.compile(r"[^\W\d_]+$")
_COUNTING = re.compile(  # what a number behind it counts: "p.12" is no mark
    r"(?:^|[\s(\[“\"])(?:nos?|nr|pp?|paras?|pars?|arts?|vols?|chs?|secs?|figs?)\.$", re.IGNORECASE
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LISTED = re.compile(r"(?<!\d)(\d{1,4}), ?$")
_MAX_DIGITS = 8
NEAR = 60  # characters around a number that are looked at


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the text that could bear the mark *label*; `line` counts the lines given, from 0."""

    line: int
    start: int
    end: int
    label: str
    weight: int


class Places:
    """All places of a text that could be marks, by label, in order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._by_label: defaultdict[str, list[Place]] = defaultdict(list)
        self._letters: dict[str, list[Place]] = {}
        self._words: set[str] | None = None
        for at, line in enumerate(lines):
            if is_led_to_page(line.text):
                continue  # its number is a page
            for place in _numbers_and_signs(at, line.text.translate(EASTERN_DIGITS)):
                self._by_label[place.label].append(place)

    def between(self, label: str, first: int, end: int) -> list[Place]:
        """The places for *label* on lines *first* up to but not including *end*, in order."""
        listed = (
            self._letter_places(label) if label.isalpha() else self._by_label.get(label.translate(EASTERN_DIGITS), [])
        )
        low = bisect_left(listed, first, key=lambda place: place.line)
        high = bisect_right(listed, end - 1, key=lambda place: place.line)
        return listed[low:high]

    def best(self, label: str, first: int, end: int) -> int:
        """The greatest weight of a place for *label* on those lines; 0 where there is none."""
        return max((place.weight for place in self.between(label, first, end)), default=0)

    def is_dressed(self, label: str, first: int, end: int, signs: str) -> bool:
        """Whether one of the likeliest places for *label* on those lines opens with one of *signs*."""
        offered = self.between(label, first, end)
        best = max((place.weight for place in offered), default=0)
        return any(place.weight == best and self._lines[place.line].text[place.start] in signs for place in offered)

    def has(self, label: str, first: int, end: int) -> bool:
        """Whether a likely place for *label* is on those lines."""
        return self.best(label, first, end) >= LIKELY

    def plain(self, weight: int) -> list[Place]:
        """The places that have at least *weight*, in the order of the text, years aside."""
        found = [p for listed in self._by_label.values() for p in listed if p.weight >= weight and len(p.label) < 4]
        return sorted(found, key=lambda place: (place.line, place.start))

    def _letter_places(self, letter: str) -> list[Place]:
        if letter not in self._letters:
            self._letters[letter] = [
                place for at, line in enumerate(self._lines) for place in self._of_letter(at, line.text, letter)
            ]
        return self._letters[letter]

    def _of_letter(self, at: int, text: str, letter: str) -> Iterator[Place]:
        for found in re.finditer(rf"(?:\[{letter}\]|(?<=\S){letter})(?![\w'’-])", text):
            before = text[found.start() - 1 : found.start()]
            if found[0] != letter:
                yield Place(at, found.start(), found.end(), letter, 8)
            elif before.isdigit() or before in CLOSING + STOPS + ",;:،؛":
                if text[found.end() : found.end() + 1] != ".":  # p.m.
                    yield Place(at, found.start(), found.end(), letter, SURE)
            elif before.isalpha() and self._is_letter_behind_word(text, found.end()):
                yield Place(at, found.start(), found.end(), letter, LIKELY)

    def _is_letter_behind_word(self, text: str, end: int) -> bool:
        """Whether the word that ends at *end* is another word of the text with a letter behind it."""
        if self._words is None:
            self._words = {word for line in self._lines for word in _LETTERS.findall(line.text)}
        found = _LETTERS_AT_END.search(text, max(end - 40, 0), end)
        word = found[0] if found else ""
        elsewhere = word + "s" in self._words or (word != word.lower() and word.lower() in self._words)
        return len(word) > 3 and word[:-1] in self._words and not elsewhere


def _numbers_and_signs(at: int, text: str) -> list[Place]:
    found: list[Place] = []
    for digits in _DIGITS.finditer(text):
        if len(digits[0]) <= _MAX_DIGITS and digits[0].isascii():
            found += _of_number(at, text, digits.start(), digits.end())
    for raised in _RAISED.finditer(text):
        before = text[max(raised.start() - NEAR, 0) : raised.start()]
        unit = re.search(r"(?:^|[\s\d])[kcmd]?m$", before) or (before[-1:].isdigit())
        weight = POSSIBLE if unit else 12
        if before:
            found.append(Place(at, raised.start(), raised.end(), raised[0].translate(SUPERSCRIPTS), weight))
    for sign in _SYMBOL.finditer(text):
        before = text[sign.start() - 1 : sign.start()]
        if before.strip() and len(set(sign[0])) == 1:
            found.append(Place(at, sign.start(), sign.end(), sign[0], 8))
    return found


def _of_number(at: int, text: str, start: int, end: int) -> list[Place]:
    digits = text[start:end]
    after = text[end : end + 1]
    behind = text[end + 1 : end + 2]
    suffix = ""
    if after.isalpha():
        if not (after.islower() and after.isascii()) or (behind and (behind.isalnum() or behind in "'’-")):
            return []
        suffix = after  # 12a
    elif after == "/" and not (behind and (behind.isalnum() or behind in "/-")):
        return _of_slashed(at, text, start, end)
    elif (after and after in "%٪°/") or (after and after in "-–" and behind.isdigit()):
        return []
    if after and after in ".,:٫٬" and behind.isdigit():
        due = str(int(digits) + 1)
        if after != "," or not text.startswith(due, end + 1) or text[end + 1 + len(due) : end + 2 + len(due)].isdigit():
            return []
    if start and text[start - 1] == "[" and after == "]":
        return [Place(at, start - 1, end + 1, digits, 9)]
    if start and text[start - 1] == "(" and after == ")":
        return [Place(at, start - 1, end + 1, digits, _weight_in_brackets(text, start - 1, end + 1))]
    separator = _LISTED.search(text, max(start - 12, 0), start)
    if separator and int(separator[1]) + 1 == int(digits) and _weight(text, *separator.span(1)) >= SURE:
        return [Place(at, separator.end(1), end, digits, SURE)]  # 9,10 or 9, 10: what parts two marks is of their type
    weight = _weight(text, start, end)
    if suffix:
        return [Place(at, start, end + 1, digits + suffix, min(weight, SURE))] if weight >= LIKELY else []
    found = [Place(at, start, end, digits, weight)] if weight and not digits.startswith("0") else []
    if weight <= POSSIBLE and 5 <= len(digits) <= 7 and _YEAR.match(digits) and digits[4] != "0":
        found.append(Place(at, start + 4, end, digits[4:], POSSIBLE))  # a year and a mark: 198820
    if weight >= LIKELY and len(digits) % 2 == 0:
        half = len(digits) // 2
        if digits[0] != "0" and digits[half] != "0" and int(digits[:half]) + 1 == int(digits[half:]):
            found.append(Place(at, start, start + half, digits[:half], weight - 1))  # two marks in one: 1213
            found.append(Place(at, start + half, end, digits[half:], weight - 1))
    return found


def _weight_in_brackets(text: str, start: int, end: int) -> int:
    """The weight of `(3)`: glued to a word or stop it is a mark, before a stop likely, before words it may count."""
    before = text[start - 1 : start]
    if before.isalpha() or (bool(before) and before in CLOSING + STOPS + ",;:،؛"):
        return 8
    above = text[max(start - NEAR, 0) : start].rstrip()[-1:]
    if not above:
        return POSSIBLE
    if text[end : end + 1] and text[end] in STOPS + ",;:،؛":
        return SURE
    return LIKELY if above in STOPS + CLOSING_QUOTES else POSSIBLE


def _of_slashed(at: int, text: str, start: int, end: int) -> list[Place]:
    """A mark as documents of the United Nations set it: `the report 12/ of that year`."""
    before = text[max(start - NEAR, 0) : start].rstrip()
    if not before or text[start : start + 1] == "0" or holds_address(before.split()[-1]) or before[-1] in "/-–([$£€":
        return []
    return [Place(at, start, end + 1, text[start:end], 8)]


def _weight(text: str, start: int, end: int) -> int:
    """How much the surroundings of the number speak for a mark: 0 not at all, 8 nearly surely."""
    before = text[start - 1 : start]
    if not before:
        return 0
    near = max(start - NEAR, 0)
    token = text[max(text.rfind(" ", near, start) + 1, near) : start]
    if before.isspace():
        return _weight_after_blank(text, start, end)
    if holds_address(token) or "@" in token:
        return POSSIBLE if before in STOPS else 0
    if before in CLOSING_QUOTES:
        return 8
    if before in CLOSING:
        return 7
    if before in STOPS + ",;:،؛":
        inner = text[start - 2 : start - 1]
        if inner.isdigit():
            return _weight_after_number(text, start, end)
        if before == "." and _COUNTING.search(text[max(start - 12, 0) : start]):
            return 1
        if before == "." and inner.isalpha() and not text[start - 3 : start - 2].isalpha():
            return SURE - 1  # behind one letter: an initial, a point of a list, or the end of a sentence
        return 8 if inner.isalpha() or inner in CLOSING + STOPS else POSSIBLE
    if holds_right_to_left(before):
        return 6  # such a script writes no digits into its words
    if before.isalpha():
        cut = len(token)
        while cut and token[cut - 1].isalpha():
            cut -= 1
        letters = token[cut:]
        if cut and token[cut - 1] in "/_":
            return 0
        if len(letters) >= 2 and letters[-2:].islower():
            return 7
        return 4 if len(letters) >= 3 else POSSIBLE
    return 0


def _weight_after_blank(text: str, start: int, end: int) -> int:
    last = text[max(start - NEAR, 0) : start].rstrip()[-1:]
    if not last or holds_right_to_left(last):
        return 0
    following = text[end : end + NEAR].lstrip()
    if MONTH.match(following):
        return 1
    opens = not following or following[0].isupper() or following[0] in OPENING_QUOTES + "([.,;:"
    if last in CLOSING_QUOTES:
        return 5 if opens else POSSIBLE
    if last in STOPS:
        return LIKELY if opens else 1
    return 0


def _weight_after_number(text: str, start: int, end: int) -> int:
    """For a number behind a stop behind a number: `1988.20` is a mark, `1,511` and `10.30` hardly."""
    stop = text[start - 1]
    if start < NEAR and re.fullmatch(r"(?:\d{1,2}\.)+", text[:start]) and text[end : end + NEAR].strip():
        # 2.1 at the head of a line, with words behind it, numbers a section.
        return 0 if text[end : end + NEAR].lstrip()[:1].isupper() else POSSIBLE
    before = text[max(start - 1 - NEAR, 0) : start - 1]
    earlier = before[len(before.rstrip("0123456789.,")) :]
    if stop == "," and end - start == 3:
        return 1
    if stop == ":":
        return 1
    if _YEAR.fullmatch(earlier):
        return SURE
    # "9.5 metres" goes on in small letters, "at the age of 32.74 The next day" does not.
    following = text[end : end + NEAR].lstrip()
    return LIKELY if following[:1].islower() else SURE - 1


def assign(labels: Sequence[str], rows: Sequence[Sequence[Place]], least: int = POSSIBLE) -> dict[int, Place]:
    """At most one place for each of *labels*, rising with them, of the greatest weight in all: index -> place.

    A heaviest increasing subsequence by a Fenwick tree of prefix maxima: n log n in the number of places.
    """
    offered = [[place for place in row if place.weight >= least] for row in rows]
    keys = sorted({(place.line, place.start) for row in offered for place in row})
    rank = {key: at + 1 for at, key in enumerate(keys)}
    best: list[tuple[int, int]] = [(0, -1)] * (len(keys) + 1)  # (weight, node) of the heaviest chain in a range
    nodes: list[tuple[int, Place, int]] = []  # (index of label, place, node before)

    def heaviest_before(at: int) -> tuple[int, int]:
        found = (0, -1)
        while at > 0:
            found = max(found, best[at], key=lambda entry: entry[0])
            at -= at & -at
        return found

    for index, row in enumerate(offered):
        added: list[tuple[int, int, int]] = []
        for place in row:
            at = rank[(place.line, place.start)]
            weight, before = heaviest_before(at - 1)
            nodes.append((index, place, before))
            added.append((at, weight + 10 * place.weight + 1, len(nodes) - 1))
        for at, weight, node in added:
            while at <= len(keys):
                if weight > best[at][0]:
                    best[at] = (weight, node)
                at += at & -at
    chosen: dict[int, Place] = {}
    node = heaviest_before(len(keys))[1]
    while node >= 0:
        index, place, node = nodes[node]
        chosen[index] = place
    return chosen


def rivals(index: int, chosen: Mapping[int, Place], offered: Sequence[Place], count: int) -> list[Place]:
    """Other places that would do as well for the label at *index*: as heavy, and between its neighbours' marks."""
    mine = chosen[index]
    low, high = (-1, -1), (1 << 60, 0)
    for before in range(index - 1, -1, -1):
        if before in chosen:
            low = (chosen[before].line, chosen[before].start)
            break
    for behind in range(index + 1, count):
        if behind in chosen:
            high = (chosen[behind].line, chosen[behind].start)
            break
    return [
        place
        for place in offered
        if place != mine and place.weight >= max(mine.weight, LIKELY) and low < (place.line, place.start) < high
    ]
