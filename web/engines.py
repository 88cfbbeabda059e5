"""Which engine searches: the local one, or a cluster with its addresses and credentials."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.problems import PinciteError
from index.feeding import Feeder
from index.home import Home
from index.showing import Opened
from search.searcher import Searcher

# What speaks to a cluster is imported where a cluster was asked for: its client is an extra that need not be installed.
if TYPE_CHECKING:
    from index.cluster.client import Cluster
    from index.cluster.standing import Standing

LOCAL, OPENSEARCH = "local", "opensearch"


class NoClientError(PinciteError):
    """The client of the cluster is not installed."""

    def __init__(self) -> None:
        super().__init__("--engine opensearch needs the extra: pip install 'pincite[opensearch]'")


class NotFedError(PinciteError):
    """A generation that stands in the data folder is not in the cluster."""

    def __init__(self, generation: str) -> None:
        super().__init__(f"the cluster does not have {generation}: it was not fed when it was built, or was deleted")


class BadCredentialsError(PinciteError):
    """The credentials of the cluster cannot be read."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}. It is to hold one line, NAME:PASSWORD")


@dataclass(frozen=True, slots=True)
class ClusterChoice:
    """A cluster, the collection that is meant of those in it, and how to be let in.

    *shards* are those of each index that is made.
    """

    urls: tuple[str, ...]
    collection: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    shards: int = 1


def cluster_choice(
    urls: tuple[str, ...], collection: str, shards: int, environment: Mapping[str, str]
) -> ClusterChoice:
    """The cluster at *urls* that serves *collection*, with credentials from PINCITE_ENGINE_CREDENTIALS or the file that
    PINCITE_ENGINE_CREDENTIALS_FILE names, and the authority that PINCITE_ENGINE_CA names.

    Raises BadCredentialsError.
    """
    where = "PINCITE_ENGINE_CREDENTIALS"
    line = environment.get(where, "")
    if path := environment.get(f"{where}_FILE"):
        where = path
        try:
            line = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise BadCredentialsError(where, "it cannot be read") from None
    user, colon, password = line.partition(":")
    if line and not (user and colon):
        raise BadCredentialsError(where, "there is no name and password in it")
    return ClusterChoice(urls, collection, user, password, environment.get("PINCITE_ENGINE_CA"), shards)


def cluster_home(choice: ClusterChoice) -> Home:
    """The collection's generations in the cluster."""
    cluster = _cluster(choice, os.getpid())
    from index.cluster.home import ClusterHome

    return ClusterHome(cluster, choice.collection)


def standing_in(choice: ClusterChoice) -> Standing:
    """Which generations of the collection the cluster has. Raises EngineError."""
    cluster = _cluster(choice, os.getpid())
    from index.cluster.standing import standing

    return standing(cluster, choice.collection)


def searcher_of(opened: Opened, choice: ClusterChoice | None) -> Searcher:
    """What answers questions over a generation that was opened where *choice* has it."""
    if choice is None:
        return Searcher(opened.snapshot)
    cluster = _cluster(choice, os.getpid())
    from search.cluster_engine import ClusterEngine

    manifest = opened.manifest
    engine = ClusterEngine(opened.snapshot, cluster, manifest.collection, manifest.generation, opened.sha256)
    return Searcher(opened.snapshot, engine)


def environment_of(choice: ClusterChoice | None) -> dict[str, str]:
    """How another process is told of the cluster; credentials stand in the environment already."""
    if choice is None:
        return {}
    return {
        "PINCITE_ENGINE": OPENSEARCH,
        "PINCITE_ENGINE_URL": " ".join(choice.urls),
        "PINCITE_ENGINE_SHARDS": str(choice.shards),
        "PINCITE_ENGINE_COLLECTION": choice.collection,
    }


def feeder_of(choice: ClusterChoice | None) -> Feeder | None:
    """What a build feeds beside the data folder."""
    if choice is None:
        return None
    cluster = _cluster(choice, os.getpid())
    from index.cluster.feeding import ClusterFeeder

    return ClusterFeeder(cluster, choice.shards)


@lru_cache(maxsize=8)
def _cluster(choice: ClusterChoice, process: int) -> Cluster:
    """One pool of connections a *process*: a fork must not share them."""
    try:
        from index.cluster.client import Access, Cluster
    except ImportError:
        raise NoClientError from None
    return Cluster(Access(choice.urls, choice.user, choice.password, choice.ca_file))
