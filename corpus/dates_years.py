"""The year of a date that is written without one: from its sentence, the heading, the passage, its neighbours."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.dates_context import DateContext, HeadingDate, document_bounds, frames
from corpus.dates_elements import Element
from corpus.dates_grammar import Stated
from corpus.dates_spans import interval
from corpus.dates_words import Calendar

# A stop, what closes after it, a blank, and something that can begin a sentence. A semicolon parts citations.
_SENTENCE_END = re.compile(r"(?:(?P<word>[\w’']*)[.!?…][\"”’»)\]]*|;)\s+(?=[\"“‘«(\[]*[^\W_a-z])")
_NO_SENTENCE_END = frozenset(
    ["mr", "mrs", "ms", "dr", "prof", "gen", "col", "sen", "rep", "st", "no", "nos", "p", "pp", "para", "paras", "vol", "art", "ch", "ed", "eds", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "u.s", "u.n", "u", "s", "n", "e", "g", "i", "cf", "ca", "c", "op", "cit", "et", "al", "v", "vs", "inc", "ltd", "mt", "messrs"]
)
_BARE_YEAR = re.compile(
    r"\b(?:in|of|during|throughout|since|until|by|year|from|to|and|before|after)\s(?P<year>(?:1[5-9]|20)\d\d)(?![\w/–-]|\.\d)",
    re.IGNORECASE,
)
_PAST_ONLY = frozenset(("since", "from", "after"))


@dataclass(frozen=True, slots=True)
class Anchor:
    """A date in the passage with a year of its own."""

    at: int
    end: int
    year: int
    month: int | None
    day: date | None
    solar_year: int | None = None


def sentence_starts(text: str) -> list[int]:
    """Where the sentences of *text* begin, 0 first."""
    starts = [0]
    for match in _SENTENCE_END.finditer(text):
        word = match["word"]
        if word is not None and (word.lower() in _NO_SENTENCE_END or (len(word) == 1 and word.isupper())):
            continue
        starts.append(match.end())
    return starts


class Years:
    """Finds years for one passage; everything is looked up when it is first needed."""

    def __init__(self, text: str, context: DateContext, stated: Sequence[Stated]) -> None:
        self.text = text
        self.context = context
        self.anchors = [anchor for one in stated for anchor in _anchors(one)]
        self._places = [anchor.at for anchor in self.anchors]
        self._sentences: list[int] | None = None
        self._frames: list[HeadingDate] | None = None

    def correct(self, meant: Mapping[int, date]) -> None:
        """Put misprinted anchors right: by their offset, the day that was meant."""
        self.anchors = [
            replace(anchor, year=meant[anchor.at].year, day=meant[anchor.at]) if anchor.at in meant else anchor
            for anchor in self.anchors
        ]

    @property
    def frames(self) -> list[HeadingDate]:
        if self._frames is None:
            self._frames = frames(self.context)
        return self._frames

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence at that offset begins and ends."""
        if self._sentences is None:
            self._sentences = sentence_starts(self.text)
        n = bisect_right(self._sentences, at)
        return self._sentences[n - 1], self._sentences[n] if n < len(self._sentences) else len(self.text)

    def of(self, stated: Stated, element: Element) -> tuple[int, bool] | None:
        """The year of *element* in its own calendar, and whether it stands beyond doubt; None where nothing tells it."""
        if element.year is not None:
            return element.year, True
        if element.calendar is Calendar.SOLAR:
            return self._solar(stated)
        if element.year_shift is not None:
            return self._shifted(stated.start, element.year_shift, element.month)
        if element.nearest is not None:
            return self._nearest(stated.start, element)
        if element.month is None:
            return None
        return self._told(stated, element.month)

    def _told(self, stated: Stated, month: int) -> tuple[int, bool] | None:
        start, end = self.sentence(stated.start)
        before = self._before(stated.start)
        if before is not None and before.at >= start:
            year, sure = near(before.year, before.month, month, self._cue(stated))
            others = {a.year for a in self.anchors[bisect_right(self._places, start - 1) :] if a.at < end}
            return year, sure and len(others) == 1
        after = self._after(stated.start)
        if after is not None and after.at < end:
            return near(after.year, after.month, month, self._cue(stated))
        bare = {int(match["year"]) for match in _BARE_YEAR.finditer(self.text, start, end)}
        if len(bare) == 1:
            return bare.pop(), True
        told = self._by_heading(month, self._cue(stated))
        if before is not None:
            year, _ = near(before.year, before.month, month, self._cue(stated))
            return (year, told[1]) if told is not None and told[0] == year else (year, False)
        if told is not None:
            return told
        if self.context.neighbours:
            day = self.context.neighbours[-1]
            return near(day.year, day.month, month, self._cue(stated))[0], False
        bounds = document_bounds(self.context)
        if bounds is not None and (bounds[1] - bounds[0]).days < 32:
            return near(bounds[0].year, bounds[0].month, month, self._cue(stated))[0], False
        return None

    def _by_heading(self, month: int, cue: str) -> tuple[int, bool] | None:
        for frame in self.frames:
            named = {year for year, named_month in frame.months if named_month == month}
            if len(named) == 1:
                return named.pop(), frame.plain
            if len(frame.years) == 1 or frame.months:
                year, anchor_month = frame.months[-1] if frame.months else (frame.years[0], None)
                found, sure = near(year, anchor_month, month, cue)
                return found, sure and frame.plain and len(frame.years) == 1
        return None

    def _shifted(self, at: int, shift: int, month: int | None) -> tuple[int, bool] | None:
        base = self.spoken(at)
        return None if base is None else (base[0] + shift, False)

    def _nearest(self, at: int, element: Element) -> tuple[int, bool] | None:
        base = self.spoken(at)
        if base is None:
            return None
        year, base_month = base
        if element.season is not None:
            return year + (element.nearest or 0), False
        month = element.month or 1
        if base_month is None:
            return year + (element.nearest or 0), False
        if element.nearest == -1:
            return year - (month >= base_month), False
        if element.nearest == 1:
            return year + (month <= base_month), False
        return year, False

    def _solar(self, stated: Stated) -> tuple[int, bool] | None:
        start, end = self.sentence(stated.start)
        years = {a.solar_year for a in self.anchors if start <= a.at < end and a.solar_year is not None}
        return (years.pop(), True) if len(years) == 1 else None

    def spoken(self, at: int) -> tuple[int, int | None] | None:
        """Year and month from which "last month" at that offset is counted."""
        start, _ = self.sentence(at)
        before = self._before(at)
        if before is not None and before.at >= start:
            return before.year, before.month
        for frame in self.frames:
            if frame.months:
                return frame.months[-1]
            if len(frame.years) == 1:
                return frame.years[0], None
        if before is not None:
            return before.year, before.month
        if self.context.neighbours:
            return self.context.neighbours[-1].year, self.context.neighbours[-1].month
        bounds = document_bounds(self.context)
        if bounds is None or bounds[0].year != bounds[1].year:
            return None
        return bounds[0].year, bounds[0].month if bounds[0].month == bounds[1].month else None

    def _before(self, at: int) -> Anchor | None:
        n = bisect_right(self._places, at - 1)
        return self.anchors[n - 1] if n else None

    def _after(self, at: int) -> Anchor | None:
        n = bisect_right(self._places, at)
        return self.anchors[n] if n < len(self.anchors) else None

    def _cue(self, stated: Stated) -> str:
        words = self.text[max(0, stated.start - 12) : stated.start].split()
        return words[-1].lower() if words else ""


def near(year: int, month: int | None, wanted: int, cue: str = "") -> tuple[int, bool]:
    """The year that a month without one belongs to, told beside a date in that year and month, and whether it is sure.

    Records look back, and plan a little ahead: up to nine months before and three after within the same year are taken
    as said; further ahead it is rather the year before, and from November to January rather the next.
    """
    if month is None:
        return year, True
    ahead = wanted - month
    if -9 <= ahead <= 3:
        return year, True
    if ahead < 0:
        return (year, False) if cue in _PAST_ONLY else (year + 1, False)
    return (year, False) if ahead <= 6 else (year - 1, False)


def _anchors(stated: Stated) -> list[Anchor]:
    found = []
    for element in (stated.first, stated.last) if stated.last is not stated.first else (stated.first,):
        if element.year is None:
            continue
        bounds = interval(element, element.year)
        solar = element.year if element.calendar is Calendar.SOLAR else None
        if bounds is None:
            if solar is None:
                found.append(Anchor(element.start, element.end, element.year, element.month, None))
            continue
        first, last = bounds
        month = first.month if element.month is not None else None
        found.append(
            Anchor(element.start, element.end, first.year, month, first if first == last else None, solar_year=solar)
        )
    return found
