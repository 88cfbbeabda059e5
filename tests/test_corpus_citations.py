"""Footnotes are taken apart into what they cite."""

from pathlib import Path

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.addresses import find_addresses, unwrapped
from corpus.citations import NoteCitation, parse_note

CASES = Path(__file__).parent / "cases" / "citations.txt"
FIELDS = ("author", "title", "publisher", "symbol", "date", "pinpoint", "address")


def cases() -> list[tuple[str, list[str]]]:
    blocks = CASES.read_text(encoding="utf-8").split("\n\n")[1:]
    split = [block.strip().split("\n") for block in blocks if block.strip()]
    return [(note, [] if expected == ["-"] else expected) for note, *expected in split]


def in_words(cited: NoteCitation) -> str:
    fields = [f"short: {cited.short.kind}"] if cited.short else []
    fields += [f"{name}: {value}" for name in FIELDS if (value := getattr(cited.citation, name))]
    return " | ".join(fields)


@pytest.mark.parametrize(("note", "expected"), cases())
def test_a_note_makes_these_citations(note: str, expected: list[str]) -> None:
    assert [in_words(cited) for cited in parse_note(note)] == expected


@pytest.mark.parametrize(("note", "expected"), cases())
def test_titles_stand_where_they_are_said_to(note: str, expected: list[str]) -> None:
    for cited in parse_note(note):
        assert 0 <= cited.start < cited.end <= len(note)
        if cited.title is not None:
            # Figures that the page's order parted from a turned title stand before the rest of it.
            figures = (cited.citation.title or "").removesuffix(note[slice(*cited.title)])
            assert figures.strip().isdecimal() or not figures


PIECES = st.sampled_from(
    [
        "Smith",
        ", ",
        "“",
        "”",
        "; ",
        ". ",
        "(",
        ")",
        "p. 3",
        "3 May 1988",
        "A/43/705",
        "ibid.",
        "see note 3",
        "که",
        "www.a.org/b",
    ]
)


@given(st.text(max_size=120) | st.lists(PIECES, max_size=30).map("".join))
@settings(deadline=None)
def test_no_note_makes_it_fail(note: str) -> None:
    for cited in parse_note(note):
        assert 0 <= cited.start <= cited.end <= len(note)


@pytest.mark.parametrize(
    "piece", ["Smith, “T”, 3 May 1988, www.a.org/b; ", "“a, (b ", "see ", "‘a ", "((", "1988, ", "A/1/"]
)
def test_time_grows_with_the_length_of_the_note(piece: str) -> None:
    assert growth(lambda size: parse_note(piece * (size // len(piece))), 1_000, 16_000) < 80


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("See www.a.org/b.", ["www.a.org/b"]),
        ("(https://a.org/b_(c)), and a.org/d, too", ["https://a.org/b_(c)", "a.org/d"]),
        ("UN Doc. A/43/705, p.m. and/or i.e. Add.1/2", []),
        ("youtube.com/watch?v=R-FU", ["youtube.com/watch?v=R-FU"]),
    ],
)
def test_addresses_end_before_the_stop_of_the_sentence(text: str, addresses: list[str]) -> None:
    assert [one.printed for one in find_addresses(text)] == addresses


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.org%2Fb%3Fc%3Dd&data=1",
            "https://a.org/b?c=d",
        ),
        ("https://urldefense.com/v3/__https://a.org/b__;!!x", "https://a.org/b"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__a.org_b&d=x", "https://a.org/b"),
        ("https://www.google.com/url?q=https%3A%2F%2Fa.org", "https://a.org"),
        ("https://a.org/?url=https%3A%2F%2Fb.org", "https://a.org/?url=https%3A%2F%2Fb.org"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_wrapped_addresses_are_opened(address: str, inside: str) -> None:
    assert unwrapped(address) == inside


@given(st.text())
@settings(deadline=None)
def test_no_address_makes_it_fail(text: str) -> None:
    unwrapped(text)
    list(find_addresses(text))
