"""How well a passage answers: BM25F over its text, its headings and what it cites, and the best of many.

The formulas are those of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
(Foundations and Trends in Information Retrieval 3:4, 2009), sections 3.4 to 3.6 (BM25F, "simple BM25F"): the
frequencies of a word in the fields, each divided by its field's length norm and multiplied by its field's weight, are
added up before they saturate. Lengths are exact.

What a word is worth is more than how rare it is. A word that the passages which have it say again and again is what
they are about; one that is scattered, once here and once there, is not: its inverse frequency is multiplied by how
often it stands in a passage that has it, on average. This is the normalisation by the "Bernoulli after-effect" of
Amati and van Rijsbergen, "Probabilistic models of information retrieval based on measuring the divergence from
randomness" (ACM TOIS 20:4, 2002), formula 20, in the place where it stands in their model In(exp)B2. Function words
are worth a tenth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log1p
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from index.schema import TermField
from index.snapshot import Snapshot

Ids = NDArray[np.uint32]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """How much a word in a field counts, and how strongly the field's length is held against it (b, 0 to 1)."""

    weight: float
    b: float


@dataclass(frozen=True)
class Ranking:
    """The parameters.

    k1: how slowly further occurrences of a word count less (usual values are 1.2 to 2). repetition_max: how many times
    over a word is worth its inverse frequency at most, lest a page that repeats one word outweigh all others.
    function_word: what part of its worth a function word keeps.
    """

    k1: float = 1.2
    text: FieldWeight = FieldWeight(1.0, 0.6)
    others: Mapping[TermField, FieldWeight] = field(
        default_factory=lambda: {TermField.HEADING: FieldWeight(0.4, 0.3), TermField.CITED: FieldWeight(0.3, 0.3)}
    )
    repetition_max: float = 4.0
    function_word: float = 0.1

    def of(self, field: TermField) -> FieldWeight:
        """The weight of *field*: that of the text, for each reading of it."""
        return self.others.get(field, self.text)

    def worth(self, documents: int, occurrences: int, passages: int) -> float:
        """What a word is worth that stands *occurrences* times in *documents* of *passages* passages, before norms."""
        repetition = min((occurrences + 1) / max(documents, 1), self.repetition_max)
        return inverse_frequency(documents, passages) * repetition


DEFAULT_RANKING = Ranking()


def inverse_frequency(documents: int, passages: int) -> float:
    """How rare a word in *documents* of *passages* passages is (Robertson and Spärck Jones, kept above zero)."""
    return log1p((passages - documents + 0.5) / (documents + 0.5))


# Kept as long as the snapshot is.
_FACTORS: WeakKeyDictionary[Snapshot, dict[tuple[TermField, FieldWeight], Scores]] = WeakKeyDictionary()


def length_factors(snapshot: Snapshot, field: TermField, weight: FieldWeight) -> Scores:
    """What one occurrence of a word counts in each passage: the field's weight over its length norm."""
    known = _FACTORS.get(snapshot)
    if known is None:
        known = _FACTORS[snapshot] = {}
    factors = known.get((field, weight))
    if factors is None:
        factors = known[field, weight] = _length_factors(snapshot, field, weight)
    return factors


def _length_factors(snapshot: Snapshot, field: TermField, weight: FieldWeight) -> Scores:
    lengths = np.diff(snapshot.starts(field)).astype(np.float32)
    mean = float(lengths.mean()) if len(lengths) and lengths.any() else 1.0
    factors: Scores = np.float32(weight.weight) / (np.float32(1 - weight.b) + np.float32(weight.b / mean) * lengths)
    return factors


def saturated(frequencies: Scores, worth: float, k1: float) -> Scores:
    """Scores of a word of that *worth* from its normed *frequencies*, which are overwritten."""
    scores: Scores = frequencies / (frequencies + np.float32(k1))
    scores *= np.float32(worth * (k1 + 1))
    return scores


def best(scores: Scores, first: int, last: int) -> NDArray[np.intp]:
    """Places of the *first* to *last* best of *scores*, the best first; equal ones in the order in which they stand."""
    if first >= last or first >= len(scores):
        return np.zeros(0, np.intp)
    if last >= len(scores):
        return (-scores).argsort(kind="stable")[first:last]
    if scores[:last].min() == scores.max():
        return np.arange(first, last)  # all alike, as where nothing was scored
    bound = np.partition(scores, len(scores) - last)[len(scores) - last]
    above = np.flatnonzero(scores > bound)
    level = np.flatnonzero(scores == bound)[: last - len(above)]
    candidates = np.concatenate((above, level))
    candidates.sort()
    return candidates.take((-scores.take(candidates)).argsort(kind="stable"))[first:last]
