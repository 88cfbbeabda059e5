"""Whether costly questions slow everybody else: readers at a fixed rate, alone and beside four attackers.

    python benchmarks/attackers.py --passages FILE [--limit N] [--seconds N] [--rounds N] [--attackers N] [--keep DIR]

The site runs as behind a proxy: `--trusted-proxies 1`, two workers, rate limit on. First it is asked as fast as it
answers; then readers, each from an address of their own, ask at a quarter of that rate, by the clock and not one after
the answer to the other, so that a slow answer delays none of the questions that should follow it. In turns with it the
same while attackers, from addresses of their own, send what costs most as fast as they get answers. The time of an
answer counts from when the question was due. Wanted: p99 at most three times that of the quiet time, and no reader's
request fails.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import quote

from passages import rows_of
from peers.pincite import typed
from questions import Class, questions
from serving import Answered, Reader, pincite_command, publish, running
from speed import percentile

READERS = 24
ASKED = (Class.RARE, Class.COMMON, Class.TWO, Class.PHRASE, Class.FILTER, Class.MONTHS)
# The worst that was found: beginnings of two letters, each of which stands for a thousand words and most passages.
WORST = (
    " OR ".join(f"{letters}*" for letters in ("co", "pr", "in", "re", "di", "de", "un", "st")),
    " OR ".join(f"{letters}*" for letters in ("th", "an", "ma", "pe", "su", "ex", "se", "po")),
)


def main() -> None:
    """Serves, asks, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True, metavar="FILE", help="JSON lines, may be gzipped")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first passages of the file")
    parser.add_argument("--seconds", type=float, default=10, metavar="N", help="how long each part takes (10)")
    parser.add_argument(
        "--rounds", type=int, default=4, metavar="N", help="of a quiet part and one beside attackers (4)"
    )
    parser.add_argument("--attackers", type=int, default=4, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build here, and use what is already built here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = asked.keep or Path(scratch)
        if not (data / "CURRENT").exists():
            publish(rows_of(asked.passages, asked.limit, None), data)
        mix = questions(rows_of(asked.passages, asked.limit, None))
        paths = [f"/search?q={quote(typed(one))}" for one in mix if one.kind in ASKED]
        with running(pincite_command(data, "--workers", "2", "--no-rate-limit"), "/healthz") as server:
            most = capacity(server.port, paths, asked.seconds)
        options = ("--workers", "2", "--trusted-proxies", "1")
        with running(pincite_command(data, *options), "/healthz") as server:
            report(server.port, paths, most, asked)


def capacity(port: int, paths: Sequence[str], seconds: float) -> float:
    """Answers a second to eight readers who ask one question after the other."""
    end = time.perf_counter() + seconds
    counts = []

    def read(place: int) -> None:
        reader, done = Reader(port), 0
        while time.perf_counter() < end:
            reader.get(paths[(place * 7 + done) % len(paths)])
            done += 1
        counts.append(done)

    _together([threading.Thread(target=read, args=(place,)) for place in range(8)])
    return sum(counts) / seconds


def report(port: int, paths: Sequence[str], most: float, asked: argparse.Namespace) -> None:
    """Prints both parts and their ratio. They take turns, so that what else the machine does tells on both."""
    print(f"{most:.0f} answers a second at most; readers ask {most / 4:.0f} times a second from {READERS} addresses")
    readers(port, paths, most / 4, asked.seconds / 4)
    context = get_context("spawn")
    quiet: list[Answered] = []
    beside: list[Answered] = []
    told: Counter[int] = Counter()
    for _ in range(asked.rounds):
        quiet += readers(port, paths, most / 4, asked.seconds)
        mine, theirs = context.Pipe()
        attack = context.Process(target=attacked, args=(port, asked.attackers, asked.seconds + 1, theirs))
        attack.start()
        mine.recv()  # they have begun
        beside += readers(port, paths, most / 4, asked.seconds)
        told += mine.recv()
        attack.join()
    _print("alone", quiet)
    _print(f"beside {asked.attackers} attackers", beside)
    print("the attackers got", ", ".join(f"{count} times {status}" for status, count in sorted(told.items())))
    times = [[one.seconds for one in part] for part in (quiet, beside)]
    print(f"p99 beside them: {percentile(times[1], 99) / percentile(times[0], 99):.2f} times that alone (wanted: <= 3)")


def readers(port: int, paths: Sequence[str], rate: float, seconds: float) -> list[Answered]:
    """What *rate* questions a second, asked when they are due, are answered; seconds count from then."""
    begun = time.perf_counter() + 0.2
    answers: list[Answered] = []

    def read(place: int) -> None:
        reader = Reader(port, f"192.0.2.{place + 1}")
        for number in range(place, int(rate * seconds), READERS):
            due = begun + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            answer = reader.get(paths[number % len(paths)])
            answers.append(Answered(answer.status, time.perf_counter() - due, answer.size))

    _together([threading.Thread(target=read, args=(place,)) for place in range(READERS)])
    return answers


def attacked(port: int, attackers: int, seconds: float, pipe: object) -> None:
    """Sends what costs most as fast as it is answered; tells which statuses came back. Runs in its own process."""
    end = time.perf_counter() + seconds
    told: Counter[int] = Counter()

    def attack(place: int) -> None:
        reader = Reader(port, f"198.51.100.{place + 1}")
        asked = 0
        while time.perf_counter() < end:
            with suppress(OSError):
                told[reader.get(f"/search?q={quote(WORST[asked % len(WORST)])}&page={asked}").status] += 1
            asked += 1
            time.sleep(0.002)  # who is refused at once must not take the processor by asking alone

    threads = [threading.Thread(target=attack, args=(place,)) for place in range(attackers)]
    pipe.send(True)  # type: ignore[attr-defined]
    _together(threads)
    pipe.send(told)  # type: ignore[attr-defined]


def _together(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _print(what: str, answers: Sequence[Answered]) -> None:
    times = [one.seconds for one in answers]
    p50, p95, p99 = (1e3 * percentile(times, percent) for percent in (50, 95, 99))
    failed = sum(one.status != 200 for one in answers)
    print(f"{what:22} {len(answers):6} answers, p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms, {failed} failed")


if __name__ == "__main__":
    main()
