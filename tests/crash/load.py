"""A site under steady load while its collection is rebuilt over and over and builders are killed.

`python tests/crash/load.py --requests 100000` prints how many answers failed or were mixed, and how long answers took
beside a builder and without one, in phases that take turns.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from building import Record  # noqa: E402

DOCUMENTS = ("letters", "minutes", "reports")
PASSAGES = 8  # of each document
CLIENTS = 12  # connections
IDLE_SECONDS = 1.0  # a connection that was idle for longer is opened anew: the server closes it after two
EDITION = re.compile(r"edition(\d+)x")


def write_edition(record: Record, number: int) -> None:
    """Every passage, note and title says which edition it belongs to."""
    for slug in DOCUMENTS:
        lines = [
            f"Passage {at} of the {slug} speaks of the harbour in edition{number}x.[^{at}]" for at in range(PASSAGES)
        ]
        notes = [f"[^{at}]: Note {at} to the {slug}, edition{number}x." for at in range(PASSAGES)]
        title = f"---\ntitle: The {slug}, edition{number}x\n---\n\n## 1. A heading of edition{number}x\n\n"
        record.write(slug, title + "\n\n".join([*lines, *notes]) + "\n")


def addresses(record: Record) -> list[str]:
    """Pages, feeds, exports and answers of the API, all of which show words of the edition."""
    links = sorted(record.links().values())
    bare = [
        link.partition("~")[0].rpartition("/")[0] + "/" + link.partition("~")[2].partition(".")[0] for link in links
    ]
    return [
        *(f"/documents/{slug}" for slug in DOCUMENTS), *bare[::9],
        "/search?q=harbour", "/search?q=harbour&document=letters", "/documents", "/search.atom?q=harbour",
        "/api/v1/search?q=speaks", "/api/v1/documents",
    ]  # fmt: skip


# Whoever asks for these waits for the one before: the site has many at once come again later (503).
EXPORTS = ("/search.csv?q=harbour", "/search.json?q=harbour")
EXPORT_SECONDS = 0.1  # from one export to the next


@dataclass
class Answers:
    """What came back: times in seconds, what failed or was mixed, and which edition each generation showed."""

    seconds: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    mixed: list[str] = field(default_factory=list)
    edition_of: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, path: str, status: int, generation: str | None, body: str, seconds: float) -> None:
        """Hold an answer against the promise that it belongs wholly to one generation."""
        editions = set(EDITION.findall(body))
        with self.lock:
            self.seconds.append(seconds)
            if status != 200 or generation is None:
                self.failed[f"{status} {path}"] += 1
            elif len(editions) != 1 or not editions <= {self.edition_of.setdefault(generation, *editions)}:
                self.mixed.append(f"{generation} {sorted(editions)} {path}")


class Load:
    """Asks *paths* over and over, at a fixed rate or as fast as answers come."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self.port = port
        self.paths = paths

    def run(
        self, answers: Answers, *, rate: float | None, seconds: float | None = None, count: int | None = None
    ) -> int:
        """How many requests were made, until *seconds* are over or *count* is reached."""
        began = time.monotonic()
        tickets = itertools.count()
        lock = threading.Lock()
        made = 0

        def client() -> None:
            nonlocal made
            connection = _Connection(self.port, answers)
            while True:
                with lock:
                    ticket = next(tickets)
                due = began + ticket / rate if rate else time.monotonic()
                if (count is not None and ticket >= count) or (seconds is not None and due >= began + seconds):
                    break
                time.sleep(max(0.0, due - time.monotonic()))
                # From when it was due: a site that stands still must not hide those that wait.
                connection.ask(self.paths[ticket % len(self.paths)], due)
            connection.close()
            with lock:
                made += connection.asked

        def exporter() -> None:
            nonlocal made
            connection = _Connection(self.port, answers)
            for path in itertools.cycle(EXPORTS):
                if over.wait(EXPORT_SECONDS):
                    break
                connection.ask(path, time.monotonic())
            connection.close()
            made += connection.asked

        over = threading.Event()
        exporting = threading.Thread(target=exporter)
        exporting.start()
        threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        over.set()
        exporting.join()
        return made


class _Connection:
    """A client's connection, which is opened anew when it has been idle."""

    def __init__(self, port: int, answers: Answers) -> None:
        self.port = port
        self.answers = answers
        self.asked = 0
        self._open: http.client.HTTPConnection | None = None
        self._used = 0.0

    def ask(self, path: str, due: float) -> None:
        """Ask once; the time that it took counts from *due*."""
        self.asked += 1
        try:
            if self._open is None or time.monotonic() - self._used > IDLE_SECONDS:
                self.close()
                self._open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self._open.request("GET", path)
            answer = self._open.getresponse()
            body = answer.read().decode()
            took = time.monotonic() - due
            self.answers.take(path, answer.status, answer.headers["Pincite-Generation"], body, took)
            self._used = time.monotonic()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            with self.answers.lock:
                self.answers.failed[f"{type(error).__name__} {path}"] += 1

    def close(self) -> None:
        """Let go of it."""
        if self._open is not None:
            self._open.close()
        self._open = None


class Rebuilding:
    """Edits and builds in a loop, niced and on one processor; kills every other builder at a random moment."""

    def __init__(self, record: Record, seed: int) -> None:
        self.record = record
        self.rng = random.Random(seed)
        self.edition = 1
        self.built = self.killed = 0
        self.faults: list[str] = []
        self._usual = 2.0

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Until the end of the block."""
        stop = threading.Event()

        def loop() -> None:
            for round in itertools.count():
                self.once(kill=round % 2 == 1)
                if stop.is_set():
                    break

        thread = threading.Thread(target=loop)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def once(self, *, kill: bool = False) -> None:
        """One edit and one build."""
        self.edition += 1
        write_edition(self.record, self.edition)
        command = ["nice", "-n", "10", sys.executable, "-m", "web.cli", "--collection", str(self.record.folder)]
        command += ["--data", str(self.record.data.path), "build"]
        began = time.monotonic()
        with subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as builder:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(builder.pid, {min(os.sched_getaffinity(0))})
            if kill:
                time.sleep(self.rng.uniform(0.2, 1.1) * self._usual)
                builder.kill()
            assert builder.stdout is not None
            said = builder.stdout.read().decode()
        if builder.returncode == -signal.SIGKILL:
            self.killed += 1
        elif builder.returncode == 0:
            self.built += 1
            self._usual = time.monotonic() - began
        else:
            self.faults.append(said)


@contextmanager
def site(record: Record) -> Iterator[int]:
    """A site of two workers; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "web.cli", "--data", str(record.data.path), "serve", "--port", str(port)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > until or server.poll() is not None:
                        raise
                    time.sleep(0.1)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def percentile(values: list[float], share: float) -> float:
    """The value below which *share* of the *values* lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    """Prints the figures; exit code 1 when an answer failed or was mixed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--phase", type=float, default=20.0, help="seconds of quiet, then of building, in turns")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder))
        write_edition(record, 1)
        record.build()
        rebuilding = Rebuilding(record, seed=1)
        with site(record) as port:
            load = Load(port, addresses(record))
            load.run(Answers(), rate=None, count=500)  # the typefaces are cut meanwhile, and pages are made once
            while any("web.fonts" in line for line in _commands()):
                time.sleep(0.5)
            began = time.monotonic()
            capacity = load.run(Answers(), rate=None, count=3_000) / (time.monotonic() - began)
            rate = capacity / 2
            print(f"{capacity:.0f} answers a second at most; asked at {rate:.0f} a second", flush=True)
            quiet, beside = Answers(), Answers()
            beside.edition_of = quiet.edition_of
            made = 0
            while made < wanted.requests:
                made += load.run(quiet, rate=rate, seconds=wanted.phase)
                with rebuilding.going_on():
                    made += load.run(beside, rate=rate, seconds=wanted.phase)
    for name, answers in (("quiet", quiet), ("building", beside)):
        times = [1000 * percentile(answers.seconds, share) for share in (0.5, 0.99, 0.999)]
        told = "median {:.1f}, p99 {:.1f}, p99.9 {:.1f}".format(*times)
        print(f"{name:9} {len(answers.seconds):,} answers, ms: {told}")
    ratio = percentile(beside.seconds, 0.99) / percentile(quiet.seconds, 0.99)
    print(f"p99 beside a builder: {ratio:.2f} of the quiet one")
    print(f"{rebuilding.built} builds published, {rebuilding.killed} killed, {len(rebuilding.faults)} failed")
    failed, mixed = quiet.failed + beside.failed, quiet.mixed + beside.mixed
    print(f"{made:,} requests: {failed.total()} failed, {len(mixed)} mixed, {len(quiet.edition_of)} generations shown")
    for line in [*failed, *mixed, *rebuilding.faults][:20]:
        print(line)
    sys.exit(1 if failed or mixed or rebuilding.faults else 0)


def _commands() -> Iterator[str]:
    """The command lines of our children's children, where the system tells them."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes().decode(errors="replace")
        except OSError:
            continue


if __name__ == "__main__":
    main()
