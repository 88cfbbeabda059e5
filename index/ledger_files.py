"""The folder `permalinks/` of a collection: read as it is, added to all or nothing, by one writer at a time.

A file is never changed in place: what it holds and what is added are written beside it (`.name.new`), fsynced, and
renamed over it. For one document the ledger's new file is staged first and the wordings' second, then the ledger is
renamed and the wordings after it. So, after a crash, a staged ledger means that nothing happened yet (both are
dropped), and staged wordings without one mean that the ledger has been renamed (they follow). Readers hold a shared
lock for the moment of reading, writers an exclusive one; the kernel frees both when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from corpus.plain_files import read_plain
from corpus.problems import PinciteError
from index.disk import fsync_path
from index.ledger import DocumentLedger
from index.ledger_lines import (
    Header,
    LedgerClashError,
    ReviewLine,
    StateLine,
    WordingLine,
    assemble,
    lines_of,
    read_lines,
    written,
)
from index.review import pair_of, renamed

REVIEW = "review.jsonl"
GIT_ATTRIBUTES = "permalinks/**/*.jsonl merge=union"
LEDGER_BYTES = 512 << 20  # of one file of it: a hundred editions of the longest document
LOCK_WAIT_SECONDS = 30.0  # another build's writing takes far less; a longer wait means that something hangs


class LedgerBusyError(PinciteError):
    """Another process holds the ledger."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is being written by another build. Wait for it to end, then build again.")


@dataclass(frozen=True, slots=True)
class NewLines:
    """What is to be added to the files of one document; a header where there was no file."""

    slug: str
    header: Header | None = None
    states: tuple[StateLine, ...] = ()
    wordings: tuple[WordingLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.header or self.states or self.wordings)


class LedgerFolder:
    """The ledgers of a collection, under *collection*/permalinks. Nothing is written before the first `add`."""

    def __init__(
        self, collection: Path, *, sleep: Callable[[float], None] = time.sleep, wait_seconds: float = LOCK_WAIT_SECONDS
    ) -> None:
        self.folder = collection / "permalinks"
        self._wordings = self.folder / "wordings"
        self._sleep = sleep
        self._wait_seconds = wait_seconds
        self._held = False

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder alone, with what a crash left behind put right. Makes the folder where there is none.

        Whoever plans from what was read before must read again and plan anew: another build may have written.
        Raises LedgerBusyError after half a minute.
        """
        self._wordings.mkdir(parents=True, exist_ok=True)
        with self._flock(fcntl.LOCK_EX):
            self._held = True
            try:
                self._recover()
                yield
            finally:
                self._held = False

    def unfinished(self) -> bool:
        """Whether a crash left staged files behind: the next `lock` puts them right."""
        return any(True for _ in self._staged())

    def slugs(self) -> list[str]:
        """The documents that have a ledger or wordings, sorted."""
        found = {path.name for folder in (self.folder, self._wordings) for path in folder.glob("*.jsonl")}
        return sorted(name.removesuffix(".jsonl") for name in found - {REVIEW})

    def read(self, slug: str) -> DocumentLedger | None:
        """The ledger of a document; None where it never had one.

        Raises DamagedLedgerError or LedgerClashError, which name file and line.
        """
        return self._assembled(slug, forgive=False)

    def read_all(self) -> dict[str, DocumentLedger]:
        """Every ledger by slug. Raises as `read`."""
        return {slug: ledger for slug in self.slugs() if (ledger := self.read(slug)) is not None}

    def review(self) -> tuple[ReviewLine, ...]:
        """The matches in doubt, each once, decided ones with their decision. Raises as `read`."""
        path = self.folder / REVIEW
        found: dict[tuple[str, str, str], tuple[int, ReviewLine]] = {}
        for number, line in read_lines(_content(path), self._shown(path), ReviewLine):
            key = pair_of(line)
            before = found.get(key)
            if before is not None and before[1].decision and line.decision and before[1].decision != line.decision:
                raise LedgerClashError(self._shown(path), number, before[0], line.id, 0)
            if before is None or line.decision:
                found[key] = (number, msgspec.structs.replace(line, sum=None))
        return tuple(line for _, line in found.values())

    def add(self, new: NewLines) -> None:
        """Add lines to a document's files. The folder must be locked. When this returns they are on the disk."""
        if not new:
            return
        states = self.folder / f"{new.slug}.jsonl"
        wordings = self._wordings / states.name
        header = written(new.header) if new.header is not None else b""
        content = _content(states) + header + b"".join(map(written, new.states))
        self._replace(states, content, wordings, new.wordings)

    def add_review(self, lines: Sequence[ReviewLine]) -> None:
        """Add matches in doubt to the review file. The folder must be locked."""
        if lines:
            path = self.folder / REVIEW
            _stage(path, _content(path) + b"".join(map(written, lines)))
            _settle(path)

    def rewrite_review(self, lines: Sequence[ReviewLine]) -> None:
        """Write the review file anew, where *lines* are not what it tells. Only for renaming and taking down; needs the
        lock.
        """
        if tuple(lines) != self.review():
            path = self.folder / REVIEW
            _stage(path, b"".join(map(written, lines)))
            _settle(path)

    def rename(self, old: str, new: str) -> None:
        """Let the ledger of *old* be that of *new* from now on. The folder must be locked.

        The new files are complete before the old ones go; a crash between leaves both, and the next call ends it.
        """
        ledger = self.read(old)
        if ledger is None:
            return
        there = self.read(new)
        former = {*ledger.formerly, old, *(there.formerly if there is not None else ())} - {new}
        self.rewrite(_joined(DocumentLedger(new, tuple(sorted(former)), ledger.histories, ledger.wordings), there))
        self.rewrite_review(renamed(self.review(), old, new))
        for path in (self._wordings / f"{old}.jsonl", self.folder / f"{old}.jsonl"):
            path.unlink(missing_ok=True)
            fsync_path(path.parent)

    def restore(self, slug: str, kept: DocumentLedger) -> DocumentLedger:
        """Put a lost or damaged ledger right from *kept*, a generation's copy, and every line that can still be read.

        The folder must be locked. Returns the ledger as it is written. Where both tell a state, the copy is believed.
        """
        remains = self._assembled(slug, forgive=True)
        restored = _joined(DocumentLedger(slug, kept.formerly, kept.histories, kept.wordings), remains)
        self.rewrite(restored)
        return restored

    def rewrite(self, ledger: DocumentLedger) -> None:
        """Write a document's files anew from *ledger*. Only for renaming, restoring and taking down; needs the lock."""
        states, wordings = lines_of(ledger)
        path = self.folder / f"{ledger.slug}.jsonl"
        content = written(Header(ledger.slug, ledger.formerly)) + b"".join(map(written, states))
        self._replace(path, content, self._wordings / path.name, wordings, anew=True)

    def write_git_attributes(self) -> bool:
        """Let git join two branches' ledgers line by line; says whether anything had to be written."""
        path = self.folder.parent / ".gitattributes"
        content = _content(path)
        if GIT_ATTRIBUTES.encode() in content.split(b"\n"):
            return False
        end = b"\n" if content and not content.endswith(b"\n") else b""
        _stage(path, content + end + GIT_ATTRIBUTES.encode() + b"\n")
        _settle(path)
        return True

    def _assembled(self, slug: str, *, forgive: bool) -> DocumentLedger | None:
        states = self.folder / f"{slug}.jsonl"
        wordings = self._wordings / f"{slug}.jsonl"
        if not states.exists() and not wordings.exists():
            return None
        with self._flock(fcntl.LOCK_SH):
            follows = _staged_name(wordings)
            behind = follows.exists() and not _staged_name(states).exists()
            return assemble(
                slug,
                _content(states),
                _content(follows if behind else wordings),
                path=self._shown(states),
                wordings_path=self._shown(wordings),
                forgive=forgive,
            )

    def _replace(
        self, states: Path, content: bytes, wordings: Path, lines: Sequence[WordingLine], *, anew: bool = False
    ) -> None:
        changes_wordings = bool(lines) or anew
        _stage(states, content)
        if changes_wordings:
            fsync_path(states.parent)  # or a power cut could leave the staged wordings and not the name of these
            _stage(wordings, (b"" if anew else _content(wordings)) + b"".join(map(written, lines)))
            fsync_path(wordings.parent)
        _settle(states)
        if changes_wordings:
            _settle(wordings)

    def _staged(self) -> Iterator[Path]:
        for folder in (self.folder, self._wordings):
            yield from folder.glob(".*.jsonl.new")

    def _recover(self) -> None:
        for path in sorted(self._staged(), key=lambda path: path.parent == self.folder):
            final = path.with_name(path.name[1:].removesuffix(".new"))
            if path.parent == self._wordings and not _staged_name(self.folder / final.name).exists():
                _settle(final)
            else:
                path.unlink()
                fsync_path(path.parent)

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self.folder.parent))

    @contextmanager
    def _flock(self, kind: int) -> Iterator[None]:
        if self._held:
            yield
            return
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            waited = 0.0
            while True:
                try:
                    fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if waited >= self._wait_seconds:
                        raise LedgerBusyError(self.folder) from None
                    self._sleep(0.05)
                    waited += 0.05
            yield
        finally:
            os.close(descriptor)


def _joined(first: DocumentLedger, other: DocumentLedger | None) -> DocumentLedger:
    """Both ledgers in one; where both know an id, the longer history is taken, and *first*'s among equals."""
    if other is None:
        return first
    histories: Mapping[str, object] = first.histories
    joined = dict(other.histories)
    for identifier, history in first.histories.items():
        known = joined.get(identifier)
        if known is None or len(known.states) <= len(history.states):
            joined[identifier] = history
    wordings = {
        key: wording
        for key, wording in other.wordings.items()
        if key[0] not in histories or joined[key[0]].states[key[1] - 1].digest == _digest_at(other, key)
    }
    return DocumentLedger(
        first.slug,
        tuple(sorted({*first.formerly, *other.formerly} - {first.slug})),
        joined,
        {**wordings, **first.wordings},
    )


def _digest_at(ledger: DocumentLedger, key: tuple[str, int]) -> str | None:
    return ledger.histories[key[0]].states[key[1] - 1].digest


def _content(path: Path) -> bytes:
    try:
        return read_plain(path, LEDGER_BYTES)
    except FileNotFoundError:
        return b""


def _staged_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _stage(path: Path, content: bytes) -> None:
    """Write *content* beside *path* and have it on the disk; the mode is that of any new file."""
    with _staged_name(path).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(path: Path) -> None:
    """Let what was staged take the place of *path*, on the disk too."""
    _staged_name(path).replace(path)
    fsync_path(path.parent)
