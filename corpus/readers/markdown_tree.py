"""Markdown as this project reads it: Python-Markdown's parser, its tree kept, with our footnotes and no raw HTML.

What differs from stock Python-Markdown, and why:

* Footnotes keep their printed marks and lose nothing: a call becomes `<call label="27">`, each definition a `<note>`
  under the tree's root, also when two have one mark (stock renumbers the marks and keeps only the last definition).
* Raw HTML is text: what stands in angle brackets is shown as typed.
* A numbered item keeps the number that is printed (`number` on its `<li>`); stock HTML would count anew.
* Fenced code, and the three things in braces that are ours (`{page=3}`, `{#k7x3fh}`, `{.annex}`), are taken out before
  Markdown sees them and stand in the tree as markers: an index into `Source.markers` between two noncharacters of
  Unicode, which no text may hold.
* A table row keeps all its cells, also those beyond the columns of its head.
* Nothing is serialised: passages and HTML are made from one tree.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.blockprocessors import BlockProcessor, OListProcessor, UListProcessor
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteBlockProcessor, FootnoteExtension
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

OPEN, CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: never in a text for interchange (Unicode, section 23.7)
MARKER = re.compile(f"{OPEN}(\\d+){CLOSE}")

_OURS = re.compile(
    r"(?P<backslashes>\\*)\{(?:page=(?P<page>[0-9]{1,5}|[ivxlcdm]{1,12}|[IVXLCDM]{1,12})"
    r"|#(?P<id>[0-9a-z]{6})|(?P<annex>\.annex))\}"
)
_ITEM = re.compile(r"([ ]*)(?:[*+-]|\d+\.)[ ]+\S")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[0-9a-zA-Z]{1,32});")
_FENCE = re.compile(r"(?P<prefix>[ ]*(?:>[ ]?)*)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")


@dataclass(frozen=True, slots=True)
class Marker:
    """Something taken out of the source: *kind* is page, id, annex or code."""

    kind: str
    value: str
    literal: str  # as it was typed
    line: int  # 1-based line of the file


@dataclass(slots=True)
class Source:
    """A Markdown text with our markers taken out."""

    lines: list[str]
    markers: list[Marker] = field(default_factory=list)
    unclosed_fence: int | None = None  # its line

    def take_out(self, kind: str, value: str, literal: str, line: int) -> str:
        self.markers.append(Marker(kind, value, literal, line))
        return f"{OPEN}{len(self.markers) - 1}{CLOSE}"


def take_out_markers(lines: list[str], first_line: int) -> Source:
    """*lines* with fenced code and our braces replaced by markers; *first_line* is the file's line of the first."""
    source = Source([])
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening and (end := _fence_end(lines, at, opening)) is not None:
            prefix = opening["prefix"]
            code = "\n".join(_without_prefix(line, prefix) for line in lines[at + 1 : end])
            literal = "\n".join(lines[at : end + 1])
            mark = source.take_out("code", code, literal, first_line + at)
            # Blank lines around keep it a block of its own; as many lines as before keep the count of lines right.
            quote = prefix.rstrip() if ">" in prefix else ""
            source.lines += [quote, prefix + mark] + [quote] * (end - at - 1)
        else:
            if opening:
                source.unclosed_fence = source.unclosed_fence or first_line + at
            source.lines.append(_take_out_braces(source, lines[at], first_line + at))
            end = at
        at = end + 1
    return source


def _fence_end(lines: list[str], start: int, opening: re.Match[str]) -> int | None:
    fence = opening["fence"]
    closing = re.compile(rf"[ >]*{re.escape(fence[0])}{{{len(fence)},}}[ ]*$")
    return next((at for at in range(start + 1, len(lines)) if closing.match(lines[at])), None)


def _without_prefix(line: str, prefix: str) -> str:
    if line.startswith(prefix):
        return line[len(prefix) :]
    return line.lstrip(" >") if ">" in prefix else line.lstrip(" ")


def _take_out_braces(source: Source, line: str, number: int) -> str:
    if "{" not in line:
        return line

    def replace(found: re.Match[str]) -> str:
        if len(found["backslashes"]) % 2:
            return found[0]
        kind = next(kind for kind in ("page", "id", "annex") if found[kind])
        literal = found[0][len(found["backslashes"]) :]
        return found["backslashes"] + source.take_out(kind, found[kind], literal, number)

    return _OURS.sub(replace, line)


class _ItemText(str):
    """The text of one list item, which remembers its printed number."""

    number: str


class _NumberedItems(OListProcessor):
    def get_items(self, block: str) -> list[str]:
        return _remember_numbers(self, super().get_items(block), block)


class _BulletItems(UListProcessor):
    def get_items(self, block: str) -> list[str]:
        return _remember_numbers(self, super().get_items(block), block)


def _remember_numbers(processor: OListProcessor, items: list[str], block: str) -> list[str]:
    """*items* of *block*, those that a printed number opened remembering it."""
    openings = iter([found for line in block.split("\n") if (found := processor.CHILD_RE.match(line))])
    remembered: list[str] = []
    for item in items:
        if not item.startswith(" " * processor.tab_length) and (opening := next(openings, None)) and opening[2]:
            item = _ItemText(item)
            item.number = opening[2].rstrip(".")
        remembered.append(item)
    return remembered


class _ItemNumber(BlockProcessor):
    """Writes a remembered number on the `<li>` that is being parsed, and lets the others go on."""

    def test(self, parent: Element, block: str) -> bool:
        return isinstance(block, _ItemText)

    def run(self, parent: Element, blocks: list[str]) -> bool:
        item = blocks[0]
        if isinstance(item, _ItemText):
            parent.set("number", item.number)
            blocks[0] = str(item)
        return False


class _Call(InlineProcessor):
    """`[^27]` where a note of that label is defined; elsewhere it stays text."""

    def __init__(self, notes: Notes) -> None:
        # After an exclamation mark it is a call as well, unless an image's address follows.
        super().__init__(r"(?:(?<!!)|(?!\[[^\]\s]+\]\())\[\^([^\]\s]+)\]", notes.md)
        self.notes = notes

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        if m[1] not in self.notes.labels:
            return None, None, None
        call = Element("call", {"label": m[1]})
        call.text = AtomicString(m[1].split("/", 1)[0])
        return call, m.start(0), m.end(0)


class _NotesIntoTree(Treeprocessor):
    """Parses the definitions into `<note>` elements under the root, before inline markup is read."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(notes.md)
        self.notes = notes

    def run(self, root: Element) -> None:
        # A note can hold a definition itself (lifted while it is parsed), so the list may grow as we go.
        at = 0
        while at < len(self.notes.definitions):
            label, text = self.notes.definitions[at]
            note = SubElement(root, "note", {"label": label})
            self.notes.md.parser.parseChunk(note, text)
            at += 1


class Notes(FootnoteExtension):
    """Footnotes that keep their marks. `definitions` are (label, source text), as they stand in the file."""

    def __init__(self) -> None:
        self.definitions: list[tuple[str, str]] = []
        self.labels: set[str] = set()
        super().__init__()

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        md.registerExtension(self)
        self.md = md
        self.parser = md.parser
        md.parser.blockprocessors.register(FootnoteBlockProcessor(self), "footnote", 17)
        md.inlinePatterns.register(_Call(self), "footnote", 175)
        md.treeprocessors.register(_NotesIntoTree(self), "notes", 50)

    def reset(self) -> None:
        self.definitions = []
        self.labels = set()

    def setFootnote(self, id: str, text: str) -> None:  # noqa: N802
        self.definitions.append((id, text))
        self.labels.add(id)


class _Entities(Treeprocessor):
    """Turns `&amp;` and its kin into the character meant, while a backslash before them still shows."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            element.text = _unescape(element.text)
            element.tail = _unescape(element.tail)
            for name, value in element.items():
                element.set(name, _unescape(value) or "")


def _unescape(text: str | None) -> str | None:
    # Only what ends in a semicolon: "?a=1&copy=2" is an address.
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if text and "&" in text else text


class _WholeRows(TableProcessor):
    """Tables whose rows keep every cell that is typed; stock drops what the line under the head has no column for."""

    _split_row: Callable[[str], list[str]]

    def _build_row(self, row: str, parent: Element, align: Sequence[str | None]) -> None:
        built = SubElement(parent, "tr")
        for cell, side in itertools.zip_longest(self._split_row(row), align):
            made = SubElement(built, "th" if parent.tag == "thead" else "td")
            made.text = (cell or "").strip(" ")
            if side:
                made.set("style", f"text-align: {side};")


class _OurDialect(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("html_block")
        for name in ("html", "entity", "automail"):
            md.inlinePatterns.deregister(name)
        md.treeprocessors.deregister("prettify")
        md.treeprocessors.register(_Entities(md), "entities", 5)
        blocks = md.parser.blockprocessors
        blocks.register(_WholeRows(md.parser, {"use_align_attribute": False}), "table", 75)
        blocks.register(_NumberedItems(md.parser), "olist", 40)
        blocks.register(_BulletItems(md.parser), "ulist", 30)
        blocks.register(_ItemNumber(md.parser), "item-number", 200)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, *(c for c in "\"$%&',/:;<=?@^|~" if c not in md.ESCAPED_CHARS)]


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed text: *root* holds its blocks, then the `<note>` elements. Text in it is unescaped but for `&...;`."""

    root: Element
    definitions: tuple[tuple[str, str], ...]  # (label, source text)
    unused_references: tuple[str, ...]


def _with_items_parted(lines: list[str]) -> list[str]:
    """*lines* with a blank one before an item that stands further out than the item above it.

    Without it Python-Markdown takes the outer item for one of the inner list, and what follows for the item before.
    """
    parted: list[str] = []
    above: int | None = None  # how far the item above is indented; None where no item is
    for line in lines:
        item = _ITEM.match(line)
        if item and above is not None and len(item[1]) < above:
            parted.append("")
        parted.append(line)
        above = len(item[1]) if item else None
    return parted


def parse(lines: list[str]) -> Tree:
    """The tree of *lines* (markers taken out). Costs what Python-Markdown costs: give it bounded texts."""
    notes = Notes()
    md = markdown.Markdown(extensions=["tables", notes, _OurDialect()])
    text = _with_items_parted(lines)
    for preprocessor in md.preprocessors:
        text = preprocessor.run(text)
    root = md.parser.parseDocument(text).getroot()
    assert root is not None  # parseDocument makes one
    for treeprocessor in md.treeprocessors:
        treeprocessor.run(root)  # each changes the tree in place
    return Tree(root, tuple(notes.definitions), tuple(md.references))
