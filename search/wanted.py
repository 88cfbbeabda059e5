"""What a question wants of a passage, word by word: in which ways each may stand there, and the plan that asks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.schema import TermField
from index.snapshot import Snapshot
from search.plan import AllOf, AnyOf, AnyTerm, ButNot, Everything, InOrder, Near, Nothing, Plan
from search.query import Field
from search.results import By, Notice, NoticeKind
from search.spellings import folded_words

Slots = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a wanted word may stand in a text: a place for each slot, each any of its terms.

    One after another, or with at most *between* others among them in any order. *spelt* is the one word that a listed
    spelling has for it, of which the index may hold the stem alone.
    """

    field: TermField
    slots: Slots
    by: By
    between: int | None = None
    spelt: str | None = None

    def plan(self, weight: float = 1.0) -> Plan:
        """What the matcher is asked for it."""
        if len(self.slots) == 1:
            return AnyTerm(self.field, self.slots[0], weight)
        if self.between is not None:
            return Near(self.field, self.slots, self.between, weight)
        return InOrder(self.field, self.slots, weight)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word or phrase of the question; *text* is how it was typed.

    *ways* are those in which some passage may have it; *sought* are all, for headings, which have words of their own.
    """

    text: str
    ways: tuple[Way, ...]
    at: int = 0
    sought: tuple[Way, ...] = ()

    def plan(self, weight: float = 1.0) -> Plan:
        """Holds where it stands in any of its ways. Single terms of one field count as one word."""
        if len(self.ways) == 1:
            return self.ways[0].plan(weight)
        terms: dict[TermField, dict[str, None]] = {}
        plans: list[Plan] = []
        for way in self.ways:
            if len(way.slots) == 1:
                terms.setdefault(way.field, {}).update(dict.fromkeys(way.slots[0]))
            else:
                plans.append(way.plan(weight))
        return any_of([*(AnyTerm(at, tuple(these), weight) for at, these in terms.items()), *plans])

    def loose_plan(self, weight: float = 1.0) -> Plan:
        """Holds also where the parts of a word (cover-up) all stand, but apart."""
        plans: list[Plan] = []
        for way in self.ways or self.sought:
            if len(way.slots) > 1 and way.between is None and way.by is By.WORD:
                plans.append(all_of([AnyTerm(way.field, slot, weight) for slot in way.slots]))
        if not plans:
            return self.plan(weight)
        others = replace(self, ways=tuple(way for way in self.ways if len(way.slots) == 1 or way.by is not By.WORD))
        return any_of([*plans, others.plan(weight)])


@dataclass(frozen=True, slots=True)
class Unit:
    """Plain words side by side that may also be met as a *whole*: as a symbol, a name, a term of several words.

    *times* is how often the question says them.
    """

    words: tuple[Wanted, ...]
    whole: Wanted | None = None
    times: int = 1

    def plan(self) -> Plan:
        """Holds where all its words stand, or the whole."""
        each = all_of([word.plan(self.times) for word in self.words])
        return any_of([each, self.whole.plan(self.times)]) if self.whole else each

    def any_plan(self) -> list[Plan]:
        """What may hold in a passage that lacks words."""
        wholes = [self.whole.plan(self.times)] if self.whole else []
        return [*(word.loose_plan(self.times) for word in self.words), *wholes]


@dataclass(frozen=True, slots=True)
class Planned:
    """A query as the matcher is asked it. *units* are its plain words, *fixed* all that is never relaxed."""

    plan: Plan
    units: tuple[Unit, ...] = ()
    fixed: tuple[Plan, ...] = ()
    wanted: tuple[Wanted, ...] = ()  # all words and phrases that are wanted, in the order typed
    names: tuple[Wanted, ...] = ()  # of officials who are asked for by a field: only to be marked
    fields: tuple[Field, ...] = ()  # properties that are wanted
    notices: tuple[Notice, ...] = ()

    @property
    def relaxed(self) -> Plan | None:
        """Holds for passages with at least one of the plain words; None where there are not several to choose from."""
        optional = [plan for unit in self.units for plan in unit.any_plan()]
        if sum(len(unit.words) for unit in self.units) < 2:
            return None
        return all_of([any_of(optional), *self.fixed])


def standing_nowhere(wanted: Wanted, length: int) -> Notice:
    """The notice that no passage has *wanted*, which takes up *length* characters of the question."""
    quoted = wanted.text[1:-1] if wanted.text[:1] == wanted.text[-1:] == '"' else wanted.text
    return Notice(NoticeKind.ABSENT, f"No passage of this collection has “{quoted}”.", wanted.at, length)


def all_of(plans: Sequence[Plan]) -> Plan:
    """Holds where all *plans* do; those that hold everywhere ask nothing."""
    kept = [plan for plan in plans if not isinstance(plan, Everything)]
    if any(isinstance(plan, Nothing) for plan in kept):
        return Nothing()
    return AllOf(tuple(kept)) if len(kept) > 1 else kept[0] if kept else Everything()


def any_of(plans: Sequence[Plan]) -> Plan:
    """Holds where at least one of *plans* does; none holds nowhere."""
    kept = [plan for plan in plans if not isinstance(plan, Nothing)]
    return AnyOf(tuple(kept)) if len(kept) > 1 else kept[0] if kept else Nothing()


def joined(plans: list[Plan]) -> Plan:
    """All of *plans*; what they exclude is taken away once, at the end."""
    without = [plan.without for plan in plans if isinstance(plan, ButNot) and isinstance(plan.part, Everything)]
    rest = [plan for plan in plans if not (isinstance(plan, ButNot) and isinstance(plan.part, Everything))]
    wanted = all_of(rest)
    excluded = any_of(without)
    if isinstance(excluded, Nothing) or isinstance(wanted, Nothing):
        return wanted
    return ButNot(wanted, excluded)


def names_of(snapshot: Snapshot, official: str) -> Wanted:
    """All spellings of an official's name, to be marked in passages about him or her."""
    known = next((one for one in snapshot.authorities.officials if one.id == official), None)
    spelt = dict.fromkeys(map(folded_words, known.names())) if known else {}
    ways = tuple(Way(TermField.EXACT, tuple((word,) for word in name), By.NAME) for name in spelt if name)
    return Wanted(known.name if known else official, ways, sought=ways)
