"""Files of a generation in a cluster: sent in pieces, read back where and when something of them is needed.

Each piece is a JSON object, {"data": Base64 of zlib of up to PIECE bytes}, with the id "<file>:<number>"; nothing of it
is indexed. What a search engine has of its own is left out: Whoosh's postings.
"""

from __future__ import annotations

import threading
import zlib
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.arrays import Array, DamagedFileError, array_list
from index.cluster.client import Cluster
from index.codec import LENGTHS_FILE, POSTINGS_FILE
from index.columns import Column
from index.feeding import EngineError
from index.store import MAGIC, Store

PIECE = 16_384  # a page of hits takes some twenty of them, a page of the reader as many
PIECES_KEPT = 4_096  # of one generation in one process: 64 MB
ASKED_AT_ONCE = 128
AHEAD = 16  # what is read from front to back is fetched so many at once
_LEFT_OUT = {POSTINGS_FILE, LENGTHS_FILE}

COMPARISONS = "COMPARISONS.json"  # index.comparisons keeps it beside the generation

Key = tuple[str, int]


class MissingPieceError(EngineError):
    """A piece of a file is not there, or cannot be read at present."""

    def __init__(self, index: str, piece: str, what: str) -> None:
        super().__init__(f"the cluster's index {index} does not give {piece}: {what}")


def sent(names: Iterable[str]) -> list[str]:
    """Which of the files *names* of a generation a cluster keeps."""
    return sorted(name for name in names if name not in _LEFT_OUT and not name.endswith(".toc"))


def pieces(folder: Path, names: Iterable[str], called: str = "") -> Iterator[tuple[str, bytes]]:
    """The files *names* of *folder* piece by piece: ids, and what is sent. *called*: by another name."""
    for name in names:
        with (folder / name).open("rb") as file:
            number = 0
            while data := file.read(PIECE):
                yield (
                    f"{called or name}:{number}",
                    msgspec.json.encode({"data": b64encode(zlib.compress(data, 1)).decode()}),
                )
                number += 1


class FarPieces:
    """The pieces in *index*; the last ones read are kept. Threads may share it."""

    def __init__(self, cluster: Cluster, index: str, kept: int = PIECES_KEPT) -> None:
        self._cluster = cluster
        self._index = index
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._kept_at_most = kept
        self._lock = threading.Lock()

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def get(self, keys: Iterable[Key]) -> dict[Key, bytes]:
        """The pieces of these names and numbers. Raises EngineError."""
        found: dict[Key, bytes] = {}
        missing: list[Key] = []
        with self._lock:
            for key in dict.fromkeys(keys):
                if key in self._kept:
                    found[key] = self._kept[key]
                    self._kept.move_to_end(key)
                else:
                    missing.append(key)
        for begin in range(0, len(missing), ASKED_AT_ONCE):
            found |= self._asked(missing[begin : begin + ASKED_AT_ONCE])
        return found

    def forget(self) -> None:
        """Lets go of what is kept."""
        with self._lock:
            self._kept.clear()

    def _asked(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        ids = [f"{name}:{number}" for name, number in keys]
        answer = self._cluster.ask("POST", f"{self._index}/_mget", {"ids": ids}, what="a file")
        found: dict[Key, bytes] = {}
        for key, identity, row in zip(keys, ids, answer["docs"], strict=True):
            if not row.get("found"):
                what = "a shard does not answer" if "error" in row else "it is not there"
                raise MissingPieceError(self._index, identity, what)
            found[key] = zlib.decompress(b64decode(row["_source"]["data"]))
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > self._kept_at_most:
                self._kept.popitem(last=False)
        return found


class FarFile:
    """The content of one file of *size* bytes (index.linkbook.Content)."""

    def __init__(self, pieces: FarPieces, name: str, size: int) -> None:
        self.path = Path(name)
        self._pieces = pieces
        self._name = name
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        begin, end, _ = part.indices(self._size)
        return self.parts([(begin, end)])[0]

    def parts(self, spans: Sequence[tuple[int, int]]) -> list[bytes]:
        """What stands from one place to another, several at once. Raises EngineError."""
        keys = {(self._name, number) for begin, end in spans for number in _numbers(begin, end)}
        if len(keys) == 1:
            keys |= self._after(*keys)
        found = self._pieces.get(sorted(keys))
        cut = []
        for begin, end in spans:
            together = b"".join(found[self._name, number] for number in _numbers(begin, end))
            first = begin - begin % PIECE
            cut.append(together[begin - first : end - first])
            if len(cut[-1]) != max(0, end - begin):
                raise DamagedFileError(self.path, "its pieces are not as long as they should be")
        return cut

    def whole(self) -> bytes:
        """All of it, kept by nobody but the caller."""
        return self[:]

    def close(self) -> None:
        """Nothing is held that the pieces do not hold."""

    def _after(self, key: Key) -> set[Key]:
        """What is read next, where it seems to be read from front to back."""
        name, number = key
        if key in self._pieces or (name, number - 1) not in self._pieces:
            return set()
        return {(name, at) for at in range(number + 1, min(number + AHEAD, -(-self._size // PIECE)))}


def _numbers(begin: int, end: int) -> range:
    return range(begin // PIECE, -(-end // PIECE)) if begin < end else range(0)


class HeldFile:
    """The content of a file that is wanted again and again, in memory."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, part: slice) -> bytes:
        return self._data[part]

    def parts(self, spans: Sequence[tuple[int, int]]) -> list[bytes]:
        """What stands from one place to another, several at once."""
        return [self._data[begin:end] for begin, end in spans]


class FarStore(Store):
    """A file of strings (index.store) that is not on this machine's disk."""

    def __init__(self, file: FarFile | HeldFile) -> None:
        self._file = file
        size = len(file)
        tail = file[max(0, size - 16) :]
        if size < 32 or tail[8:] != MAGIC:
            raise DamagedFileError(file.path, "no whole file of strings")
        self._count = int.from_bytes(tail[:8], "little")
        self._start = size - 16 - 8 * (self._count + 1)

    def __getitem__(self, number: int) -> bytes:
        return self.several([number])[0]

    def several(self, numbers: Iterable[int]) -> list[bytes]:
        """See index.store.Store."""
        places = []
        for number in numbers:
            if not 0 <= number < self._count:
                raise IndexError(number)
            places.append(self._start + 8 * number)
        ends = self._file.parts([(place, place + 16) for place in places])
        spans = [(int.from_bytes(two[:8], "little"), int.from_bytes(two[8:], "little")) for two in ends]
        return self._file.parts(spans)

    def find(self, data: bytes) -> int:
        """See index.store.Store."""
        return bisect_left(range(self._count), data, key=self.__getitem__)

    def close(self) -> None:
        """Nothing is held here."""


class FarArray:
    """One array of which parts are read."""

    def __init__(self, file: FarFile, dtype: str, length: int, offset: int) -> None:
        self.dtype = np.dtype(dtype)
        self._file = file
        self._length = length
        self._offset = offset

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> NDArray[Any]:
        begin, end, _ = part.indices(self._length)
        width = self.dtype.itemsize
        data = self._file[self._offset + width * begin : self._offset + width * max(begin, end)]
        return np.frombuffer(data, self.dtype)


def far_arrays(file: FarFile) -> dict[str, FarArray]:
    """The arrays of *file* (index.arrays), all of one dimension."""
    listed = array_list(file.path, file)
    return {name: FarArray(file, dtype, int(np.prod(shape)), offset) for name, dtype, shape, offset in listed}


class FarColumn(Column):
    """A column whose codes are fetched when they are first asked for, which only dates to the day do."""

    def __init__(self, name: str, values: tuple[str, ...], doubt: bool, arrays: Mapping[str, FarArray]) -> None:
        for attribute, value in (("name", name), ("values", values), ("doubt", doubt), ("_far", arrays)):
            object.__setattr__(self, attribute, value)

    def __getattr__(self, attribute: str) -> Array:
        if attribute not in ("sets", "set_ends", "set_codes"):
            raise AttributeError(attribute)
        array: Array = self._far[f"{self.name}.{attribute}"][:]
        object.__setattr__(self, attribute, array)
        return array
