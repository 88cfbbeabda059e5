"""Reads documents in child processes, each bounded in time and memory, and keeps what it read in a cache.

A document is read once: its passages, what they are about and their HTML come from one tree. The cache holds the
outcome by a hash of the text, the authority files, the code and the renderer; a damaged entry is read anew.

A cache file is the sha256 of the rest in 64 hexadecimal digits, then a msgpack map of `Reading`.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import resource
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from xml.etree.ElementTree import Element

import msgspec

from corpus.about import describe
from corpus.authorities import Authorities
from corpus.collection import Collection, DocumentFile
from corpus.model import Document
from corpus.plain_files import beginning_of, read_plain
from corpus.problems import Problem
from corpus.readers.markdown_text import MAX_FILE_BYTES, UnreadableDocumentError, read_markdown
from index.disk import let_go_of_inherited_locks, write_atomically

SECONDS_PER_DOCUMENT = 20  # a real megabyte takes half a second; Python-Markdown is worse than linear in wild markup
SECONDS_PER_MEGABYTE = 10
ENTRY_BYTES = 1 << 30  # of one cache entry: many times the longest document
MEMORY_BYTES = 4 * 2**30  # address space of one child

Fragments = Callable[[Sequence[Element]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """How the rooms above turn trees into HTML: given to a build, since HTML is none of this room's business."""

    fragments: Fragments
    is_safe: Callable[[str], bool]  # a second opinion on each piece, for the build's check of itself
    version: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: a document with one piece of HTML a passage, or None and the reasons."""

    document: Document | None
    html: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that a reading depends on but the file itself."""

    authorities: Authorities
    source_types: tuple[str, ...]
    renderer: RenderSettings
    fingerprint: str  # of authority files, code and renderer

    def read(self, file: DocumentFile, data: bytes) -> Reading:
        """The reading of *data*; what is wrong with the document is in it, never raised."""
        try:
            read = read_markdown(data, file.name, file.slug, self.source_types)
            document = describe(read.document, self.authorities)
            return Reading(document, self.renderer.fragments(read.elements), read.problems)
        except UnreadableDocumentError as error:
            return Reading(None, (), error.problems)
        except RecursionError:
            message = "lists, quotations or emphasis are nested too deep to be read. Divide the text."
            return Reading(None, (), (Problem(file.name, 1, message),))
        except MemoryError:
            message = f"reading it needs more than {MEMORY_BYTES >> 30} GB of memory. Split it into documents."
            return Reading(None, (), (Problem(file.name, 1, message),))
        except Exception as error:
            # A fault of ours must cost this document alone, and be told as what it is.
            message = f"reading it failed by a fault of Pincite's ({type(error).__name__}: {error}). Please report it."
            return Reading(None, (), (Problem(file.name, 1, message),))


def read_all(
    collection: Collection,
    reader: Reader,
    cache: Path | None,
    progress: Callable[[int], None],
    processes: int | None = None,
) -> dict[str, Reading]:
    """A reading for each file of *collection*, by slug. *progress* is called with the number of files done since."""
    readings: dict[str, Reading] = {}
    to_read: list[DocumentFile] = []
    used: set[str] = set()
    for file in collection.files:
        try:
            key = _key(reader, file, _content(file))
        except OSError as error:
            readings[file.slug] = _unread(file, error)
            progress(1)
            continue
        kept = _from_cache(cache / key) if cache else None
        if kept is None:
            to_read.append(file)
        else:
            used.add(key)
            readings[file.slug] = kept
            progress(1)
    count = min(processes or os.cpu_count() or 1, len(to_read))
    for file, key, reading in _in_children(reader, to_read, count):
        readings[file.slug] = reading
        if cache is not None and key and reading.document is not None:
            used.add(key)
            with suppress(OSError):  # a cache that cannot be written costs time, nothing else
                _into_cache(cache / key, reading)
        progress(1)
    if cache is not None and cache.is_dir():
        _sweep(cache, used)
    return readings


def _unread(file: DocumentFile, error: OSError) -> Reading:
    problem = Problem(file.name, 0, f"the file cannot be read ({error.strerror}). Mend its rights.")
    return Reading(None, (), (problem,))


def _sweep(cache: Path, used: set[str]) -> None:
    """Deletes what no document of the collection needs any more."""
    for path in cache.iterdir():
        if path.name not in used:
            with suppress(OSError):
                path.unlink()


def _content(file: DocumentFile) -> bytes:
    """What the file holds, a byte more at most than a document may have. Raises OSError."""
    return beginning_of(file.path, MAX_FILE_BYTES + 1)


def _key(reader: Reader, file: DocumentFile, data: bytes) -> str:
    digest = hashlib.sha256(f"{reader.fingerprint}\0{file.name}\0".encode())
    digest.update(data)
    return digest.hexdigest()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Reading)
_READ_DECODER = msgspec.msgpack.Decoder(tuple[str, Reading])


def _from_cache(entry: Path) -> Reading | None:
    try:
        stored = read_plain(entry, ENTRY_BYTES)
    except OSError:
        return None
    payload = stored[64:]
    if hashlib.sha256(payload).hexdigest().encode() != stored[:64]:
        return None
    try:
        return _DECODER.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _into_cache(entry: Path, reading: Reading) -> None:
    payload = _ENCODER.encode(reading)
    entry.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(entry, hashlib.sha256(payload).hexdigest().encode() + payload, lasting=False)


# ---- child processes


class _Child:
    """One process that reads documents, and the end of its time with the present one."""

    def __init__(self, reader: Reader, siblings: Sequence[_Child]) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, far = context.Pipe()
        others = (self.connection, *(child.connection for child in siblings))
        self.process: BaseProcess = context.Process(target=_serve, args=(far, reader, others), daemon=True)
        with warnings.catch_warnings():
            # Python 3.12 warns of forking beside threads, numpy's for instance. The child takes no lock of theirs, and
            # one that hung for all that would run into its deadline.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        far.close()
        self.job: DocumentFile | None = None
        self.deadline = 0.0
        self.seconds = 0.0

    def give(self, file: DocumentFile) -> None:
        self.job = file
        with suppress(OSError):
            size = min(file.path.stat().st_size, MAX_FILE_BYTES)
            self.seconds = SECONDS_PER_DOCUMENT + SECONDS_PER_MEGABYTE * size / 1e6
        self.deadline = time.monotonic() + self.seconds
        self.connection.send(file)

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


def _serve(connection: Connection, reader: Reader, others: Sequence[Connection]) -> None:
    """Runs in the child: reads what it is given until the pipe closes, also because the parent was killed."""
    let_go_of_inherited_locks()
    for inherited in others:  # or the pipe would never close
        inherited.close()
    with suppress(ValueError, OSError):  # some systems do not bound address space; time still does
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            file: DocumentFile = connection.recv()
            try:
                content = _content(file)
                read = _key(reader, file, content), reader.read(file, content)
            except OSError as error:
                read = "", _unread(file, error)
            connection.send_bytes(_ENCODER.encode(read))


def _in_children(
    reader: Reader, jobs: Sequence[DocumentFile], count: int
) -> Iterator[tuple[DocumentFile, str, Reading]]:
    """(file, key, reading) as they come, read by *count* processes; a child that dies costs its document.

    The key is that of the content which was read: the file may have changed since it was looked up in the cache.
    """
    waiting = list(reversed(jobs))
    children: list[_Child] = []
    try:
        while waiting or any(child.job for child in children):
            while waiting and len(children) < count:
                children.append(_Child(reader, children))
                children[-1].give(waiting.pop())
            busy = [child for child in children if child.job]
            patience = max(min(child.deadline for child in busy) - time.monotonic(), 0.0)
            ready = wait([child.connection for child in busy], patience)
            for child in busy:
                assert child.job is not None
                file, key = child.job, ""
                if child.connection in ready:
                    try:
                        key, reading = _READ_DECODER.decode(child.connection.recv_bytes())
                    except (EOFError, OSError):
                        message = "the process that read it died, for want of memory perhaps. Split it into documents."
                        reading = Reading(None, (), (Problem(file.name, 1, message),))
                        child.end()
                        children.remove(child)
                elif time.monotonic() >= child.deadline:
                    message = f"reading it took longer than {child.seconds:.0f} seconds. Simplify or split it."
                    reading = Reading(None, (), (Problem(file.name, 1, message),))
                    child.end()
                    children.remove(child)
                else:
                    continue
                child.job = None
                yield file, key, reading
                if waiting and child in children:
                    child.give(waiting.pop())
    finally:
        for child in children:
            child.end()
