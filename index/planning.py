"""What a build means for the ledgers: the ids of every document, and the lines to be written before it is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from corpus.collection import Collection, open_collection
from corpus.problems import PinciteError, Problem
from index.disk import fsync_path
from index.editions import EditionPlan, PassageWording, plan_edition, write
from index.ledger import DocumentLedger, missing_ids
from index.ledger_files import LedgerFolder
from index.ledger_lines import ReviewLine
from index.linkbook import LinkBook
from index.reading import Reading
from index.review import document_of


class LedgerIncompleteError(PinciteError):
    """`--locked` was said and the ledger would need new lines."""

    def __init__(self, slugs: Sequence[str]) -> None:
        shown = ", ".join(slugs[:5]) + (f" and {len(slugs) - 5} more" if len(slugs) > 5 else "")
        super().__init__(
            f"the ledger needs new lines for {shown}, and --locked writes none. Build without it, commit permalinks/, "
            "and try again"
        )


class LedgerLostError(PinciteError):
    """A kept generation knows ids that the ledger on disk does not."""

    def __init__(self, slug: str, count: int) -> None:
        super().__init__(
            f"permalinks/{slug}.jsonl: {count:,} ids that were given before are missing. Take the file from version "
            "control, or run pincite build --restore-ledger; nothing was built"
        )


class NothingToRestoreError(PinciteError):
    """`--restore-ledger` was said and no sound generation is kept."""

    def __init__(self, data: object) -> None:
        super().__init__(
            f"{data}: no sound generation is kept here, so there is no copy of the ledger. Take permalinks/ from "
            "version control or a backup"
        )


class DocumentsMovedError(PinciteError):
    """Documents came, went or were renamed while they were being built."""

    def __init__(self, slugs: Sequence[str]) -> None:
        super().__init__(
            f"documents were added, removed or renamed during the build ({', '.join(slugs[:5])}). Nothing was "
            "published; build again"
        )


@dataclass(frozen=True, slots=True)
class Minting:
    """Where new ids, salts and times come from."""

    now: datetime  # in UTC
    id: Callable[[Container[str]], str]  # one that is not among those given
    salt: Callable[[], bytes]  # sixteen random bytes


@dataclass(frozen=True, slots=True)
class Plans:
    """The ledger's answer for every document: those that can be read, and those whose file is gone."""

    editions: Mapping[str, EditionPlan]
    kept: Mapping[str, DocumentLedger]  # of documents that could not be read
    anew: Mapping[str, DocumentLedger] = field(default_factory=dict)  # to be written whole: what a takedown cleared
    locked: bool = False  # nothing will be written

    def ledgers(self) -> dict[str, DocumentLedger]:
        """All ledgers as they will be, by slug."""
        editions = self.editions.items()
        planned = {slug: plan.before if self.locked else plan.ledger for slug, plan in editions}
        return {**self.kept, **planned, **self.anew}

    def renamed(self) -> dict[str, str]:
        """The present name of each document, by every name that it had before."""
        ledgers = self.ledgers()
        return {old: slug for slug, ledger in ledgers.items() for old in ledger.formerly if old not in ledgers}

    def unwritten(self) -> Plans:
        """The same where nothing may be written: new places of passages, which any build can tell again, are left out.

        Raises LedgerIncompleteError where an id, a wording or a state is new.
        """
        if incomplete := [slug for slug, plan in self.editions.items() if plan.needs_ledger]:
            raise LedgerIncompleteError(incomplete)
        return replace(self, locked=True)

    def writes_nothing(self) -> bool:
        """Whether all ledgers are complete as they are."""
        return self.locked or (not self.anew and all(plan.writes_nothing for plan in self.editions.values()))

    def write(self, folder: LedgerFolder) -> None:
        """Adds what is new to the ledgers, which must be locked. When this returns it is on the disk."""
        if self.writes_nothing():
            return
        for slug, plan in self.editions.items():
            if slug not in self.anew and not plan.writes_nothing:
                write(folder, plan)
        for ledger in self.anew.values():
            folder.rewrite(ledger)
        folder.write_git_attributes()
        fsync_path(folder.folder.parent)  # which holds permalinks/ itself

    def stated_faults(self, collection: Collection, readings: Mapping[str, Reading]) -> list[Problem]:
        """The ids written in the sources that could not be used."""
        names = {file.slug: file.name for file in collection.files}
        found: list[Problem] = []
        for slug, plan in self.editions.items():
            document = readings[slug].document if slug in readings else None
            if document is not None:
                found += [
                    Problem(names[slug], document.passages[fault.position].line, fault.message) for fault in plan.faults
                ]
        return found


def plan_collection(
    folder: LedgerFolder,
    collection: Collection,
    readings: Mapping[str, Reading],
    book: LinkBook | None,
    minting: Minting,
) -> Plans:
    """Plans the next edition of every document from the ledgers as they are on disk now. Writes nothing.

    Raises LedgerLostError when *book*, a generation's copy, knows more than they do; and what reading them raises.
    """
    ledgers = folder.read_all()
    _refuse_lost(ledgers, book)
    review = _review_by_document(folder)
    reserved: dict[str, set[str]] = defaultdict(set)
    for other in ledgers.values():
        for former in other.formerly:
            reserved[former] |= other.histories.keys()
    editions: dict[str, EditionPlan] = {}
    kept: dict[str, DocumentLedger] = {}
    for slug in sorted(readings.keys() | ledgers.keys()):
        ledger = ledgers.get(slug)
        reading = readings.get(slug)
        if reading is not None and reading.document is None:
            if ledger is not None:
                kept[slug] = ledger
            continue
        passages = reading.document.passages if reading is not None and reading.document is not None else ()
        names = (slug, *ledger.formerly) if ledger is not None else (slug,)
        editions[slug] = plan_edition(
            ledger,
            [
                PassageWording(passage.text, passage.label, passage.kind.value, passage.stated_id)
                for passage in passages
            ],
            slug=slug,
            now=minting.now,
            mint=minting.id,
            salt=minting.salt,
            review=[line for name in names for line in review.get(name, ())],
            reserved=reserved.get(slug, ()),
        )
    return Plans(editions, kept)


def _review_by_document(folder: LedgerFolder) -> dict[str, list[ReviewLine]]:
    """The matches in doubt, by the name that the document of the lost passage had then."""
    found: dict[str, list[ReviewLine]] = defaultdict(list)
    for line in folder.review():
        found[document_of(line)].append(line)
    return found


def _refuse_lost(ledgers: Mapping[str, DocumentLedger], book: LinkBook | None) -> None:
    renamed = {slug for ledger in ledgers.values() for slug in ledger.formerly}
    for slug in book.slugs if book is not None else ():
        if slug in renamed and slug not in ledgers:
            continue  # its ids are in the other's ledger
        if missing := missing_ids(ledgers.get(slug), book.ledger(slug) if book else None):
            raise LedgerLostError(slug, len(missing.ids) or len(missing.states) or len(missing.wordings))


def ledger_signature(folder: LedgerFolder) -> dict[str, tuple[int, int, int]]:
    """What changes whenever any file of the ledger does: each is replaced whole, so its inode changes with it."""
    found: dict[str, tuple[int, int, int]] = {}
    for path in folder.folder.rglob("*"):
        with suppress(FileNotFoundError):  # renamed this moment: its new name is seen, now or the next time
            stat = path.stat()
            if not path.is_dir():
                found[str(path)] = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return found


def refuse_moved_documents(collection: Collection) -> None:
    """Raises DocumentsMovedError when the folder holds other documents than when *collection* was opened.

    A rename during a build would otherwise give new ids to passages that have some.
    """
    then = {file.slug for file in collection.files}
    now = {file.slug for file in open_collection(collection.folder).files}
    if then != now:
        raise DocumentsMovedError(sorted(then ^ now))


def restore_ledgers(folder: LedgerFolder, book: LinkBook) -> None:
    """Puts back what the ledgers lost, from a generation's copy; those that lack nothing stay as they are."""
    with folder.lock():
        readable: dict[str, DocumentLedger] = {}
        for slug in folder.slugs():
            with suppress(PinciteError):
                if (ledger := folder.read(slug)) is not None:
                    readable[slug] = ledger
        renamed = {slug for ledger in readable.values() for slug in ledger.formerly}
        for slug in book.slugs:
            kept = book.ledger(slug)
            if kept is None or (slug in renamed and slug not in readable):
                continue
            if slug not in readable or missing_ids(readable[slug], kept):
                folder.restore(slug, kept)
