"""What passages have beside words, as small codes: facets and filters, counted and tested with array operations.

A column has values (strings, sorted) and for each passage the codes of its values. Codes stand in *lanes*: lane 0 holds
the first value of every passage, lane 1 the second, and so on, for at most four values; the code `len(values)` says
that there is none. Further values of a passage stand in `more_codes`, its position in `more_owners`, in the order of
positions. In a column with doubt a value is either certain or possible: its code is twice its number, plus one where
it is only possible.

On disk: `columns.arrays` holds the arrays "<name>.lanes", "<name>.more_owners" and "<name>.more_codes"; the values
stand in `index.json`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS_FILE = "columns.arrays"
LANES_MAX = 4

Codes = NDArray[Any]  # the smallest unsigned type that holds them
Positions = NDArray[np.uint32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One property of all passages."""

    name: str
    values: tuple[str, ...]
    doubt: bool  # whether values are either certain or possible
    lanes: Codes  # shape: lanes, passages
    more_owners: Positions
    more_codes: Codes

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {value: number for number, value in enumerate(self.values)}

    def __contains__(self, value: object) -> bool:
        return value in self._numbers

    def number(self, value: str) -> int | None:
        """The place of *value* in `values`; None where no passage has it."""
        return self._numbers.get(value)

    @property
    def _codes(self) -> int:
        return len(self.values) * (2 if self.doubt else 1)

    def count(self, positions: Positions | None) -> NDArray[np.int64]:
        """How many of *positions* (None: of all passages) have each value: row 0 certain, row 1 possible.

        A column without doubt has no row 1. Positions are ascending, each once.
        """
        counts = np.zeros(self._codes + 1, np.int64)
        for lane in self.lanes:
            counts += np.bincount(lane if positions is None else lane[positions], minlength=len(counts))
        if len(self.more_codes):
            more = self.more_codes
            if positions is not None:
                more = more[_among(self.more_owners, positions, self.lanes.shape[1])]
            counts += np.bincount(more, minlength=len(counts))
        return counts[:-1].reshape(-1, 2).T if self.doubt else counts[:-1].reshape(1, -1)

    def having(self, values: Iterable[str], positions: Positions | None = None) -> Mask:
        """Which of *positions* (None: of all passages, in order) have at least one of *values*, certain or possible."""
        wanted = np.zeros(self._codes + 1, bool)
        for value in values:
            number = self._numbers.get(value)
            if number is not None:
                if self.doubt:
                    wanted[2 * number : 2 * number + 2] = True
                else:
                    wanted[number] = True
        length = self.lanes.shape[1] if positions is None else len(positions)
        found = np.zeros(length, bool)
        if not wanted.any():
            return found
        for lane in self.lanes:
            found |= wanted[lane if positions is None else lane[positions]]
        if len(self.more_codes):
            owners = self.more_owners[wanted[self.more_codes]]
            if positions is None:
                found[owners] = True
            else:
                marked = np.zeros(self.lanes.shape[1], bool)
                marked[owners] = True
                found |= marked[positions]
        return found

    def of(self, position: int) -> tuple[str, ...]:
        """The values of one passage."""
        codes = [int(code) for code in self.lanes[:, position] if code < self._codes]
        first, last = np.searchsorted(self.more_owners, (position, position + 1))
        codes += self.more_codes[first:last].tolist()
        return tuple(self.values[code // 2 if self.doubt else code] for code in codes)


class ColumnBuilder:
    """Collects a column passage by passage."""

    def __init__(self, name: str, *, doubt: bool = False) -> None:
        self._name = name
        self._doubt = doubt
        self._numbers: dict[str, int] = {}
        self._codes = array("I")
        self._counts = array("I")

    def add(self, values: Sequence[str], possible: Sequence[str] = ()) -> None:
        """The values of the next passage, those that are certain and those that are only possible, each once."""
        numbers = self._numbers
        if self._doubt:
            self._codes.extend([2 * numbers.setdefault(value, len(numbers)) for value in values])
            self._codes.extend([2 * numbers.setdefault(value, len(numbers)) + 1 for value in possible])
        else:
            self._codes.extend([numbers.setdefault(value, len(numbers)) for value in values])
        self._counts.append(len(values) + len(possible))

    def finish(self) -> Column:
        """The column of all passages that were added."""
        values = sorted(self._numbers)
        grade = 2 if self._doubt else 1
        ranks = np.zeros(len(values) + 1, np.int64)
        ranks[[self._numbers[value] for value in values]] = np.arange(len(values))
        met = np.frombuffer(self._codes, np.uint32).astype(np.int64) if self._codes else np.zeros(0, np.int64)
        none = len(values) * grade
        codes = (ranks[met // grade] * grade + met % grade).astype(np.min_scalar_type(none))
        counts = np.frombuffer(self._counts, np.uint32).astype(np.int64) if self._counts else np.zeros(0, np.int64)
        owners = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
        place = np.arange(len(codes)) - np.repeat(np.cumsum(counts) - counts, counts)
        lanes = np.full((min(max(int(counts.max(initial=0)), 1), LANES_MAX), len(counts)), none, codes.dtype)
        early = place < LANES_MAX
        lanes[place[early], owners[early]] = codes[early]
        return Column(self._name, tuple(values), self._doubt, lanes, owners[~early], codes[~early])


def _among(owners: Positions, positions: Positions, passages: int) -> Mask:
    marked = np.zeros(passages, bool)
    marked[positions] = True
    return marked[owners]
