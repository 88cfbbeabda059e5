"""bm25s: BM25 with all scores computed when indexing; stop words out, Snowball stems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bm25s
import numpy as np
import Stemmer

from peers import OptionalWords


class Bm25sRanker(OptionalWords):
    """All texts in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        tokens = bm25s.tokenize(list(texts), stopwords="en", stemmer=self._stemmer, show_progress=False)
        self._model: Any = bm25s.BM25()
        self._model.index(tokens, show_progress=False)

    def words(self, query: str) -> list[str]:
        words: list[str] = bm25s.tokenize(
            query, stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )[0]
        return [word for word in words if word in self._model.vocab_dict]

    def best(self, words: list[str], depth: int) -> list[int]:
        if not words:
            return []
        scores = self._model.get_scores(words)
        return [int(number) for number in np.argsort(-scores, kind="stable")[:depth] if scores[number] > 0]
