"""The wanted words that are found by their beginnings are those that reading every word finds."""

from __future__ import annotations

import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from index.analyzers import analyse, words_where
from index.spotting import Spotter


class Wanted(dict[str, bool]):
    """Which raw tokens have one of *forms*."""

    def __init__(self, forms: set[str]) -> None:
        super().__init__()
        self.forms = forms

    def __missing__(self, raw: str) -> bool:
        self[raw] = met = any(form in self.forms for word in analyse(raw).words for form in word.exact)
        return met


PIECES = (
    *("take", "Taken", "TAKING", "tak", "ta", "t", "iran", "Iran's", "Iran’s", "2,109", "2109", "109", "12", "a", "s"),
    *(
        "condemn[ed]",
        "[c]ondemned",
        "condemned",
        "shari'a",
        "sharia",
        "café",
        "cafe",
        "İran",
        "straße",
        "زندان",
        "é",
        "i",
    ),
    *(
        " ",
        " ",
        " ",
        "-",
        "—",
        "’",
        "'",
        "[",
        "]",
        ",",
        "_",
        "“",
        ".",
        "\u00a0",
        "\u0301",
        "\u00ad",
        "\u200c",
        "٬",
        "½",
    ),
)
FORMS = (
    "take",
    "taken",
    "taking",
    "tak",
    "ta",
    "t",
    "iran",
    "irans",
    "2109",
    "109",
    "condemned",
    "ed",
    "sharia",
    "a",
    "cafe",
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sets(st.sampled_from(FORMS), max_size=6))
def test_what_is_spotted_is_what_is_read(text: str, forms: set[str]) -> None:
    wanted = Wanted(forms)
    assert Spotter(forms, wanted).words(text) == words_where(text, wanted)


@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), min_size=1, max_size=5),
    st.sets(st.sampled_from(FORMS), max_size=6),
)
def test_texts_are_spotted_together_as_one_by_one(texts: list[str], forms: set[str]) -> None:
    wanted = Wanted(forms)
    assert Spotter(forms, wanted).words_of(texts) == [words_where(text, wanted) for text in texts]


@given(st.text(max_size=30), st.integers(0, 5))
def test_any_text_is_spotted_as_it_is_read(text: str, skipped: int) -> None:
    forms = {form for raw in text.split()[skipped:] for word in analyse(raw).words for form in word.exact}
    wanted = Wanted(forms)
    assert Spotter(forms, wanted).words(text) == words_where(text, wanted)


@pytest.mark.parametrize("count", [1, 30, 500])
def test_however_many_words_are_wanted(count: int) -> None:
    text = " ".join(f"b{number:03}x" for number in range(600))
    forms = {f"b{number:03}x" for number in range(count)}
    assert len(Spotter(forms, Wanted(forms)).words(text)) == count


def test_a_word_too_long_for_the_index_is_found() -> None:
    text = "ash " + "bay" * 100
    ((form,),) = (word.exact for word in analyse("bay" * 100).words)
    assert [word.start for word in Spotter({form}, Wanted({form})).words(text)] == [4]


@pytest.mark.parametrize("piece", ["take ", "'", "a'", "_", "2,", "é", "é ", "\u0301", "take’s"])
def test_time_grows_with_the_text(piece: str) -> None:
    spotter = Spotter({"take"}, Wanted({"take"}))
    assert growth(lambda times: spotter.words(piece * times), 500, 8_000) < 80


def test_no_sign_that_is_in_words_is_taken_for_harmless() -> None:
    signs = [chr(code) for code in range(0x80, 0x11000) if not 0xD800 <= code < 0xE000]
    for sign in [*signs, *"'`_"]:
        text = f"take{sign}n"
        forms = {"take", "taken", "n"}
        assert Spotter(forms, Wanted(forms)).words(text) == words_where(text, Wanted(forms)), hex(ord(sign))
