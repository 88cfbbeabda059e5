"""`pincite serve` as a process of its own, and what asks it over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from building import Record

ROOT = Path(__file__).parents[1]
PATIENCE = 40.0  # seconds that a machine under load may need


class Site:
    """A site that is being served."""

    def __init__(self, port: int, said: Path, server: subprocess.Popen[bytes]) -> None:
        self.port = port
        self._said = said
        self._server = server

    @property
    def said(self) -> str:
        """What the server has printed."""
        return self._said.read_text()

    def raw(self, request: bytes) -> socket.socket:
        """A connection on which *request* was sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.sendall(request)
        return connection

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, generation and content of an answer; waits for a server that is starting."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                    return answer.status, answer.headers["Pincite-Generation"] or "", answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, "", error.read().decode()
            except OSError:
                if time.monotonic() > until or self._server.poll() is not None:
                    raise AssertionError(self.said) from None
                time.sleep(0.1)


@contextmanager
def served(
    record: Record, *options: str, before: tuple[str, ...] = (), temporary: Path | None = None
) -> Iterator[Site]:
    """*record*, served with *options* by a command that *before* stands before."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    said = record.folder.parent / "said"
    command = [*before, sys.executable, "-m", "web.cli", "--collection", str(record.folder)]
    command += ["--data", str(record.data.path), "serve", "--port", str(port), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"TMPDIR": str(temporary)} if temporary is not None else {}
    with (
        said.open("w") as file,
        subprocess.Popen(command, stdout=file, stderr=file, env=environment, cwd="/") as server,
    ):
        try:
            yield Site(port, said, server)
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) == 0


def until(true: Callable[[], bool]) -> None:
    """Wait until it is *true*, in vain no longer than PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)
