"""What stands in a cluster of a collection: its generations, which of them is served, whether one is whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from index.cluster.client import Cluster, RefusedError
from index.cluster.mapping import (
    PIECES_VERSION,
    Meta,
    alias_name,
    files_name,
    generation_of,
    index_name,
    newest_name,
    passage_id,
    token,
)
from index.cluster.pieces import FarFile, FarPieces, sent
from index.cluster.sending import BUILD_SECONDS
from index.feeding import EngineError
from index.generations import MANIFEST, Manifest, decoded
from index.schema import SCHEMA_VERSION, TermField
from index.snapshot import Snapshot

IDS = 5_000  # read back at once
PROBES = 20  # terms of each field whose passages are counted
GREEN_SECONDS = 60


class FedAmissError(EngineError):
    """What the cluster holds is not what it was given."""

    def __init__(self, index: str, what: str) -> None:
        super().__init__(f"the index {index} of the cluster is not whole: {what}")


class NotFedError(EngineError):
    """The cluster does not hold a generation, or not one of this version."""

    def __init__(self, index: str, what: str) -> None:
        super().__init__(f"the cluster's index {index} {what}. Build with --engine opensearch")


@dataclass(frozen=True, slots=True)
class Standing:
    """Generations of a collection, by name. None is served before the first was published."""

    names: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    served: str | None = None
    newest: str | None = None


def standing(cluster: Cluster, collection: str) -> Standing:
    """What the node that answers knows of *collection*. Raises EngineError."""
    found = cluster.ask("GET", f"{index_name(collection, 'g*')}/_alias", what="to list indexes", local="true")
    names: set[str] = set()
    served = newest = None
    indexes = []
    for index, aliases in sorted((found or {}).items()):
        generation = generation_of(index, collection)
        if generation is None:
            continue  # another collection's, whose id begins like this one's
        indexes.append(index)
        names.add(generation)
        if alias_name(collection) in aliases.get("aliases", {}):
            served = generation
        if newest_name(collection) in aliases.get("aliases", {}):
            newest = generation
    return Standing(tuple(sorted(names, key=lambda name: int(name[1:]))), tuple(indexes), served, newest)


def description(cluster: Cluster, collection: str, generation: str) -> Meta | None:
    """What the index says of itself; None where there is none, or one that is not finished."""
    name = index_name(collection, generation)
    try:
        answer = cluster.ask("GET", f"{name}/_mapping", what="to read the index's description")
    except RefusedError as error:
        if error.code == 404:
            return None
        raise
    try:
        return msgspec.convert(answer[name]["mappings"].get("_meta", {}), Meta)
    except (msgspec.ValidationError, KeyError):
        return None


def described(cluster: Cluster, collection: str, generation: str) -> Meta:
    """The same of one that can be read. Raises NotFedError."""
    name = index_name(collection, generation)
    meta = description(cluster, collection, generation)
    if meta is None:
        raise NotFedError(name, "is not there, or was not finished")
    if meta.collection != collection:
        raise NotFedError(name, f"belongs to the collection {meta.collection}")
    if (meta.schema, meta.pieces) != (SCHEMA_VERSION, PIECES_VERSION):
        raise NotFedError(name, "was made by another version of Pincite")
    return meta


def manifest_of(pieces: FarPieces, meta: Meta) -> Manifest:
    """The generation's manifest. Raises EngineError."""
    content = FarFile(pieces, MANIFEST, meta.sizes[MANIFEST]).whole()
    if hashlib.sha256(content).hexdigest() != meta.manifest:
        raise FedAmissError(meta.generation, "its manifest is not the one that was published")
    return decoded(content)


def check(cluster: Cluster, folder: Path, collection: str, generation: str, manifest: str) -> None:
    """Holds what the cluster has against the index in *folder*: its description and health, every id in its place, the
    counts of some terms, and all files byte for byte.

    Raises EngineError.
    """
    name = index_name(collection, generation)
    meta = description(cluster, collection, generation)
    if meta is None or meta.manifest != manifest:
        raise FedAmissError(name, "it was made from another generation, or not to its end")
    names = (name, files_name(collection, generation))
    for one in names:
        _check_health(cluster, one)
    with Snapshot.open(folder) as snapshot:
        _check_ids(cluster, name, snapshot)
        for field, term, expected in _probes(snapshot):
            levels = range(meta.levels[field])
            query = {"bool": {"should": [{"term": {f"{field}_{level}": token(term)}} for level in levels]}}
            counted = whole(cluster.ask("POST", f"{name}/_count", {"query": query}, what="to count"), name)
            if counted["count"] != expected:
                raise FedAmissError(name, f"a word stands in {counted['count']:,} passages, not in {expected:,}")
    pieces = FarPieces(cluster, names[1], kept=0)
    files = manifest_of(pieces, meta).files
    for file in sent(files):
        size, sha256 = files[file]
        if _sum_of(FarFile(pieces, file, size)) != sha256:
            raise FedAmissError(names[1], f"{file} is not what was built")


def whole(answer: Any, name: str) -> Any:
    """*answer*, of which no shard is missing. Raises FedAmissError otherwise."""
    shards = answer["_shards"]
    if shards["failed"] or shards["successful"] != shards["total"] or answer.get("timed_out"):
        raise FedAmissError(name, "a shard does not answer")
    return answer


def _sum_of(file: FarFile) -> str:
    found, step = hashlib.sha256(), 1 << 20
    for begin in range(0, len(file), step):
        found.update(file[begin : begin + step])
    return found.hexdigest()


def _check_health(cluster: Cluster, name: str) -> None:
    try:
        health = cluster.ask(
            "GET",
            f"_cluster/health/{name}",
            what="to tell its health",
            seconds=BUILD_SECONDS,
            wait_for_status="green",
            timeout=f"{GREEN_SECONDS}s",
        )
        found = "timed out" if health["timed_out"] else health["status"]
    except RefusedError as error:
        if error.code != 408:
            raise
        found = "timed out"
    if found != "green":
        raise FedAmissError(name, f"its health is not green ({found}): a shard or its copy is missing")


def _check_ids(cluster: Cluster, name: str, snapshot: Snapshot) -> None:
    here = 0
    for position, identity in _ids(cluster, name):
        if here >= snapshot.passage_count or position != here or identity != passage_id(snapshot.record(here)):
            raise FedAmissError(name, f"at {position} it has {identity}")
        here += 1
    if here != snapshot.passage_count:
        raise FedAmissError(name, f"it has {here:,} passages of {snapshot.passage_count:,}")


def _ids(cluster: Cluster, name: str) -> Iterator[tuple[int, str]]:
    """Every passage of the index in the order of positions."""
    after = -1
    while True:
        body = {"size": IDS, "sort": ["position"], "search_after": [after], "track_total_hits": False}
        answer = cluster.ask(
            "POST",
            f"{name}/_search",
            body,
            what="to read it back",
            seconds=BUILD_SECONDS,
            allow_partial_search_results="false",
        )
        hits = whole(answer, name)["hits"]["hits"]
        for hit in hits:
            after = hit["sort"][0]
            yield after, hit["_id"]
        if len(hits) < IDS:
            return


def _probes(snapshot: Snapshot) -> Iterator[tuple[TermField, str, int]]:
    """Some terms of each field, always the same ones, and in how many passages each stands."""
    random = Random(snapshot.passage_count)
    for field in TermField:
        vocabulary = snapshot.terms(field)
        wanted = set(random.sample(range(len(vocabulary)), min(PROBES, len(vocabulary))))
        for number, term in enumerate(vocabulary):
            if number in wanted:
                yield field, term, vocabulary.frequency(term)
