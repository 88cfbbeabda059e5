"""Generations: built aside, checked, fsynced, renamed, and made current by swapping one small file.

On disk, below the data folder:

    COLLECTION                 id of the one collection that the folder belongs to
    BUILD.lock                 flock: one builder at a time; the kernel frees it when a builder dies
    CURRENT                    JSON {"generation", "manifest" (sha256 of its MANIFEST.json), "newest", "sum"}: what
                               readers serve, and the newest generation, whose ledger answers for links after a rollback
    generations/g000123/       the files of one generation, MANIFEST.json, and PIN
    generations/.build-*/      being built, or being deleted; swept by the next builder that holds the lock
    CONDEMNED-g000122          empty: a takedown has begun, and that generation and all before it are to be deleted as
                               soon as a later one is current
    cache/                     readings of documents (index/reading.py)
    changes/                   what changed from one generation to another (index/comparisons.py)

MANIFEST.json: {"format", "generation", "built" (ISO time, UTC), "collection", "schema", "counts", "fingerprints",
"stale" (slugs kept from before), "files" {name: [size, sha256]}, "sum" (over all but "generation" and "built")}. Only
"generation" and "built" differ between two builds from equal texts, ledger and code.

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
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from corpus.plain_files import read_plain
from corpus.problems import PinciteError
from index.disk import flocked, fsync_path, fsync_tree, make_folders, sha256_of, write_atomically

FORMAT = 2
KEPT = 3  # generations kept beside the current one
READERS_HAVE_SECONDS = 10.0  # to leave a generation that a takedown gave up
MANIFEST = "MANIFEST.json"
PIN = "PIN"
CHANGES = "changes"
SMALL_BYTES = 1 << 20  # of CURRENT, COLLECTION and a manifest: many times what they take
_NAME = re.compile(r"g\d{6,}")


class NoGenerationError(PinciteError):
    """Nothing has been built in the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"{data}: no index has been built here. Run pincite build")


class DamagedGenerationError(PinciteError):
    """A generation is not what its manifest says, or CURRENT does not say which one it is."""

    def __init__(self, where: Path, what: str) -> None:
        super().__init__(
            f"{where}: {what}. Run pincite build, or pincite rollback with the name of an older generation"
        )


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


class DiskRefusedError(PinciteError):
    """The disk is full, read-only or failing: something could not be read or written, and nothing was published."""

    def __init__(self, data: Path, error: OSError) -> None:
        where = error.filename if isinstance(error.filename, str) else data
        super().__init__(
            f"{where}: {error.strerror or error}. Nothing was published; see to the disk and the folder's rights, and "
            "try again"
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
    sum: str = ""

    def summed(self) -> Manifest:
        """The same with its sum."""
        told = msgspec.structs.replace(self, generation="", built="", sum="")
        return msgspec.structs.replace(self, sum=hashlib.sha256(encode(told)).hexdigest()[:16])


class Current(msgspec.Struct, frozen=True):
    """The content of CURRENT, and a sum over it: a bit that flips must not make it name something else."""

    generation: str
    manifest: str
    newest: str
    sum: str = ""

    def summed(self) -> Current:
        """The same with its sum."""
        told = "\0".join((self.generation, self.manifest, self.newest))
        return msgspec.structs.replace(self, sum=hashlib.sha256(told.encode()).hexdigest()[:16])


def encode(value: object) -> bytes:
    """*value* as JSON that a person can read and that is the same whenever the value is."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def decoded(manifest: bytes) -> Manifest:
    """The manifest that is written so. Raises msgspec.MsgspecError."""
    return msgspec.json.decode(manifest, type=Manifest)


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
        return sorted(found, key=_number)

    def condemned(self) -> str:
        """The newest generation that a takedown has given up, "" where there is none."""
        found = [name.name.partition("-")[2] for name in self.path.glob("CONDEMNED-*")]
        return max((name for name in found if _NAME.fullmatch(name)), key=_number, default="")

    def spared_names(self) -> list[str]:
        """The generations that stand here and were not given up by a takedown, oldest first."""
        condemned = self.condemned()
        return [name for name in self.names() if not condemned or _number(name) > _number(condemned)]

    def belongs_to(self, collection: str) -> None:
        """Raises OtherCollectionError when the folder belongs to another collection than *collection*.

        Its generations say so too: a COLLECTION that was lost or damaged is no reason to refuse.
        """
        claims = self._claims()
        if claims and collection not in claims:
            raise OtherCollectionError(self.path, claims[-1], collection)

    def owner(self) -> str | None:
        """The id of the collection that the folder belongs to; None where nothing says so."""
        return next(iter(reversed(self._claims())), None)

    def _claims(self) -> list[str]:
        """What says whose folder it is, the surest last."""
        claims: list[str] = []
        with suppress(OSError):
            claims.append(read_plain(self.path / "COLLECTION", SMALL_BYTES).decode(errors="replace").strip())
        for name in self.names():
            with suppress(DamagedGenerationError):
                claims.append(self.manifest(name).collection)
        return claims

    def current(self) -> Current | None:
        """What CURRENT says; None when nothing has been published.

        Raises DamagedGenerationError when it cannot be read.
        """
        path = self.path / "CURRENT"
        try:
            content = read_plain(path, SMALL_BYTES)
        except FileNotFoundError:
            if self.names():
                raise DamagedGenerationError(path, "is missing, though generations stand here") from None
            return None
        except OSError as error:
            raise DamagedGenerationError(path, f"cannot be read ({error.strerror})") from None
        try:
            current = msgspec.json.decode(content, type=Current)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise DamagedGenerationError(path, "names no generation") from None
        named = _NAME.fullmatch(current.generation) and _NAME.fullmatch(current.newest)
        if not named or current != current.summed():
            raise DamagedGenerationError(path, "names no generation")
        return current

    def manifest(self, generation: str, sha256: str | None = None) -> Manifest:
        """The manifest of *generation*. Raises DamagedGenerationError when it is not the one that was published.

        Where its *sha256* is not given it is that of CURRENT, if that names the generation.
        """
        with suppress(DamagedGenerationError):
            if sha256 is None and (current := self.current()) is not None and current.generation == generation:
                sha256 = current.manifest
        path = self.folder(generation) / MANIFEST
        try:
            content = read_plain(path, SMALL_BYTES)
            manifest = decoded(content)
        except OSError as error:
            raise DamagedGenerationError(path, f"cannot be read ({error.strerror})") from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise DamagedGenerationError(path, "is damaged") from None
        if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedGenerationError(path, "is not the manifest that was published")
        if manifest.format != FORMAT or manifest.generation != generation:
            raise DamagedGenerationError(path, "is the manifest of another format or generation")
        if manifest != manifest.summed():
            raise DamagedGenerationError(path, "is damaged: it does not fit its sum")
        return manifest

    def manifest_sum(self, generation: str) -> str:
        """The sha256 of a generation's manifest, as CURRENT holds it. Raises OSError when there is none."""
        return hashlib.sha256(read_plain(self.folder(generation) / MANIFEST, SMALL_BYTES)).hexdigest()

    def check_files(self, manifest: Manifest) -> None:
        """Holds every file against the manifest. Raises DamagedGenerationError at the first that differs."""
        folder = self.folder(manifest.generation)
        try:
            present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
        except OSError as error:
            raise DamagedGenerationError(folder, f"cannot be read ({error.strerror})") from None
        for name in sorted(present ^ (set(manifest.files) | {MANIFEST, PIN})):
            raise DamagedGenerationError(folder / name, "is missing" if name not in present else "does not belong here")
        for name in manifest.files:
            self.check_file(manifest, name)

    def check_file(self, manifest: Manifest, name: str) -> None:
        """Holds one file against the manifest. Raises DamagedGenerationError where it differs."""
        path = self.folder(manifest.generation) / name
        try:
            size, sha256 = manifest.files.get(name, (-1, ""))
            if path.stat().st_size != size or sha256_of(path) != sha256:
                raise DamagedGenerationError(path, "is damaged: its content is not what was built")
        except OSError as error:
            raise DamagedGenerationError(path, f"cannot be read ({error.strerror})") from None

    def sound_newest(self) -> Manifest | None:
        """The manifest of the newest generation published; None unless it and the one served are sound."""
        try:
            current = self.current()
            if current is None:
                return None
            for name in {current.generation, current.newest}:
                self.check_files(self.manifest(name))
            return self.manifest(current.newest)
        except DamagedGenerationError:
            return None

    # ---- what a builder does

    @contextmanager
    def building(self, collection: str) -> Iterator[None]:
        """Holds the folder for one builder, swept of what killed ones left.

        Raises BuildRunningError, OtherCollectionError; DiskRefusedError for whatever the disk refuses until the end of
        the block.
        """
        try:
            if not self.generations.is_dir():
                make_folders(self.generations)
            with flocked(self.path / "BUILD.lock"):
                self.belongs_to(collection)
                self._mark(collection)
                self._sweep()
                yield
        except BlockingIOError:
            raise BuildRunningError(self.path) from None
        except OSError as error:
            raise DiskRefusedError(self.path, error) from error

    def _mark(self, collection: str) -> None:
        path, content = self.path / "COLLECTION", f"{collection}\n".encode()
        with suppress(OSError):
            if read_plain(path, SMALL_BYTES) == content:
                return
        write_atomically(path, content)

    def _sweep(self) -> None:
        with suppress(DamagedGenerationError):
            current = self.current()
            for name in self.names() if current is not None else ():
                if current is not None and _number(name) > _number(current.newest):
                    self.delete(name)  # its builder died between bringing it here and making it current
        for folder, pattern in ((self.generations, ".build-*"), (self.path, ".*.new"), (self.cache, ".*.new")):
            for debris in folder.glob(pattern):
                if debris.is_dir():
                    shutil.rmtree(debris, ignore_errors=True)
                else:
                    with suppress(OSError):
                        debris.unlink()

    def new_name(self, taken: Iterable[str] = ()) -> str:
        """The name of the next generation: one more than any that stands or was published here, or is *taken*."""
        numbers = [_number(name) for name in (*self.names(), *taken)]
        with suppress(DamagedGenerationError):
            if current := self.current():
                numbers.append(_number(current.newest))
        if condemned := self.condemned():
            numbers.append(_number(condemned))
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
        content = encode(msgspec.structs.replace(manifest, files=files).summed())
        (folder / MANIFEST).write_bytes(content)
        (folder / PIN).touch()
        return content

    def publish(self, folder: Path, generation: str, manifest: bytes) -> None:
        """Brings what was built onto the disk, in its place, and makes it the current generation."""
        fsync_tree(folder)
        folder.rename(self.folder(generation))
        try:
            fsync_path(self.generations)
            self.make_current(Current(generation, hashlib.sha256(manifest).hexdigest(), generation))
        except OSError:
            if not self._is_current(generation):  # else readers have it already, though a power cut may take it back
                self.folder(generation).rename(folder)
            raise

    def _is_current(self, generation: str) -> bool:
        try:
            current = self.current()
        except DamagedGenerationError:
            return False
        return current is not None and current.generation == generation

    def make_current(self, current: Current) -> None:
        """Swaps CURRENT."""
        write_atomically(self.path / "CURRENT", encode(current.summed()))

    def condemn(self) -> None:
        """Gives up all generations that stand here: they are deleted, even in use, once a later one is current."""
        if names := self.names():
            (self.path / f"CONDEMNED-{names[-1]}").touch()
            fsync_path(self.path)

    def prune(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Deletes generations beyond those kept, unless somebody reads them; condemned ones in any case."""
        current = self.current()
        keep = {current.generation, current.newest} if current else set()
        if current is not None and (condemned := self.condemned()) and _number(current.generation) > _number(condemned):
            self._execute(condemned, sleep)
        for name in [name for name in self.names() if name not in keep][:-KEPT]:
            self.delete(name)
        self._sweep_changes()

    def _sweep_changes(self) -> None:
        """Deletes the comparisons of generations that do not stand."""
        standing = {f"{name}.json" for name in self.names()}
        for path in (self.path / CHANGES).glob("*"):
            if path.name not in standing:
                path.unlink()

    def _execute(self, condemned: str, sleep: Callable[[float], None]) -> None:
        doomed = [name for name in self.names() if _number(name) <= _number(condemned)]
        waited = 0.0
        while doomed := [name for name in doomed if not self.delete(name)]:
            if waited >= READERS_HAVE_SECONDS:
                break
            sleep(0.1)
            waited += 0.1
        for name in doomed:
            self._remove(name)
        fsync_path(self.generations)
        self._sweep_changes()
        for mark in self.path.glob("CONDEMNED-*"):
            mark.unlink()
        fsync_path(self.path)

    def delete(self, generation: str) -> bool:
        """Deletes *generation* unless somebody reads it; whether it is gone."""
        try:
            with flocked(self.folder(generation) / PIN, make=False):
                self._remove(generation)
        except BlockingIOError:
            return False
        except FileNotFoundError:  # it has no PIN, so nobody can read it
            with suppress(FileNotFoundError):
                self._remove(generation)
        return True

    def _remove(self, generation: str) -> None:
        # Renamed first: a reader that looks now finds nothing, rather than half a generation.
        doomed = self.generations / f".build-{secrets.token_hex(6)}"
        self.folder(generation).rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)

    # ---- what a reader does

    def pin(self, generation: str) -> int:
        """A descriptor that keeps *generation* from being deleted until it is closed.

        Raises DamagedGenerationError when it does not stand (any more).
        """
        path = self.folder(generation) / PIN
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise DamagedGenerationError(path, f"cannot be opened ({error.strerror})") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise DamagedGenerationError(path, "is being deleted") from None
        return descriptor


def _number(generation: str) -> int:
    return int(generation[1:])
