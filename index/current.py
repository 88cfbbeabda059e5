"""The generation being served: opened once, pinned while anyone reads it, swapped when another is published."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from corpus.problems import PinciteError
from index.generations import MANIFEST, DamagedGenerationError, DataFolder, Manifest, NoGenerationError
from index.snapshot import Snapshot

RETRY_SECONDS = 10.0  # before a generation that could not be opened is tried again: its disk may have recovered
SCRUB_SECONDS = 6 * 3600.0  # between two readings of all files served: a disk that rots changes no date
POLL_SECONDS = 0.5  # how often CURRENT is looked at; the contract allows 2 seconds until a new generation shows


@dataclass(slots=True)
class Opened:
    """One generation, verified, pinned and open."""

    manifest: Manifest
    snapshot: Snapshot
    pin: int
    sha256: str  # of its manifest: two data folders may hold generations of one name
    instead: str | None = None  # why another one than CURRENT names is open; None when it is the one
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
    except PinciteError:
        os.close(pin)
        raise
    except Exception as error:
        # Files that were changed together with the sums that cover them fail in ways of their own.
        os.close(pin)
        what = f"cannot be opened ({type(error).__name__}: {error})"
        raise DamagedGenerationError(data.folder(generation), what) from error
    except BaseException:
        os.close(pin)
        raise


def open_current(data: DataFolder) -> Opened:
    """The current generation, or the newest sound one where CURRENT or what it names is damaged; `instead` says so.

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
            opened = open_generation(data, name)
        except PinciteError as error:
            damage = damage or error
            continue
        opened.instead = f"{damage}. Until then {name} is served" if damage is not None else None
        return opened
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

    A thread watches CURRENT; a new generation is verified, opened and *prepared* there, off the request path, and then
    swapped in. One that fails its check is reported to *report* and the old one serves on. The files served are
    watched too: where one of them is not what was published, the newest sound generation takes over, or none.
    """

    def __init__(
        self,
        data: DataFolder,
        report: Callable[[str], None],
        prepared: Callable[[Opened], None] = lambda opened: None,
    ) -> None:
        self._data = data
        self._report = report
        self._prepared = prepared
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._seen: tuple[int, int] | None = None
        self._files: Dates = ()
        self._scrubbed = 0.0
        self._retry_at: float | None = None
        self._fault = ""  # told last
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Opens the current generation and begins to watch. Raises what open_current raises."""
        self._seen = self._signature()
        self._show(self._found())
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

        Raises NoGenerationError before start(), and where nothing sound is left to serve.
        """
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
            try:
                self._look()
            except Exception as error:
                # A fault of ours must not end the watch: later generations would never be shown.
                told = f"{type(error).__name__}: {error}"
                if told != self._fault:
                    self._report(f"watching for generations failed by a fault of Pincite's ({told}). Please report it")
                self._fault = told

    def _look(self) -> None:
        signature = self._signature()
        again = self._retry_at is not None and time.monotonic() >= self._retry_at
        if signature is not None and (signature != self._seen or again):
            self._seen = signature
            self._swap(again=again)
        self._look_after_files()

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
        self._show(fresh)

    def _look_after_files(self) -> None:
        """Holds what is served against its manifest when a file's date or size has changed, and every few hours."""
        opened = self._opened
        if opened is None:
            return
        due = time.monotonic() - self._scrubbed >= SCRUB_SECONDS
        if not due and self._dates(opened) == self._files:
            return
        try:
            self._data.check_files(self._data.manifest(opened.generation, opened.sha256))
        except DamagedGenerationError as error:
            self._replace_damaged(error)
        else:
            self._files, self._scrubbed = self._dates(opened), time.monotonic()

    def _replace_damaged(self, error: DamagedGenerationError) -> None:
        try:
            self._show(self._found())
        except PinciteError:
            # Nothing is better than something that was never written.
            self._report(f"{error}; no other generation is sound, so nothing is served")
            self._retry_at = time.monotonic() + RETRY_SECONDS
            self._show(None)

    def _found(self) -> Opened:
        opened = open_current(self._data)
        if opened.instead is not None:
            self._report(opened.instead)
            self._retry_at = time.monotonic() + RETRY_SECONDS
        return opened

    def _show(self, fresh: Opened | None) -> None:
        if fresh is not None:
            try:
                self._prepared(fresh)
            except BaseException:
                fresh.close()
                raise
            self._files, self._scrubbed = self._dates(fresh), time.monotonic()
        with self._lock:
            old, self._opened = self._opened, fresh
            if old is not None:
                old.retired = True
                if not old.readers:
                    old.close()

    def _dates(self, opened: Opened) -> Dates:
        folder = self._data.folder(opened.generation)
        return tuple(_date(folder / name) for name in (MANIFEST, *opened.manifest.files))

    def _signature(self) -> tuple[int, int] | None:
        found = _date(self._data.path / "CURRENT")
        return found[:2] if found is not None else None


Dates: TypeAlias = tuple[tuple[int, int, int] | None, ...]


def _date(path: Path) -> tuple[int, int, int] | None:
    """By which a change of a file is known: its number on the disk, its date in nanoseconds, its size."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
