"""How fast Pincite and its peers answer the same hundred questions, and whether they answer the same.

    python benchmarks/speed.py --passages FILE [--limit N] [--rounds N] [--engine E ...] [--keep DIR] [--json OUT]
    python benchmarks/speed.py --synthetic N [...]
    python benchmarks/speed.py ... --keep DIR --build-only

An answer is the best 20 passages with snippets, the total, and three facets counted over all hits. Each engine has a
process of its own and is asked question by question in turn with the others, so that a noisy machine is noisy for all.
The time is that of the engine alone. Of the rounds (after one that warms up) each question's median is taken; printed
are the median (p50) and the 95th percentile of these by class and the ratios to Pincite, with the least and the most
of a round beside the geometric mean.

Stock Whoosh and FTS5, of which one round would take longer than all rounds of the others, are asked some of the
questions of each class and fewer times (--slow-each, --slow-rounds); they are compared with Pincite on those alone.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import geometric_mean, median

from agreement import Agreement, agreements
from passages import add_source, rows_of
from peers import Answer
from questions import Class, Question, questions

ENGINES = {
    "pincite": "peers.pincite",
    "whoosh": "peers.stock_whoosh",
    "fts5": "peers.fts5",
    "tantivy": "peers.tantivy_engine",
    "bm25s": "peers.bm25s_engine",
}
SLOW = ("whoosh", "fts5")


@dataclass(frozen=True, slots=True)
class Opened:
    """What it took to build and open an engine: seconds of CPU, bytes on disk, seconds to a first answer."""

    build_cpu: float
    disk: int
    open_seconds: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where the passages come from."""

    path: Path | None
    limit: int | None
    synthetic: int | None


def main() -> None:
    """Builds what is not kept, asks, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_source(parser)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each question is asked (5)")
    parser.add_argument("--slow-rounds", type=int, default=2, metavar="N", help="the same of the slow peers (2)")
    parser.add_argument("--slow-each", type=int, default=3, metavar="N", help="questions of a class for those (3)")
    parser.add_argument("--engine", dest="engines", action="append", choices=ENGINES, help="only this; repeatable")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build the indexes here, and use those already here")
    parser.add_argument("--build-only", action="store_true", help="build what is not kept, and ask nothing")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all figures to this file")
    asked = parser.parse_args()
    where = Source(asked.passages, asked.limit, asked.synthetic)
    names = [name for name in asked.engines or ENGINES if _is_installed(name)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        mix = questions(rows_of(where.path, where.limit, where.synthetic))
        for name in names:
            build(name, where, folder / name)
        if asked.build_only:
            return
        engines = [Engine(name, folder / name) for name in names]
        load = os.getloadavg()[0]
        try:
            report, answers = measure(engines, mix, asked.rounds, asked.slow_rounds, asked.slow_each)
            memory = {engine.name: engine.memory() for engine in engines}
        finally:
            for engine in engines:
                engine.stop()
    checked = agreements(mix, answers, rows_of(where.path, where.limit, where.synthetic))
    print(f"{len(mix)} questions in {asked.rounds} rounds; {load:.1f} other processes were at work when it began.")
    if slow := [name for name in names if name in SLOW]:
        print(f"{', '.join(slow)}: {asked.slow_each} questions of each class in {asked.slow_rounds} rounds.")
    print()
    print_report(mix, engines, report, checked, memory)
    if asked.json:
        figures = {
            "classes": report.by_class(mix),
            "opened": {engine.name: asdict(engine.opened) for engine in engines},
            "agreement": {name: asdict(one) for name, one in checked.items()},
            "memory": memory,
        }
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _is_installed(name: str) -> bool:
    module = {"tantivy": "tantivy", "bm25s": "bm25s"}.get(name)
    if module is None or find_spec(module):
        return True
    print(f"{name} is not installed and left out", file=sys.stderr)
    return False


class Engine:
    """One engine in its own process, over what was built in *folder*."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        context = get_context("spawn")
        built = json.loads((folder / "built.json").read_text(encoding="utf-8"))
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, folder / "index", theirs))
        self._process.start()
        disk = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file())
        self.opened = Opened(built["cpu"], disk, self._pipe.recv())

    def ask(self, question: Question) -> tuple[float, Answer | None]:
        """Seconds that the answer took, and the answer; None where the engine does not know such questions."""
        self._pipe.send(question)
        seconds, answer = self._pipe.recv()
        return seconds, answer

    def memory(self) -> dict[str, int]:
        """Kilobytes of its process: its own, and all that it has in sight, files it mapped among it."""
        found = {}
        for line in Path(f"/proc/{self._process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, value, *_ = line.split()
            found[name.rstrip(":")] = int(value)
        return {"own": found["Private_Dirty"] + found.get("Swap", 0), "resident": found["Rss"]}

    def stop(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()


def build(name: str, source: Source, folder: Path) -> None:
    """Build the engine's index in *folder*, in a process of its own, unless it is there."""
    if (folder / "built.json").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "index").mkdir(parents=True)
    print(f"building {name}", file=sys.stderr)
    builder = get_context("spawn").Process(target=_build, args=(name, source, folder))
    builder.start()
    builder.join()
    if builder.exitcode:
        raise SystemExit(f"{name} could not be built")


def _build(name: str, source: Source, folder: Path) -> None:
    warnings.simplefilter("ignore", SyntaxWarning)  # Whoosh's sources have some
    engine = importlib.import_module(ENGINES[name]).Engine
    rows = (
        list(rows_of(source.path, source.limit, source.synthetic))
        if source.path
        else rows_of(None, None, source.synthetic)
    )
    start = time.process_time()
    engine.build(rows, folder / "index")
    built = {"cpu": time.process_time() - start}
    (folder / "built.json").write_text(json.dumps(built), encoding="utf-8")


def _serve(name: str, folder: Path, pipe: Connection) -> None:
    warnings.simplefilter("ignore", SyntaxWarning)
    module = importlib.import_module(ENGINES[name])
    start = time.perf_counter()
    engine = module.Engine(folder)
    engine.answer(Question(Class.RARE, ("nothing",)))
    pipe.send(time.perf_counter() - start)
    while (question := pipe.recv()) is not None:
        start = time.perf_counter()
        answer = engine.answer(question)
        pipe.send((time.perf_counter() - start, answer))


@dataclass(frozen=True, slots=True)
class Report:
    """Seconds by engine, round and question; None where an engine does not know the question or was not asked it."""

    seconds: Mapping[str, Sequence[Sequence[float | None]]]

    def of(self, name: str, mix: Sequence[Question], kind: Class | None, like: str = "") -> list[float]:
        """The median over the rounds of each question of *kind* (None: of all) that the engine was asked.

        With *like* only questions that this engine was asked as well.
        """
        return self._of(self.seconds[name], mix, kind, self.seconds[like or name])

    def _of(
        self,
        rounds: Sequence[Sequence[float | None]],
        mix: Sequence[Question],
        kind: Class | None,
        others: Sequence[Sequence[float | None]],
    ) -> list[float]:
        found = []
        for number, question in enumerate(mix):
            if (kind is None or question.kind is kind) and any(each[number] is not None for each in others):
                times = [one for each in rounds if (one := each[number]) is not None]
                if times:
                    found.append(median(times))
        return found

    def by_class(self, mix: Sequence[Question]) -> dict[str, dict[str, dict[str, float]]]:
        """p50 and p95 in milliseconds, by engine and class."""
        return {
            name: {
                str(kind): {"p50": 1e3 * median(times), "p95": 1e3 * percentile(times, 95)}
                for kind in Class
                if (times := self.of(name, mix, kind))
            }
            for name in self.seconds
        }

    def ratios(self, name: str, mix: Sequence[Question]) -> list[float]:
        """How many times longer than Pincite *name* takes, in each round: geometric mean over the classes' p50."""
        found = []
        for theirs, ours in zip(self.seconds[name], self.seconds["pincite"], strict=True):
            ratios = [
                median(times) / median(self._of([ours], mix, kind, [theirs]))
                for kind in Class
                if (times := self._of([theirs], mix, kind, [theirs]))
            ]
            found += [geometric_mean(ratios)] if ratios else []
        return found

    def ratio(self, name: str, mix: Sequence[Question], kind: Class) -> float | None:
        """The same of one class, by the medians over all rounds."""
        theirs = self.of(name, mix, kind)
        return median(theirs) / median(self.of("pincite", mix, kind, name)) if theirs else None


def measure(
    engines: Sequence[Engine], mix: Sequence[Question], rounds: int, slow_rounds: int, slow_each: int
) -> tuple[Report, dict[str, list[Answer | None]]]:
    """Asks every engine every question, in turn, *rounds* times and once before to warm up; the slow ones fewer.

    With the times, the last answer to each question.
    """
    seconds: dict[str, list[list[float | None]]] = {engine.name: [] for engine in engines}
    answers: dict[str, list[Answer | None]] = {engine.name: [None] * len(mix) for engine in engines}
    some = {place for kind in Class for place in [at for at, one in enumerate(mix) if one.kind is kind][:slow_each]}
    for number in range(rounds + 1):
        these: dict[str, list[float | None]] = {engine.name: [None] * len(mix) for engine in engines}
        for place, question in enumerate(mix):
            for turn in range(len(engines)):
                engine = engines[(place + number + turn) % len(engines)]
                if engine.name in SLOW and (number > slow_rounds or place not in some):
                    continue
                taken, answer = engine.ask(question)
                if answer is not None:
                    these[engine.name][place] = taken
                    answers[engine.name][place] = answer
        if number:
            for name, row in these.items():
                seconds[name].append(row)
    return Report(seconds), answers


def percentile(values: Iterable[float], percent: int) -> float:
    """The least of *values* that at least *percent* of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def print_report(
    mix: Sequence[Question],
    engines: Sequence[Engine],
    report: Report,
    checked: Mapping[str, Agreement],
    memory: Mapping[str, Mapping[str, int]],
) -> None:
    """The tables."""
    names = [engine.name for engine in engines]
    figures = report.by_class(mix)
    print(f"{'milliseconds, p50 / p95':24}", *(f"{name:>17}" for name in names))
    for kind in Class:
        print(f"{kind:24}", *(f"{_pair(figures[name].get(kind)):>17}" for name in names))
    whole = {name: report.of(name, mix, None) for name in names}
    print(
        f"{'all questions':24}",
        *(f"{_pair({'p50': 1e3 * median(w), 'p95': 1e3 * percentile(w, 95)}):>17}" for w in whole.values()),
    )
    if names[0] == "pincite":
        print(f"\n{'times Pincite, by p50':24}", *(f"{name:>17}" for name in names[1:]))
        for kind in Class:
            print(f"{kind:24}", *(f"{_times(report.ratio(name, mix, kind)):>17}" for name in names[1:]))
        for label, pick in (("geometric mean, median", median), ("  the least round", min), ("  the greatest", max)):
            print(f"{label:24}", *(f"{pick(report.ratios(name, mix)):17.2f}" for name in names[1:]))
        p95 = {name: percentile(report.of("pincite", mix, None, name), 95) for name in names[1:]}
        print(f"{'p95 of all questions':24}", *(f"{percentile(whole[n], 95) / p95[n]:17.2f}" for n in names[1:]))
    print(f"\n{'':24}", *(f"{name:>17}" for name in names))
    rows: list[tuple[str, dict[str, str]]] = [
        ("build, seconds of CPU", {e.name: f"{e.opened.build_cpu:.1f}" for e in engines}),
        ("on disk, MB", {e.name: f"{e.opened.disk / 1e6:.0f}" for e in engines}),
        ("opening, ms", {e.name: f"{1e3 * e.opened.open_seconds:.1f}" for e in engines}),
        ("memory of its own, MB", {name: f"{memory[name]['own'] / 1e3:.0f}" for name in names}),
        ("memory in sight, MB", {name: f"{memory[name]['resident'] / 1e3:.0f}" for name in names}),
        ("totals equal", {name: checked[name].totals for name in names}),
        ("facets equal", {name: checked[name].facets for name in names}),
        ("top 20 as BM25's", {name: f"{checked[name].overlap:.3f}" for name in names}),
    ]
    for label, values in rows:
        print(f"{label:24}", *(f"{values[name]:>17}" for name in names))


def _pair(one: Mapping[str, float] | None) -> str:
    return "-" if one is None else f"{one['p50']:.2f} / {one['p95']:.2f}"


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"


if __name__ == "__main__":
    main()
