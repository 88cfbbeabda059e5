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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

COLUMNS_FILE = "columns.arrays"

# Where fewer than one set in so many is met, only the codes of those are looked at.
_FEW = 4
# Where there are so many sets for each passage, the passages' own codes are counted, whatever sets there are.
_MANY_SETS = 8
# So few sets are looked for one after another in so many passages for each: comparing bytes is then much quicker than
# adding up by them.
_FEW_SETS = 16
_LONG = 800

Codes = NDArray[Any]  # the smallest unsigned type that holds them
Positions = NDArray[np.uint32]
Mask = NDArray[np.bool_]


class Present(NamedTuple):
    """Values, ascending by number; how many passages have each, how many of these certainly."""

    numbers: NDArray[np.int64]
    totals: NDArray[np.int64]
    certain: NDArray[np.int64]


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

    def present(self, positions: Positions | None) -> Present:
        """The values that some of *positions* (None: all passages) have."""
        table = self.count(positions)
        totals = table[0] if len(table) == 1 else table.sum(axis=0)
        numbers = np.flatnonzero(totals)
        counts = totals.take(numbers)
        return Present(numbers, counts, counts if len(table) == 1 else table[0].take(numbers))

    def one_by_one(self, positions: Positions) -> dict[int, tuple[int, int]]:
        """The same as `present`: how many have each value, by number, and how many certainly. Quicker for a few."""
        found: dict[int, tuple[int, int]] = {}
        for number in self.sets.take(positions).tolist():
            known = self._known.get(number)
            if known is None:
                codes = self.set_codes[self.set_ends[number - 1] if number else 0 : self.set_ends[number]].tolist()
                known = [(code // 2, 1 - code % 2) if self.doubt else (code, 1) for code in codes]
                self._known[number] = known
            for value, sure in known:
                total, certain = found.get(value, (0, 0))
                found[value] = (total + 1, certain + sure)
        return found

    @cached_property
    def _known(self) -> dict[int, list[tuple[int, int]]]:
        """The values of the sets that were looked at one by one, and whether they are certain."""
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
        return self.set_ends - self._set_lengths

    @cached_property
    def _set_lengths(self) -> NDArray[np.int64]:
        lengths = self.set_ends.astype(np.int64)
        lengths[1:] -= self.set_ends[:-1]
        return lengths

    def _tally(self, sets: Codes) -> NDArray[np.int64]:
        codes = len(self.values) * (2 if self.doubt else 1)
        if len(sets) * _MANY_SETS < len(self.set_ends):
            tallied = np.bincount(self._codes_of(sets), minlength=codes)
        else:
            tallied = self._added_up(self._met(sets), codes)
        return tallied.reshape(-1, 2).T if self.doubt else tallied.reshape(1, -1)

    def _codes_of(self, sets: Codes | NDArray[np.int64], lengths: NDArray[np.int64] | None = None) -> Codes:
        """The codes of each of *sets* in turn."""
        lengths = self._set_lengths.take(sets) if lengths is None else lengths
        ends = lengths.cumsum()
        which = np.arange(int(ends[-1]) if len(ends) else 0)
        which += (self._set_begins.take(sets) - ends + lengths).repeat(lengths)
        return self.set_codes.take(which)

    def _met(self, sets: Codes) -> NDArray[np.int64]:
        """How often each set is among *sets*."""
        if len(self.set_ends) <= _FEW_SETS and len(self.set_ends) * _LONG < len(sets):
            return np.array([np.count_nonzero(sets == number) for number in range(len(self.set_ends))], np.int64)
        return np.bincount(sets, minlength=len(self.set_ends)).astype(np.int64, copy=False)

    def _added_up(self, met: NDArray[np.int64], codes: int) -> NDArray[np.int64]:
        """How often each code is in sets of which each is *met* so often."""
        here = np.flatnonzero(met)
        if len(here) * _FEW < len(met):
            lengths = self._set_lengths.take(here)
            # Weights are floating, and exact far beyond any number of passages.
            weights = met.take(here).repeat(lengths)
            return np.bincount(self._codes_of(here, lengths), weights=weights, minlength=codes).astype(np.int64)
        # The sets of each code stand together, so that their counts are added up in one go.
        tallied = np.zeros(codes, np.int64)
        known, begins, owners = self._sets_of_codes
        if len(known):
            tallied[known] = np.add.reduceat(met.take(owners), begins)
        return tallied


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
