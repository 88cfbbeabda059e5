"""A document gets another name: its file and its ledger move together, or the next build ends what was begun.

What is to be done is written to `permalinks/.renaming` first: {"old", "new"}. Between the two moves the file would have
no ledger, and a build then would give new ids to passages that have some; so a build ends an unfinished renaming before
it reads anything, and `--locked` refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from corpus.collection import DOCUMENTS, fit_slug, is_slug
from corpus.plain_files import read_plain
from corpus.problems import PinciteError
from index.disk import fsync_path, write_atomically
from index.ledger_files import LedgerFolder

_INTENT = ".renaming"
_INTENT_BYTES = 1 << 16


class NoSuchDocumentError(PinciteError):
    """The document to be renamed is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: there is no such document. pincite dump --documents lists their names")


class NameTakenError(PinciteError):
    """Another document has, or had, the name: its links would lead to the wrong text."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: a document has or had this name, and its links must not change their meaning. Take another"
        )


class UnfitNameError(PinciteError):
    """An address cannot hold the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: an address cannot hold it. Perhaps {fit_slug(name)}")


class UnfinishedRenamingError(PinciteError):
    """A renaming was interrupted, and whoever found it must not write."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(
            f"the renaming of {old} to {new} was interrupted. Run pincite rename {old} {new} again, or build without "
            "--locked"
        )


class _Renaming(msgspec.Struct, frozen=True):
    old: str
    new: str


def rename_document(folder: Path, old: str, new: str) -> Path:
    """Gives the document *old* of the collection in *folder* the name *new*; returns its file.

    Its passages keep their ids, and links under the old name answer as moved. Raises NoSuchDocumentError,
    NameTakenError, UnfitNameError, and what reading and locking the ledger raises.
    """
    if not is_slug(new):
        raise UnfitNameError(new)
    ledger = LedgerFolder(folder)
    begun = _intent(ledger)
    if begun is not None:
        finish_renaming(ledger)
    before, after = (folder / DOCUMENTS / f"{slug}.md" for slug in (old, new))
    if begun == _Renaming(old, new):
        return after
    if not is_slug(old) or not before.is_file():
        raise NoSuchDocumentError(before)
    with ledger.lock():
        others = {path.stem.lower() for path in after.parent.iterdir() if path.suffix == ".md" and path != before}
        ledgers = {slug: ledger.read(slug) for slug in ledger.slugs()}  # a damaged one is refused before anything moves
        ledger.review()  # so is that of the matches in doubt
        former = {name for slug, one in ledgers.items() if one and slug != old for name in one.formerly}
        if new.lower() in others or new in ledgers or new in former or new == old:
            raise NameTakenError(after)
        write_atomically(ledger.folder / _INTENT, msgspec.json.encode(_Renaming(old, new)))
        _move(ledger, _Renaming(old, new))
    return after


def finish_renaming(ledger: LedgerFolder) -> None:
    """Ends what an interrupted renaming began; does nothing where there is none."""
    if _intent(ledger) is None and not any(_debris(ledger)):
        return
    with ledger.lock():
        for path in _debris(ledger):
            path.unlink(missing_ok=True)
        if (renaming := _intent(ledger)) is not None:  # unless another process has ended it meanwhile
            _move(ledger, renaming)


def refuse_unfinished_renaming(ledger: LedgerFolder) -> None:
    """Raises UnfinishedRenamingError where a renaming was interrupted."""
    if (renaming := _intent(ledger)) is not None:
        raise UnfinishedRenamingError(renaming.old, renaming.new)


def _move(ledger: LedgerFolder, renaming: _Renaming) -> None:
    documents = ledger.folder.parent / DOCUMENTS
    before, after = documents / f"{renaming.old}.md", documents / f"{renaming.new}.md"
    if before.exists() and not after.exists():
        before.rename(after)
        fsync_path(documents)
    ledger.rename(renaming.old, renaming.new)
    (ledger.folder / _INTENT).unlink()
    fsync_path(ledger.folder)


def _debris(ledger: LedgerFolder) -> Iterator[Path]:
    return ledger.folder.glob(f".{_INTENT}.*.new")


def _intent(ledger: LedgerFolder) -> _Renaming | None:
    try:
        return msgspec.json.decode(read_plain(ledger.folder / _INTENT, _INTENT_BYTES), type=_Renaming)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise DamagedIntentError(ledger.folder / _INTENT) from None


class DamagedIntentError(PinciteError):
    """The note of an interrupted renaming cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: is damaged. See that each document's file and ledger bear one name, then delete it")
