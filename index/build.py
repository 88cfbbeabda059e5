"""Builds a generation: reads the collection, asks the ledger for ids, writes aside, checks, publishes.

The order is what makes it safe. Nothing of the collection or of the published generation is touched until the new one
stands whole and has passed its own check; then the ledger's new lines are written and fsynced, and only then does the
generation become current. A build that dies anywhere leaves the old generation in service, and at worst a ledger that
knows ids of passages which the next build gives to the same passages.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from corpus.authorities import Authorities
from corpus.collection import Collection, open_collection
from corpus.near_misses import near_misses
from corpus.problems import PinciteError, Problem, Severity
from index import noid
from index.changes import Changes, compare
from index.current import Opened, open_current
from index.editions import EditionPlan, PassageWording, plan_edition, write
from index.fingerprints import code_fingerprint, combined
from index.generations import FORMAT, DamagedGenerationError, DataFolder, Manifest, NoGenerationError
from index.ledger import DocumentLedger, missing_ids
from index.ledger_files import LedgerFolder
from index.linkbook import FILE, BadLinkBookError, LinkBook, LinkedDocument, write_linkbook
from index.reading import Reader, Reading, RenderSettings, read_all
from index.record import DocumentRecord, PassageRecord
from index.records import document_record, passage_records
from index.schema import SCHEMA_VERSION
from index.verify import check_generation
from index.writing import IndexWriter

SHRINK_SHARE = 4  # a loss of more than one in four passages ...
SHRINK_COUNT = 20  # ... and of more than twenty is taken for a mistake

Progress = Callable[[str, int, int], None]


class NothingToBuildError(PinciteError):
    """The collection has no document that can be read, and none was built before."""

    def __init__(self, folder: Path, problems: Sequence[Problem]) -> None:
        listed = "".join(f"\n{problem}" for problem in problems if problem.severity is Severity.FAULT)
        what = "no document of it can be read" if listed else "it holds no documents"
        super().__init__(
            f"{folder}: nothing was built, for {what}. Put Markdown files into {folder / 'documents'}, mend those "
            f"there, or say --accept-shrink{listed}"
        )


class ShrunkenError(PinciteError):
    """Far fewer passages than before would be published."""

    def __init__(self, lost: int, before: int) -> None:
        super().__init__(
            f"{lost:,} of {before:,} passages would go, so nothing was published. If that is meant, say --accept-shrink"
        )


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


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    generation: str
    passages: int
    footnotes: int
    documents: int
    stale: tuple[str, ...]
    changes: Changes
    problems: tuple[Problem, ...]
    review: int  # matches that wait for a person's decision

    def as_json(self) -> dict[str, object]:
        """The report in the shape of `build --json`."""
        row: dict[str, object] = msgspec.to_builtins(self)
        row["faults"] = sum(problem.severity is Severity.FAULT for problem in self.problems)
        return row


@dataclass(slots=True)
class _Edition:
    """One document on its way into the generation."""

    slug: str
    records: tuple[PassageRecord, ...]
    html: tuple[str, ...]
    document: Callable[[int], DocumentRecord]  # given the position of its first passage
    stale: bool = False


@dataclass(slots=True)
class _Plans:
    """The ledger's answer for every document: those that can be read, and those whose file is gone."""

    plans: dict[str, EditionPlan]
    kept: dict[str, DocumentLedger] = field(default_factory=dict)  # of documents that could not be read

    def ledgers(self) -> dict[str, DocumentLedger]:
        """All ledgers as they will be, by slug."""
        return {**self.kept, **{slug: plan.ledger for slug, plan in self.plans.items()}}


def check_collection(folder: Path, renderer: RenderSettings, progress: Progress) -> list[Problem]:
    """The faults and near-misses of the collection in *folder*, sorted by file and line. Writes nothing.

    Raises NotACollectionError, NoCollectionError.
    """
    collection = open_collection(folder)
    readings = _read(collection, renderer, None, progress)
    problems = [*collection.problems, *(problem for reading in readings.values() for problem in reading.problems)]
    for reading in readings.values():
        if reading.document is not None:
            problems += near_misses(reading.document, collection.authorities)
    ledger = LedgerFolder(folder)
    for slug in ledger.slugs():
        try:
            ledger.read(slug)
        except PinciteError as error:
            problems.append(Problem(f"permalinks/{slug}.jsonl", 0, str(error)))
    return sorted(problems)


def build_generation(
    folder: Path,
    data: DataFolder,
    renderer: RenderSettings,
    *,
    locked: bool,
    accept_shrink: bool,
    restore_ledger: bool,
    now: Callable[[], datetime],
    below: Callable[[int], int],
    salt: Callable[[], bytes],
    progress: Progress,
) -> BuildReport:
    """Builds and publishes a generation of the collection in *folder*.

    *now* is the time in UTC, *below* a random number below its argument, *salt* sixteen random bytes. Raises a
    PinciteError when nothing could be published; the generation before it then serves on.
    """
    collection = open_collection(folder)
    identity = collection.authorities.collection.id
    with data.building(identity), ExitStack() as stack:
        previous = _previous(data, stack)
        readings = _read(collection, renderer, data.cache, progress)
        problems = [*collection.problems, *(problem for reading in readings.values() for problem in reading.problems)]
        ledger = LedgerFolder(folder)
        mint = lambda taken: noid.mint(below, taken)  # noqa: E731  # the ledger's way of asking
        moment = now()

        book = _newest_book(data, stack)

        def plan() -> _Plans:
            return _plan(ledger, collection, readings, book, moment, mint, salt)

        if restore_ledger:
            _restore(ledger, data, book)
        plans = plan()
        writing = [slug for slug, one in plans.plans.items() if not one.writes_nothing]
        if locked:
            if needing := [slug for slug, one in plans.plans.items() if one.needs_ledger]:
                raise LedgerIncompleteError(needing)
        elif writing or ledger.unfinished():
            # Another builder may have written since: the ledger is read and planned anew under its own lock.
            stack.enter_context(ledger.lock())
            plans = plan()
        editions = _editions(collection.authorities, readings, plans, previous, problems)
        records = [record for edition in editions for record in edition.records]
        _refuse_shrinking(folder, previous, records, problems, accept_shrink)

        name = data.new_name()
        with data.aside() as aside:
            documents = _write(aside, collection.authorities, editions, plans, progress)
            check_generation(
                aside, records, [html for edition in editions for html in edition.html], renderer, progress
            )
            manifest = Manifest(
                format=FORMAT,
                generation=name,
                built=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                collection=identity,
                schema=SCHEMA_VERSION,
                counts={
                    "documents": len(documents),
                    "passages": len(records),
                    "footnotes": sum(record.kind == "footnote" for record in records),
                },
                fingerprints={
                    "code": code_fingerprint(),
                    "renderer": renderer.version,
                    "authorities": collection.fingerprint,
                },
                stale=tuple(edition.slug for edition in editions if edition.stale),
                files={},
            )
            sealed = data.seal(aside, manifest)
            if not locked:
                for one in plans.plans.values():
                    if not one.writes_nothing:
                        write(ledger, one)
                if writing:
                    ledger.write_git_attributes()
            progress("publishing", 0, 0)
            data.publish(aside, name, sealed)
        data.prune()
        before = list(_records(previous)) if previous else []
        for slug, one in plans.plans.items():
            problems += [
                _stated_fault(collection, readings, slug, fault.position, fault.message) for fault in one.faults
            ]
        return BuildReport(
            generation=name,
            passages=len(records),
            footnotes=manifest.counts["footnotes"],
            documents=len(documents),
            stale=manifest.stale,
            changes=compare(before, records),
            problems=tuple(sorted(problems)),
            review=sum(line.decision is None for line in ledger.review()),
        )


def _previous(data: DataFolder, stack: ExitStack) -> Opened | None:
    """The generation before, sound; None where there is none (one that is damaged or of another version is no reason
    not to build)."""
    try:
        opened = open_current(data)
    except PinciteError:
        return None
    stack.callback(opened.close)
    return opened


def _records(opened: Opened) -> list[PassageRecord]:
    return [opened.snapshot.record(position) for position in range(opened.snapshot.passage_count)]


def _read(
    collection: Collection, renderer: RenderSettings, cache: Path | None, progress: Progress
) -> dict[str, Reading]:
    fingerprint = combined(code_fingerprint(), renderer.version, collection.fingerprint)
    reader = Reader(collection.authorities, collection.source_types, renderer, fingerprint)
    total, done = len(collection.files), 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress("reading documents", done, total)

    return read_all(collection, reader, cache, step)


def _plan(
    folder: LedgerFolder,
    collection: Collection,
    readings: Mapping[str, Reading],
    book: LinkBook | None,
    moment: datetime,
    mint: Callable[[Container[str]], str],
    salt: Callable[[], bytes],
) -> _Plans:
    ledgers = folder.read_all()
    for slug in book.slugs if book is not None else ():
        if any(slug in ledger.formerly for ledger in ledgers.values()):
            continue  # renamed since: its ids are in the other's ledger
        if missing := missing_ids(ledgers.get(slug), book.ledger(slug) if book else None):
            raise LedgerLostError(slug, len(missing.ids) or len(missing.states) or len(missing.wordings))
    review = folder.review()
    present = {file.slug for file in collection.files}
    plans: dict[str, EditionPlan] = {}
    kept_ledgers: dict[str, DocumentLedger] = {}
    for slug in sorted(present | ledgers.keys()):
        ledger = ledgers.get(slug)
        document = readings[slug].document if slug in present else None
        if slug in present and document is None:
            if ledger is not None:
                kept_ledgers[slug] = ledger
            continue
        reserved = {identity for other in ledgers.values() if slug in other.formerly for identity in other.histories}
        plans[slug] = plan_edition(
            ledger,
            [
                PassageWording(passage.text, passage.label, passage.kind.value, passage.stated_id)
                for passage in (document.passages if document else ())
            ],
            slug=slug,
            now=moment,
            mint=mint,
            salt=salt,
            review=[line for line in review if f"/documents/{slug}/" in line.from_],
            reserved=reserved,
        )
    return _Plans(plans, kept_ledgers)


def _newest_book(data: DataFolder, stack: ExitStack) -> LinkBook | None:
    """The newest kept generation's copy of the ledgers: what the ledger on disk must not fall behind."""
    for name in reversed(data.names()):
        try:
            manifest = data.manifest(name)
            data.check_files(manifest)
            book = LinkBook.open(data.folder(name))
        except (DamagedGenerationError, BadLinkBookError):
            continue
        stack.callback(book.close)
        return book
    return None


def _restore(folder: LedgerFolder, data: DataFolder, book: LinkBook | None) -> None:
    """Puts back what the ledger lost, from the newest generation that is sound."""
    if book is None:
        raise NoGenerationError(data.path)
    with folder.lock():
        for slug in book.slugs:
            if (kept := book.ledger(slug)) is not None:
                folder.restore(slug, kept)


def _editions(
    authorities: Authorities,
    readings: Mapping[str, Reading],
    plans: _Plans,
    previous: Opened | None,
    problems: list[Problem],
) -> list[_Edition]:
    language = authorities.collection.languages[0] if authorities.collection.languages else "en"
    editions: list[_Edition] = []
    for slug in sorted(readings):
        reading = readings[slug]
        if reading.document is None:
            if kept := _kept(slug, previous):
                editions.append(kept)
                message = "keeps the passages of the last generation that could read it, and is marked stale."
                problems.append(Problem(f"documents/{slug}.md", 0, message, Severity.NOTICE))
            continue
        plan, document = plans.plans[slug], reading.document
        records = passage_records(document, plan.ids, plan.permalinks, language)

        def make(first: int, document=document, ids=plan.ids) -> DocumentRecord:  # type: ignore[no-untyped-def]
            return document_record(document, ids, first=first, language=language)

        editions.append(_Edition(slug, records, reading.html, make))
    return editions


def _kept(slug: str, previous: Opened | None) -> _Edition | None:
    """The passages that the generation before has of a document that cannot be read now."""
    if previous is None or (document := previous.snapshot.document(slug)) is None:
        return None
    places = range(document.first, document.first + document.passages)
    return _Edition(
        slug,
        tuple(previous.snapshot.record(position) for position in places),
        tuple(previous.snapshot.html(position) for position in places),
        lambda first: msgspec.structs.replace(document, first=first, stale=True),
        stale=True,
    )


def _refuse_shrinking(
    folder: Path,
    previous: Opened | None,
    records: Sequence[PassageRecord],
    problems: Sequence[Problem],
    accepted: bool,
) -> None:
    if accepted:
        return
    if not records:
        raise NothingToBuildError(folder, problems)
    if previous is not None:
        before = {(record.document, record.id) for record in _records(previous)}
        lost = len(before - {(record.document, record.id) for record in records})
        if lost > SHRINK_COUNT and lost * SHRINK_SHARE > len(before):
            raise ShrunkenError(lost, len(before))


def _write(
    aside: Path, authorities: Authorities, editions: Sequence[_Edition], plans: _Plans, progress: Progress
) -> list[DocumentRecord]:
    writer = IndexWriter(aside, authorities)
    documents: list[DocumentRecord] = []
    first = 0
    for done, edition in enumerate(editions, 1):
        for record, html in zip(edition.records, edition.html, strict=True):
            writer.add(record, html)
        documents.append(edition.document(first))
        first += len(edition.records)
        progress("indexing", done, len(editions))
    progress("writing the index", 0, 0)
    writer.finish(documents)
    labels = {edition.slug: {record.id: record.label for record in edition.records} for edition in editions}
    write_linkbook(aside / FILE, [LinkedDocument(one, labels.get(slug, {})) for slug, one in plans.ledgers().items()])
    return documents


def _stated_fault(
    collection: Collection, readings: Mapping[str, Reading], slug: str, position: int, message: str
) -> Problem:
    name = next(file.name for file in collection.files if file.slug == slug)
    document = readings[slug].document
    return Problem(name, document.passages[position].line if document else 0, message)
