"""Why a passage answers a question: for each word asked, what stood in the passage and by which help it was met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date as iso_day

from corpus.symbols import canonical
from index.analyzers import words
from index.record import DateRecord, PassageRecord
from index.snapshot import Snapshot
from search.marking import Found
from search.periods import read_period
from search.query import Field, FieldName
from search.results import By, Reason
from search.wanted import Wanted

# More pieces of text that met one word by one help say nothing new.
_FOUND_PER_WORD = 4
_ORDER = {by: place for place, by in enumerate(By)}


def reasons(text: str, wanted: Sequence[Wanted], found: Iterable[Found]) -> tuple[Reason, ...]:
    """What each word met, in the order asked; the plainest help first, each spelling once."""
    met = dict.fromkeys([(one.word, one.by, text[one.start : one.end]) for one in found])
    if len(met) < 2:
        return tuple([Reason(wanted[number].text, by, printed) for number, by, printed in met])
    pieces: dict[int, dict[tuple[By, str], str]] = {}
    for number, by, printed in met:
        pieces.setdefault(number, {}).setdefault((by, printed.casefold()), printed)
    told: dict[Reason, None] = {}
    for number in sorted(pieces):
        each = [(by, printed) for (by, _), printed in pieces[number].items()]
        if len(each) > 1:
            each.sort(key=_plainness)
        for by, printed in each[:_FOUND_PER_WORD]:
            told[Reason(wanted[number].text, by, printed)] = None
    return tuple(told)


def _plainness(met: tuple[By, str]) -> int:
    return _ORDER[met[0]]


def month_reasons(record: PassageRecord, asked: str) -> Iterator[tuple[Reason, int]]:
    """The dates of the passage in the months *asked*, each with its place in the text: the narrowest first."""
    period = read_period(asked)
    if period is None:
        return
    for date in sorted(record.dates, key=_width):
        if period.holds_some_of(date.first, date.last):
            yield Reason(asked, By.MONTH, date.printed), date.at
    for flag in record.date_flags:
        if period.holds_some_of(flag.read_as, flag.read_as):
            yield Reason(asked, By.MONTH, flag.printed), flag.at


def _width(date: DateRecord) -> tuple[bool, int]:
    """Whether the date is doubtful, and how many days it leaves open."""
    return date.certainty != "certain", (iso_day.fromisoformat(date.last) - iso_day.fromisoformat(date.first)).days


def citing_reasons(record: PassageRecord, asked: str, snapshot: Snapshot) -> Iterator[tuple[Reason, int | None]]:
    """What in the passage cites what was *asked*: its own citation, a short form, or a note that it calls."""
    symbol = canonical(asked)
    for cited in record.cites:
        if symbol is not None and cited.symbol is not None and canonical(cited.symbol) == symbol:
            yield Reason(asked, By.SYMBOL, cited.symbol), _place(record.text, cited.symbol)
        elif _holds(cited.title, asked):
            assert cited.title is not None
            yield Reason(asked, By.WORD, cited.title), _place(record.text, cited.title)
    for reference in record.refers_to:
        if reference.id is not None and reference.note is not None:
            position = snapshot.position_of(record.document, reference.id)
            target = None if position is None else snapshot.record(position)
            if target is not None and any(
                (symbol is not None and cited.symbol is not None and canonical(cited.symbol) == symbol)
                or _holds(cited.title, asked)
                for cited in target.cites
            ):
                yield Reason(asked, By.SHORT_FORM, reference.printed), reference.at


def field_reasons(record: PassageRecord, field: Field, snapshot: Snapshot) -> Iterator[tuple[Reason, int | None]]:
    """Why the passage has the property that *field* asks for, where something in its text says so."""
    if field.name in (FieldName.MONTH, FieldName.DATE):
        yield from month_reasons(record, field.value)
    elif field.name is FieldName.CITES:
        yield from citing_reasons(record, field.value, snapshot)


def _holds(title: str | None, asked: str) -> bool:
    if title is None:
        return False
    here = {form for word in words(title) for form in word.exact}
    return {word.exact[0] for word in words(asked)} <= here


def _place(text: str, piece: str) -> int | None:
    at = text.find(piece)
    return None if at < 0 else at
