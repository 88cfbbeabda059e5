"""The text of one element of a parsed tree: its characters in order, where its notes are called, where pages begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from corpus.model import Pages
from corpus.noid import is_noid
from corpus.readers.markdown_tree import MARKER, OPEN, Marker

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = ("ul", "ol")
_BLOCKS = ("p", "blockquote", *LISTS, "li", "table", "thead", "tbody", "tr", "pre", "hr", *HEADINGS)
_WORD = re.compile(r"\S+")
_PAGE_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """A footnote mark, whose note still goes by the label that the source gives it."""

    label: str
    mark: str  # as printed
    at: int | None  # offset in the text; None on a heading
    page: int | str | None  # of the original, where the mark stands


@dataclass(frozen=True, slots=True)
class ElementText:
    """What one element of the tree says, in plain words."""

    text: str
    calls: list[LabelledCall]
    pages: Pages | None
    stated_id: str | None
    annex: bool
    page_after: int | str | None  # of the original, on which what follows begins

    def without_start(self, length: int) -> ElementText:
        """The same without its first *length* characters."""
        moved = [replace(call, at=None if call.at is None else max(call.at - length, 0)) for call in self.calls]
        return replace(self, text=self.text[length:], calls=moved)


def read_element(element: Element, markers: Sequence[Marker], page: int | str | None) -> ElementText:
    """What *element* says; *page* is the page of the original that it begins on, None where that is not known.

    The element's own text is rid of markers on the way: it is what will be rendered.
    """
    return _Reader(markers, page).read(element)


class _Reader:
    """Walks one element: collects its characters, where its calls and pages stand, and puts its text in order."""

    def __init__(self, markers: Sequence[Marker], page: int | str | None) -> None:
        self.markers = markers
        self.page = page
        self.parts: list[str] = []
        self.length = 0
        self.calls: list[LabelledCall] = []
        self.page_starts: list[tuple[int, int | str]] = []
        self.stated: int | None = None  # the marker that states the passage's id
        self.annexing: int | None = None  # the marker that makes an annex of a heading
        self.annex = False

    def read(self, element: Element) -> ElementText:
        self.stated = self.last_marker(element, "id")
        self.annexing = self.last_marker(element, "annex") if element.tag in HEADINGS else None
        self.walk(element, code=False)
        raw = "".join(self.parts)
        stated = None if self.stated is None else self.markers[self.stated].value
        words = [found.span() for found in _WORD.finditer(raw)]
        starts = [start for start, _ in words]
        placed: list[int] = []
        length = 0
        for start, end in words:
            placed.append(length)
            length += end - start + 1

        def place(offset: int) -> int:
            """The offset in the collapsed text right after the last character before *offset* of the raw one."""
            at = bisect_right(starts, offset - 1) - 1
            return 0 if at < 0 else placed[at] + min(offset, words[at][1]) - starts[at]

        text = " ".join(raw[start:end] for start, end in words)
        first = self.page
        for offset, page in self.page_starts:
            if place(offset) == 0:
                first = page
            self.page = page
        last = self.page
        if self.page_starts and place(self.page_starts[-1][0]) == len(text) and text:
            # A page that begins after the last word is the next passage's.
            earlier = [page for offset, page in self.page_starts if place(offset) < len(text)]
            last = earlier[-1] if earlier else first
        pages = None
        if last is not None:
            pages = Pages(first if first is not None else last, last)
        calls = [replace(call, at=place(call.at or 0)) for call in self.calls]
        return ElementText(text, calls, pages, stated, self.annex, self.page)

    def last_marker(self, element: Element, kind: str) -> int | None:
        """The marker of that kind that stands at the very end of *element*; anywhere else, braces are prose."""
        flat = "".join(texts_of(element))
        if OPEN not in flat:
            return None
        for found in reversed(list(MARKER.finditer(flat))):
            marker = self.markers[int(found[1])]
            if marker.kind == kind:
                rest = MARKER.sub("", flat[found.end() :])
                valid = kind != "id" or is_noid(marker.value)
                return int(found[1]) if valid and not rest.strip(" |\n") else None
        return None

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def walk(self, element: Element, code: bool) -> None:
        code = code or element.tag in ("code", "pre")
        element.text = self.take(element.text, code)
        for index, child in enumerate(list(element)):
            if child.tag == "call":
                page = self.page_starts[-1][1] if self.page_starts else self.page
                self.calls.append(LabelledCall(child.get("label", ""), child.text or "", self.length, page))
            elif child.tag == "br":
                self.put(" ")
            elif child.tag == "img":
                child.text = child.get("alt", "")
                self.put(child.text)
            else:
                if child.tag in ("td", "th"):
                    if index:
                        self.put(" | ")
                elif child.tag in _BLOCKS:
                    self.put(" ")
                self.walk(child, code)
                if child.tag in _BLOCKS:
                    self.put(" ")
            child.tail = self.take(child.tail, code)

    def take(self, text: str | None, code: bool) -> str | None:
        """*text* put down, rid of its markers."""
        if not text:
            return text
        if OPEN not in text:
            self.put(text)
            return text
        kept: list[str] = []
        done = 0
        for found in MARKER.finditer(text):
            kept.append(text[done : found.start()])
            self.put(kept[-1])
            done = found.end()
            marker = self.markers[int(found[1])]
            prose = (marker.kind == "id" and int(found[1]) != self.stated) or (
                marker.kind == "annex" and int(found[1]) != self.annexing
            )
            if code or prose or marker.kind == "code":
                kept.append(marker.literal)
                self.put(marker.literal)
            elif marker.kind == "page":
                value = int(marker.value) if _PAGE_NUMBER.fullmatch(marker.value) else marker.value
                self.page_starts.append((self.length, value))
            elif marker.kind == "annex":
                self.annex = True
        kept.append(text[done:])
        self.put(kept[-1])
        return "".join(kept)


def texts_of(element: Element) -> Iterator[str]:
    """The pieces of *element*'s text, marks of footnotes left out."""
    if element.tag != "call":
        yield element.text or ""
        for child in element:
            yield from texts_of(child)
            yield child.tail or ""
