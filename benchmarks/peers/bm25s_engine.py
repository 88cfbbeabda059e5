"""bm25s: BM25 with all scores computed when indexing; stop words out, Snowball stems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from passages import Row
from questions import Class, Question

from peers import SHOWN, Answer, OptionalWords


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


class Engine:
    """Its scores mapped from disk. It knows single words and words of which any will do; no facets, no snippets."""

    def __init__(self, folder: Path) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._model: Any = bm25s.BM25.load(folder, mmap=True)

    @staticmethod
    def build(rows: Iterable[Row], folder: Path) -> None:
        """Texts as they come, stop words left in, so that totals are those of the others."""
        stemmer = Stemmer.Stemmer("english")
        texts = [row.text for row in rows]
        model: Any = bm25s.BM25()
        model.index(bm25s.tokenize(texts, stopwords=None, stemmer=stemmer, show_progress=False), show_progress=False)
        model.save(folder)

    def answer(self, question: Question) -> Answer | None:
        """The answer; None where words are required, quoted or narrowed."""
        if question.kind not in (Class.RARE, Class.COMMON, Class.OR):
            return None
        words = [stem for word in question.words if (stem := self._stemmer.stemWord(word)) in self._model.vocab_dict]
        if not words:
            return Answer(0, [])
        scores = self._model.get_scores(words)
        best = np.argpartition(-scores, SHOWN)[:SHOWN]
        best = best[np.lexsort((best, -scores[best]))]
        return Answer(int(np.count_nonzero(scores)), [int(number) for number in best if scores[number] > 0])
