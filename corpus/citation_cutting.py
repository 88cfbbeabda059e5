"""Where a footnote is cut: into citations at semicolons and sentence ends, a citation into pieces at its commas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.addresses import AddressMention
from corpus.citation_parts import ABBREVIATIONS, SIGNAL, Short
from corpus.dates.published import parse_publication_date
from corpus.symbols import canonical

QUOTED = re.compile(
    r"“(?P<curly>[^“”]{1,600})”|\"(?P<straight>[^\"]{1,600})\"|«(?P<angle>[^«»]{1,600})»"
    r"|(?:(?<=[\s(])|^)‘(?P<single>[^‘]{3,400}?)’(?=[\s,.;:)]|$)"
)
_BRACKETS = re.compile(r"\([^()]{0,400}\)|\[[^\[\]]{0,400}\]")
_BOUNDARY = re.compile(r";\s*|(?<=[.!?])[\"”’)\]]*\s+(?=[\"“‘«(]?[^\W\d_a-z])")
_LAST_WORD = re.compile(r"([^\s(“\"]+)$")
_APART = re.compile(
    r"(?:AI )?Index\b|UN Doc|(?:previously|already) cited|cited above|hereinafter|hereafter", re.IGNORECASE
)
# The comma in "June 21, 1954" parts nothing.
_DATE_WITH_COMMA = re.compile(r"\b[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:[-–]\d{1,2})?,\s(?:1[5-9]|20)\d\d\b")
MAY_BE_DATE = re.compile(r"\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{2}")


def _closed(text: str, addresses: Sequence[AddressMention]) -> list[tuple[int, int]]:
    """Spans in which a note is not cut: quotations, brackets, addresses; in order, they may overlap."""
    spans = [match.span() for pattern in (QUOTED, _BRACKETS) for match in pattern.finditer(text)]
    spans += [(one.start, one.end) for one in addresses]
    return sorted(spans)


def pieces(text: str, addresses: Sequence[AddressMention]) -> Iterator[tuple[int, int]]:
    """The parts of a note, cut at semicolons and sentence ends."""
    closed = _closed(text, addresses)
    done, nearest, reach = 0, 0, -1
    for match in _BOUNDARY.finditer(text):
        at = match.start()
        while nearest < len(closed) and closed[nearest][0] < at:
            reach = max(reach, closed[nearest][1])
            nearest += 1
        if at < reach or (match.group()[:1] != ";" and _is_abbreviation(text, done, at, match.end())):
            continue
        yield done, at
        done = match.end()
    if done < len(text):
        yield done, len(text)


def _is_abbreviation(text: str, start: int, at: int, after: int) -> bool:
    """Whether the stop before *at* ends a word, not the sentence."""
    word = _LAST_WORD.search(text, max(start, at - 30), at)
    if word is None:
        return False
    last = word.group(1).rstrip(".").lower()
    if last in ("ibid", "id", "cit", "al") and SIGNAL.match(text, after):
        return False
    return last in ABBREVIATIONS or bool(re.fullmatch(r"[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]", word.group(1).rstrip(".")))


def between_commas(
    text: str, start: int, end: int, addresses: Sequence[AddressMention], short: Short | None
) -> Iterator[tuple[int, int]]:
    """The pieces of a citation between its commas; what stands in brackets is a piece of its own."""
    closed = [(one.start, one.end) for one in addresses]
    closed += [match.span() for pattern in (QUOTED, _DATE_WITH_COMMA) for match in pattern.finditer(text, start, end)]
    brackets = [match.span() for match in _BRACKETS.finditer(text, start, end)]
    cuts = [start]
    inside = sorted(closed + brackets)
    at, nearest = start, 0
    while at < end:
        while nearest < len(inside) and inside[nearest][1] <= at:
            nearest += 1
        if nearest < len(inside) and inside[nearest][0] <= at:
            first, last = inside[nearest]
            if (first, last) in brackets and _is_apart(text, first, last):
                cuts += [first, first + 1, last - 1, last]
            at = max(last, at + 1)
            continue
        if text[at] == "," and not (text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()):
            cuts += [at, at + 1]
        at += 1
    cuts.append(end)
    for first, last in zip(cuts[::2], cuts[1::2], strict=False):
        if short is not None and short.start - 1 <= first < short.end:
            continue
        if short is not None and first <= short.start < last:
            last = short.start
        while first < last and (text[first].isspace() or text[first] in ",;:([—–-"):
            first += 1
        while last > first and (text[last - 1].isspace() or text[last - 1] in ",;:."):
            last -= 1
        if first < last:
            yield first, last


def _is_apart(text: str, first: int, last: int) -> bool:
    """Whether brackets hold a symbol, a date or a short form, not a part of the title."""
    inner = text[first + 1 : last - 1]
    if canonical(inner) is not None or _APART.match(inner):
        return True
    return bool(MAY_BE_DATE.search(inner)) and len(inner) < 40 and parse_publication_date(inner) is not None
