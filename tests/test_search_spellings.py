"""Other spellings: of terms, of names in full and of their words, in both scripts."""

from __future__ import annotations

import pytest

from corpus.authorities import Authorities, CollectionInfo, Official, TermGroup
from search.spellings import Spellings, Variant, consonants, folded_words

AUTHORITIES = Authorities(
    CollectionInfo("test", "Test"),
    officials=(
        Official("mahallati", "Mohammad Jafar Mahallati", ("Jafar Mahallati", "Mahallati"), ("محمدجعفر محلاتی",)),
        Official("mousavi-a", "Mohammad Ali Mousavi", (), ("محمدعلی موسوی",)),
        Official("mousavi-h", "Mir Hossein Mousavi", ("Mousavi",), ("میرحسین موسوی",)),
        Official("nouri", "Abdollah Nouri", ("Abdullah Noori",), ("عبدالله نوری",)),
    ),
    terms=(TermGroup("PMOI", ("People's Mojahedin", "Mojahedin", "PMOI", "مجاهدین")),),
)
SPELLINGS = Spellings(AUTHORITIES)


def variants(word: str, *known: str) -> dict[str, str]:
    return {" ".join(one.words): str(one.by) for one in SPELLINGS.of_word(word, lambda this: this in known)}


def full(name: str) -> set[str]:
    return {" ".join(one.words) for one in SPELLINGS.of_words(folded_words(name))}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("mahalati", {"mahallati": "name", "محلاتی": "script"}),
        ("محلاتی", {"mahallati": "script"}),
        ("moussavi", {"mousavi": "name", "موسوی": "script"}),
        ("nouri", {"noori": "name", "نوری": "script"}),
        ("pmoi", {"mojahedin": "spelling", "مجاهدین": "script"}),
        ("mujahedin", {"mojahedin": "spelling", "pmoi": "spelling", "مجاهدین": "script"}),
        ("massive", {}),
        ("ally", {}),
        ("x", {}),
    ],
)
def test_a_word_brings_the_spellings_that_the_files_vouch_for(word: str, found: dict[str, str]) -> None:
    assert variants(word) == found


def test_a_short_word_that_the_collection_has_is_not_taken_for_a_name() -> None:
    assert "nouri" in variants("noury")
    assert not variants("noury", "noury")


def test_a_longer_spelling_that_holds_a_shorter_one_is_left_to_it() -> None:
    assert "peoples mojahedin" not in variants("pmoi")


def test_a_name_in_full_stands_for_its_full_spellings_and_never_for_a_bare_surname() -> None:
    assert full("Mohammad Ali Mousavi") == {"محمدعلی موسوی"}
    assert full("Mir Hossein Mousavi") == {"میرحسین موسوی"}
    assert full("Abdollah Nouri") == {"abdullah noori", "عبدالله نوری"}
    assert not full("Hossein Nouri")


def test_a_name_written_as_one_word_stands_for_the_same_spellings_as_in_two() -> None:
    assert full("Mohammad Jafar Mahallati") == {"محمدجعفر محلاتی"}
    assert "mohammad jafar mahallati" in full("محمدجعفر محلاتی")
    assert "jafar mahallati" not in full("محمدجعفر محلاتی")


def test_a_spelling_of_several_words_brings_its_group() -> None:
    assert full("people’s Mojahedin") == {"mojahedin", "pmoi", "مجاهدین"}


@pytest.mark.parametrize(
    ("latin", "persian"),
    [
        ("mahallati", "محلاتی"),
        ("khamenei", "خامنه‌ای"),
        ("ghotbzadeh", "قطب‌زاده"),
        ("shiraz", "شیراز"),
        ("zahra", "زهرا"),
    ],
)
def test_both_scripts_have_the_same_consonants(latin: str, persian: str) -> None:
    assert consonants(latin) == consonants(folded_words(persian)[0])


def test_the_help_for_one_word_is_bounded() -> None:
    many = Authorities(
        CollectionInfo("test", "Test"), terms=(TermGroup("t", tuple(f"word{number}" for number in range(500))),)
    )

    assert len(Spellings(many).of_word("word1", lambda _: True)) <= 64
    assert all(isinstance(one, Variant) for one in Spellings(many).of_word("word1", lambda _: True))
