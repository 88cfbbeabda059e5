"""How well the first ten hits answer: nDCG@10 of Pincite and its peers on collections with relevance judgements.

    python benchmarks/relevance.py --set DIR [--set DIR ...] [--graded] [--only ENGINE ...]

Each DIR holds docs, queries and qrels as .jsonl or .jsonl.gz: `{"id", "title", "text"}`, `{"id", "text"}` and
`{"qid", "docid", "rel"}` a line. Every engine, in a process of its own, indexes each document as one passage, its title
and text, and is asked each query as it stands. The peers take every word of a query as optional, and are asked twice:
with each word once, and with a word as often as the query says it. Pincite is asked as its readers ask it.
"""

from __future__ import annotations

import argparse
import importlib
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

from judged import Judged, ndcg, read_judged

# Loaded in the engine's own process: Pincite's guard on pickles keeps stock Whoosh out of its own.
RANKERS = {
    "Pincite": ("peers.pincite", "PinciteRanker"),
    "Whoosh BM25F, stemming": ("peers.stock_whoosh", "WhooshRanker"),
    "SQLite FTS5, porter": ("peers.fts5", "Fts5Ranker"),
    "tantivy, English stemmer": ("peers.tantivy_engine", "TantivyRanker"),
    "bm25s, stop words out, Snowball": ("peers.bm25s_engine", "Bm25sRanker"),
}


def main() -> None:
    """Prints a table: a line for each engine and manner of asking, a column for each collection."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", dest="sets", metavar="DIR", action="append", type=Path, required=True)
    parser.add_argument("--graded", action="store_true", help="count how well a document answers, not only whether")
    parser.add_argument("--only", metavar="ENGINE", action="append", choices=RANKERS, help="ask these engines alone")
    asked = parser.parse_args()
    sets = [read_judged(folder, graded=asked.graded) for folder in asked.sets]
    print(f"{'nDCG@10':34}", *(f"{one.name:>12}" for one in sets))
    for name in asked.only or RANKERS:
        scores = []
        for judged in sets:
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:
                scores.append(alone.submit(score, *RANKERS[name], judged).result())
        for manner in scores[0]:
            print(f"{name + manner:34}", *(f"{one[manner]:12.4f}" for one in scores), flush=True)
            name = ""


def score(module: str, ranker: str, judged: Judged) -> dict[str, float]:
    """Mean nDCG@10 over the judged queries, by the manner of asking."""
    warnings.simplefilter("ignore", SyntaxWarning)  # Whoosh's sources have some
    engine = getattr(importlib.import_module(module), ranker)(judged.texts)
    return {
        manner: mean(ndcg(rank(query, 10), grades) for query, grades in zip(judged.queries, judged.grades, strict=True))
        for manner, rank in engine.manners().items()
    }


if __name__ == "__main__":
    main()
