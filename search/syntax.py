"""The query language: text typed by anyone becomes a tree, whatever the text. Time grows with its length.

    words                    all of them are wanted
    "exact words"            one after another, just so
    "two words"~5            near each other, in either order
    begin*   spelt~          words that begin so; words spelt nearly so (~1, ~2: how many letters may differ)
    -word   NOT word         without
    a OR b   a AND b   (a b) brackets group; AND, and a blank, bind closer than OR
    kind: official: source: month: date: section: document: page: cites: note: lang:

What is no sense in this language is taken literally, with a notice that has its place. Two steps: the lexer makes
tokens (a mark that cannot work is settled there: a bracket or quotation mark without its partner, an empty bracket),
the parser makes the tree from tokens that are sure to fit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import accumulate

from search.limits import (
    DEPTH,
    FUZZY_EDITS,
    FUZZY_LETTERS,
    NEAR_BETWEEN,
    NEARNESSES,
    NOTICES,
    PHRASES,
    PREFIX_LETTERS,
    PROSE_WORDS,
    QUERY_CHARACTERS,
    QUERY_WORDS,
)
from search.periods import read_period
from search.query import And, Everything, Field, FieldName, Fuzzy, Leaf, Near, Not, Or, Phrase, Prefix, Query, Word
from search.results import Notice, NoticeKind

# What closes a quotation that each mark opens. The plain mark closes all, so that no quotation can hold one.
_CLOSES = {'"': '"”“', "“": '”"', "”": '"”', "„": '“”"', "‟": '”"', "«": '»"', "»": '«"', "＂": '＂"'}
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
_DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b"
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text asks. *text* is what was read of it."""

    query: Query
    notices: tuple[Notice, ...]
    text: str


class _Mark(Enum):
    OPEN = auto()
    CLOSE = auto()
    MINUS = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    LEFT_OUT = auto()  # stands for a leaf beyond the bounds, so that operators beside it keep their place


@dataclass(frozen=True, slots=True)
class _Token:
    what: _Mark | Leaf
    at: int
    length: int


def parse(text: str) -> Parsed:
    """The tree that *text* means, with what could not be understood. Never raises.

    Text of white space alone, or none, asks for everything.
    """
    notices: list[Notice] = []
    text = _readable(text, notices)
    tokens = _settle_brackets(_as_prose(_Lexer(text, notices).tokens(), notices), notices)
    query = _Parser(tokens, notices).query()
    if query is None:
        # Signs alone are no words: searched as they stand, they find nothing. Asking nothing finds everything.
        signs = " ".join(text.split()).strip(_DIRECTIONS + " ")
        query = Word(signs, text.find(signs[0])) if signs else Everything()
    notices.sort(key=lambda notice: -1 if notice.at is None else notice.at)
    return Parsed(query, shortened(notices), text)


def shortened(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """*notices* each once, and no more of them than anyone reads."""
    unique = tuple(dict.fromkeys(notices))
    if len(unique) <= NOTICES:
        return unique
    more = f"{len(unique) - NOTICES + 1:,} more of this kind are not listed."
    return (*unique[: NOTICES - 1], Notice(NoticeKind.LITERAL, more))


def _readable(text: str, notices: list[Notice]) -> str:
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
        self.last = {quote: max(text.rfind(close) for close in closes) for quote, closes in _CLOSES.items()}
        self.closing = {quote: re.compile(f"[{closes}]") for quote, closes in _CLOSES.items()}

    def tokens(self) -> list[_Token]:
        found: list[_Token] = []
        at, text = 0, self.text
        while at < len(text):
            char = text[at]
            if char.isspace() or char in _DIRECTIONS:
                at += 1
            elif char in "()":
                found.append(_Token(_Mark.OPEN if char == "(" else _Mark.CLOSE, at, 1))
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

    def _add(self, found: list[_Token], leaf: Leaf, length: int) -> None:
        self.words += 1
        self.phrases += isinstance(leaf, Phrase | Near)
        self.near += isinstance(leaf, Near)
        beyond = self.words > QUERY_WORDS
        if isinstance(leaf, Phrase | Near):
            beyond = beyond or self.phrases > PHRASES or (isinstance(leaf, Near) and self.near > NEARNESSES)
        found.append(_Token(_Mark.LEFT_OUT if beyond else leaf, leaf.at, length))

    def _quoted(self, at: int) -> tuple[str, int] | None:
        """What the quotation that opens at *at* holds and where it ends, or None where it has no end."""
        quote = self.text[at]
        if self.last[quote] <= at:
            return None
        close = self.closing[quote].search(self.text, at + 1)
        if close is None:
            return None
        inside = self.text[at + 1 : close.start()]
        for other in _QUOTES:
            inside = inside.replace(other, " ")
        return " ".join(inside.split()), close.end()

    def _quotation(self, at: int, found: list[_Token]) -> int:
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

    def _bare(self, at: int, found: list[_Token]) -> int:
        """Reads from *at* up to a blank, bracket or quotation mark."""
        match = _BARE.match(self.text, at)
        assert match is not None, "blanks, brackets and quotation marks are read before"
        run, end = match[0], match.end()
        negated = False
        if run[0] == "-" and not run.startswith("--"):
            rest = run[1:]
            follows = rest.strip(_DIRECTIONS) or self.text[end : end + 1]
            if follows and not follows[0].isspace() and follows[0] != ")":
                found.append(_Token(_Mark.MINUS, at, 1))
                at, run, negated = at + 1, rest, True
                if not run:
                    return end
        stripped = run.strip(_DIRECTIONS)
        at += run.find(stripped)
        if stripped in _KEYWORDS and not negated:
            found.append(_Token(_Mark[stripped], at, len(stripped)))
            return end
        return self._word(stripped, at, end, found)

    def _word(self, run: str, at: int, end: int, found: list[_Token]) -> int:
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

    def _field(self, name: str, value: str, at: int, end: int, found: list[_Token]) -> int | None:
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
            value = value.rstrip(".,;!?،؛؟" + _DIRECTIONS).lstrip(_DIRECTIONS)
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
        run = run.strip(_EDGE + _DIRECTIONS).replace("*", "-").replace("~", "-")
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


def _checked(name: FieldName, value: str, quoted: bool) -> tuple[Field | None, str]:
    """The field, or what a value of it looks like."""
    match name:
        case FieldName.KIND:
            kind = KINDS.get(value.lower())
            return (Field(name, kind, quoted) if kind else None), "the kinds are body, annex, footnote."
        case FieldName.MONTH | FieldName.DATE:
            period = read_period(value)
            return (Field(name, value, quoted) if period else None), "a month is 1988-11, a span 1988-08..1988-12."
        case FieldName.PAGE:
            return (Field(name, value, quoted) if _PAGE.fullmatch(value) else None), "a page is 3, a span 3-5."
        case FieldName.LANG:
            return (Field(name, value, quoted) if _LANGUAGE.fullmatch(value) else None), "a language is en or fa."
        case FieldName.NOTE:
            return Field(name, value, quoted), ""
        case _:
            return (Field(name, value, quoted) if _has_word(value) else None), "it holds no letter or digit."


def _as_prose(tokens: list[_Token], notices: list[Notice]) -> list[_Token]:
    """*tokens* of a pasted paragraph with its quotations taken for words like the others; other tokens as they are.

    A paragraph has many words and nothing of this language beside quotation marks and brackets.
    """
    plain = (_Mark.OPEN, _Mark.CLOSE)
    words = sum(isinstance(token.what, Word) for token in tokens)
    quoted = [token for token in tokens if isinstance(token.what, Phrase)]
    if words < PROSE_WORDS or not quoted:
        return tokens
    if not all(token.what in plain or isinstance(token.what, Word | Phrase) for token in tokens):
        return tokens
    message = "So long a text was read as a paragraph: its quotation marks ask for no exact words."
    notices.append(Notice(NoticeKind.READ_AS, message, quoted[0].at, quoted[0].length))
    read: list[_Token] = []
    for token in tokens:
        if isinstance(token.what, Phrase):
            pieces = (_trimmed(piece) for piece in token.what.text.split())
            read += (_Token(_plain(piece, token.at), token.at, token.length) for piece in pieces if piece)
        else:
            read.append(token)
    return read


def _settle_brackets(tokens: list[_Token], notices: list[Notice]) -> list[_Token]:
    """Leaves out brackets without a partner, around nothing, or too deep; the rest come in pairs."""
    dropped: dict[int, str] = {}
    opened: list[int] = []
    inside = [0]
    for place, token in enumerate(tokens):
        if token.what is _Mark.OPEN:
            opened.append(place)
            inside.append(0)
        elif token.what is _Mark.CLOSE:
            if not opened:
                dropped[place] = "This bracket closes none that was opened, and was left out."
                continue
            start = opened.pop()
            if inside.pop() == 0:
                dropped[start] = dropped[place] = "Nothing stands between these brackets."
            else:
                inside[-1] += 1
        elif token.what is not _Mark.MINUS:
            inside[-1] += 1
    for place in opened:
        dropped[place] = "This bracket is never closed, and was left out."
    left = {place: token for place, token in enumerate(tokens) if place not in dropped}
    steps = {_Mark.OPEN: 1, _Mark.CLOSE: -1}
    depths = accumulate(steps.get(token.what, 0) if isinstance(token.what, _Mark) else 0 for token in left.values())
    for (place, token), depth in zip(left.items(), depths, strict=True):
        if depth + (token.what is _Mark.CLOSE) > DEPTH and token.what in (_Mark.OPEN, _Mark.CLOSE):
            dropped[place] = f"Only {DEPTH} were read; this one was left out."
    for place, message in dropped.items():
        notices.append(Notice(NoticeKind.LITERAL, message, tokens[place].at, 1))
    return [token for place, token in enumerate(tokens) if place not in dropped]


class _Parser:
    """Makes the tree. Recursion is as deep as the brackets, which are bounded.

    either  = both (OR both)*
    both    = part (AND? part)*
    part    = (NOT | -)* (leaf | "(" either ")")
    """

    def __init__(self, tokens: list[_Token], notices: list[Notice]) -> None:
        self.tokens = tokens
        self.notices = notices
        self.place = 0

    def query(self) -> Query | None:
        """The tree; None where no token can be searched."""
        return self._either() if self.tokens else None

    def _what(self, ahead: int = 0) -> _Mark | Leaf | None:
        place = self.place + ahead
        return self.tokens[place].what if place < len(self.tokens) else None

    def _next(self) -> _Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def _either(self) -> Query | None:
        groups: list[Query] = []
        mixed = False
        start = self.tokens[self.place].at
        while True:
            group, blanks = self._both()
            mixed = mixed or blanks
            if group is not None:
                groups.append(group)
            if self._what() is not _Mark.OR:
                break
            self.place += 1
        if len(groups) < 2:
            return groups[0] if groups else None
        query = Or(tuple(part for group in groups for part in (group.parts if isinstance(group, Or) else (group,))))
        if mixed:
            read = " OR ".join(f"({part})" if isinstance(part, And | Or) else str(part) for part in groups)
            message = (
                f"Read as {read if len(read) <= 200 else '(a b) OR c'}: words side by side belong closer together."
            )
            self.notices.append(Notice(NoticeKind.READ_AS, message, start, 0))
        return query

    def _both(self) -> tuple[Query | None, bool]:
        """Parts up to OR, a closing bracket or the end; and whether blanks alone joined some of them."""
        parts: list[Query] = []
        blanks = False
        joined = True  # nothing to join yet
        operand = False
        while (what := self._what()) is not None and what is not _Mark.CLOSE:
            if what is _Mark.OR:
                if operand and self._operand_at(1):
                    break
                parts.append(self._literal(self._next()))
            elif what is _Mark.AND:
                if operand and not joined and self._operand_at(1):
                    self.place += 1
                    joined = True
                    continue
                parts.append(self._literal(self._next()))
            else:
                place = self.place
                part = self._part()
                if part is None:
                    # A sign with nothing behind it was no operand; what was left out is one, and asks nothing.
                    if any(token.what is _Mark.LEFT_OUT for token in self.tokens[place : self.place]):
                        operand, joined = True, False
                    continue
                parts.extend(part.parts if isinstance(part, And) else (part,))
            operand = True
            blanks = blanks or not joined
            joined = False
        if len(parts) < 2:
            return (parts[0] if parts else None), False
        return And(tuple(parts)), blanks

    def _operand_at(self, ahead: int) -> bool:
        """Whether something that can be searched begins there."""
        while (what := self._what(ahead)) in (_Mark.NOT, _Mark.MINUS):
            ahead += 1
        return what is not None and what not in (_Mark.CLOSE, _Mark.AND, _Mark.OR)

    def _part(self) -> Query | None:
        signs: list[_Token] = []
        while (what := self._what()) in (_Mark.NOT, _Mark.MINUS):
            signs.append(self.tokens[self.place])
            self.place += 1
        if what is None or what in (_Mark.CLOSE, _Mark.AND, _Mark.OR):
            return self._idle(signs)
        self.place += 1
        inner: Query | None
        if what is _Mark.LEFT_OUT:
            return None
        if what is _Mark.OPEN:
            inner = self._either()
            self.place += 1  # the closing bracket, which is sure to stand here
        else:
            assert not isinstance(what, _Mark)
            inner = what
        if inner is None or len(signs) % 2 == 0:
            return inner
        return inner.part if isinstance(inner, Not) else Not(inner)

    def _idle(self, signs: Sequence[_Token]) -> Query | None:
        """*signs* with nothing behind them: NOT is a word, a - is left out."""
        words: list[Query] = []
        for sign in signs:
            if sign.what is _Mark.NOT:
                words.append(self._literal(sign))
            else:
                message = "This - has nothing behind it, and was left out."
                self.notices.append(Notice(NoticeKind.LITERAL, message, sign.at, sign.length))
        return And(tuple(words)) if len(words) > 1 else words[0] if words else None

    def _literal(self, token: _Token) -> Word:
        """An operator that has nothing to work on is a word, written small."""
        assert isinstance(token.what, _Mark)
        name = token.what.name
        message = f"{name} has nothing to join here, and was searched as a word."
        self.notices.append(Notice(NoticeKind.LITERAL, message, token.at, token.length))
        return Word(name.lower(), token.at)
