"""What passages have beside words, as small codes: facets and filters, counted and tested with array operations.

A column has values (strings, sorted). Passages that have the same values share a *set*: `sets` holds one number a
passage, and the codes of set s are `set_codes[set_ends[s - 1]:set_ends[s]]`. Sets are numbered in the order in which
they are first met. There are few of them in any real record, so that counting reads one number a passage, whatever the
number of values. In a column with doubt a value is either certain or possible: its code is twice its number, plus one
where it is only possible.

On disk: `columns.arrays` holds the arrays "<name>.sets", "<name>.set_ends" and "<name>.set_codes"; the values stand in
`index.json`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS_FILE = "columns.arrays"

# Where fewer than one set in so many is met, only the codes of those are looked at.
_FEW = 4
# So few sets are looked for one after another: comparing bytes is much quicker than adding up by them.
_FEW_SETS = 16
# So few passages are counted one by one.
_VERY_FEW = 32

Codes = NDArray[Any]  # the smallest unsigned type that holds them
Positions = NDArray[np.uint32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One property of all passages."""

    name: str
    values: tuple[str, ...]
    doubt: bool  # whether values are either certain or possible
    sets: Codes
    set_ends: Positions
    set_codes: Codes

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {value: number for number, value in enumerate(self.values)}

    @cached_property
    def _set_owners(self) -> Positions:
        """The set to which each of the set codes belongs."""
        return np.repeat(np.arange(len(self.set_ends), dtype=np.uint32), np.diff(self.set_ends, prepend=np.uint32(0)))

    @cached_property
    def _sets_of_codes(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Positions]:
        """The codes that are used, ascending; where the sets of each begin; the sets."""
        order = np.argsort(self.set_codes, kind="stable")
        ordered = self.set_codes[order]
        begins = np.flatnonzero(np.concatenate((np.ones(1, bool), ordered[1:] != ordered[:-1]))[: len(ordered)])
        return ordered[begins].astype(np.int64), begins, self._set_owners[order]

    @cached_property
    def _totals(self) -> NDArray[np.int64]:
        return self._tally(self.sets)

    def __contains__(self, value: object) -> bool:
        return value in self._numbers

    def number(self, value: str) -> int | None:
        """The place of *value* in `values`; None where no passage has it."""
        return self._numbers.get(value)

    def count(self, positions: Positions | None) -> NDArray[np.int64]:
        """How many of *positions* (None: of all passages) have each value: row 0 certain, row 1 possible.

        A column without doubt has no row 1. Positions are ascending, each once. The answer may be shared: do not
        change it.
        """
        return self._totals if positions is None else self._tally(self.sets.take(positions))

    def present(self, positions: Positions | None) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The values, by number, that some of *positions* (None: all passages) have: how many have each, how many of
        these certainly."""
        if positions is not None and len(positions) <= _VERY_FEW:
            return self._present_in_few(self.sets[positions].tolist())
        table = self.count(positions)
        totals = table[0] if len(table) == 1 else table.sum(axis=0)
        numbers = np.flatnonzero(totals)
        return numbers, totals[numbers], table[0, numbers]

    def _present_in_few(self, sets: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        totals: dict[int, int] = {}
        certain: dict[int, int] = {}
        for number in sets:
            codes = self._codes.get(number)
            if codes is None:
                begin = int(self.set_ends[number - 1]) if number else 0
                codes = self._codes[number] = self.set_codes[begin : int(self.set_ends[number])].tolist()
            for code in codes:
                value = code // 2 if self.doubt else code
                totals[value] = totals.get(value, 0) + 1
                if not (self.doubt and code % 2):
                    certain[value] = certain.get(value, 0) + 1
        numbers = sorted(totals)
        rows = (numbers, [totals[number] for number in numbers], [certain.get(number, 0) for number in numbers])
        return np.array(rows[0], np.int64), np.array(rows[1], np.int64), np.array(rows[2], np.int64)

    @cached_property
    def _codes(self) -> dict[int, list[int]]:
        """The codes of the sets that were looked at one by one."""
        return {}

    def having(self, values: Iterable[str], positions: Positions | None = None) -> Mask:
        """Which of *positions* (None: of all passages, in order) have at least one of *values*, certain or possible."""
        wanted = np.zeros(len(self.values), bool)
        wanted[[number for value in values if (number := self._numbers.get(value)) is not None]] = True
        met = np.zeros(len(self.set_ends), bool)
        met[self._set_owners[wanted[self.set_codes // 2 if self.doubt else self.set_codes]]] = True
        return met[self.sets if positions is None else self.sets[positions]]

    def of(self, position: int) -> tuple[str, ...]:
        """The values of one passage."""
        number = int(self.sets[position])
        codes = self.set_codes[int(self.set_ends[number - 1]) if number else 0 : int(self.set_ends[number])]
        return tuple(self.values[code // 2 if self.doubt else code] for code in codes.tolist())

    @cached_property
    def _set_begins(self) -> NDArray[np.int64]:
        return np.concatenate((np.zeros(1, np.int64), self.set_ends[:-1].astype(np.int64)))

    def _tally(self, sets: Codes) -> NDArray[np.int64]:
        if len(self.set_ends) <= _FEW_SETS < len(sets) // _VERY_FEW:
            met = np.array([np.count_nonzero(sets == number) for number in range(len(self.set_ends))], np.int64)
        else:
            met = np.bincount(sets, minlength=len(self.set_ends))
        codes = len(self.values) * (2 if self.doubt else 1)
        met = met.astype(np.int64, copy=False)
        here = np.flatnonzero(met)
        # Weights are floating, and exact far beyond any number of passages.
        if len(here) * _FEW < len(met):
            begins = self._set_begins[here]
            lengths = self.set_ends[here] - begins
            ends = np.cumsum(lengths)
            which = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(begins - ends + lengths, lengths)
            counts = np.bincount(self.set_codes[which], weights=np.repeat(met[here], lengths), minlength=codes)
            tallied = counts.astype(np.int64)
        else:
            # The sets of each code stand together, so that their counts are added up in one go.
            tallied = np.zeros(codes, np.int64)
            known, begins, owners = self._sets_of_codes
            if len(known):
                tallied[known] = np.add.reduceat(met.take(owners), begins)
        return tallied.reshape(-1, 2).T if self.doubt else tallied.reshape(1, -1)


class ColumnBuilder:
    """Collects a column passage by passage."""

    def __init__(self, name: str, *, doubt: bool = False) -> None:
        self._name = name
        self._doubt = doubt
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
        self._sets = array("I")

    def add(self, values: tuple[str, ...], possible: tuple[str, ...] = ()) -> None:
        """The values of the next passage, those that are certain and those that are only possible, each once."""
        self._sets.append(self._known.setdefault((values, possible), len(self._known)))

    def finish(self) -> Column:
        """The column of all passages that were added."""
        values = sorted({value for one in self._known for part in one for value in part})
        numbers = {value: number for number, value in enumerate(values)}
        grade = 2 if self._doubt else 1
        codes = array("I")
        ends = array("I")
        for certain, possible in self._known:
            codes.extend([grade * numbers[value] for value in certain])
            codes.extend([grade * numbers[value] + grade - 1 for value in possible])
            ends.append(len(codes))
        return Column(
            self._name,
            tuple(values),
            self._doubt,
            _smallest(self._sets, len(ends)),
            _smallest(ends, 2**32 - 1),
            _smallest(codes, grade * len(values)),
        )


def _smallest(numbers: array[int], limit: int) -> Codes:
    """*numbers*, all below *limit*, in the smallest type that holds them."""
    return np.array(numbers, np.min_scalar_type(limit))
