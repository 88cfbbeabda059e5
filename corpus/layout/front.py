"""What a printed text says of itself at its head: its title, and date and symbol where lines of their own give them."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.dates.published import parse_publication_date
from corpus.layout.cover import is_dated, is_of_cover
from corpus.layout.headings import date_line, symbol_line
from corpus.layout.kinds import Kind, What
from corpus.layout.lines import Line
from corpus.layout.manner import Unit
from corpus.layout.recognising import HEAD_UNITS, is_subject
from corpus.layout.report import Report
from corpus.symbols import canonical

_PERSIAN_ALONE = "پچژگکی"  # as Unicode has them for Persian; Arabic has other letters in their place
MIN_LETTERS = 100  # of a text whose language is told
KEYS = ("title", "issuer", "source_type", "date", "symbol", "language", "address", "officials")


def front_of(
    units: Sequence[Unit], kinds: Sequence[Kind], lines: Sequence[Line], report: Report
) -> list[tuple[str, str]]:
    """The front matter: every key, empty where the text does not give it.

    The lines that give date and symbol stay in the text as well: nothing is taken out of it but the title.
    """
    values = dict.fromkeys(KEYS, "")
    subject = ""
    covered = sum(unit.cover for unit in units)
    values["language"] = _language_of(lines, report)
    for at, (unit, kind) in enumerate(zip(units[: covered + 2 * HEAD_UNITS], kinds, strict=False)):
        if kind.what is What.TITLE:
            values["title"] = " ".join(unit.text.split())
            report.did(unit.lines[0].number, f"the title: {unit.text[:100]}.")
            continue
        if kind.what is What.HEADING:
            break
        if kind.what is not What.PARAGRAPH:
            continue
        if not subject and is_subject(unit):
            subject = " ".join(unit.text.split(":", 1)[1].split())
        for line in unit.lines if at < covered + HEAD_UNITS else ():
            text = line.unmarked
            stated = date_line(text) or (text if unit.cover and is_of_cover(text) and is_dated(text) else None)
            day = parse_publication_date(stated) if stated else None
            if day and not values["date"]:
                values["date"] = day
                report.did(line.number, f"the date {day}, from a line of its own: {text[:60]}.")
            elif not values["symbol"] and (symbol := symbol_line(text) or (unit.cover and canonical(text) and text)):
                values["symbol"] = symbol.rstrip("* ")
                report.did(line.number, f"the symbol: {values['symbol']}.")
    if not values["title"] and subject:
        values["title"] = subject
        report.did(0, f"the title, from the line of the subject: {subject[:100]}.")
    return list(values.items())


def _language_of(lines: Sequence[Line], report: Report) -> str:
    """`fa` for a text in Persian, told by letters that Arabic does not have; "" for every other."""
    text = "".join(line.text for line in lines)
    persian = sum(map(text.count, _PERSIAN_ALONE))
    if persian * 20 > (letters := sum(map(str.isalpha, text))) and letters > MIN_LETTERS:
        report.did(0, "the language: Persian, told by its letters.")
        return "fa"
    return ""
