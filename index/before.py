"""What stands before a build: the passages now served, the newest generation, and the newest copy of the ledgers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from corpus.problems import PinciteError
from index.current import Opened, open_current, open_generation
from index.generations import DamagedGenerationError, DataFolder
from index.linkbook import BadLinkBookError, LinkBook


@dataclass(frozen=True, slots=True)
class Before:
    """The generations that a new one comes after. Each is None where none is sound."""

    served: Opened | None  # what a new generation is compared with; older than the newest after a rollback
    newest: Opened | None  # the last to have read the documents: where one that cannot be read now keeps its passages
    book: LinkBook | None  # the newest copy of the ledgers: what those on disk must not have fallen behind


@contextmanager
def before_building(data: DataFolder) -> Iterator[Before]:
    """What stands in *data*, open until the end of the block.

    A generation that is damaged or of another version is no reason not to build: it counts as not being there. A copy
    of the ledgers outlives a change of the index's format, so that an upgrade loses no ids.
    """
    with ExitStack() as stack:
        served = _opened(data, stack)
        newest = _newest(data, served, stack)
        yield Before(served, newest, _newest_book(data, newest, stack))


def _opened(data: DataFolder, stack: ExitStack) -> Opened | None:
    try:
        opened = open_current(data)
    except PinciteError:
        return None
    stack.callback(opened.close)
    return opened


def _newest(data: DataFolder, served: Opened | None, stack: ExitStack) -> Opened | None:
    for name in reversed(data.names()):
        if served is not None and name == served.generation:
            return served
        try:
            opened = open_generation(data, name)
        except PinciteError:
            continue
        stack.callback(opened.close)
        return opened
    return None


def _newest_book(data: DataFolder, newest: Opened | None, stack: ExitStack) -> LinkBook | None:
    for name in reversed(data.spared_names()):
        try:
            if newest is None or name != newest.generation:
                data.check_files(data.manifest(name))
            book = LinkBook.open(data.folder(name))
        except (DamagedGenerationError, BadLinkBookError):
            continue
        stack.callback(book.close)
        return book
    return None
