"""The alphabet of passage ids and its check character, after NOID (Kunze, *Nice Opaque Identifier*, 2005)."""

from __future__ import annotations

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"  # no vowels, no l: no words by chance, nothing misread
ID_LENGTH = 6  # five random characters and the check


def check_character(characters: str) -> str:
    """The check character over *characters*: their ordinals weighted by place from 1, modulo 29.

    Raises ValueError when one of them is not in the alphabet.
    """
    return ALPHABET[sum(place * ALPHABET.index(c) for place, c in enumerate(characters, 1)) % len(ALPHABET)]


def is_noid(text: str) -> bool:
    """Whether *text* is a passage id: five characters of the alphabet and their check character."""
    return len(text) == ID_LENGTH and all(c in ALPHABET for c in text) and check_character(text[:-1]) == text[-1]
