"""Document symbols in every usual spelling, each with one canonical form: `mde13/031/1988` is `MDE 13/031/1988`.

What is recognised: symbols of slashed parts as the United Nations, the OAS or the WTO write them (A/43/705,
E/CN.4/1989/26, CCPR/C/79/Add.25, S/RES/598 (1987)); Amnesty International's index (MDE 13/031/88, "AI Index: MDE
13/31/88", in addresses mde13/031/1988 and mde130311988en.pdf); serial symbols of letters and numbers (UA 219/88,
FO 371/170373); what commissions and courts number by the year (Report No. 136/99, Application no. 25781/94); and
resolutions named in words (General Assembly resolution 43/137 is A/RES/43/137). Dates, fractions, "and/or" and the like
are none: a symbol has capital letters and a number, or stands where lower case is usual.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.addresses import find_addresses

# Amnesty International's regions and subjects (the letters of its index, as printed in its own publications).
_AREAS = "MDE|AFR|AMR|ASA|EUR|ACT|POL|IOR|ORG|DOC|NWS|FIN|REG"
_SLASH = r"(?:/|%2[Ff])"
_AMNESTY = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=%2[Ff]))({_AREAS})[\s/-]?(\d{{2}})\s?(?:{_SLASH}|-)(\d{{1,5}})(?:{_SLASH}|-)((?:19|20)\d{{2}}|\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_AMNESTY_FILE = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=%2[Ff]))({_AREAS})(\d{{2}})(\d{{3,5}})((?:19|20)\d{{2}})(?=[a-z]{{2,9}}\.pdf)",
    re.IGNORECASE,
)

_PART = (
    r"(?:[A-Z][A-Za-z]{0,7}\.[A-Z](?![A-Za-z])|[A-Z][A-Za-z]{0,7}\.?\d{0,5}(?:\.\d{1,3})?|\d{1,6}[A-Z]?)"
    r"(?:\s?\(\d{4}\))?"
)
_SLASHED = re.compile(
    rf"(?<![A-Za-z0-9])(?<!\w[/.-])([A-Z]{{1,8}}(?:{_SLASH}{_PART}){{1,9}})(?![A-Za-z0-9])(?!/[A-Z0-9])"
)
# In addresses a symbol may follow a slash, and UN file names join the parts by "_".
_SLASHED_IN_ADDRESS = re.compile(rf"(?<=[/=])([A-Z]{{1,8}}(?:{_SLASH}{_PART}){{1,9}})(?![A-Za-z0-9])(?!/[A-Z0-9])")
_UNDERSCORED = re.compile(
    r"(?<=[/=])([AES](?:_[A-Z]{1,6}(?:\.\d{1,3})?){0,3}(?:_\d{1,4}){1,3}(?:_(?:Add|Rev|Corr)\.\d{1,2})?)(?![A-Za-z0-9])"
)
# In lower case only with a body known to write such symbols, at least two slashes and a number at the end.
_BODIES = "a|e|s|st|t|ccpr|cat|crc|cedaw|cerd|cmw|cescr|crpd|ced|hri|hrc|dp|sg|oea"
_LOWER_SYMBOL = (
    rf"((?:{_BODIES})(?:{_SLASH}[a-z]{{0,8}}\.?\d{{0,6}}){{1,8}}{_SLASH}(?:[a-z]{{1,4}}\.)?\d{{1,5}})(?![A-Za-z0-9/])"
)
_LOWER = re.compile(rf"(?<![A-Za-z0-9/.=-]){_LOWER_SYMBOL}", re.IGNORECASE)
_LOWER_IN_ADDRESS = re.compile(rf"(?<=[/=]){_LOWER_SYMBOL}", re.IGNORECASE)
_UN_HOSTS = ("undocs.org", "un.org", "unhcr.org", "ohchr.org")

_SERIAL = re.compile(r"(?<![A-Za-z0-9/.-])([A-Z]{2,6})\s?(\d{1,6}(?:/\d{1,6}){1,3})(?![A-Za-z0-9/])")
# fmt: off
_NO_SERIES = frozenset((
    "ON", "IN", "AT", "BY", "TO", "OF", "NO", "NOS", "NR", "OR", "AND", "THE", "FROM", "FOR", "AS", "UP", "IS", "WAS",
    "PP", "PARA", "PARAS", "VOL", "ART", "ARTS", "SEC", "CH", "FIG", "ED", "PAGE", "CASE", "REPORT", "UNTIL", "SINCE",
    "FY", "AD", "AH", "AP", "BC", "CE",
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "SEPT", "OCT", "NOV", "DEC",
))
# fmt: on
_BY_YEAR = re.compile(
    r"\b(Report|Application|Communication|Opinion|Petition|Complaint|Decision|Recommendation|Judgment|Case)\s"
    r"[Nn]o\.?\s?(\d{1,6}/(?:(?:19|20)\d{2}|\d{2}))(?![\d/])"
)
_RESOLUTION = re.compile(
    r"\b(General Assembly|Security Council|Human Rights Council|Commission on Human Rights|ECOSOC"
    r"|Economic and Social Council)(?:'s|’s)?,?\s(?:[Rr]esolution|[Rr]es\.|RESOLUTION)\s(?:[Nn]o\.?\s)?"
    r"(\d{1,4}(?:/\d{1,4})?)(?:\s?\((?:19|20)\d{2}\))?(?![\d/])"
)
_RESOLUTION_HEAD = {
    "general assembly": "A/RES/",
    "security council": "S/RES/",
    "human rights council": "A/HRC/RES/",
    "commission on human rights": "E/CN.4/RES/",
    "ecosoc": "E/RES/",
    "economic and social council": "E/RES/",
}
_MIXED_CASE = {part.upper(): part for part in ("Add", "Rev", "Corr", "Sub", "Ser", "Amend", "Part", "Vol", "Summ")}
_YEAR = re.compile(r"\s?\(\d{4}\)$")
_PART_WORD = re.compile(r"[A-Za-z]+")
_LEAD = re.compile(
    r"^(?:AI\s+)?(?:Index|UN\s+Doc(?:ument|s)?|Doc(?:ument)?s?|Symbol)\b\.?\s*(?:No\.?\s*)?:?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SymbolMention:
    """A document symbol in a text, at `text[start:end]`; *canonical* is the same for all its spellings."""

    canonical: str
    start: int
    end: int


def find_symbols(text: str) -> tuple[SymbolMention, ...]:
    """The document symbols in *text*, in order and apart; those inside addresses too."""
    found = [*_named(text)] if "esolution" in text or "RESOLUTION" in text or "Res." in text else []
    if "/" in text or "%2" in text or "_" in text:
        found += _slashed(text)
    elif ".pdf" in text.lower():
        found += _amnesty(text)
    return _apart(found)


def canonical(text: str) -> str | None:
    """The one form of the document symbol that *text* is, or None where it is none.

    "AI Index:", "Index:" or "UN Doc." may stand before it.
    """
    text = text.strip()
    lead = _LEAD.match(text)
    if lead:
        text = text[lead.end() :]
    mentions = find_symbols(text)
    if len(mentions) == 1 and mentions[0].start == 0 and not text[mentions[0].end :].strip(" .,;*"):
        return mentions[0].canonical
    return None


def is_by_year(symbol: str) -> bool:
    """Whether a canonical *symbol* is a number that a body gives by the year, which its documents bear as a title."""
    return " No. " in symbol


def _named(text: str) -> list[SymbolMention]:
    found = []
    for match in _RESOLUTION.finditer(text):
        body, number = match.group(1).lower(), match.group(2)
        if ("/" in number) is (body != "security council"):  # the Council alone counts on without a session
            found.append(SymbolMention(_RESOLUTION_HEAD[body] + number, match.start(), match.end()))
    return found


def _amnesty(text: str) -> list[SymbolMention]:
    return [
        SymbolMention(_amnesty_form(*match.groups()), match.start(), match.end())
        for pattern in (_AMNESTY, _AMNESTY_FILE)
        for match in pattern.finditer(text)
    ]


def _slashed(text: str) -> list[SymbolMention]:
    found = _amnesty(text)
    addresses = [(mention.start, mention.end) for mention in find_addresses(text)]
    outside = _blanked(text, addresses)
    for match in _SLASHED.finditer(outside):
        if _is_symbol(match.group(1)):
            found.append(SymbolMention(_slashed_form(match.group(1)), match.start(), match.end()))
    for match in _LOWER.finditer(outside):
        if _is_symbol(match.group(1).upper()):
            found.append(SymbolMention(_slashed_form(match.group(1)), match.start(), match.end()))
    for match in _SERIAL.finditer(outside):
        if _is_series(match.group(1), match.group(2)):
            found.append(
                SymbolMention(f"{match.group(1)} {_with_full_year(match.group(2))}", match.start(), match.end())
            )
    if "No" in outside or "no" in outside:
        for match in _BY_YEAR.finditer(outside):
            number = _with_full_year(match.group(2))
            found.append(SymbolMention(f"{match.group(1)} No. {number}", match.start(), match.end()))
    for start, end in addresses:
        found += _in_address(text[start:end], start)
    return found


def _in_address(address: str, start: int) -> list[SymbolMention]:
    lowered = address.lower()
    of_the_un = any(host in lowered for host in _UN_HOSTS)
    patterns = [_SLASHED_IN_ADDRESS, *((_UNDERSCORED, _LOWER_IN_ADDRESS) if of_the_un else ())]
    found = []
    for pattern in patterns:
        for match in pattern.finditer(address):
            printed = match.group(1).replace("_", "/") if pattern is _UNDERSCORED else match.group(1)
            parts = _parts(printed)
            if _is_symbol(printed.upper()) and (of_the_un or len(parts) > 2):
                found.append(SymbolMention(_slashed_form(printed), start + match.start(), start + match.end()))
    return found


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """*text* with blanks where *spans* stand: offsets stay."""
    if not spans:
        return text
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], " " * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])


def _parts(printed: str) -> list[str]:
    return re.split(_SLASH, printed)


def _is_symbol(printed: str) -> bool:
    head, *rest = _parts(printed)
    numbered = [part for part in rest if part[-1:].isdigit() or part[:1].isdigit() or part.endswith(")")]
    if not numbered or head in _NO_SERIES:
        return False
    if len(rest) > 1:
        # USA/1988/89 is a season, not a symbol; a lone year says nothing either.
        return not _is_date_like("/".join(rest)) or head in ("A", "E", "S")
    # With a single slash the number must be one that no fraction, score or version has: S/20094, GA/9876.
    return rest[0].isdigit() and len(rest[0]) >= (3 if len(head) > 1 else 4)


def _is_series(letters: str, numbers: str) -> bool:
    if letters in _NO_SERIES or re.fullmatch(_AREAS, letters):
        return False
    if letters == "UA":
        return True
    return not _is_date_like(numbers) and any(len(part) >= 3 for part in numbers.split("/"))


def _is_date_like(numbers: str) -> bool:
    """Whether *numbers* reads as a date (5/9/1988, 9/88), a season (1988/89) or a lone year."""
    parts = numbers.split("/")
    if not all(part.isdigit() for part in parts):
        return False
    values = [int(part) for part in parts]
    year = any(1300 <= value <= 2100 for value in values if value > 99)
    small = [value for value in values if value <= 99]
    if len(values) == 3:
        return year and len(small) == 2 and min(small) <= 12
    if len(values) == 2:
        return year and len(small) == 1 and len(parts[-1]) == 2
    return year


def _slashed_form(printed: str) -> str:
    parts = []
    for part in _parts(printed):
        whole = re.sub(r"\s+", "", part)
        parts.append(_PART_WORD.sub(lambda word: _MIXED_CASE.get(word.group().upper(), word.group().upper()), whole))
    if parts[:2] == ["S", "RES"]:
        parts[-1] = _YEAR.sub("", parts[-1])  # S/RES/598 (1987): the year is not part of the number
    return "/".join(parts)


def _amnesty_form(area: str, region: str, number: str, year: str) -> str:
    year = _full_year(year)
    digits = 4 if year >= "2015" else 3  # its numbers were written with three digits until 2014, with four since
    return f"{area.upper()} {region}/{int(number):0{digits}}/{year}"


def _full_year(year: str) -> str:
    # Two digits: the organization was founded in 1961.
    return year if len(year) == 4 else f"{'19' if year >= '61' else '20'}{year}"


def _with_full_year(numbers: str) -> str:
    head, _, last = numbers.rpartition("/")
    return f"{head}/{_full_year(last)}" if len(last) == 2 and head.isdigit() and len(head) < 4 else numbers


def _apart(found: list[SymbolMention]) -> tuple[SymbolMention, ...]:
    """Of mentions that overlap, the longest; of equal ones, the first."""
    kept: list[SymbolMention] = []
    for mention in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and mention.start < kept[-1].end:
            if mention.end - mention.start > kept[-1].end - kept[-1].start:
                kept[-1] = mention
            continue
        kept.append(mention)
    return tuple(kept)
