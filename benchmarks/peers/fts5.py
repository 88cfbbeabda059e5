"""SQLite's FTS5 with its porter tokenizer and bm25()."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from peers import OptionalWords


class Fts5Ranker(OptionalWords):
    """All texts in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE passages USING fts5(text, tokenize = 'porter unicode61')")
        self._base.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", enumerate(texts))

    def words(self, query: str) -> list[str]:
        return re.findall(r"\w+", query.lower())

    def best(self, words: list[str], depth: int) -> list[int]:
        if not words:
            return []
        found = self._base.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank, rowid LIMIT ?",
            (" OR ".join(f'"{word}"' for word in words), depth),
        )
        return [number for (number,) in found]
