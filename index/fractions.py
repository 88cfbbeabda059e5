"""Fractions as text, by which the passages of a ledger stand in order: between any two there is room for more."""

from __future__ import annotations

from corpus.noid import ALPHABET


def between(before: str, after: str, count: int) -> list[str]:
    """*count* rising fractions between two, evenly spaced; "" is no bound. Digits after the point, to the base 29."""
    base = len(ALPHABET)
    width = max(len(before), len(after), 1)
    while True:
        low = _number(before, width)
        high = _number(after, width) if after else base**width
        if high - low > count:
            break
        width += 1
    numbers = [low + (high - low) * step // (count + 1) for step in range(1, count + 1)]
    return [_fraction(number, width) for number in numbers]


def _number(digits: str, width: int) -> int:
    number = 0
    for character in digits.ljust(width, ALPHABET[0]):
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return number


def _fraction(number: int, width: int) -> str:
    digits: list[str] = []
    for _ in range(width):
        number, value = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[value])
    return "".join(reversed(digits)).rstrip(ALPHABET[0])
