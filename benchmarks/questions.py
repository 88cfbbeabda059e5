"""A mix of questions over some passages, ten of each class, the same ones in every run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random

from passages import Row

EACH = 10
_WORD = re.compile(r"(?<![\w'’\-.\[\]])[a-z]{4,12}(?![\w'’\-\[\]])")
_SAMPLE = 20_000


class Class(StrEnum):
    """What a question is like."""

    RARE = "rare word"
    COMMON = "common word"
    TWO = "two words"
    OR = "three with OR"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FUZZY = "fuzzy"
    FILTER = "filter and word"
    MONTHS = "months and word"
    ALL = "match all"


@dataclass(frozen=True, slots=True)
class Question:
    """*words* are all wanted; any of them for OR; one after another in a phrase; the beginning of a word for a prefix;
    nearly so spelt, by one letter, for fuzzy. *source_type* narrows, and so do *months*: the first and the last."""

    kind: Class
    words: tuple[str, ...] = ()
    source_type: str = ""
    months: tuple[str, str] | None = None


def questions(rows: Iterable[Row]) -> list[Question]:
    """A hundred questions whose words stand in *rows*, of which some are kept in memory."""
    random = Random(1988)
    sample = _sample(rows, random)
    found = [list(dict.fromkeys(_WORD.findall(row.text))) for row in sample]
    frequency = Counter(word for words in found for word in words)
    ordered = sorted(frequency, key=lambda word: (-frequency[word], word))
    share = len(sample)
    common = [word for word in ordered if share / 40 <= frequency[word] <= share / 3]
    middling = [word for word in ordered if share / 1_000 <= frequency[word] < share / 40]
    rare = [word for word in ordered if frequency[word] <= max(2, share // 5_000)]
    known = set(common) | set(middling)
    asked = [Question(Class.RARE, (word,)) for word in random.sample(rare, EACH)]
    asked += [Question(Class.COMMON, (word,)) for word in random.sample(common, EACH)]
    together = [pair for words in found if len(pair := [word for word in words if word in known]) >= 3]
    asked += [Question(Class.TWO, tuple(random.sample(random.choice(together), 2))) for _ in range(EACH)]
    asked += [Question(Class.OR, tuple(random.sample(middling + common, 3))) for _ in range(EACH)]
    asked += [Question(Class.PHRASE, phrase) for phrase in random.sample(_phrases(sample, known), EACH)]
    begun = [word[: random.choice((4, 5))] for word in random.sample([*middling, *common], EACH)]
    asked += [Question(Class.PREFIX, (word,)) for word in begun]
    long = [word for word in middling if len(word) >= 5]
    asked += [Question(Class.FUZZY, (word,)) for word in random.sample(long, EACH)]
    types = [kind for kind, _ in Counter(row.source_type for row in sample if row.source_type).most_common(5)]
    asked += [
        Question(Class.FILTER, (word,), source_type=random.choice(types))
        for word in random.sample(middling + common, EACH)
    ]
    months = sorted({row.month for row in sample if row.month})
    for word in random.sample(middling + common, EACH):
        first = random.randrange(max(1, len(months) - 12))
        last = min(first + random.choice((2, 5, 11)), len(months) - 1)
        asked.append(Question(Class.MONTHS, (word,), months=(months[first], months[last])))
    return asked + [Question(Class.ALL)] * EACH


def _sample(rows: Iterable[Row], random: Random) -> list[Row]:
    """*_SAMPLE* of *rows*, each as likely as any other (Vitter's algorithm R)."""
    kept: list[Row] = []
    for number, row in enumerate(rows):
        if number < _SAMPLE:
            kept.append(row)
        elif (place := random.randrange(number + 1)) < _SAMPLE:
            kept[place] = row
    return kept


def _phrases(sample: Sequence[Row], known: set[str]) -> list[tuple[str, ...]]:
    found = []
    for row in sample:
        for one, other in pairwise(_WORD.finditer(row.text)):
            if other.start() - one.end() == 1 and {one.group(), other.group()} <= known:
                found.append((one.group(), other.group()))
    return sorted(set(found))
