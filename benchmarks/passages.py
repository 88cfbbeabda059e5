"""Passages for benchmarks of speed: from a file, or made up to any number."""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

_VOCABULARY = 200_000
_BLOCK = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One passage as every engine gets it. *month* is "YYYY-MM" or empty."""

    document: str
    kind: str
    title: str
    source_type: str
    officials: tuple[str, ...]
    month: str
    text: str


def add_source(parser: argparse.ArgumentParser) -> None:
    """The options that say where the passages come from, by the names of what `rows_of` takes."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--passages", type=Path, metavar="FILE", help="JSON lines, may be gzipped")
    source.add_argument("--synthetic", type=int, metavar="N", help="made-up passages, as many")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first passages of the file")


def rows_of(path: Path | None, limit: int | None, synthetic: int | None) -> Iterator[Row]:
    """Those of *path* (JSON lines, may be gzipped), the first *limit* of them; without a path *synthetic* ones."""
    if path is None:
        return made_up(synthetic or 0)
    return islice(read_rows(path), limit)


def read_rows(path: Path) -> Iterator[Row]:
    """The passages of a file of JSON lines with the fields of Row; passages of a document stand together."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Row(
                row["document"].replace("/", "."),
                row["kind"],
                row["title"],
                row["source_type"] or "",
                tuple(row["officials"] or ()),
                row["month"] or "",
                row["text"],
            )


def made_up(count: int) -> Iterator[Row]:
    """*count* passages of made-up words, the same ones in every run.

    Words fall off in frequency as in English (Zipf and Mandelbrot); a document has words of its own that it repeats;
    lengths are log-normal with a median of 50 words, as of paragraphs and notes.
    """
    random = np.random.default_rng(1988)
    words = np.array([_word(number) for number in range(_VOCABULARY)])
    chances = np.cumsum(1 / (np.arange(_VOCABULARY) + 2.7) ** 1.07)
    chances /= chances[-1]
    types = np.array([f"type-{number}" for number in range(12)])
    for first in range(0, count, _BLOCK):
        here = min(_BLOCK, count - first)
        lengths = np.clip(random.lognormal(np.log(50), 0.8, here), 3, 1_000).astype(np.int64)
        drawn = np.searchsorted(chances, random.random(int(lengths.sum())))
        documents = (first + np.arange(here)) // 20
        # One word in eight is of the document's own two dozen.
        own = np.repeat(documents, lengths) * 7_919 + random.integers(0, 24, len(drawn)) * 104_729
        drawn = np.where(random.random(len(drawn)) < 1 / 8, own % _VOCABULARY, drawn)
        officials = random.zipf(1.5, (here, 3)) % 2_000
        named = random.integers(0, 4, here)
        months = random.integers(0, 240, here)
        ends = np.cumsum(lengths)
        for place in range(here):
            text = " ".join(words[drawn[ends[place] - lengths[place] : ends[place]]].tolist())
            yield Row(
                f"d{documents[place]:07}",
                "footnote" if place % 4 == 0 else "body",
                f"Document {documents[place]}",
                str(types[(documents[place] * 31) % 12]),
                tuple(dict.fromkeys(f"o{number}" for number in officials[place, : named[place]].tolist())),
                f"{1970 + months[place] // 12}-{1 + months[place] % 12:02}",
                text,
            )


def _word(number: int) -> str:
    """A word that can be spoken, another for each number; the smaller the number, the shorter."""
    syllables = []
    number += 20
    while number:
        number, rest = divmod(number, 100)
        syllables.append("bdfgklmnprstvzjhcwxq"[rest // 5] + "aeiou"[rest % 5])
    return "".join(reversed(syllables)) + "n"
