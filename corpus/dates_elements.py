"""Single dates as their words give them: days, months, seasons, parts of them, and the years that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.dates_words import (
    NUMBER_WORDS,
    ORDINALS,
    SEASONS,
    SHORT_MONTHS,
    TENS_ORDINALS,
    Calendar,
    MonthWord,
    Part,
    Sort,
    Token,
    longest_day,
    month_word,
    words,
)


@dataclass(frozen=True, slots=True)
class Element:
    """One date as its words give it; None where they are silent. `start` and `end` are offsets in the text."""

    start: int
    end: int
    next: int  # the token after it
    day: int | None = None
    month: int | None = None
    year: int | None = None
    season: int | None = None  # 0 spring to 3 winter
    parts: tuple[Part, Part] | None = None  # first and last part meant, mostly the same
    calendar: Calendar = Calendar.GREGORIAN
    year_shift: int | None = None  # "of last year" -1, "of that year" 0: a year relative to another date
    nearest: int | None = None  # "last July" -1, "this July" 0, "next July" 1
    alone: bool = True  # the month's name may stand by itself
    needs_year: bool = False  # a word that is a month only beside a year
    month_first: bool = False
    winter_end: bool = False  # "winter of 1988-89"
    exact: bool = False  # in figures: nothing may be taken from a neighbour

    @property
    def is_bare_day(self) -> bool:
        return self.day is not None and self.month is None

    @property
    def is_bare_part(self) -> bool:
        return self.parts is not None and self.month is None and self.season is None and self.year is None

    @property
    def is_bare_month(self) -> bool:
        return self.month is not None and self.day is None and self.year is None

    @property
    def stands(self) -> bool:
        return self.month is not None or self.season is not None or (self.parts is not None and self.year is not None)


DASHES = frozenset("-–—‐‑‒−")
_OF = frozenset(("of", "in"))
_YEAR_FILLERS = frozenset(("سال", "ماه", "year"))
SIMPLE_PARTS = {
    "early": Part.EARLY,
    "mid": Part.MID,
    "late": Part.LATE,
    "اوایل": Part.EARLY,
    "اوائل": Part.EARLY,
    "اواسط": Part.MID,
    "اواخر": Part.LATE,
}
_NOUN_PARTS = {
    "beginning": Part.BEGINNING,
    "start": Part.BEGINNING,
    "outset": Part.BEGINNING,
    "onset": Part.BEGINNING,
    "middle": Part.MID,
    "end": Part.END,
    "close": Part.END,
}
_PART_ORDINALS = {
    "first": 1,
    "1st": 1,
    "opening": 1,
    "early": 1,
    "earlier": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": -1,
    "final": -1,
    "closing": -1,
    "latter": -1,
    "later": -1,
}
_HALVES = {1: Part.FIRST_HALF, 2: Part.SECOND_HALF, -1: Part.SECOND_HALF}
_QUARTERS = {
    1: Part.FIRST_QUARTER,
    2: Part.SECOND_QUARTER,
    3: Part.THIRD_QUARTER,
    4: Part.FOURTH_QUARTER,
    -1: Part.FOURTH_QUARTER,
}
_WEEKS = {1: Part.FIRST_WEEK, 2: Part.SECOND_WEEK, 3: Part.THIRD_WEEK, 4: Part.FOURTH_WEEK, -1: Part.LAST_WEEK}
_ENDS = {1: Part.EARLY, -1: Part.LATE}
_PART_NOUNS = {
    "half": _HALVES,
    "quarter": _QUARTERS,
    "week": _WEEKS,
    "weeks": _ENDS,
    "days": _ENDS,
    "months": _ENDS,
    "part": _ENDS,
    "decade": {},
}
_NEAREST = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}
_YEAR_SHIFTS = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "preceding": -1,
    "this": 0,
    "that": 0,
    "same": 0,
    "current": 0,
    "next": 1,
    "following": 1,
}
# A number after one of these counts something printed, and is no day: "No. 4 May 1990", "p. 16 August 1988".
COUNTERS = words(
    "no nos number numbers nr p pp page pages para paras paragraph paragraphs section sections article articles chapter "
    "vol volume volumes note notes footnote document documents doc docs resolution box lot folder case cases item items "
    "annex appendix table figure principle rule §"
)
COUNTED = words(
    "people persons prisoners men women children troops soldiers dead bodies names others deaths members executions "
    "cases victims rials tomans dollars million thousand hundred billion percent per"
)
FUNCTION_WORDS = words("was is has his its this as us always perhaps besides whereas thus sometimes afterwards does")


class ElementReader:
    """Reads one element at a time from the tokens of a text."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens

    def element(self, place: int, before: Element | None) -> Element | None:
        """The element that begins at token *place*; *before* is the one that it is joined to."""
        token = self.tokens[place] if place < len(self.tokens) else None
        if token is None or token.sort in (Sort.GAP, Sort.FIGURE):
            return None
        if token.sort is Sort.NUMERIC:
            return self.in_figures(place)
        if token.sort is Sort.NUMBER:
            return self.day_first(place, before)
        word = token.word
        month = month_word(token)
        if month is not None:
            return self.month(place, month)
        if word in SEASONS:
            return self.season(place, None)
        if word in _NEAREST and self.tokens[place + 1].sort is Sort.WORD:
            return self.near(place)
        if word in ORDINALS or word in TENS_ORDINALS:
            return self.day_in_words(place) or self.part(place)
        if word in SIMPLE_PARTS or word in _NOUN_PARTS or word in _PART_ORDINALS:
            return self.part(place)
        return None

    def in_figures(self, place: int) -> Element | None:
        token = self.tokens[place]
        before = self.text[token.start - 1 : token.start]
        after = self.text[token.end : token.end + 1]
        if (before and (before.isalnum() or before in "/-_.=#&%~@")) or (after and after in "/_=&%@"):
            return None
        if after in ("-", ".") and self.text[token.end + 1 : token.end + 2].isalnum():
            return None
        if after.isalpha() and after != "T":
            return None
        previous = self.tokens[place - 1]
        if previous.word in COUNTERS or (previous.raw.isupper() and len(previous.raw) > 2 and previous.raw.isascii()):
            return None  # "MDE 13/10/1988" is a document's number
        separator = "-" if "-" in token.raw else "/" if "/" in token.raw else "."
        numbers = [int(piece) for piece in token.raw.split(separator)]
        if len(token.raw.split(separator)[0]) == 4:
            year, month, day = numbers
        else:
            day, month, year = numbers
            if month > 12 >= day:
                day, month = month, day
            elif day <= 12 and day != month:
                return None  # 5/9/1988 is May to some and September to others
        calendar = Calendar.SOLAR if 1300 <= year <= 1450 else Calendar.GREGORIAN
        if not 1 <= month <= 12 or not 1 <= day <= 31 or not (_is_year(year) or calendar is Calendar.SOLAR):
            return None
        return Element(
            token.start, token.end, place + 1, day=day, month=month, year=year, calendar=calendar, exact=True
        )

    def day_first(self, place: int, before: Element | None) -> Element | None:
        token = self.tokens[place]
        if not 1 <= token.number <= 31 or (token.raw.startswith("0") and len(token.raw) > 2):
            return self.year_with_part(place)
        after = place + 1
        if self.word(after) == "of":
            after += 1
            if self.word(after) == "the" and self.word(after + 1) == "month" and self.word(after + 2) == "of":
                after += 3
        dashed = self.word(after) == "-" and self.glued(after) and self.glued(after + 1)
        month_place = after + 1 if dashed else after
        month = month_word(self.tokens[month_place]) if month_place < len(self.tokens) else None
        if month is not None and token.number <= longest_day(month) + 2 and not self.is_clock(place):
            return self.with_year(place, month_place, month, token.number, dashed)
        if self.is_clock(place) or not self.day_may_stop(token):
            return None
        if before is not None and before.month_first and before.day is not None and before.year is None:
            end, after, year, shift = self.year(place + 1, token.end)
            return Element(token.start, end, after, day=token.number, year=year, year_shift=shift, month_first=True)
        return Element(token.start, token.end, place + 1, day=token.number)

    def with_year(self, place: int, month_place: int, month: MonthWord, day: int, dashed: bool) -> Element | None:
        """A day with the month after it, and the year that follows."""
        end, after = self.tokens[month_place].end, month_place + 1
        if dashed:
            # 16-Aug-1988
            if self.word(after) == "-" and self.glued(after) and self.glued(after + 1):
                after += 1
            else:
                return None
        end, after = self.dotted(month_place, end, after)
        end, after, year, shift = self.year(after, end, month.calendar)
        if month.needs_year and year is None:
            return None
        return Element(
            self.tokens[place].start, end, after, day, month.number, year, calendar=month.calendar, year_shift=shift
        )

    def day_in_words(self, place: int) -> Element | None:
        """ "the first of August", "the twenty-first of August 1988"."""
        word, after = self.word(place), place + 1
        if word in TENS_ORDINALS:
            after += self.word(after) == "-"
            unit = ORDINALS.get(self.word(after), 0)
            day, after = TENS_ORDINALS[word] + unit, after + 1
            if not 1 <= unit <= 9:
                return None
        else:
            day = ORDINALS[word]
        if self.word(after) != "of":
            return None
        month = month_word(self.tokens[after + 1])
        if month is None or not month.alone:
            return None
        if self.tokens[place].raw[:1].isupper() and self.tokens[place - 1].word == "the" and month.number == 7:
            return None  # the Fourth of July is a feast more often than a date
        return self.with_year(place, after + 1, month, day, False)

    def month(self, place: int, month: MonthWord) -> Element | None:
        token = self.tokens[place]
        if self.text[token.start - 1 : token.start] in ("/", "_", "=", "%", "’", "'"):
            return None
        end, after = self.dotted(place, token.end, place + 1)
        following = self.tokens[after]
        named = Element(
            token.start, end, after, month=month.number, calendar=month.calendar, alone=month.alone,
            needs_year=month.needs_year,
        )  # fmt: skip
        if following.word == "day" and following.raw == "Day":
            return None  # May Day
        if following.sort is Sort.NUMBER and 1 <= following.number <= 31 and self.is_day_after(place, after, month):
            stop, then, year, shift = self.year(after + 1, following.end, month.calendar)
            if month.needs_year and year is None:
                return None
            return replace(
                named, end=stop, next=then, day=following.number, year=year, year_shift=shift, month_first=True
            )
        if following.word == "the" and self.tokens[after + 1].sort is Sort.NUMBER:
            day = self.tokens[after + 1]
            if 1 <= day.number <= 31 and day.raw != self.text[day.start : day.end]:
                return None
        stop, then, year, shift = self.year(after, end, month.calendar)
        if year is None and shift is None and (month.needs_year or not month.alone):
            # A short or ambiguous name: the year may still come from a list ("Jul, Aug and Sept. 1988").
            return named if not month.needs_year else None
        return replace(named, end=stop, next=then, year=year, year_shift=shift)

    def season(self, place: int, parts: tuple[Part, Part] | None) -> Element | None:
        token = self.tokens[place]
        calendar = Calendar.GREGORIAN if token.raw.isascii() else Calendar.SOLAR
        end, after, year, shift = self.year(place + 1, token.end, calendar, of_only=token.raw == "fall")
        if year is None and calendar is Calendar.SOLAR:
            end, after, year, shift = self.year(place + 1, token.end, Calendar.GREGORIAN)
        if year is None and shift is None:
            return None
        found = Element(
            token.start, end, after, season=SEASONS[token.word], parts=parts, year=year, year_shift=shift,
            calendar=self.calendar_of(year),
        )  # fmt: skip
        # winter of 1988-89, winter 1988/1989
        if found.season == 3 and year is not None and self.word(after) in (*DASHES, "/") and self.glued(after):
            second = self.tokens[after + 1]
            if second.sort is Sort.NUMBER and second.number in (year + 1, (year + 1) % 100):
                return replace(found, end=second.end, next=after + 2, winter_end=True)
        return found

    def near(self, place: int) -> Element | None:
        """ "last July", "this coming March", "next summer"."""
        after = place + 1
        nearest = _NEAREST[self.word(place)]
        if self.word(after) in ("coming", "past"):
            nearest, after = _NEAREST[self.word(after)], after + 1
        token = self.tokens[after]
        month = month_word(token)
        if month is not None and month.alone:
            found = self.month(after, month)
            if found is None or found.year is not None or found.day is not None:
                return None
            return replace(found, start=self.tokens[place].start, nearest=nearest)
        if token.word in SEASONS and token.raw.islower() and token.word != "fall":
            return Element(self.tokens[place].start, token.end, after + 1, season=SEASONS[token.word], nearest=nearest)
        return self.part(place)

    def part(self, place: int) -> Element | None:
        """A part of a month, season or year: "late November", "the end of 1988", "second half of August"."""
        found = self.part_words(place)
        if found is None:
            return None
        parts, after = found
        token = self.tokens[after]
        month = month_word(token)
        start = self.tokens[place].start
        if month is not None and (month.alone or month.calendar is Calendar.SOLAR or not token.raw.islower()):
            whole = self.month(after, month)
            # "late August 16" is no part of anything
            if whole is None or whole.day is not None:
                return None
            return replace(whole, start=start, parts=parts, alone=True)
        if token.word in SEASONS:
            season = self.season(after, parts)
            return replace(season, start=start) if season else None
        if token.sort is Sort.NUMBER and (_is_year(token.number) or self.calendar_of(token.number) is Calendar.SOLAR):
            return self.year_with_part(after, start, parts)
        if self.word(place) in SIMPLE_PARTS and after == place + 1:
            return Element(start, self.tokens[place].end, after, parts=parts)
        return None

    def part_words(self, place: int) -> tuple[tuple[Part, Part], int] | None:
        word, after = self.word(place), place + 1
        if word in SIMPLE_PARTS:
            first = last = SIMPLE_PARTS[word]
            after += self.word(after) in DASHES
            # mid- to late, early-to-mid
            step = after + (self.word(after) == "to")
            if step > after and self.word(step) in DASHES:
                step += 1
            if step > after and self.word(step) in SIMPLE_PARTS:
                last, after = SIMPLE_PARTS[self.word(step)], step + 1
                after += self.word(after) in DASHES
            if (
                self.word(after) == "in"
                and not self.text[self.tokens[place].start - 1 : self.tokens[place].start] == "-"
            ):
                after += 1  # early in July
            if word == "early" and self.word(after) in ("part", "months", "days", "weeks"):
                return self.part_noun(after, 1)
            return (first, last), after + (self.word(after) == "the")
        if word in _NOUN_PARTS:
            if self.word(after) != "of":
                return None
            part = _NOUN_PARTS[word]
            return (part, part), self.after_of(after)
        if word in _PART_ORDINALS:
            return self.part_noun(after, _PART_ORDINALS[word])
        return None

    def part_noun(self, place: int, ordinal: int) -> tuple[tuple[Part, Part], int] | None:
        """What stands after "first", "last": "half of", "few days of", "two weeks of"."""
        if self.word(place) in NUMBER_WORDS or self.word(place) in ("few", "several"):
            place += 1
        part = _PART_NOUNS.get(self.word(place), {}).get(ordinal)
        if part is None or self.word(place + 1) not in _OF:
            return None
        return (part, part), self.after_of(place + 1)

    def after_of(self, place: int) -> int:
        place += 1
        place += self.word(place) == "the"
        if self.word(place) in ("month", "year") and self.word(place + 1) == "of":
            place += 2
        elif self.word(place) == "year":
            place += 1
        return place

    def year_with_part(
        self, place: int, start: int | None = None, parts: tuple[Part, Part] | None = None
    ) -> Element | None:
        token = self.tokens[place]
        if parts is None or not self.year_may_stand(place, 0):
            return None
        begin = token.start if start is None else start
        return Element(
            begin, token.end, place + 1, year=token.number, parts=parts, calendar=self.calendar_of(token.number)
        )

    def year(
        self, place: int, end: int, calendar: Calendar = Calendar.GREGORIAN, *, of_only: bool = False
    ) -> tuple[int, int, int | None, int | None]:
        """The year after a day, month or season: where it ends, the token after it, the year or how it is told."""
        nothing = end, place, None, None
        after = place
        if self.word(after) in (",", "،") or self.word(after) in ("of", "in") or self.word(after) in _YEAR_FILLERS:
            after += 1
        elif of_only:
            return nothing
        while self.word(after) in _YEAR_FILLERS or self.word(after) == "the":
            after += 1
        bracket = self.word(after) in ("[", "(")
        number = self.tokens[after + bracket] if after + bracket < len(self.tokens) else self.tokens[-1]
        if bracket and self.word(after + 2) not in ("]", ")"):
            return nothing
        if number.sort is Sort.NUMBER:
            year = self.year_number(after + bracket, calendar)
            if year is None or not self.year_may_stand(after + bracket, after + bracket - place):
                return nothing
            last = after + 2 * bracket
            return self.tokens[last].end, last + 1, year, None
        if number.word in ("'", "’", "‘") and self.glued(after + 1):
            year = self.short_year(after + 1, calendar)
            return nothing if year is None else (self.tokens[after + 1].end, after + 2, year, None)
        return self.told_year(place, after, end) or nothing

    def told_year(self, place: int, after: int, end: int) -> tuple[int, int, int | None, int | None] | None:
        """ "of last year", "of the same year", "last year"."""
        if number_shift := _YEAR_SHIFTS.get(self.word(after)):
            pass
        elif self.word(after) not in _YEAR_SHIFTS:
            return None
        else:
            number_shift = 0
        if self.word(after + 1) != "year":
            return None
        if after == place and self.word(after) not in ("last", "this", "that", "next"):
            return None
        return self.tokens[after + 1].end, after + 2, None, number_shift

    def year_number(self, place: int, calendar: Calendar) -> int | None:
        number, raw = self.tokens[place].number, self.tokens[place].raw
        if len(raw) == 2:
            if calendar is Calendar.SOLAR or self.tokens[place - 1].raw in SHORT_MONTHS:
                return self.short_year(place, calendar)
            return None
        if calendar is Calendar.SOLAR:
            return number if 1200 <= number <= 1499 else None
        if len(raw) != 4:
            return None
        return number if _is_year(number) or self.calendar_of(number) is Calendar.SOLAR else None

    def short_year(self, place: int, calendar: Calendar) -> int | None:
        number, raw = self.tokens[place].number, self.tokens[place].raw
        if self.tokens[place].sort is not Sort.NUMBER or len(raw) != 2 or number < 32:
            return None
        return number + (1300 if calendar is Calendar.SOLAR else 1900)

    def year_may_stand(self, place: int, distance: int) -> bool:
        """Whether the number is not glued to something that makes a figure, a symbol or an address of it."""
        token = self.tokens[place]
        after = self.text[token.end : token.end + 1]
        if after and (after.isalnum() or after in "/%_"):
            return False
        if after == "-" and self.text[token.end + 1 : token.end + 2].isdigit() and distance == 0:
            return False
        return not (distance and self.word(place + 1) in COUNTED)

    def day_may_stop(self, token: Token) -> bool:
        after = self.text[token.end : token.end + 2]
        return not after or not (after[0].isalnum() or after[0] in "%°:" or (after[0] in ".,/" and after[1:].isdigit()))

    def is_day_after(self, place: int, number: int, month: MonthWord) -> bool:
        """Whether the number after a month's name is its day."""
        token = self.tokens[number]
        if self.is_clock(number) or (not self.day_may_stop(token) and self.word(number + 1) not in ("/", *DASHES)):
            return False
        if token.number > longest_day(month) + 2 or (token.raw.startswith("0") and len(token.raw) != 2):
            return False
        if month_word(self.tokens[number + 1]) is not None and not self.glued(number + 1):
            return False  # in August 16 September
        if self.glued(number) and self.text[self.tokens[place].end : self.tokens[place].end + 1] != ".":
            return False
        word = self.word(number + 1)
        counted = word in COUNTED or (word.endswith("s") and len(word) > 3 and word not in FUNCTION_WORDS)
        # "In July 20 prisoners": a day would have "on".
        return not (counted and self.tokens[place - 1].word in ("in", "since", "during", "of"))

    def is_clock(self, place: int) -> bool:
        word = self.word(place + 1)
        return word in ("pm", "am", "hours", "o") or (
            word in ("p", "a") and self.word(place + 2) == "." and self.word(place + 3) == "m"
        )

    def calendar_of(self, year: int | None) -> Calendar:
        """Solar for the years of the Iranian calendar that stand in a text with Persian letters."""
        if year is not None and 1250 <= year <= 1450 and self.is_persian:
            return Calendar.SOLAR
        return Calendar.GREGORIAN

    @property
    def is_persian(self) -> bool:
        return any(
            ((month := month_word(token)) is not None and month.calendar is Calendar.SOLAR) or token.raw >= "\u0620"
            for token in self.tokens[:400]
            if token.sort is Sort.WORD
        )

    def word(self, place: int) -> str:
        return self.tokens[place].word if 0 <= place < len(self.tokens) else ""

    def glued(self, place: int) -> bool:
        """Whether nothing stands between this token and the one before it."""
        return 0 < place < len(self.tokens) and self.tokens[place - 1].end == self.tokens[place].start

    def dotted(self, place: int, end: int, after: int) -> tuple[int, int]:
        """Past the stop of a shortened month: "Aug. 16"; a stop that ends the sentence is left alone."""
        short = self.tokens[place].raw in SHORT_MONTHS
        if short and self.word(after) == "." and self.glued(after):
            return self.tokens[after].end, after + 1
        return end, after


def _is_year(number: int) -> bool:
    return 1500 <= number <= 2199
