"""The words that dates are made of, in English and Persian, and the tokens that a text is cut into for reading them."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple
from unicodedata import combining

from corpus.months import last_day


class Calendar(Enum):
    """The calendar that a month's name belongs to."""

    GREGORIAN = auto()
    SOLAR = auto()


class Sort(Enum):
    """What a token is to the grammar."""

    NUMBER = auto()
    NUMERIC = auto()  # a whole date in figures: 1988-08-16, 13/10/1988, ۱۳۶۷/۹/۲۹
    FIGURE = auto()  # 1,084 or 10:30: digits that are no part of a date
    WORD = auto()
    SIGN = auto()
    GAP = auto()  # text that was not looked at


class Token(NamedTuple):
    """A piece of the text; `word` is folded to lower case, `number` is 0 where there is none."""

    sort: Sort
    start: int
    end: int
    word: str
    number: int
    raw: str


class MonthWord(NamedTuple):
    """A month's name: its calendar, whether it may stand without a day or a year, and whether it needs a year."""

    number: int
    calendar: Calendar
    alone: bool
    needs_year: bool


class Part(Enum):
    """A part of a month, a season or a year."""

    EARLY = auto()
    MID = auto()
    LATE = auto()
    BEGINNING = auto()
    END = auto()
    FIRST_HALF = auto()
    SECOND_HALF = auto()
    FIRST_QUARTER = auto()
    SECOND_QUARTER = auto()
    THIRD_QUARTER = auto()
    FOURTH_QUARTER = auto()
    FIRST_WEEK = auto()
    SECOND_WEEK = auto()
    THIRD_WEEK = auto()
    FOURTH_WEEK = auto()
    LAST_WEEK = auto()


class SomeMonths(NamedTuple):
    """So many months at the beginning or end of a year: "the last four months of 1988" is the ninth to the twelfth."""

    first: int
    last: int


# The first and the last part that are meant, mostly the same one.
Parts = tuple[Part | SomeMonths, Part | SomeMonths]


def words(text: str) -> frozenset[str]:
    """The words of a table that is written as one string."""
    return frozenset(text.split())


MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH = MONTH_NAMES, tuple(name[:3] for name in MONTH_NAMES)
_SOLAR_LATIN = (
    ("Farvardin",),
    ("Ordibehesht", "Ordibehest", "Urdibihisht"),
    ("Khordad", "Khurdad"),
    ("Tir",),
    ("Mordad", "Amordad", "Murdad"),
    ("Shahrivar", "Shahrivār", "Shahrivan"),
    ("Mehr", "Mihr"),
    ("Aban",),
    ("Azar",),
    ("Dey", "Dei", "Day"),
    ("Bahman",),
    ("Esfand", "Isfand"),
)
_SOLAR_PERSIAN = (
    ("فروردین",),
    ("اردیبهشت",),
    ("خرداد",),
    ("تیر",),
    ("مرداد", "امرداد"),
    ("شهریور",),
    ("مهر",),
    ("آبان",),
    ("آذر",),
    ("دی",),
    ("بهمن",),
    ("اسفند",),
)
_GREGORIAN_PERSIAN = (
    ("ژانویه", "جنوری"),
    ("فوریه",),
    ("مارس", "مارچ"),
    ("آوریل", "اپریل"),
    ("مه", "می"),
    ("ژوئن", "ژوین", "جون"),
    ("ژوئیه", "ژوییه", "جولای"),
    ("اوت", "آگوست", "اگست"),
    ("سپتامبر", "سپتمبر"),
    ("اکتبر", "اکتوبر"),
    ("نوامبر", "نومبر"),
    ("دسامبر", "دسمبر"),
)

MONTHS: dict[str, MonthWord] = {}
for _number in range(1, 13):
    _full, _short = _ENGLISH[0][_number - 1], _ENGLISH[1][_number - 1]
    for _name in (_full, _full.upper()):
        MONTHS[_name] = MonthWord(_number, Calendar.GREGORIAN, True, False)
    # In small letters these are also ordinary words: only a year beside them makes them months.
    MONTHS[_full.lower()] = MonthWord(_number, Calendar.GREGORIAN, False, _full in ("March", "May", "August"))
    if _short != _full:
        for _name in (_short, _short.upper()):
            MONTHS[_name] = MonthWord(_number, Calendar.GREGORIAN, False, False)
    for _name in _SOLAR_LATIN[_number - 1]:
        if _name != "Day":
            MONTHS[_name] = MONTHS[_name.upper()] = MonthWord(_number, Calendar.SOLAR, False, False)
    for _name in _SOLAR_PERSIAN[_number - 1]:
        MONTHS[_name] = MONTHS[_name + "ماه"] = MonthWord(_number, Calendar.SOLAR, False, False)
    for _name in _GREGORIAN_PERSIAN[_number - 1]:
        MONTHS[_name] = MonthWord(_number, Calendar.GREGORIAN, False, True)
for _name in ("Sept", "SEPT"):
    MONTHS[_name] = MonthWord(9, Calendar.GREGORIAN, False, False)

SHORT_MONTHS = frozenset({*_ENGLISH[1], *(name.upper() for name in _ENGLISH[1]), "Sept", "SEPT"})

SEASONS = {
    "spring": 0,
    "summer": 1,
    "autumn": 2,
    "fall": 2,
    "winter": 3,
    "بهار": 0,
    "تابستان": 1,
    "پاییز": 2,
    "پائیز": 2,
    "زمستان": 3,
}

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tue", "tues"),
            ("wednesday", "wed"),
            ("thursday", "thu", "thur", "thurs"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}

ORDINALS = {
    name: number
    for number, name in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
} | {"thirtieth": 30}
TENS_ORDINALS = {"twenty": 20, "thirty": 30}
PERSIAN_ORDINALS = {
    "اول": 1,
    "نخست": 1,
    "یکم": 1,
    "دوم": 2,
    "سوم": 3,
    "چهارم": 4,
    "پنجم": 5,
    "ششم": 6,
    "هفتم": 7,
    "هشتم": 8,
    "نهم": 9,
    "دهم": 10,
    "یازدهم": 11,
    "دوازدهم": 12,
    "سیزدهم": 13,
    "چهاردهم": 14,
    "پانزدهم": 15,
    "شانزدهم": 16,
    "هفدهم": 17,
    "هجدهم": 18,
    "نوزدهم": 19,
    "بیستم": 20,
    "هیجدهم": 18,
    "سیام": 30,
}
PERSIAN_TENS = {"بیست": 20, "سی": 30}

NUMBER_WORDS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fourteen": 14,
    "fifteen": 15,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
}

_UNICODE_SIGNS = str.maketrans("يىكۀةأإ", "ییکههاا")  # Arabic keyboards write Persian words with these

_FULL_NAMES = "|".join(
    sorted({name for name in MONTHS if name.isascii() and name not in SHORT_MONTHS and not name.islower()}, key=len)[
        ::-1
    ]
)
# Every alternative begins with a letter of its own, so that the scan skips most of a text at the speed of memchr.
_NAMES = re.compile(rf"(?:{_FULL_NAMES}|{'|'.join(sorted(SHORT_MONTHS, key=len)[::-1])})(?![^\W\d_])")
_SEASON_YEAR = re.compile(
    r"(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|SPRING|SUMMER|AUTUMN|WINTER)(?![^\W\d_])"
)
_SMALL_NAMES = "|".join((*(name.lower() for name in _ENGLISH[0]), *(name.lower() for name in _ENGLISH[1]), "sept"))
_DIGITS = re.compile(
    r"\d{1,4}(?:[-./]\d{1,2}[-./]\d{1,4}|(?:st|nd|rd|th)?[\s-]{1,2}(?:of )?"
    rf"(?:{_SMALL_NAMES})\b|(?<=[12]\d\d\d))"
)
_BEFORE_YEAR = re.compile(
    r"(?:early|mid|late|beginning|start|middle|end|close|half|part|quarter|q[1-4]|weeks?|months?|days|outset"
    rf"|{_SMALL_NAMES}|to)[\s,.-]{{1,2}}(?:of\s)?(?:the\s(?:year\s)?)?\Z",
    re.IGNORECASE,
)
_ARABIC_SCRIPT = re.compile(r"[\u0620-\u06d3]")
_PERSIAN_NAMES = re.compile(
    "|".join(
        sorted(
            {
                *(name for name in (*MONTHS, *SEASONS) if not name.isascii() and _ARABIC_SCRIPT.match(name)),
                *("اوایل", "اوائل", "اواسط", "اواخر", "آغاز", "ابتدای", "پایان", "نیمه"),
            },
            key=lambda name: (-len(name), name),
        )
    )
    .replace("ی", "[یيى]")
    .replace("ه", "[هةۀ]")
)

_LEFT, _RIGHT = 110, 110  # how many characters around a trigger the grammar gets to see

_TOKEN = re.compile(
    r"""(?P<numeric>(?:\d{4}-\d{2}-\d{2} | \d{4}/\d{1,2}/\d{1,2})(?!\d)
                   | \d{1,2}(?P<between>[./-])\d{1,2}(?P=between)\d{4}(?!\d)
                   | \d{1,2}/\d{1,2}/\d{2}(?![\d/]))
      | (?P<figure>\d{1,3}(?:[,٬]\d{3})+(?!\d) | (?!(?:1[5-9]|20)\d\d\.)\d+(?:[.:٫]\d+)+)
      | (?P<number>\d+)(?:st|nd|rd|th)?
      | (?P<word>[^\W\d_]+)
      | (?P<sign>[^\s])""",
    re.VERBOSE,
)


def windows(text: str) -> list[tuple[int, int]]:
    """The stretches of *text*, in order and apart, in which a written date may stand; most passages have none."""
    places = [match.start() for match in _NAMES.finditer(text)]
    if "ring" in text or "umm" in text or "utum" in text or "all" in text or "inter" in text or "UMM" in text:
        places += [match.start() for match in _SEASON_YEAR.finditer(text)]
    for match in _DIGITS.finditer(text):
        start = match.start()
        if match.end() - start > 4 or _BEFORE_YEAR.search(text, max(0, start - 30), start):
            places.append(start)
    if _ARABIC_SCRIPT.search(text):
        places += [match.start() for match in _PERSIAN_NAMES.finditer(text)]
    places.sort()
    found: list[tuple[int, int]] = []
    for place in places:
        start, end = max(0, place - _LEFT), min(len(text), place + _RIGHT)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(_to_a_blank(text, start, -1), _to_a_blank(text, end, 1)) for start, end in found]


def _to_a_blank(text: str, place: int, step: int) -> int:
    """The nearest blank in that direction, at most 30 characters away, so that no word or number is cut."""
    for _ in range(30):
        if place <= 0 or place >= len(text) or text[place].isspace():
            break
        place += step
    return place


def tokens(text: str) -> list[Token]:
    """The tokens of all windows of *text*, a GAP between them and at both ends."""
    found = [Token(Sort.GAP, 0, 0, "", 0, "")]
    for start, end in windows(text):
        for match in _TOKEN.finditer(text, start, end):
            raw, sort = match.group(), match.lastgroup
            if sort == "word":
                found.append(Token(Sort.WORD, match.start(), match.end(), folded_word(raw), 0, raw))
            elif sort == "sign":
                # ZWNJ, marks of direction and vowels stand between letters and mean nothing here.
                if raw.isprintable() and not combining(raw):
                    found.append(Token(Sort.SIGN, match.start(), match.end(), raw, 0, raw))
            elif sort == "number":
                number = int(match["number"]) if match.end("number") - match.start() <= 4 else 0
                found.append(Token(Sort.NUMBER, match.start(), match.end(), match["number"], number, raw))
            else:
                kind = Sort.FIGURE if sort == "figure" else Sort.NUMERIC
                found.append(Token(kind, match.start(), match.end(), raw, 0, raw))
        found.append(Token(Sort.GAP, end, end, "", 0, ""))
    # The grammar looks a few tokens ahead without asking whether they are there.
    return found + found[-1:] * 4 if len(found) > 1 else found


def folded_word(raw: str) -> str:
    """A word as the tables write it: small letters, Persian forms of letters."""
    return raw.lower() if raw.isascii() else raw.lower().translate(_UNICODE_SIGNS)


def month_word(token: Token) -> MonthWord | None:
    """The month that a token names, capitals regarded."""
    if token.sort is not Sort.WORD:
        return None
    return MONTHS.get(token.raw) or (None if token.raw.isascii() else MONTHS.get(token.word))


def longest_day(month: MonthWord) -> int:
    """The greatest number that any month of that name can have as a day, leap years taken in."""
    if month.calendar is Calendar.SOLAR:
        return 31 if month.number <= 6 else 30
    return last_day(2000, month.number).day
