"""What a printed text says of itself at its head: its title, and date and symbol where lines of their own give them."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.dates.published import parse_publication_date
from corpus.layout.cover import is_dated, is_of_cover
from corpus.layout.headings import date_line, symbol_line
from corpus.layout.kinds import Kind, What
from corpus.layout.manner import Unit
from corpus.layout.recognising import HEAD_UNITS
from corpus.layout.report import Report
from corpus.symbols import canonical

KEYS = ("title", "issuer", "source_type", "date", "symbol", "language", "address", "officials")


def front_of(units: Sequence[Unit], kinds: Sequence[Kind], report: Report) -> list[tuple[str, str]]:
    """The front matter: every key, empty where the text does not give it.

    The lines that give date and symbol stay in the text as well: nothing is taken out of it but the title.
    """
    values = dict.fromkeys(KEYS, "")
    covered = sum(unit.cover for unit in units)
    for unit, kind in zip(units[: covered + HEAD_UNITS], kinds, strict=False):
        if kind.what is What.TITLE:
            values["title"] = " ".join(unit.text.split())
            report.did(unit.lines[0].number, f"the title: {unit.text[:100]}.")
            continue
        if kind.what is What.HEADING:
            break
        if kind.what is not What.PARAGRAPH:
            continue
        for line in unit.lines:
            text = line.unmarked
            stated = date_line(text) or (text if unit.cover and is_of_cover(text) and is_dated(text) else None)
            day = parse_publication_date(stated) if stated else None
            if day and not values["date"]:
                values["date"] = day
                report.did(line.number, f"the date {day}, from a line of its own: {text[:60]}.")
            elif not values["symbol"] and (symbol := symbol_line(text) or (unit.cover and canonical(text) and text)):
                values["symbol"] = symbol.rstrip("* ")
                report.did(line.number, f"the symbol: {values['symbol']}.")
    return list(values.items())
