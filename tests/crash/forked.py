"""Runs `pincite` in processes of its own that may be killed: forked from one that has everything imported."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ != "__main__":
    from types import TracebackType


@dataclass(frozen=True)
class Outcome:
    """How a process ended: exit code, or minus the signal that killed it; what it printed; the disk calls it made."""

    code: int
    printed: str
    calls: list[tuple[str, str]]
    seconds: float


class Builders:
    """A process that forks builders. Use it as a context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self,
        *commands: Sequence[str | Path],
        root: Path,
        kill_call: int | None = None,
        kill_after: float | None = None,
        refuse: tuple[int, int] | None = None,
    ) -> list[Outcome]:
        """Run commands at once, each in a process of its own.

        *kill_call* and *refuse* (number, errno) let the call of that number go wrong; *kill_after* is in seconds.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "commands": [list(map(str, command)) for command in commands],
            "root": str(root),
            "kill_call": kill_call,
            "kill_after": kill_after,
            "refuse": refuse,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return [Outcome(**row) for row in json.loads(self._process.stdout.readline())]

    def __enter__(self) -> Builders:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)


# ---- in the process that forks


def serve() -> None:
    """Reads orders and answers each with the outcomes."""
    import web.cli

    for line in sys.stdin:
        order = json.loads(line)
        began = time.monotonic()
        started = [_fork(web.cli.main, order, command) for command in order["commands"]]
        print(json.dumps([_outcome(child, read, order, began) for child, read in started]), flush=True)


def _fork(main: Any, order: dict[str, Any], command: list[str]) -> tuple[int, int]:
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    os.close(read)
    code = 70
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    calls: list[tuple[str, str]] = []
    try:
        code, calls = _main(main, order, command, printed)
    except BaseException as error:
        import traceback

        printed.write("".join(traceback.format_exception(error)))
    with os.fdopen(write, "wb") as pipe:
        pipe.write(json.dumps([code, said(printed), calls]).encode())
    os._exit(0)


def said(printed: io.TextIOWrapper) -> str:
    """What was written to a stream of ours."""
    raw = printed.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()


def _main(
    main: Any, order: dict[str, Any], command: list[str], printed: io.TextIOWrapper
) -> tuple[int, list[tuple[str, str]]]:
    import faults

    fault = None
    if order["kill_call"] is not None:
        fault = faults.kill_at(order["kill_call"])
    elif order["refuse"] is not None:
        fault = faults.refuse_at(*order["refuse"])
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        with faults.watched(Path(order["root"]), fault) as watch:
            try:
                main(command, prog_name="pincite")
                code: Any = 0
            except SystemExit as end:
                code = end.code or 0
        return int(code), watch.calls


def _outcome(child: int, read: int, order: dict[str, Any], began: float) -> dict[str, Any]:
    if order["kill_after"] is not None:
        time.sleep(max(0.0, began + order["kill_after"] - time.monotonic()))
        os.kill(child, signal.SIGKILL)
    content = b""
    # A reader of documents that outlives its killed builder for a moment holds the pipe open no longer than that.
    with os.fdopen(read, "rb") as pipe:
        content = pipe.read()
    _, status = os.waitpid(child, 0)
    code, printed, calls = json.loads(content) if content else (os.waitstatus_to_exitcode(status), "", [])
    return {"code": code, "printed": printed, "calls": calls, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    serve()
