"""What the pages on officials may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from corpus.authorities import Office, Official
from index.snapshot import Snapshot
from search.results import Results
from search.selection import Selection
from web import links
from web.chronicle import Entry, Span, by_year
from web.directions import isolated
from web.forms import SearchForm
from web.wording import counted, date_said


@dataclass(frozen=True, slots=True)
class Person:
    """An official in a list."""

    name: str
    persian: str
    address: str
    offices: str
    passages: int


@dataclass(frozen=True, slots=True)
class OfficialsPage:
    """All officials, those named most often first."""

    title: str
    people: list[Person]

    @classmethod
    def of(cls, snapshot: Snapshot, counts: Mapping[str, int]) -> OfficialsPage:
        """The officials of the collection with the passages that name each."""
        people = [
            Person(
                official.name,
                official.persian[0] if official.persian else "",
                links.official(official.id),
                "; ".join(office.title for office in official.offices),
                counts.get(official.id, 0),
            )
            for official in snapshot.authorities.officials
        ]
        return cls("Officials", sorted(people, key=lambda person: (-person.passages, person.name)))


@dataclass(frozen=True, slots=True)
class OfficeShown:
    """An office and when it was held."""

    title: str
    held: str
    source: str


@dataclass(frozen=True, slots=True)
class OfficialPage:
    """One official."""

    official: Official
    title: str
    persian: str
    passages: int
    offices: list[OfficeShown]
    spellings: list[tuple[Markup, str]]
    years: list[Span]
    shown: int
    all_passages: str
    confused_with: list[str]
    answers: bool

    @classmethod
    def of(cls, official: Official, results: Results, entries: Sequence[Entry], snapshot: Snapshot) -> OfficialPage:
        """The page of *official*, whose passages are *results* and whose dated ones are *entries*."""
        chosen = SearchForm(selection=Selection(officials=(official.id,)))
        persian = official.persian[0] if official.persian else ""
        return cls(
            official=official,
            title=official.name,
            persian=persian,
            passages=results.total,
            offices=[OfficeShown(office.title, _held(office), office.source or "") for office in official.offices],
            spellings=[
                (isolated(name), links.search(chosen.asking(f'"{name}"').arguments()))
                for name in official.names()
                if '"' not in name
            ],
            years=by_year(entries),
            shown=len(entries),
            all_passages=links.search(chosen.arguments()),
            confused_with=list(official.not_to_be_confused_with),
            answers=any(entry.answer for entry in entries),
        )

    @property
    def named(self) -> str:
        """How often, in words."""
        return counted(self.passages, "passage")


def _held(office: Office) -> str:
    if office.first and office.last:
        return f"{date_said(office.first)} to {date_said(office.last)}"
    if office.first:
        return f"from {date_said(office.first)}"
    return f"until {date_said(office.last)}" if office.last else ""
