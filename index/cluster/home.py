"""The generations of a collection that stand in a cluster, read there: nothing of them is needed on this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.problems import PinciteError
from index.arrays import DamagedFileError
from index.cluster.client import Cluster
from index.cluster.mapping import Meta, files_name
from index.cluster.pieces import COMPARISONS, FarArray, FarColumn, FarFile, FarPieces, FarStore, HeldFile, far_arrays
from index.cluster.standing import FedAmissError, described, manifest_of, standing
from index.codec import PASSAGES_FILE, TERMS_FILE, FarDictionary
from index.columns import COLUMNS_FILE
from index.comparisons import Since, decoded_comparisons
from index.feeding import EngineError
from index.generations import Manifest
from index.linkbook import FILE as LINKS_FILE
from index.linkbook import LinkBook
from index.showing import POLL_SECONDS, Opened, Showing
from index.snapshot import Files, Snapshot
from index.snapshot import described as read_description
from index.writing import DESCRIPTION_FILE, FORMS_FILE, HTML_FILE, ColumnDescription


class NothingServedError(EngineError):
    """The cluster serves no generation of the collection."""

    def __init__(self, collection: str) -> None:
        super().__init__(
            f"the cluster serves no generation of the collection {collection}. Build it with --engine opensearch, or"
            " name another by --engine-collection"
        )


class ClusterHome:
    """The generations of *collection* in a cluster (index.home.Home). Everything may raise EngineError."""

    def __init__(self, cluster: Cluster, collection: str) -> None:
        self.cluster = cluster
        self.collection = collection

    def names(self) -> Sequence[str]:
        """See index.home.Home."""
        return standing(self.cluster, self.collection).names

    def served(self) -> str:
        """The name of the generation that is served."""
        found = standing(self.cluster, self.collection).served
        if found is None:
            raise NothingServedError(self.collection)
        return found

    def open_current(self) -> Opened:
        """See index.home.Home."""
        return self.open(self.served())

    def open(self, generation: str) -> Opened:
        """See index.home.Home. Words and documents are read into memory, passages when they are asked for."""
        meta, pieces, manifest = self._found(generation)
        try:
            snapshot = _snapshot(pieces, manifest)
        except DamagedFileError as error:
            raise FedAmissError(files_name(self.collection, generation), str(error)) from error
        return Opened(
            manifest,
            snapshot,
            meta.manifest,
            book=lambda: _book(pieces, manifest),
            release=pieces.forget,
        )

    def newest_book(self, served: str) -> LinkBook | None:
        """See index.home.Home."""
        newest = standing(self.cluster, self.collection).newest
        if newest is None or newest == served:
            return None
        _, pieces, manifest = self._found(newest)
        return _book(pieces, manifest)

    def comparisons(self, generation: str, manifest: str) -> tuple[Since, ...]:
        """See index.home.Home."""
        meta = described(self.cluster, self.collection, generation)
        if COMPARISONS not in meta.sizes:
            return ()
        pieces = FarPieces(self.cluster, files_name(self.collection, generation))
        content = FarFile(pieces, COMPARISONS, meta.sizes[COMPARISONS]).whole()
        return decoded_comparisons(Path(COMPARISONS), content, generation, manifest)

    def showing(self, report: Callable[[str], None], prepared: Callable[[Opened], None]) -> Showing:
        """See index.home.Home."""
        return ClusterShowing(self, report, prepared)

    def _found(self, generation: str) -> tuple[Meta, FarPieces, Manifest]:
        meta = described(self.cluster, self.collection, generation)
        pieces = FarPieces(self.cluster, files_name(self.collection, generation))
        return meta, pieces, manifest_of(pieces, meta)


class ClusterShowing(Showing):
    """Shows the generation that a cluster's alias leads to (index.showing).

    While the cluster does not answer, what was shown before stays, and says itself what it cannot do.
    """

    def __init__(self, home: ClusterHome, report: Callable[[str], None], prepared: Callable[[Opened], None]) -> None:
        super().__init__(report, prepared)
        self._home = home
        self._trouble: PinciteError = NothingServedError(home.collection)
        self._told = ""

    def _begin(self) -> None:
        self._look()

    def _look(self) -> None:
        try:
            served = self._home.served()
            if self._opened is None or self._opened.generation != served:
                self._show(self._home.open(served))
            self._told = ""
        except PinciteError as error:
            self._trouble = error
            if str(error) != self._told:
                self._told = str(error)
                self._report(f"{error}. What was served before stays")

    def _nothing(self) -> PinciteError:
        return self._trouble

    def _poll_seconds(self) -> float:
        return POLL_SECONDS


def _file(pieces: FarPieces, manifest: Manifest, name: str) -> FarFile:
    return FarFile(pieces, name, manifest.files[name][0])


def _book(pieces: FarPieces, manifest: Manifest) -> LinkBook:
    return LinkBook(Path(LINKS_FILE), _file(pieces, manifest, LINKS_FILE))


def _snapshot(pieces: FarPieces, manifest: Manifest) -> Snapshot:
    place = Path(manifest.collection) / manifest.generation

    def file(name: str) -> FarFile:
        return _file(pieces, manifest, name)

    description = read_description(place / DESCRIPTION_FILE, file(DESCRIPTION_FILE).whole())
    arrays: dict[str, FarArray] = far_arrays(file(COLUMNS_FILE))

    def column(one: ColumnDescription) -> FarColumn:
        return FarColumn(one.name, one.values, one.doubt, arrays)

    files = Files(
        place,
        FarStore(file(PASSAGES_FILE)),
        FarStore(file(HTML_FILE)),
        FarStore(HeldFile(place / FORMS_FILE, file(FORMS_FILE).whole())),
        FarDictionary(file(TERMS_FILE).whole()),
        arrays,
        column,
    )
    return Snapshot(description, files)
