"""Folding for matching, and the way back to the printed characters."""

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import fold, folded

SAME = [
    ("Shari’a", "shari'a"),
    ("Shariʿa", "Shari‘a"),
    ("chargé d’affaires", "CHARGE D'AFFAIRES"),
    ("charge\u0301", "charge"),
    ("Österreichischer Straße", "osterreichischer strasse"),
    ("Łódź", "lodz"),
    ("محلاتي", "محلاتی"),
    ("محلاتى", "محلاتی"),
    ("كتاب", "کتاب"),
    ("خانۀ", "خانه"),
    ("فاطمة", "فاطمه"),
    ("مسؤول", "مسوول"),
    ("مسئول", "مسیول"),
    ("أعدام إيران آیت", "اعدام ایران ایت"),
    ("امضاء", "امضا"),
    ("می\u200cشود", "میشود"),
    ("مـحـلاتی", "محلاتی"),
    ("مُحَمَّد", "محمد"),
    ("۱۳۶۷ ١٣٦٧", "1367 1367"),
    ("\ufefb", "لا"),
    ("\ufdf2", "الله"),
    ("\ufee3\ufea4\ufeee", "محو"),
    ("12–14", "12-14"),
    ("“words”", '"words"'),
    ("co\u00adoperate", "cooperate"),
    ("Ｆｕｌｌ", "full"),
    ("a\u00a0b", "a b"),
]
DIFFERENT = [("خالق", "خلاق"), ("mahallati", "mahalati"), ("پدر", "بدر"), ("گل", "کل"), ("چه", "جه"), ("1988", "1998")]


@pytest.mark.parametrize(("printed", "other"), SAME)
def test_spellings_that_mean_one_word_fold_to_one(printed: str, other: str) -> None:
    assert fold(printed) == fold(other)


@pytest.mark.parametrize(("printed", "other"), DIFFERENT)
def test_different_words_stay_different(printed: str, other: str) -> None:
    assert fold(printed) != fold(other)


def test_folding_any_character_twice_changes_nothing() -> None:
    for code in range(0x11000):
        once = fold(chr(code))
        assert fold(once) == once, hex(code)


@given(st.text())
@settings(deadline=None)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
@settings(deadline=None)
def test_offsets_lead_back_to_the_character_that_was_folded(text: str) -> None:
    result = folded(text)

    assert result.text == fold(text)
    assert len(result.offsets) == len(result.text) + 1
    assert list(result.offsets) == sorted(result.offsets)
    for at, char in enumerate(result.text):
        assert char in fold(text[result.offsets[at]])


@given(st.text(alphabet="aé\u0301\u200cßﷲ ی\u064e", max_size=12), st.data())
@settings(deadline=None)
def test_the_printed_span_folds_to_what_was_matched(text: str, data: st.DataObject) -> None:
    result = folded(text)
    start = data.draw(st.integers(0, len(result.text)))
    end = data.draw(st.integers(start, len(result.text)))
    first, last = result.span(start, end)

    assert result.text[start:end] in fold(text[first:last])
    assert 0 <= first <= last <= len(text)


def test_a_span_takes_its_marks_along() -> None:
    text = "xمُحَمَّدy"
    result = folded(text)
    at = result.text.index("محمد")

    assert result.span(at, at + 4) == (1, len(text) - 1)


def test_folding_grows_with_the_text_and_no_faster() -> None:
    text = "The chargé d’affaires said می‌شود که محلاتی 1367. "

    assert growth(lambda times: folded(text * times), 500, 8_000) < 80
