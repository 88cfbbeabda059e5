"""Settings: what a command, or the environment, says once and every part of the site is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import corpus
from corpus.authorities import Authorities
from corpus.collection import NotACollectionError, open_collection
from index.generations import DataFolder
from index.home import FolderHome, Home
from web.engines import ClusterChoice, cluster_home


def starter_collection() -> Path:
    """The collection that ships with Pincite."""
    return Path(corpus.__file__).parent / "starter"


@dataclass(frozen=True, slots=True)
class Folders:
    """Which collection is meant, and where its index is kept."""

    collection: Path
    data_given: Path | None
    collection_given: bool = True
    engine: ClusterChoice | None = None  # what searches, where it is not the local engine

    @property
    def cluster(self) -> ClusterChoice | None:
        """The same, with the collection that is meant. Raises NotACollectionError where nothing says which."""
        if self.engine is None or self.engine.collection:
            return self.engine
        return replace(self.engine, collection=self.authorities().collection.id)

    def data(self) -> DataFolder:
        """The data folder: the one given, or `var/<collection id>` below the folder we stand in.

        Raises OtherCollectionError when it is not that of the collection, if one is given; NotACollectionError when
        none is given and the collection cannot say its id.
        """
        if self.data_given is not None and not self.collection_given:
            return DataFolder(self.data_given)  # to read an index, nobody needs the texts it was made from
        collection = self.authorities().collection.id
        data = DataFolder(self.data_given or Path("var") / collection)
        data.belongs_to(collection)
        return data

    def belonging_to(self, data: DataFolder) -> str:
        """The collection whose index is changed in *data*: the one given, or what the folder itself says.

        Raises NotACollectionError.
        """
        return (None if self.collection_given else data.owner()) or self.authorities().collection.id

    def home(self) -> Home:
        """Where the generations are read. Raises as data(), where that is the data folder."""
        cluster = self.cluster
        return FolderHome(self.data()) if cluster is None else cluster_home(cluster)

    def authorities(self) -> Authorities:
        """The collection's authority files. Raises NotACollectionError, and what reading them raises."""
        return open_collection(self.collection).authorities


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What the site must know of the world around it."""

    data: Path
    prepared: Path | None = None  # where static files are made ready; None: below the data folder
    site_url: str | None = None  # the address that citations begin with; a Host header never says it
    trusted_hosts: tuple[str, ...] = ()  # names that requests may bear; empty: any
    trusted_proxies: int = 0  # proxies in front whose X-Forwarded-For is believed
    rate_limit: bool = False
    cluster: ClusterChoice | None = None  # where the generations are read, and searched; None: in *data*

    def home(self) -> Home:
        """Where the generations are read."""
        return FolderHome(DataFolder(self.data)) if self.cluster is None else cluster_home(self.cluster)


__all__ = ["Folders", "NotACollectionError", "SiteSettings", "starter_collection"]
