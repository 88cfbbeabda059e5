"""Writes blocks of text as Markdown, escaped so that reading it gives the very characters back.

The dialect is that of `corpus.readers.markdown_tree`: backslashes escape all ASCII punctuation, `&amp;` is decoded
where it ends in a semicolon, HTML is text, and `{page=3}`, `{#k7x3fh}`, `{.annex}` in prose want `\\{`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ENTITY = re.compile(r"&(?=(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[0-9a-zA-Z]{1,32});)")
_ALWAYS = re.compile(r"[`*{<|]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_BRACKET = re.compile(r"\[(?=\^)|\](?=[(\[:])")
_AT_START = re.compile(r"[#>+=~\[-]")
_NUMBER_AT_START = re.compile(r"\A(\d+)\.(?=\s|$)")
_FINAL_HASHES = re.compile(r"#+(?=\s*\Z)")
_BLANKS = re.compile(r"[ \t\r\n\v\f]+")
_UNSAFE_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_MAX_OPEN_BRACKETS = 50  # unclosed ones in one block; more are written as entities, which no parser tries to pair


@dataclass(frozen=True, slots=True)
class NoteCall:
    """A footnote mark; *label* is what the note is called in the file."""

    label: str


@dataclass(frozen=True, slots=True)
class PageStart:
    """A page of the original begins here."""

    page: int | str


Inline = tuple[str | NoteCall | PageStart, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    words: Inline
    level: int  # 1 is the highest under the document's title, which is 0
    annex: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    words: Inline  # without the printed number
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A list item; *number* is the printed one, None under a bullet. *more* are its further paragraphs."""

    words: Inline
    depth: int = 0  # lists around its own
    number: str | None = None
    more: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """One paragraph of a set-apart quotation."""

    words: Inline
    opens: bool = True  # False: it goes on with the quotation before it


@dataclass(frozen=True, slots=True)
class Verse:
    lines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, as many in each; the first row is the head."""

    rows: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A page begins between blocks."""

    page: int | str


@dataclass(frozen=True, slots=True)
class Note:
    label: str
    paragraphs: tuple[Inline, ...]


Block = Heading | Paragraph | Item | Quotation | Verse | Table | PageBreak


def markdown_of(front: Sequence[tuple[str, str]], blocks: Iterable[Block], notes: Iterable[Note]) -> str:
    """The whole file: front matter of the keys *front* (empty values stay empty), *blocks*, then *notes*."""
    parts = ["\n".join(["---", *(f"{key}: {_yaml(value)}".rstrip() for key, value in front), "---"])]
    quoting = False
    for block in blocks:
        if isinstance(block, Quotation) and quoting and not block.opens:
            parts[-1] += "\n>\n" + _block(block)
        elif written := _block(block):
            parts.append(written)
        quoting = isinstance(block, Quotation)
    for note in notes:
        paragraphs = [text for words in note.paragraphs if (text := inline_markdown(words))]
        if paragraphs:
            parts.append("\n\n    ".join([f"[^{note.label}]: {paragraphs[0]}", *paragraphs[1:]]))
    return "\n\n".join(parts) + "\n"


def _yaml(value: str) -> str:
    if not value:
        return ""
    return _UNSAFE_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _block(block: Block) -> str:
    match block:
        case Heading(words, level, annex):
            title = inline_markdown(words, at_start=False)
            return f"{'#' * min(level + 1, 6)} {title}{' {.annex}' if annex else ''}"
        case Paragraph(words, None):
            return inline_markdown(words)
        case Paragraph(words, number):
            pages, rest = _leading_pages(words)
            return f"{pages}{number}\\. {inline_markdown(rest, at_start=False)}"
        case Item(words, depth, number, more):
            # An item under a number needs no more than the four columns that the dialect indents by.
            indent = "    " * depth
            sign = "*" if number is None else f"{number}."
            paragraphs = [f"{indent}{sign} {inline_markdown(words)}"]
            paragraphs += [f"{indent}    {inline_markdown(further)}" for further in more]
            return "\n\n".join(paragraphs)
        case Quotation(words):
            return f"> {inline_markdown(words)}"
        case Verse(lines):
            return "  \n".join(text for line in lines if (text := inline_markdown(line)))
        case Table(rows):
            written = [f"| {' | '.join(inline_markdown(cell, at_start=False) for cell in row)} |" for row in rows]
            return "\n".join([written[0], f"|{'---|' * len(rows[0])}", *written[1:]])
        case PageBreak(page):
            return f"{{page={page}}}"


def _leading_pages(words: Inline) -> tuple[str, Inline]:
    count = 0
    while count < len(words) and isinstance(words[count], PageStart):
        count += 1
    return "".join(f"{{page={word.page}}} " for word in words[:count] if isinstance(word, PageStart)), words[count:]


def inline_markdown(words: Inline, *, at_start: bool = True) -> str:
    """*words* on one line. *at_start*: what would open a block there is escaped as well."""
    plain = "".join(word for word in words if isinstance(word, str))
    many_brackets = plain.count("[") - plain.count("]") > _MAX_OPEN_BRACKETS
    parts: list[str] = []
    begun = not at_start
    for place, word in enumerate(words):
        match word:
            case NoteCall(label):
                parts.append(f"[^{label}]")
                begun = True
            case PageStart(page):
                apart = not parts or parts[-1].endswith(" ")
                parts.append(f"{{page={page}}}{' ' * apart}")
            case str():
                text = _BLANKS.sub(" ", word)
                called = place + 1 < len(words) and isinstance(words[place + 1], NoteCall)
                escaped = escape(text if begun else text.lstrip(), at_start=not begun, before_call=called)
                if called and escaped.endswith("!") and _starts_with_bracket(words[place + 2 : place + 3]):
                    escaped = escaped[:-1] + "\\!"  # else the call would be an image
                if many_brackets:
                    escaped = escaped.replace("\\[", "&#91;").replace("[", "&#91;")
                parts.append(escaped)
                begun = begun or bool(text.strip())
    return _BLANKS.sub(" ", "".join(parts)).strip(" ")


def _starts_with_bracket(words: Inline) -> bool:
    return any(isinstance(word, str) and word.startswith("(") for word in words)


def escape(text: str, *, at_start: bool, before_call: bool = False) -> str:
    """*text* so that Markdown gives it back. *at_start*: it opens a block. *before_call*: a footnote mark follows."""
    escaped = _ENTITY.sub("&amp;", text.replace("\\", "\\\\"))
    escaped = _ALWAYS.sub(r"\\\g<0>", escaped)
    escaped = _UNDERSCORE.sub(r"\\_", escaped)
    escaped = _BRACKET.sub(r"\\\g<0>", escaped + "[" * before_call)
    if before_call:
        escaped = escaped[:-1]
    escaped = _FINAL_HASHES.sub(lambda found: "\\#" * len(found[0]), escaped)
    if at_start and _AT_START.match(escaped):
        return "\\" + escaped
    return _NUMBER_AT_START.sub(r"\1\\.", escaped) if at_start else escaped
