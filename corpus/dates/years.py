"""The year of a date that is written without one: from its sentence, the heading, the passage, its neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.dates.context import DateContext, HeadingDate, document_bounds, frames
from corpus.dates.elements import Element
from corpus.dates.grammar import Stated
from corpus.dates.spans import interval
from corpus.dates.words import NUMBER_WORDS, Calendar, words
from corpus.model import Kind

# A stop, what closes after it, a blank, and something that can begin a sentence. A semicolon parts citations.
_SENTENCE_END = re.compile(r"(?:(?P<stop>[.!?…])[\"”’»)\]]*|;)\s+(?=[\"“‘«(\[]*[^\W_a-z])")
_NO_SENTENCE_END = words(
    "mr mrs ms dr prof gen col sen rep st no nos p pp para paras vol art ch ed eds jan feb mar apr jun jul aug sep "
    "sept oct nov dec u.s u.n e g i cf ca c op cit et al v vs inc ltd mt messrs"
)
_LAST_WORD = re.compile(r"(?:^|[^\w.])([\w.]{1,6})\Z")
_BARE_YEAR = re.compile(
    # "1948: 15 May", "1948, 15 May" where a sentence or the text begins
    r"(?:(?<=[.;!?]\s)|(?<![\w\W]))(?P<opens>(?:1[5-9]|20)\d\d)(?=\s?[:,–—]\s(?:\d{1,2}(?:st|nd|rd|th)?\s)?[^\W\d_]{3})"
    r"|\b(?:(?:in|during|throughout|year)\s(?P<year>(?:1[5-9]|20)\d\d)"
    # "of 2000 tons", "by 1800 hours": a number of things is no year.
    r"|(?:since|until|of|by|from|to|and|before|after)\s(?P<other>(?:1[5-9]|20)\d\d)"
    r"(?!\s(?:(?!this|perhaps|besides|towards|across|always|unless|whereas|previous)[a-z]{3,}s|men|people|feet)\b))"
    r"(?![\w/–-]|[.,]\d|\s(?:hours|hrs)\b)",
    re.IGNORECASE,
)
_PAST_ONLY = frozenset(("since", "from", "after"))
_TO_COME = re.compile(
    r"\b(?:will|shall|plan(?:s|ned|ning)?|hope[sd]?|hoping|intend(?:s|ed|ing)?|expect(?:s|ed|ing)?|scheduled|propose[sd]?|"
    r"forthcoming|upcoming)\b",
    re.IGNORECASE,
)
_YEARS_ON = re.compile(
    r"\b(?:(?P<number>an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\syears?\s"
    r"(?:(?P<on>later|afterwards|thereafter|on)|earlier|before|previously)"
    r"|(?:the\s)?(?:(?P<next>following|next|subsequent)|previous|preceding)\syear"
    r"|the\syear\s(?:(?P<after>after)|before))\b(?!\s(?:the|his|her|their|its|that|this)\b)",
    re.IGNORECASE,
)
_STEP_REACH = 80  # characters before a date in which "the following year" may stand
_NEAREST_ANCHORS = 8
_OPENING = 12  # characters before an opening date: a quotation mark, "Early on ", "By late "
_AHEAD = frozenset(("by", "until", "till", "before", "next", "than", "plan"))


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
        if match["stop"] == ".":
            word = _LAST_WORD.search(text, max(0, match.start() - 8), match.start())
            if word is not None and (word[1].lower() in _NO_SENTENCE_END or (len(word[1]) == 1 and word[1].isupper())):
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
        self._group: tuple[int, tuple[int, bool], int] | None = None
        self._sentences: list[int] | None = None
        self._frames: list[HeadingDate] | None = None
        self._stated_in: tuple[int, frozenset[int]] = (-1, frozenset())
        self._bare_in: tuple[int, dict[int, bool]] = (-1, {})
        self._said: list[tuple[int, int]] | None = None

    def correct(self, meant: Mapping[int, date]) -> None:
        """Put misprinted anchors right: by their offset, the day that was meant."""
        self.anchors = [
            replace(anchor, year=meant[anchor.at].year, day=meant[anchor.at]) if anchor.at in meant else anchor
            for anchor in self.anchors
        ]
        self._stated_in = (-1, frozenset())

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

    def opens_a_sentence(self, at: int) -> bool:
        """Whether a date is the first thing in its sentence: "On 20 October, ..."."""
        start = self.sentence(at)[0]
        return at - start <= _OPENING and "," not in self.text[start:at]

    def of(self, stated: Stated, element: Element) -> tuple[int, bool] | None:
        """The year of *element* in its own calendar, and whether it is beyond doubt; None where nothing tells it."""
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
        if self._group is not None and self._group[0] == stated.group:
            # "in late February or March": the next one of its kind after the date it is joined to.
            year, sure = self._group[1]
            found = (year + (month < self._group[2]), sure) if self._group[2] - month != 1 else (year, sure)
        else:
            told = self._alone(stated, month)
            if told is None:
                return None
            found = told
        self._group = stated.group, found, month
        return found

    def _alone(self, stated: Stated, month: int) -> tuple[int, bool] | None:
        start, end = self.sentence(stated.start)
        cue = self._cue(stated)
        told = self._by_heading(month, self._ahead(stated) or cue)
        before, after = self._before(stated.start), self._after(stated.start)
        if step := self._years_on(max(start, before.end if before is not None else 0), stated.start):
            base = self.spoken(stated.start) if before is None else (before.year, before.month)
            return None if base is None else (base[0] + step, False)
        if before is not None and before.at >= start:
            year, sure = near(before.year, before.month, month, cue)
            # Beside a bare "end of 1948" the month may well be of the year that the heading tells.
            sure = sure and (before.month is not None or told is None or told[0] == year)
            return year, sure and len(self._years_stated(start, end)) == 1
        if after is not None and after.at < end:
            if self.context.kind is Kind.FOOTNOTE and told is not None and abs(told[0] - after.year) > 1:
                return told[0], False  # "the letters exchanged until 14 December, printed in the issue of spring 1992"
            return near(after.year, after.month, month, cue)
        bare = self._bare_years(start, end)
        if len(bare) == 1:
            year, sure = next(iter(bare.items()))
            return year, sure and (told is None or told[0] == year)
        if told is not None:
            if before is None or near(before.year, before.month, month, cue)[0] == told[0]:
                return told
            return (told[0], False) if told[1] else (near(before.year, before.month, month, cue)[0], False)
        if alone := self._year_before(before.end if before is not None else 0, stated.start):
            return alone, False
        around = before or after
        if around is not None:
            return near(around.year, around.month, month, cue)[0], False
        if self.context.neighbours:
            # A list that goes on about one July is of that July, whatever was told between.
            same = {day.year for day in self.context.neighbours if day.month == month}
            if len(same) == 1:
                return same.pop(), False
            day = self.context.neighbours[-1]
            return near(day.year, day.month, month, cue)[0], False
        if self.context.earlier is not None:
            return near(self.context.earlier.year, self.context.earlier.month, month, cue)[0], False
        bounds = document_bounds(self.context)
        if bounds is not None and (bounds[1] - bounds[0]).days < 32:
            return near(bounds[0].year, bounds[0].month, month, self._ahead(stated) or cue)[0], False
        return None

    def _years_stated(self, start: int, end: int) -> frozenset[int]:
        """The years of the dates of one sentence, kept because a long one may have many dates."""
        if self._stated_in[0] != start:
            low, high = bisect_left(self._places, start), bisect_left(self._places, end)
            self._stated_in = start, frozenset(anchor.year for anchor in self.anchors[low:high])
        return self._stated_in[1]

    def _bare_years(self, start: int, end: int) -> dict[int, bool]:
        """The years that stand alone in one sentence, and whether it is said to be of that year."""
        if self._bare_in[0] != start:
            found: dict[int, bool] = {}
            for match in _BARE_YEAR.finditer(self.text, start, end):
                year = int(match["year"] or match["opens"] or match["other"])
                found[year] = found.get(year, False) or match["other"] is None
            self._bare_in = start, found
        return self._bare_in[1]

    def _year_before(self, start: int, at: int) -> int | None:
        """The last year in `text[start:at]` of which it is said that something was then: "In 1981 he left."."""
        if self._said is None:
            self._said = [
                (match.start(), int(match["year"] or match["opens"]))
                for match in _BARE_YEAR.finditer(self.text)
                if not match["other"]
            ]
        n = bisect_left(self._said, (at, 0))
        return self._said[n - 1][1] if n and self._said[n - 1][0] >= start else None

    def _years_on(self, start: int, at: int) -> int:
        """How many years `text[start:at]`, the part of a sentence before a date, says to have passed; mostly 0."""
        if "year" not in self.text[max(start, at - _STEP_REACH) : at]:
            return 0
        for match in _YEARS_ON.finditer(self.text, max(start, at - _STEP_REACH), at):
            word = (match["number"] or "one").lower()
            number = NUMBER_WORDS.get(word) or int(word)
            return number if match["on"] or match["next"] or match["after"] else -number
        return 0

    def near_to(self, at: int) -> Sequence[Anchor]:
        """The few anchors nearest to an offset, on both sides of it."""
        n = bisect_left(self._places, at)
        return self.anchors[max(0, n - _NEAREST_ANCHORS) : n + _NEAREST_ANCHORS + 1]

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
        near_by = [anchor for anchor in self.near_to(stated.start) if start <= anchor.at < end]
        years = {anchor.solar_year for anchor in near_by if anchor.solar_year is not None}
        return (years.pop(), True) if len(years) == 1 else None

    def spoken(self, at: int) -> tuple[int, int | None] | None:
        """Year and month from which "last month" at that offset is counted."""
        start, _ = self.sentence(at)
        before = self._before(at)
        if before is not None and before.at >= start:
            first = self.anchors[bisect_left(self._places, start)]
            said = first if self.opens_a_sentence(first.at) else before
            return said.year, said.month
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
        """The word right before the date."""
        words_before = self.text[max(0, stated.start - 12) : stated.start].split()
        return words_before[-1].lower() if words_before else ""

    def _ahead(self, stated: Stated) -> str:
        """ "plan" where the clause before the date speaks of what is to come, else nothing."""
        start = max(self.sentence(stated.start)[0], stated.start - 60)
        start = max(start, *(self.text.rfind(sign, start, stated.start) for sign in ",;:"))
        return "plan" if _TO_COME.search(self.text, start, stated.start) else ""


def is_to_come(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` speaks of what is planned or expected."""
    return _TO_COME.search(text, start, end) is not None


def near(year: int, month: int | None, wanted: int, cue: str = "") -> tuple[int, bool]:
    """The year that a month without one belongs to, told beside a date in that year and month, and whether it is sure.

    Records look back, and plan a little ahead: up to nine months before and three after within the same year are taken
    as said; further ahead it is rather the year before (not after "by" or "until"), from November to January the next.
    *cue* is the word before the month, or "plan" where what stands before it speaks of the future.
    """
    if month is None:
        return year, True
    ahead = wanted - month
    if cue == "plan" and ahead <= -6:
        return year + 1, False
    if -9 <= ahead <= 3:
        return year, ahead > -9
    if ahead < 0:
        return (year, False) if cue in _PAST_ONLY else (year + 1, False)
    return (year, False) if ahead <= 6 and cue in _AHEAD else (year - 1, False)


def _anchors(stated: Stated) -> list[Anchor]:
    found = []
    for element in (stated.first, stated.last) if stated.last is not stated.first else (stated.first,):
        if element.year is None or element.borrowed:
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
