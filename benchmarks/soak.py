"""A site that is read for minutes while it is rebuilt again and again: whether anything fails, and whether it grows.

    python benchmarks/soak.py [--minutes N] [--every SECONDS] [--readers N]

A copy of the starter collection is built and served by two workers. Readers follow links from page to page, search,
narrow, page, export and land on permalinks, each page whole and with pauses as people make them; every so often a
document is changed and the collection built by the command. Printed, for each rebuild: answers since the one before,
failures, and the memory and open files of all processes of the server (memory that they share counted once). Last:
whether any answer failed, and how the memory of the last third compares with that of the third before it.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from html import unescape
from pathlib import Path
from random import Random

from serving import Server, pincite_command, running

from web.config import starter_collection

_LINK = re.compile(r'href="(/[^"#]*)')
_BEGINNINGS = (
    *("/", "/search?q=executions", "/search?q=denied+prison&sort=date", "/search?q=amnest*", "/timeline", "/documents"),
    *("/officials", "/sources", "/about", "/search.csv?q=letter", "/search.atom?q=prison", "/api/v1/search?q=iran~"),
)
_BRANCHES = 12  # pages that a reader goes from one to the next before beginning anew
_PAUSE_SECONDS = 0.05


def main() -> None:
    """Serves, reads, rebuilds, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, metavar="N")
    parser.add_argument("--every", type=float, default=60, metavar="SECONDS", help="between two rebuilds (60)")
    parser.add_argument("--readers", type=int, default=6, metavar="N")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        collection, data = Path(scratch) / "collection", Path(scratch) / "data"
        shutil.copytree(starter_collection(), collection)
        rebuild(collection, data, 0)
        with running(pincite_command(data, "--workers", "2", "--no-rate-limit"), "/healthz") as server:
            soak(server, collection, data, asked)


def rebuild(collection: Path, data: Path, number: int) -> None:
    """Changes the first document and builds."""
    path = min((collection / "documents").glob("*.md"))
    text = path.read_text(encoding="utf-8").partition("\n\nAdded for a rebuild")[0].rstrip()
    path.write_text(f"{text}\n\nAdded for a rebuild, the {number}th.\n", encoding="utf-8")
    command = [sys.executable, "-m", "web.cli", "--collection", str(collection), "--data", str(data), "build"]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    if built.returncode:
        raise SystemExit(built.stderr)


class Reading:
    """What all readers have got so far."""

    def __init__(self, port: int, until: float) -> None:
        self.statuses: Counter[int | str] = Counter()
        self.failed: list[str] = []
        self._port = port
        self._until = until
        self._lock = threading.Lock()

    def read(self, place: int) -> None:
        """Reads until it is time to end."""
        random = Random(place)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        path, left = "/", 0
        while time.monotonic() < self._until:
            if not left:
                path, left = random.choice(_BEGINNINGS), _BRANCHES
            body = self._got(connection, path)
            links = [link for link in _LINK.findall(body) if not link.startswith("/static/")]
            path, left = (unescape(random.choice(links)), left - 1) if links else ("/", 0)
            time.sleep(random.random() * 2 * _PAUSE_SECONDS)

    def _got(self, connection: http.client.HTTPConnection, path: str) -> str:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body, status = answer.read().decode(), answer.status
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if isinstance(error, (http.client.RemoteDisconnected, BrokenPipeError)):
                return ""  # a connection that was kept alive too long: a browser asks again
            body, status = "", 0
        with self._lock:
            self.statuses[status] += 1
            if status != 200:
                self.failed.append(f"{status} {path}")
        return body


def soak(server: Server, collection: Path, data: Path, asked: argparse.Namespace) -> None:
    """Reads and rebuilds; prints a line for each rebuild."""
    until = time.monotonic() + 60 * asked.minutes
    reading = Reading(server.port, until)
    threads = [threading.Thread(target=reading.read, args=(place,)) for place in range(asked.readers)]
    for thread in threads:
        thread.start()
    memory: list[int] = []
    before = number = 0
    while time.monotonic() < until:
        time.sleep(max(0.0, min(asked.every, until - time.monotonic())))
        number += 1
        rebuild(collection, data, number)
        answers = sum(reading.statuses.values())
        memory.append(server.memory())
        files = server.open_files()
        told = f"{answers - before:6} answers, {len(reading.failed)} failed, {memory[-1] / 1e3:.0f} MB, {files} files"
        print(f"edition {number + 1:3}: {told}", flush=True)
        before = answers
    for thread in threads:
        thread.join()
    third = max(1, len(memory) // 3)
    late, earlier = (statistics.fmean(part) for part in (memory[-third:], memory[-2 * third : -third] or memory[:1]))
    print(f"{sum(reading.statuses.values())} answers, failed: {', '.join(reading.failed[:20]) or 'none'}")
    print(f"memory of the last third of the time: {late / earlier:.3f} times that of the third before")


if __name__ == "__main__":
    main()
