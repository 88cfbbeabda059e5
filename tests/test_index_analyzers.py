"""What a word is: printed, exact and stemmed, with places that a phrase can count on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import scanned_words

from index.analyzers import (
    TERM_CHARACTERS_MAX,
    analyse,
    printed_words,
    raw_tokens,
    stem,
    words,
    words_as_read,
    words_where,
)

# Text, the exact terms at each place, the piece of text that each place covers.
CASES = [
    ("the shari'a", "the | sharia shari a", "the | shari'a"),
    ("shari‘a", "sharia shari a", "shari‘a"),
    ("condemn[ed] it", "condemned condemn ed | it", "condemn[ed] | it"),
    ("[t]he [whole] day", "the t he | whole | day", "[t]he | whole | day"),
    ("2,109 and 12,345,678", "2109 2 109 | and | 12345678 12 345 678", "2,109 | and | 12,345,678"),
    ("1,2 and 12,345,67", "1 | 2 | and | 12 | 345 | 67", "1 | 2 | and | 12 | 345 | 67"),
    ("1988,200", "1988 | 200", "1988 | 200"),
    ("٢٬١٠٩", "2109 2 109", "٢٬١٠٩"),
    ("Iran’s prisoners'", "irans iran | prisoners", "Iran’s | prisoners"),
    ("O'Brien's", "obriens obrien o brien", "O'Brien's"),
    ("cover-up and/or —so", "cover | up | and | or | so", "cover | up | and | or | so"),
    ("A/43/705", "a | 43 | 705", "A | 43 | 705"),
    ("“quoted”… (here)", "quoted | here", "quoted | here"),
    ("pris\u00adoner", "prisoner", "pris\u00adoner"),
    ("snake_case", "snake | case", "snake | case"),
    ("__a_'b_", "a | b", "a | b"),
    ("Café cafe\u0301", "cafe | cafe", "Café | cafe\u0301"),
    ("Maḥallātī", "mahallati", "Maḥallātī"),
    ("كتاب‌ها", "کتابها", "كتاب‌ها"),
    ("مُحَمَّد", "محمد", "مُحَمَّد"),
    ("۱۳۶۷", "1367", "۱۳۶۷"),
    ("", "", ""),
    ("… — ' []", "", ""),
    ("\u0301 ـ", "", ""),
]


@pytest.mark.parametrize(("text", "exact", "covered"), CASES)
def test_each_word_has_one_place_and_its_parts_stand_there_too(text: str, exact: str, covered: str) -> None:
    found = words(text)
    assert [" ".join(word.exact) for word in found] == [part for part in exact.split(" | ") if part]
    assert [text[word.start : word.end] for word in found] == [part for part in covered.split(" | ") if part]


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Executions executed", "execut | execut"),
        ("organ organization", "organ | organiz"),
        ("Abbas's", "abba"),
        ("condemn[ed]", "condemn ed"),
        ("زندانیان کتاب‌های تنها", "زندانیان | کتاب | تنها"),
        ("1988 2,109", "1988 | 2109 2 109"),
    ],
)
def test_stems_stand_at_the_places_of_their_words(text: str, stems: str) -> None:
    assert " | ".join(" ".join(word.stems) for word in words(text)) == stems


@settings(max_examples=300)
@given(st.text())
def test_printed_words_equal_a_scan_of_any_text(text: str) -> None:
    short = [word for word in scanned_words(text) if len(word) <= TERM_CHARACTERS_MAX]
    assert [word for word, _, _ in printed_words(text)] == short


@settings(max_examples=300)
@given(st.text(st.sampled_from("aB1é\u0301\u0338=ك\u064e\u200c\u00ad'’[],_ -ﷺ½²ß가\u11a8İ\U00010a01\U0001e2ec")))
def test_indexing_and_marking_see_the_same_words(text: str) -> None:
    """The index is made from raw tokens of the composed text, hits are marked in the text as it stands."""
    analyses = [analyse(raw) for raw in raw_tokens(text)]
    assert [word for one in analyses for word in one.printed] == scanned_words(text)
    assert [word for word, _, _ in printed_words(text)] == scanned_words(text)
    exact = [word.exact for one in analyses for word in one.words]
    assert exact == [word.exact for word in words_as_read(text)]
    for found in (words(text), analyses and analyses[0].words):
        for word in found or ():
            assert word.exact
            assert word.stems
            assert len(set(word.exact)) == len(word.exact)
            assert all(word.exact)


@settings(max_examples=200)
@given(st.text())
def test_offsets_are_in_order_and_cut_out_the_printed_word(text: str) -> None:
    last = 0
    for word, start, end in printed_words(text):
        assert last <= start < end <= len(text)
        assert word in unicodedata.normalize("NFC", text[start:end]).casefold()
        last = start
    last = 0
    for found in words(text):
        assert last <= found.start < found.end <= len(text)
        last = found.start


def test_a_word_too_long_for_a_term_is_kept_apart_from_others_and_found_by_its_beginning() -> None:
    one, other = ("".join(["long"] * 100) + end for end in "ab")
    (first,), (second,) = (words(text)[0].exact for text in (one, other))
    assert len(first) <= TERM_CHARACTERS_MAX
    assert first != second
    assert first.startswith("longlong")
    assert printed_words(one)[0][0] == first


@pytest.mark.parametrize("text", ["a'" * 30_000, "1," * 30_000, "123," * 30_000, "a[]" * 30_000, "'" * 100_000])
def test_the_worst_of_texts_take_time_in_proportion(text: str) -> None:
    assert len(words(text)) >= 0  # the test's time limit is the assertion: quadratic code would take an hour
    assert len(printed_words(text)) >= 0


TURNED = "Habilian, “متحد ملل سازمان به ایران هایپاسخ”, 7 May 2013"


def test_a_run_in_visual_order_stands_in_reading_order_and_is_printed_as_it_is() -> None:
    found = words_as_read(TURNED)
    pieces = [TURNED[word.start : word.end] for word in found]
    assert pieces == ["Habilian", "هایپاسخ", "ایران", "به", "سازمان", "ملل", "متحد", "7", "May", "2013"]
    assert found[1].exact == ("هایپاسخ", "پاسخهای")
    assert [word for raw in raw_tokens(TURNED) for word in analyse(raw).printed] == scanned_words(TURNED)
    assert [TURNED[word.start : word.end] for word in words(TURNED)] == [*pieces[:1], *pieces[6:0:-1], *pieces[7:]]


def test_what_is_typed_is_never_turned() -> None:
    typed = "متحد ملل سازمان به ایران"
    assert [word.exact[0] for word in words(typed)] == typed.split()


def test_a_broken_lam_alef_has_its_sound_reading_at_the_same_place() -> None:
    (word,) = words_as_read("اسالمی")
    assert word.exact == ("اسالمی", "اسلامی")
    assert word.stems == ("اسالمی", "اسلامی")
    # Only the rest of the text tells that a word which may be sound is broken too.
    assert words_as_read("سالم")[0].exact == ("سالم",)
    assert words_as_read("اسالمی سالم")[1].exact == ("سالم", "سلام")


def test_a_word_is_wanted_by_its_raw_token_or_by_the_run_that_it_stands_in() -> None:
    class Wanted(dict[str, bool]):
        def __missing__(self, raw: str) -> bool:
            return any("ایران" in word.exact for word in analyse(raw).words)

    assert words_where(TURNED, Wanted()) == words_as_read(TURNED)[1:7]
    assert words_where("Habilian 2013", Wanted()) == []


def test_a_stem_of_a_stemmed_query_word_is_that_of_the_text() -> None:
    assert stem("denials") == stem("denial")
    assert stem("") == ""
