"""Rebuilds a collection whenever its files change: `python -m web.watching COLLECTION DATA`, beside a site.

A process of its own, for gunicorn waits for every child of the server's. It ends with the process that started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus.collection import AUTHORITY_FILES, DOCUMENTS
from index.disk import flocked
from index.generations import DataFolder

LOOK_SECONDS = 0.5  # between two looks at the files
LONGEST_UNREST_SECONDS = 10.0  # files that go on changing are built at the latest after so long
BUILDER_HAS_SECONDS = 600.0  # another builder is waited for so long

Signature = tuple[tuple[str, int, int], ...]


def signature(collection: Path) -> Signature:
    """By which a change is known: name, date and size of each file that a build reads, but the ledger's."""
    found: list[tuple[str, int, int]] = []
    for path in (*(collection / name for name in AUTHORITY_FILES), *(collection / DOCUMENTS).glob("*.md")):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((path.name, stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))


def changes(
    look: Callable[[], Signature],
    wanted: Callable[[], bool],
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> Callable[[], bool]:
    """A function that waits for the next change to come to rest: true then, false as soon as it is not *wanted*.

    Editors write a file in several steps, and a pull brings many: what still changes is not built yet.
    """
    built = look()

    def wait() -> bool:
        nonlocal built
        before, restless_since = built, None
        while wanted():
            sleep(LOOK_SECONDS)
            now = look()
            if now == built:
                restless_since = None
            else:
                restless_since = clock() if restless_since is None else restless_since
                if now == before or clock() - restless_since >= LONGEST_UNREST_SECONDS:
                    built = now
                    return True
            before = now
        return False

    return wait


def build(collection: Path, data: DataFolder) -> None:
    """Runs `pincite build` and says how it ended, where it did not end well."""
    _wait_for_builder(data)
    command = [sys.executable, "-m", "web.cli", "--collection", str(collection), "--data", str(data.path), "build"]
    code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
    if code < 0:
        print(f"The build was killed (signal {-code}); the generation before it serves on.", file=sys.stderr)
    elif code:
        print("The build has faults, as listed; what could not be built serves on as it was.", file=sys.stderr)


def _wait_for_builder(data: DataFolder) -> None:
    until = time.monotonic() + BUILDER_HAS_SECONDS
    while time.monotonic() < until:
        try:
            with flocked(data.path / "BUILD.lock"):
                return
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
        except OSError:
            return  # the build says what the disk refuses


def main() -> None:
    """Watches until the server is gone."""
    server = os.getppid()
    collection, data = Path(sys.argv[1]), DataFolder(Path(sys.argv[2]))
    wait = changes(lambda: signature(collection), lambda: os.getppid() == server, time.sleep, time.monotonic)
    while wait():
        build(collection, data)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # it goes with the server
        sys.exit(130)
