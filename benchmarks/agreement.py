"""Whether engines answer the same: against every passage read, and an exact BM25."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from passages import Row
from peers import OFFICIALS_SHOWN, SHOWN, Answer
from questions import Class, Question
from rapidfuzz.distance import OSA

from index.analyzers import words_as_read

K1, B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of the questions that an engine knows have the total and the facet counts of the exact answer ("97 of
    100"); *overlap* is how much of its first 20 are among the exact first 20, or as good as the last of them: 0 to 1.
    """

    totals: str
    facets: str
    overlap: float


@dataclass(slots=True)
class _Exact:
    """The answer to a question so far."""

    scores: dict[int, float]
    facets: dict[str, Counter[str]]


def agreements(
    mix: Sequence[Question], answers: Mapping[str, Sequence[Answer | None]], rows: Iterable[Row]
) -> dict[str, Agreement]:
    """Each engine's *answers* to *mix* beside the exact ones over *rows*."""
    exact = _exact(mix, rows)
    return {name: _agreement(mix, exact, given) for name, given in answers.items()}


def _agreement(mix: Sequence[Question], exact: Sequence[_Exact], given: Sequence[Answer | None]) -> Agreement:
    totals = facets = known = 0
    overlaps = []
    for question, right, answer in zip(mix, exact, given, strict=True):
        if answer is None:
            continue
        known += 1
        totals += answer.total == len(right.scores)
        facets += all(_same(answer.facets.get(name, {}), counts, name) for name, counts in right.facets.items())
        if question.kind not in (Class.ALL, Class.PREFIX, Class.FUZZY) and right.scores:  # of these all are alike
            ordered = sorted(right.scores.values(), reverse=True)
            least = ordered[min(SHOWN, len(ordered)) - 1]
            good = sum(1 for number in answer.top if right.scores.get(number, -1) >= least - 1e-6)
            overlaps.append(min(1.0, good / min(SHOWN, len(ordered))))
    return Agreement(f"{totals} of {known}", f"{facets} of {known}", sum(overlaps) / len(overlaps) if overlaps else 0)


def _same(given: Mapping[str, int], counts: Counter[str], name: str) -> bool:
    if name != "official":
        return dict(given) == dict(counts)
    # Of equally common officials any may be the hundredth.
    commonest = sorted(counts.values(), reverse=True)[:OFFICIALS_SHOWN]
    return sorted(given.values(), reverse=True) == commonest and all(counts[one] == n for one, n in given.items())


def _exact(mix: Sequence[Question], rows: Iterable[Row]) -> list[_Exact]:
    """Every passage read for every question; BM25 over stems, or over words as printed where those are asked."""
    stems = {word: words_as_read(word)[0].stems[0] for question in mix for word in question.words}
    frequency: list[list[tuple[int, tuple[int, ...]]]] = [[] for _ in mix]  # passages, and how often each word
    lengths: list[int] = []
    facets: list[dict[str, Counter[str]]] = [
        {"source_type": Counter(), "official": Counter(), "month": Counter()} for _ in mix
    ]
    begins = {question.words[0] for question in mix if question.kind is Class.PREFIX}
    near = {question.words[0] for question in mix if question.kind is Class.FUZZY}
    meant: dict[str, frozenset[str]] = {}  # of each word of the record, the prefixes and fuzzy words that mean it
    asked_of: dict[str, list[int]] = {}
    for number, question in enumerate(mix):
        if question.kind not in (Class.PREFIX, Class.FUZZY, Class.ALL):
            for word in question.words:
                asked_of.setdefault(stems[word], []).append(number)
        elif question.words:
            asked_of.setdefault(f"\0{question.kind}{question.words[0]}", []).append(number)
    for position, row in enumerate(rows):
        read = words_as_read(row.text)
        lengths.append(len(read))
        counts: Counter[str] = Counter()
        for word in read:
            counts.update(word.stems)
            for form in word.exact:
                if form not in meant:
                    meant[form] = frozenset(
                        [f"\0{Class.PREFIX}{begin}" for begin in begins if form.startswith(begin)]
                        + [f"\0{Class.FUZZY}{one}" for one in near if OSA.distance(form, one, score_cutoff=1) <= 1]
                    )
                counts.update(meant[form])
        candidates = {number for term in counts if term in asked_of for number in asked_of[term]}
        for number, question in enumerate(mix):
            if number not in candidates and question.kind is not Class.ALL:
                continue
            found = _frequencies(question, counts, stems, [word.exact for word in read])
            if found is not None and _chosen(question, row):
                frequency[number].append((position, found))
                facets[number]["source_type"].update([row.source_type] if row.source_type else [])
                facets[number]["official"].update(dict.fromkeys(row.officials, 1))
                facets[number]["month"].update([row.month] if row.month else [])
    return [_Exact(_scores(found, lengths), facets[number]) for number, found in enumerate(frequency)]


def _frequencies(
    question: Question, counts: Counter[str], stems: Mapping[str, str], exact: Sequence[tuple[str, ...]]
) -> tuple[int, ...] | None:
    """How often each word of *question* stands in a passage; None where the passage is no answer."""
    match question.kind:
        case Class.ALL:
            return ()
        case Class.PREFIX | Class.FUZZY:
            return (counts[f"\0{question.kind}{question.words[0]}"],)
        case Class.PHRASE:
            width = len(question.words)
            times = sum(
                all(word in exact[start + at] for at, word in enumerate(question.words))
                for start in range(len(exact) - width + 1)
            )
            return (times,) if times else None
    found = tuple(counts[stems[word]] for word in question.words)
    return found if (any(found) if question.kind is Class.OR else all(found)) else None


def _chosen(question: Question, row: Row) -> bool:
    if question.source_type and row.source_type != question.source_type:
        return False
    return question.months is None or question.months[0] <= row.month <= question.months[1]


def _scores(found: Sequence[tuple[int, tuple[int, ...]]], lengths: Sequence[int]) -> dict[int, float]:
    if not found:
        return {}
    mean = sum(lengths) / len(lengths)
    holding = [sum(1 for _, each in found if each[word]) for word in range(len(found[0][1]))]
    worth = [log1p((len(lengths) - one + 0.5) / (one + 0.5)) for one in holding]
    return {
        position: sum(
            rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * lengths[position] / mean))
            for rarity, times in zip(worth, each, strict=True)
        )
        for position, each in found
    }
