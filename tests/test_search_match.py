"""Plans hold for the passages that a reader with patience would find."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import matching, phrase
from small_index import opened, opened_texts, passage
from strategies import plans, records

from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search.match import NEAR_SLOTS_MAX, Budget, TooManySlotsError, evaluate
from search.places import among, union
from search.plan import AllOf, AnyOf, AnyTerm, ButNot, Everything, InOrder, Near, OneOf, Plan

PLENTY = 10**9
EXACT, TEXT = TermField.EXACT, TermField.TEXT


def found(plan: Plan, snapshot: Snapshot) -> list[int]:
    return evaluate(plan, snapshot, Budget(PLENTY)).ids.tolist()


def in_order(words: str) -> InOrder:
    return InOrder(EXACT, tuple((word,) for word in words.split()))


def near(words: str, between: int) -> Near:
    return Near(EXACT, tuple((word,) for word in words.split()), between)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(), plans())
def test_a_plan_holds_where_reading_every_passage_says_so(passages: list[PassageRecord], plan: Plan) -> None:
    with opened(passages) as snapshot:
        matches = evaluate(plan, snapshot, Budget(PLENTY))

        assert matches.ids.tolist() == matching(plan, passages)
        assert matches.ids.dtype == np.uint32
        assert matches.scores.dtype == np.float32
        assert len(matches.scores) == len(matches.ids)
        assert np.isfinite(matches.scores).all()
        assert not matches.left_out


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(max_size=6), plans(), plans())
def test_a_part_scores_the_same_beside_others(passages: list[PassageRecord], one: Plan, other: Plan) -> None:
    """Asked within few passages a part takes other ways, and must come to the same figures."""
    with opened(passages) as snapshot:
        alone = dict(zip(*_lists(evaluate(one, snapshot, Budget(PLENTY))), strict=True))
        beside = dict(zip(*_lists(evaluate(other, snapshot, Budget(PLENTY))), strict=True))
        both = evaluate(AllOf((one, other)), snapshot, Budget(PLENTY))

        expected = [np.float32(alone[number]) + np.float32(beside[number]) for number in both.ids.tolist()]
        assert both.scores.tolist() == pytest.approx(expected, rel=1e-5)


def _lists(matches: object) -> tuple[list[int], list[float]]:
    return matches.ids.tolist(), matches.scores.tolist()  # type: ignore[attr-defined]


def test_a_phrase_is_found_after_a_word_that_stands_300_times() -> None:
    with opened_texts("ash " * 300 + "bay", "bay ash", "ash " * 300) as snapshot:
        assert found(in_order("ash bay"), snapshot) == [0]
        assert found(in_order("ash " * 299 + "ash bay"), snapshot) == [0]
        assert found(in_order("ash " * 301 + "bay"), snapshot) == []
        postings = snapshot.postings(EXACT, "ash")
        assert postings is not None
        assert postings.frequencies.tolist() == [300, 1, 300]


def test_a_phrase_is_found_at_the_end_of_a_passage_of_70000_words() -> None:
    with opened_texts("bay", "ash " * 70_000 + "bay cat", "cat") as snapshot:
        assert found(in_order("ash bay cat"), snapshot) == [1]
        assert found(near("cat ash", 1), snapshot) == [1]
        assert found(near("cat ash", 0), snapshot) == []


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("the denial came late", True),
        ("the denial … came “late”", True),
        ("The denial—came-late", True),
        ("the [denial] came lat[e]", True),
        ("the d[enial] came late", True),
        ("the denial came (late)", True),
        ("the denial came, late", True),
        ("came the denial late", False),
        ("the denial came too late", False),
        ("the denials came late", False),
    ],
)
def test_a_phrase_crosses_signs_and_no_words(text: str, holds: bool) -> None:
    with opened_texts(text) as snapshot:
        assert found(in_order("the denial came late"), snapshot) == ([0] if holds else [])


def test_a_phrase_goes_by_the_reading_order_of_a_run_in_visual_order() -> None:
    with opened_texts("“متحد ملل سازمان به ایران های پاسخ”", "محالتی") as snapshot:
        assert found(in_order("پاسخ های ایران به سازمان ملل متحد"), snapshot) == [0]
        assert found(in_order("متحد ملل"), snapshot) == []
        assert found(InOrder(TermField.PRINTED, (("متحد",), ("ملل",))), snapshot) == [0]
        assert found(in_order("محلاتی"), snapshot) == [1]


def test_a_phrase_does_not_run_from_one_passage_into_the_next() -> None:
    with opened_texts("ash", "bay cat", "", "ash bay") as snapshot:
        assert found(in_order("ash bay"), snapshot) == [3]
        assert found(near("ash bay", 5), snapshot) == [3]
    with opened_texts("ash ash ash", "bay", "ash bay") as snapshot:  # now the second word is the rarer one
        assert found(in_order("ash bay"), snapshot) == [2]
        assert found(near("ash bay", 5), snapshot) == [2]


@pytest.mark.parametrize(
    ("text", "words", "between", "holds"),
    [
        ("ash one two bay", "ash bay", 2, True),
        ("ash one two bay", "bay ash", 2, True),
        ("ash one two bay", "ash bay", 1, False),
        ("ash", "ash ash", 5, False),
        ("ash one ash", "ash ash", 1, True),
        ("ash bay", "ash bay ash", 5, False),
        ("ash bay one ash", "ash bay ash", 1, True),
        ("cat one ash two bay", "ash bay cat", 2, True),
        ("cat one ash two bay", "ash bay cat", 1, False),
        ("ash[bay]", "ash bay", 5, False),  # both are parts of one word, and have one place between them
        ("ash[bay] bay", "ash bay", 0, True),
        ("ash[bay] cat", "ash bay cat", 5, False),
        ("ash[bay] cat ash", "ash bay cat", 0, True),
        ("ash'bay'cat ash'bay'cat", "ash bay cat", 9, False),
        ("ash'bay'cat ash'bay'cat one bay", "ash bay cat", 1, True),
    ],
)
def test_nearness_counts_the_words_between(text: str, words: str, between: int, holds: bool) -> None:
    with opened_texts(text) as snapshot:
        assert found(near(words, between), snapshot) == ([0] if holds else [])


def test_nearness_of_too_many_words_is_refused_rather_than_slow() -> None:
    with opened_texts("ash") as snapshot, pytest.raises(TooManySlotsError):
        found(near(" ".join(f"w{number}" for number in range(NEAR_SLOTS_MAX + 1)), 3), snapshot)


def test_a_part_beyond_the_budget_is_left_out_and_named() -> None:
    common, rare = AnyTerm(TEXT, ("ash",)), AnyTerm(TEXT, ("bay",))
    with opened([passage(number, "ash" if number else "ash bay") for number in range(50)]) as snapshot:
        for plan, ids in (
            (AllOf((common, rare)), [0]),
            (AnyOf((common, rare)), [0]),
            (ButNot(rare, common), [0]),
            (common, []),
        ):
            matches = evaluate(plan, snapshot, Budget(10))
            assert matches.ids.tolist() == ids
            assert matches.left_out == (common,)
        assert evaluate(InOrder(TEXT, (("ash",), ("ash",))), snapshot, Budget(10)).left_out
        assert evaluate(Near(TEXT, (("ash",), ("ash",)), 3), snapshot, Budget(10)).left_out


def test_a_rare_word_among_common_ones_is_read_first_and_pays_for_them() -> None:
    words = " ".join(["ash"] * 30)
    with opened([passage(number, words + (" bay" if number == 7 else "")) for number in range(60)]) as snapshot:
        budget = Budget(PLENTY)
        plan = AllOf((InOrder(EXACT, (("ash",), ("ash",))), AnyTerm(EXACT, ("bay",))))
        assert evaluate(plan, snapshot, budget).ids.tolist() == [7]
        assert PLENTY - budget.left < 200


def test_more_of_a_word_in_fewer_words_scores_higher_and_a_repeated_query_word_counts_more() -> None:
    with opened_texts("ash bay cat", "ash ash bay", "ash " + "bay cat " * 4, "dog") as snapshot:
        plan = AnyTerm(TEXT, ("ash",))
        scores = evaluate(plan, snapshot, Budget(PLENTY)).scores
        assert scores[1] > scores[0] > scores[2]
        twice = evaluate(AnyTerm(TEXT, ("ash",), weight=2.0), snapshot, Budget(PLENTY)).scores
        assert twice.tolist() == pytest.approx((2 * scores).tolist())


def test_a_word_in_the_heading_ranks_a_passage_higher_and_makes_none_a_hit() -> None:
    passages = [passage(0, "ash"), passage(1, "ash", section_path=("Ash",)), passage(2, "bay", section_path=("Ash",))]
    with opened(passages) as snapshot:
        matches = evaluate(AnyTerm(TEXT, ("ash",)), snapshot, Budget(PLENTY))
        assert matches.ids.tolist() == [0, 1]
        assert matches.scores[1] > matches.scores[0]
        assert found(AnyTerm(TermField.HEADING, ("ash",)), snapshot) == [1, 2]


def test_terms_of_one_word_that_stand_in_different_passages_are_not_mixed_up() -> None:
    with opened_texts("ash bay", "ash cat", "ash") as snapshot:
        words, other = AnyTerm(EXACT, ("bay", "cat")), AnyTerm(EXACT, ("ash",))
        apart = evaluate(words, snapshot, Budget(PLENTY)).scores + evaluate(other, snapshot, Budget(PLENTY)).scores[:2]
        for parts in ((other, words), (words, other), (other, other, words)):
            both = evaluate(AllOf((AnyOf(parts[:-1]), parts[-1])), snapshot, Budget(PLENTY))
            assert both.ids.tolist() == [0, 1]
        both = evaluate(AllOf((OneOf("kind", ("body",)), other, words)), snapshot, Budget(PLENTY))
        assert both.scores.tolist() == pytest.approx(apart.tolist())
        within = evaluate(AllOf((InOrder(EXACT, (("ash",), ("bay", "cat"))), words)), snapshot, Budget(PLENTY))
        phrase_alone = evaluate(InOrder(EXACT, (("ash",), ("bay", "cat"))), snapshot, Budget(PLENTY)).scores
        alone = evaluate(words, snapshot, Budget(PLENTY)).scores
        assert within.scores.tolist() == pytest.approx((phrase_alone + alone).tolist())


def test_conditions_are_not_scored() -> None:
    with opened([passage(0, "ash", officials=("x",)), passage(1, "ash")]) as snapshot:
        matches = evaluate(AllOf((OneOf("official", ("x",)), Everything())), snapshot, Budget(PLENTY))
        assert matches.ids.tolist() == [0]
        assert matches.scores.tolist() == [0.0]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_empty_index_answers_every_plan_with_nothing(empty: Snapshot, data: st.DataObject) -> None:
    assert found(data.draw(plans()), empty) == []


@pytest.fixture(scope="module")
def empty() -> Iterator[Snapshot]:
    with opened([]) as snapshot:
        yield snapshot


@pytest.mark.parametrize("seed", range(6))
def test_what_two_lists_share_is_found_by_every_way_of_looking(seed: int) -> None:
    random = np.random.default_rng(seed)
    for few, many, span in (
        (5, 5_000, 10_000),
        (4_000, 4_000, 9_000),
        (300, 300, 10_000_000),
        (200_000, 160_000, 9_500_000),
    ):
        one = np.unique(random.integers(0, span, few)).astype(np.uint32)
        other = np.unique(random.integers(0, span, many)).astype(np.uint32)
        assert among(one, other).tolist() == np.isin(one, other).tolist()
        assert among(other, one).tolist() == np.isin(other, one).tolist()
        assert union([one, other]).tolist() == np.union1d(one, other).tolist()


def test_the_oracle_counts_phrases_that_overlap() -> None:
    assert phrase([{"a"}, {"a"}, {"a"}], [("a",), ("a",)]) == 2
