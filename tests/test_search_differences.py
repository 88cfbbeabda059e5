"""What changed between two wordings."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.differences import Change, Piece, differences, differs_in_typography_alone

words = st.lists(
    st.sampled_from(["the", "committee", "denied", "it", ",", "  ", "«گزارش»", "1988", "a\u0301"]), max_size=30
)


def shown(before: str, after: str) -> str:
    marks = {Change.SAME: "{}", Change.OUT: "[-{}]", Change.IN: "[+{}]"}
    return "".join(marks[piece.change].format(piece.text) for piece in differences(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("He denied it.", "He admitted it.", "He [-denied ][+admitted ]it."),
        ("He denied it.", "He denied it.", "He denied it."),
        ("", "New.", "[+New.]"),
        ("a source of news.", "a source.", "a source[- of news]."),
        ("Mr.Brandt left", "Mr. Brandt left", "Mr.[+ ]Brandt left"),
        ("no one", "noone", "[-no one][+noone]"),
    ],
)
def test_the_words_that_changed_are_marked(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


@given(st.one_of(st.text(), words.map(" ".join)), st.one_of(st.text(), words.map(" ".join)))
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    pieces = differences(before, after)

    assert "".join(piece.text for piece in pieces if piece.change is not Change.IN) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.OUT) == after
    assert all(one.change != other.change for one, other in pairwise(pieces))
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize("length", [900, 5_000, 60_000])
def test_long_texts_are_compared_in_time(length: int) -> None:
    rng = random.Random(1)
    old = [rng.choice(["the", "report", "said", "that", "nothing", "happened"]) for _ in range(length)]
    new = [word if rng.random() < 0.98 else "perhaps" for word in old]
    pieces = differences(" ".join(old), " ".join(new))

    assert "".join(piece.text for piece in pieces if piece.change is not Change.OUT) == " ".join(new)


def test_texts_with_nothing_in_common_are_out_and_in() -> None:
    assert differences("one two", "three") == (Piece("one two", Change.OUT), Piece("three", Change.IN))


@pytest.mark.parametrize(
    ("one", "other", "alone"),
    [
        ("“quoted”", '"quoted"', True),
        ("1988–1989", "1988-1989", True),
        ("same", "same", False),
        ("denied", "Denied", False),
        ("1988", "1989", False),
        ("m²", "m2", False),
        ("re-sign", "resign", False),
    ],
)
def test_typography_is_no_change_of_words(one: str, other: str, alone: bool) -> None:
    assert differs_in_typography_alone(one, other) == alone
