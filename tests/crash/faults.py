"""Watches every call by which this process changes the disk below one folder, and lets the n-th of them go wrong.

Counted are: a file opened for writing, a write that reaches the system, an fsync, a rename, a new folder. Nothing of
the product knows of it.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Watch:
    """The calls so far: what was called and on which path (of a rename: where to)."""

    root: Path
    fault: Callable[[int, str, str], None] = lambda number, call, path: None
    calls: list[tuple[str, str]] = field(default_factory=list)
    on: bool = True

    def see(self, call: str, path: Any) -> None:
        """Count a call and let it go wrong, if it is its turn."""
        if not self.on or not isinstance(path, str | os.PathLike):
            return
        name = str(Path(path).absolute())
        if name.startswith(f"{self.root}/"):
            self.calls.append((call, name))
            self.fault(len(self.calls), call, name)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is seen until the end of the block."""
        before, self.on = self.on, False
        try:
            yield
        finally:
            self.on = before


def kill_at(number: int) -> Callable[[int, str, str], None]:
    """Kill this process, as `kill -9` does, before its call of that number."""

    def fault(count: int, call: str, path: str) -> None:
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return fault


def refuse_at(number: int, code: int) -> Callable[[int, str, str], None]:
    """Let the disk refuse the call of that number: once if it is a failing one, from then on if it is full."""

    def fault(count: int, call: str, path: str) -> None:
        full = code == errno.ENOSPC and call in ("open", "write", "mkdir")
        if count == number or (count > number and full):
            raise OSError(code, os.strerror(code), path)

    return fault


@contextmanager
def watched(root: Path, fault: Callable[[int, str, str], None] | None = None) -> Iterator[Watch]:
    """Watch this process until the end of the block."""
    watch = Watch(root.resolve(), fault) if fault else Watch(root.resolve())
    real_open, real_os_open = io.open, os.open
    real = {name: getattr(os, name) for name in ("write", "fsync", "rename", "replace", "mkdir")}
    names: dict[int, str] = {}

    class Raw(io.FileIO):
        def write(self, data: Any) -> int | None:
            watch.see("write", self.name)
            return super().write(data)

    def open_file(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if not set(mode) & set("wax+") or not isinstance(file, str | os.PathLike):
            return real_open(file, mode, buffering, *rest, **named)
        watch.see("open", file)
        raw = Raw(os.fspath(file), mode.replace("b", "").replace("t", ""))
        size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
        buffered = io.BufferedRandom(raw, size) if "+" in mode else io.BufferedWriter(raw, size)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *rest, **named)

    def os_open(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if flags & os.O_CREAT:
            watch.see("open", path)
        descriptor = real_os_open(path, flags, *rest, **named)
        if isinstance(path, str | os.PathLike):
            names[descriptor] = os.fspath(path)
        return int(descriptor)

    def write(descriptor: int, data: Any) -> int:
        watch.see("write", names.get(descriptor))
        return int(real["write"](descriptor, data))

    def fsync(descriptor: Any) -> None:
        number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
        watch.see("fsync", Path(f"/proc/self/fd/{number}").readlink())
        real["fsync"](number)

    def moving(name: str) -> Callable[..., None]:
        def move(source: Any, target: Any, **named: Any) -> None:
            watch.see("rename", target)
            real[name](source, target, **named)

        return move

    def mkdir(path: Any, *rest: Any, **named: Any) -> None:
        watch.see("mkdir", path)
        real["mkdir"](path, *rest, **named)

    replaced: list[tuple[Any, str, Any]] = [
        (io, "open", open_file), (builtins, "open", open_file), (os, "open", os_open), (os, "write", write),
        (os, "fsync", fsync), (os, "rename", moving("rename")), (os, "replace", moving("replace")),
        (os, "mkdir", mkdir),
    ]  # fmt: skip
    before = [(module, name, getattr(module, name)) for module, name, _ in replaced]
    try:
        for module, name, call in replaced:
            setattr(module, name, call)
        yield watch
    finally:
        watch.on = False
        for module, name, call in before:
            setattr(module, name, call)
