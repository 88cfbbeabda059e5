"""Reads what a PDF text extractor left: bytes become numbered lines, each with the form feeds counted before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.problems import PinciteError

MAX_TEXT_BYTES = 64 * 1024 * 1024  # as for a document of a collection: more than any printed work

# What Markdown or the Unicode standard keeps for itself (section 23.7, noncharacters), and controls but tab, line end
# and form feed. Nothing in print looks like them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_LINE_END = re.compile("\r*\n|\r")
_MARKS_OF_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ODD_IN_UTF8 = "\ufeff"  # a byte order mark that files joined together leave in the midst
_IN_OTHER_CODES = "iconv -f WINDOWS-1252 -t UTF-8 (WINDOWS-1256 where it holds Persian or Arabic) does it"


_GIVE_TEXT = "Give the text that was extracted, as UTF-8."
_LOOKED_AT = 4096  # bytes at the head of a file
# How files begin that are no text, or no text as it was printed.
_NO_TEXTS = (
    (
        re.compile(rb"\s*%PDF-"),
        "is a PDF, not the text of one",
        "Extract its text first, with pdftotext or the like.",
    ),
    (
        re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0|\{\\rtf"),
        "is a file of an office program",
        "Save it as plain text in UTF-8.",
    ),
    (re.compile(rb"\s*<(?:!doctype html|html)\b", re.I), "is HTML", "Save the page as plain text in UTF-8."),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?---\r?\n(?:[a-z_]+:.*\r?\n)+---\r?\n"),
        "is a document in Markdown already",
        "Put it into the folder documents/ of the collection as it is.",
    ),
)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of the source, or the part of it on one side of a form feed."""

    number: int  # 1-based, as an editor shows it
    text: str  # without its line end
    page: int  # form feeds before it


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A whole source. `unprintable` are the lines where signs that no page shows became blanks, or were left out."""

    lines: tuple[PrintedLine, ...]
    unprintable: tuple[int, ...] = ()
    code: str = "utf-8"  # that the bytes were read by


class NotTextError(PinciteError):
    """The bytes of *name* are no text that can be imported."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        super().__init__(f"{name}: {reason}. {remedy}")


def read_printed_text(data: bytes, name: str) -> PrintedText:
    """The lines of *data*; *name* is what errors call it. LF, CRLF and CR end lines, a form feed ends a page.

    Raises NotTextError when the bytes are neither UTF-8 nor UTF-16 with its mark, or hold no letter or digit.
    """
    code = _MARKS_OF_UTF16.get(data[:2], "utf-8")
    text = _decoded(data, name, code)
    lines: list[PrintedLine] = []
    unprintable: list[int] = []
    page = 0
    for number, line in enumerate(_LINE_END.split(text), 1):
        if _UNPRINTABLE.search(line) or _ODD_IN_UTF8 in line:
            unprintable.append(number)
            line = _UNPRINTABLE.sub(" ", line.replace(_ODD_IN_UTF8, ""))
        for place, part in enumerate(line.split("\f")):
            page += place > 0
            lines.append(PrintedLine(number, part, page))
    return PrintedText(tuple(lines), tuple(unprintable), code)


def _decoded(data: bytes, name: str, code: str) -> str:
    if len(data) > MAX_TEXT_BYTES:
        raise NotTextError(name, f"is larger than {MAX_TEXT_BYTES // 2**20} MB", "Divide it into documents.")
    for opening, reason, remedy in _NO_TEXTS:
        if opening.match(data):
            raise NotTextError(name, reason, remedy)
    try:
        text = data[2:].decode(code) if code != "utf-8" else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if code != "utf-8":
            raise NotTextError(name, f"begins as UTF-16 and is none: {error.reason}", "Save it as UTF-8.") from None
        if sum(byte < 32 and byte not in b"\t\n\f\r" for byte in data[:_LOOKED_AT]) * 20 > len(data[:_LOOKED_AT]):
            raise NotTextError(name, "holds no text but bytes of another kind", _GIVE_TEXT) from None
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"line {line}: byte {data[error.start]:#04x} is not UTF-8"
        raise NotTextError(name, reason, f"Save the file as UTF-8; {_IN_OTHER_CODES}.") from None
    if "\0" in text[:4096]:
        raise NotTextError(name, "holds zero bytes: it is no text", _GIVE_TEXT)
    if not any(character.isalnum() for character in text):
        raise NotTextError(name, "holds no text", "Give a file with some.")
    return text
