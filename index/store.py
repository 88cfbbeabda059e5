"""Many byte strings in one file, each read by its number: passages, their HTML, the forms of stems.

    8 bytes    "PINCBLB1"
    strings    one after another
    padding    zeros up to a multiple of 8
    offsets    count + 1 numbers of 8 bytes, little-endian: where each string begins, and where the last ends
    8 bytes    count
    8 bytes    "PINCBLB1"

Written from front to back, so that only the offsets are in memory. Those are read through a memory map, and the strings
one by one from the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import numpy as np

from index.arrays import DamagedFileError, Pieces, mapped

MAGIC = b"PINCBLB1"
_BUFFERED = 1 << 20


class StoreWriter:
    """Writes strings in the order of their numbers."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=_BUFFERED)
        self._file.write(MAGIC)
        self._offsets = array("Q", [len(MAGIC)])

    def add(self, data: bytes) -> None:
        """Write the next string."""
        self._file.write(data)
        self._offsets.append(self._offsets[-1] + len(data))

    def close(self) -> None:
        """Write the offsets; the file is whole after that."""
        self._file.write(b"\0" * (-self._offsets[-1] % 8))
        self._file.write(np.frombuffer(self._offsets, np.uint64).astype("<u8").tobytes())
        self._file.write((len(self._offsets) - 1).to_bytes(8, "little") + MAGIC)
        self._file.close()

    def abandon(self) -> None:
        """Close the file as it is, not whole."""
        self._file.close()

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


class Store:
    """Strings by number. Raises DamagedFileError when *path* is no such file."""

    def __init__(self, path: Path) -> None:
        self._strings = Pieces(path)
        self._bytes = mapped(path)
        size = len(self._bytes)
        if size < 32 or self._bytes[:8] != MAGIC or self._bytes[-8:] != MAGIC:
            raise DamagedFileError(path, "no whole file of strings")
        self._count = int.from_bytes(self._bytes[-16:-8], "little")
        start = size - 16 - 8 * (self._count + 1)
        if start < 8:
            raise DamagedFileError(path, "it says that it holds more strings than fit in")
        self._offsets = memoryview(self._bytes)[start : size - 16].cast("Q")

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < self._count:
            raise IndexError(number)
        begin = self._offsets[number]
        return self._strings.read(begin, self._offsets[number + 1] - begin)

    def several(self, numbers: Iterable[int]) -> list[bytes]:
        """The strings of these numbers. Raises IndexError."""
        return [self[number] for number in numbers]

    def find(self, data: bytes) -> int:
        """In a file of sorted strings: the number of the first that is not less than *data*."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._bytes[self._offsets[middle] : self._offsets[middle + 1]] < data:
                low = middle + 1
            else:
                high = middle
        return low

    def close(self) -> None:
        """Let go of the file."""
        self._strings.close()
        self._offsets.release()
        if not isinstance(self._bytes, bytes):
            self._bytes.close()
