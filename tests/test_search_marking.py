"""What was found is marked: in every spelling, in long texts, and never anything else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st
from small_collection import searcher_over

from index.schema import TermField
from search.marking import Marker
from search.results import By, SearchRequest
from search.wanted import Wanted, Way

WORDS = st.sampled_from(
    [
        *("denied", "denies", "denying", "executions", "executed", "Iran’s", "shari'a", "cover-up", "cover", "up"),
        *("2,109", "2109", "chargé", "charge", "condemn[ed]", "MDE 13/031/1988", "mde13/031/88", "A/43/705", "A", "43"),
        *("Mahallati", "mahalati", "محلاتی", "محلاتي", "محمدجعفر محلاتی", "Mohammad Jafar Mahallati", "Mousavi"),
        *(
            "Mojahedin",
            "PMOI",
            "People's Mojahedin",
            "مجاهدین",
            "Behesht-e Zahra",
            "Behesht Zahra",
            "12,34",
            "the",
            "of",
        ),
    ]
)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=7).map(" ".join), min_size=1, max_size=5)
QUERIES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=3).map(" ".join),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.tuples(WORDS, WORDS).map(lambda two: f'"{two[0]} {two[1]}"~2'),
    st.tuples(WORDS, WORDS).map(lambda two: f"{two[0]} OR {two[1]}"),
    WORDS.map(lambda word: f"{word}*"),
    WORDS.map(lambda word: f"{word}~"),
)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.lists(QUERIES, min_size=1, max_size=10), st.booleans())
def test_each_hit_shows_and_tells_what_was_found(texts: list[str], queries: list[str], as_printed: bool) -> None:
    with TemporaryDirectory() as folder:
        searcher = searcher_over(Path(folder) / "g", texts)
        for query in queries:
            results = searcher.search(SearchRequest(query, as_printed=as_printed, limit=100))
            assert results.total == sum(not hit.missing for hit in results.hits)
            for hit in results.hits:
                assert any(piece.matched for piece in hit.snippet), (query, hit.record.text)
                assert hit.why
                told = {reason.word for reason in hit.why}
                assert not told & set(hit.missing)
                for reason in hit.why:
                    assert reason.found in hit.record.text
        searcher.snapshot.close()


def wanted(*words: str) -> list[Wanted]:
    return [Wanted(word, (Way(TermField.TEXT, ((word,),), By.STEM),)) for word in words]


def test_a_word_late_in_a_long_text_is_found() -> None:
    text = "filling " * 60_000 + "needle"

    assert [one.start for one in Marker(wanted("needl")).find(text)] == [text.index("needle")]


def test_a_phrase_is_found_wherever_a_long_text_is_cut() -> None:
    way = Way(TermField.EXACT, (("needle",), ("point",)), By.WORD)
    for before in range(9_985, 10_010):
        text = "x" * before + " needle point " + "y " * 20_000
        found = Marker([Wanted("needle point", (way,))]).find(text)
        assert [text[one.start : one.end] for one in found] == ["needle point"]


def test_time_grows_with_the_text_and_no_faster() -> None:
    def find(times: int) -> int:
        return len(Marker(wanted("deni", "execut")).find("denied the executions, Iran’s " * times, everything=True))

    assert find(2_000) == 4_000
    assert growth(find, 500, 8_000) < 80
