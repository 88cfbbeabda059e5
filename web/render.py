"""From the tree of a passage to the HTML that pages hold: escaping, sanitising, marking. The only file that knows
bleach and nh3.

The tree comes from the Markdown reader with its text plain. It is written out as HTML with everything escaped, then
goes through one bleach Cleaner with explicit tags and attributes. After that nothing edits the HTML but three functions
of this file: `link_calls` (where a footnote mark leads), `anchor_calls` (where the note leads back to) and `mark_html`
(what was searched for); each puts in letters of its own alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape
from itertools import groupby
from typing import Protocol
from xml.etree.ElementTree import Element

import nh3
from bleach.sanitizer import Cleaner
from markupsafe import Markup, escape

from corpus.beside import document_beside

RENDER_VERSION = "3"  # part of a build's fingerprint: raise it whenever the HTML of any passage would change

MAX_DEPTH = (
    40  # tags inside tags; what is deeper keeps its words and loses its tags (the parser's cost grows with depth)
)

_INLINE = frozenset({"em", "strong", "code", "sup", "sub", "del"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol"})
_BLOCKS = frozenset({"p", "blockquote", "table", "pre"}) | _LISTS | _HEADINGS
_TAGS = frozenset(
    {"p", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "pre", "br", "a", "span", "bdi"}
)
_ALLOWED_TAGS = _TAGS | _INLINE

_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`\\]+", re.IGNORECASE)
_HERE = re.compile(r"/documents/[A-Za-z0-9][A-Za-z0-9._~-]*(?:/p/[A-Za-z0-9._~-]+)?(?:#p-[0-9a-z]+)?")
_CALL = re.compile(r"#note-[0-9]{1,9}")
_LANGUAGES = frozenset({"fa", "ar", "he"})

# The scripts written from the right: Hebrew to Arabic Extended-A, and both blocks of presentation forms.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# A run goes on over digits, stops and blanks between two words of such a script, and ends at a letter of another.
_RTL_RUN = re.compile(rf"[{_RTL}](?:[\W\d_]{{0,40}}?[{_RTL}\u200c\u200d])*")
_RTL_QUOTES = ("«»", "‹›")
_LTR_LETTER = re.compile(rf"(?![{_RTL}])[^\W\d_]")
_RTL_LETTER = re.compile(rf"[{_RTL}]")
_ARABIC_ONLY = re.compile("[ةأإ]")
_PERSIAN_ONLY = re.compile("[پچژگکی]")
_HEBREW = re.compile("[\u0590-\u05ff]")
# Embeddings, overrides and isolates that a source may hold unbalanced: kept, but shut in.
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What HTML cannot hold: bleach would print "?" for a control character, and a lone surrogate cannot be written at all.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class Piece(Protocol):
    """A stretch of text that matched or did not, as a snippet is made of."""

    @property
    def text(self) -> str: ...

    @property
    def matched(self) -> bool: ...


# ---------------------------------------------------------------------------------------------------------- sanitising


def _allow(tag: str, name: str, value: str) -> bool:
    """Whether *tag* may carry attribute *name* with *value*: the attribute callback of the cleaner."""
    if tag == "a":
        if name == "href":
            return bool(_WEB.fullmatch(value) or _HERE.fullmatch(value) or _CALL.fullmatch(value))
        return name == "class" and value == "call"
    if name == "dir":
        return value == "rtl"
    if name == "lang":
        return value in _LANGUAGES
    return tag == "p" and name == "class" and value == "verse"


_CLEANER = Cleaner(
    tags=_ALLOWED_TAGS,
    attributes=_allow,
    protocols=frozenset({"http", "https", "mailto"}),
    strip=False,
    strip_comments=True,
)

_SECOND_TAGS = set(_ALLOWED_TAGS)
_SECOND_ATTRIBUTES = {
    "a": {"href", "class"},
    **{tag: {"dir", "lang"} for tag in ("span", "li", "td", "th", "blockquote")},
    "p": {"dir", "lang", "class"},
}


def second_opinion(html: str) -> bool:
    """Whether nh3, another sanitiser under the same rules, would leave *html* as it is (no-break spaces apart)."""
    cleaned = nh3.clean(
        html,
        tags=_SECOND_TAGS,
        attributes=_SECOND_ATTRIBUTES,
        attribute_filter=lambda tag, name, value: value if _allow(tag, name, value) else None,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return cleaned == html.replace("\u00a0", "&nbsp;")


def sanitised(html: str) -> str:
    """*html* with what may not stand in a page shown as words, or left out where it is an attribute."""
    return _CLEANER.clean(html)


def fragments(elements: Sequence[Element]) -> tuple[str, ...]:
    """Sanitised HTML of each passage, in order. Marks lead to `#note-N` until `link_calls` knows the passages' ids.

    A row comes as a table of its own; `row_cells` takes it out, for a page that puts rows together again.
    """
    return tuple(_fragment(element) for element in elements)


def _fragment(element: Element) -> str:
    html = sanitised(_written(element))
    if _plain(html) == _squeezed(_told(element)):
        return html
    # The parser moved or dropped words of a tree that HTML has no place for: the words win, the structure goes.
    return sanitised(f"<p>{''.join(_flat(element))}</p>")


def _written(element: Element) -> str:
    """The passage in the tags of its form."""
    out: list[str] = []
    form = element.get("form", "paragraph")
    if form == "row":
        cells = [child for child in element if child.tag in ("td", "th")]
        if cells:
            out.append("<table><tbody><tr>")
            for cell in cells:
                _write_cell(cell, out)
            out.append("</tr></tbody></table>")
            return "".join(out)
    if form == "code" and not any(child.tag == "pre" for child in element):
        return f"<pre><code>{''.join(_flat(element, runs=False))}</code></pre>"
    paragraph = 'p class="verse"' if form == "verse" else "p"
    if form == "quotation":
        inner = element[0] if _is_only_child(element, "blockquote") else element
        out.append("<blockquote>")
        _write_blocks(inner, out, 1, "p")
        out.append("</blockquote>")
    else:
        _write_blocks(element, out, 0, paragraph)
    return "".join(out)


def _is_only_child(element: Element, tag: str) -> bool:
    return (
        len(element) == 1
        and element[0].tag == tag
        and not (element.text or "").strip()
        and not (element[0].tail or "").strip()
    )


def _write_blocks(element: Element, out: list[str], depth: int, paragraph: str) -> None:
    """The children of *element*, each block in its tag and each run of words between them in a paragraph."""
    line: list[str] = []  # HTML of the run being gathered
    words: list[str] = []  # its plain text, which tells the direction

    def close() -> None:
        if "".join(line).strip():
            name = paragraph.partition(" ")[0]
            out.append(f"<{paragraph}{_direction(''.join(words))}>{''.join(line).strip()}</{name}>")
        line.clear()
        words.clear()

    rtl = leans_right(_told(element))
    _write_text(element.text, line, words, rtl)
    for child in element:
        if child.tag in _BLOCKS or child.tag == "passage":
            close()
            _write_block(child, out, depth + 1)
        else:
            _write_inline(child, line, words, depth + 1, rtl, linked=False)
        _write_text(child.tail, line, words, rtl)
    close()


def _write_block(element: Element, out: list[str], depth: int) -> None:
    tag = element.tag
    if depth > MAX_DEPTH:
        out.append(f"<p>{''.join(_flat(element))}</p>")
    elif tag in _HEADINGS:
        # A heading inside a note or a quotation is no heading of the page: it must not enter the page's outline.
        out.append(f"<p{_direction(_told(element))}><strong>")
        _write_line(element, out, depth)
        out.append("</strong></p>")
    elif tag == "p":
        _write_blocks(element, out, depth, "p")
    elif tag == "blockquote":
        out.append("<blockquote>")
        _write_blocks(element, out, depth, "p")
        out.append("</blockquote>")
    elif tag in _LISTS:
        out.append(f"<{tag}>")
        for item in element:
            out.append("<li>")
            if any(child.tag in _BLOCKS for child in item):
                _write_blocks(item, out, depth + 1, "p")
            else:
                out[-1] = f"<li{_direction(_told(item))}>"
                _write_line(item, out, depth + 1)
            out.append("</li>")
        out.append(f"</{tag}>")
    elif tag == "table":
        _write_table(element, out)
    elif tag == "pre":
        out.append(f"<pre><code>{''.join(_flat(element, runs=False))}</code></pre>")
    else:
        _write_blocks(element, out, depth, "p")


def _write_table(table: Element, out: list[str]) -> None:
    head = [row for part in table if part.tag == "thead" for row in part if row.tag == "tr"]
    body = [row for part in table if part.tag == "tbody" for row in part if row.tag == "tr"]
    body += [row for row in table if row.tag == "tr"]
    out.append("<table>")
    for tag, rows in (("thead", head), ("tbody", body)):
        if rows:
            out.append(f"<{tag}>")
            for row in rows:
                out.append("<tr>")
                for cell in row:
                    _write_cell(cell, out)
                out.append("</tr>")
            out.append(f"</{tag}>")
    out.append("</table>")


def _write_cell(cell: Element, out: list[str]) -> None:
    tag = "th" if cell.tag == "th" else "td"
    out.append(f"<{tag}{_direction(_told(cell))}>")
    _write_line(cell, out, 1)
    out.append(f"</{tag}>")


def _write_line(element: Element, out: list[str], depth: int) -> None:
    """The words of *element* in one line: blocks in it lose their tags."""
    words: list[str] = []
    rtl = leans_right(_told(element))
    _write_text(element.text, out, words, rtl)
    for child in element:
        _write_inline(child, out, words, depth + 1, rtl, linked=False)
        _write_text(child.tail, out, words, rtl)


def _write_inline(element: Element, out: list[str], words: list[str], depth: int, rtl: bool, *, linked: bool) -> None:
    tag = element.tag
    if tag == "call":
        out.append(_call(element))
        return
    if tag == "br":
        out.append("<br>")
        words.append(" ")
        return
    if depth > MAX_DEPTH:
        out.extend(_flat(element))
        return
    opened = closed = ""
    if tag in _INLINE:
        opened, closed = f"<{tag}>", f"</{tag}>"
    elif tag == "a" and not linked:
        target = _target(element.get("href", ""))
        # A mark inside a link would be a link inside a link: such a link gives up its address.
        if target and element.find(".//call") is None:
            opened, closed, linked = f'<a href="{escape(target)}">', "</a>", True
    elif tag in _BLOCKS or tag in ("li", "td", "th", "tr"):
        opened = closed = " "
    out.append(opened)
    _write_text(element.text, out, words, rtl, runs=tag != "code")
    for child in element:
        _write_inline(child, out, words, depth + 1, rtl, linked=linked)
        _write_text(child.tail, out, words, rtl, runs=tag != "code")
    out.append(closed)


def _write_text(text: str | None, out: list[str], words: list[str], rtl: bool, *, runs: bool = True) -> None:
    if text:
        words.append(text)
        out.append(_escaped(text) if rtl or not runs else str(isolated(text)))


def _call(element: Element) -> str:
    target = element.get("target", "")
    shown = _escaped("".join(element.itertext()))
    if target.isascii() and target.isdigit() and len(target) < 10:
        return f'<a class="call" href="#note-{target}">{shown}</a>'
    return f"<sup>{shown}</sup>"


def _flat(element: Element, *, runs: bool = True) -> Iterator[str]:
    """HTML of every word under *element* and of its marks, without any other tag; for trees of any depth."""
    stack: list[Element | str] = [element]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            yield str(isolated(top)) if runs else _escaped(top)
        elif top.tag == "call":
            yield _call(top)
        else:
            if top is not element and (top.tag in _BLOCKS or top.tag in ("br", "li", "td", "th")):
                yield "\n"
            for child in reversed(top):
                if child.tail:
                    stack.append(child.tail)
                stack.append(child)
            if top.text:
                stack.append(top.text)


def _told(element: Element) -> str:
    """The words under *element*, without those of its marks."""
    parts: list[str] = []
    stack: list[Element | str] = [element]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            parts.append(top)
        elif top.tag != "call":
            for child in reversed(top):
                if child.tail:
                    stack.append(child.tail)
                stack.append(child)
            if top.text:
                stack.append(top.text)
    return "".join(parts)


def _target(address: str) -> str | None:
    """The address that a link of the source may have, or None: other schemes and other pages of this site have none."""
    address = _UNPRINTABLE.sub("", address).strip()
    if _HERE.fullmatch(address):
        return address
    if (beside := document_beside(address)) is not None:
        return f"/documents/{beside[0]}{beside[1]}"
    # Percent-encoding the few characters that would end an attribute or a tag keeps every other address as it was.
    address = re.sub(r"[\s<>\"'`\\]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)
    return address if _WEB.fullmatch(address) else None


def _escaped(text: str) -> str:
    return _UNPRINTABLE.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ------------------------------------------------------------------------------------------------- right-to-left runs


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


def _direction(text: str) -> str:
    """The attributes of a block that is mostly right-to-left, else nothing."""
    return f' lang="{language_of(text)}" dir="rtl"' if leans_right(text) else ""


def direction(text: str) -> Markup:
    """Attributes for a tag that holds *text* alone: language and direction where it is mostly right-to-left."""
    return Markup(_direction(text))


def isolated(text: str) -> Markup:
    """*text* escaped, with language and direction on each right-to-left run, and stray direction marks shut in."""
    if text.isascii():
        return Markup(_escaped(text))
    parts: list[str] = []
    done = 0
    for run in _RTL_RUN.finditer(text):
        start, end = run.span()
        if start > done and text[start - 1] + text[end : end + 1] in _RTL_QUOTES:
            # They open at the right: left outside, the first would stand where a broken line of the run ends.
            start, end = start - 1, end + 1
        parts.append(_escaped(text[done:start]))
        parts.append(f'<span lang="{language_of(run[0])}" dir="rtl">{_escaped(text[start:end])}</span>')
        done = end
    parts.append(_escaped(text[done:]))
    whole = "".join(parts)
    return Markup(f"<bdi>{whole}</bdi>" if _BIDI_CONTROL.search(text) else whole)


# ----------------------------------------------------------------------------------- what is put into sanitised HTML

_NOTE_HREF = re.compile(r'<a class="call" href="#note-([0-9]+)">')
_CALL_TO = re.compile(r'(</a>)?<a class="call" href="#p-([0-9a-z]+)">')


class Ids(Protocol):
    """The ids of a document's passages by position: a sequence, or something that looks each up."""

    def __getitem__(self, position: int, /) -> str: ...


def link_calls(html: str, ids: Ids) -> str:
    """*html* with each footnote mark leading to `#p-<id>`. Raises IndexError for a position that *ids* lacks."""
    return _NOTE_HREF.sub(lambda found: f'<a class="call" href="#p-{ids[int(found[1])]}">', html)


def anchor_calls(html: str, anchor: Callable[[str], str]) -> str:
    """*html* with each mark's own anchor, `anchor(id of its note)`, for the note to lead back to."""
    if 'class="call"' not in html:
        return html

    def anchored(found: re.Match[str]) -> str:
        # Of two marks side by side the second stands a little apart, or 1 and 2 would read as 12.
        begun, note = found.groups()
        return f'{begun or ""}<a class="call{" too" if begun else ""}" id="{anchor(note)}" href="#p-{note}">'

    return _CALL_TO.sub(anchored, html)


def row_cells(html: str) -> str | None:
    """The cells of a row's HTML, ready for a table that a page puts together; None if it is no row's."""
    head, foot = "<table><tbody><tr>", "</tr></tbody></table>"
    if html.startswith(head) and html.endswith(foot):
        return html[len(head) : -len(foot)]
    return None


def mark(pieces: Iterable[Piece]) -> Markup:
    """A snippet with `<mark>` around what matched; a right-to-left run stays one run, marked or not."""
    pieces = [piece for piece in pieces if piece.text]
    text = "".join(piece.text for piece in pieces)
    html = str(isolated(text))
    if "<" not in html:
        # Without any run of its own the text is its own HTML: a twentieth of the time that fitting the two takes.
        return Markup("".join(_marked(matched, run) for matched, run in groupby(pieces, lambda piece: piece.matched)))
    spans, at = [], 0
    for piece in pieces:
        if piece.matched:
            spans.append((at, at + len(piece.text)))
        at += len(piece.text)
    return mark_html(html, text, spans)


def _marked(matched: bool, run: Iterable[Piece]) -> str:
    html = _escaped("".join(piece.text for piece in run))
    return f"<mark>{html}</mark>" if matched and html else html


_TOKEN = re.compile(
    r'<a class="call"[^>]*>[^<]*</a>|<[^>]*>|&(?:#[0-9]+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);|[^<&]+|[<&]'
)


def _plain(html: str) -> str:
    """The words of *html* without white space and without its marks."""
    return _squeezed(
        "".join(unescape(token) for token in _TOKEN.findall(html) if not (token[0] == "<" and len(token) > 1))
    )


def _squeezed(text: str) -> str:
    return "".join(_UNPRINTABLE.sub("", text).split())


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

    for token in _TOKEN.findall(html):
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
            while at < len(text) and text[at] != shown and _UNPRINTABLE.match(text[at]):
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
