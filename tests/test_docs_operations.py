"""The manual's page on operations: every command runs, in the order of the page, and answers as the page says."""

import re
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from test_docs_collections import BLOCK, Reader

PAGE = Path(__file__).parents[1] / "docs" / "operations.md"
COMMAND = re.compile(r"^\$ (.+)\n", re.MULTILINE)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    made = Reader(tmp_path)
    made.environment |= {f"GIT_{who}_{what}": "nobody@example" for who in ("AUTHOR", "COMMITTER")
                         for what in ("NAME", "EMAIL")}  # fmt: skip
    return made


def fits(answer: str, printed: str) -> bool:
    """Whether *answer* is what the page printed: `…` in a line stands for any characters, alone for any lines."""
    patterns = [
        r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in printed.splitlines()
    ]
    return re.fullmatch("".join(patterns), answer) is not None


def serves(reader: Reader, line: str, page: str = "/documents/notice") -> None:
    """Runs a `pincite serve`, asks it one page as the proxy would, and ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [port if word == "8000" else word for word in shlex.split(line)]
    command[0] = str(reader.folder / "bin" / "pincite")
    with subprocess.Popen(command, cwd=reader.folder, env=reader.environment, stderr=subprocess.DEVNULL) as server:
        try:
            assert asked(f"http://127.0.0.1:{port}{page}", "record.example") == 200
        finally:
            server.send_signal(signal.SIGTERM)


def asked(address: str, host: str) -> int:
    request = urllib.request.Request(address, headers={"Host": host, "X-Forwarded-For": "192.0.2.1"})
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except (ConnectionError, urllib.error.URLError) as error:
            if isinstance(error, urllib.error.HTTPError) or time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_every_command_of_the_page_answers_as_it_says(reader: Reader) -> None:
    kinds: list[str] = []
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        kinds.append(block["kind"])
        if block["name"]:
            reader.saves(block["name"], block["text"])
        elif block["kind"] == "cron":
            assert reader.types(block["text"].split(maxsplit=5)[5]).endswith(
                "nothing is new, so nothing was published\n"
            )
        elif block["kind"] == "ini":
            line = next(line for line in block["text"].splitlines() if line.startswith("ExecStart="))
            serves(reader, line.partition("=")[2])
        elif block["kind"] == "console":
            pieces = COMMAND.split(block["text"])
            assert not pieces[0], "a console block begins with a command"
            for line, printed in zip(pieces[1::2], pieces[2::2], strict=True):
                if " serve " in line:
                    serves(reader, line)
                else:
                    answer = reader.types(line)
                    assert fits(answer, printed), f"{line}\n{answer}"

    assert set(kinds) == {"console", "cron", "sh", "nginx", "ini"}
    assert kinds.count("console") >= 10
