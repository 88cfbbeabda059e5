"""A disk of its own, an ext4 file system in a file: what the file holds is what a power cut leaves of it.

The file system is mounted through a loop device. What a program wrote and did not bring onto the disk is in the memory
of the system alone, and so not in the file. A copy of the file is the disk as it is found after a cut; mounted, it
replays its journal as after a real one.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTES = 24
_BLOCK = 4096
# Nothing comes onto the disk but by fsync: no commit of the journal by time, no flushing of what replaces a file.
OPTIONS = "loop,noatime,commit=300,noauto_da_alloc"


class NoImageError(Exception):
    """No file system in a file can be made or mounted here; the text says why."""


def _run(*command: str | Path) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NoImageError(f"{error.filename} is not installed") from None
    if done.returncode:
        raise NoImageError(f"{command[0]}: {done.stderr.strip()}")


def make_image(path: Path) -> None:
    """An empty ext4 file system in the file *path*. Raises NoImageError."""
    with path.open("wb") as file:
        file.truncate(MEGABYTES * 2**20)
    _run("mke2fs", "-q", "-t", "ext4", "-b", "1024", "-J", "size=2", path)


@contextmanager
def mounted(image: Path, at: Path, journal: str = "ordered") -> Iterator[Path]:
    """The file system in *image*, at the folder *at* until the end of the block. Raises NoImageError."""
    at.mkdir(exist_ok=True)
    _run("mount", "-t", "ext4", "-o", f"{OPTIONS},data={journal}", image, at)
    try:
        yield at
    finally:
        _run("umount", "-l", at)  # arrays of what was read may look into it until they are collected


def bring_onto_the_disk(folder: Path) -> None:
    """All of the file system that *folder* is in."""
    _run("sync", "-f", folder)


def copied(image: Path, into: Path) -> Path:
    """*image* as it is this moment, in the file *into*."""
    before = image.read_bytes()
    while (now := image.read_bytes()) != before:  # the system was writing to it
        before = now
    with into.open("wb") as file:  # with holes for what is empty: many are kept
        for at in range(0, len(now), _BLOCK):
            if any(block := now[at : at + _BLOCK]):
                file.seek(at)
                file.write(block)
        file.truncate(len(now))
    return into
