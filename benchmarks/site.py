"""The whole site under readers, beside Datasette on the same passages, in one run.

    python benchmarks/site.py --passages FILE [--limit N] [--seconds N] [--rounds N] [--readers N] [--keep DIR]
                              [--datasette COMMAND]

Datasette with full-text search and three facets is what one would take to put a record on the web without writing
anything. Both are served as their manuals say, ours with its rate limit off (all readers come from one address here),
Datasette with its limits of time raised, for otherwise it leaves facets out, and with facets of three plain columns,
for a facet of several values in one column takes it far longer. Readers take the same walk on both: search
one or two words, narrow by a source type that has hits, turn to page 2, open the first hit, go back to the search. The
servers take turns, round by round, and readers ask one page after the other, with the headers of a browser. No page of
results is kept on either site, so that asking the same again costs the same again. Printed: answers and searches a
second, p50, p95, p99, kilobytes an answer, and the memory of all processes of a server (shared pages counted once).
Last, how long the page around a search takes, in processor time, beside the search itself.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from passages import Row, rows_of
from peers.pincite import typed
from questions import Class, Question, questions
from serving import Answered, Reader, Server, pincite_command, publish, running
from speed import percentile

from index.current import open_current
from index.generations import DataFolder
from search.results import SearchRequest
from search.searcher import Searcher
from web.app import create_app
from web.aside import Asked, answered
from web.config import SiteSettings

ASKED = (Class.RARE, Class.COMMON, Class.TWO)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Walk:
    """What one reader does: addresses on either site, and which of them are searches."""

    pincite: tuple[str, ...]
    datasette: tuple[str, ...]
    searches: tuple[bool, ...] = (True, True, True, False, True)


@dataclass(slots=True)
class Measured:
    """What readers of one site got."""

    answers: list[Answered] = field(default_factory=list)
    searches: int = 0
    seconds: float = 0.0
    memory: list[int] = field(default_factory=list)


def main() -> None:
    """Builds what is not kept, serves both, reads, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True, metavar="FILE", help="JSON lines, may be gzipped")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first passages of the file")
    parser.add_argument("--seconds", type=float, default=15, metavar="N", help="of a round, for each site (15)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--readers", type=int, default=4, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build here, and use what is already built here")
    parser.add_argument("--datasette", metavar="COMMAND", help="[default: the one beside this Python]")
    asked = parser.parse_args()
    beside = str(Path(sys.executable).parent / "datasette")
    datasette = asked.datasette or (beside if os.access(beside, os.X_OK) else shutil.which("datasette"))
    if not datasette:
        raise SystemExit("Datasette is not installed: pip install -e '.[bench]', or --datasette COMMAND")
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        rows = list(rows_of(asked.passages, asked.limit, None))
        if not (folder / "site" / "CURRENT").exists():
            publish(rows, folder / "site")
        base = folder / "passages.db"
        if not base.exists():
            write_base(rows, base)
        walks = walks_over(rows)
        del rows
        served = [str(datasette), "serve", str(base), "--setting", "sql_time_limit_ms", "60000"]
        served += ["--setting", "facet_time_limit_ms", "60000", "--setting", "default_facet_size", "100", "--port"]
        data = folder / "site"
        with (
            running(pincite_command(data, "--no-rate-limit"), "/healthz") as ours,
            running(served, "/-/versions.json") as theirs,
        ):
            measured = measure({"pincite": ours, "datasette": theirs}, walks, asked)
        print_report(measured)
        print_page(data, walks)


def write_base(rows: Iterable[Row], path: Path) -> None:
    """The passages as Datasette is told to keep them: a table, its full-text index, indexes on what is faceted."""
    base = sqlite3.connect(path)
    base.execute(
        "CREATE TABLE passages (id INTEGER PRIMARY KEY, document TEXT, title TEXT, kind TEXT, source_type TEXT,"
        " month TEXT, officials TEXT, text TEXT)"
    )
    base.executemany(
        "INSERT INTO passages (document, title, kind, source_type, month, officials, text) VALUES (?,?,?,?,?,?,?)",
        (
            (row.document, row.title, row.kind, row.source_type, row.month, json.dumps(row.officials), row.text)
            for row in rows
        ),
    )
    base.execute("CREATE VIRTUAL TABLE passages_fts USING fts5(text, content='passages', tokenize='porter unicode61')")
    base.execute("INSERT INTO passages_fts (rowid, text) SELECT id, text FROM passages")
    for column in ("source_type", "month", "kind"):
        base.execute(f"CREATE INDEX passages_{column} ON passages ({column})")
    base.execute("ANALYZE")
    base.commit()
    base.close()


def walks_over(rows: Sequence[Row]) -> list[Walk]:
    """A walk for each question, with addresses that have hits on both sites."""
    walks = []
    for question in questions(rows):
        if question.kind not in ASKED:
            continue
        found = [(at, row) for at, row in enumerate(rows) if all(word in row.text.lower() for word in question.words)]
        if found:
            walks.append(_walk(question, *found[0]))
    return walks


def _walk(question: Question, at: int, row: Row) -> Walk:
    ours = {"q": typed(question)}
    theirs = [("_search", " ".join(question.words)), ("_size", str(SHOWN))]
    theirs += [("_facet", name) for name in ("source_type", "month", "kind")]
    search, base = f"/search?{urlencode(ours)}", "/passages/passages"
    return Walk(
        (
            search,
            f"/search?{urlencode({**ours, 'source': row.source_type})}",
            f"/search?{urlencode({**ours, 'offset': SHOWN})}",
            f"/documents/{row.document}?{urlencode({'mark': ours['q']})}",
            search,
        ),
        (
            f"{base}?{urlencode(theirs)}",
            f"{base}?{urlencode([*theirs, ('source_type', row.source_type)])}",
            f"{base}?{urlencode([*theirs, ('_next', str(SHOWN))])}",
            f"{base}/{at + 1}",
            f"{base}?{urlencode(theirs)}",
        ),
    )


def measure(servers: dict[str, Server], walks: Sequence[Walk], asked: argparse.Namespace) -> dict[str, Measured]:
    """Rounds of reading, the sites in turn."""
    measured = {name: Measured() for name in servers}
    for name, server in servers.items():
        _read(name, server, walks, asked.seconds / 3, asked.readers)  # to warm up
    for number in range(asked.rounds):
        for name, server in list(servers.items())[:: 1 if number % 2 else -1]:
            print(f"round {number + 1}: {name}", file=sys.stderr)
            round_ = _read(name, server, walks, asked.seconds, asked.readers)
            whole = measured[name]
            whole.answers += round_.answers
            whole.searches += round_.searches
            whole.seconds += round_.seconds
            whole.memory.append(server.memory())
    return measured


def _read(name: str, server: Server, walks: Sequence[Walk], seconds: float, readers: int) -> Measured:
    measured, lock = Measured(), threading.Lock()
    begun = time.perf_counter()

    def read(place: int) -> None:
        reader, number = Reader(server.port), place
        while True:
            walk = walks[(number * 11) % len(walks)]
            for path, is_search in zip(getattr(walk, name), walk.searches, strict=True):
                if time.perf_counter() - begun > seconds:
                    return
                answer = reader.get(path)
                with lock:
                    measured.answers.append(answer)
                    measured.searches += is_search
            number += readers

    threads = [threading.Thread(target=read, args=(place,)) for place in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured.seconds = time.perf_counter() - begun
    return measured


def print_report(measured: dict[str, Measured]) -> None:
    """The table, and how many times better the first is."""
    figures: dict[str, list[float]] = {}
    for name, one in measured.items():
        times = [answer.seconds for answer in one.answers]
        figures[name] = [
            len(one.answers) / one.seconds,
            one.searches / one.seconds,
            *(1e3 * percentile(times, percent) for percent in (50, 95, 99)),
            statistics.fmean(answer.size for answer in one.answers) / 1e3,
            max(one.memory) / 1e3,
            sum(answer.status != 200 for answer in one.answers),
        ]
    labels = ("answers/s", "searches/s", "p50 ms", "p95 ms", "p99 ms", "kB an answer", "memory, MB", "failed")
    print(f"{'':14}", *(f"{name:>12}" for name in figures), f"{'ratio':>10}")
    for label, ours, theirs in zip(labels, figures["pincite"], figures["datasette"], strict=True):
        up = label.endswith("/s")
        ratio = (ours / theirs if up else theirs / ours) if ours and theirs else float("nan")
        print(f"{label:14} {ours:12.1f} {theirs:12.1f} {ratio:10.1f}")


def print_page(data: Path, walks: Sequence[Walk]) -> None:
    """Processor time of a page of results as a browser gets it, and of the search in it."""
    opened = open_current(DataFolder(data))
    searcher = Searcher(opened.snapshot)
    app = create_app(SiteSettings(data))
    spent: dict[str, list[float]] = {"search": [], "page": []}
    for number in range(4):
        for walk in walks:
            address = urlsplit(walk.pincite[0])
            asked = Asked({**_BROWSER, "PATH_INFO": address.path, "QUERY_STRING": address.query}, b"")
            start = time.thread_time()
            searcher.search(SearchRequest(dict(parse_qsl(address.query))["q"]))
            middle = time.thread_time()
            told = answered(app.wsgi_app, asked)
            assert told.status.startswith("200")
            if number:
                spent["search"].append(middle - start)
                spent["page"].append(told.seconds)
    app.extensions["pincite"].reader.stop()
    opened.close()
    search, page = (1e3 * statistics.median(spent[name]) for name in ("search", "page"))
    print(
        f"search {search:.2f} ms of a processor, the page around it {page - search:.2f}: {page / search - 1:.2f} times "
        f"the search (wanted: <= 2), {page / search:.2f} together (medians)"
    )


_BROWSER = {
    "REQUEST_METHOD": "GET",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "80",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
    "wsgi.url_scheme": "http",
}


if __name__ == "__main__":
    main()
