"""A cluster finds the same passages as the local engine, in the same order, with the same counts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from fed import both, random_records
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import MONTHS, OFFICIALS, SOURCES, plans

from index.cluster.client import Cluster
from index.schema import TermField
from search.cluster_engine import ClusterEngine
from search.engine import Page
from search.local_engine import LocalEngine
from search.plan import InOrder, Near, Plan
from search.results import Sort
from search.selection import NOTHING_CHOSEN, FacetName, Selection

PASSAGES = 300
EXAMPLES = int(os.environ.get("CLUSTER_EXAMPLES", "150"))
EVERYTHING = Page(Sort.DOCUMENT, 0, PASSAGES)
Engines = tuple[LocalEngine, ClusterEngine]


@pytest.fixture(scope="module", params=(1, 5))
def engines(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[Engines]:
    with both(cluster, f"test-plans-{request.param}", request.param, random_records(PASSAGES, 1)) as (here, remote):
        yield LocalEngine(here), remote


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


selections = st.one_of(
    st.just(NOTHING_CHOSEN),
    st.builds(
        Selection,
        source_types=some((*SOURCES, "none")),
        officials=some(OFFICIALS),
        months=some((*MONTHS, "1999-01")),
        kinds=some(("body", "footnote")),
        documents=some(("d0", "d3")),
    ),
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans(), selection=selections, limit=st.sampled_from((2, 100)))
def test_the_same_passages_and_counts(engines: Engines, plan: Plan, selection: Selection, limit: int) -> None:
    local, remote = (
        engine.round().ask(plan, selection, EVERYTHING, limits={FacetName.OFFICIAL: limit}) for engine in engines
    )

    assert not remote.left_out
    assert remote.total == local.total
    assert [position for position, _ in remote.hits] == [position for position, _ in local.hits]
    assert remote.facets == local.facets


@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=plans(), other=plans(), first=st.integers(0, 30), sort=st.sampled_from((Sort.DATE, Sort.DOCUMENT)))
def test_the_same_page_of_what_another_answer_leaves(
    engines: Engines, one: Plan, other: Plan, first: int, sort: Sort
) -> None:
    answers = []
    for engine in engines:
        asked = engine.round()
        found = asked.ask(one, NOTHING_CHOSEN, Page(sort, 0, 0))
        rest = asked.ask(other, NOTHING_CHOSEN, Page(sort, first, first + 10), but=found)
        positions = [position for position, _ in rest.hits]
        holding = asked.standing([one, other], positions).tolist() if positions else []
        answers.append((found.total, asked.total(one, NOTHING_CHOSEN), rest.total, positions, holding))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("field", [TermField.EXACT, TermField.PRINTED])
@pytest.mark.parametrize("between", [0, 1, 3])
@pytest.mark.parametrize(
    "words",
    [
        "ash ash",
        "ash ash ash",
        "ash ash bay",
        "bay cat baycat",
        "cat ash catash",
        "ash ashs",
        "ash bay cat bays",
        "ash ash bay bay",
        "200 1 ash",
    ],
)
def test_a_word_said_twice_has_two_places(engines: Engines, field: TermField, between: int, words: str) -> None:
    slots = tuple((word,) for word in words.split())
    for plan in (Near(field, slots, between), InOrder(field, slots)):
        local, remote = (engine.round().ask(plan, NOTHING_CHOSEN, EVERYTHING) for engine in engines)

        assert not remote.left_out
        assert [position for position, _ in remote.hits] == [position for position, _ in local.hits]


@pytest.mark.parametrize("between", [0, 2, 9])
@pytest.mark.parametrize(
    "words", ["ash bay cat bays 1", "ash ash bay bay cat cat 1", "ash bay cat ashs bays cats 200 1"]
)
def test_nearness_of_many_words_is_looked_up_passage_by_passage(engines: Engines, words: str, between: int) -> None:
    plan = Near(TermField.EXACT, tuple((word,) for word in words.split()), between)
    local, remote = (engine.round().ask(plan, NOTHING_CHOSEN, EVERYTHING) for engine in engines)

    assert not remote.left_out
    assert [position for position, _ in remote.hits] == [position for position, _ in local.hits]


def test_nearness_of_many_words_in_too_many_passages_is_told_and_not_guessed(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.cluster_engine._LOOKED_AT", 0)
    plan = Near(TermField.EXACT, tuple((word,) for word in ["ash", "bay", "cat", "bays", "1", "ash"]), 6)

    assert engines[1].round().ask(plan, NOTHING_CHOSEN, EVERYTHING).left_out == (plan,)
