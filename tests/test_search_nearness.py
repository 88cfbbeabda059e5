"""Nearness looked up place by place is what the oracle says it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from oracle import near as by_trying

from search.nearness import near

words = st.sampled_from("abcd")
texts = st.lists(st.lists(words, min_size=1, max_size=2, unique=True).map(tuple), max_size=9)
questions = st.lists(st.lists(words, min_size=1, max_size=2, unique=True), min_size=1, max_size=4)


@given(texts, questions, st.integers(0, 4))
def test_each_word_has_a_place_of_its_own(places: list[tuple[str, ...]], slots: list[list[str]], between: int) -> None:
    assert near(places, [frozenset(slot) for slot in slots], between) == by_trying(
        [set(here) for here in places], slots, between
    )


def test_eight_words_that_share_all_places_are_told_at_once() -> None:
    everything = frozenset("ab")

    assert near([("a", "b")] * 8, [everything] * 8, 0)
    assert not near([("a", "b")] * 7, [everything] * 8, 50)
