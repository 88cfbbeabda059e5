"""A file of named arrays, read through a memory map.

    8 bytes    "PINCARR1"
    4 bytes    length of the list, little-endian
    list       JSON: [[name, numpy type, [shape], offset], ...]
    arrays     each at its offset (counted from the start of the file, a multiple of 64), little-endian, C order

Equal arrays in equal order make equal bytes.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.plain_files import open_plain
from corpus.problems import PinciteError

_MAGIC = b"PINCARR1"
_ALIGNMENT = 64  # a cache line

Array = NDArray[Any]


class Sliced(Protocol):
    """Bytes, wherever they are."""

    def __getitem__(self, part: slice, /) -> bytes: ...


class DamagedFileError(PinciteError):
    """A file of the index is not what its name says."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}. Build the index again.")
        self.path = path


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write *arrays* in their order."""
    flat = {name: np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for name, array in arrays.items()}
    # Offsets depend on the length of the list, which holds offsets: count them from the end of the list first.
    relative, at = {}, 0
    for name, array in flat.items():
        relative[name] = at
        at += _padded(array.nbytes)
    base = 0
    while True:
        listed = [[name, array.dtype.str, list(array.shape), base + relative[name]] for name, array in flat.items()]
        head = json.dumps(listed, separators=(",", ":")).encode()
        needed = _padded(len(_MAGIC) + 4 + len(head))
        if needed == base:
            break
        base = needed
    with path.open("wb") as file:
        file.write((_MAGIC + len(head).to_bytes(4, "little") + head).ljust(base, b"\0"))
        for array in flat.values():
            file.write(array.tobytes())
            file.write(b"\0" * (_padded(array.nbytes) - array.nbytes))


def read_arrays(path: Path, buffer: mmap.mmap | bytes | None = None) -> dict[str, Array]:
    """The arrays of *path* by name, read-only, each a view of the mapped file. Raises DamagedFileError.

    *buffer* is the file if it is mapped already.
    """
    buffer = mapped(path) if buffer is None else buffer
    listed = array_list(path, buffer)
    try:
        return {
            name: np.frombuffer(buffer, dtype, int(np.prod(shape, dtype=np.int64)), offset).reshape(shape)
            for name, dtype, shape, offset in listed
        }
    except (ValueError, TypeError) as error:
        raise DamagedFileError(path, f"its list of arrays cannot be read ({error})") from error


def array_list(path: Path, buffer: Sliced) -> list[tuple[str, str, list[int], int]]:
    """Name, type, shape and offset of each array of *path*, whose content is *buffer*. Raises DamagedFileError."""
    if buffer[: len(_MAGIC)] != _MAGIC:
        raise DamagedFileError(path, "no file of arrays")
    length = int.from_bytes(buffer[len(_MAGIC) : len(_MAGIC) + 4], "little")
    try:
        return [
            (name, dtype, shape, offset)
            for name, dtype, shape, offset in json.loads(buffer[len(_MAGIC) + 4 : len(_MAGIC) + 4 + length])
        ]
    except (ValueError, TypeError) as error:
        raise DamagedFileError(path, f"its list of arrays cannot be read ({error})") from error


def mapped(path: Path) -> mmap.mmap | bytes:
    """The bytes of *path*, mapped. An empty file cannot be mapped and is read."""
    with open_plain(path) as file:
        if not path.stat().st_size:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Pieces:
    """Reads pieces of a file by their place, into memory of this process. Threads may share it.

    Of a map the kernel brings the pages around each one as well: a worker that reads here and there in a large file
    would soon have most of it in sight.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def read(self, at: int, length: int) -> bytes:
        """*length* bytes from *at* on. Raises DamagedFileError where the file ends before that."""
        data = os.pread(self._file, length, at)
        if len(data) < length:
            raise DamagedFileError(self._path, "it ends too early")
        return data

    def close(self) -> None:
        """Let go of the file; reading raises OSError from now on."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    __del__ = close


def let_go(buffer: mmap.mmap | bytes) -> None:
    """Count what was read of *buffer* as this process's memory no longer; it is read again when it is needed."""
    if isinstance(buffer, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        buffer.madvise(mmap.MADV_DONTNEED)


def _padded(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT
