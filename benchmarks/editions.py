"""Documents that are edited at random, with the truth about every word: what the carrying of ids is measured on.

Every word of a document has a number of its own that it keeps through all edits, also when it is retyped; a copied
passage has new ones. So where a cited passage's words stand, later, is known without comparing any text. Only where
no reader could tell does a copy hold the words of its original: where it was made in the edition in which the original
was changed or taken out, so that both never stood side by side, or where it was put in its very place. So does a text
of some words that comes back letter for letter, if only one passage ever read so.
"""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

PASSAGES = 40  # of a document
MOST_EDITS = 10  # of an edition; on average 4
SECTIONS = 5
KNOWN_WORDS = 6  # a shorter text that comes back may as well be another that reads the same

_SUBJECTS = (
    "the permanent representative", "the chargé d'affaires", "a spokesman", "the ministry", "the delegation",
    "the committee", "a relative of a prisoner", "the rapporteur", "the ambassador", "an editorial", "the cable",
    "the head of the prison", "a survivor", "the foreign minister", "the working group", "the newspaper",
)  # fmt: skip
_VERBS = (
    "denied", "admitted", "reported", "rejected", "repeated", "confirmed", "withdrew", "received", "forwarded",
    "described", "questioned", "dismissed", "recorded", "published", "mentioned", "overlooked",
)  # fmt: skip
_OBJECTS = (
    "the accounts of executions", "a list of names", "the letter of the families", "every allegation", "the figures",
    "what had been said before", "the visit to the prison", "the request for access", "the burial in unmarked ground",
    "an answer to the appeal", "the sentence of the court", "a statement on the war", "the film shown to delegates",
    "the transfer of the prisoners", "a question from the floor", "the second half of the report",
)  # fmt: skip
_WHERE = (
    "in Geneva", "in New York", "at the embassy in Bonn", "before the assembly", "in the evening edition", "in London",
    "during the third session", "at a press conference", "on the radio", "in a note verbale", "in Paris",
)  # fmt: skip
_NAMES = (
    "Rahimi", "Karimzadeh", "Sattari", "Vaziri", "Tehrani", "Golzar", "Yavari", "Shirazi", "Nikfar", "Homayoun",
    "Brandt", "Lindqvist", "Okafor", "Duarte", "Petrov", "Halloran",
)  # fmt: skip
_MONTHS = ("August", "October", "November")
_FORMULAS = ("Ibid.", "See note 3 above.", "No reply was received.", "* * *", "The text of the appeal follows.")
_OPPOSITES = {
    "denied": "admitted", "admitted": "denied", "confirmed": "rejected", "rejected": "confirmed", "not": "now",
    "no": "some", "is": "is not", "was": "was not", "were": "were never", "before": "after", "first": "last",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word and the number that it keeps."""

    text: str
    number: int


@dataclass(slots=True, eq=False)
class Passage:
    """A passage under edit."""

    words: list[Word]
    kind: str  # body or footnote
    section: int
    touched: bool = False  # in the edition being made

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(word.number for word in self.words)


@dataclass(slots=True)
class Draft:
    """A document under edit: the text by sections, then the notes."""

    passages: list[Passage]
    numbers: Iterator[int] = field(default_factory=count)
    first_note: int = 1
    taken_out: dict[str, set[tuple[Word, ...]]] = field(default_factory=dict)  # by text: what ceased to read so

    def labels(self) -> list[str]:
        """The labels of its passages, as a reader of the document would count them."""
        places: Counter[int] = Counter()
        labels: list[str] = []
        for passage in self.passages:
            section = -1 if passage.kind == "footnote" else passage.section
            places[section] += 1
            labels.append(
                f"fn{places[section] + self.first_note - 1}" if section < 0 else f"s{section}-p{places[section]}"
            )
        return labels

    def made(self, text: str, kind: str, section: int) -> Passage:
        """A new passage of *text*."""
        return Passage([Word(word, next(self.numbers)) for word in text.split()], kind, section, touched=True)


def invented_sentence(rng: random.Random) -> str:
    """A sentence in the manner of a record, not quite like any other."""
    words = [
        rng.choice(_SUBJECTS),
        *([f"of {rng.choice(_NAMES)}"] if rng.random() < 0.3 else []),
        rng.choice(_VERBS),
        rng.choice(_OBJECTS),
        rng.choice(_WHERE),
        *([f"on {rng.randint(1, 28)} {rng.choice(_MONTHS)} 1988"] if rng.random() < 0.5 else []),
        *([f"and {rng.choice(_VERBS)} {rng.choice(_OBJECTS)}"] if rng.random() < 0.5 else []),
        *([f"as {rng.choice(_NAMES)} wrote"] if rng.random() < 0.3 else []),
    ]
    sentence = " ".join(words)
    return sentence[0].upper() + sentence[1:] + "."


def invented_text(rng: random.Random, kind: str) -> str:
    """The text of a passage: one to six sentences, or the short text of a note."""
    if kind == "footnote":
        if rng.random() < 0.3:
            return rng.choice(_FORMULAS[:2])
        name, what = rng.choice(_NAMES), rng.choice(_OBJECTS)
        return f"{name}, {what}, {rng.randint(1, 28)} October 1988, p. {rng.randint(1, 90)}."
    if rng.random() < 0.08:
        return rng.choice(_FORMULAS[2:])
    return " ".join(invented_sentence(rng) for _ in range(rng.choice((1, 1, 2, 3, 4, 6))))


def invented_draft(rng: random.Random) -> Draft:
    """A document of PASSAGES invented passages, a quarter of them notes."""
    notes = PASSAGES // 4
    kinds = ["body"] * (PASSAGES - notes) + ["footnote"] * notes
    return _draft([(invented_text(rng, kind), kind) for kind in kinds])


def real_drafts(path: Path) -> Iterator[Draft]:
    """Documents of PASSAGES passages each from a Markdown file (gzip) with footnotes, in its order."""
    source = gzip.decompress(path.read_bytes()).decode("utf-8")
    paragraphs = [" ".join(text.split()) for text in source.split("\n\n")]
    waiting: list[tuple[str, str]] = []
    for paragraph in paragraphs:
        note = re.match(r"\[\^[^\]]+\]:\s*", paragraph)
        text = re.sub(r"\[\^[^\]]+\]", "", paragraph[note.end() :] if note else paragraph).strip()
        if not text or paragraph.startswith("#"):
            continue
        waiting.append((text, "footnote" if note else "body"))
        if len(waiting) == PASSAGES:
            yield _draft(sorted(waiting, key=lambda passage: passage[1]))
            waiting = []


def _draft(texts: Sequence[tuple[str, str]]) -> Draft:
    draft = Draft([])
    bodies = sum(kind == "body" for _, kind in texts)
    for place, (text, kind) in enumerate(texts):
        draft.passages.append(draft.made(text, kind, min(place * SECTIONS // max(bodies, 1), SECTIONS - 1)))
    return draft


def edit(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> list[str]:
    """Make a new edition of *draft* in place, by one to ten edits, four on average, and name them.

    *source* gives new texts.
    """
    before = [tuple(passage.words) for passage in draft.passages]
    for passage in draft.passages:
        passage.touched = False
    done: list[str] = []
    for _ in range(1 + sum(rng.random() < 1 / 3 for _ in range(MOST_EDITS - 1))):
        while (name := rng.choice(tuple(EDITS))) and not EDITS[name](draft, rng, source):
            continue
        done.append(name)
    _take_over(draft, before)
    return done


def _take_over(draft: Draft, before: Sequence[tuple[Word, ...]]) -> None:
    """Let a new passage hold the words of the one that it cannot be told from.

    That is one that does not stand any more as it did: if the new one stands between the same neighbours, or beside
    what became of it; or else if it stood once. A text that nobody has seen in the edition before comes back.
    """
    texts = [" ".join(word.text for word in words) for words in before]
    often = Counter(texts)
    standing = {tuple(passage.words) for passage in draft.passages}
    lost = {place: text for place, text in enumerate(texts) if before[place] not in standing}
    place_of = {word.number: place for place, words in enumerate(before) for word in words}
    fresh = {at for at, passage in enumerate(draft.passages) if not passage.numbers & place_of.keys()}
    reads = Counter(passage.text for passage in draft.passages)
    for in_its_place in (True, False):
        for at in sorted(fresh):
            passage = draft.passages[at]
            beside = draft.passages[max(at - 1, 0) : at] + draft.passages[at + 1 : at + 2]
            around = {place_of[number] for other in beside for number in other.numbers & place_of.keys()}
            for place, text in lost.items():
                same_place = bool({place - 1, place, place + 1} & around)
                if text == passage.text and (same_place if in_its_place else often[text] == 1):
                    passage.words = list(before[place])
                    del lost[place]
                    fresh.remove(at)
                    break
    for at in fresh:
        passage = draft.passages[at]
        back = draft.taken_out.get(passage.text, set())
        if len(back) == 1 and reads[passage.text] == 1 and passage.text not in often:
            passage.words = list(*back)
    for place, text in lost.items():
        if len(before[place]) >= KNOWN_WORDS:
            draft.taken_out.setdefault(text, set()).add(before[place])


def _any(draft: Draft, rng: random.Random) -> int:
    return rng.randrange(len(draft.passages))


def _insert(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    place = _any(draft, rng)
    near = draft.passages[place]
    draft.passages.insert(place, draft.made(source(rng, near.kind), near.kind, near.section))
    return True


def _delete(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    if len(draft.passages) < PASSAGES // 2:
        return False
    del draft.passages[_any(draft, rng)]
    return True


def _split(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    place = _any(draft, rng)
    passage = draft.passages[place]
    if len(passage.words) < 4:
        return False
    ends = [at for at, word in enumerate(passage.words[:-1], 1) if word.text.endswith((".", ";"))]
    at = rng.choice(ends) if ends and rng.random() < 0.7 else rng.randrange(2, len(passage.words) - 1)
    rest = Passage(passage.words[at:], passage.kind, passage.section, touched=True)
    passage.words = passage.words[:at]
    passage.touched = True
    draft.passages.insert(place + 1, rest)
    return True


def _merge(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    place = _any(draft, rng)
    if place + 1 >= len(draft.passages) or len(draft.passages) < PASSAGES // 2:
        return False
    first, second = draft.passages[place], draft.passages[place + 1]
    if (first.kind, first.section) != (second.kind, second.section):
        return False
    first.words = first.words + second.words
    first.touched = True
    del draft.passages[place + 1]
    return True


def _swap(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    place, other = _any(draft, rng), _any(draft, rng)
    one, two = draft.passages[place], draft.passages[other]
    if one.text == two.text or one.kind != two.kind:
        return False
    one.section, two.section = two.section, one.section
    draft.passages[place], draft.passages[other] = two, one
    return True


def _move(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    place = _any(draft, rng)
    passage = draft.passages[place]
    others = [other for other in draft.passages if other.section != passage.section and other.kind == "body"]
    if passage.kind != "body" or not others:
        return False
    target = rng.choice(others)
    del draft.passages[place]
    passage.section = target.section
    draft.passages.insert(draft.passages.index(target) + rng.randint(0, 1), passage)
    return True


def _retyped(passage: Passage, at: int, text: str) -> None:
    passage.words[at] = Word(text, passage.words[at].number)
    passage.touched = True


def _typo(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    passage = draft.passages[_any(draft, rng)]
    long_words = [at for at, word in enumerate(passage.words) if len(word.text) > 4]
    if not long_words:
        return False
    at = rng.choice(long_words)
    word = passage.words[at].text
    cut = rng.randrange(1, len(word) - 1)
    _retyped(passage, at, rng.choice((word[:cut] + word[cut + 1 :], word[:cut] + word[cut] + word[cut:])))
    return True


def _renumber(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    draft.first_note = rng.randint(1, 9)
    return True


def _rename(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    words = {word.text for passage in draft.passages for word in passage.words[1:] if len(word.text) > 3}
    names = sorted(word for word in words if word.istitle() and word not in _MONTHS)
    if not names:
        return False
    name = rng.choice(names)
    other = rng.choice(_NAMES)
    for passage in draft.passages:
        for at, word in enumerate(passage.words):
            if word.text == name:
                _retyped(passage, at, other)
    return True


def _untwin(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    texts = Counter(passage.text for passage in draft.passages)
    twins = [place for place, passage in enumerate(draft.passages) if texts[passage.text] > 1]
    if not twins:
        return False
    del draft.passages[rng.choice(twins)]
    return True


def _oppose(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    places = [
        (passage, at)
        for passage in draft.passages
        for at, word in enumerate(passage.words)
        if word.text in _OPPOSITES or word.text.strip(".,").isdigit()
    ]
    if not places:
        return False
    passage, at = rng.choice(places)
    word = passage.words[at].text
    _retyped(passage, at, _OPPOSITES.get(word) or re.sub(r"\d+", str(rng.randint(2, 99)), word))
    return True


def _copy(draft: Draft, rng: random.Random, source: Callable[[random.Random, str], str]) -> bool:
    passage = draft.passages[_any(draft, rng)]
    same_kind = [place for place, other in enumerate(draft.passages) if other.kind == passage.kind]
    place = rng.choice(same_kind)
    twin = draft.made(passage.text, passage.kind, draft.passages[place].section)
    draft.passages.insert(place, twin)
    return True


EDITS: dict[str, Callable[[Draft, random.Random, Callable[[random.Random, str], str]], bool]] = {
    "insert": _insert,
    "delete": _delete,
    "split": _split,
    "merge": _merge,
    "swap": _swap,
    "move": _move,
    "fix a typo": _typo,
    "renumber notes": _renumber,
    "retype a name": _rename,
    "delete a twin": _untwin,
    "turn the sense round": _oppose,
    "copy": _copy,
}
