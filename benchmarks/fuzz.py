"""Looks for the questions that cost Pincite most, by climbing: change a costly one, keep it where it costs more.

    python benchmarks/fuzz.py --passages FILE [--limit N] [--seconds N] [--seed N] [--keep DIR]
    python benchmarks/fuzz.py --synthetic N [...]

Asked through the door that the site uses, with facets, snippets, reasons and suggestions. Costs are CPU time of the
process, the least of three tries for those that are kept; a plain question of one middling word, asked again and again
between the others, is the measure beside it. Printed are the costliest questions, in milliseconds and in plain ones.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median

from passages import Row, add_source, rows_of
from peers.pincite import write_index

from index.snapshot import Snapshot
from search.limits import FACET_VALUES_AT_MOST, HITS_AT_MOST, OFFSET
from search.results import Results, SearchRequest, Sort
from search.searcher import Searcher
from search.selection import NOTHING_CHOSEN, Selection

SURVIVORS = 12  # questions that go on being changed
LISTED = 8
_SAMPLE = 5_000


@dataclass(frozen=True, slots=True)
class Case:
    """One question: *parts* are joined with blanks; the rest goes with it."""

    parts: tuple[str, ...]
    selection: Selection = NOTHING_CHOSEN
    as_printed: bool = False
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    offset: int = 0
    facet_limit: int = 100

    @property
    def request(self) -> SearchRequest:
        """The question as the site asks it."""
        query = " ".join(self.parts)
        return SearchRequest(
            query, self.selection, self.as_printed, self.sort, self.limit, self.offset, self.facet_limit
        )


class Inventor:
    """Makes questions and changes them, out of what stands in the passages."""

    def __init__(self, rows: Iterable[Row], random: Random) -> None:
        self._random = random
        sample = [row for number, row in enumerate(rows) if number % 20 == 0][:_SAMPLE]
        self._texts = [row.text for row in sample if row.text]
        frequency = Counter(word for text in self._texts for word in text.split() if word.isalpha())
        ordered = [word for word, _ in frequency.most_common()]
        self.plain = ordered[len(ordered) // 20]
        self._common, self._words = ordered[:40], ordered
        self._months = sorted({row.month for row in sample if row.month}) or ["1988-08"]
        self._officials = sorted({one for row in sample for one in row.officials}) or ["nobody"]
        self._types = sorted({row.source_type for row in sample if row.source_type}) or ["un"]
        self._documents = sorted({row.document for row in sample})
        self._makers: tuple[Callable[[], str], ...] = (
            lambda: self._random.choice(self._common),
            lambda: self._random.choice(self._words),
            lambda: self._random.choice(self._words)[:2] + "*",
            lambda: self._random.choice(self._common)[:3] + "*",
            lambda: f"{self._random.choice(self._words)}~2",
            self._misspelt,
            lambda: f'"{self._run(self._random.randint(2, 8))}"',
            lambda: f'"{" ".join(self._random.choices(self._common, k=self._random.randint(2, 60)))}"',
            lambda: f'"{" ".join(self._random.choices(self._common, k=self._random.randint(2, 8)))}"~50',
            lambda: f'"{" ".join([self._random.choice(self._common)] * self._random.randint(2, 8))}"~50',
            lambda: f'"{self._random.choice(self._common)} {self._random.choice(self._common)[:2]}*"',
            lambda: "-" + self._random.choice(self._common),
            lambda: f"NOT ({self._random.choice(self._common)} OR {self._random.choice(self._common)})",
            lambda: f'-"{self._run(2)}"',
            lambda: "-".join(self._random.choices(self._common, k=self._random.randint(2, 60))),
            lambda: "/".join(self._random.choices(self._words, k=self._random.randint(2, 12))),
            lambda: self._run(self._random.randint(10, 200)),
            lambda: f"date:{self._random.choice(self._months)}-03..{self._random.choice(self._months)}-20",
            lambda: f"month:{self._random.choice(self._months)}",
            lambda: f"section:{self._random.choice(self._common)}",
            lambda: f"cites:{self._random.choice(self._common)}",
            lambda: f'official:"{self._random.choice(self._officials)}"',
            lambda: "".join(self._random.choices("کتابسلامیهـ‌َ", k=self._random.randint(2, 30))),
            lambda: "".join(self._random.choices("aeinst", k=self._random.randint(3, 60))),
            lambda: self._random.choice(["(", ")", '"', "[", "…", "\u202e", "'", "AND", "OR", "NOT", "a'b'c[d]e"]),
        )

    def case(self) -> Case:
        """A new question."""
        return Case(tuple(self._part() for _ in range(self._random.choice((1, 1, 2, 3, 8, 30)))))

    def changed(self, case: Case, other: Case) -> Case:
        """*case* with one thing about it changed, or some of *other* put into it."""
        parts = list(case.parts)
        at = self._random.randrange(len(parts) + 1)
        match self._random.randrange(12):
            case 0 | 1 | 2:
                parts.insert(at, self._part())
            case 3 if len(parts) > 1:
                del parts[at - 1]
            case 4 if parts:
                parts[at - 1] = self._part()
            case 5:
                parts[at:at] = self._random.sample(other.parts, min(len(other.parts), 3))
            case 6 if parts:
                parts.append(self._random.choice(parts))
            case 7:
                parts = [word for part in parts for word in (part, "OR")][:-1]
            case 8:
                parts = ["(", *parts, ")"]
            case 9:
                return replace(case, selection=self._selection())
            case 10:
                return replace(
                    case,
                    limit=self._random.choice((20, 20, int(HITS_AT_MOST))),
                    offset=self._random.choice((0, 0, 1_000, int(OFFSET))),
                    facet_limit=self._random.choice((100, 100, int(FACET_VALUES_AT_MOST))),
                )
            case _:
                return replace(
                    case, as_printed=self._random.random() < 0.5, sort=self._random.choice((Sort.RELEVANCE, *Sort))
                )
        return replace(case, parts=tuple(parts))

    def _part(self) -> str:
        return self._random.choice(self._makers)()

    def _run(self, length: int) -> str:
        words = self._random.choice(self._texts).replace('"', "").split()
        first = self._random.randrange(max(1, len(words) - length))
        return " ".join(words[first : first + length])

    def _misspelt(self) -> str:
        word = self._random.choice(self._words)
        at = self._random.randrange(len(word))
        return word[:at] + self._random.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]

    def _selection(self) -> Selection:
        def some(values: Sequence[str], most: int) -> tuple[str, ...]:
            chosen = self._random.random() < 0.4
            return tuple(self._random.choices(values, k=self._random.randint(1, most))) if chosen else ()

        return Selection(
            some(self._types, 3), some(self._officials, 20), some(self._months, 20), (), some(self._documents, 3)
        )


class Clock:
    """Measures questions, and a plain one between them."""

    def __init__(self, searcher: Searcher, plain: str) -> None:
        self._searcher = searcher
        self._plain = Case((plain,))
        self._plain_seconds: list[float] = []
        self.asked = 0

    def cost(self, case: Case, tries: int) -> tuple[float, Results]:
        """The least seconds of CPU that *case* took, and its answer."""
        costs = []
        for _ in range(tries):
            start = time.process_time()
            results = self._searcher.search(case.request)
            costs.append(time.process_time() - start)
        self.asked += 1
        if self.asked % 20 == 0:
            start = time.process_time()
            self._searcher.search(self._plain.request)
            self._plain_seconds.append(time.process_time() - start)
        return min(costs), results

    @property
    def plain(self) -> float:
        """The median seconds of CPU of the plain question."""
        return median(self._plain_seconds)


def climb(clock: Clock, inventor: Inventor, random: Random, seconds: float) -> list[tuple[float, Case]]:
    """The costliest questions found in *seconds*, the costliest first."""
    best: list[tuple[float, Case]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if len(best) < SURVIVORS or random.random() < 0.15:
            case = inventor.case()
        else:
            # One kind of costly question soon fills the list: the lower places have their turns as well.
            case = inventor.changed(random.choice(best)[1], random.choice(best)[1])
        cost, _ = clock.cost(case, 1)
        if len(best) < SURVIVORS or cost > best[-1][0]:
            cost, _ = clock.cost(case, 3)
            best = sorted([*best, (cost, case)], key=lambda one: -one[0])[:SURVIVORS]
    return best


def main() -> None:
    """Builds what is not kept, climbs, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_source(parser)
    parser.add_argument("--seconds", type=float, default=120, metavar="N", help="how long to look (120)")
    parser.add_argument("--seed", type=int, default=1988, metavar="N", help="another seed, other questions (1988)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build the index here, or use the one already here")
    asked = parser.parse_args()
    random = Random(asked.seed)
    inventor = Inventor(rows_of(asked.passages, asked.limit, asked.synthetic), random)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            write_index(rows_of(asked.passages, asked.limit, asked.synthetic), folder)
        with Snapshot.open(folder) as snapshot:
            clock = Clock(Searcher(snapshot), inventor.plain)
            best = climb(clock, inventor, random, asked.seconds)
            print(f"{clock.asked:,} questions; a plain one takes {1e3 * clock.plain:.2f} ms of CPU")
            for cost, case in best[:LISTED]:
                again, results = clock.cost(case, 3)
                least = min(cost, again)
                print(f"{1e3 * least:7.1f} ms {least / clock.plain:7.1f} plain  {results.total:,} hits  {shown(case)}")
                for notice in results.notices[:3]:
                    print(f"{'':30}{notice.message[:110]}")


def shown(case: Case) -> str:
    """*case* on one line, without what is as usual."""
    usual = Case(())
    unusual = [
        f"{name}={getattr(case, name)}"
        for name in ("as_printed", "sort", "limit", "offset", "facet_limit", "selection")
        if getattr(case, name) != getattr(usual, name)
    ]
    text = " ".join(case.parts)
    return " ".join((text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)", *unusual))


if __name__ == "__main__":
    main()
