"""Which way a text reads: attributes for what is written from the right, and runs of it shut in.

Everything comes back escaped, in letters and tags of this file alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

# The scripts written from the right: Hebrew to Arabic Extended-A, and both blocks of presentation forms.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# A run goes on over digits, stops and blanks between two words of such a script, and ends at a letter of another.
_RTL_RUN = re.compile(rf"[{_RTL}](?:[\W\d_]{{0,40}}?[{_RTL}\u200c\u200d])*")
_RTL_QUOTES = ("«»", "‹›")
_CLOSES = {")": "(", "]": "[", "}": "{", "»": "«", "›": "‹"}
_OPENS = {opening: closing for closing, opening in _CLOSES.items()}
_BRACKET = re.compile("[][(){}«»‹›]")
_LTR_LETTER = re.compile(rf"(?![{_RTL}])[^\W\d_]")
_RTL_LETTER = re.compile(rf"[{_RTL}]")
_ARABIC_ONLY = re.compile("[ةأإ]")
_PERSIAN_ONLY = re.compile("[پچژگکی]")
_HEBREW = re.compile("[\u0590-\u05ff]")
# Embeddings, overrides and isolates that a source may hold unbalanced: kept, but shut in.
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What HTML cannot hold: bleach would print "?" for a control character, and a lone surrogate cannot be written at all.
_UNPRINTABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff"
UNPRINTABLE = re.compile(f"[{_UNPRINTABLE}]")
_SPECIAL = re.compile(f"[{_RTL}\u202a-\u202e\u2066-\u2069{_UNPRINTABLE}]")


def escaped(text: str) -> str:
    """*text* as HTML, without what HTML cannot hold."""
    return UNPRINTABLE.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_plain(text: str) -> bool:
    """Whether *text* needs no more than `<`, `>` and `&` escaped: nothing reads from the right or cannot be printed."""
    return _SPECIAL.search(text) is None


def leans_right(text: str) -> bool:
    """Whether a block of *text* reads from the right: it begins so and is so for the most part, or is so nearly all.

    The first strong letter alone (what `dir="auto"` goes by) would turn an English note round that begins with a
    Persian title; the greater part alone, one that quotes a long one.
    """
    first = _RTL_LETTER.search(text)
    if first is None:
        return False
    right, left = sum(1 for _ in _RTL_LETTER.finditer(text)), sum(1 for _ in _LTR_LETTER.finditer(text))
    if right >= 4 * left:
        return True
    first_left = _LTR_LETTER.search(text)
    return right > left and (first_left is None or first.start() < first_left.start())


def language_of(text: str) -> str:
    """`fa`, `ar` or `he` for a run of a right-to-left script: Persian unless its letters say otherwise."""
    if _HEBREW.search(text):
        return "he"
    return "ar" if _ARABIC_ONLY.search(text) and not _PERSIAN_ONLY.search(text) else "fa"


def direction_attributes(text: str) -> str:
    """The attributes of a block that is mostly right-to-left, else nothing."""
    if text.isascii():
        return ""
    return f' lang="{language_of(text)}" dir="rtl"' if leans_right(text) else ""


def direction(text: str) -> Markup:
    """Attributes for a tag that holds *text* alone: language and direction where it is mostly right-to-left."""
    return Markup(direction_attributes(text))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Each right-to-left run of *text*, half-open. Linear time.

    A bracket that opened right before a run ends it where it closes, and one that opens in it and closes right behind
    closes in it: shut in without its fellow, a bracket would be turned round and stand at the wrong end.
    """
    for run in _RTL_RUN.finditer(text):
        start, end = run.span()
        opened: list[str] = []
        for found in _BRACKET.finditer(text, start, end):
            sign, at = found[0], found.start()
            if at < start:
                continue
            if sign in _OPENS:
                opened.append(sign)
            elif opened and opened[-1] == _CLOSES[sign]:
                opened.pop()
            elif start and text[start - 1] == _CLOSES[sign] and not opened:
                yield start, at
                following = _RTL_LETTER.search(text, at, end)
                assert following is not None, "a run ends in a letter or a joiner after one"
                start = following.start()
        while opened and text[end : end + 1] == _OPENS[opened[-1]]:
            opened.pop()
            end += 1
        yield start, end


def isolated(text: str) -> Markup:
    """*text* escaped, with language and direction on each right-to-left run, and stray direction marks shut in."""
    if text.isascii():
        return Markup(escaped(text))
    parts: list[str] = []
    done = 0
    for start, end in _runs(text):
        said = language_of(text[start:end])
        if start > done and text[start - 1] + text[end : end + 1] in _RTL_QUOTES:
            # They open at the right: left outside, the first would stand where a broken line of the run ends.
            start, end = start - 1, end + 1
        parts.append(escaped(text[done:start]))
        parts.append(f'<span lang="{said}" dir="rtl">{escaped(text[start:end])}</span>')
        done = end
    parts.append(escaped(text[done:]))
    whole = "".join(parts)
    return Markup(f"<bdi>{whole}</bdi>" if _BIDI_CONTROL.search(text) else whole)
