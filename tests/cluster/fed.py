"""Passages fed to a cluster and opened by both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from small_index import passage, write
from strategies import MONTHS, OFFICIALS, SOURCES, WORDS

from index.cluster.client import Cluster
from index.cluster.feeding import ClusterFeeder
from index.cluster.home import ClusterHome
from index.generations import FORMAT, DataFolder, Manifest
from index.record import CitationRecord, MonthsRecord, PassageRecord
from index.schema import SCHEMA_VERSION
from index.snapshot import Snapshot
from search.cluster_engine import ClusterEngine

GENERATION = "g000001"


def sealed(folder: Path, collection: str) -> str:
    """Writes the manifest of the index in *folder*; its sha256."""
    manifest = Manifest(FORMAT, GENERATION, "", collection, SCHEMA_VERSION, {}, {}, (), {})
    return hashlib.sha256(DataFolder(folder.parent).seal(folder, manifest)).hexdigest()


@contextmanager
def both(
    cluster: Cluster, collection: str, shards: int, records: Sequence[PassageRecord]
) -> Iterator[tuple[Snapshot, ClusterEngine]]:
    """An index of *records*, open here, and the engine over what a cluster has of it."""
    with TemporaryDirectory() as parent:
        folder = write(Path(parent) / "g1", records)
        manifest = sealed(folder, collection)
        ClusterFeeder(cluster, shards).feed(folder, collection, GENERATION, manifest)
        there = ClusterHome(cluster, collection).open(GENERATION)
        with Snapshot.open(folder) as snapshot:
            yield snapshot, ClusterEngine(there.snapshot, cluster, collection, GENERATION, manifest)
    ClusterFeeder(cluster).keep(collection, ())


def random_records(count: int, seed: int) -> list[PassageRecord]:
    """Passages with few words, so that they meet; the same ones for a seed."""
    random = Random(seed)

    def some(of: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(sorted(random.sample(of, random.randint(0, most))))

    made = []
    for at in range(count):
        words = [random.choice(WORDS) + random.choice((" ", " – ", "-", ", ", " “", "… ")) for _ in range(12)]
        months = some(MONTHS, 3)
        cut = random.randint(0, len(months))
        made.append(
            passage(
                at,
                "".join(words[: random.randint(0, 12)]).strip(),
                document=f"d{at * 5 // count}",
                kind=random.choice(("body", "annex", "footnote")),
                section_path=random.choice(((), ("1. Ash",), ("1. Ash", "Bays and cats"))),
                officials=some(OFFICIALS, 3),
                source_types=some(SOURCES, 2),
                months=MonthsRecord(months[:cut], months[cut:]),
                cites=random.choice(((), (CitationRecord("Cats of the bay", "A/43/705"),))),
            )
        )
    return made
