"""From words in passages to the places of terms, with array operations: no step of Python for each posting.

A field collects *keys* (small numbers, one for each distinct raw token) passage by passage. What a key stands for is a
list of entries (term, place relative to the key's first place) and the number of places that it takes. When a run is
full, its keys become pairs (term, place), which are sorted as single 64-bit numbers and cut into passages. A finished
run lies on disk (in memory where there is only one), so memory is bounded by the size of a run, by the distinct words
and by a few numbers for each passage. Each run has its terms in the order of their characters, so the runs, which
follow one another in passages, are read from front to back when they are joined term by term.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.problems import PinciteError
from index.arrays import let_go, mapped, read_arrays, write_arrays
from index.codec import PLACES_MAX

RUN_KEYS_MAX = 2_000_000
JOINED_PLACES_MAX = 2_000_000

Numbers = NDArray[np.uint32]
Offsets = NDArray[np.int64]


class TooManyWordsError(PinciteError):
    """The places of a field no longer fit in 32 bits."""

    def __init__(self, field: str) -> None:
        super().__init__(
            f"The collection has more than {PLACES_MAX:,} words in the field {field}, more than one index holds."
            " Split the collection."
        )


@dataclass(frozen=True, slots=True)
class Joined:
    """The postings of some terms, one term after another: term *i* has `documents[i_th slice]` and so on."""

    terms: Offsets  # numbers of the terms
    document_ends: Offsets  # where each term's documents and frequencies end
    place_ends: Offsets  # where its places end
    documents: Numbers
    frequencies: Numbers
    places: Numbers


class Meanings:
    """What the keys of a field stand for, and the terms of that field by number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._terms = array("I")
        self._relative = array("I")
        self._ends = array("Q", [0])
        self._places = array("I")

    def add(self, places: Sequence[Sequence[str]]) -> None:
        """The meaning of the next key: for each of its places, the terms that stand there."""
        numbers = self.numbers
        for relative, terms in enumerate(places):
            for term in terms:
                self._terms.append(numbers.setdefault(term, len(numbers)))
                self._relative.append(relative)
        self._ends.append(len(self._terms))
        self._places.append(len(places))

    def terms(self) -> list[str]:
        """All terms by number."""
        return list(self.numbers)

    def forget(self) -> None:
        """Let go of the terms: nothing is looked up or added any more."""
        self.numbers = {}

    def places(self) -> Numbers:
        """How many places each key takes."""
        return _numbers(self._places)

    def expand(self, keys: Numbers, first_place: int) -> tuple[Numbers, NDArray[np.uint64]]:
        """Terms and places of all entries of *keys*, which stand one after another from *first_place* on."""
        ends = np.frombuffer(self._ends, np.uint64).astype(np.int64)
        counts = np.diff(ends)[keys]
        taken = self.places()[keys]
        begin = (np.cumsum(taken, dtype=np.int64) - taken + first_place).astype(np.uint64)
        entries = spread(ends[:-1][keys], counts)
        places: NDArray[np.uint64] = np.repeat(begin, counts)
        places += _numbers(self._relative)[entries]
        return _numbers(self._terms)[entries], places


class Inversion:
    """Inverts one stream of keys into one or more fields, each with its own meanings of the same keys.

    Passages are added in order. Runs that do not fit in memory are files of the folder *spill*.
    """

    def __init__(self, meanings: Mapping[str, Meanings], spill: Path, run_keys_max: int = RUN_KEYS_MAX) -> None:
        self._fields = {name: _Field(name, one, spill) for name, one in meanings.items()}
        self._run_keys_max = run_keys_max
        self._keys = array("I")
        self._ends = array("Q")
        self._first_document = 0
        self._spilt = False

    def add(self, keys: Iterable[int]) -> None:
        """The keys of the next passage."""
        self._keys.extend(keys)
        self._ends.append(len(self._keys))
        if len(self._keys) >= self._run_keys_max:
            self._spilt = True
            self._finish_run()

    def finish(self) -> None:
        """No passage follows."""
        self._finish_run()

    def starts(self, field: str) -> Numbers:
        """At which place of *field* each passage begins, and where the last ends. After `finish`."""
        return np.concatenate(self._fields[field].starts)

    def order(self, field: str) -> Offsets:
        """The numbers of all terms of *field* in the order of their characters. After `finish`."""
        runs = self._fields[field].runs
        if len(runs) == 1 and isinstance(runs[0], _Run):
            return runs[0].terms.astype(np.int64)
        return _by_characters(self._fields[field].meanings.terms(), None)

    def join(self, field: str, order: Offsets) -> Iterator[Joined]:
        """All postings of *field*, with its terms in `order(field)`, in portions of bounded size. After `finish`."""
        runs = [_Opened(run, order) for run in self._fields[field].runs]
        places = np.zeros(len(order), np.int64)
        for run in runs:
            places[run.ranks] += run.place_counts
        total = np.cumsum(places)
        first = 0
        while first < len(order):
            before = int(total[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(total, before + JOINED_PLACES_MAX, "right")))
            yield _join(runs, first, order[first:last])
            first = last
            for run in runs:
                run.let_go()
        self._fields[field].clear()

    def abandon(self) -> None:
        """Let go of everything, files too."""
        for field in self._fields.values():
            field.clear()

    def _finish_run(self) -> None:
        keys, ends = _numbers(self._keys), np.frombuffer(self._ends, np.uint64).astype(np.int64)
        for field in self._fields.values():
            field.add(keys, ends, self._first_document, spill=self._spilt)
        self._first_document += len(ends)
        self._keys, self._ends = array("I"), array("Q")


class _Field:
    """One field's runs."""

    def __init__(self, name: str, meanings: Meanings, spill: Path) -> None:
        self._name = name
        self.meanings = meanings
        self._spill = spill
        self._place = 0  # where the next passage begins
        self.starts: list[Numbers] = [np.zeros(1, np.uint32)]
        self.runs: list[_Run | Path] = []

    def add(self, keys: Numbers, ends: Offsets, first_document: int, *, spill: bool) -> None:
        taken = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.meanings.places()[keys], dtype=np.int64)))
        if self._place + int(taken[-1]) > PLACES_MAX:
            raise TooManyWordsError(self._name)
        place_ends = taken[ends]
        terms, places = self.meanings.expand(keys, self._place)
        run = _run(terms, self.meanings.terms(), places, place_ends, first_document, self._place)
        if spill:
            path = self._spill / f"{self._name}-{len(self.runs)}.run"
            write_arrays(path, {name: getattr(run, name) for name in _Run.__slots__})
            self.runs.append(path)
        else:
            self.runs.append(run)
        self.starts.append((place_ends + self._place).astype(np.uint32))
        self._place += int(taken[-1])

    def clear(self) -> None:
        for run in self.runs:
            if isinstance(run, Path):
                run.unlink()
        self.runs = []


@dataclass(frozen=True, slots=True)
class _Run:
    """Postings of some passages, one term after another; *terms* are those met, in the order of their characters."""

    terms: Numbers
    document_counts: Numbers  # how many documents (and frequencies) each term has
    place_counts: Numbers
    documents: Numbers
    frequencies: Numbers
    places: Numbers


class _Opened:
    """A run that is being joined: its terms by their ranks among all, and where the slices of each begin."""

    def __init__(self, run: _Run | Path, order: Offsets) -> None:
        self._file = mapped(run) if isinstance(run, Path) else b""
        self.run = _Run(**read_arrays(run, self._file)) if isinstance(run, Path) else run
        rank = np.empty(len(order), np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        self.ranks = rank[self.run.terms]  # ascending, as both are in the order of characters
        self.place_counts = self.run.place_counts
        self.document_begins = np.cumsum(self.run.document_counts, dtype=np.int64) - self.run.document_counts
        self.place_begins = np.cumsum(self.run.place_counts, dtype=np.int64) - self.run.place_counts

    def let_go(self) -> None:
        let_go(self._file)


def _run(
    terms: Numbers,
    names: Sequence[str],
    places: NDArray[np.uint64],
    ends: Offsets,
    first_document: int,
    first_place: int,
) -> _Run:
    met = np.zeros(len(names), bool)
    met[terms] = True
    order = _by_characters(names, np.flatnonzero(met))
    rank = np.empty(len(names), np.uint64)
    rank[order] = np.arange(len(order), dtype=np.uint64)
    pairs = (rank[terms] << np.uint64(32)) | places
    pairs.sort()
    ranks, place = (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)  # the low half
    owner = np.repeat(np.arange(len(ends), dtype=np.uint32), np.diff(ends, prepend=0))
    document = owner[place - np.uint32(first_place)] if len(place) else place
    fresh = np.ones(len(pairs), bool)  # whether a posting begins: another term, or another passage
    np.not_equal(ranks[1:], ranks[:-1], out=fresh[1:])
    fresh[1:] |= document[1:] != document[:-1]
    begins = np.flatnonzero(fresh)
    return _Run(
        terms=order.astype(np.uint32),
        document_counts=np.bincount(ranks[begins], minlength=len(order)).astype(np.uint32),
        place_counts=np.bincount(ranks, minlength=len(order)).astype(np.uint32),
        documents=document[begins] + np.uint32(first_document),
        frequencies=np.diff(begins, append=len(pairs)).astype(np.uint32),
        places=place,
    )


def _by_characters(names: Sequence[str], numbers: Offsets | None) -> Offsets:
    """*numbers* (None: all) in the order of the characters of their *names*, which is that of their UTF-8."""
    some = range(len(names)) if numbers is None else numbers.tolist()
    return np.array(sorted(some, key=names.__getitem__), np.int64)


def _join(runs: Sequence[_Opened], first: int, terms: Offsets) -> Joined:
    """The postings of *terms*, whose ranks begin with *first*."""
    documents, places = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
    slices = [slice(*np.searchsorted(run.ranks, (first, first + len(terms))).tolist()) for run in runs]
    for run, here in zip(runs, slices, strict=True):
        documents[run.ranks[here] - np.uint32(first)] += run.run.document_counts[here]
        places[run.ranks[here] - np.uint32(first)] += run.run.place_counts[here]
    document_ends, place_ends = np.cumsum(documents), np.cumsum(places)
    joined = Joined(
        terms,
        document_ends,
        place_ends,
        np.empty(int(documents.sum()), np.uint32),
        np.empty(int(documents.sum()), np.uint32),
        np.empty(int(places.sum()), np.uint32),
    )
    document_at, place_at = document_ends - documents, place_ends - places
    for run, here in zip(runs, slices, strict=True):
        target = run.ranks[here] - np.uint32(first)
        counts = run.run.document_counts[here].astype(np.int64)
        into = spread(document_at[target], counts)
        source = _stretch(run.document_begins[here], counts)
        joined.documents[into] = run.run.documents[source]
        joined.frequencies[into] = run.run.frequencies[source]
        document_at[target] += counts
        counts = run.run.place_counts[here].astype(np.int64)
        joined.places[spread(place_at[target], counts)] = run.run.places[_stretch(run.place_begins[here], counts)]
        place_at[target] += counts
    return joined


def _stretch(begins: Offsets, counts: Offsets) -> slice:
    """The one slice that slices which follow one another make."""
    return slice(int(begins[0]), int(begins[-1] + counts[-1])) if len(begins) else slice(0)


def spread(begins: Offsets, counts: Offsets) -> Offsets:
    """For each *i* the numbers `begins[i]`, `begins[i] + 1`, ..., `counts[i]` of them, one list after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(begins - ends + counts, counts)


def _numbers(values: array[int]) -> Numbers:
    return np.frombuffer(values, np.uint32) if values else np.zeros(0, np.uint32)
