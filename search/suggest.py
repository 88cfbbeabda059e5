"""Other questions for one that found nothing: another spelling, a filter less, a word alone. All find something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from index.analyzers import Word, words
from index.schema import TermField
from index.snapshot import Snapshot
from search.limits import SUGGESTIONS
from search.query import And, Field, Fuzzy, Leaf, Near, Phrase, Prefix, Query, change, leaves
from search.query import Word as AskWord
from search.results import Suggestion, SuggestionKind
from search.selection import NOTHING_CHOSEN, Selection
from search.spellings import Spellings
from search.syntax import parse
from search.wordlist import WordList

# How many other spellings of one word are tried, and of how many words.
_TRIED_PER_WORD = 4
_WORDS_TRIED = 6

Count = Callable[[Query, Selection], int]
Spelt = AskWord | Phrase | Near  # whose text is what stands in a passage


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
        found += _without_quotes(query, selection, count)
        found += _word_by_word(query, selection, count)
        # A question of a field and one word is the same without the field and word by word.
        return tuple({(one.query, one.selection): one for one in reversed(found)}.values())[::-1]

    def fewer_filters(self, query: Query, selection: Selection, count: Count) -> tuple[Suggestion, ...]:
        """The same question with one filter dropped, or all."""
        return tuple(_without_filters(query, selection, count))

    def _spellings(self, query: Query, selection: Selection, count: Count) -> Iterator[Suggestion]:
        """The question with its misspelt words put right, each in several ways, the others in the likeliest.

        Words inside a quotation are words like the others, and stay inside it.
        """
        doubtful = [(leaf, word) for leaf in _spelt(query) for word in words(leaf.text) if self._is_unknown(word)]
        others = [
            (leaf, word, alike) for leaf, word in doubtful[:_WORDS_TRIED] if (alike := self._alike(word.exact[0]))
        ]
        likeliest: dict[Leaf, dict[Word, str]] = {}
        for leaf, word, alike in others:
            likeliest.setdefault(leaf, {})[word] = alike[0]
        offered: dict[str, Suggestion] = {}
        found: set[tuple[object, ...]] = set()
        for leaf, word, alike in others:
            for other in alike:
                spelt = {**likeliest, leaf: {**likeliest[leaf], word: other}}
                changed = change(query, _Replacing({one: _put_right(one, those) for one, those in spelt.items()}))
                total = 0 if str(changed) in offered else count(changed, selection)
                # Two forms of one word with as many passages are one question.
                same = (leaf, word, words(other)[0].stems, total)
                if total and same not in found:
                    found.add(same)
                    offered[str(changed)] = Suggestion(str(changed), total, SuggestionKind.SPELLING, selection, other)
        yield from sorted(offered.values(), key=lambda one: -one.total)[:SUGGESTIONS]

    def _is_unknown(self, word: Word) -> bool:
        return not self.snapshot.holds(TermField.EXACT, word.exact[0])

    def _alike(self, word: str) -> list[str]:
        """Words of the collection that the folded *word* may have been meant for, the likeliest first."""
        if word.isdigit():
            return []
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


def _spelt(query: Query) -> list[Spelt]:
    """The leaves that are wanted and spelt out, each once."""
    return [*dict.fromkeys(leaf for leaf, wanted in leaves(query) if wanted and isinstance(leaf, Spelt))]


def _put_right(leaf: Leaf, spelt: Mapping[Word, str]) -> Leaf:
    """*leaf* with other spellings for some of its words."""
    assert isinstance(leaf, Spelt), "only these have words that were looked up"
    text = leaf.text
    for word in sorted(spelt, key=lambda word: -word.start):
        text = text[: word.start] + spelt[word] + text[word.end :]
    return replace(leaf, text=text)


def _without_quotes(query: Query, selection: Selection, count: Count) -> Iterator[Suggestion]:
    """The question with the words of its quotations wanted in any order."""
    quoted = {leaf for leaf in _spelt(query) if isinstance(leaf, Phrase | Near)}
    if quoted:
        loose = _Replacing((leaf, AskWord(leaf.text.lower())) for leaf in quoted)  # AND, small, is no operator
        asked = parse(str(change(query, loose))).query
        if total := count(asked, selection):
            yield Suggestion(str(asked), total, SuggestionKind.WORD, selection)


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
    each = dict.fromkeys(part for part in query.parts if isinstance(part, AskWord | Prefix | Fuzzy))
    if len(query.parts) < 2 or len(each) > _WORDS_TRIED:
        return
    for leaf in each:
        if total := count(leaf, selection):
            yield Suggestion(str(leaf), total, SuggestionKind.WORD, selection, str(leaf))
