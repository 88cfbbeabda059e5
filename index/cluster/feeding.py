"""Feeds a generation to a cluster, has it checked, moves the aliases, and takes old generations away."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from index.cluster.client import Cluster, RefusedError
from index.cluster.mapping import (
    Meta,
    alias_name,
    files_name,
    files_settings,
    generation_of,
    index_name,
    newest_name,
    passage,
    passage_id,
    settings,
)
from index.cluster.pieces import COMPARISONS, pieces, sent
from index.cluster.sending import BUILD_SECONDS, send
from index.cluster.standing import Standing, check, description, standing
from index.days import days_of
from index.feeding import EngineError
from index.forward import forward
from index.generations import MANIFEST, PIN
from index.schema import TermField
from index.snapshot import Snapshot


class OtherFolderError(EngineError):
    """The cluster has a generation of this name already."""

    def __init__(self, index: str) -> None:
        super().__init__(
            f"the cluster has {index} already, fed by another data folder. One folder alone may feed a collection"
        )


class NotMovedError(EngineError):
    """A generation was published in the data folder, and the cluster still serves the one before."""

    def __init__(self, generation: str, error: EngineError) -> None:
        super().__init__(
            f"{generation} is whole in the data folder and in the cluster, but readers of the cluster still get the"
            f" generation before it: {error}. Build again"
        )


class ClusterFeeder:
    """Keeps a cluster in step with one data folder (index.feeding.Feeder)."""

    def __init__(self, cluster: Cluster, shards: int = 1, replicas: str = "0-1") -> None:
        """*shards* of each index; *replicas* as `auto_expand_replicas` takes them."""
        self._cluster = cluster
        self._shards = shards
        self._replicas = replicas

    def names(self, collection: str) -> Sequence[str]:
        """See index.feeding.Feeder."""
        return standing(self._cluster, collection).names

    def feed(self, folder: Path, collection: str, generation: str, manifest: str, compared: Path | None = None) -> None:
        """See index.feeding.Feeder."""
        found = standing(self._cluster, collection)
        if generation in found.names:
            raise OtherFolderError(index_name(collection, generation))
        self._sweep(collection, found)
        name, files = index_name(collection, generation), files_name(collection, generation)
        try:
            self._make(name, settings(self._shards))
            self._make(files, files_settings(self._shards))
            with Snapshot.open(folder) as snapshot:
                levels: dict[str, int] = dict.fromkeys(TermField, 1)
                send(self._cluster, name, _passages(snapshot, levels))
                count = snapshot.passage_count
            kept = sent(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
            send(self._cluster, files, pieces(folder, [one for one in kept if one != PIN]))
            sizes = {MANIFEST: (folder / MANIFEST).stat().st_size}
            if compared is not None:
                send(self._cluster, files, pieces(compared.parent, [compared.name], COMPARISONS))
                sizes[COMPARISONS] = compared.stat().st_size
            meta = Meta(collection, generation, manifest, count, levels, sizes)
            for one in (name, files):
                self._finish(one)
            self._describe(name, meta)
            check(self._cluster, folder, collection, generation, manifest)
        except BaseException:
            with suppress(EngineError):  # else the next build sweeps it
                self._take_away((name, files))
            raise

    def publish(self, collection: str, generation: str, newest: str) -> None:
        """See index.feeding.Feeder."""
        try:
            found = standing(self._cluster, collection)
            newest = newest if newest in found.names else generation
            actions: list[dict[str, object]] = []
            for alias, chosen in ((alias_name(collection), generation), (newest_name(collection), newest)):
                for index in found.indexes:
                    actions.append({"remove": {"index": index, "alias": alias, "must_exist": False}})
                actions.append({"add": {"index": index_name(collection, chosen), "alias": alias}})
            self._cluster.ask("POST", "_aliases", {"actions": actions}, what="to move the alias", seconds=BUILD_SECONDS)
        except EngineError as error:
            raise NotMovedError(generation, error) from error

    def holds(self, collection: str, generation: str, manifest: str) -> bool:
        """See index.feeding.Feeder."""
        meta = description(self._cluster, collection, generation)
        return meta is not None and meta.manifest == manifest

    def check(self, folder: Path, collection: str, generation: str, manifest: str) -> None:
        """See index.feeding.Feeder."""
        check(self._cluster, folder, collection, generation, manifest)

    def keep(self, collection: str, generations: Sequence[str], *, seconds: float = 0.0) -> None:
        """See index.feeding.Feeder."""
        doomed = [
            index
            for index in standing(self._cluster, collection).indexes
            if generation_of(index, collection) not in generations
        ]
        if doomed:
            time.sleep(seconds)
            self._take_away(doomed)

    def _sweep(self, collection: str, found: Standing) -> None:
        """Takes away what builds that died have left unfinished."""
        for generation in found.names:
            if generation not in (found.served, found.newest) and not description(
                self._cluster, collection, generation
            ):
                self._take_away([index for index in found.indexes if generation_of(index, collection) == generation])

    def _make(self, name: str, body: dict[str, object]) -> None:
        self._cluster.ask("PUT", name, body, what=f"to make the index {name}", seconds=BUILD_SECONDS)

    def _take_away(self, names: Sequence[str]) -> None:
        for name in names:
            try:
                self._cluster.ask("DELETE", name, what=f"to delete {name}", seconds=BUILD_SECONDS)
            except RefusedError as error:
                if error.code != 404:
                    raise

    def _finish(self, name: str) -> None:
        changed = {"index.auto_expand_replicas": self._replicas, "index.refresh_interval": "1s"}
        self._cluster.ask("POST", f"{name}/_refresh", what="to refresh the index", seconds=BUILD_SECONDS)
        self._cluster.ask("PUT", f"{name}/_settings", changed, what="to set replicas", seconds=BUILD_SECONDS)

    def _describe(self, name: str, meta: Meta) -> None:
        """The last that is written: an index that describes itself is finished."""
        body = {"_meta": msgspec.to_builtins(meta)}
        self._cluster.ask("PUT", f"{name}/_mapping", body, what="to describe the index", seconds=BUILD_SECONDS)


def _passages(snapshot: Snapshot, levels: dict[str, int]) -> Iterator[tuple[str, bytes]]:
    """Ids, and what is sent of each passage. *levels* learns how deep places are. Holds one document at a time."""
    days = days_of(snapshot)
    for position, record, terms in forward(snapshot):
        for field, places in terms.items():
            levels[field] = max(levels[field], max(map(len, places), default=0))
        sent_of = passage(snapshot, position, record, int(days[position]), terms)
        yield passage_id(record), msgspec.json.encode(sent_of)
