"""The sentence that calls a footnote, cut around the call."""

from __future__ import annotations

from index.record import CallRecord, MonthsRecord, PassageRecord
from search.calling import calling_sentence


def caller(text: str, at: int | None) -> PassageRecord:
    return PassageRecord(
        document="d",
        id="k7x3fh",
        label="p1",
        kind="body",
        form="paragraph",
        page=None,
        section="1",
        section_path=("1 First", "What was said"),
        number=None,
        text=text,
        calls=(CallRecord("27", "note01", at, at is None),),
        called_from=(),
        officials=(),
        source_types=(),
        months=MonthsRecord(),
        dates=(),
        date_flags=(),
        cites=(),
        refers_to=(),
        permalink="/documents/d/p/p1~k7x3fh.00000",
    )


def sentence(marked: str) -> str:
    """The sentence around the ^ in *marked*."""
    at = marked.index("^")
    pieces = calling_sentence(caller(marked.replace("^", ""), at), "note01")
    assert all(not piece.matched for piece in pieces)
    return "".join(piece.text for piece in pieces)


def test_the_sentence_that_ends_at_the_mark_is_shown() -> None:
    assert sentence("It began. He denied it.^ Then he left.") == "He denied it."
    assert sentence("It began. He “denied it.”^ Then he left.") == "He “denied it.”"
    assert sentence("He denied it.^") == "He denied it."


def test_the_sentence_around_the_mark_is_shown() -> None:
    assert sentence("It began. He denied^ it twice. Then he left.") == "He denied^ it twice.".replace("^", "")
    assert sentence("^It began. He left.") == "It began."
    assert sentence("He met Mr. Smith^ of the U.N. there.").startswith("He met Mr. Smith")


def test_a_long_sentence_is_cut_between_words_and_keeps_what_stands_before_the_mark() -> None:
    long = "word " * 200 + "denied^ " + "other " * 200
    shown = sentence(long)

    assert "denied" in shown
    assert len(shown) <= 310
    assert set(shown.split()) <= {"word", "denied", "other"}


def test_a_gap_is_told_on_both_sides() -> None:
    (piece,) = calling_sentence(caller("One. Two here. Three.", 14), "note01")

    assert (piece.text, piece.gap_before, piece.gap_after) == ("Two here.", True, True)


def test_a_mark_on_a_heading_shows_the_heading() -> None:
    assert calling_sentence(caller("Text.", None), "note01")[0].text == "What was said"


def test_a_passage_that_does_not_call_the_note_shows_nothing() -> None:
    assert calling_sentence(caller("Text.", 2), "other1") == ()
