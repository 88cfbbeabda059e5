"""Persian words that one hand joins, another parts by half a blank and a third by a whole one: one word for all."""

from __future__ import annotations

import pytest
from small_collection import searcher_over

from search.results import By, SearchRequest
from search.searcher import Searcher

LINES = [
    "مسیح علی‌نژاد با او گفت‌وگو کرد.",  # 0: half blanks
    "علی نژاد پاسخ نداد.",  # 1: a whole one
    "علینژاد نوشت.",  # 2: none
    "علی در شهر نژاد نداشت.",  # 3: two words apart
    "Ali wrote of another race.",  # 4
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_over(tmp_path_factory.mktemp("index"), LINES)


def found(searcher: Searcher, query: str, *, as_printed: bool = False) -> set[int]:
    results = searcher.search(SearchRequest(query, as_printed=as_printed))
    return {int(hit.record.id[1:]) for hit in results.hits if not hit.missing}


def test_half_a_blank_typed_finds_the_word_joined_and_parted(searcher: Searcher) -> None:
    assert found(searcher, "علی‌نژاد") == {0, 1, 2}
    assert found(searcher, "علينژاد") == {0, 2}  # joined, and with an Arabic letter: nothing tells where to part it


def test_a_whole_blank_typed_finds_it_joined_and_still_both_words(searcher: Searcher) -> None:
    assert found(searcher, "علی نژاد") == {0, 1, 2, 3}


def test_a_hit_says_that_it_is_another_spelling(searcher: Searcher) -> None:
    hits = {int(hit.record.id[1:]): hit for hit in searcher.search(SearchRequest("علی نژاد")).hits}

    assert By.SPELLING in {reason.by for reason in hits[2].why}
    assert By.SPELLING not in {reason.by for reason in hits[3].why}


def test_quoted_a_blank_is_a_blank_and_as_printed_half_a_blank_is_one_too(searcher: Searcher) -> None:
    assert found(searcher, '"علی نژاد"') == {1}
    # As printed, words are runs of letters, and half a blank is none.
    assert found(searcher, "علی نژاد", as_printed=True) == {0, 1, 3}


def test_no_latin_words_are_joined(searcher: Searcher) -> None:
    assert found(searcher, "an other race") == set()
