"""Collections with relevance judgements: documents, queries, and which documents answer which query how well."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Judged:
    """One collection. *texts* are the documents' titles and texts, in one order for all engines.

    *queries* are those with at least one relevant document; *grades* has, for each of them, documents by number with
    a grade above zero: how well they answer, or 1 for each where grades were not asked for.
    """

    name: str
    texts: tuple[str, ...]
    queries: tuple[str, ...]
    grades: tuple[dict[int, int], ...]


def read_judged(folder: Path, *, graded: bool = False) -> Judged:
    """The collection in *folder*: docs, queries and qrels, each a .jsonl or .jsonl.gz."""
    numbers: dict[str, int] = {}
    texts: list[str] = []
    for row in _rows(folder, "docs"):
        numbers[str(row["id"])] = len(texts)
        texts.append("\n".join(part for part in (row.get("title"), row.get("text")) if part))
    grades: dict[str, dict[int, int]] = {}
    for row in _rows(folder, "qrels"):
        if int(row["rel"]) > 0 and str(row["docid"]) in numbers:
            grades.setdefault(str(row["qid"]), {})[numbers[str(row["docid"])]] = int(row["rel"]) if graded else 1
    asked = [(str(row["text"]), grades[str(row["id"])]) for row in _rows(folder, "queries") if str(row["id"]) in grades]
    return Judged(folder.name, tuple(texts), tuple(text for text, _ in asked), tuple(grade for _, grade in asked))


def ndcg(ranked: Sequence[int], grades: dict[int, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first *depth*: 0 to 1.

    The gain of a document is its grade, the discount the binary logarithm of its rank plus one (Järvelin and
    Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20:4, 2002, as trec_eval computes it).
    """
    gains = [grades.get(document, 0) for document in ranked[:depth]]
    ideal = sorted(grades.values(), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 2) for rank, gain in enumerate(gains))


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    packed = folder / f"{name}.jsonl.gz"
    with (
        gzip.open(packed, "rt", encoding="utf-8")
        if packed.exists()
        else (folder / f"{name}.jsonl").open(encoding="utf-8") as lines
    ):
        for line in lines:
            if line.strip():
                yield json.loads(line)
