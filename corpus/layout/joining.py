"""Joins printed lines to running text: blanks, hyphens at line ends, addresses that were broken, page breaks, marks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from corpus.layout.lines import Line, holds_address
from corpus.layout.report import Report
from corpus.markdown_writing import Inline, NoteCall, PageStart

_BROKEN = re.compile(r"(?P<first>[^\W\d_]+)(?P<hyphen>[-\u2010\u00ad])$")
_CONTINUED = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_PLAIN = re.compile(r"[^\W\d_]+")
_AND = frozenset(("and", "or", "to", "nor", "und", "oder", "bis", "et", "ou", "y", "o", "و", "یا"))  # pre- and post-war
# What English sets before a hyphen. The first few hardly ever lose it; the others do as often as not.
_STRICT_PREFIXES = frozenset(("all", "anti", "ex", "half", "non", "quasi", "self", "semi", "vice", "well"))
_FREE_PREFIXES = _STRICT_PREFIXES | frozenset(
    """bi co counter cross de extra far fast full high ill inter intra long low macro micro mid mini multi neo off on
    out over post pre pro re right left short so sub super then trans ultra un under up wide world""".split()  # noqa: SIM905
)
_BREAKS_WORDS = 50  # one printed line in so many ends with a broken word where a text breaks words at all
_CONTINUES_ADDRESS = re.compile(r"[\w%~./?=&#+-]*[/\d_=?&%.-][\w%~./?=&#+-]*[,;.)]?")


class Joiner:
    """Joins lines of one text; its words tell whether a hyphen at a line's end belongs to the word."""

    def __init__(self, lines: Iterable[Line], page_numbers: Sequence[int | str | None], report: Report) -> None:
        self._lines = lines
        self._pages = page_numbers
        self._report = report
        self._words: set[str] | None = None
        self._compounds: set[str] = set()
        self._prefixes: set[str] = set()
        self._breaks_words = False

    def inline(self, lines: Sequence[Line], sheet: int | None) -> Inline:
        """*lines* as running text with their marks. *sheet* is the page that the text before stood on."""
        pieces: list[str | NoteCall | PageStart] = []
        text = ""  # not yet put down
        previous: Line | None = None
        for line in lines:
            if not line.text:
                continue
            words = self._pieces(line)
            glue = ""
            if previous is not None:
                glue, cut = self._between(previous, line)
                if cut and text:
                    text = text[:-1]
            if line.sheet != sheet and (page := self._page_begun(line.sheet, sheet)) is not None:
                if glue:
                    text += glue
                if text:
                    pieces.append(text)
                pieces.append(PageStart(page))
                text = ""
            else:
                text += glue
            sheet = line.sheet
            for word in words:
                if isinstance(word, str):
                    text += word
                else:
                    if text:
                        pieces.append(text)
                    pieces.append(word)
                    text = ""
            previous = line
        if text:
            pieces.append(text)
        return tuple(pieces)

    def _page_begun(self, sheet: int, before: int | None) -> int | str | None:
        """The page that *sheet* begins: none where it is the next column of the page *before*."""
        page = self._page(sheet)
        return None if before is not None and sheet == before + 1 and self._page(before) == page else page

    def _page(self, sheet: int) -> int | str | None:
        return self._pages[sheet] if sheet < len(self._pages) else None

    def _pieces(self, line: Line) -> list[str | NoteCall]:
        if not line.marks:
            return [line.text]
        pieces: list[str | NoteCall] = []
        done = 0
        for mark in line.marks:
            # A blank before a mark was made by its type, not by its author.
            if text := line.text[done : mark.start].rstrip():
                pieces.append(text if done == 0 or not line.text[done].isspace() else " " + text.lstrip())
            pieces.append(NoteCall(mark.label))
            done = mark.end
        if rest := line.text[done:]:
            pieces.append(rest)
        return pieces

    def _between(self, line: Line, following: Line) -> tuple[str, bool]:
        """What joins two lines, and whether the first loses its last character (a hyphen that only broke a word)."""
        if line.marks and line.marks[-1].end == len(line.text):
            return " ", False
        text = line.text
        last = text[-1]
        token = text[text.rfind(" ") + 1 :]
        next_token = following.text.split(maxsplit=1)[0]
        if last == "\u00ad":
            self._report.did(line.number, f"joined {token[:-1]}{next_token}: the soft hyphen only broke it.")
            return "", True
        if last in "-\u2010" and len(token) > 1:
            return self._after_hyphen(line, following, token, next_token)
        if last in "—–" and len(token) > 1:
            return "", False
        if last == "/" and len(token) > 1:
            if holds_address(token) and not _CONTINUES_ADDRESS.fullmatch(next_token):
                return " ", False
            return "", False
        if holds_address(token) and last in "_=?&%" and not next_token[0].isupper():
            return "", False
        return " ", False

    def _after_hyphen(self, line: Line, following: Line, token: str, next_token: str) -> tuple[str, bool]:
        broken = _BROKEN.search(token)
        continued = _CONTINUED.match(next_token)
        if next_token.casefold().strip(",;.") in _AND and not holds_address(token):
            return " ", False
        if holds_address(token) or not broken or not continued or not next_token[0].islower() or "/" in token:
            return "", False
        first, second = broken["first"].casefold(), continued[0].casefold()
        whole = f"{token[:-1]}{continued[0]}"
        words = self._vocabulary()
        if f"{first}-{second}" in self._compounds:
            return "", False
        if "-" in token[:-1]:
            reason = "the word holds another"
        elif first in _FREE_PREFIXES and first in self._prefixes:
            reason = f"the text writes {first}- before other words as well"
        elif first + second in words:
            self._report.did(line.number, f"joined {whole}, a word that stands unbroken elsewhere.")
            return "", True
        elif first in _STRICT_PREFIXES or (first in _FREE_PREFIXES and not self._breaks_words):
            reason = f"{first}- often keeps it"
        elif not self._breaks_words and min(len(first), len(second)) > 2 and first in words and second in words:
            reason = "both parts are words, and the text hardly ever breaks one"
        else:
            self._report.did(line.number, f"joined {whole}: a word broken at the line's end.")
            return "", True
        self._report.doubt(
            line.number,
            f"whether the hyphen of {token}{continued[0]} belongs to the word. It was kept: {reason}.",
        )
        return "", False

    def _vocabulary(self) -> set[str]:
        """All words that stand unbroken inside lines, folded; compounds and their first parts are noted aside."""
        if self._words is None:
            self._words = set()
            lines = broken = 0
            for line in self._lines:
                text = line.text.casefold()
                lines += bool(text)
                if _BROKEN.search(text):
                    cut = text.rfind(" ") + 1
                    broken += not holds_address(text[cut:])
                    text = text[:cut]
                self._words.update(_PLAIN.findall(text))
                if "-" in text:
                    for compound in _COMPOUND.findall(text):
                        parts = compound.split("-")
                        self._compounds.update(f"{a}-{b}" for a, b in itertools.pairwise(parts))
                        self._prefixes.add(parts[0])
            self._breaks_words = broken >= 3 and broken * _BREAKS_WORDS > lines
        return self._words
