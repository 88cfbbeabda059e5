"""`<mark>` around what was searched for, in a snippet and in the sanitised HTML of a passage.

Nothing is put in but tags of this file, and nothing is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Protocol

from markupsafe import Markup

from web.directions import UNPRINTABLE, is_plain, isolated

TOKEN = re.compile(
    r'<a class="call"[^>]*>[^<]*</a>|<[^>]*>|&(?:#[0-9]+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);|[^<&]+|[<&]'
)

_OPEN, _CLOSE = "\x02", "\x03"  # stand for the tags while the text is escaped: no plain text holds them


class Piece(Protocol):
    """A stretch of text that matched or did not, as a snippet is made of."""

    @property
    def text(self) -> str: ...

    @property
    def matched(self) -> bool: ...


def mark(pieces: Iterable[Piece]) -> Markup:
    """A snippet with `<mark>` around what matched; a right-to-left run stays one run, marked or not."""
    pieces = [piece for piece in pieces if piece.text]
    text = "".join([piece.text for piece in pieces])
    if is_plain(text):
        # Escaped all at once: a tenth of the time that fitting marks to the HTML takes.
        parts: list[str] = []
        inside = False
        for piece in pieces:
            if piece.matched is not inside:
                parts.append(_CLOSE if inside else _OPEN)
                inside = piece.matched
            parts.append(piece.text)
        html = "".join(parts).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return Markup((html + _CLOSE if inside else html).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))
    spans, at = [], 0
    for piece in pieces:
        if piece.matched:
            spans.append((at, at + len(piece.text)))
        at += len(piece.text)
    return mark_html(str(isolated(text)), text, spans)


def mark_html(html: str, text: str, spans: Iterable[tuple[int, int]], slips: Iterable[tuple[int, int]] = ()) -> Markup:
    """*html* with `<mark>` at *spans* of *text* and `<u class="slip">` at *slips* (half-open, in code points).

    *html* is what `fragments` gave for the passage whose plain text is *text*; they may differ in white space, the bars
    between cells, and marks. Where they differ otherwise, *html* comes back as it is: better no mark than a wrong one.
    """
    marked, slipped = _covered(len(text), spans), _covered(len(text), slips)
    if not any(marked) and not any(slipped):
        return Markup(html)
    out: list[str] = []
    at = 0  # how far in *text* the HTML has been read
    state = (False, False)  # inside a mark, inside a slip

    def turn(new: tuple[bool, bool]) -> None:
        nonlocal state
        if state[0] and (not new[0] or state[1] != new[1]):
            out.append("</mark>")
            state = (False, state[1])
        if state[1] != new[1]:
            out.append('<u class="slip">' if new[1] else "</u>")
        if new[0] and not state[0]:
            out.append("<mark>")
        state = new

    for token in TOKEN.findall(html):
        if token[0] == "<":
            turn((False, False))
            out.append(token)
            continue
        while at < len(text) and text[at].isspace() and not token[0].isspace():
            at += 1
        end = at + len(token)
        if text.startswith(token, at) and not any(marked[at:end]) and not any(slipped[at:end]):
            turn((False, False))
            out.append(token)
            at = end
            continue
        entity = token[0] == "&" and len(token) > 1
        for shown in (unescape(token),) if entity else token:
            if shown.isspace():
                covered = at < len(text) and text[at].isspace() and (marked[at], slipped[at])
                turn(covered or (False, False))
                out.append(token if entity else shown)
                continue
            while at < len(text) and (text[at].isspace() or (text[at] == "|" != shown)):
                at += 1
            while at < len(text) and text[at] != shown and UNPRINTABLE.match(text[at]):
                at += 1
            if at >= len(text) or text[at] != shown:
                return Markup(html)
            turn((marked[at], slipped[at]))
            out.append(token if entity else shown)
            at += 1
    turn((False, False))
    return Markup("".join(out))


def _covered(length: int, spans: Iterable[tuple[int, int]]) -> list[bool]:
    """For each offset below *length*, whether one of *spans* covers it."""
    covered = [False] * length
    for start, end in spans:
        start, end = max(start, 0), min(end, length)
        if start < end:
            covered[start:end] = [True] * (end - start)
    return covered
