"""Words spelt nearly alike are those that comparing with every word finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search.wordlist import WordList

LETTERS = st.text("abcé۱ز2𐀀", min_size=1, max_size=7)


@given(st.sets(st.one_of(LETTERS, st.text(min_size=1, max_size=4)), max_size=20), LETTERS, st.integers(0, 2))
def test_the_nearest_are_those_of_a_scan(words: set[str], word: str, edits: int) -> None:
    distances = {one: OSA.distance(word, one) for one in words}
    expected = sorted((one for one in words if distances[one] <= edits), key=lambda one: (distances[one], one))
    assert WordList(sorted(words)).nearest(word, edits) == expected


def test_of_no_words_none_is_near() -> None:
    assert WordList([]).nearest("word", 2) == []
