"""Persian that extraction broke is found by its sound spelling; sound Persian gains no reading that is another word."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.mending import extra_readings, lam_alef_is_broken, mended, turned_word, visual_runs
from corpus.mending_words import COMMON_LAM_ALEF, SOUND
from corpus.names import words_of
from corpus.text import fold

CASES = Path(__file__).parent / "cases" / "persian.txt"
ALEF_LAM, LAM_ALEF = "ال", "لا"


def cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [(one, other) for one, _, other in (line.partition(" => ") for line in lines if line and line[0] != "#")]


@pytest.mark.parametrize(("word", "reading"), cases())
def test_a_word_has_these_readings(word: str, reading: str) -> None:
    assert extra_readings(word)[:1] == (() if reading == "-" else (reading,))


def test_no_sound_word_is_read_as_another_sound_word() -> None:
    """The list of sound words and that of common words with lam-alef know nothing of each other."""
    for word in SOUND:
        assert not COMMON_LAM_ALEF.intersection(extra_readings(word)), word


def test_common_words_with_lam_alef_are_found_in_their_broken_form() -> None:
    unfound = {
        word
        for word in COMMON_LAM_ALEF
        if word.replace(LAM_ALEF, ALEF_LAM) not in SOUND
        and word not in extra_readings(word.replace(LAM_ALEF, ALEF_LAM))
    }
    assert unfound == set()


def test_words_without_alef_lam_have_no_reading() -> None:
    assert all(extra_readings(word) == () for word in ("", "execution", "کتاب", "1988", "ا", "لا"))


def test_a_text_proves_that_all_its_lam_alefs_are_broken() -> None:
    assert lam_alef_is_broken("سفیر جمهوری اسالمی گفت سالم")
    assert not lam_alef_is_broken("سفیر جمهوری اسلامی گفت سالم")
    assert not lam_alef_is_broken("سالم و مثال")
    assert not lam_alef_is_broken("no Persian here")


def test_in_a_broken_text_words_that_could_be_sound_are_read_too() -> None:
    assert extra_readings("سالم", broken=True) == ("سلام",)
    assert extra_readings("الله", broken=True) == ()


SOUND_TEXTS = [
    "پاسخ‌های جالب آیت‌الله هاشمی رفسنجانی به خبرنگار فرانسوی درباره ماجرای ۶۷",
    "سازمان ملل متحد در مورد اعدام زندانیان سیاسی گزارش داد",
    "او در سال ۱۳۶۷ وزیر امور خارجه بود و به ژنو رفت",
    "متن کامل گفتگو با سفیر",
    "روز یازدهم",
]


@pytest.mark.parametrize("text", SOUND_TEXTS)
def test_sound_lines_are_in_reading_order_and_turned_ones_are_not(text: str) -> None:
    turned = " ".join(reversed(fold(text).split()))

    assert visual_runs(text) == ()
    if len(text.split()) > 6:
        assert visual_runs(turned) == ((0, len(turned)),)


def test_a_turned_run_is_told_within_other_text() -> None:
    text = "Habilian, “ 67 ماجرای درباره رفسنجانی هاشمی هللاآیت جالب هایپاسخ ”, 7 May"
    ((start, end),) = visual_runs(text)

    assert text[start:end].startswith("67 ماجرای")
    assert text[start:end].endswith("هایپاسخ")


@pytest.mark.parametrize(
    ("word", "sound"), [("هایپاسخ", "پاسخهای"), ("شودمی", "میشود"), ("پاسخ", None), ("هایده", None)]
)
def test_parts_that_a_joiner_held_together_are_put_right(word: str, sound: str | None) -> None:
    assert turned_word(word) == sound


def test_mended_words_stand_in_reading_order_with_their_printed_places() -> None:
    text = "رفسنجانی هاشمی هللاآیت به محالتی در"
    sound = mended(words_of(text))

    assert sound is not None
    assert sound.words == ["در", "محلاتی", "به", "ایتالله", "هاشمی", "رفسنجانی"]
    assert [text[start:end] for start, end in zip(sound.starts, sound.ends, strict=True)] == text.split()[::-1]


def test_sound_words_need_no_mending() -> None:
    assert mended(words_of("محلاتی سالم بود")) is None
    assert mended(words_of("plain English")) is None


@given(st.text(alphabet="الهیمس لا\u200c۶A“.") | st.text())
@settings(deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    runs = visual_runs(text)
    assert all(0 <= start < end <= len(text) for start, end in runs)
    sound = mended(words_of(text))
    assert sound is None or sorted(sound.starts) == words_of(text).starts
    extra_readings(text)
    turned_word(text)
