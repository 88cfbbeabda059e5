"""The readable half of a permalink: read off the document's own numbering, decoration only, never the key."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from corpus.model import Kind, Section

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"),
            ("november", "nov"), ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_MONTH_HEADING = re.compile(r"([A-Za-z]+)\.?,?\s+(\d{4})")
_NUMBER = re.compile(
    r"(?:(?:chapter|section|part|article|§)\s*)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})+|\d{1,4}(?=[.):]?\s|[.):]?$)|[IVXLC]{1,7}(?=[.)]|\s*[:–—-]\s|$)|[A-Z](?=[.)]\s))"
    r"(?P<after>[.):]?)(?:\s|$)",
    re.IGNORECASE,
)
_KEYWORD = re.compile(r"(?:chapter|section|part|article|§)\s*(?=[\dIVXLC])", re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAX_WORDS, _MAX_CHARACTERS = 4, 30


def section_number(title: str) -> str:
    """The printed number at the head of a heading ("2.1", "IV", "A"), "" where there is none.

    A number alone counts only with a stop, a bracket or a word such as "Section" before it: "1988 in review" has none.
    """
    found = _NUMBER.match(title)
    if not found:
        return ""
    number = found["number"]
    if "." in number:
        return number
    if _KEYWORD.match(title):
        return number
    if not number.isdigit() and number != number.upper():
        return ""
    if found["after"] in (".", ")"):
        return number
    return ""


def slugified(text: str) -> str:
    """*text* as a label of a few words in A-Za-z0-9 and hyphens; "" when nothing of it can be written so."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=\w)['’](?=\w)", "", plain))
    label = ""
    for word in words[:_MAX_WORDS]:
        longer = f"{label}-{word}" if label else word
        if len(longer) > _MAX_CHARACTERS:
            break
        label = longer
    return label or (words[0][:_MAX_CHARACTERS] if words else "")


_OF_NUMBERS = re.compile(
    r"(?:(?:annex-)?(?:s[0-9][0-9.]*|s[IVXLC]+|s[A-Z]|[0-9]{4}-[0-9]{2})(?:-[0-9]+)?|annex(?:-(?:[0-9]+|[IVXLC]+|[A-Z]))*"
    r"|m[0-9]{4}-[0-9]{2}(?:-[0-9]+)?|part-[0-9]+)?(?:^|-)p[0-9]+|fn[0-9]+[a-z]?(?:-[0-9]+)*|note-[0-9]+"
)
_PLACE = re.compile(r"-(p[0-9]+)$")


def tells_words(label: str) -> bool:
    """Whether *label* bears words of a heading or a mark, and not only numbers and what kind of thing it is."""
    return not _OF_NUMBERS.fullmatch(label)


def heading_of(label: str) -> str:
    """The part of a passage's label that stands for its section."""
    return _PLACE.sub("", label)


def without_words(label: str) -> str:
    """*label* with nothing of a heading or a mark in it: `erased-p3`."""
    place = _PLACE.search(label)
    return f"erased-{place[1]}" if place else "erased"


class Labels:
    """Gives the passages of one document their labels, asked in the order in which they stand."""

    def __init__(self, sections: Sequence[Section]) -> None:
        taken: Counter[str] = Counter()
        self._anchors: list[str] = []
        for position, section in enumerate(sections):
            anchor = _anchor(section, position)
            taken[anchor] += 1
            self._anchors.append(anchor if taken[anchor] == 1 else f"{anchor}-{taken[anchor]}")
        self._passages: Counter[int | None] = Counter()
        self._notes: Counter[str] = Counter()

    def passage(self, section: int | None) -> str:
        """The label of the next passage of *section*: `s2.1-p3`, `annex-1988-08-p2`, `p4` before the first heading."""
        self._passages[section] += 1
        count = self._passages[section]
        return f"p{count}" if section is None else f"{self._anchors[section]}-p{count}"

    def note(self, mark: str, place: int) -> str:
        """The label of a footnote: `fn27`; `fn1-2` for the second note marked 1; else by its place."""
        plain = mark.replace("/", "-")
        if not _SAFE.fullmatch(plain) or len(plain) > _MAX_CHARACTERS:
            return f"note-{place + 1}"
        label = f"fn{plain}" if plain[0].isdigit() else f"fn-{plain}"
        self._notes[label] += 1
        return label if self._notes[label] == 1 else f"{label}-{self._notes[label]}"


def _anchor(section: Section, position: int) -> str:
    prefix = "annex" if section.kind is Kind.ANNEX else ""
    if section.number and _SAFE.fullmatch(section.number):
        return f"{prefix}-s{section.number}" if prefix else f"s{section.number}"
    month = _MONTH_HEADING.fullmatch(section.title.strip())
    if month and month[1].lower() in _MONTHS:
        label = f"{month[2]}-{_MONTHS[month[1].lower()]:02d}"
        return f"{prefix}-{label}" if prefix else f"m{label}"
    if prefix and section.title.lower().lstrip().startswith(("annex", "appendix")):
        found = re.match(r"\W*(?:annex|appendix)\s+([0-9]{1,3}|[IVXLC]{1,6}|[A-Z])\b", section.title, re.IGNORECASE)
        return f"annex-{found[1]}" if found else "annex"
    words = slugified(section.title)
    if not words:
        return f"{prefix or 'part'}-{position + 1}"
    return f"{prefix}-{words}" if prefix else words
