"""Whoosh's own queries on our index find what evaluate() and a reader with patience find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import whoosh.index
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import holds, places
from small_index import opened, opened_texts
from strategies import records
from whoosh import query
from whoosh.qparser import QueryParser

from index.codec import ArrayCodec, ReadOnlyIndexError
from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search.match import Budget, evaluate
from search.plan import AllOf, AnyOf, AnyTerm, ButNot, Everything, InOrder, Nothing, Plan

_FIELDS = (TermField.TEXT, TermField.EXACT, TermField.PRINTED, TermField.HEADING)
_TERMS = ("ash", "bay", "bays", "cat", "ashs", "1", "200", "1200", "s", "absent")
_PREFIXES = ("a", "ba", "c", "1", "12", "z")


@st.composite
def leaves(draw: st.DrawFn) -> tuple[Any, Plan]:
    """One Whoosh query and the plan that means the same; Prefix stands in the plan as Nothing until terms are known."""
    field = draw(st.sampled_from(_FIELDS))
    term = st.sampled_from(_TERMS)
    if draw(st.booleans()):
        word = draw(term)
        return query.Term(field.value, word), AnyTerm(field, (word,))
    phrase = draw(st.lists(term, min_size=2, max_size=3))
    return query.Phrase(field.value, phrase), InOrder(field, tuple((word,) for word in phrase))


def pairs() -> st.SearchStrategy[tuple[Any, Plan]]:
    """Queries and plans of several parts."""
    return st.recursive(
        leaves(),
        lambda parts: st.one_of(
            st.lists(parts, min_size=1, max_size=3).map(lambda some: (query.And(_left(some)), AllOf(_right(some)))),
            st.lists(parts, min_size=1, max_size=3).map(lambda some: (query.Or(_left(some)), AnyOf(_right(some)))),
            st.tuples(parts, parts).map(
                lambda two: (query.And([two[0][0], query.Not(two[1][0])]), ButNot(two[0][1], two[1][1]))
            ),
            parts.map(lambda one: (query.Not(one[0]), ButNot(Everything(), one[1]))),
        ),
        max_leaves=5,
    )


def _left(some: Sequence[tuple[Any, Plan]]) -> list[Any]:
    return [one for one, _ in some]


def _right(some: Sequence[tuple[Any, Plan]]) -> tuple[Plan, ...]:
    return tuple(plan for _, plan in some)


def whoosh_finds(asked: Any, snapshot: Snapshot) -> list[int]:
    with whoosh.index.open_dir(str(snapshot.folder)).searcher() as searcher:
        return sorted(hit.docnum for hit in searcher.search(asked, limit=None))


def plan_finds(plan: Plan, snapshot: Snapshot) -> list[int]:
    return evaluate(plan, snapshot, Budget(10**9)).ids.tolist()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(), pairs())
def test_whoosh_the_matcher_and_a_scan_find_the_same(passages: list[PassageRecord], pair: tuple[Any, Plan]) -> None:
    asked, plan = pair
    with opened(passages) as snapshot:
        expected = [position for position, record in enumerate(passages) if holds(plan, record)]
        assert plan_finds(plan, snapshot) == expected
        assert whoosh_finds(asked, snapshot) == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(), st.sampled_from(_FIELDS), st.sampled_from(_PREFIXES))
def test_a_prefix_finds_the_same_by_whoosh_the_matcher_and_a_scan(
    passages: list[PassageRecord], field: TermField, prefix: str
) -> None:
    with opened(passages) as snapshot:
        expected = [
            position
            for position, record in enumerate(passages)
            if any(term.startswith(prefix) for here in places(record, field) for term in here)
        ]
        terms = tuple(snapshot.terms(field).with_prefix(prefix, 1_000))
        assert plan_finds(AnyTerm(field, terms) if terms else Nothing(), snapshot) == expected
        assert whoosh_finds(query.Prefix(field.value, prefix), snapshot) == expected


def test_whoosh_finds_phrases_after_many_repetitions_and_in_long_passages() -> None:
    with opened_texts("ash " * 300 + "bay", "ash " * 70_000 + "bay cat") as snapshot:
        assert whoosh_finds(query.Phrase("exact", ["ash", "bay"]), snapshot) == [0, 1]
        assert whoosh_finds(query.Phrase("exact", ["bay", "cat"]), snapshot) == [1]


@pytest.mark.parametrize("often", [254, 255, 256, 257, 300])
def test_frequencies_around_a_bytes_end_are_right(often: int) -> None:
    with opened_texts("bay", "bay " * often + "ash", "ash ash") as snapshot:
        postings = snapshot.postings(TermField.EXACT, "bay")
        assert postings is not None
        assert postings.frequencies.tolist() == [1, often]
        assert postings.places.tolist() == list(range(often + 1))
        assert whoosh_finds(query.Phrase("exact", ["bay", "ash"]), snapshot) == [1]
        with whoosh.index.open_dir(str(snapshot.folder)).reader() as reader:
            matcher = reader.postings("exact", "ash")
            matcher.skip_to(2)
            assert matcher.value_as("positions") == [0, 1]
            assert matcher.value_as("frequency") == matcher.weight() == 2


def test_whoosh_ranks_and_pages_and_gives_back_document_and_id() -> None:
    texts = ["ash bay", "ash ash", *["cat ash bay dog"] * 400, "bay"]
    with opened_texts(*texts) as snapshot, whoosh.index.open_dir(str(snapshot.folder)).searcher() as searcher:
        results = searcher.search(query.Term("text", "ash"), limit=5)  # block skipping is at work here
        assert results[0].docnum == 1
        assert results[0].fields() == {"document": "d", "id": "i00001"}
        assert len(results) == 402


def test_whooshs_query_parser_sees_words_as_the_index_does() -> None:
    with opened_texts("The prisoners' shari'a, condemn[ed]", "A prisoner; see A/43/705") as snapshot:
        schema = whoosh.index.open_dir(str(snapshot.folder)).schema
        for field, typed, expected in (
            ("text", "Prisoners", [0, 1]),
            ("exact", '"sharia condemned"', [0]),
            ("exact", "PRISONER", [1]),
            ("printed", '"condemn ed"', [0]),
            ("symbol", '"A/43/705"', [1]),
        ):
            assert whoosh_finds(QueryParser(field, schema).parse(typed), snapshot) == expected


def test_vocabularies_are_whooshs_lexicon() -> None:
    with opened_texts("ash bay Bays", "cat", "آزادی ash") as snapshot:
        with whoosh.index.open_dir(str(snapshot.folder)).reader() as reader:
            for field in TermField:
                words = [term.decode() for term in reader.lexicon(field.value)]
                assert list(snapshot.terms(field)) == words
                assert len(snapshot.terms(field)) == len(words)
                for word in words:
                    assert word in snapshot.terms(field)
                    assert snapshot.terms(field).frequency(word) == reader.doc_frequency(field.value, word)
        assert "absent" not in snapshot.terms(TermField.TEXT)
        assert snapshot.terms(TermField.TEXT).frequency("absent") == 0
        assert snapshot.terms(TermField.EXACT).with_prefix("ba", 1) == ["bay"]
        assert snapshot.terms(TermField.EXACT).with_prefix("ba", 9) == ["bay", "bays"]
        assert snapshot.terms(TermField.EXACT).with_prefix("\ud800", 9) == []


def test_nothing_can_be_written_to_a_finished_index() -> None:
    codec = ArrayCodec()
    for writer in (codec.per_document_writer, codec.field_writer, codec.postings_writer):
        with pytest.raises(ReadOnlyIndexError):
            writer(None, None)
