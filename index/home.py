"""Where generations stand that can be read: a data folder, or a cluster (index.cluster.home)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.comparisons import Since, read_comparisons
from index.current import GenerationReader, newest_after, open_current, open_generation
from index.generations import DataFolder
from index.linkbook import BadLinkBookError, LinkBook
from index.showing import Opened, Showing


class Home(Protocol):
    """Generations of one collection, to be read."""

    def names(self) -> Sequence[str]:
        """Those that stand here, oldest first."""
        ...

    def open(self, generation: str) -> Opened:
        """One of them. Raises a PinciteError where it cannot be read."""
        ...

    def open_current(self) -> Opened:
        """The one that is served. Raises a PinciteError where none can be."""
        ...

    def newest_book(self, served: str) -> LinkBook | None:
        """Where an older generation than the newest is *served*, the book of that: it answers for ids that came later.

        None also where that generation cannot be read any more: what it knew alone is not known then.
        """
        ...

    def comparisons(self, generation: str, manifest: str) -> tuple[Since, ...]:
        """What changed since the generations before *generation*, whose manifest has this sha256 (index.comparisons).

        Raises DamagedFileError.
        """
        ...

    def showing(self, report: Callable[[str], None], prepared: Callable[[Opened], None]) -> Showing:
        """What shows the generation served to requests (index.showing)."""
        ...


@dataclass(frozen=True, slots=True)
class FolderHome:
    """The generations of a data folder (Home)."""

    data: DataFolder

    def names(self) -> Sequence[str]:
        """See Home."""
        return self.data.names()

    def open(self, generation: str) -> Opened:
        """See Home."""
        return open_generation(self.data, generation)

    def open_current(self) -> Opened:
        """See Home. Where CURRENT or what it names is damaged, the newest sound one; its `instead` says so."""
        return open_current(self.data)

    def newest_book(self, served: str) -> LinkBook | None:
        """See Home."""
        newest = newest_after(self.data, served)
        if newest is None:
            return None
        try:
            return LinkBook.open(self.data.folder(newest))
        except BadLinkBookError:
            return None

    def comparisons(self, generation: str, manifest: str) -> tuple[Since, ...]:
        """See Home."""
        return read_comparisons(self.data, generation, manifest)

    def showing(self, report: Callable[[str], None], prepared: Callable[[Opened], None]) -> Showing:
        """See Home."""
        return GenerationReader(self.data, report, prepared)
