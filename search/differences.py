"""What changed between two wordings, word by word.

Python's difflib finds changes that read well; past a thousand words rapidfuzz (MIT) does it fast enough, and past
twenty thousand that have no common beginning and end, the whole is shown as changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz.distance import Indel

READABLE_WORDS = 1_000
MOST_WORDS = 20_000

_TOKEN = re.compile(r"(\w+|[^\w\s])(\s*)|(\s+)")
_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»′″＂＇"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u0640"
)
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys(_QUOTES, "'"),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_INVISIBLE, ""),
        "…": "...",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "ي": "ی",  # the same letters as Arabic and Persian keyboards write them
        "ى": "ی",
        "ك": "ک",
    }
)


class Change(StrEnum):
    """What happened to a piece of the text."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of both texts, of the earlier alone (out) or of the later alone (in)."""

    text: str
    change: Change


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in order: same and out make up *before*, same and in make up *after*."""
    old, new = _tokens(before), _tokens(after)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = _changes(old[start : len(old) - end], new[start : len(new) - end])
    tail = ((word + space, Change.SAME) for word, space in old[len(old) - end :])
    return _joined([*((word + space, Change.SAME) for word, space in old[:start]), *middle, *tail])


def differs_in_typography_alone(before: str, after: str) -> bool:
    """Whether two texts differ, but only in quotes, dashes, dots, ligatures, blanks and signs that do not show."""
    return before != after and _plain(before) == _plain(after)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY).split())


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words and marks, each with the white space after it."""
    return [(found[1] or "", found[2] if found[1] else found[3]) for found in _TOKEN.finditer(text)]


def _changes(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Change]]:
    for tag, start, end, new_start, new_end in _opcodes([word for word, _ in old], [word for word, _ in new]):
        if tag != "equal":
            yield from ((word + space, Change.OUT) for word, space in old[start:end])
            yield from ((word + space, Change.IN) for word, space in new[new_start:new_end])
            continue
        for (word, space), (_, new_space) in zip(old[start:end], new[new_start:new_end], strict=True):
            if space == new_space:
                yield word + space, Change.SAME
            else:
                yield word, Change.SAME
                yield space, Change.OUT
                yield new_space, Change.IN


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    longest = max(len(old), len(new))
    if longest <= READABLE_WORDS:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    elif longest <= MOST_WORDS:
        for code in Indel.opcodes(old, new):
            yield code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end
    else:
        yield "replace", 0, len(old), 0, len(new)


def _joined(pieces: list[tuple[str, Change]]) -> tuple[Piece, ...]:
    """Pieces of one kind that follow each other in one; between two that stayed, what went stands before what came."""
    joined: list[Piece] = []
    changed: dict[Change, list[str]] = {Change.OUT: [], Change.IN: []}
    same: list[str] = []

    def flush_changed() -> None:
        for change, texts in changed.items():
            if text := "".join(texts):
                joined.append(Piece(text, change))
            texts.clear()

    for text, change in pieces:
        if not text:
            continue
        if change is Change.SAME:
            flush_changed()
            same.append(text)
        else:
            if same:
                joined.append(Piece("".join(same), Change.SAME))
                same.clear()
            changed[change].append(text)
    flush_changed()
    if same:
        joined.append(Piece("".join(same), Change.SAME))
    return tuple(joined)
