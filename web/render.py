"""From the tree of a passage to the HTML that pages hold: written, sanitised, its marks linked.

The only file that knows bleach and nh3. The tree comes from the Markdown reader with its text plain. It is written out
as HTML with everything escaped, then goes through one bleach Cleaner with explicit tags and attributes. After that
nothing edits the HTML but three functions: here `link_calls` (where a footnote mark leads) and `anchor_calls` (where
the note leads back to), in `highlighting` `mark_html` (what was searched for); each puts in letters of its own alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import Protocol
from xml.etree.ElementTree import Element

import nh3
from bleach.sanitizer import Cleaner
from markupsafe import escape

from corpus.beside import document_beside
from web.directions import UNPRINTABLE, direction_attributes, escaped, isolated, leans_right
from web.highlighting import TOKEN

RENDER_VERSION = "4"  # part of a build's fingerprint: raise it whenever the HTML of any passage would change

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


def _plain(html: str) -> str:
    """The words of *html* without white space and without its marks."""
    return _squeezed(
        "".join(unescape(token) for token in TOKEN.findall(html) if not (token[0] == "<" and len(token) > 1))
    )


def _squeezed(text: str) -> str:
    return "".join(UNPRINTABLE.sub("", text).split())


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
            out.append(f"<{paragraph}{direction_attributes(''.join(words))}>{''.join(line).strip()}</{name}>")
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
        out.append(f"<p{direction_attributes(_told(element))}><strong>")
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
                out[-1] = f"<li{direction_attributes(_told(item))}>"
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
    out.append(f"<{tag}{direction_attributes(_told(cell))}>")
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
        out.append(escaped(text) if rtl or not runs else str(isolated(text)))


def _call(element: Element) -> str:
    target = element.get("target", "")
    shown = escaped("".join(element.itertext()))
    if target.isascii() and target.isdigit() and len(target) < 10:
        return f'<a class="call" href="#note-{target}">{shown}</a>'
    return f"<sup>{shown}</sup>"


def _flat(element: Element, *, runs: bool = True) -> Iterator[str]:
    """HTML of every word under *element* and of its marks, without any other tag; for trees of any depth."""
    stack: list[Element | str] = [element]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            yield str(isolated(top)) if runs else escaped(top)
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
    address = UNPRINTABLE.sub("", address).strip()
    if _HERE.fullmatch(address):
        return address
    if (beside := document_beside(address)) is not None:
        return f"/documents/{beside[0]}{beside[1]}"
    # Percent-encoding the few characters that would end an attribute or a tag keeps every other address as it was.
    address = re.sub(r"[\s<>\"'`\\]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)
    return address if _WEB.fullmatch(address) else None


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
