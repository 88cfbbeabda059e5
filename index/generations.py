"""Generations: built aside, checked, fsynced, renamed, and made current by swapping one small file.

On disk, below the data folder:

    COLLECTION                 id of the one collection that the folder belongs to
    BUILD.lock                 flock: one builder at a time; the kernel frees it when a builder dies
    CURRENT                    JSON {"generation", "manifest" (sha256 of its MANIFEST.json), "newest"}: what readers
                               serve, and the newest generation, whose ledger answers for links after a rollback
    generations/g000123/       the files of one generation, MANIFEST.json, and PIN
    generations/.build-*/      being built, or being deleted; swept by the next builder that holds the lock
    cache/                     readings of documents (index/reading.py)

MANIFEST.json: {"format", "generation", "built" (ISO time, UTC), "collection", "schema", "counts", "fingerprints",
"stale" (slugs kept from before), "files" {name: [size, sha256]}}. Only "generation" and "built" differ between two
builds from equal texts, ledger and code.

A reader holds a shared flock on PIN for as long as it may read; the builder deletes only what it can lock alone.
Nothing here is ever changed after its rename but by deletion.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from corpus.problems import PinciteError
from index.disk import flocked, fsync_path, fsync_tree, sha256_of, write_atomically

FORMAT = 1
KEPT = 3  # generations kept beside the current one
MANIFEST = "MANIFEST.json"
PIN = "PIN"
_NAME = re.compile(r"g\d{6,}")


class NoGenerationError(PinciteError):
    """Nothing has been built in the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"{data}: no index has been built here. Run pincite build")


class DamagedGenerationError(PinciteError):
    """A generation is not what its manifest says, or CURRENT does not say which one it is."""

    def __init__(self, where: Path, what: str) -> None:
        super().__init__(f"{where}: {what}. Run pincite build, or pincite rollback to an older generation")


class BuildRunningError(PinciteError):
    """Another builder holds the lock of the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"{data}: another build is running here. Wait for it, or name another folder by --data")


class OtherCollectionError(PinciteError):
    """The data folder belongs to another collection."""

    def __init__(self, data: Path, holds: str, wanted: str) -> None:
        super().__init__(
            f"{data}: this folder holds the index of the collection {holds}, not of {wanted}. Name another by --data"
        )


class Manifest(msgspec.Struct, frozen=True):
    """What a generation says of itself."""

    format: int
    generation: str
    built: str
    collection: str
    schema: int
    counts: dict[str, int]
    fingerprints: dict[str, str]
    stale: tuple[str, ...]
    files: dict[str, tuple[int, str]]


class Current(msgspec.Struct, frozen=True):
    """The content of CURRENT."""

    generation: str
    manifest: str
    newest: str


def encode(value: object) -> bytes:
    """*value* as JSON that a person can read and that is the same whenever the value is."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A folder that holds generations of one collection."""

    path: Path

    @property
    def generations(self) -> Path:
        return self.path / "generations"

    @property
    def cache(self) -> Path:
        return self.path / "cache"

    def folder(self, generation: str) -> Path:
        """Where *generation* stands, whether or not it does."""
        return self.generations / generation

    def names(self) -> list[str]:
        """The generations that stand here, oldest first."""
        if not self.generations.is_dir():
            return []
        found = [entry.name for entry in self.generations.iterdir() if _NAME.fullmatch(entry.name)]
        return sorted(found, key=lambda name: int(name[1:]))

    def belongs_to(self, collection: str) -> None:
        """Raises OtherCollectionError when the folder belongs to another collection than *collection*."""
        with suppress(FileNotFoundError):
            holds = (self.path / "COLLECTION").read_text(encoding="utf-8", errors="replace").strip()
            if holds != collection:
                raise OtherCollectionError(self.path, holds, collection)

    def current(self) -> Current | None:
        """What CURRENT says; None when nothing has been published.

        Raises DamagedGenerationError when it cannot be read.
        """
        path = self.path / "CURRENT"
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DamagedGenerationError(path, f"cannot be read ({error.strerror})") from None
        try:
            current = msgspec.json.decode(content, type=Current)
        except msgspec.MsgspecError:
            raise DamagedGenerationError(path, "names no generation") from None
        if not (_NAME.fullmatch(current.generation) and _NAME.fullmatch(current.newest)):
            raise DamagedGenerationError(path, "names no generation")
        return current

    def manifest(self, generation: str, sha256: str | None = None) -> Manifest:
        """The manifest of *generation*. Raises DamagedGenerationError when it is not the one that was published."""
        path = self.folder(generation) / MANIFEST
        try:
            content = path.read_bytes()
            manifest = msgspec.json.decode(content, type=Manifest)
        except OSError as error:
            raise DamagedGenerationError(path, f"cannot be read ({error.strerror})") from None
        except msgspec.MsgspecError:
            raise DamagedGenerationError(path, "is damaged") from None
        if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedGenerationError(path, "is not the manifest that was published")
        if manifest.format != FORMAT or manifest.generation != generation:
            raise DamagedGenerationError(path, "is the manifest of another format or generation")
        return manifest

    def manifest_sum(self, generation: str) -> str:
        """The sha256 of a generation's manifest, as CURRENT holds it. Raises OSError when there is none."""
        return sha256_of(self.folder(generation) / MANIFEST)

    def check_files(self, manifest: Manifest) -> None:
        """Holds every file against the manifest. Raises DamagedGenerationError at the first that differs."""
        folder = self.folder(manifest.generation)
        try:
            present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
        except OSError as error:
            raise DamagedGenerationError(folder, f"cannot be read ({error.strerror})") from None
        for name in sorted(present ^ (set(manifest.files) | {MANIFEST, PIN})):
            raise DamagedGenerationError(folder / name, "is missing" if name not in present else "does not belong here")
        for name, (size, sha256) in manifest.files.items():
            path = folder / name
            try:
                if path.stat().st_size != size or sha256_of(path) != sha256:
                    raise DamagedGenerationError(path, "is damaged: its content is not what was built")
            except OSError as error:
                raise DamagedGenerationError(path, f"cannot be read ({error.strerror})") from None

    # ---- what a builder does

    @contextmanager
    def building(self, collection: str) -> Iterator[None]:
        """Holds the folder for one builder, swept of what killed ones left.

        Raises BuildRunningError, OtherCollectionError.
        """
        self.generations.mkdir(parents=True, exist_ok=True)
        try:
            with flocked(self.path / "BUILD.lock"):
                self.belongs_to(collection)
                if not (self.path / "COLLECTION").exists():
                    write_atomically(self.path / "COLLECTION", f"{collection}\n".encode())
                self._sweep()
                yield
        except BlockingIOError:
            raise BuildRunningError(self.path) from None

    def _sweep(self) -> None:
        for folder, pattern in ((self.generations, ".build-*"), (self.path, ".*.new"), (self.cache, ".*.new")):
            for debris in folder.glob(pattern):
                if debris.is_dir():
                    shutil.rmtree(debris, ignore_errors=True)
                else:
                    with suppress(OSError):
                        debris.unlink()

    def new_name(self) -> str:
        """The name of the next generation: one more than any that stands or was published here."""
        numbers = [int(name[1:]) for name in self.names()]
        with suppress(DamagedGenerationError):
            if current := self.current():
                numbers.append(int(current.newest[1:]))
        return f"g{max(numbers, default=0) + 1:06d}"

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """A folder to build in; what is still there at the end is deleted."""
        folder = self.generations / f".build-{secrets.token_hex(6)}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def seal(self, folder: Path, manifest: Manifest) -> bytes:
        """Writes the manifest of what was built in *folder*, with its files' sizes and sums; returns its content."""
        files = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                files[path.relative_to(folder).as_posix()] = (path.stat().st_size, sha256_of(path))
        content = encode(msgspec.structs.replace(manifest, files=files))
        (folder / MANIFEST).write_bytes(content)
        (folder / PIN).touch()
        return content

    def publish(self, folder: Path, generation: str, manifest: bytes) -> None:
        """Brings what was built onto the disk, in its place, and makes it the current generation."""
        fsync_tree(folder)
        folder.rename(self.folder(generation))
        fsync_path(self.generations)
        self.make_current(Current(generation, hashlib.sha256(manifest).hexdigest(), generation))

    def make_current(self, current: Current) -> None:
        """Swaps CURRENT."""
        write_atomically(self.path / "CURRENT", encode(current))

    def prune(self) -> None:
        """Deletes generations beyond those kept, unless somebody reads them."""
        current = self.current()
        keep = {current.generation, current.newest} if current else set()
        for name in [name for name in self.names() if name not in keep][:-KEPT]:
            self.delete(name)

    def delete(self, generation: str) -> bool:
        """Deletes *generation* unless somebody reads it; whether it is gone."""
        folder = self.folder(generation)
        try:
            with flocked(folder / PIN):
                # Renamed first: a reader that looks now finds nothing, rather than half a generation.
                doomed = self.generations / f".build-{secrets.token_hex(6)}"
                folder.rename(doomed)
        except BlockingIOError:
            return False
        except OSError:
            return not folder.exists()
        shutil.rmtree(doomed, ignore_errors=True)
        return True

    # ---- what a reader does

    def pin(self, generation: str) -> int:
        """A descriptor that keeps *generation* from being deleted until it is closed.

        Raises DamagedGenerationError when it does not stand (any more).
        """
        path = self.folder(generation) / PIN
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise DamagedGenerationError(path, f"cannot be opened ({error.strerror})") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise DamagedGenerationError(path, "is being deleted") from None
        return descriptor
