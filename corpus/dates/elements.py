"""Single dates as their words give them: days, months, seasons and parts of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.dates.parts import DASHES, NOUN_PARTS, PART_ORDINALS, PERSIAN_PARTS, SIMPLE_PARTS, PartReader
from corpus.dates.words import (
    ORDINALS,
    PERSIAN_ORDINALS,
    PERSIAN_TENS,
    SEASONS,
    SHORT_MONTHS,
    TENS_ORDINALS,
    Calendar,
    MonthWord,
    Parts,
    Sort,
    Token,
    longest_day,
    month_word,
    words,
)
from corpus.dates.written_years import COUNTED, is_year
from corpus.months import last_day


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
    parts: Parts | None = None  # first and last part meant, mostly the same
    calendar: Calendar = Calendar.GREGORIAN
    year_shift: int | None = None  # "of last year" -1, "of that year" 0: a year relative to another date
    nearest: int | None = None  # "last July" -1, "this July" 0, "next July" 1
    alone: bool = True  # the month's name may stand by itself
    needs_year: bool = False  # a word that is a month only beside a year
    month_first: bool = False
    winter_end: bool = False  # "winter of 1988-89"
    borrowed: bool = False  # the year is that of a neighbour in the group
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


NAMES_OF_PEOPLE = frozenset((3, 4, 5, 6))  # March, April, May, June are names and verbs too
_NEAREST = {"last": -1, "past": -1, "this": 0, "that": 0, "next": 1, "coming": 1}
# A number after one of these counts something printed, and is no day: "No. 4 May 1990", "p. 16 August 1988".
COUNTERS = words(
    "no nos nr p pp page pages para paras paragraph paragraphs section sections article articles chapter vol volume "
    "volumes footnote footnotes doc docs resolution box lot folder annex appendix principle rule §"
)
# These count only as names: "Document 24" does, "the latter document 24 August" gives a date.
CAPITAL_COUNTERS = words(
    "Number Numbers Note Notes Document Documents Case Cases Item Items Table Figure Telegram Telegrams Despatch Tab"
)
# What may stand before a month that has neither day nor stop; any other word makes a name of it.
BEFORE_A_MONTH = words(
    "in of since from to and or until till by during dated early mid late before after through between on for about "
    "around beginning end middle next last this that published issued"
)
FUNCTION_WORDS = words("was is has his its this as us always perhaps besides whereas thus sometimes afterwards does")


class ElementReader(PartReader):
    """Reads one element at a time from the tokens of a text."""

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
            return self.month(place, month, joined=before is not None)
        if word in SEASONS:
            return self.season(place, None)
        if word in _NEAREST and self.tokens[place + 1].sort is Sort.WORD:
            return self.near(place)
        if word in PERSIAN_ORDINALS or word in PERSIAN_TENS:
            return self.day_in_persian(place)
        if word in ORDINALS or word in TENS_ORDINALS:
            return self.day_in_words(place) or self.part(place)
        if word in SIMPLE_PARTS or word in NOUN_PARTS or word in PART_ORDINALS or word in PERSIAN_PARTS or word == "q":
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
        pieces = token.raw.split(separator)
        numbers = [int(piece) for piece in pieces]
        year, month, day = numbers if len(pieces[0]) == 4 else reversed(numbers)
        if len(pieces[0]) < 4 and len(pieces[2]) == 2:
            # 9/11/88 may be either of two days; 31/11/88 is none, and may be a number.
            if year < 32 or max(day, month) < 13 or not 1 <= min(day, month) <= 12:
                return None
            year += 1900
            if max(day, month) > last_day(year, min(day, month)).day:
                return None
        calendar = Calendar.SOLAR if 1300 <= year <= 1450 else Calendar.GREGORIAN
        if calendar is Calendar.GREGORIAN and len(pieces[0]) != 4:
            if month > 12 >= day:
                day, month = month, day
            elif day <= 12 and day != month:
                return None  # 5/9/1988 is May to some and September to others
        if not 1 <= month <= 12 or not 1 <= day <= 31 or not (is_year(year) or calendar is Calendar.SOLAR):
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
        return self.with_year(place, after + 1, month, day, False)

    def day_in_persian(self, place: int) -> Element | None:
        """ "ششم مرداد", "بیست و یکم تیر"."""
        word, after = self.word(place), place + 1
        day = PERSIAN_ORDINALS.get(word, 0)
        if not day:
            if self.word(after) == "ام":  # the joiner before it is no token
                unit, after = 0, after + 1
            elif self.word(after) == "و" and (unit := PERSIAN_ORDINALS.get(self.word(after + 1), 0)):
                after += 2
            else:
                return None
            day = PERSIAN_TENS[word] + unit
        while self.word(after) == "ماه":
            after += 1
        month = month_word(self.tokens[after])
        if month is None or day > longest_day(month):
            return None
        return self.with_year(place, after, month, day, False)

    def month(self, place: int, month: MonthWord, *, joined: bool = False) -> Element | None:
        token = self.tokens[place]
        glued_to = self.text[token.start - 1 : token.start]
        if glued_to in ("_", "=", "%", "’", "'") or (glued_to == "/" and not joined):
            return None
        end, after = self.dotted(place, token.end, place + 1)
        following = self.tokens[after]
        named = Element(
            token.start, end, after, month=month.number, calendar=month.calendar, alone=month.alone,
            needs_year=month.needs_year,
        )  # fmt: skip
        if following.word == "day" and following.raw == "Day":
            return None  # May Day
        if (
            following.word == "the"
            and self.tokens[place - 1].word in ("on", "of", "dated", "by", "until", "since")
            and self.tokens[after + 1].raw[-2:] in ("st", "nd", "rd", "th")
        ):
            after += 1  # on October the 6th
            following = self.tokens[after]
        if following.sort is Sort.NUMBER and 1 <= following.number <= 31 and self.is_day_after(place, after, month):
            stop, then, year, shift = self.year(after + 1, following.end, month.calendar)
            if year is None and shift is None:
                year = self.year_before(place, month)
            if month.needs_year and year is None:
                return None
            return replace(
                named, end=stop, next=then, day=following.number, year=year, year_shift=shift, month_first=True
            )
        if following.word in ORDINALS and self.tokens[place - 1].word in ("on", "of", "dated", "s"):
            # "your letter of October fifth"
            stop, then, year, shift = self.year(after + 1, following.end, month.calendar)
            day = ORDINALS[following.word]
            return replace(named, end=stop, next=then, day=day, year=year, year_shift=shift, month_first=True)
        if self.is_part_of_a_name(place, after):
            return None
        stop, then, year, shift = self.year(after, end, month.calendar)
        if year is None and shift is None and self.word(place - 1) == "(":
            year = self.year_before(place - 1, month)
        if year is None and shift is None and (month.needs_year or not month.alone):
            # A short or ambiguous name: the year may still come from a list ("Jul, Aug and Sept. 1988").
            listed = not token.raw.isascii() and following.word in ("و", "یا", "تا", "،", "-", "–")
            return named if listed or not month.needs_year else None
        return replace(named, end=stop, next=then, year=year, year_shift=shift)

    def season(self, place: int, parts: Parts | None) -> Element | None:
        token = self.tokens[place]
        calendar = Calendar.GREGORIAN if token.raw.isascii() else Calendar.SOLAR
        fall = token.raw == "fall"
        end, after, year, shift = self.year(place + 1, token.end, calendar, of_only=fall, double=True)
        if year is None and calendar is Calendar.SOLAR:
            end, after, year, shift = self.year(place + 1, token.end, Calendar.GREGORIAN, double=True)
        if year is None and shift is None:
            return self.season_beside(place, parts)
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

    def season_beside(self, place: int, parts: Parts | None) -> Element | None:
        """A season that has its year from the one after it: "the summer and autumn of 1980"."""
        token, after = self.tokens[place], place + 1
        if self.word(after) not in ("and", "or", "to", "through", "و", "یا", "تا", *DASHES):
            return None
        after += 1
        if self.word(after) in SIMPLE_PARTS:
            after += 1
        if self.word(after) not in SEASONS:
            return None
        other = self.season(after, None)
        if other is None or other.year is None or other.season is None:
            return None
        season = SEASONS[token.word]
        year = other.year - (season > other.season)
        return Element(
            token.start, token.end, place + 1, season=season, parts=parts, year=year, calendar=other.calendar,
            borrowed=True,
        )  # fmt: skip

    def near(self, place: int) -> Element | None:
        """ "last July", "this coming March", "next summer"."""
        after = place + 1
        nearest = _NEAREST[self.word(place)]
        if self.word(after) in ("coming", "past"):
            nearest, after = _NEAREST[self.word(after)], after + 1
        token = self.tokens[after]
        month = month_word(token)
        if month is not None and month.alone:
            if self.word(place) == "that" and month.number in NAMES_OF_PEOPLE:
                return None
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
        if token.sort is Sort.NUMBER and (is_year(token.number) or self.calendar_of(token.number) is Calendar.SOLAR):
            return self.year_with_part(after, start, parts)
        if self.word(place) in (*SIMPLE_PARTS, *PERSIAN_PARTS) and after == place + 1:
            return Element(start, self.tokens[place].end, after, parts=parts)
        return None

    def year_with_part(self, place: int, start: int | None = None, parts: Parts | None = None) -> Element | None:
        token = self.tokens[place]
        if parts is None or not self.year_may_stand(place, 0):
            return None
        begin = token.start if start is None else start
        return Element(
            begin, token.end, place + 1, year=token.number, parts=parts, calendar=self.calendar_of(token.number)
        )

    def day_may_stop(self, token: Token) -> bool:
        after = self.text[token.end : token.end + 2]
        return not after or not (after[0].isalnum() or after[0] in "%°" or (after[0] in ".,:" and after[1:].isdigit()))

    def is_part_of_a_name(self, place: int, after: int) -> bool:
        """Whether a short month's name ends another name before a comma and a year: "(Casa do Mar, 2009)"."""
        previous = self.tokens[place - 1]
        return (
            self.tokens[place].raw in SHORT_MONTHS
            and self.tokens[place].raw != "May"
            and self.word(after) == ","
            and previous.sort is Sort.WORD
            and previous.word not in BEFORE_A_MONTH
        )

    def is_year_glued(self, number: int) -> bool:
        """Whether a comma and a year follow without a blank: "May 16,1954"."""
        year = self.tokens[number + 2] if number + 2 < len(self.tokens) else self.tokens[-1]
        return self.word(number + 1) == "," and self.glued(number + 1) and len(year.raw) == 4 and is_year(year.number)

    def is_day_after(self, place: int, number: int, month: MonthWord) -> bool:
        """Whether the number after a month's name is its day."""
        token = self.tokens[number]
        stops = self.day_may_stop(token) or self.word(number + 1) in ("/", *DASHES) or self.is_year_glued(number)
        if self.is_clock(number) or not stops:
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
        return not (counted and self.tokens[place - 1].word in ("in", "since", "during"))
