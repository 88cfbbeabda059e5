"""What changed since each generation that is kept: compared once, by the build, and kept beside the generations.

On disk, below the data folder: `changes/g000123.json`, JSON {"generation", "manifest" (sha256 of its MANIFEST.json),
"since" [{"generation", "manifest", "built", "counts", "gained", "lost", "moved", "reworded"}, ...] oldest first, "sum"
(over the rest)}. It is no part of the generation, which equal texts give equally whatever was built before them. It
goes when the generation goes, and is made by the build alone: no reader waits for a comparison.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from corpus.plain_files import read_plain
from index.arrays import DamagedFileError
from index.changes import Changes, Edition, compare_editions
from index.disk import make_folders, write_atomically
from index.generations import CHANGES, DamagedGenerationError, DataFolder, encode
from index.schema import SCHEMA_VERSION

FILE_BYTES = 64 << 20  # of one file: three generations, four kinds, as many permalinks as are listed
LISTED_AT_MOST = 10_000  # permalinks of each kind; the counts tell all


class Since(msgspec.Struct, frozen=True):
    """What changed since *generation*: how many passages of each kind, and the permalinks of the first of them."""

    generation: str
    manifest: str
    built: str  # ISO time, UTC
    counts: dict[str, int]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    moved: tuple[str, ...]
    reworded: tuple[str, ...]

    def groups(self) -> dict[str, tuple[str, ...]]:
        """The permalinks of each kind."""
        return {"gained": self.gained, "lost": self.lost, "moved": self.moved, "reworded": self.reworded}


class _File(msgspec.Struct, frozen=True):
    generation: str
    manifest: str
    since: tuple[Since, ...]
    sum: str = ""

    def summed(self) -> _File:
        told = msgspec.structs.replace(self, sum="")
        return msgspec.structs.replace(self, sum=hashlib.sha256(encode(told)).hexdigest()[:16])


def path_of(data: DataFolder, generation: str) -> Path:
    """Where the comparisons of *generation* stand, if they do."""
    return data.path / CHANGES / f"{generation}.json"


def write_comparisons(
    data: DataFolder, folder: Path, generation: str, sealed: bytes, since: Sequence[str], renamed: Mapping[str, str]
) -> None:
    """Compares what was built in *folder*, with the manifest *sealed*, with the generations *since*, oldest first.

    Those that are not sound, or of another version, are left out. *renamed*: see compare_editions. What is damaged of
    earlier comparisons is deleted.
    """
    for damaged in damaged_comparisons(data):
        damaged.path.unlink(missing_ok=True)
    with closing(Edition.open(folder)) as new:
        found = [one for name in since if (one := _since(data, name, new, renamed)) is not None]
    made = _File(generation, hashlib.sha256(sealed).hexdigest(), tuple(found)).summed()
    path = path_of(data, generation)
    make_folders(path.parent)
    write_atomically(path, encode(made))


def _since(data: DataFolder, name: str, new: Edition, renamed: Mapping[str, str]) -> Since | None:
    try:
        manifest = data.manifest(name)
        if manifest.schema != SCHEMA_VERSION:
            return None
        for file in Edition.FILES:
            data.check_file(manifest, file)
        with closing(Edition.open(data.folder(name))) as old:
            changes = compare_editions(old, new, renamed)
        return _as_since(changes, name, data.manifest_sum(name), manifest.built)
    except (DamagedGenerationError, DamagedFileError):
        return None


def _as_since(changes: Changes, name: str, manifest: str, built: str) -> Since:
    groups = dict(changes.groups())
    counts = {kind: len(found) for kind, found in groups.items()}
    return Since(name, manifest, built, counts, **{kind: found[:LISTED_AT_MOST] for kind, found in groups.items()})


def read_comparisons(data: DataFolder, generation: str, manifest: str) -> tuple[Since, ...]:
    """The comparisons of *generation*, whose manifest has this sha256, oldest first; none where none were made.

    Raises DamagedFileError when they are not what was written.
    """
    path = path_of(data, generation)
    try:
        content = read_plain(path, FILE_BYTES)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise DamagedFileError(path, f"it cannot be read ({error.strerror})") from None
    return decoded_comparisons(path, content, generation, manifest)


def decoded_comparisons(path: Path, content: bytes, generation: str, manifest: str) -> tuple[Since, ...]:
    """The same from the *content* of the file at *path*."""
    try:
        made = msgspec.json.decode(content, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise DamagedFileError(path, "it is damaged") from None
    if made != made.summed():
        raise DamagedFileError(path, "it is damaged: it does not fit its sum")
    # A builder that died before it published leaves a file to a name that is given again.
    return made.since if (made.generation, made.manifest) == (generation, manifest) else ()


def damaged_comparisons(data: DataFolder) -> list[DamagedFileError]:
    """What is wrong with the comparisons that stand here."""
    found: list[DamagedFileError] = []
    for name in data.names():
        with suppress(DamagedGenerationError, OSError):
            manifest = data.manifest_sum(name)
            try:
                read_comparisons(data, name, manifest)
            except DamagedFileError as error:
                found.append(error)
    return found
