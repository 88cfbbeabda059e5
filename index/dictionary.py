"""Writes Whoosh's term dictionary (whoosh.filedb.filetables, "ordered hash"), all terms at once and in order.

The file, all numbers big-endian:

    "HSH3", 1 byte: which hash (1: CRC-32), 8 bytes unused
    entries    4 bytes length of the key, 4 bytes length of the value, key, value; in the order of the keys
    tables     256 of them: slots of 4 bytes hash and 8 bytes place of an entry; zeros where a slot is empty
    directory  256 times 8 bytes place of a table, 4 bytes number of its slots
    extras     a pickle: names of the fields, type and length of the index
    index      the place of each entry, in order
    4 bytes    length of extras and index together

An entry is in the table of its hash's lowest byte, in the slot (hash >> 8) modulo the slots or the next free one after
it. Whoosh's own writer holds every key in lists and tuples; this one holds two numbers a term.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Mapping
from pathlib import Path
from struct import Struct
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

_TABLES = 256
_LENGTHS = Struct("!ii")
_SLOT = np.dtype([("hash", ">u4"), ("place", ">i8")])
_TABLE = np.dtype([("place", ">i8"), ("slots", ">i4")])
_CRC = 1


class DictionaryWriter:
    """Keys are two bytes of field number and the term; they come in ascending order."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=1 << 20)
        self._at = self._file.write(b"HSH3" + bytes((_CRC,)) + bytes(8))
        self._places = array("Q")
        self._hashes = array("I")

    def add(self, key: bytes, value: bytes) -> None:
        """Write the next entry."""
        self._places.append(self._at)
        self._hashes.append(crc32(key))
        self._at += self._file.write(b"".join((_LENGTHS.pack(len(key), len(value)), key, value)))

    def close(self, field_numbers: Mapping[str, int]) -> None:
        """Write what leads to the entries; the file is whole after that."""
        hashes = np.frombuffer(self._hashes, np.uint32) if self._hashes else np.zeros(0, np.uint32)
        places = np.frombuffer(self._places, np.uint64).astype(np.int64) if self._places else np.zeros(0, np.int64)
        order = np.argsort(hashes & np.uint32(_TABLES - 1), kind="stable")
        ends = np.searchsorted((hashes & np.uint32(_TABLES - 1))[order], np.arange(_TABLES), "right")
        directory = np.zeros(_TABLES, _TABLE)
        for number, entries in enumerate(np.split(order, ends[:-1])):
            table = _table(hashes[entries], places[entries])
            directory[number] = (self._at, len(table))
            self._at += self._file.write(table.tobytes())
        self._file.write(directory.tobytes())
        kind = "I" if self._at < 2**32 else "q"
        extras: dict[str, Any] = {"fieldmap": dict(field_numbers), "indextype": kind, "indexlen": len(places)}
        tail = pickle.dumps(extras, 2) + places.astype(">u4" if kind == "I" else ">i8").tobytes()
        self._file.write(tail + len(tail).to_bytes(4, "big"))
        self._file.close()

    def abandon(self) -> None:
        """Close the file as it is, not whole."""
        self._file.close()


def _table(hashes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[Any]:
    """The slots of one table, twice as many as entries."""
    slots = 2 * len(hashes)
    table = np.zeros(slots, _SLOT)
    if not slots:
        return table
    home = (hashes >> np.uint32(8)).astype(np.int64) % slots
    order = np.argsort(home, kind="stable")
    steps = np.arange(len(order))
    # In the order of their homes each takes its home or the slot after the one before it: a running maximum.
    taken = np.maximum.accumulate(home[order] - steps) + steps
    fits = taken < slots
    table["hash"][taken[fits]] = hashes[order[fits]]
    table["place"][taken[fits]] = places[order[fits]]
    # The few that run over the end go on at the beginning.
    free = np.flatnonzero(table["place"] == 0)[: int((~fits).sum())]
    table["hash"][free] = hashes[order[~fits]]
    table["place"][free] = places[order[~fits]]
    return table
