"""The generation being served: opened once, pinned while anyone reads it, swapped when another is published."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from corpus.problems import PinciteError
from index.generations import DamagedGenerationError, DataFolder, Manifest, NoGenerationError
from index.snapshot import Snapshot

RETRY_SECONDS = 10.0  # before a generation that could not be opened is tried again: its disk may have recovered
POLL_SECONDS = 0.5  # how often CURRENT is looked at; the contract allows 2 seconds until a new generation shows


@dataclass(slots=True)
class Opened:
    """One generation, verified, pinned and open."""

    manifest: Manifest
    snapshot: Snapshot
    pin: int
    sha256: str  # of its manifest: two data folders may hold generations of one name
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
        os.close(self.pin)


def open_generation(data: DataFolder, generation: str, sha256: str | None = None) -> Opened:
    """*generation* of *data*, every file of it held against its manifest first.

    Raises DamagedGenerationError, and what Snapshot.open raises for an index of another version.
    """
    pin = data.pin(generation)
    try:
        manifest = data.manifest(generation, sha256)
        data.check_files(manifest)
        snapshot = Snapshot.open(data.folder(generation))
        return Opened(manifest, snapshot, pin, sha256 or data.manifest_sum(generation))
    except BaseException:
        os.close(pin)
        raise


def open_current(data: DataFolder) -> Opened:
    """The current generation, or the newest sound one where CURRENT or what it names is damaged.

    Raises NoGenerationError when nothing was built; DamagedGenerationError when nothing sound is left.
    """
    damage: PinciteError | None = None
    try:
        current = data.current()
    except DamagedGenerationError as error:
        current, damage = None, error
    if current is not None:
        try:
            return open_generation(data, current.generation, current.manifest)
        except PinciteError as error:
            damage = error
    for name in reversed(data.spared_names()):  # CURRENT is damaged or lost, or names what is damaged
        try:
            return open_generation(data, name)
        except PinciteError as error:
            damage = damage or error
    if damage is not None:
        raise damage
    raise NoGenerationError(data.path)


def newest_after(data: DataFolder, served: str) -> str | None:
    """The newest generation where an older one is *served* after a rollback: it answers for ids that came later."""
    try:
        current = data.current()
    except DamagedGenerationError:
        return None
    return current.newest if current is not None and current.newest != served else None


class GenerationReader:
    """Gives each request one generation for as long as it lasts.

    A thread watches CURRENT; a new generation is verified and opened there, off the request path, and then swapped in.
    One that fails its check is reported to *report* and the old one serves on.
    """

    def __init__(self, data: DataFolder, report: Callable[[str], None]) -> None:
        self._data = data
        self._report = report
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._seen: tuple[int, int] | None = None
        self._retry_at: float | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Opens the current generation and begins to watch. Raises what open_current raises."""
        self._seen = self._signature()
        self._opened = open_current(self._data)
        self._thread = threading.Thread(target=self._watch, name="generation-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the watch and closes what no request reads."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if self._opened is not None:
                self._retire(self._opened)
                self._opened = None

    @contextmanager
    def pinned(self) -> Iterator[Opened]:
        """One generation, which stays open until the end of the block. Raises NoGenerationError before start()."""
        with self._lock:
            opened = self._opened
            if opened is None:
                raise NoGenerationError(self._data.path)
            opened.readers += 1
        try:
            yield opened
        finally:
            with self._lock:
                opened.readers -= 1
                if opened.retired and not opened.readers:
                    opened.close()

    def _watch(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            signature = self._signature()
            again = self._retry_at is not None and time.monotonic() >= self._retry_at
            if signature is not None and (signature != self._seen or again):
                self._seen = signature
                self._swap(again=again)

    def _swap(self, *, again: bool) -> None:
        self._retry_at = None
        try:
            current = self._data.current()
            if current is None or (self._opened is not None and current.manifest == self._opened.sha256):
                return
            fresh = open_generation(self._data, current.generation, current.manifest)
        except (PinciteError, OSError) as error:
            self._retry_at = time.monotonic() + RETRY_SECONDS
            if not again:
                self._report(f"{error}; the generation before it serves on")
            return
        with self._lock:
            old, self._opened = self._opened, fresh
            if old is not None:
                self._retire(old)

    def _retire(self, opened: Opened) -> None:
        opened.retired = True
        if not opened.readers:
            opened.close()

    def _signature(self) -> tuple[int, int] | None:
        try:
            found = (self._data.path / "CURRENT").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns
