"""Gives each request one generation for as long as it lasts, and swaps it for the next: wherever generations are."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from corpus.problems import PinciteError
from index.generations import Manifest
from index.linkbook import LinkBook
from index.snapshot import Snapshot

POLL_SECONDS = 0.5  # how often a new one is looked for; the contract allows 2 seconds until it shows


@dataclass(slots=True)
class Opened:
    """One generation, verified and open. *release* lets it be deleted."""

    manifest: Manifest
    snapshot: Snapshot
    sha256: str  # of its manifest: two data folders may hold generations of one name
    book: Callable[[], LinkBook]  # opens its copy of the ledgers; raises BadLinkBookError
    release: Callable[[], None]
    instead: str | None = None  # why another one than is meant to be served is open; None when it is the one
    readers: int = 0
    retired: bool = False
    extras: dict[str, object] = field(default_factory=dict)  # what the rooms above keep for as long as it is open

    @property
    def generation(self) -> str:
        """Its name."""
        return self.manifest.generation

    def close(self) -> None:
        """Lets go of its files; the builder may delete it now."""
        self.snapshot.close()
        self.release()


class Showing(ABC):
    """Gives each request one generation for as long as it lasts.

    A thread looks for a new one; it is opened and *prepared* there, off the request path, and then swapped in. What
    goes wrong is told to *report*.
    """

    def __init__(self, report: Callable[[str], None], prepared: Callable[[Opened], None]) -> None:
        self._report = report
        self._prepared = prepared
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._fault = ""  # told last
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Opens the generation that is to be served and begins to watch. Raises a PinciteError."""
        self._begin()
        self._thread = threading.Thread(target=self._watch, name="generation-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the watch and closes what no request reads."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._show(None)

    @contextmanager
    def pinned(self) -> Iterator[Opened]:
        """One generation, which stays open until the end of the block.

        Raises what `_nothing` gives before start(), and where nothing can be served.
        """
        with self._lock:
            opened = self._opened
            if opened is None:
                raise self._nothing()
            opened.readers += 1
        try:
            yield opened
        finally:
            with self._lock:
                opened.readers -= 1
                if opened.retired and not opened.readers:
                    opened.close()

    @abstractmethod
    def _begin(self) -> None:
        """Shows the first generation."""

    @abstractmethod
    def _look(self) -> None:
        """Shows another generation where that is due."""

    @abstractmethod
    def _nothing(self) -> PinciteError:
        """Why nothing is served."""

    @abstractmethod
    def _poll_seconds(self) -> float:
        """Between two looks."""

    def _watch(self) -> None:
        while not self._stop.wait(self._poll_seconds()):
            try:
                self._look()
            except Exception as error:
                # A fault of ours must not end the watch: later generations would never be shown.
                told = f"{type(error).__name__}: {error}"
                if told != self._fault:
                    self._report(f"watching for generations failed by a fault of Pincite's ({told}). Please report it")
                self._fault = told

    def _show(self, fresh: Opened | None) -> None:
        if fresh is not None:
            try:
                self._prepared(fresh)
            except BaseException:
                fresh.close()
                raise
        with self._lock:
            old, self._opened = self._opened, fresh
            if old is not None:
                old.retired = True
                if not old.readers:
                    old.close()
