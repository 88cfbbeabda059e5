"""The worked example of the manual's page on collections: its files are written, its commands run, its answers true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "collections.md"
# "Save this as `folder/file`:" with the block that follows, or a console block.
BLOCK = re.compile(r"(?:as\s`(?P<name>[^`]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
DRAWN = re.compile(r"~[0-9a-z]{6}\.[0-9a-z]{5,}")  # an id and a digest: drawn at random in every new collection


class Reader:
    """Somebody who follows the page in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drawn: dict[str, str] = {}  # what the page prints for an id and digest -> what was drawn here
        (folder / "bin").mkdir()
        command = folder / "bin" / "pincite"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m web.cli "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PINCITE")}
        self.environment = kept | {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(PAGE.parents[1]),
        }

    def saves(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def types(self, line: str) -> str:
        """What *line* prints on standard output."""
        line = DRAWN.sub(lambda drawn: self.drawn.get(drawn.group(), drawn.group()), line)
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout

    def sees(self, answer: str, printed: str) -> None:
        """Holds an *answer* against what the page printed for it; ids need only be the same in the same places."""
        drawn, on_page = DRAWN.findall(answer), DRAWN.findall(printed)
        assert DRAWN.sub("~", answer) == DRAWN.sub("~", printed)
        for one, other in zip(on_page, drawn, strict=True):
            assert self.drawn.setdefault(one, other) == other


def _console(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what the page prints after it."""
    pieces = re.split(r"^\$ (.+)\n", text, flags=re.M)
    assert not pieces[0], "a console block begins with a command"
    return list(zip(pieces[1::2], pieces[2::2], strict=True))


def test_the_worked_example_does_what_the_page_says(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    commands = 0
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if block["name"]:
            reader.saves(block["name"], block["text"])
        else:
            assert block["kind"] == "console", "a block is a file to save or a console"
            for line, printed in _console(block["text"]):
                reader.sees(reader.types(line), printed)
                commands += 1

    assert commands > 12
    assert (tmp_path / "harbour" / "permalinks").is_dir()


def test_every_verdict_and_key_of_front_matter_is_named_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for word in ("same", "reworded", "moved", "split", "merged", "gone"):
        assert f"*{word}*" in page
    for key in ("title", "issuer", "source_type", "date", "symbol", "language", "address", "officials"):
        assert f"`{key}`" in page
