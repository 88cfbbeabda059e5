"""What a cluster costs beside the local engine, on the same passages in one run, and whether it answers alike.

    python benchmarks/cluster.py --url URL (--passages FILE [--limit N] | --synthetic N) [--shards N ...] [--rounds N]
                                 [--compare N] [--set DIR ...] [--minutes N]

URL is a node of an OpenSearch cluster that holds nothing else. The passages are written as a generation, then fed to
the cluster once for each number of shards. Printed: seconds of writing and of feeding, what is on disk, the cluster's
memory; p50 and p95 of the hundred questions (benchmarks/questions.py), each asked of every engine in turn; with
--compare, of how many generated questions the whole answers were compared and how many differ; with --set, nDCG@10 of
both engines on collections with relevance judgements (benchmarks/relevance.py). What would begin after --minutes is
left out, and said.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from judged import ndcg, read_judged
from passages import Row, add_source, rows_of
from peers.pincite import typed
from questions import Class, questions
from serving import publish
from speed import percentile

from index.cluster.client import Access, Cluster
from index.cluster.feeding import ClusterFeeder
from index.cluster.home import ClusterHome
from index.cluster.mapping import index_name
from index.codec import TERMS_FILE
from index.generations import MANIFEST, DataFolder
from index.home import FolderHome
from index.showing import Opened
from index.writing import DESCRIPTION_FILE, FORMS_FILE
from search.cluster_engine import ClusterEngine
from search.results import SearchRequest
from search.searcher import Searcher

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "cluster"))
from comparing import compare  # what the tests compare

SHOWN = 20
BUILD_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Fed:
    """One feeding: its seconds, and megabytes on disk of what is searched and of the files."""

    shards: int
    searcher: Searcher
    seconds: float
    searched: float
    files: float


def main() -> None:
    """Feeds, asks, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, action="append")
    add_source(parser)
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 2, 4], metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each question is asked (3)")
    parser.add_argument("--compare", type=int, default=0, metavar="N", help="generated questions to compare")
    parser.add_argument("--set", dest="sets", action="append", default=[], type=Path, metavar="DIR")
    parser.add_argument("--minutes", type=float, default=60, metavar="N", help="nothing is begun after so long (60)")
    asked = parser.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    cluster = Cluster(Access(tuple(asked.url)))

    def rows() -> Iterator[Row]:
        return rows_of(asked.passages, asked.limit, asked.synthetic)

    with tempfile.TemporaryDirectory() as scratch, written(rows(), Path(scratch)) as (opened, seconds, megabytes):
        count = opened.snapshot.passage_count
        print(f"{count:,} passages")
        print(f"{'local':10} written in {seconds:7.1f} s, {count / seconds:8,.0f} a second; {megabytes:6.0f} MB")
        fed: list[Fed] = []
        for shards in asked.shards:
            if time.monotonic() > until:
                print(f"{shards} shards: not run, for {asked.minutes:g} minutes are over")
                continue
            one = feed(cluster, opened, shards)
            fed.append(one)
            print(
                f"{shards:2} shards  fed in {one.seconds:11.1f} s, {count / one.seconds:8,.0f} a second;"
                f" {one.searched:6.0f} MB searched, {one.files:.0f} MB of files",
                flush=True,
            )
        held = sum(opened.manifest.files[name][0] for name in (TERMS_FILE, FORMS_FILE, DESCRIPTION_FILE)) / 1e6
        print(f"a server holds {held:.0f} MB of words and documents; {memory(cluster)}")
        searchers = {"local": Searcher(opened.snapshot)} | {f"{one.shards} shards": one.searcher for one in fed}
        speed(searchers, rows(), asked.rounds)
        for name, searcher in list(searchers.items())[1:] if asked.compare else ():
            compared = compare(searchers["local"], searcher, asked.compare, seed=1)
            print(f"{name}: {compared}", *compared.differences[:10], sep="\n  ", flush=True)
        for shards in asked.shards:
            ClusterFeeder(cluster).keep(collection(shards), ())
    for folder in asked.sets:
        relevance(cluster, folder)


def collection(shards: int) -> str:
    """What is fed with so many shards."""
    return f"benchmark-{shards}"


@contextmanager
def written(rows: Iterator[Row], folder: Path) -> Iterator[tuple[Opened, float, float]]:
    """A generation of *rows*, open; the seconds that writing took, and its megabytes."""
    began = time.perf_counter()
    publish(rows, folder)
    seconds = time.perf_counter() - began
    data = DataFolder(folder)
    size = sum(file.stat().st_size for file in data.generations.rglob("*") if file.is_file())
    opened = FolderHome(data).open_current()
    try:
        yield opened, seconds, size / 1e6
    finally:
        opened.close()


def feed(cluster: Cluster, opened: Opened, shards: int) -> Fed:
    """Feeds what is open, and opens it there."""
    folder, name, generation = opened.snapshot.folder, collection(shards), opened.generation
    sha256 = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    feeder = ClusterFeeder(cluster, shards)
    feeder.keep(name, ())
    began = time.perf_counter()
    feeder.feed(folder, name, generation, sha256)
    seconds = time.perf_counter() - began
    there = ClusterHome(cluster, name).open(generation)
    engine = ClusterEngine(there.snapshot, cluster, name, generation, sha256)
    index = index_name(name, generation)
    sizes = [size(cluster, one) for one in (index, f"{index}-files")]
    return Fed(shards, Searcher(there.snapshot, engine), seconds, *sizes)


def size(cluster: Cluster, index: str) -> float:
    """Megabytes of an index, without its copies, put together as far as a cluster does by itself after a while."""
    cluster.ask("POST", f"{index}/_forcemerge", what="to merge", seconds=BUILD_SECONDS, max_num_segments="1")
    cluster.ask("POST", f"{index}/_refresh", what="to let go of what was merged", seconds=BUILD_SECONDS)
    cluster.ask("POST", f"{index}/_flush", what="to write it down", seconds=BUILD_SECONDS, force="true")
    found = cluster.ask("GET", f"{index}/_stats/store", what="to tell its size")
    return float(found["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6


def memory(cluster: Cluster) -> str:
    """Of each node what its heap holds and may hold."""
    nodes = cluster.ask("GET", "_nodes/stats/jvm", what="to tell its memory")["nodes"].values()
    heaps = (one["jvm"]["mem"] for one in nodes)
    return "heap, MB used of: " + ", ".join(
        f"{one['heap_used_in_bytes'] / 1e6:.0f} of {one['heap_max_in_bytes'] / 1e6:.0f}" for one in heaps
    )


def speed(searchers: dict[str, Searcher], rows: Iterator[Row], rounds: int) -> None:
    """The table of milliseconds: p50 and p95."""
    mix = questions(rows)
    seconds: dict[str, list[tuple[Class, float]]] = {name: [] for name in searchers}
    for number in range(rounds + 1):  # the first to warm up
        for question in mix:
            for name, searcher in searchers.items():
                began = time.perf_counter()
                searcher.search(SearchRequest(typed(question), limit=SHOWN))
                if number:
                    seconds[name].append((question.kind, time.perf_counter() - began))
    print(f"{'milliseconds, p50 / p95':24}", *(f"{name:>17}" for name in searchers))
    for kind in (*Class, None):
        row = [[taken for of, taken in seconds[name] if kind in (of, None)] for name in searchers]
        pairs = [f"{1e3 * median(one):.1f} / {1e3 * percentile(one, 95):.1f}" for one in row]
        print(f"{kind or 'all questions':24}", *(f"{pair:>17}" for pair in pairs), flush=True)


def relevance(cluster: Cluster, folder: Path) -> None:
    """nDCG@10 of both engines on the judged collection in *folder*."""
    judged = read_judged(folder)
    rows = (Row(f"d{number}", "body", "", "", (), "", text) for number, text in enumerate(judged.texts))
    with tempfile.TemporaryDirectory() as scratch, written(rows, Path(scratch)) as (opened, _, _):
        for name, searcher in (("local", Searcher(opened.snapshot)), ("cluster", feed(cluster, opened, 1).searcher)):
            scores = [
                ndcg([hit.position for hit in searcher.search(SearchRequest(query, limit=10)).hits], grades)
                for query, grades in zip(judged.queries, judged.grades, strict=True)
            ]
            print(f"nDCG@10 {judged.name:12} {name:8} {mean(scores):.4f}", flush=True)
        ClusterFeeder(cluster).keep(collection(1), ())


if __name__ == "__main__":
    main()
