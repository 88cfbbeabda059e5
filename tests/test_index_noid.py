"""Ids and digests in the NOID alphabet."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.noid import ALPHABET, check_character
from corpus.noid import is_noid as is_valid
from index.noid import FULL_DIGEST_LENGTH, NoIdLeftError, digest, is_digest, mint

five_signs = st.text(ALPHABET, min_size=5, max_size=5)


def test_the_check_character_is_the_weighted_sum_modulo_29() -> None:
    assert check_character("00000") == "0"
    assert check_character("10000") == "1"
    assert check_character("00001") == "5"
    assert check_character("0000z") == ALPHABET[5 * 28 % 29]


@given(five_signs)
def test_a_minted_id_is_valid(five: str) -> None:
    values = iter(ALPHABET.index(sign) for sign in five)

    assert mint(lambda _: next(values)) == five + check_character(five)
    assert is_valid(five + check_character(five))


@given(five_signs, st.integers(0, 5), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(five: str, place: int, sign: str) -> None:
    right = five + check_character(five)
    wrong = right[:place] + sign + right[place + 1 :]

    assert is_valid(wrong) == (wrong == right)


@given(five_signs, st.integers(0, 4))
def test_two_neighbours_that_change_places_are_noticed(five: str, place: int) -> None:
    right = five + check_character(five)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]

    assert is_valid(wrong) == (wrong == right)


@given(st.text(max_size=8))
def test_any_text_may_be_asked_about(text: str) -> None:
    assert is_valid(text) == (len(text) == 6 and set(text) <= set(ALPHABET) and check_character(text[:5]) == text[5])


def test_an_id_that_was_given_is_not_given_again() -> None:
    taken = {mint(random.Random(1).randrange)}

    assert mint(random.Random(1).randrange, taken) not in taken


def test_randomness_that_stands_still_is_an_error_and_no_endless_loop() -> None:
    with pytest.raises(NoIdLeftError):
        mint(lambda _: 0, {"000000"})


@given(st.text(), st.binary(min_size=16, max_size=16))
def test_a_digest_is_that_of_the_composed_text(text: str, salt: bytes) -> None:
    made = digest(text, salt)

    assert is_digest(made, full=True)
    assert len(made) == FULL_DIGEST_LENGTH
    assert made == digest(unicodedata.normalize("NFD", text), salt)


def test_another_salt_or_another_text_is_another_digest() -> None:
    assert len({digest(text, salt) for text in ("denied", "admitted") for salt in (b"a" * 16, b"b" * 16)}) == 4


def test_every_sign_is_as_likely_as_another_at_the_head_of_a_digest() -> None:
    heads = [digest(str(number), b"salt")[0] for number in range(29 * 200)]

    assert all(120 < heads.count(sign) < 290 for sign in ALPHABET)


def test_four_signs_are_too_few_for_a_digest() -> None:
    assert not is_digest("0123")
    assert is_digest("01234")
    assert not is_digest("0123a")
    assert not is_digest("0" * 54)
