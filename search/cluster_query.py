"""From a plan to the query that a cluster answers: the same passages, from terms that our own analyzers made.

Words in order and words near each other are span queries. Lucene's ordered spans are exact where each clause is one
place wide, as here. Its unordered ones take one place for two clauses ("ash ash", or two terms of one place); so where
that may happen each order of the words is asked by itself. Where there are too many orders, the unordered question is
asked, which holds for too many passages, and those are looked at one by one (search.nearness).

The score of a word is Lucene's BM25, with the parameters of search.ranking, times what search.ranking says it is worth
beside its rarity. Headings and citations, whose words search.ranking adds before it saturates, add what that comes to
in a passage of middling length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

from index.cluster.mapping import token
from index.schema import TermField
from index.snapshot import Snapshot
from search.function_words import FUNCTION_WORDS
from search.plan import AllOf, Among, AnyOf, AnyTerm, ButNot, Everything, InOrder, Near, Nothing, OneOf, Plan
from search.ranking import DEFAULT_RANKING, Ranking

Asked = dict[str, Any]

NOTHING: Asked = {"match_none": {}}
FEW_TERMS = 50  # scored one by one; more, as of a prefix, are scored alike
CLAUSES_MAX = 900  # of one question, filters aside; Lucene refuses more than 1,024
_LEAVES = ("term", "terms", "span_term", "match_all", "match_none")
Levels = Callable[[TermField, Sequence[str]], Mapping[str, tuple[int, ...]]]
Settle = Callable[[Near], Sequence[int] | None]  # at which positions it holds; None where that is too much to look at


class Translation:
    """One plan on its way. *levels* says at which levels of a field each of some terms stands (index.cluster.mapping).

    *left_out* collects the parts that cannot be asked; as with the local engine, they exclude nothing in an AllOf and
    add nothing in an AnyOf. A *plain* one finds the same passages with fewer clauses, and scores them roughly.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        levels: Levels,
        settle: Settle,
        ranking: Ranking = DEFAULT_RANKING,
        *,
        plain: bool = False,
    ) -> None:
        self._snapshot = snapshot
        self._levels = levels
        self._settle = settle
        self._ranking = ranking
        self._plain = plain
        self._clauses = 0
        self.left_out: list[Plan] = []

    def query(self, plan: Plan) -> Asked:
        """What is asked for *plan*."""
        return self._query(plan) or NOTHING

    def _query(self, plan: Plan) -> Asked | None:
        match plan:
            case Nothing():
                return NOTHING
            case Everything():
                return {"match_all": {"boost": 0}}
            case OneOf(column, values):
                return {"bool": {"filter": [{"terms": {column: list(values)}}]}}
            case Among(positions):
                return {"bool": {"filter": [{"terms": {"position": list(positions)}}]}}
            case AnyTerm():
                return self._bounded(plan, self._any_term(plan))
            case InOrder():
                return self._bounded(plan, self._spans(plan, plan.slots, self._in_order))
            case Near():
                return self._bounded(plan, self._spans(plan, plan.slots, lambda slots: self._near(plan, slots)))
            case AllOf(parts):
                asked = [one for part in parts if (one := self._query(part)) is not None]
                return {"bool": {"must": asked}} if asked else None if parts else {"match_all": {"boost": 0}}
            case AnyOf(parts):
                asked = [one for part in parts if (one := self._query(part)) is not None]
                if parts and not asked:
                    return None
                return {"bool": {"should": asked, "minimum_should_match": 1}} if asked else NOTHING
            case ButNot(part, without):
                kept, taken = self._query(part), self._query(without)
                if kept is None or taken is None:
                    return kept
                return {"bool": {"must": [kept], "must_not": [taken]}}

    def _bounded(self, plan: Plan, asked: Asked | None) -> Asked | None:
        """*asked*; None, and *plan* among those left out, where there would be too many clauses with it."""
        if asked is None or not self._plain:
            return asked
        count = clauses(asked)
        if self._clauses + count > CLAUSES_MAX:
            self.left_out.append(plan)
            return None
        self._clauses += count
        return asked

    # --- one word

    def _any_term(self, plan: AnyTerm) -> Asked:
        terms = tuple(dict.fromkeys(plan.terms))
        if not terms:
            return NOTHING
        if self._plain or len(terms) > FEW_TERMS:
            worth = plan.weight * self._worth(plan.field, terms)
            at = {level for these in self._levels(plan.field, terms).values() for level in these}
            tokens = list(map(token, terms))
            asked = [{"terms": {f"{plan.field}_{level}": tokens, "boost": worth}} for level in sorted(at)]
            return {"dis_max": {"queries": asked}} if asked else NOTHING
        standing = self._levels(plan.field, terms)
        words: list[Asked] = []
        beside: list[Asked] = []
        for term in terms:
            boost = plan.weight * self._repetition(plan.field, term) * (self._ranking.k1 + 1)
            for level in standing[term]:
                words.append({"term": {f"{plan.field}_{level}": {"value": token(term), "boost": boost}}})
            for other in self._ranking.others if plan.field is TermField.TEXT else ():
                found = {"term": {f"{other}_0": token(term)}}
                worth = plan.weight * self._worth(plan.field, (term,)) * self._beside(other)
                beside.append({"constant_score": {"filter": found, "boost": worth}})
        if not words:
            return NOTHING
        return {"bool": {"must": [{"bool": {"should": words, "minimum_should_match": 1}}], "should": beside}}

    def _beside(self, other: TermField) -> float:
        """What a word in *other* adds to one that stands once in the text, as a share of the word's worth."""
        k1, more = self._ranking.k1, self._ranking.of(other).weight
        return (k1 + 1) * ((1 + more) / (1 + more + k1) - 1 / (1 + k1))

    def _repetition(self, field: TermField, term: str) -> float:
        known = self._snapshot.terms(field)
        documents = known.frequency(term)
        if not documents:
            return 1.0
        repeated = min((known.occurrences(term) + 1) / documents, self._ranking.repetition_max)
        return repeated * (self._ranking.function_word if term in FUNCTION_WORDS else 1.0)

    def _worth(self, field: TermField, terms: Sequence[str]) -> float:
        known, passages = self._snapshot.terms(field), self._snapshot.passage_count
        documents = min(sum(map(known.frequency, terms)), passages)
        worth = self._ranking.worth(documents, sum(map(known.occurrences, terms)), passages)
        return worth * (self._ranking.function_word if FUNCTION_WORDS.issuperset(terms) else 1.0)

    # --- several words

    def _spans(
        self, plan: InOrder | Near, slots: Sequence[Sequence[str]], ask: Callable[[list[Asked]], Asked | None]
    ) -> Asked | None:
        """What *ask* makes of the slots as span queries, weighed; None where it is left out."""
        if not slots or not all(slots):
            return NOTHING
        if len(slots) == 1:
            return self._any_term(AnyTerm(plan.field, tuple(slots[0]), plan.weight))
        terms = tuple(dict.fromkeys(term for slot in slots for term in slot))
        standing = self._levels(plan.field, terms)
        asked = [self._slot(plan.field, slot, standing) for slot in slots]
        if any(one is None for one in asked):
            return NOTHING
        found = ask([one for one in asked if one is not None])
        if found is None:
            self.left_out.append(plan)
            return None
        next(iter(found.values()))["boost"] = plan.weight * (self._ranking.k1 + 1)
        return found

    def _slot(self, field: TermField, slot: Sequence[str], standing: Mapping[str, tuple[int, ...]]) -> Asked | None:
        """A place of any of the terms of *slot*; None where none of them stands anywhere."""
        places: list[Asked] = []
        for term in sorted(set(slot)):
            for level in standing[term]:
                place: Asked = {"span_term": {f"{field}_{level}": token(term)}}
                if level:
                    place = {"field_masking_span": {"query": place, "field": f"{field}_0"}}
                places.append(place)
        if len(places) < 2:
            return places[0] if places else None
        return {"span_or": {"clauses": places}}

    def _in_order(self, slots: list[Asked]) -> Asked:
        return {"span_near": {"clauses": slots, "slop": 0, "in_order": True}}

    def _near(self, plan: Near, slots: list[Asked]) -> Asked | None:
        terms = [set(slot) for slot in plan.slots]
        together = set().union(*terms)
        standing = self._levels(plan.field, tuple(together))
        if sum(map(len, terms)) == len(together) and not any(any(levels) for levels in standing.values()):
            return _loose(plan, slots)
        if orders := _orders(slots):
            nears = [{"span_near": {"clauses": order, "slop": plan.between, "in_order": True}} for order in orders]
            return {"span_or": {"clauses": nears}}
        positions = self._settle(plan)
        if positions is None:
            return None
        return {"bool": {"must": [_loose(plan, slots)], "filter": [{"terms": {"position": list(positions)}}]}}

    def loosely(self, plan: Near) -> Asked:
        """What holds wherever *plan* does, and where two of its words share a place."""
        terms = tuple(dict.fromkeys(term for slot in plan.slots for term in slot))
        standing = self._levels(plan.field, terms)
        slots = [self._slot(plan.field, slot, standing) for slot in plan.slots]
        found = [slot for slot in slots if slot is not None]
        return _loose(plan, found) if len(found) == len(slots) else NOTHING


def _loose(plan: Near, slots: list[Asked]) -> Asked:
    return {"span_near": {"clauses": slots, "slop": plan.between, "in_order": False}}


def clauses(asked: object) -> int:
    """How many clauses Lucene counts in *asked*."""
    match asked:
        case dict():
            return sum(name in _LEAVES for name in asked) + sum(map(clauses, asked.values()))
        case list():
            return sum(map(clauses, asked))
        case _:
            return 0


def _orders(slots: list[Asked]) -> list[list[Asked]]:
    """*slots* in each order in which they may stand; none where that is too much to ask."""
    numbers = [slots.index(slot) for slot in slots]  # equal slots are one
    size = sum(len(next(iter(slot.values())).get("clauses", (1,))) for slot in slots)
    chosen: set[tuple[int, ...]] = set()
    for order in permutations(numbers):
        chosen.add(order)
        if len(chosen) * size > CLAUSES_MAX:
            return []
    return [[slots[number] for number in order] for order in sorted(chosen)]
