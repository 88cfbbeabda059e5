"""The grammar of written dates: from tokens to what was stated, years left open where the words leave them open.

    group    = [between] element { join element }           16 August; 9 and 10 September 1988; July-September 1988
    element  = [last | this | next] [part] ( day month | month day | month | season | year with a part ) [year]
             | a date in figures
    join     = "," | and | or | to | until | a dash | "/"   with a preposition or an article after it

A group is cut into `Stated` dates, one for each interval. Days and parts of the month that stand alone ("9 and 10
September", "early and mid-May") take the month of a neighbour, and elements without a year that of the nearest element
with one, across New Year where the months run over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from corpus.dates.elements import CAPITAL_COUNTERS, COUNTERS, FUNCTION_WORDS, NAMES_OF_PEOPLE, Element, ElementReader
from corpus.dates.parts import DASHES, SIMPLE_PARTS
from corpus.dates.words import Sort, Token, words
from corpus.dates.written_years import COUNTED


class Join(Enum):
    """How two elements of a group stand to each other."""

    LIST = auto()
    COMMA = auto()
    OR = auto()
    RANGE = auto()
    SLASH = auto()


@dataclass(frozen=True, slots=True)
class Stated:
    """One interval that the text states: from `first` to `last` (the same element where it is no range)."""

    start: int
    end: int
    first: Element
    last: Element
    alternative: bool  # one of several that are joined by "or"
    vague: bool  # "around", "perhaps"
    token: int  # where its group begins
    group: int  # numbers the groups of a text


MOST_ELEMENTS = 16  # of one group; a longer list of bare numbers is no date, and trying each start would grow squarely

_TO = frozenset(("to", "until", "till", "through", "thru", "تا", "الی"))
_AND = frozenset(("and", "&", "و"))
_OR = frozenset(("or", "یا"))
_BETWEEN = frozenset(("between", "betwixt", "بین"))
_AFTER_JOIN = frozenset(
    ("in", "on", "by", "during", "from", "of", "the", "possibly", "perhaps", "probably", "about", "در")
)
_OR_AFTER_JOIN = frozenset(("around", "approximately", "early", "late"))
_AROUND = words("around about circa c ca approximately roughly probably possibly perhaps حدود")
_PERHAPS = words("possibly perhaps probably maybe presumably شاید احتمالا")
_LED = words("in on as early late since by from during at the در")
_MOST_LED = 4
# "reports about August 1988" speak of that month, "began about 16 August" means a day near it.
_ABOUT_WHAT = words(
    "information report reports concern concerns question questions claims claim news story stories statement "
    "statements misinformation denials allegations told asked said spoke speak know knew known talk talked truth "
    "evidence facts more "
    "book film article articles debate worries lies written wrote testified testimony details heard ask asks"
)
_BARE_MONTH_CUES = words(
    "in since until till by during of from to through before after early mid late last this next and or between than "
    "into pending throughout for past around about beginning starting"
)
_DETERMINERS = words("the this that our your his her its their my a recent forthcoming coming")
# What follows a name or a verb rather than the attribute of a noun: "the March of", "the May has".
_AFTER_A_NAME = words(
    "of to on by in at from and or through toward towards into is was were are has had have will would said says who "
    "which that as with for against until since when where while"
)
_NAME_CUES = words("in since until till during before after early mid late last this next between throughout than")
_SHORT_CUES = words("in since until till during")


def stated_dates(text: str, tokens: Sequence[Token]) -> list[Stated]:
    """Every written date of the tokens, in order and apart; a year that the words do not give is left open."""
    return list(_GroupReader(text, tokens).read())


class _GroupReader(ElementReader):
    """Joins elements to groups and cuts the groups into stated dates."""

    def read(self) -> Iterator[Stated]:
        place, groups = 0, 0
        while place < len(self.tokens):
            found = self.group(place)
            if found is None:
                place += 1
                continue
            stated, place = found
            for one in stated:
                yield replace(one, group=groups)
            groups += 1

    def group(self, place: int) -> tuple[list[Stated], int] | None:
        """The group that begins at token *place*, and the token after it."""
        begin = place
        between = self.word(place) in _BETWEEN
        if between:
            place += 1
            while self.word(place) in _AFTER_JOIN or self.word(place) in _AROUND:
                place += 1
        first = self.element(place, None)
        if first is None or (first.day is not None and not first.month_first and not self.day_may_begin(place)):
            return None
        elements, joins = [first], []
        while len(elements) < MOST_ELEMENTS:
            join, after = self.join(elements[-1].next)
            if join is None:
                break
            if between and len(elements) == 1 and join is Join.LIST:
                join = Join.RANGE
            element = self.element(after, elements[-1])
            if element is None:
                break
            elements.append(element)
            joins.append(join)
        elements, joins = self.justified(elements, joins)
        if not elements:
            return None
        end = elements[-1].next
        if between and not (joins and joins[0] is Join.RANGE):
            between = False
        elements = _completed(elements, joins)
        if any(not element.stands for element in elements):
            return None
        if not self.bare_months_stand(begin, elements, joins):
            return None
        start = self.tokens[begin].start if between else None
        return list(self.cut(elements, joins, begin, start)), end

    def justified(self, elements: list[Element], joins: list[Join]) -> tuple[list[Element], list[Join]]:
        """The group without days and parts at its ends that no month beside them vouches for."""
        while elements and not elements[-1].stands:
            last, rest = elements[-1], elements[:-1]
            runs_on = bool(rest) and joins[-1] is not Join.COMMA and last.is_bare_day and _takes_days(rest)
            if runs_on and self.day_may_end(last):
                break
            elements.pop()
            if joins:
                joins.pop()
        # A day before the month needs more than commas: "p. 28, 10 September" has one day, "9, 10 and 11 May" three.
        first = next((n for n, element in enumerate(elements) if element.stands), len(elements))
        if first and all(join is Join.COMMA for join in joins[:first]):
            return elements[first:], joins[first:]
        return elements, joins

    def cut(
        self, elements: Sequence[Element], joins: Sequence[Join], begin: int, between: int | None
    ) -> Iterator[Stated]:
        alternatives = any(join is Join.OR for join in joins) or any(
            join is Join.SLASH and element.day is None for join, element in zip(joins, elements, strict=False)
        )
        if alternatives and len({(e.calendar, e.year, e.month) for e in elements}) == 1 and elements[0].month:
            alternatives = False  # whichever day it was, the month is the same
        vague = self.is_vague(begin)
        place = 0
        while place < len(elements):
            first = last = elements[place]
            start = first.start
            if place < len(joins) and joins[place] is Join.RANGE:
                place += 1
                last = elements[place]
                if between is not None:
                    start = between
            between = None
            yield Stated(start, last.end, first, last, alternatives, vague, begin, 0)
            place += 1

    def join(self, place: int) -> tuple[Join | None, int]:
        token = self.tokens[place] if place < len(self.tokens) else None
        if token is None or token.sort not in (Sort.WORD, Sort.SIGN):
            return None, place
        word, join, after = token.word, None, place + 1
        if word in _AND:
            join = Join.LIST
            if self.word(after) == "/" and self.word(after + 1) in _OR:
                join, after = Join.OR, after + 2
        elif word in _OR:
            join = Join.OR
        elif word in _TO:
            join = Join.RANGE
            if self.word(after) in _TO:
                after += 1
        elif word == "up" and self.word(after) in _TO:
            join, after = Join.RANGE, after + 1
        elif word in DASHES:
            return Join.RANGE, after
        elif word == "/":
            return (Join.SLASH, after) if self.glued(place) and self.glued(after) else (None, place)
        elif word in (",", "،"):
            join = Join.COMMA
            if self.word(after) in _AND or self.word(after) in _OR:
                return self.join(after)
        if join is None:
            return None, place
        if join is Join.RANGE and self.word(after) in ("at", "well"):
            after += 2 * (self.word(after + 1) in ("least", "into"))  # until at least mid-August
        if join is not Join.COMMA:
            # At most three: "or perhaps in the autumn".
            for _ in range(3):
                if self.word(after) in _AFTER_JOIN or self.word(after) in _OR_AFTER_JOIN - SIMPLE_PARTS.keys():
                    after += 1
        return join, after

    def day_may_begin(self, place: int) -> bool:
        """Whether a group may begin with this day: not inside a symbol, and not after a word that counts pages."""
        token, previous = self.tokens[place], self.tokens[place - 1]
        before = self.text[token.start - 1 : token.start] if token.start else ""
        if before and (before.isalnum() or before in "/-–.:$£€#_=+%~@°"):
            return False
        if previous.word == "." and place >= 2:
            previous = self.tokens[place - 2]
        return previous.word not in COUNTERS and previous.raw not in CAPITAL_COUNTERS

    def day_may_end(self, element: Element) -> bool:
        """Whether "August 9 and 10" is two days: not where the 10 are people."""
        word = self.word(element.next)
        return element.year is not None or not (
            word in COUNTED or (word.endswith("s") and len(word) > 2 and word not in FUNCTION_WORDS)
        )

    def bare_months_stand(self, begin: int, elements: Sequence[Element], joins: Sequence[Join]) -> bool:
        """Whether a month without day and year is one: "in May", "the July uprising", not "Theresa May"."""
        if any(not element.is_bare_month or element.year_shift is not None for element in elements):
            return not any(one.needs_year and one.year is None and one.year_shift is None for one in elements)
        if any(element.nearest is not None for element in elements):
            return True
        if elements[0].parts is not None:
            return all(element.alone for element in elements)
        previous, end = self.word(begin - 1), elements[-1].next
        if not all(element.alone for element in elements):
            return previous in _SHORT_CUES and len(elements) == 1 and not self.tokens[end].raw[:1].isupper()
        if Join.RANGE in joins or self.is_attribute(begin, end):
            return True
        names = any(element.month in NAMES_OF_PEOPLE for element in elements)
        if len(elements) > 1:
            return not names or previous in _BARE_MONTH_CUES
        if not names and previous in _BARE_MONTH_CUES:
            return True
        if previous == "as":
            return self.word(begin - 2) in ("early", "late", "soon", "recently")  # as early as October
        if previous in ("by", "for", "from", "into"):
            return not self.is_name(end) and not (self.word(end) == "and" and self.is_name(end + 1))
        return previous in _NAME_CUES or (previous == "of" and self.word(begin - 2) in ("month", "months", "weeks"))

    def is_name(self, place: int) -> bool:
        return self.tokens[place].sort is Sort.WORD and self.tokens[place].raw[0].isupper()

    def is_attribute(self, begin: int, end: int) -> bool:
        """Whether the month tells which thing is meant: "the July uprising", "his May letter", "Iran's June offer"."""
        before = self.tokens[begin - 1]
        owned = before.word == "s" and self.word(begin - 2) in ("'", "’")
        if not owned and before.word not in _DETERMINERS:
            return False
        following = self.tokens[end]
        if following.sort is not Sort.WORD or following.word in _AFTER_A_NAME:
            return False
        return following.raw.islower() or (before.word == "the" and following.raw.isupper())

    def is_vague(self, begin: int) -> bool:
        led = begin - 1
        while begin - led <= _MOST_LED and self.word(led) in _LED:
            led -= 1
        if led < begin - 1 and self.word(led) in _PERHAPS:
            return True  # perhaps in November, possibly as early as August
        word, before = self.word(begin - 1), self.word(begin - 2)
        if word == ".":
            word, before = self.word(begin - 2), self.word(begin - 3)
        if word == "the":
            return False
        return word in _AROUND and not (word in ("about", "around") and before in _ABOUT_WHAT)


def _takes_days(elements: Sequence[Element]) -> bool:
    """Whether a bare day may follow: "August 9 and 10", "August 9, 10"."""
    last = elements[-1]
    return last.month_first and last.day is not None and last.year is None and last.year_shift is None


def _completed(elements: list[Element], joins: Sequence[Join]) -> list[Element]:
    """The elements with months and years taken from their neighbours in the group."""
    done = list(elements)
    for n in range(len(done) - 2, -1, -1):
        one, after = done[n], done[n + 1]
        if after.exact or one.exact:
            continue
        if (one.is_bare_day or one.is_bare_part) and not one.month_first and after.month is not None:
            one = replace(one, month=after.month, calendar=after.calendar, needs_year=after.needs_year)
        if one.is_bare_part and one.month is None:
            if after.season is not None:
                one = replace(one, season=after.season, calendar=after.calendar)
            elif after.parts is not None and after.year is not None:
                one = replace(one, year=after.year, calendar=after.calendar, borrowed=True)
        if one.month is not None and one.year is None and one.year_shift is None and one.calendar is after.calendar:
            if after.year is not None and after.month is not None:
                one = replace(one, year=after.year - _runs_over(one, after, joins[n]), borrowed=True)
            elif after.year_shift is not None:
                one = replace(one, year_shift=after.year_shift)
        done[n] = one
    for n in range(1, len(done)):
        before, one = done[n - 1], done[n]
        if one.exact or (before.exact and one.month is None):
            continue
        if one.is_bare_day and before.month is not None:
            one = replace(one, month=before.month, calendar=before.calendar)
            if one.year is not None:
                done[n - 1] = before = replace(before, year=before.year or one.year, borrowed=before.year is None)
        if one.month is not None and one.year is None and one.year_shift is None and one.calendar is before.calendar:
            if before.year is not None and before.month is not None:
                one = replace(one, year=before.year + _runs_over(before, one, joins[n - 1]), borrowed=True)
            elif before.year_shift is not None:
                one = replace(one, year_shift=before.year_shift)
        done[n] = one
    # Days that stand after the month share the year that only the last of them bears: "August 9, 11 and 15, 1988".
    for n in range(len(done) - 2, -1, -1):
        one, after = done[n], done[n + 1]
        if one.month_first and after.month_first and one.year is None and after.year is not None and one.month:
            done[n] = replace(one, year=after.year - _runs_over(one, after, joins[n]), borrowed=True)
    return done


def _runs_over(one: Element, after: Element, join: Join) -> int:
    """1 where the months run over New Year: from November to January, in December and January."""
    if one.month is None or after.month is None or one.month <= after.month:
        return 0
    return 1 if join is Join.RANGE or one.month - after.month >= 6 else 0
