"""Other questions for one that found nothing: another spelling, a filter less, a word alone. All find something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from index.analyzers import words
from index.schema import TermField
from index.snapshot import Snapshot
from search.limits import SUGGESTIONS
from search.query import And, Field, Fuzzy, Leaf, Prefix, Query, Word, change, leaves
from search.results import Suggestion, SuggestionKind
from search.selection import NOTHING_CHOSEN, Selection
from search.spellings import Spellings
from search.wordlist import WordList

# How many other spellings of one word are tried, and of how many words.
_TRIED_PER_WORD = 4
_WORDS_TRIED = 6

Count = Callable[[Query, Selection], int]


@dataclass(frozen=True, slots=True)
class Suggester:
    """Makes suggestions for one generation. *vocabulary* gives all terms of a field."""

    snapshot: Snapshot
    spellings: Spellings
    vocabulary: Callable[[TermField], WordList]

    def suggestions(self, query: Query, selection: Selection, count: Count) -> tuple[Suggestion, ...]:
        """What finds something where *query* under *selection* finds nothing. *count* gives the total of a question."""
        found: list[Suggestion] = []
        found += self._spellings(query, selection, count)
        found += _without_filters(query, selection, count)
        found += _word_by_word(query, selection, count)
        # A question of a field and one word is the same without the field and word by word.
        return tuple({(one.query, one.selection): one for one in reversed(found)}.values())[::-1]

    def fewer_filters(self, query: Query, selection: Selection, count: Count) -> tuple[Suggestion, ...]:
        """The same question with one filter dropped, or all."""
        return tuple(_without_filters(query, selection, count))

    def _spellings(self, query: Query, selection: Selection, count: Count) -> Iterator[Suggestion]:
        """The question with its misspelt words put right, each in several ways, the others in the likeliest."""
        doubtful = [leaf for leaf in _plain(query) if self._passages(leaf.text) == 0]
        others = {leaf: alike for leaf in doubtful[:_WORDS_TRIED] if (alike := self._alike(leaf.text))}
        likeliest: dict[Leaf, Leaf] = {leaf: Word(alike[0], leaf.at) for leaf, alike in others.items()}
        offered: dict[str, Suggestion] = {}
        for leaf, alike in others.items():
            for other in alike:
                words_put_right = {**likeliest, leaf: Word(other, leaf.at)}
                changed = change(query, _Replacing(words_put_right))
                total = 0 if str(changed) in offered else count(changed, selection)
                if total:
                    offered[str(changed)] = Suggestion(str(changed), total, SuggestionKind.SPELLING, selection, other)
        yield from sorted(offered.values(), key=lambda one: -one.total)[:SUGGESTIONS]

    def _passages(self, text: str) -> int:
        found = words(text)
        vocabulary = self.snapshot.terms(TermField.EXACT)
        return min((vocabulary.frequency(word.exact[0]) for word in found), default=0)

    def _alike(self, text: str) -> list[str]:
        """Words of the collection that *text* may have been meant for, the likeliest first."""
        found = words(text)
        if len(found) != 1 or found[0].exact[0].isdigit():
            return []
        word = found[0].exact[0]
        vocabulary = self.snapshot.terms(TermField.EXACT)
        edits = 1 if len(word) <= 4 else 2
        near = [term for term in self.vocabulary(TermField.EXACT).nearest(word, edits) if not term.isdigit()]
        # As near as each other, the commoner word was meant.
        ranked = sorted(near, key=lambda term: (_distance(word, term), -vocabulary.frequency(term), term))
        sounding = [term for term in self.spellings.sounding_like(word) if term in vocabulary]
        return list(dict.fromkeys([*sounding, *ranked]))[:_TRIED_PER_WORD]


class _Replacing(dict[Leaf, Leaf]):
    """Gives what stands for a leaf, or else the leaf."""

    def __call__(self, leaf: Leaf) -> Leaf:
        return self.get(leaf, leaf)


def _distance(word: str, term: str) -> int:
    # Few misspell the first letter.
    return OSA.distance(word, term) + (word[:1] != term[:1])


def _plain(query: Query) -> list[Word]:
    return [leaf for leaf, wanted in leaves(query) if wanted and isinstance(leaf, Word)]


def _without_filters(query: Query, selection: Selection, count: Count) -> Iterator[Suggestion]:
    """The question with one filter dropped, or all of them."""
    chosen = selection.facets()
    for facet in chosen:
        less = selection.without(facet)
        if total := count(query, less):
            values = selection.chosen(facet)
            value = values[0] if len(values) == 1 else None
            yield Suggestion(str(query), total, SuggestionKind.FILTER, less, "", facet, value)
    if len(chosen) > 1 and (total := count(query, NOTHING_CHOSEN)):
        yield Suggestion(str(query), total, SuggestionKind.FILTER, NOTHING_CHOSEN)
    if isinstance(query, And):
        fields = [part for part in query.parts if isinstance(part, Field)]
        for field in fields[:SUGGESTIONS]:
            kept = tuple(part for part in query.parts if part is not field)
            less_asked = And(kept) if len(kept) > 1 else kept[0]
            if total := count(less_asked, selection):
                yield Suggestion(str(less_asked), total, SuggestionKind.WORD, selection, str(field))


def _word_by_word(query: Query, selection: Selection, count: Count) -> Iterator[Suggestion]:
    """Each word of a question of several alone, under the same filters."""
    if not isinstance(query, And):
        return
    each = dict.fromkeys(part for part in query.parts if isinstance(part, Word | Prefix | Fuzzy))
    if len(query.parts) < 2 or len(each) > _WORDS_TRIED:
        return
    for leaf in each:
        if total := count(leaf, selection):
            yield Suggestion(str(leaf), total, SuggestionKind.WORD, selection, str(leaf))
