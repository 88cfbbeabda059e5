"""The ways in which a plain word may stand in a passage: its stem, a symbol, other spellings, the other script."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from corpus.symbols import canonical
from index.analyzers import stem, words
from index.schema import TermField
from index.snapshot import Snapshot
from search.limits import FUZZY_WORDS, PHRASE_WORDS, PREFIX_WORDS
from search.results import By
from search.spellings import Spellings, Variant, taken_apart
from search.wanted import Way
from search.wordlist import WordList

_WORDS_KEPT = 4_096  # readers ask for the same words again and again, first of all while they narrow
_EXPANSIONS_KEPT = 256  # of up to a thousand words each


class Ways:
    """Knows the ways of words in one generation; what was asked for is kept."""

    def __init__(self, snapshot: Snapshot, spellings: Spellings, vocabulary: Callable[[TermField], WordList]) -> None:
        """*vocabulary* gives all terms of a field, for words spelt nearly so."""
        self._snapshot = snapshot
        self._spellings = spellings
        self._vocabulary = vocabulary
        self.of_word = lru_cache(maxsize=_WORDS_KEPT)(self._of_word)
        # Each walks through the list of all words, and what is suggested asks for the same ones again.
        self.begun_so = lru_cache(maxsize=_EXPANSIONS_KEPT)(self._begun_so)
        self.spelt_so = lru_cache(maxsize=_EXPANSIONS_KEPT)(self._spelt_so)

    def _of_word(self, text: str) -> tuple[tuple[Way, ...], tuple[Way, ...]] | None:
        """All ways of *text*, which may hold several words (cover-up), and those that the index has.

        Of more than `PHRASE_WORDS` the first; None where *text* holds none.
        """
        found = words(text)[:PHRASE_WORDS]
        if not found:
            return None
        by = By.STEM if len(found) == 1 else By.WORD
        ways = [Way(TermField.TEXT, tuple((word.stems[0],) for word in found), by)]
        if symbol := canonical(text):
            ways.append(Way(TermField.SYMBOL, ((symbol,),), By.SYMBOL))
        exact = tuple(word.exact[0] for word in found)
        if len(found) == 1:
            variants = self._spellings.of_word(exact[0], self._is_known)
            if apart := taken_apart(text):
                variants += (Variant(apart, By.SPELLING),)
        else:
            variants = self._spellings.of_words(exact)
        ways += map(variant_way, variants)
        return tuple(ways), self.known(ways)

    def _begun_so(self, field: TermField, begin: str) -> tuple[tuple[str, ...], int]:
        """The terms of *field* that begin with *begin*, in order, and how many there are.

        Of more than `PREFIX_WORDS` the commonest; more than fifty times as many are not looked through.
        """
        terms = self._snapshot.terms(field)
        found = terms.with_prefix(begin, 50 * PREFIX_WORDS)
        if len(found) <= PREFIX_WORDS:
            return tuple(found), len(found)
        return tuple(sorted(found, key=lambda term: (-terms.frequency(term), term))[:PREFIX_WORDS]), len(found)

    def _spelt_so(self, field: TermField, word: str, edits: int) -> tuple[tuple[str, ...], int]:
        """The terms of *field* that differ from *word* in at most *edits* letters, the `FUZZY_WORDS` nearest of them;
        and how many there are."""
        found = self._vocabulary(field).nearest(word, edits)
        return tuple(found[:FUZZY_WORDS]), len(found)

    def known(self, ways: Iterable[Way]) -> tuple[Way, ...]:
        """*ways* with the terms that the index has; those that cannot be met are left out."""
        # Several terms in one slot are what a * or a ~ stands for, and came from the vocabulary.
        holds = self._snapshot.holds
        return tuple(
            way for way in ways if all(len(slot) > 1 or (slot and holds(way.field, slot[0])) for slot in way.slots)
        )

    def _is_known(self, word: str) -> bool:
        return self._snapshot.holds(TermField.EXACT, word)


def variant_way(variant: Variant) -> Way:
    """How another spelling stands: as one word by its stem, as several one after another."""
    if len(variant.words) == 1:
        return Way(TermField.TEXT, ((stem(variant.words[0]),),), variant.by, spelt=variant.words[0])
    return Way(TermField.EXACT, tuple((word,) for word in variant.words), variant.by)
