"""Document symbols are found in every usual spelling, and nothing else is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.symbols import canonical, find_symbols

CASES = Path(__file__).parent / "cases" / "symbols.txt"


def cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" => ") for line in lines if line and not line.startswith("#")]
    return [(text, expected) for text, expected in pairs]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_a_text_has_these_symbols_and_no_others(text: str, expected: str) -> None:
    assert "; ".join(mention.canonical for mention in find_symbols(text)) == expected.replace("-", "", expected == "-")


@pytest.mark.parametrize(
    "spelling",
    [
        "MDE 13/031/88",
        "MDE 13/031/1988",
        "mde13/031/1988",
        "AI Index: MDE 13/31/88",
        "Index: MDE 13/031/88",
        "mde 13/31/88",
    ],
)
def test_spellings_of_one_symbol_have_one_canonical_form(spelling: str) -> None:
    assert canonical(spelling) == "MDE 13/031/1988"


@pytest.mark.parametrize("text", ["", "A", "5/9/1988", "the report A/43/705", "and/or", "UN Doc."])
def test_what_is_no_symbol_has_no_canonical_form(text: str) -> None:
    assert canonical(text) is None


def test_a_canonical_form_is_its_own() -> None:
    for text, _ in cases():
        for mention in find_symbols(text):
            assert canonical(mention.canonical) == mention.canonical


@given(st.text(alphabet="AESRa/.13%2F_ ()-MDEundocs.org", max_size=60) | st.text())
@settings(deadline=None)
def test_no_text_makes_it_fail_and_mentions_stand_apart(text: str) -> None:
    done = 0
    for mention in find_symbols(text):
        assert done <= mention.start < mention.end <= len(text)
        done = mention.end
