"""The words for parts of a month, a season or a year: "late", "the second half of", "the last days of"."""

from __future__ import annotations

from corpus.dates.words import (
    NUMBER_WORDS,
    Part,
    Parts,
    SomeMonths,
    month_word,
)
from corpus.dates.written_years import YEAR_FILLERS, YearReader

DASHES = frozenset("-–—‐‑‒−")
SIMPLE_PARTS = {
    "early": Part.EARLY,
    "mid": Part.MID,
    "late": Part.LATE,
}
PERSIAN_PARTS = {
    "اوایل": Part.EARLY,
    "اوائل": Part.EARLY,
    "اواسط": Part.MID,
    "اواخر": Part.LATE,
    "آغاز": Part.BEGINNING,
    "ابتدای": Part.BEGINNING,
    "پایان": Part.END,
    "نیمه": Part.MID,
}
PERSIAN_HALVES = {
    "اول": Part.FIRST_HALF,
    "نخست": Part.FIRST_HALF,
    "دوم": Part.SECOND_HALF,
}
NOUN_PARTS = {
    "beginning": Part.BEGINNING,
    "start": Part.BEGINNING,
    "outset": Part.BEGINNING,
    "onset": Part.BEGINNING,
    "middle": Part.MID,
    "end": Part.END,
    "close": Part.END,
}
PART_ORDINALS = {
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
_OF = frozenset(("of", "in"))
_QUARTER_DIGITS = frozenset("1234")


class PartReader(YearReader):
    """Reads the words for parts."""

    def part_words(self, place: int) -> tuple[Parts, int] | None:
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
            if self.word(after) == "in" and self.text[self.tokens[place].start - 1 : self.tokens[place].start] != "-":
                after += 1  # early in July
            if word == "early" and self.word(after) in ("part", "months", "days", "weeks"):
                return self.part_noun(after, 1)
            return (first, last), after + (self.word(after) == "the")
        if word in NOUN_PARTS:
            part = NOUN_PARTS[word]
            if word == "end" and month_word(self.tokens[after]) is not None:
                return (part, part), after  # by end December
            if self.word(after) != "of":
                return None
            return (part, part), self.after_of(after)
        if word == "q" and self.glued(after) and self.word(after) in _QUARTER_DIGITS:
            part = _QUARTERS[int(self.word(after))]
            return (part, part), after + 1
        if word in PERSIAN_PARTS:
            part = PERSIAN_PARTS[word]
            if word == "نیمه" and self.word(after) in PERSIAN_HALVES:
                part, after = PERSIAN_HALVES[self.word(after)], after + 1
            while self.word(after) in YEAR_FILLERS:
                after += 1
            return (part, part), after
        if word in PART_ORDINALS:
            return self.part_noun(after, PART_ORDINALS[word])
        return None

    def part_noun(self, place: int, ordinal: int) -> tuple[Parts, int] | None:
        """What stands after "first", "last": "half of", "few days of", "six months of"."""
        word = self.word(place)
        number = NUMBER_WORDS.get(word) or (int(word) if word.isdecimal() and len(word) < 3 else 0)
        place += bool(number) or word in ("few", "several")
        part: Part | SomeMonths | None = _PART_NOUNS.get(self.word(place), {}).get(ordinal)
        if part is None or self.word(place + 1) not in _OF:
            return None
        if self.word(place) == "months" and 1 < number < 12:
            part = SomeMonths(1, number) if ordinal == 1 else SomeMonths(13 - number, 12)
        return (part, part), self.after_of(place + 1)

    def after_of(self, place: int) -> int:
        place += 1
        place += self.word(place) == "the"
        if self.word(place) in ("month", "year") and self.word(place + 1) == "of":
            place += 2
        elif self.word(place) == "year":
            place += 1
        return place
