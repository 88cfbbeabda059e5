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

from collections.abc import Sequence
from dataclasses import dataclass

from search.lexing import DIRECTIONS, Mark, Token, readable, tokens
from search.limits import NOTICES
from search.query import And, Everything, Leaf, Not, Or, Query, Word
from search.results import Notice, NoticeKind


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text asks. *text* is what was read of it."""

    query: Query
    notices: tuple[Notice, ...]
    text: str


def parse(text: str) -> Parsed:
    """The tree that *text* means, with what could not be understood. Never raises.

    Text of white space alone, or none, asks for everything.
    """
    notices: list[Notice] = []
    text = readable(text, notices)
    query = _Parser(tokens(text, notices), notices).query()
    if query is None:
        # Signs alone are no words: searched as they stand, they find nothing. Asking nothing finds everything.
        signs = " ".join(text.split()).strip(DIRECTIONS + " ")
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


class _Parser:
    """Makes the tree. Recursion is as deep as the brackets, which are bounded.

    either  = both (OR both)*
    both    = part (AND? part)*
    part    = (NOT | -)* (leaf | "(" either ")")
    """

    def __init__(self, tokens: list[Token], notices: list[Notice]) -> None:
        self.tokens = tokens
        self.notices = notices
        self.place = 0

    def query(self) -> Query | None:
        """The tree; None where no token can be searched."""
        return self._either() if self.tokens else None

    def _what(self, ahead: int = 0) -> Mark | Leaf | None:
        place = self.place + ahead
        return self.tokens[place].what if place < len(self.tokens) else None

    def _next(self) -> Token:
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
            if self._what() is not Mark.OR:
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
        while (what := self._what()) is not None and what is not Mark.CLOSE:
            if what is Mark.OR:
                if operand and self._operand_at(1):
                    break
                parts.append(self._literal(self._next()))
            elif what is Mark.AND:
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
                    if any(token.what is Mark.LEFT_OUT for token in self.tokens[place : self.place]):
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
        while (what := self._what(ahead)) in (Mark.NOT, Mark.MINUS):
            ahead += 1
        return what is not None and what not in (Mark.CLOSE, Mark.AND, Mark.OR)

    def _part(self) -> Query | None:
        signs: list[Token] = []
        while (what := self._what()) in (Mark.NOT, Mark.MINUS):
            signs.append(self.tokens[self.place])
            self.place += 1
        if what is None or what in (Mark.CLOSE, Mark.AND, Mark.OR):
            return self._idle(signs)
        self.place += 1
        inner: Query | None
        if what is Mark.LEFT_OUT:
            return None
        if what is Mark.OPEN:
            inner = self._either()
            self.place += 1  # the closing bracket, which is sure to stand here
        else:
            assert not isinstance(what, Mark)
            inner = what
        if inner is None or len(signs) % 2 == 0:
            return inner
        return inner.part if isinstance(inner, Not) else Not(inner)

    def _idle(self, signs: Sequence[Token]) -> Query | None:
        """*signs* with nothing behind them: NOT is a word, a - is left out."""
        words: list[Query] = []
        for sign in signs:
            if sign.what is Mark.NOT:
                words.append(self._literal(sign))
            else:
                message = "This - has nothing behind it, and was left out."
                self.notices.append(Notice(NoticeKind.LITERAL, message, sign.at, sign.length))
        return And(tuple(words)) if len(words) > 1 else words[0] if words else None

    def _literal(self, token: Token) -> Word:
        """An operator that has nothing to work on is a word, written small."""
        assert isinstance(token.what, Mark)
        name = token.what.name
        message = f"{name} has nothing to join here, and was searched as a word."
        self.notices.append(Notice(NoticeKind.LITERAL, message, token.at, token.length))
        return Word(name.lower(), token.at)
