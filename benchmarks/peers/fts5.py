"""SQLite's FTS5 with its porter tokenizer and bm25()."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from passages import Row
from questions import Class, Question

from peers import OFFICIALS_SHOWN, SHOWN, Answer, OptionalWords


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


class Engine:
    """On disk; the facets by GROUP BY over the passages found, which are found once."""

    def __init__(self, folder: Path) -> None:
        self._base = sqlite3.connect(folder / "passages.db")
        self._base.execute("PRAGMA mmap_size = 4000000000")
        self._base.execute("PRAGMA temp_store = MEMORY")
        self._base.execute("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, score REAL)")

    @staticmethod
    def build(rows: Iterable[Row], folder: Path) -> None:
        """A table of passages, two full-text indexes over it (words as printed and stems), officials apart."""
        base = sqlite3.connect(folder / "passages.db")
        base.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            CREATE TABLE passage (id INTEGER PRIMARY KEY, text TEXT, source_type TEXT, month TEXT);
            CREATE TABLE official (passage INTEGER, official TEXT, PRIMARY KEY (passage, official)) WITHOUT ROWID;
            CREATE VIRTUAL TABLE stems USING fts5(text, content = 'passage', content_rowid = 'id',
                                                  tokenize = 'porter unicode61');
            CREATE VIRTUAL TABLE words USING fts5(text, content = 'passage', content_rowid = 'id',
                                                  tokenize = 'unicode61', prefix = '4 5');
            """
        )
        for number, row in enumerate(rows):
            base.execute("INSERT INTO passage VALUES (?, ?, ?, ?)", (number, row.text, row.source_type, row.month))
            base.executemany("INSERT INTO official VALUES (?, ?)", ((number, one) for one in set(row.officials)))
        base.executescript(
            """
            INSERT INTO stems(stems) VALUES ('rebuild');
            INSERT INTO words(words) VALUES ('rebuild');
            INSERT INTO stems(stems) VALUES ('optimize');
            INSERT INTO words(words) VALUES ('optimize');
            """
        )
        base.commit()
        base.close()

    def answer(self, question: Question) -> Answer | None:
        """The answer; None for nearly so spelt words, which FTS5 does not know."""
        if question.kind is Class.FUZZY:
            return None
        table, asked = _query(question)
        self._base.execute("DELETE FROM found")
        narrowed, values = "", []
        if question.source_type:
            narrowed += " AND passage.source_type = ?"
            values.append(question.source_type)
        if question.months:
            narrowed += " AND passage.month BETWEEN ? AND ?"
            values += question.months
        if not table:
            self._base.execute("INSERT INTO found SELECT id, 0 FROM passage")
        elif narrowed:
            self._base.execute(
                f"INSERT INTO found SELECT {table}.rowid, {table}.rank FROM {table} JOIN passage ON id = {table}.rowid"
                f" WHERE {table} MATCH ?{narrowed}",
                (asked, *values),
            )
        else:
            self._base.execute(f"INSERT INTO found SELECT rowid, rank FROM {table} WHERE {table} MATCH ?", (asked,))
        (total,) = self._base.execute("SELECT count(*) FROM found").fetchone()
        top = [number for (number,) in self._base.execute(f"SELECT id FROM found ORDER BY score, id LIMIT {SHOWN}")]
        facets = {
            "source_type": self._counts("SELECT source_type, count(*) FROM found JOIN passage USING (id) GROUP BY 1"),
            "month": self._counts("SELECT month, count(*) FROM found JOIN passage USING (id) GROUP BY 1"),
            "official": self._counts(
                "SELECT official, count(*) FROM found JOIN official ON passage = id GROUP BY 1"
                f" ORDER BY 2 DESC, 1 LIMIT {OFFICIALS_SHOWN}"
            ),
        }
        return Answer(total, top, facets, [self._snippet(table, asked, number) for number in top])

    def _counts(self, query: str) -> dict[str, int]:
        return {value: count for value, count in self._base.execute(query) if value}

    def _snippet(self, table: str, asked: str, number: int) -> str:
        if not table:
            (text,) = self._base.execute("SELECT substr(text, 1, 320) FROM passage WHERE id = ?", (number,)).fetchone()
        else:
            (text,) = self._base.execute(
                f"SELECT snippet({table}, 0, '<b>', '</b>', '…', 48) FROM {table} WHERE {table} MATCH ? AND rowid = ?",
                (asked, number),
            ).fetchone()
        return str(text)


def _query(question: Question) -> tuple[str, str]:
    """The index to ask, and the query in FTS5's language."""
    words = [f'"{word}"' for word in question.words]
    match question.kind:
        case Class.ALL:
            return "", ""
        case Class.OR:
            return "stems", " OR ".join(words)
        case Class.PHRASE:
            return "words", " + ".join(words)
        case Class.PREFIX:
            return "words", f"{words[0]} *"
        case _:
            return "stems", " AND ".join(words)
