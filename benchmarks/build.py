"""What indexing costs: CPU time and memory of Pincite beside stock Whoosh, and how they grow with the collection.

    python benchmarks/build.py --passages FILE [--sizes N ...] [--whoosh-up-to N] [--json OUT]
    python benchmarks/build.py --synthetic [--sizes N ...] [...]

Each index is built in a process of its own, from passages already in memory for a file and made on the way for
synthetic ones (their making is timed alone and taken off). Whoosh writes one field of words, as it comes, with its
positions; Pincite writes all that a generation has: words as printed, folded and stemmed, headings, symbols, facets,
and the passages themselves. Both on one core. Memory is the greatest that the process had in sight.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from passages import Row, rows_of

SIZES = (10_000, 30_000, 100_000)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds, seconds of the clock, the process's greatest size in megabytes, megabytes on disk."""

    cpu: float
    wall: float
    memory: float
    disk: float


def main() -> None:
    """Prints a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--passages", type=Path, metavar="FILE", help="JSON lines, may be gzipped")
    source.add_argument("--synthetic", action="store_true", help="made-up passages")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="how many passages")
    parser.add_argument("--whoosh-up-to", type=int, default=100_000, metavar="N", help="where Whoosh takes too long")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all figures to this file")
    asked = parser.parse_args()
    figures: dict[int, dict[str, Cost]] = {}
    print(
        f"{'passages':>10}{'CPU s':>9}{'µs each':>9}{'wall s':>9}{'memory MB':>11}{'disk MB':>9}"
        f"{'Whoosh CPU s':>14}{'memory MB':>11}{'ratio':>8}"
    )
    for size in asked.sizes:
        costs = {"pincite": _alone(build_pincite, asked.passages, size)}
        if size <= asked.whoosh_up_to:
            costs["whoosh"] = _alone(build_whoosh, asked.passages, size)
        figures[size] = costs
        ours, theirs = costs["pincite"], costs.get("whoosh")
        print(
            f"{size:10,}{ours.cpu:9.1f}{1e6 * ours.cpu / size:9.1f}{ours.wall:9.1f}{ours.memory:11.0f}{ours.disk:9.0f}"
            + (f"{theirs.cpu:14.1f}{theirs.memory:11.0f}{ours.cpu / theirs.cpu:8.2f}" if theirs else ""),
            flush=True,
        )
    if asked.json:
        rows = {size: {name: asdict(cost) for name, cost in costs.items()} for size, costs in figures.items()}
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _alone(build: Callable[[Path | None, int], Cost], path: Path | None, size: int) -> Cost:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(build, path, size).result()


def build_pincite(path: Path | None, size: int) -> Cost:
    """An index without what passages are about, links and rendering."""
    from peers.pincite import write_index

    return _timed(write_index, path, size)


def build_whoosh(path: Path | None, size: int) -> Cost:
    """Whoosh's index of the same texts."""
    warnings.simplefilter("ignore", SyntaxWarning)
    from peers.stock_whoosh import add_texts

    return _timed(add_texts, path, size)


def _timed(build: Callable[[Iterable[Row], Path], None], path: Path | None, size: int) -> Cost:
    making = 0.0
    rows: Iterable[Row] = rows_of(path, size, size)
    if path is not None:
        rows = list(rows)
    else:
        start = time.process_time()
        deque(rows_of(None, None, size), maxlen=0)
        making = time.process_time() - start
    before = _memory()
    with tempfile.TemporaryDirectory() as folder:
        cpu, wall = time.process_time(), time.perf_counter()
        build(rows, Path(folder))
        cpu, wall = time.process_time() - cpu - making, time.perf_counter() - wall - making
        disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    # Passages held by this program are no cost of the index.
    return Cost(cpu, wall, _memory() - (before if path else 0), disk / 1e6)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
