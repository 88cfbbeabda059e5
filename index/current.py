"""The generation being served: opened once, pinned while anyone reads it, swapped when another is published."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from corpus.problems import PinciteError
from index.generations import MANIFEST, DamagedGenerationError, DataFolder, NoGenerationError
from index.linkbook import LinkBook
from index.showing import POLL_SECONDS, Opened, Showing
from index.snapshot import Snapshot

__all__ = ["GenerationReader", "Opened", "newest_after", "open_current", "open_generation"]

RETRY_SECONDS = 10.0  # before a generation that could not be opened is tried again: its disk may have recovered
SCRUB_SECONDS = 6 * 3600.0  # between two readings of all files served: a disk that rots changes no date


def open_generation(data: DataFolder, generation: str, sha256: str | None = None) -> Opened:
    """*generation* of *data*, every file of it held against its manifest first.

    Raises DamagedGenerationError, and what Snapshot.open raises for an index of another version.
    """
    pin = data.pin(generation)
    try:
        manifest = data.manifest(generation, sha256)
        data.check_files(manifest)
        snapshot = Snapshot.open(data.folder(generation))
        return Opened(
            manifest,
            snapshot,
            sha256 or data.manifest_sum(generation),
            book=partial(LinkBook.open, data.folder(generation)),
            release=partial(os.close, pin),
        )
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


class GenerationReader(Showing):
    """Shows the generation of a data folder that CURRENT names (index.showing).

    A new one that fails its check is reported and the old one serves on. The files served are watched too: where one of
    them is not what was published, the newest sound generation takes over, or none.
    """

    def __init__(
        self,
        data: DataFolder,
        report: Callable[[str], None],
        prepared: Callable[[Opened], None] = lambda opened: None,
    ) -> None:
        super().__init__(report, prepared)
        self._data = data
        self._seen: tuple[int, int] | None = None
        self._files: Dates = ()
        self._scrubbed = 0.0
        self._retry_at: float | None = None

    def _begin(self) -> None:
        self._seen = self._signature()
        self._show(self._found())

    def _nothing(self) -> PinciteError:
        return NoGenerationError(self._data.path)

    def _poll_seconds(self) -> float:
        return POLL_SECONDS

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
        super()._show(fresh)
        if fresh is not None:
            self._files, self._scrubbed = self._dates(fresh), time.monotonic()

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
