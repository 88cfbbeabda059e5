"""The best come first, equal ones in the order in which they stand, and the same question pages the same way twice."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_index import opened, opened_texts, passage

from index.analyzers import words
from index.schema import TermField
from search.function_words import FUNCTION_WORDS
from search.match import Budget, evaluate
from search.plan import AnyTerm
from search.ranking import FieldWeight, Ranking, best, inverse_frequency, length_factors


@given(st.lists(st.sampled_from((0.0, 0.5, 1.0, 2.0)), max_size=60), st.integers(0, 70), st.integers(0, 70))
def test_the_best_are_those_of_a_stable_sort(scores: list[float], first: int, last: int) -> None:
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[first:last]
    assert best(np.array(scores, np.float32), first, last).tolist() == expected


def test_ties_among_thousands_go_by_place() -> None:
    scores = np.tile(np.array([1, 2, 1, 3], np.float32), 5_000)
    expected = [*range(3, 20_000, 4), *range(1, 20_000, 4)]
    assert best(scores, 0, 9_000).tolist() == expected[:9_000]
    assert best(scores, 4_990, 5_010).tolist() == expected[4_990:5_010]


def test_a_word_everywhere_is_worth_little_and_never_less_than_nothing() -> None:
    assert inverse_frequency(1, 100) > inverse_frequency(50, 100) > inverse_frequency(100, 100) > 0


def test_scores_are_those_of_the_formula() -> None:
    """BM25F written out for one passage: a word twice in five words and once in its heading of two."""
    ranking = Ranking(k1=1.5, text=FieldWeight(1.0, 0.5), others={TermField.HEADING: FieldWeight(0.8, 0.25)})
    passages = [
        passage(0, "ash bay ash cat dog", section_path=("Ash tree",)),
        passage(1, "cat", section_path=("Tree",)),
        passage(2, "bay bay bay", section_path=()),
    ]
    with opened(passages) as snapshot:
        (score,) = evaluate(AnyTerm(TermField.TEXT, ("ash",)), snapshot, Budget(10**6), ranking).scores.tolist()
    text = 2 / (0.5 + 0.5 * 5 / 3)  # the mean length is 3
    heading = 0.8 * 1 / (0.75 + 0.25 * 2 / 1)  # the mean length is 1
    frequency = text + heading
    worth = log(1 + 2.5 / 1.5) * (2 + 1) / 1  # twice in the one passage that has it
    assert score == pytest.approx(worth * 2.5 * frequency / (1.5 + frequency), rel=1e-5)


def test_length_factors_of_an_empty_field_are_even() -> None:
    with opened_texts("ash", "bay") as snapshot:
        assert length_factors(snapshot, TermField.CITED, FieldWeight(0.5, 0.5)).tolist() == [1.0, 1.0]


def test_of_words_equally_rare_the_repeated_one_is_worth_more_up_to_a_bound() -> None:
    ranking = Ranking(repetition_max=3.0)
    worths = [ranking.worth(10, occurrences, 100) for occurrences in (10, 19, 29, 290)]
    assert worths[0] < worths[1] < worths[2] == worths[3]
    assert worths[2] == pytest.approx(3 * inverse_frequency(10, 100))
    assert ranking.worth(0, 0, 100) > 0


@pytest.mark.parametrize("word", ["the", "being", "against", "در", "برای"])
def test_function_words_weigh_a_tenth(word: str) -> None:
    (term,) = {stem for one in words(word) for stem in one.stems}
    with opened_texts(f"{word} ash", f"ash {word}", "ash", word, "bay") as snapshot:
        here, ash = (
            evaluate(AnyTerm(TermField.TEXT, (one,)), snapshot, Budget(10**6)).scores[0] for one in (term, "ash")
        )
    assert 0 < here == pytest.approx(ash / 10)


@pytest.mark.parametrize("word", ["may", "who", "us", "will", "can", "mine", "مرگ"])
def test_words_that_are_also_names_of_things_weigh_in_full(word: str) -> None:
    assert word not in FUNCTION_WORDS
