"""What a disk still holds after a power cut: what was brought onto it by fsync, and by chance some of the rest."""

from __future__ import annotations

import os
import random
from pathlib import Path


class Disk:
    """The lasting state of all below *root*, told of every fsync by `brings`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._held: list[int] = []  # open descriptors: the number of a file that is known must not be given again
        self._entries: dict[int, dict[str, int]] = {}
        self._content: dict[int, bytes] = {}
        self._folders: set[int] = set()
        for parent, _, files in os.walk(root):
            for name in files:
                self.brings(Path(parent) / name)
            self.brings(Path(parent))

    def brings(self, path: Path) -> None:
        """*path*, a file or folder, is on the disk as it is now."""
        number = self._number(path)
        if path.is_dir():
            self._entries[number] = self._listed(path)
        else:
            self._content[number] = path.read_bytes()

    def after_a_cut(self, target: Path, luck: random.Random | None = None) -> None:
        """Write to *target* what is found after a power cut now.

        Without *luck* it is the worst case: nothing that was not fsynced. With it, each folder and each file may also
        be found as it was last seen, or cut off in the middle.
        """
        live: dict[int, Path] = {}
        for parent, _, files in os.walk(self.root):
            for path in (Path(parent), *(Path(parent) / name for name in files)):
                live[self._number(path)] = path
        self._write(self._number(self.root), target, live, luck)

    def close(self) -> None:
        """Let go of all files."""
        for descriptor in self._held:
            os.close(descriptor)

    def _write(self, number: int, target: Path, live: dict[int, Path], luck: random.Random | None) -> None:
        if number in self._folders:
            target.mkdir()
            entries = self._entries.get(number, {})
            if luck is not None and number in live and luck.random() < 0.5:
                entries = self._listed(live[number])
            for name, child in entries.items():
                self._write(child, target / name, live, luck)
            return
        content = self._content.get(number, b"")
        if luck is not None and number in live and luck.random() < 0.5:
            content = live[number].read_bytes()
            content = content[: luck.randrange(len(content) + 1)] if luck.random() < 0.5 else content
            content = self._content[number] if self._content.get(number) == live[number].read_bytes() else content
        target.write_bytes(content)

    def _listed(self, folder: Path) -> dict[str, int]:
        return {path.name: self._number(path) for path in folder.iterdir()}

    def _number(self, path: Path) -> int:
        number = path.stat().st_ino
        if number not in self._content and number not in self._folders:
            self._held.append(os.open(path, os.O_RDONLY))
            if path.is_dir():
                self._folders.add(number)
            elif number not in self._content:
                self._content[number] = b""
        return number
