"""Writing so that it lasts: nothing counts as written before the disk has said so."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.plain_files import open_plain


def fsync_path(path: Path) -> None:
    """Brings the file or folder *path* onto the disk. Raises OSError when the disk refuses."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_tree(folder: Path) -> None:
    """Brings every file and folder below *folder*, and *folder* itself, onto the disk."""
    for parent, _, files in os.walk(folder, topdown=False):
        for name in files:
            fsync_path(Path(parent) / name)
        fsync_path(Path(parent))


def make_folders(folder: Path) -> None:
    """Makes *folder* and those above it that are missing, and brings them onto the disk."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in reversed(missing):
        fsync_path(one.parent)


def write_atomically(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Replaces *path* by *data* so that a reader, or a power cut, sees the old or the new content whole.

    What is not *lasting*, because it is checked when it is read and can be made again, is not waited for.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            if lasting:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        aside.rename(path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    if lasting:
        fsync_path(path.parent)


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, in hexadecimal."""
    with open_plain(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def flocked(path: Path, *, exclusive: bool = True, wait: bool = False, make: bool = True) -> Iterator[int]:
    """Holds an flock on *path* (made if need be and *make* is true, unless it is a folder); freed if we die.

    Raises BlockingIOError when it is held elsewhere and *wait* is false.
    """
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_NONBLOCK | (os.O_CREAT if make else 0)
    descriptor = os.open(path, flags, 0o644)
    _HELD.add(descriptor)
    try:
        mode = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        fcntl.flock(descriptor, mode if wait else mode | fcntl.LOCK_NB)
        yield descriptor
    finally:
        _HELD.discard(descriptor)
        os.close(descriptor)


_HELD: set[int] = set()


def let_go_of_inherited_locks() -> None:
    """For a forked child: the locks are its parent's, and must be free as soon as that dies."""
    while _HELD:
        os.close(_HELD.pop())
