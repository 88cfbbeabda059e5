"""Snippets: nothing lost, nothing invented, never empty, the matched words in sight, cut between words."""

from __future__ import annotations

import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from search.results import Fragment
from search.snippets import Mark, apart, snippet

WORDS = st.sampled_from(
    ["the", "denial", "was", "printed", "again,", "everywhere.", "لواسانی", "e\u0301lan", "A/43/705"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=200).map(" ".join)
PLACES = st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 30), st.integers(0, 3)), max_size=12)


def marks_in(text: str, places: list[tuple[int, int, int]]) -> list[Mark]:
    return [Mark(min(at, len(text)), min(at + length, len(text)), word) for at, length, word in places]


@given(st.text(), st.lists(st.integers(0, 40)))
def test_no_character_is_lost_in_splitting(text: str, cuts: list[int]) -> None:
    cuts = sorted({min(cut, len(text)) for cut in cuts})
    marks = [Mark(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False) if start < end]
    pieces = snippet(text, marks, len(text))

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.matched] == [text[mark.start : mark.end] for mark in marks]


@given(st.one_of(TEXTS, st.text(min_size=1, max_size=900)), PLACES)
def test_a_snippet_is_made_of_the_texts_own_pieces(text: str, places: list[tuple[int, int, int]]) -> None:
    pieces = snippet(text, marks_in(text, places), 120)

    assert pieces
    runs: list[list[Fragment]] = []
    for piece in pieces:
        assert piece.text
        if piece.gap_before or not runs:
            runs.append([])
        runs[-1].append(piece)
    assert 1 <= len(runs) <= 2
    at = 0
    for run in runs:
        shown = "".join(piece.text for piece in run)
        at = text.index(shown, at)
        if run[0].gap_before:
            assert at > 0
        elif run is runs[0]:
            assert text.startswith(shown)
        at += len(shown)
        assert all(not piece.gap_after for piece in run[:-1])
    assert pieces[-1].gap_after or text.endswith(pieces[-1].text)


@given(TEXTS, PLACES)
def test_what_is_marked_is_a_match_and_the_first_match_is_shown(text: str, places: list[tuple[int, int, int]]) -> None:
    marks = marks_in(text, places)
    found = apart(marks)
    pieces = snippet(text, marks, 120)

    assert any(piece.matched for piece in pieces) is bool(found)
    for piece in pieces:
        if piece.matched:
            assert any(piece.text in text[mark.start : mark.end] for mark in found)


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("It was denied twice.", [Mark(7, 13)]) == (
        Fragment("It was "),
        Fragment("denied", matched=True),
        Fragment(" twice."),
    )


def test_words_far_apart_are_shown_in_two_fragments_cut_between_words() -> None:
    text = "alpha " + "filling words " * 60 + "omega " + "more of them " * 60
    at = text.index("omega")
    pieces = snippet(text, [Mark(0, 5, 0), Mark(at, at + 5, 1)], 120)

    assert [piece.text for piece in pieces if piece.matched] == ["alpha", "omega"]
    assert sum(piece.gap_before for piece in pieces) == 1
    assert sum(piece.gap_after for piece in pieces) == 2
    for piece in pieces:
        assert set(piece.text.split()) <= set(text.split())


def test_the_fragment_with_most_of_the_words_is_chosen() -> None:
    text = "one " + "x " * 300 + "one two three " + "x " * 300 + "two "
    marks = [
        Mark(found, found + len(word), number)
        for number, word in enumerate(("one", "two", "three"))
        for found in range(len(text))
        if text.startswith(word, found)
    ]
    shown = [piece.text for piece in snippet(text, marks, 100) if piece.matched]

    assert shown == ["one", "two", "three"]


def test_a_fragment_begins_with_its_sentence_where_there_is_room() -> None:
    text = "x " * 300 + "He left. Nobody knew that it was denied " + "y " * 300
    at = text.index("denied")

    assert snippet(text, [Mark(at, at + 6)], 120)[0].text.startswith("Nobody knew")


@pytest.mark.parametrize("text", ["a" * 5000, "é" * 5000, "ک\u0650" * 3000, "字" * 4000])
def test_a_word_without_an_end_is_cut_and_no_mark_torn_from_its_letter(text: str) -> None:
    for marks in ([], [Mark(2000, 2002)], [Mark(0, len(text))]):
        pieces = snippet(text, marks)
        assert 0 < sum(len(piece.text) for piece in pieces) <= 700
        assert all(not piece.text.startswith("\u0650") for piece in pieces[:1])


def test_time_grows_with_the_number_of_matches_and_no_faster() -> None:
    def cut(words: int) -> None:
        snippet("word " * words, [Mark(at, at + 4, at % 7) for at in range(0, 5 * words, 5)])

    assert growth(cut, 2_500, 40_000) < 80
