"""As printed: the result equals a scan of every text, by words compared after NFC and case folding only."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from small_collection import searcher_over

from search.query import And, Everything, Near, Not, Or, Phrase, Query, Word
from search.results import SearchRequest
from search.syntax import parse

WORDS = st.sampled_from(
    [
        *("denied", "Denied", "denies", "DENIED", "the", "then", "Iran’s", "Iran's", "shari'a", "cover-up", "A/43/705"),
        *(
            "2,109",
            "2109",
            "chargé",
            "charge\u0301",
            "charge",
            "Straße",
            "STRASSE",
            "condemn[ed]",
            "27",
            "۲۷",
            "a",
            "b",
        ),
        *("محلاتی", "محلاتي", "می‌خواهد", "کتاب", "كتاب", "e\u0301", "x²", "foo_bar", "İstanbul", "denied.", "“denied”"),
    ]
)
TEXTS = st.lists(
    st.one_of(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), st.text(min_size=1, max_size=20)),
    min_size=1,
    max_size=6,
)
LEAVES = st.one_of(
    WORDS,
    st.lists(WORDS, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.tuples(WORDS, WORDS, st.integers(0, 4)).map(lambda one: f'"{one[0]} {one[1]}"~{one[2]}'),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"{two[0]} {two[1]}"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        inner.map(lambda one: f"-({one})"),
    ),
    max_leaves=4,
)


def runs(text: str) -> list[str]:
    """The words of *text*: runs of letters, digits and combining marks."""
    split = "".join(
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
        for char in unicodedata.normalize("NFC", text)
    )
    return [word.casefold() for word in split.split()]


def holds(query: Query, text: list[str]) -> bool | None:
    """Whether the words *text* have what *query* asks; None where it asks for no word."""
    match query:
        case Everything():
            return True
        case Word(asked) | Phrase(asked):
            words = runs(asked)
            return any(text[at : at + len(words)] == words for at in range(len(text))) if words else None
        case Near(asked, between):
            one, *others = runs(asked)
            if len(others) != 1:
                return None if others else one in text
            return any(
                text[here] == one and text[there] == others[0] and here != there and abs(here - there) <= between + 1
                for here in range(len(text))
                for there in range(len(text))
            )
        case Not(part):
            inner = holds(part, text)
            return None if inner is None else not inner
        case And(parts):
            each = [one for part in parts if (one := holds(part, text)) is not None]
            return all(each) if each else None
        case Or(parts):
            each = [one for part in parts if (one := holds(part, text)) is not None]
            return any(each) if each else None
    raise AssertionError(query)


def is_odd_nearness(query: Query) -> bool:
    """Nearness of more than two words, which the slow and obvious scan leaves out."""
    match query:
        case Near(asked, _):
            return len(runs(asked)) != 2
        case Not(part):
            return is_odd_nearness(part)
        case And(parts) | Or(parts):
            return any(map(is_odd_nearness, parts))
    return False


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.lists(QUERIES, min_size=1, max_size=12))
def test_the_result_as_printed_equals_a_scan_of_every_text(texts: list[str], queries: list[str]) -> None:
    texts = [" ".join(text.split()) or "x" for text in texts]
    texts = [text.encode(errors="replace").decode() for text in texts]
    with TemporaryDirectory() as folder:
        searcher = searcher_over(Path(folder) / "g", texts)
        for typed in queries:
            query = parse(typed).query
            if is_odd_nearness(query):
                continue
            expected = {place for place, text in enumerate(texts) if holds(query, runs(text))}
            results = searcher.search(SearchRequest(typed, as_printed=True, limit=100))

            assert {hit.position for hit in results.hits if not hit.missing} == expected, typed
            assert results.total == len(expected)
            for hit in results.hits:
                assert "".join(piece.text for piece in hit.snippet) == hit.record.text
        searcher.snapshot.close()
