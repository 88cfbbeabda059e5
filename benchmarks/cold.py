"""How long an index takes to answer when none of it is in memory, as after a restart of the machine.

    python benchmarks/cold.py --index DIR [--query TEXT] [--rounds N]

DIR is an index as `speed.py --keep` leaves it (its `pincite/index`), or a generation. In each round a fresh process
opens it twice: with its files put out of the page cache (posix_fadvise, DONTNEED), and with them there. Printed are
medians: opening, the first answer, the second one, and the megabytes that were read from disk until then.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from index.snapshot import Snapshot
from search.results import SearchRequest
from search.searcher import Searcher


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, metavar="DIR", required=True)
    parser.add_argument("--query", default="matter", metavar="TEXT", help="what is asked (matter)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    asked = parser.parse_args()
    print(f"{'':12}{'opening, ms':>14}{'first answer, ms':>18}{'second, ms':>12}{'read, MB':>10}")
    for label, cold in (("cold cache", True), ("warm cache", False)):
        rows = []
        for _ in range(asked.rounds):
            if cold:
                forget(asked.index)
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:
                rows.append(alone.submit(measured, asked.index, asked.query).result())
        opening, first, second, read = (median(one) for one in zip(*rows, strict=True))
        print(f"{label:12}{1e3 * opening:14.1f}{1e3 * first:18.1f}{1e3 * second:12.1f}{read / 1e6:10.1f}")


def forget(folder: Path) -> None:
    """Put the files of *folder* out of the page cache."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())  # pages that wait to be written are not let go of
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measured(folder: Path, query: str) -> tuple[float, float, float, int]:
    """Seconds to open, of the first answer, of the second; bytes read from disk for all of it."""
    before = _read_bytes()
    times = [*_times(folder, query)]
    return times[0], times[1], times[2], _read_bytes() - before


def _times(folder: Path, query: str) -> Iterator[float]:
    start = time.perf_counter()
    with Snapshot.open(folder) as snapshot:
        searcher = Searcher(snapshot)
        yield time.perf_counter() - start
        for _ in range(2):
            start = time.perf_counter()
            searcher.search(SearchRequest(query))
            yield time.perf_counter() - start


def _read_bytes() -> int:
    """What this process had the disk read for it so far."""
    for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
        if line.startswith("read_bytes:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main()
