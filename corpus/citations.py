"""Takes a footnote apart into the citations that it makes: author, title, publisher, symbol, date, pinpoint, address.

A note is cut at semicolons and at the ends of sentences (never inside quotation marks, brackets or an address), and
each part is read from its title: a title stands in quotation marks after "Author,", or is what follows the author when
a date, a symbol or an address comes after it. What has none of these is prose and no citation. A part that says
"(previously cited)", "ibid.", "op. cit." or "see note 12 above" is a short form, read here and resolved in
`corpus.resolve`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.addresses import AddressMention, find_addresses, unwrapped
from corpus.citation_cutting import MAY_BE_DATE, QUOTED, between_commas, pieces
from corpus.citation_parts import (
    AT_PAGE,
    DATED,
    DOCUMENT,
    EDITION,
    FURTHER_NUMBERS,
    LEAD_WORDS,
    PINPOINT,
    PROSE_WORDS,
    SIGNAL,
    SIGNAL_INSIDE,
    Short,
    ShortKind,
    find_alias,
    find_short,
    find_titled,
)
from corpus.dates.published import parse_publication_date
from corpus.law_reports import LawReport, find_report
from corpus.model import Citation
from corpus.symbols import SymbolMention, canonical, find_symbols, is_by_year

_ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
# A right-to-left title whose closing mark extraction put before it: “3 ,”عنوان December 1988.
_TURNED = re.compile(
    r"“(?P<inside>[^“”\u0600-\u06ef]{0,40})”\s?(?P<title>[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff][^A-Za-z“”]{3,400})"
)
_TURNED_DAY = re.compile(r"(\d{1,4})\s*,?\s*$")
_MONTH_FOLLOWS = re.compile(r"\s*(?=[A-Z][a-z]{2,8}\.?\s+\d{4})")
_SOURCE = re.compile(r"\s*Source:\s")  # an editor's note of where the original lies
_LONGEST_NAME = 24  # words of an author
_LONGEST_TITLE = 60  # words of a title without quotation marks
# "... Title (Oxford University Press, 2010)" and "... Title pp. 5-6": what hangs on a piece without a comma.
_IMPRINT = re.compile(r"\s*\((?P<publisher>[^\W\d_][^()]{0,80}?)?,?\s*(?P<year>(?:1[5-9]|20)\d\d)\)$")
_YEAR_BEHIND = re.compile(r"\s?\(\d{4}\)$")
_ONLY_PAGES = re.compile(r"(?!(?:1[5-9]|20)\d\d\b)\d{1,5}(?:[-–]\d{1,5})?")
# "Rain and Law, 45 Yale L.J. 123, 130": volume, journal, first page, page meant.
_JOURNAL = re.compile(r",\s(?P<journal>\d{1,4}\s[A-Z][^\d,]{1,60}\s\d{1,5})(?:,\s(?P<page>\d{1,5}(?:[-–]\d{1,5})?))?$")
# "HC Deb 12 May 1977": a paper or record and its day without a comma.
_NAME_AND_DAY = re.compile(
    r"(?P<name>[A-Z][^\d]{1,50}?(?<!\bof)(?<!\bon)(?<!\bdated)(?<!\buntil)(?<!\bfrom))\s"
    r"(?P<day>\d{1,2}\s[A-Z][a-z]{2,8}\.?\s\d{4}|[A-Z][a-z]{2,8}\.?\s\d{1,2},\s\d{4})"
)
_PINPOINT_AT_END = re.compile(r"[\s)](?P<pinpoint>(?:at\s)?(?:paras?|pp?|pages?|¶+|§+)\.?\s?\d[\d\s,–-]{0,30})$")


@dataclass(frozen=True, slots=True)
class NoteCitation:
    """One citation in a note: what it gives, and where. `short` is None for one in full."""

    citation: Citation
    start: int  # of the part of the note that makes it
    end: int
    title: tuple[int, int] | None  # where its title stands, apart from figures that the page parted from it
    short: Short | None = None
    alias: str | None = None  # the short title that it gives itself
    dated_inside: bool = False  # its title tells the date: "Letter dated 3 May 1988 from ..."


@dataclass(slots=True)
class _Parts:
    """What has been read of one citation."""

    author: str | None = None
    title: str | None = None
    title_span: tuple[int, int] | None = None
    publisher: str | None = None
    symbol: str | None = None
    date: str | None = None
    address: str | None = None
    pinpoints: list[str] = field(default_factory=list)
    document: bool = False  # its title says what it is, and it needs no author


def parse_note(text: str) -> tuple[NoteCitation, ...]:
    """The citations that a footnote's *text* makes, in order; none for one that only explains."""
    addresses = list(find_addresses(text)) if "/" in text or "www." in text else []
    symbols = find_symbols(text)
    found: list[NoteCitation] = []
    for start, end in pieces(text, addresses):
        one = _citation(text, start, end, addresses, symbols)
        if one is not None:
            found.append(one)
    return tuple(found)


def _citation(
    text: str, start: int, end: int, addresses: Sequence[AddressMention], symbols: Sequence[SymbolMention]
) -> NoteCitation | None:
    archival = _SOURCE.match(text, start, end) is not None
    start = _after_signal(text, start, end)
    short = find_short(text, start, end)
    here = addresses[slice(*_between(addresses, start, end))]
    marks = symbols[slice(*_between(symbols, start, end))]
    report = find_report(text, start, end) if short is None and (" at " in text or " (" in text) else None
    if report is not None and QUOTED.search(text, start, report.start) is None:
        return _decision(text, start, end, report)
    if not (archival or short or here or marks or MAY_BE_DATE.search(text, start, end)):
        return _titled(text, start, end)
    parts = _Parts()
    turned = _TURNED.search(text, start, end)
    quoted = None if turned else _title_quote(text, start, end)
    if turned:
        rest = _read_turned(parts, text, start, turned)
    elif quoted:
        parts.author = _author(text, start, quoted.start())
        parts.title, parts.title_span = _inner(text, quoted)
        rest = quoted.end()
    else:
        rest = start
    _read_pieces(parts, text, rest, end, here, short, titled=bool(turned or quoted))
    _read_symbol(parts, text, marks, here)
    if here:
        parts.address = unwrapped(here[0].printed)
    if not _is_citation(parts, short, quoted is not None or turned is not None) and not (archival and parts.title):
        return None
    citation = Citation(
        title=parts.title,
        symbol=parts.symbol,
        date=parts.date,
        pinpoint=", ".join(parts.pinpoints) or None,
        address=parts.address,
        author=parts.author,
        publisher=parts.publisher,
    )
    dated_inside = parts.document and parts.title is not None and DATED.search(parts.title) is not None
    return NoteCitation(citation, start, end, parts.title_span, short, find_alias(text, start, end), dated_inside)


def _decision(text: str, start: int, end: int, report: LawReport) -> NoteCitation:
    """A decision cited by its reports, in full or for short."""
    citation = Citation(
        title=text[slice(*report.name)], symbol=report.reports, date=report.year, pinpoint=report.pinpoint
    )
    short = Short(ShortKind.NAMED, report.start, report.end) if report.short else None
    return NoteCitation(citation, start, end, report.name, short, find_alias(text, start, end))


def _titled(text: str, start: int, end: int) -> NoteCitation | None:
    """What may be a short form by author and title: the works cited before decide."""
    found = find_titled(text, start, end)
    if found is None:
        return None
    name = "plain" if found["plain"] else "quoted"
    citation = Citation(author=found["author"], title=found[name], pinpoint=found["pin"])
    return NoteCitation(citation, start, end, found.span(name), Short(ShortKind.TITLED, start, found.end(name)))


def _between(mentions: Sequence[AddressMention] | Sequence[SymbolMention], start: int, end: int) -> tuple[int, int]:
    """Which of *mentions* start in `text[start:end]`."""
    return bisect_left(mentions, start, key=_start), bisect_left(mentions, end, key=_start)


def _start(mention: AddressMention | SymbolMention) -> int:
    return mention.start


def _is_citation(parts: _Parts, short: Short | None, quoted: bool) -> bool:
    if short is not None:
        return True
    if quoted:
        return bool(parts.author or parts.publisher or parts.date or parts.symbol or parts.address)
    if parts.title is None:
        return parts.symbol is not None and bool(parts.author or parts.pinpoints or parts.date)
    if parts.document:
        return bool(parts.date or parts.symbol or parts.address)
    return bool(parts.author or parts.pinpoints) and bool(parts.date or parts.symbol or parts.address)


def _after_signal(text: str, start: int, end: int) -> int:
    """Past "See also", "For more, see" and the like, to where the author begins."""
    while True:
        signal = SIGNAL.match(text, start, end)
        if signal is None or signal.end() == start:
            break
        start = signal.end()
    # "... how it came about, see Amnesty International, “...”": the last "see" before the title or the first comma.
    quote = QUOTED.search(text, start, end)
    comma = text.find(",", start, end)
    limit = quote.start() if quote else comma if comma >= 0 else end
    for inside in SIGNAL_INSIDE.finditer(text, start, limit):
        following = text[inside.end() : inside.end() + 1]
        if following.isupper() or following in ("“", '"', "«", "‘"):
            start = inside.end()
    return start


def _title_quote(text: str, start: int, end: int) -> re.Match[str] | None:
    """The quotation that is a title: the first, if it opens the part or stands after "Author,"."""
    quoted = QUOTED.search(text, start, end)
    if quoted is None:
        return None
    before = text[start : quoted.start()].rstrip()
    if before and before[-1] not in ",(" and not _is_name(before):
        return None
    if before and not _names_somebody(before):
        return None
    after = text[quoted.end() : quoted.end() + 2].strip()
    inner = quoted.group().strip('“”"«»‘’')
    goes_on = bool(after) and after[0] not in ",.;:([" and inner[-1:] not in ",.;:"
    return None if goes_on else quoted


def _is_name(text: str) -> bool:
    """Whether *text* can be an author without a comma: two to six capitalised words."""
    words = text.split()
    return 1 < len(words) <= 6 and all(word[0].isupper() or word in ("of", "the", "and", "for", "de") for word in words)


def _names_somebody(text: str) -> bool:
    """Whether *text* can name an author or a work: it begins with a capital, is short, and no verb makes it prose."""
    words = text.strip(" ,:(").split()
    if not words or len(words) > _LONGEST_NAME or words[0][0].islower() or words[0].lower() in LEAD_WORDS:
        return False
    return not PROSE_WORDS.intersection(words)


def _author(text: str, start: int, end: int) -> str | None:
    return text[start:end].strip(" ,:(") or None


def _inner(text: str, quoted: re.Match[str]) -> tuple[str, tuple[int, int]]:
    name = quoted.lastgroup or 0
    first, last = quoted.span(name)
    while first < last and text[first].isspace():
        first += 1
    while last > first and (text[last - 1].isspace() or text[last - 1] in ",;"):
        last -= 1
    return text[first:last], (first, last)


def _read_turned(parts: _Parts, text: str, start: int, turned: re.Match[str]) -> int:
    """Reads a right-to-left title left in the order of the page; returns where the rest begins."""
    parts.author = _author(text, start, turned.start())
    first, last = turned.span("title")
    # A day printed before the title belongs to the month after it.
    while last > first and (text[last - 1].isspace() or text[last - 1] in ",;.("):
        last -= 1
    parts.title, parts.title_span = text[first:last], (first, last)
    inside = turned.group("inside")
    day = _TURNED_DAY.search(inside)
    if day:
        month = _MONTH_FOLLOWS.match(text, last)
        if month and len(day.group(1)) <= 2:
            parts.date = parse_publication_date(f"{day.group(1)} {text[month.end() : month.end() + 20].split(',')[0]}")
            inside = inside[: day.start()]
        elif len(day.group(1)) == 4:
            parts.date = day.group(1)
            inside = inside[: day.start()]
    # Figures of the title that the page's order put before it stay where they are printed.
    parts.title = f"{inside.strip(' ,')} {parts.title}".strip()
    return last


def _read_pieces(
    parts: _Parts,
    text: str,
    start: int,
    end: int,
    addresses: Sequence[AddressMention],
    short: Short | None,
    *,
    titled: bool,
) -> None:
    """Reads what stands between commas: without a quoted title, author and title first."""
    plain: list[tuple[int, int]] = []
    closed = not titled
    for first, last in between_commas(text, start, end, addresses, short):
        piece = text[first:last]
        kind = _kind_of(piece, first, addresses)
        if kind == "text" and parts.pinpoints and FURTHER_NUMBERS.fullmatch(piece):
            kind = "pinpoint"
        day = _NAME_AND_DAY.fullmatch(piece) if kind in ("text", "date") and closed and not plain else None
        if day and parts.date is None and not day["name"].endswith("ed") and _names_somebody(day["name"]):
            parts.date = parse_publication_date(day["day"])
            plain.append((first, first + day.end("name")))
            closed = False
            continue
        if kind == "text":
            if closed and not _is_filler(piece):
                plain.append((first, last))
            elif titled and parts.publisher is None and parts.date is None and _may_publish(piece):
                parts.publisher = piece
            continue
        if kind == "date":
            parts.date = parts.date or parse_publication_date(piece)
        elif kind == "pinpoint":
            parts.pinpoints.append(piece)
        if plain:
            closed = False
    if plain:
        _read_plain(parts, text, plain)


def _read_plain(parts: _Parts, text: str, plain: list[tuple[int, int]]) -> None:
    """Author and title where no title stands in quotation marks: "Author, Title", or a title alone."""
    first, last = plain[-1]
    if len(plain) > 2 and _ONLY_PAGES.fullmatch(text, first, last):
        # Author, Title (Place: Publisher, 1999), 45-47
        parts.pinpoints.insert(0, text[first:last])
        plain.pop()
        first, last = plain[-1]
    pinpoint = _PINPOINT_AT_END.search(text, first, last)
    if pinpoint:
        parts.pinpoints.insert(0, pinpoint.group("pinpoint").strip())
        last = pinpoint.start()
    imprint = _IMPRINT.search(text, first, last)
    if imprint:
        parts.publisher, last = imprint.group("publisher"), imprint.start()
        parts.date = parts.date or imprint.group("year")
    journal = _JOURNAL.search(text, first if len(plain) == 1 else plain[1][0], last) if parts.date else None
    if journal and len(plain) > 1:
        plain = [plain[0], (plain[1][0], last)]
        parts.publisher, last = journal["journal"], journal.start()
        if journal["page"]:
            parts.pinpoints.insert(0, journal["page"])
    plain[-1] = (plain[-1][0], max(plain[-1][0], last))
    author = text[plain[0][0] : plain[0][1]]
    if DOCUMENT.match(author) and not (PROSE_WORDS - {"dated", "sent"}).intersection(author.split()):
        parts.document, parts.title_span = True, (plain[0][0], plain[-1][1])
        parts.title = text[slice(*parts.title_span)]
        dated = DATED.search(author)
        if dated and parts.date is None:
            parts.date = parse_publication_date(author[dated.end() : dated.end() + 24])
        return
    title = (plain[1][0], plain[-1][1]) if len(plain) > 1 else None
    if not _names_somebody(author):
        return
    parts.author = author
    if title is not None:
        printed = text[slice(*title)]
        if printed[:1].islower() or len(printed.split()) > _LONGEST_TITLE:
            parts.author = None
            return
        parts.title, parts.title_span = printed, title
    elif parts.pinpoints and parts.date:
        # "Department of State Bulletin, June 21, 1954, p. 950": a work that needs no author.
        parts.author, parts.title, parts.title_span = None, author, plain[0]


def _kind_of(piece: str, first: int, addresses: Sequence[AddressMention]) -> str:
    """What one piece is: "address", "symbol", "date", "pinpoint", "edition" or "text"."""
    last = first + len(piece)
    if any(one.start <= first < one.end or first <= one.start < min(last, first + 12) for one in addresses):
        return "address"
    if PINPOINT.match(piece) or AT_PAGE.fullmatch(piece) or piece in ("annex", "appendix", "enclosure"):
        return "pinpoint"
    symbol = canonical(piece)
    if symbol is not None and not is_by_year(symbol):
        return "symbol"
    if len(piece) <= 60 and MAY_BE_DATE.search(piece) and parse_publication_date(piece) is not None:
        return "date"
    if EDITION.match(piece):
        return "edition"
    return "text"


def _is_filler(piece: str) -> bool:
    return piece.lower() in (
        "available at",
        "available online at",
        "at",
        "online",
        "accessed",
        "in",
        "and",
        "hereafter",
    )


def _may_publish(piece: str) -> bool:
    return piece[0].isupper() and len(piece.split()) <= 8 and not _is_filler(piece)


def _read_symbol(parts: _Parts, text: str, marks: Sequence[SymbolMention], addresses: Sequence[AddressMention]) -> None:
    """The symbol printed outside title and addresses, as printed; else the canonical form of one named or in one."""
    fallback, by_year = None, None
    for mark in marks:
        in_address = any(one.start <= mark.start < one.end for one in addresses)
        span = parts.title_span
        if is_by_year(mark.canonical):
            if span is None or text[span[0] - 1 : span[0]] not in ("“", '"', "«", "‘"):
                by_year = by_year or text[mark.start : mark.end]
            continue
        if span is not None and span[0] <= mark.start < span[1] and mark.end - mark.start < span[1] - span[0]:
            continue
        if in_address or "esolution" in text[mark.start : mark.end]:
            fallback = fallback or mark.canonical
        else:
            printed = text[mark.start : mark.end]
            # The year is part of S/RES/598 (1987); of A/47/PV.84 (1992) it is the date.
            parts.symbol = printed if "RES/" in printed else _YEAR_BEHIND.sub("", printed)
            return
    parts.symbol = by_year or fallback
