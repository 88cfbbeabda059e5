"""The year that is written after a day, a month or a season, and what may stand around a number."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.dates.words import (
    SHORT_MONTHS,
    Calendar,
    MonthWord,
    Sort,
    Token,
    month_word,
    words,
)

YEAR_FILLERS = frozenset(("سال", "ماه", "year", "ی"))
_YEAR_SHIFTS = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "preceding": -1,
    "this": 0,
    "that": 0,
    "same": 0,
    "current": 0,
    "همان": 0,
    "next": 1,
    "following": 1,
}
COUNTED = words(
    "people persons prisoners men women children troops soldiers dead bodies names others deaths members executions "
    "cases victims rials tomans dollars million thousand hundred billion percent per"
)


class YearReader:
    """Looks at the tokens of a text, and reads years among them."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self._persian: bool | None = None

    def word(self, place: int) -> str:
        return self.tokens[place].word if 0 <= place < len(self.tokens) else ""

    def glued(self, place: int) -> bool:
        """Whether nothing stands between this token and the one before it."""
        return 0 < place < len(self.tokens) and self.tokens[place - 1].end == self.tokens[place].start

    def dotted(self, place: int, end: int, after: int) -> tuple[int, int]:
        """Past the stop of a shortened month: "Aug. 16"; a stop that ends the sentence is left alone."""
        short = self.tokens[place].raw in SHORT_MONTHS and self.word(place) != "may"
        if short and self.word(after) == "." and self.glued(after):
            return self.tokens[after].end, after + 1
        return end, after

    def is_clock(self, place: int) -> bool:
        word = self.word(place + 1)
        return word in ("pm", "am", "hours", "hrs", "o", "gmt", "z") or (
            word in ("p", "a") and self.word(place + 2) == "." and self.word(place + 3) == "m"
        )

    def year(
        self,
        place: int,
        end: int,
        calendar: Calendar = Calendar.GREGORIAN,
        *,
        of_only: bool = False,
        double: bool = False,
    ) -> tuple[int, int, int | None, int | None]:
        """The year after a day, month or season: where it ends, the token after it, the year or how it is told.

        With *double* the next year may follow: "1988/89".
        """
        nothing = end, place, None, None
        after = place
        if self.word(after) in (",", "،") or self.word(after) in ("of", "in") or self.word(after) in YEAR_FILLERS:
            after += 1
        elif of_only:
            return nothing
        while self.word(after) in YEAR_FILLERS or self.word(after) == "the":
            after += 1
        bracket = self.word(after) in ("[", "(")
        number = self.tokens[after + bracket] if after + bracket < len(self.tokens) else self.tokens[-1]
        if bracket and self.word(after + 2) not in ("]", ")"):
            return nothing
        if number.sort is Sort.NUMBER:
            year = self.year_number(after + bracket, calendar)
            if year is None or not self.year_may_stand(after + bracket, after + bracket - place, double=double):
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
        if self.word(after) == "همان" and self.word(after + 1) == "سال":
            return self.tokens[after + 1].end, after + 2, None, 0
        if self.word(after + 1) != "year":
            return None
        if self.word(after + 2) == "," and number_shift == 0:
            year = self.tokens[after + 3]
            if year.sort is Sort.NUMBER and is_year(year.number) and self.year_may_stand(after + 3, 1):
                return year.end, after + 4, year.number, None  # of that year, 1979
        if after == place and self.word(after) not in ("last", "this", "that", "next"):
            return None
        return self.tokens[after + 1].end, after + 2, None, number_shift

    def year_before(self, place: int, month: MonthWord) -> int | None:
        """The year that stands right before the token at *place*: "1973 October 6", "in 1973 (September)"."""
        before = self.tokens[place - 1]
        if month.calendar is Calendar.SOLAR or before.sort is not Sort.NUMBER or len(before.raw) != 4:
            return None
        return before.number if is_year(before.number) and self.year_may_stand(place - 1, 0) else None

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
        return number if is_year(number) or self.calendar_of(number) is Calendar.SOLAR else None

    def short_year(self, place: int, calendar: Calendar) -> int | None:
        number, raw = self.tokens[place].number, self.tokens[place].raw
        if self.tokens[place].sort is not Sort.NUMBER or len(raw) != 2 or number < 32:
            return None
        return number + (1300 if calendar is Calendar.SOLAR else 1900)

    def year_may_stand(self, place: int, distance: int, *, double: bool = False) -> bool:
        """Whether the number is not glued to something that makes a figure, a symbol or an address of it."""
        token = self.tokens[place]
        after = self.text[token.end : token.end + 1]
        if double and after == "/" and self.tokens[place + 2].number in (token.number + 1, (token.number + 1) % 100):
            return True
        if after and (after.isalnum() or after in "/%_"):
            return False
        if after and after in "'’" and self.text[token.end + 1 : token.end + 2] == "s":
            return False  # the 1960's
        return not (distance and (self.word(place + 1) in COUNTED or self.is_clock(place)))

    def calendar_of(self, year: int | None) -> Calendar:
        """Solar for the years of the Iranian calendar that stand in a text with Persian letters."""
        if year is not None and 1250 <= year <= 1450 and self.is_persian:
            return Calendar.SOLAR
        return Calendar.GREGORIAN

    @property
    def is_persian(self) -> bool:
        """Whether the text has Persian letters or a month of the Iranian calendar."""
        if self._persian is None:
            self._persian = any(
                token.raw >= "\u0620" or ((month := month_word(token)) is not None and month.calendar is Calendar.SOLAR)
                for token in self.tokens
                if token.sort is Sort.WORD
            )
        return self._persian


def is_year(number: int) -> bool:
    """Whether a number of four digits may be a Gregorian year at all."""
    return 1500 <= number <= 2199
