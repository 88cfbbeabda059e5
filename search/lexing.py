"""From a query's text to tokens that are sure to fit together; what cannot work is settled here, with a notice.

A bracket or quotation mark without its partner, an empty bracket, a sign on nothing, a field without a value: each is
left out or taken as a word, so that the parser has nothing to complain of. One pass over the text, and one over the
tokens for the brackets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import accumulate

from search.limits import (
    DEPTH,
    FUZZY_EDITS,
    FUZZY_LETTERS,
    NEAR_BETWEEN,
    NEARNESSES,
    PHRASES,
    PREFIX_LETTERS,
    PROSE_WORDS,
    QUERY_CHARACTERS,
    QUERY_WORDS,
)
from search.periods import read_period
from search.query import Field, FieldName, Fuzzy, Leaf, Near, Phrase, Prefix, Word
from search.results import Notice, NoticeKind

# What closes a quotation that each mark opens. The plain mark closes all, so that no quotation can hold one.
_CLOSES = {'"': '"”“', "“": '”"', "”": '"”', "„": '“”"', "‟": '”"', "«": '»"', "»": '«"', "＂": '＂"'}
_CLOSING = {quote: re.compile(f"[{closes}]") for quote, closes in _CLOSES.items()}
_QUOTES = "".join(_CLOSES)
_BARE = re.compile(rf"[^\s(){_QUOTES}]+")
_SPACE = re.compile(r"\s+")
_DISTANCE = re.compile(r"~([0-9]*)", re.ASCII)
_FUZZY = re.compile(r"(.+)~([0-9]*)", re.ASCII | re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):(.*)", re.ASCII | re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_PAGE = re.compile(r"[A-Za-z0-9]{1,8}((-|\.\.)[A-Za-z0-9]{1,8})?", re.ASCII)
_FIELDS = frozenset(FieldName)
_KEYWORDS = ("AND", "OR", "NOT")

# At the ends of a word these are punctuation, not part of it. Square brackets stay where they are in pairs:
# condemn[ed] is one word.
_EDGE = ".,;:!?…·•،؛؟۔*~+-–—―‐‑'’‘‚‹›′″/\\|=<>{}"
DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b"
_INSIDE = "'’\u200c\u200d\u00ad"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

KINDS = {
    "body": "body",
    "text": "body",
    "annex": "annex",
    "footnote": "footnote",
    "footnotes": "footnote",
    "note": "footnote",
    "notes": "footnote",
}


class Mark(Enum):
    """What is no leaf of the tree."""

    OPEN = auto()
    CLOSE = auto()
    MINUS = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    LEFT_OUT = auto()  # stands for a leaf beyond the bounds, so that operators beside it keep their place


@dataclass(frozen=True, slots=True)
class Token:
    """A sign or a leaf, and where it stands in the text."""

    what: Mark | Leaf
    at: int
    length: int


def tokens(text: str, notices: list[Notice]) -> list[Token]:
    """The tokens of *text*, their brackets in pairs; what was left out or taken otherwise is added to *notices*."""
    return _settle_brackets(_as_prose(_Lexer(text, notices).tokens(), notices), notices)


def readable(text: str, notices: list[Notice]) -> str:
    """*text* without what cannot be typed, and not too long; every character left keeps its place."""
    if control := _CONTROL.search(text):
        message = "Characters that cannot be seen or printed were read as blanks."
        notices.append(Notice(NoticeKind.LITERAL, message, control.start(), 1))
        text = _CONTROL.sub(" ", text)
    text = text.rstrip()
    first = len(text) - len(text.lstrip())
    if len(text) - first <= QUERY_CHARACTERS:
        return text
    # Half a word finds nothing: cut at the last blank, unless what stands after it is longer than words are.
    end = first + QUERY_CHARACTERS
    blank = max((match.start() for match in _SPACE.finditer(text, end - 100, end + 1)), default=end)
    message = f"Only the first {QUERY_CHARACTERS} were searched; {len(text) - blank:,} were left out from here on."
    notices.append(Notice(NoticeKind.LEFT_OUT, message, blank, len(text) - blank))
    return text[:blank]


class _Lexer:
    """Cuts a text into tokens, each with its place. One pass; looks ahead only for a closing quotation mark."""

    def __init__(self, text: str, notices: list[Notice]) -> None:
        self.text = text
        self.notices = notices
        self.words = 0
        self.phrases = 0
        self.near = 0
        # The last place of each closing mark: an opening one beyond it has no partner, known without a search.
        self.last = {
            quote: max(text.rfind(close) for close in closes) for quote, closes in _CLOSES.items() if quote in text
        }

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        at, text = 0, self.text
        while at < len(text):
            char = text[at]
            if char.isspace() or char in DIRECTIONS:
                at += 1
            elif char in "()":
                found.append(Token(Mark.OPEN if char == "(" else Mark.CLOSE, at, 1))
                at += 1
            elif char in _CLOSES:
                at = self._quotation(at, found)
            else:
                at = self._bare(at, found)
        for count, limit in ((self.words, QUERY_WORDS), (self.phrases, PHRASES), (self.near, NEARNESSES)):
            if count > limit:
                message = f"Only the first {limit} were searched; {count - limit:,} more were left out."
                self.notices.append(Notice(NoticeKind.LEFT_OUT, message))
        return found

    def _literal(self, message: str, at: int, length: int) -> None:
        self.notices.append(Notice(NoticeKind.LITERAL, message, at, length))

    def _add(self, found: list[Token], leaf: Leaf, length: int) -> None:
        self.words += 1
        beyond = self.words > QUERY_WORDS
        if isinstance(leaf, Phrase):
            self.phrases += 1
            beyond = beyond or self.phrases > PHRASES
        elif isinstance(leaf, Near):
            self.phrases += 1
            self.near += 1
            beyond = beyond or self.phrases > PHRASES or self.near > NEARNESSES
        found.append(Token(Mark.LEFT_OUT if beyond else leaf, leaf.at, length))

    def _quoted(self, at: int) -> tuple[str, int] | None:
        """What the quotation that opens at *at* holds and where it ends, or None where it has no end."""
        quote = self.text[at]
        if self.last[quote] <= at:
            return None
        close = _CLOSING[quote].search(self.text, at + 1)
        if close is None:
            return None
        inside = self.text[at + 1 : close.start()]
        for other in _QUOTES:
            inside = inside.replace(other, " ")
        return " ".join(inside.split()), close.end()

    def _quotation(self, at: int, found: list[Token]) -> int:
        quoted = self._quoted(at)
        if quoted is None:
            self._literal("This quotation mark has no partner and was not taken as one.", at, 1)
            return at + 1
        inside, end = quoted
        distance = _DISTANCE.match(self.text, end)
        if not _has_word(inside):
            self._literal("Nothing to search for stands between these quotation marks.", at, end - at)
            return distance.end() if distance else end
        if distance is None:
            if "*" in inside:
                message = "Quoted words are searched as they stand: a * between quotation marks stands for nothing."
                self._literal(message, at, end - at)
            self._add(found, Phrase(inside, at), end - at)
            return end
        if not distance[1]:
            self._literal('"…"~5 wants a number after the ~; searched as a phrase.', distance.start(), 1)
            self._add(found, Phrase(inside, at), end - at)
        else:
            between = int(distance[1][:9])
            if between > NEAR_BETWEEN:
                message = f"Nearness goes up to {NEAR_BETWEEN} between; searched with that."
                self.notices.append(Notice(NoticeKind.LEFT_OUT, message, distance.start(), len(distance[0])))
                between = int(NEAR_BETWEEN)
            self._add(found, Near(inside, between, at), distance.end() - at)
        return distance.end()

    def _bare(self, at: int, found: list[Token]) -> int:
        """Reads from *at* up to a blank, bracket or quotation mark."""
        match = _BARE.match(self.text, at)
        assert match is not None, "blanks, brackets and quotation marks are read before"
        run, end = match[0], match.end()
        negated = False
        if run[0] == "-" and not run.startswith("--"):
            rest = run[1:]
            follows = rest.strip(DIRECTIONS) or self.text[end : end + 1]
            if follows and not follows[0].isspace() and follows[0] != ")":
                found.append(Token(Mark.MINUS, at, 1))
                at, run, negated = at + 1, rest, True
                if not run:
                    return end
        stripped = run.strip(DIRECTIONS)
        at += run.find(stripped)
        if stripped in _KEYWORDS and not negated:
            found.append(Token(Mark[stripped], at, len(stripped)))
            return end
        return self._word(stripped, at, end, found)

    def _word(self, run: str, at: int, end: int, found: list[Token]) -> int:
        leading = len(run) - len(run.lstrip(_EDGE))
        if leading and run[leading - 1] == "*" and leading < len(run):
            self._literal("A * stands at the end of a word, not at its beginning.", at + leading - 1, 1)
        elif leading == len(run) and run in ("*", "-", "~"):
            self._literal(f"{run} stands alone and was left out.", at, 1)
        run, at = run[leading:], at + leading
        if not run:
            return end
        named = _FIELD.fullmatch(run)
        if named:
            after = self._field(named[1], named[2], at, end, found)
            if after is not None:
                return after
        leaf = self._leaf(run, at)
        if leaf is not None:
            self._add(found, leaf, len(run))
        return end

    def _field(self, name: str, value: str, at: int, end: int, found: list[Token]) -> int | None:
        """The end of a field that stands here, or None where it is to be taken as a word."""
        known = name.lower() in _FIELDS
        quoted = None
        if not value and self.text[end : end + 1] in _CLOSES and end < len(self.text):
            quoted = self._quoted(end)
        if not known:
            if (value and not value.startswith(("/", "\\")) and len(name) > 1) or quoted:
                fields = ", ".join(f"{one}:" for one in FieldName)
                self._literal(
                    f"{name}: is no field, and was taken as a word. The fields are {fields}", at, len(name) + 1
                )
            return None
        if quoted is not None:
            value, end = quoted
        else:
            value = value.rstrip(".,;!?،؛؟" + DIRECTIONS).lstrip(DIRECTIONS)
        if not value:
            self._literal(f"{name}: wants a value right after the colon, and was taken as a word.", at, len(name) + 1)
            return None
        field, remedy = _checked(FieldName(name.lower()), value, quoted is not None)
        if field is None:
            self._literal(f"{name}:{value} was taken as words: {remedy}", at, end - at)
            return None
        self._add(found, replace(field, at=at), end - at)
        return end

    def _leaf(self, run: str, at: int) -> Leaf | None:
        """A word, with or without a sign at its end; None where nothing is left of it."""
        run = run.rstrip(_EDGE.replace("*", "").replace("~", ""))
        word = _trimmed(run)
        if not word:
            return None
        fuzzy = _FUZZY.fullmatch(run)
        if fuzzy and (before := _trimmed(fuzzy[1])):
            word = before
            letters = sum(char.isalnum() for char in word)
            if letters < FUZZY_LETTERS or len(_last_run(word)) < len(word):
                message = f"A ~ goes after a single word of {FUZZY_LETTERS} or more; searched without it."
                self._literal(message, at, len(run))
                return _plain(word, at)
            edits = int(fuzzy[2][:9]) if fuzzy[2] else None
            if edits is not None and edits > FUZZY_EDITS:
                message = f"At most {FUZZY_EDITS} may differ; searched with that."
                self.notices.append(Notice(NoticeKind.LEFT_OUT, message, at, len(run)))
                edits = int(FUZZY_EDITS)
            return _plain(word, at) if edits == 0 else Fuzzy(word, edits, at)
        begun = _last_run(run.rstrip("*"))
        if "*" in run.rstrip("*"):
            self._literal("A * stands at the end of a word; the one in its middle was read as a hyphen.", at, len(run))
        if run.endswith("*"):
            if sum(char.isalnum() for char in begun) >= PREFIX_LETTERS and word.endswith(begun):
                return Prefix(word, at)
            self._literal(f"A * goes after {PREFIX_LETTERS} or more; searched without it.", at, len(run))
        return _plain(word, at)


def _trimmed(run: str) -> str:
    """*run* as a word: without punctuation at its ends. Trimming again changes nothing."""
    while True:
        before = run
        run = run.strip(_EDGE + DIRECTIONS).replace("*", "-").replace("~", "-")
        if run.count("[") != run.count("]"):
            run = run.strip("[]")
        named = _FIELD.fullmatch(run)
        if named and named[1].lower() in _FIELDS:
            run = run.replace(":", "-", 1)  # what was taken as words prints as words
        if run == before:
            return run


def _last_run(text: str) -> str:
    """The letters, digits, marks, joiners and apostrophes that *text* ends with."""
    at = len(text)
    while at and (text[at - 1].isalnum() or unicodedata.category(text[at - 1])[0] == "M" or text[at - 1] in _INSIDE):
        at -= 1
    return text[at:]


def _plain(word: str, at: int) -> Word:
    # A literal AND is written small, so that it prints as what it is: a word.
    return Word(word.lower() if word in _KEYWORDS else word, at)


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


_PERIODS = 'a day is 1988-11-21, a month 1988-11 or "November 1988", a span 1988-08..1988-12.'


def _checked(name: FieldName, value: str, quoted: bool) -> tuple[Field | None, str]:
    """The field, or what a value of it looks like."""
    match name:
        case FieldName.KIND:
            kind = KINDS.get(value.lower())
            return (Field(name, kind, quoted) if kind else None), "the kinds are body, annex, footnote."
        case FieldName.MONTH | FieldName.DATE:
            period = read_period(value)
            return (Field(name, value, quoted) if period else None), _PERIODS
        case FieldName.PAGE:
            return (Field(name, value, quoted) if _PAGE.fullmatch(value) else None), "a page is 3, a span 3-5."
        case FieldName.LANG:
            return (Field(name, value, quoted) if _LANGUAGE.fullmatch(value) else None), "a language is en or fa."
        case FieldName.NOTE:
            return Field(name, value, quoted), ""
        case _:
            return (Field(name, value, quoted) if _has_word(value) else None), "it holds no letter or digit."


def _as_prose(tokens: list[Token], notices: list[Notice]) -> list[Token]:
    """*tokens* of a pasted paragraph with its quotations taken for words like the others; other tokens as they are.

    A paragraph has many words and nothing of this language beside quotation marks and brackets.
    """
    plain = (Mark.OPEN, Mark.CLOSE)
    words = sum(isinstance(token.what, Word) for token in tokens)
    quoted = [token for token in tokens if isinstance(token.what, Phrase)]
    if words < PROSE_WORDS or not quoted:
        return tokens
    if not all(token.what in plain or isinstance(token.what, Word | Phrase) for token in tokens):
        return tokens
    message = "So long a text was read as a paragraph: its quotation marks ask for no exact words."
    notices.append(Notice(NoticeKind.READ_AS, message, quoted[0].at, quoted[0].length))
    read: list[Token] = []
    for token in tokens:
        if isinstance(token.what, Phrase):
            pieces = (_trimmed(piece) for piece in token.what.text.split())
            read += (Token(_plain(piece, token.at), token.at, token.length) for piece in pieces if piece)
        else:
            read.append(token)
    return read


def _settle_brackets(tokens: list[Token], notices: list[Notice]) -> list[Token]:
    """Leaves out brackets without a partner, around nothing, or too deep; the rest come in pairs."""
    if not any(token.what in (Mark.OPEN, Mark.CLOSE) for token in tokens):
        return tokens
    dropped: dict[int, str] = {}
    opened: list[int] = []
    inside = [0]
    for place, token in enumerate(tokens):
        if token.what is Mark.OPEN:
            opened.append(place)
            inside.append(0)
        elif token.what is Mark.CLOSE:
            if not opened:
                dropped[place] = "This bracket closes none that was opened, and was left out."
                continue
            start = opened.pop()
            if inside.pop() == 0:
                dropped[start] = dropped[place] = "Nothing stands between these brackets."
            else:
                inside[-1] += 1
        elif token.what is not Mark.MINUS:
            inside[-1] += 1
    for place in opened:
        dropped[place] = "This bracket is never closed, and was left out."
    left = {place: token for place, token in enumerate(tokens) if place not in dropped}
    steps = {Mark.OPEN: 1, Mark.CLOSE: -1}
    depths = accumulate(steps.get(token.what, 0) if isinstance(token.what, Mark) else 0 for token in left.values())
    for (place, token), depth in zip(left.items(), depths, strict=True):
        if depth + (token.what is Mark.CLOSE) > DEPTH and token.what in (Mark.OPEN, Mark.CLOSE):
            dropped[place] = f"Only {DEPTH} were read; this one was left out."
    for place, message in dropped.items():
        notices.append(Notice(NoticeKind.LITERAL, message, tokens[place].at, 1))
    return [token for place, token in enumerate(tokens) if place not in dropped]
