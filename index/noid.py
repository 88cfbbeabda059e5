"""Minting ids, and digests of wordings in the same alphabet.

The check character of an id (corpus.noid) finds every single wrong sign and every swap of two neighbours.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Container

from corpus.noid import ALPHABET, ID_LENGTH, check_character
from corpus.problems import PinciteError

SHORT_DIGEST_LENGTH = 5  # characters of a digest that a link carries, more only where they are not unique
FULL_DIGEST_LENGTH = 53  # characters that hold 256 bits: 29 ** 53 > 2 ** 256

_TRIES = 1_000


class NoIdLeftError(PinciteError):
    """A document has given nearly all of its 20 million ids, or the source of randomness repeats itself."""

    def __init__(self) -> None:
        super().__init__(f"no unused id was found in {_TRIES} tries. Check the source of randomness.")


def mint(below: Callable[[int], int], taken: Container[str] = ()) -> str:
    """An id that is not in *taken*. *below(n)* gives a random whole number from 0 to n - 1, as `secrets.randbelow`.

    Raises NoIdLeftError when none is found.
    """
    for _ in range(_TRIES):
        five = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(ID_LENGTH - 1))
        minted = five + check_character(five)
        if minted not in taken:
            return minted
    raise NoIdLeftError


def digest(text: str, salt: bytes) -> str:
    """HMAC-SHA-256 of *text* (in NFC) under *salt*, in 53 characters of the alphabet, all signs equally likely.

    The number is written with its lowest digit first, so that the characters a link carries are the even ones.
    """
    normal = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    return in_alphabet(int.from_bytes(hmac.new(salt, normal, hashlib.sha256).digest(), "big"), FULL_DIGEST_LENGTH)


def in_alphabet(number: int, length: int) -> str:
    """The lowest *length* digits of *number* to the base 29, the lowest first."""
    characters: list[str] = []
    for _ in range(length):
        number, value = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[value])
    return "".join(characters)


def is_digest(text: str, *, full: bool = False) -> bool:
    """Whether *text* can be a digest, or the beginning of one that a link carries."""
    lengths = range(FULL_DIGEST_LENGTH if full else SHORT_DIGEST_LENGTH, FULL_DIGEST_LENGTH + 1)
    return len(text) in lengths and all(character in ALPHABET for character in text)
