"""Passages published as a generation and served over HTTP, and readers with an address each who ask for pages."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from passages import Row
from peers.pincite import record

from corpus.authorities import Authorities, CollectionInfo
from index.generations import FORMAT, DataFolder, Manifest
from index.linkbook import FILE, write_linkbook
from index.record import DocumentRecord
from index.schema import SCHEMA_VERSION
from index.writing import IndexWriter

ROOT = Path(__file__).parents[1]


def publish(rows: Iterable[Row], folder: Path) -> None:
    """Makes *rows*, those of a document together, the current generation of the data folder *folder*."""
    data = DataFolder(folder)
    documents: list[DocumentRecord] = []
    open_document: list[tuple[int, Row]] = []

    def close() -> None:
        if open_document:
            (first, row), passages = open_document[0], len(open_document)
            documents.append(
                DocumentRecord(
                    row.document, row.title, None, None, None, None, (), False, first=first, passages=passages
                )
            )
            open_document.clear()

    with data.building("benchmark"), data.aside() as aside:
        with IndexWriter(aside, Authorities(CollectionInfo("benchmark", "Benchmark", ("en",), ()))) as writer:
            for number, row in enumerate(rows):
                if open_document and open_document[-1][1].document != row.document:
                    close()
                open_document.append((number, row))
                writer.add(record(number, row), f"<p>{escape(row.text)}</p>")
            close()
            writer.finish(documents)
        write_linkbook(aside / FILE, [])
        name = data.new_name()
        counts = {"documents": len(documents), "passages": sum(one.passages for one in documents), "footnotes": 0}
        built = datetime(2026, 1, 1, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        manifest = Manifest(FORMAT, name, built, "benchmark", SCHEMA_VERSION, counts, {}, (), {})
        data.publish(aside, name, data.seal(aside, manifest))


def pincite_command(data: Path, *options: str) -> list[str]:
    """What serves the data folder; the port is put after it."""
    return [sys.executable, "-m", "web.cli", "--data", str(data), "serve", *options, "--port"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it listens, and its first process."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> int:
        """Kilobytes of all its processes together, what they share counted once (PSS)."""
        return sum(_proportional(pid) for pid in _family(self.process.pid))

    def open_files(self) -> int:
        """How many files and sockets all its processes have open."""
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in _family(self.process.pid))


@contextmanager
def running(command: list[str], ready: str) -> Iterator[Server]:
    """The server that *command* and a free port start, from the moment that it answers the path *ready*."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    nowhere = subprocess.DEVNULL
    with subprocess.Popen([*command, str(port)], env=environment, stdout=nowhere, stderr=nowhere) as process:
        try:
            _wait(port, ready, process)
            yield Server(port, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            reader = Reader(port)
            if reader.get(path).status == 200:
                return
        except OSError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"{process.args!r} does not answer")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _proportional(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, and after how many seconds."""

    status: int
    seconds: float
    size: int


class Reader:
    """Somebody who asks one page after another over one connection, as a browser would, and reads it whole.

    Written on a bare socket: the readers share the machine with the server, and `http.client` takes as much of it for a
    page as a quick server does.
    """

    def __init__(self, port: int, address: str = "") -> None:
        self._port = port
        self._headers = f"Host: 127.0.0.1:{port}\r\nAccept: text/html\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
        if address:
            self._headers += f"X-Forwarded-For: {address}\r\n"
        self._socket: socket.socket | None = None

    def get(self, path: str) -> Answered:
        """The answer to *path*; a connection that the server closed meanwhile is opened again."""
        begun = time.perf_counter()
        try:
            status, size = self._ask(path)
        except ConnectionError:
            self.close()
            status, size = self._ask(path)
        return Answered(status, time.perf_counter() - begun, size)

    def close(self) -> None:
        """Ends the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, path: str) -> tuple[int, int]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode("ascii"))
        head, _, body = self._until(b"", b"\r\n\r\n").partition(b"\r\n\r\n")
        fields = dict(_FIELD.findall(head.lower()))
        if fields.get(b"transfer-encoding") == b"chunked":
            size = self._chunks(body)
        else:
            size = int(fields[b"content-length"])
            left = size - len(body)
            while left > 0:
                left -= len(self._more())
        if fields.get(b"connection") == b"close":
            self.close()
        return int(head[9:12]), size

    def _chunks(self, body: bytes) -> int:
        size = 0
        while True:
            body = self._until(body, b"\r\n")
            length, _, body = body.partition(b"\r\n")
            chunk = int(length.partition(b";")[0], 16)
            while len(body) < chunk + 2:
                body += self._more()
            body = body[chunk + 2 :]
            if not chunk:
                return size
            size += chunk

    def _until(self, got: bytes, mark: bytes) -> bytes:
        while mark not in got:
            got += self._more()
        return got

    def _more(self) -> bytes:
        assert self._socket is not None
        got = self._socket.recv(1 << 16)
        if not got:
            raise ConnectionResetError
        return got


_FIELD = re.compile(rb"\n(content-length|transfer-encoding|connection): *([^\r]*)")
