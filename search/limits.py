"""Every bound on what one request may ask: how much, of what, and why there is a bound at all."""

from __future__ import annotations


class Limit(int):
    """A whole number with its *unit* and the *reason* for it; counts and compares as the number."""

    unit: str
    reason: str

    def __new__(cls, value: int, unit: str, reason: str) -> Limit:
        limit = super().__new__(cls, value)
        limit.unit = unit
        limit.reason = reason
        return limit

    def __str__(self) -> str:
        return f"{int(self):,} {self.unit}"


QUERY_CHARACTERS = Limit(2_500, "characters", "A pasted page is a good query; a pasted book is an accident.")
QUERY_WORDS = Limit(500, "words and phrases", "Each is looked up by itself, also a hundred times the same letter.")
PROSE_WORDS = Limit(40, "words", "From here on, words without any operator are a pasted paragraph, quotations and all.")
PHRASES = Limit(24, "phrases", "A phrase compares the places of words, which costs more than counting passages.")
PHRASE_WORDS = Limit(60, "words", "Nothing that is quoted by heart is longer, and each word is one more comparison.")
NEARNESSES = Limit(3, "questions of nearness", "One of common words costs what twenty phrases do.")
NEAR_WORDS = Limit(8, "words", "Nearness in either order tries the places of each word against those of all others.")
NEAR_BETWEEN = Limit(50, "words", "Further apart than a paragraph's width, nearness says no more than AND does.")
DEPTH = Limit(20, "brackets inside each other", "Nobody reads deeper ones, and each costs a level of the stack.")
PREFIX_LETTERS = Limit(2, "letters", "One letter begins a tenth of all words.")
PREFIX_WORDS = Limit(1_000, "words", "What a * stands for; beyond that the commonest are searched.")
FUZZY_LETTERS = Limit(3, "letters", "With one letter changed, a shorter word is any other short word.")
FUZZY_EDITS = Limit(2, "letters", "Three letters changed make another word.")
FUZZY_WORDS = Limit(50, "words", "What a ~ stands for; beyond that the nearest are searched.")
EXPANDING_WORDS = Limit(8, "words with * or ~", "Each of them walks through the list of all words.")
SPELLING_VARIANTS = Limit(64, "spellings", "How many other spellings one word may bring along.")
POSTINGS = Limit(10_000_000, "places of words", "What one question may read: a third of a second at its costliest.")
POSTINGS_PER_PASSAGE = Limit(
    30, "places of words", "In a large collection, that a phrase of common words may be asked."
)
DATED_PASSAGES = Limit(5_000, "passages", "For dates to the day each of them is read; beyond that months decide.")
RELAX_BELOW = Limit(20, "passages", "Where fewer hold every word, those that lack some follow.")
HITS_DEFAULT = Limit(20, "passages", "One page of results.")
HITS_AT_MOST = Limit(100, "passages", "Each hit is read, cut and explained.")
OFFSET = Limit(10_000, "passages", "Nobody pages further; narrowing the question is the way to the rest.")
FACET_VALUES_DEFAULT = Limit(100, "officials", "The commonest; the answer says how many more there are.")
FACET_VALUES_AT_MOST = Limit(10_000, "officials", "A list of all of them is still one page.")
NOTICES = Limit(20, "notices", "More are noise; the last one says how many there were.")
SUGGESTIONS = Limit(5, "suggestions", "Each is tried before it is offered.")
SECTIONS = Limit(20, "headings", "A list above the hits must leave them in sight.")
SNIPPET_CHARACTERS = Limit(320, "characters", "What the eye takes in at once; two fragments share it.")
MATCH_CHARACTERS = Limit(600, "characters", "A matched phrase is shown up to here, whatever its length.")
SENTENCE_CHARACTERS = Limit(300, "characters", "How much of a calling sentence stands above its note.")
MARKED_CHARACTERS = Limit(200_000, "characters", "How far into one passage the words are looked for to be shown.")
PASSAGES_MARKED = Limit(500, "passages", "Each passage of a document that gets marks is read again word by word.")
