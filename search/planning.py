"""From a query to a plan: which index terms answer each word of it, and by which help they do.

Help is more terms for one word: its stem, other spellings of a term or a name, the other script, the canonical form of
a document symbol. *As printed* there is none, and the words are those of the printed field. Quoted words, prefixes and
nearness go by the exact field, where words are folded and not stemmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.symbols import SymbolMention, find_symbols
from index.analyzers import printed_words, words
from index.schema import TermField
from index.snapshot import Snapshot
from search.conditions import Conditions
from search.limits import (
    EXPANDING_WORDS,
    FUZZY_WORDS,
    NEAR_WORDS,
    PHRASE_WORDS,
    PREFIX_WORDS,
)
from search.plan import ButNot, Everything, Nothing, Plan
from search.query import And, Field, FieldName, Fuzzy, Leaf, Not, Or, Phrase, Prefix, Query, Word
from search.query import Everything as AskEverything
from search.query import Near as AskNear
from search.results import By, Notice, NoticeKind
from search.spellings import Spellings, longest_first
from search.wanted import Planned, Slots, Unit, Wanted, Way, any_of, joined, names_of, standing_nowhere
from search.ways import Ways, variant_way
from search.wordlist import WordList


class Planner:
    """Plans queries over one generation."""

    def __init__(
        self,
        snapshot: Snapshot,
        conditions: Conditions,
        spellings: Spellings,
        vocabulary: Callable[[TermField], WordList],
    ) -> None:
        """*vocabulary* gives all terms of a field, for words spelt nearly so."""
        self._snapshot = snapshot
        self._spellings = spellings
        self._ways = Ways(snapshot, spellings, vocabulary)
        self._conditions = conditions

    def plan(self, query: Query, *, as_printed: bool) -> Planned:
        """The plan of *query*, with what it had to leave out and what the collection lacks."""
        planning = _Planning(self._snapshot, self._spellings, self._ways, self._conditions, as_printed)
        return planning.whole(query)


@dataclass(slots=True)
class _Planning:
    """One query on its way; what is found on the way is collected here."""

    snapshot: Snapshot
    spellings: Spellings
    ways: Ways
    conditions: Conditions
    as_printed: bool
    notices: list[Notice] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    expanding: int = 0
    same: dict[tuple[object, ...], Wanted] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)  # of those in `wanted`, by identity

    def whole(self, query: Query) -> Planned:
        if isinstance(query, AskEverything):
            return Planned(Everything())
        parts = query.parts if isinstance(query, And) else (query,)
        units = self._units(parts)
        rest = [part for part in parts if not isinstance(part, Word)]
        fixed = [plan for part in rest if (plan := self._plan(part, positive=True)) is not None]
        if not units and not fixed:
            message = f"There is no letter or digit in {query}, so no passage can have it."
            return Planned(Nothing(), notices=(Notice(NoticeKind.LITERAL, message, 0, 0), *self.notices))
        self.wanted.sort(key=lambda wanted: wanted.at)
        return Planned(
            joined([*(unit.plan() for unit in units), *fixed]),
            tuple(units),
            tuple(fixed),
            tuple(self.wanted),
            tuple(self._names_asked()),
            tuple(self.fields),
            tuple(self.notices),
        )

    def _names_asked(self) -> Iterator[Wanted]:
        for asked in self.fields:
            if asked.name is FieldName.OFFICIAL:
                for official in self.conditions.officials(asked.value):
                    yield names_of(self.snapshot, official)

    # --- the tree

    def _plan(self, node: Query, *, positive: bool) -> Plan | None:
        """The plan of *node*; None where it asks nothing, as a word without a letter does."""
        match node:
            case AskEverything():
                return Everything()
            case And(parts):
                units = self._units(parts) if positive else []
                rest = [part for part in parts if not (positive and isinstance(part, Word))]
                plans = [plan for part in rest if (plan := self._plan(part, positive=positive)) is not None]
                plans = [*(unit.plan() for unit in units), *plans]
                return joined(plans) if plans else None
            case Or(parts):
                plans = [plan for part in parts if (plan := self._plan(part, positive=positive)) is not None]
                return any_of(plans) if plans else None
            case Not(part):
                plan = self._plan(part, positive=not positive)
                return None if plan is None else ButNot(Everything(), plan)
            case Field():
                plan, notice = self.conditions.plan(node)
                if notice is not None:
                    self.notices.append(notice)
                if positive:
                    self.fields.append(node)
                return plan
            case _:
                wanted = self._leaf(node)
                if wanted is None:
                    return None
                if positive:
                    self._want(wanted, len(str(node)))
                return wanted.plan()

    def _want(self, wanted: Wanted, length: int) -> None:
        if id(wanted) not in self.told:
            self.told.add(id(wanted))
            self.wanted.append(wanted)
            if not wanted.ways:
                self.notices.append(standing_nowhere(wanted, length))

    # --- plain words

    def _units(self, parts: Sequence[Query]) -> list[Unit]:
        """The plain words among *parts*: once each, and together where side by side they are one thing."""
        units: list[Unit] = []
        row: list[Word] = []
        for part in (*parts, AskEverything()):
            if isinstance(part, Word):
                row.append(part)
                continue
            if row:
                units += self._row(row)
                row = []
        return _counted(units)

    def _row(self, row: list[Word]) -> list[Unit]:
        """Units of words that stand side by side in the query."""
        each = [(word, wanted) for word in row if (wanted := self._leaf(word)) is not None]
        if self.as_printed or len(each) < 2:
            for word, wanted in each:
                self._want(wanted, len(word.text))
            return [Unit((wanted,)) for _, wanted in each]
        symbols = _symbols_across([word.text for word, _ in each])
        folded = [self._folded(word.text) for word, _ in each]
        units: list[Unit] = []
        place = 0
        while place < len(each):
            end, ways = self._whole_from(place, folded, symbols)
            typed = " ".join(word.text for word, _ in each[place:end])
            these = tuple(wanted for _, wanted in each[place:end])
            if not ways:
                self._want(these[0], len(typed))
                units.append(Unit(these))
            else:
                at = these[0].at
                slots = tuple((word.stems[0],) for word in words(typed))
                sought = (*ways, Way(TermField.TEXT, slots, By.WORD))
                whole = Wanted(typed, self.ways.known(sought), at, sought)
                if (place, end) in symbols:
                    # A symbol is one thing: what has its first letters alone has nothing of it.
                    self._want(whole, len(typed))
                    units.append(Unit((whole,)))
                else:
                    self.told.update(map(id, these))
                    self.wanted += (whole, *these)
                    units.append(Unit(these, whole))
            place = end
        return units

    def _folded(self, text: str) -> str:
        found = words(text)
        return found[0].exact[0] if len(found) == 1 else " ".join(word.exact[0] for word in found)

    def _whole_from(
        self, place: int, folded: list[str], symbols: dict[tuple[int, int], str]
    ) -> tuple[int, tuple[Way, ...]]:
        """Where the longest thing of several words that begins at *place* ends, and the ways in which it may stand."""
        for end in longest_first(folded, place, max(self.spellings.longest, 4)):
            ways: list[Way] = []
            if symbol := symbols.get((place, end)):
                return end, (Way(TermField.SYMBOL, ((symbol,),), By.SYMBOL),)
            typed = tuple(" ".join(folded[place:end]).split())
            ways += self.ways.known([variant_way(variant) for variant in self.spellings.of_words(typed)])
            if ways:
                return end, tuple(ways)
        return place + 1, ()

    # --- leaves

    def _leaf(self, leaf: Leaf) -> Wanted | None:
        """The leaf with its ways; without any where the index has no word for it, None where it holds no word."""
        match leaf:
            case Word(text, at) if self.as_printed:
                ways = self._in_order(self._quoted(text, at, PHRASE_WORDS))
            case Word(text, at):
                found = self.ways.of_word(text)
                if found is None:
                    return None
                if len(text) > PHRASE_WORDS and len(words(text)) > PHRASE_WORDS:
                    self._left_out(at, len(text), f"Only the first {PHRASE_WORDS} of this were searched.")
                return self._wanted(leaf, *found)
            case Phrase(text, at):
                ways = self._in_order(self._quoted(text, at, PHRASE_WORDS))
            case AskNear(text, between, at):
                slots = self._quoted(text, at, NEAR_WORDS)
                ways = [Way(self._exact, slots, By.WORD, between)] if slots else None
            case Prefix(text, at):
                ways = self._prefix_ways(leaf, text, at)
            case Fuzzy(text, edits, at):
                ways = self._fuzzy_ways(leaf, text, edits, at)
            case Field():
                raise TypeError("a field is a condition and no word")
        if ways is None:
            return None
        return self._wanted(leaf, tuple(ways), self.ways.known(ways))

    def _wanted(self, leaf: Leaf, sought: tuple[Way, ...], known: tuple[Way, ...]) -> Wanted:
        wanted = Wanted(str(leaf), known, leaf.at, sought)
        # What asks the same is the same, however often and in whatever case it was typed.
        return self.same.setdefault((wanted.sought, type(leaf)), wanted)

    @property
    def _exact(self) -> TermField:
        return TermField.PRINTED if self.as_printed else TermField.EXACT

    def _exact_words(self, text: str) -> list[str]:
        if self.as_printed:
            return [word for word, _, _ in printed_words(text)]
        return [word.exact[0] for word in words(text)]

    def _in_order(self, slots: Slots) -> list[Way] | None:
        return [Way(self._exact, slots, By.WORD)] if slots else None

    def _quoted(self, text: str, at: int, limit: int) -> Slots:
        found = self._exact_words(text)
        if len(found) > limit:
            self._left_out(at, len(text), f"Only the first {limit} words of this were searched.")
        return tuple((word,) for word in found[:limit])

    def _prefix_ways(self, leaf: Prefix, text: str, at: int) -> list[Way] | None:
        found = self._exact_words(text)
        if not found:
            return None
        *before, begun = found
        if not self._may_expand(leaf, at):
            return [Way(self._exact, tuple((word,) for word in found), By.WORD)]
        terms, count = self.ways.begun_so(self._exact, begun)
        if count > len(terms):
            message = f"{leaf} stands for {count:,} words; only the {int(PREFIX_WORDS):,} commonest were searched."
            self._left_out(at, len(str(leaf)), message)
        return [Way(self._exact, (*((word,) for word in before), terms), By.WORD)]

    def _fuzzy_ways(self, leaf: Fuzzy, text: str, edits: int | None, at: int) -> list[Way] | None:
        found = self._exact_words(text)
        if len(found) != 1:
            return self._in_order(tuple((word,) for word in found))
        word = found[0]
        if not self._may_expand(leaf, at):
            return [Way(self._exact, ((word,),), By.WORD)]
        if edits is None:
            edits = 1 if len(word) < 6 else 2
        near, count = self.ways.spelt_so(self._exact, word, edits)
        if count > len(near):
            message = f"{leaf} stands for {count:,} words; only the {FUZZY_WORDS} nearest were searched."
            self._left_out(at, len(str(leaf)), message)
        return [Way(self._exact, (near,), By.SPELLING)]

    def _may_expand(self, leaf: Leaf, at: int) -> bool:
        self.expanding += 1
        if self.expanding > EXPANDING_WORDS:
            self._left_out(
                at, len(str(leaf)), f"Only {EXPANDING_WORDS} are looked up; {leaf} was searched as it stands."
            )
        return self.expanding <= EXPANDING_WORDS

    def _left_out(self, at: int, length: int, message: str) -> None:
        self.notices.append(Notice(NoticeKind.LEFT_OUT, message, at, length))


def _symbols_across(texts: list[str]) -> dict[tuple[int, int], str]:
    """Document symbols written with blanks: (first word, end) -> canonical form."""
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    places = {start: place for place, start in enumerate(starts)}
    ends = {start + len(text): place + 1 for place, (start, text) in enumerate(zip(starts, texts, strict=True))}
    found: tuple[SymbolMention, ...] = find_symbols(" ".join(texts))
    return {
        (places[mention.start], ends[mention.end]): mention.canonical
        for mention in found
        if mention.start in places and mention.end in ends and ends[mention.end] - places[mention.start] > 1
    }


def _counted(units: list[Unit]) -> list[Unit]:
    """*units* with single words that ask the same made one, which weighs as much as they did together."""
    counted: dict[object, Unit] = {}
    for unit in units:
        key = unit.words[0].ways if len(unit.words) == 1 and unit.words[0].ways else object()
        if key in counted:
            counted[key] = replace(counted[key], times=counted[key].times + 1)
        else:
            counted[key] = unit
    return list(counted.values())
