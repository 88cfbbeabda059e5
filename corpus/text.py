"""Folding: one spelling for matching, whatever case, accents, script forms and digits the page has, with the way back.

Folding works character by character, so that every folded character knows the printed one it came from. A character
becomes nothing (marks, joiners, tatweel), one character, or several (ligatures, the sharp s). The steps for one
character are Unicode's NFKD, casefold, the map below, NFC, again and again until nothing changes; so folding what is
folded changes nothing. Words are not judged here: see `corpus.mending` for readings of words that extraction broke.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

# Latin letters that NFKD does not take apart, as they are commonly typed without their stroke.
_LATIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "ŧ": "t",
    "ŋ": "ng",
}

# Persian and Arabic letters that are one letter to a reader. Hamza carriers lose their hamza by NFKD and marks below;
# a hamza on the line goes (امضاء, امضا).
_ARABIC = {
    **dict.fromkeys("\u064a\u0649\u06d2\u06cd\u06d0\u0620\u063d\u063e\u063f", "\u06cc"),  # ي ى ے -> ی
    **dict.fromkeys("\u0643\u06aa\u06ab\u06ac\u06ad\u06ae\u063b\u063c", "\u06a9"),  # ك ڪ -> ک
    **dict.fromkeys("\u0629\u06c1\u06be\u06d5\u06c3\u06ff", "\u0647"),  # ة ہ ھ ە -> ه
    **dict.fromkeys("\u0671\u0672\u0673\u0675", "\u0627"),  # ٱ -> ا
    **dict.fromkeys("\u0621\u0674", ""),  # ء
    "\u066a": "%",
    "\u066b": ".",
    "\u066c": ",",
    "\u060c": ",",
    "\u061b": ";",
    "\u061f": "?",
    "\u06d4": ".",
}

# Apostrophes, and the signs for ayn and hamza in transliteration, of every kind.
_APOSTROPHES = (
    "\u2018\u2019\u201a\u201b\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u2032\u2035`\u00b4"
    "\uff07\u055a\u05f3\ua78b\ua78c"
)
_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2036\u301d\u301e\uff02\u05f4"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u05be"

# Nothing of these is seen or read: joiners, soft hyphen, directions, tatweel, byte order mark.
_UNSEEN = "\u00ad\u0640\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"

# Marks above and below letters (half-open ranges). Vowel signs of other scripts are letters there and stay.
_MARKS = (
    (0x0300, 0x0370),
    (0x0483, 0x0488),
    (0x0591, 0x05BE),
    (0x05BF, 0x05C0),
    (0x05C1, 0x05C3),
    (0x05C4, 0x05C6),
    (0x0610, 0x061B),
    (0x064B, 0x0660),
    (0x0670, 0x0671),
    (0x06D6, 0x06DD),
    (0x06DF, 0x06E5),
    (0x06E7, 0x06E9),
    (0x06EA, 0x06EE),
    (0x08CA, 0x0900),
    (0x1AB0, 0x1B00),
    (0x1DC0, 0x1E00),
    (0x202A, 0x202F),
    (0x2066, 0x2070),
    (0x20D0, 0x2100),
    (0xFE00, 0xFE10),
    (0xFE20, 0xFE30),
    (0xFE70, 0xFE80),  # Arabic marks standing alone: NFKC would make a blank of each, inside a word
    (0xE0100, 0xE01F0),
)

_MAP: dict[str, str] = {
    **_LATIN,
    **_ARABIC,
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_QUOTES, '"'),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_UNSEEN, ""),
    "\u2044": "/",
    "\u2215": "/",
}
_MARK_ENDS = [end for _, end in _MARKS]


def _is_mark(code: int) -> bool:
    # The first range that ends beyond the code is the only one that can hold it.
    at = bisect_left(_MARK_ENDS, code + 1)
    return at < len(_MARKS) and _MARKS[at][0] <= code


def _plain(char: str) -> str:
    """One step for one character."""
    mapped = _MAP.get(char)
    if mapped is not None:
        return mapped
    if _is_mark(ord(char)):
        return ""
    if char.isspace():
        return " "
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", char).casefold()
    kept = "".join(_MAP.get(part, part) for part in parts if not _is_mark(ord(part)))
    return unicodedata.normalize("NFC", kept)


class _Table(dict[int, str]):
    """What each code point folds to, worked out when first met; `str.translate` reads it."""

    def __missing__(self, code: int) -> str:
        before, after = "", chr(code)
        while after != before:
            before, after = after, "".join(map(_plain, after))
        self[code] = after
        return after


_TABLE = _Table({code: _plain(chr(code)) for code in range(0x250)})
_piece = _TABLE.__getitem__


@dataclass(frozen=True, slots=True)
class Folded:
    """Text made for matching. `offsets[i]` is the printed character that folded character *i* came from; one more
    entry at the end holds the printed length. Offsets never fall."""

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The printed characters, half-open, that *start* to *end* of the folded text came from.

        Marks and joiners that follow the last character belong to it.
        """
        first = self.offsets[start]
        if end <= start:
            return first, first
        return first, max(self.offsets[end], self.offsets[end - 1] + 1)


def fold(text: str) -> str:
    """*text* as it is compared: see the top of this file. `fold(fold(text)) == fold(text)`."""
    return text.translate(_TABLE)


_ONE: set[str] = set()  # the characters met so far that fold to one character


def _stays_as_long(text: str) -> bool:
    """Whether each character of *text* folds to one."""
    for char in {*text} - _ONE:
        if len(_piece(ord(char))) != 1:
            return False
        _ONE.add(char)
    return True


def folded(text: str) -> Folded:
    """*text* folded, with the offsets that lead back to the printed characters."""
    if _stays_as_long(text):
        return Folded(fold(text), range(len(text) + 1))
    pieces = list(map(_piece, map(ord, text)))
    lengths = list(map(len, pieces))
    offsets = [at for at, length in enumerate(lengths) for _ in range(length)]
    offsets.append(len(text))
    return Folded("".join(pieces), offsets)
