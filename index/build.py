"""Builds a generation: reads the collection, asks the ledger for ids, writes aside, checks, publishes.

The order is what makes it safe. Nothing of the collection or of the published generation is touched until the new one
stands whole and has passed its own check; then the ledger's new lines are written and fsynced, and only then does the
generation become current. A build that dies anywhere leaves the old generation in service, and at worst a ledger that
knows ids of passages which the next build gives to the same passages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from corpus.beside import loose_ends
from corpus.collection import Collection, open_collection
from corpus.near_misses import near_misses, unknown_officials
from corpus.problems import PinciteError, Problem, Severity
from index import noid
from index.before import Before, before_building
from index.changes import Changes, Edition, compare, compare_editions
from index.comparisons import path_of, write_comparisons
from index.contents import Contents, contents_of
from index.current import Opened
from index.feeding import EngineError, Feeder
from index.fingerprints import code_fingerprint, combined
from index.generations import FORMAT, KEPT, DataFolder, Manifest, decoded
from index.ledger_files import LedgerFolder
from index.planning import (
    Minting,
    NothingToRestoreError,
    Plans,
    ledger_signature,
    plan_collection,
    refuse_moved_documents,
    restore_ledgers,
)
from index.reading import Reader, Reading, RenderSettings, read_all
from index.renaming import finish_renaming, refuse_unfinished_renaming
from index.review import waiting
from index.schema import SCHEMA_VERSION
from index.verify import Progress, check_generation

SHRINK_SHARE = 4  # a loss of more than one in four passages ...
SHRINK_COUNT = 20  # ... and of more than twenty is taken for a mistake


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
    published: bool = True  # false where it would have been the newest generation over again

    def as_json(self) -> dict[str, object]:
        """The report in the shape of `build --json`."""
        row: dict[str, object] = msgspec.to_builtins(self)
        row["faults"] = sum(problem.severity is Severity.FAULT for problem in self.problems)
        return row


@dataclass(frozen=True, slots=True)
class Chance:
    """Where a build's times, ids and salts come from: the clock and randomness of the world outside."""

    now: Callable[[], datetime]  # in UTC
    below: Callable[[int], int]  # a random number below its argument
    salt: Callable[[], bytes]  # sixteen random bytes

    def minting(self) -> Minting:
        """The same, as the ledger asks for it, at this moment."""
        return Minting(self.now(), partial(noid.mint, self.below), self.salt)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build may do."""

    locked: bool = False  # write nothing to the collection; refuse where its ledger is incomplete
    accept_shrink: bool = False
    restore_ledger: bool = False
    if_changed: bool = False  # publish nothing that is the newest generation over again


def check_collection(folder: Path, renderer: RenderSettings, progress: Progress) -> list[Problem]:
    """The faults and near-misses of the collection in *folder*, sorted by file and line. Writes nothing.

    Raises NotACollectionError, NoCollectionError.
    """
    collection = open_collection(folder)
    readings = read_collection(collection, renderer, None, progress)
    problems = [*collection.problems, *(problem for reading in readings.values() for problem in reading.problems)]
    for reading in readings.values():
        if reading.document is not None:
            problems += unknown_officials(reading.document, collection.authorities)
            problems += near_misses(reading.document, collection.authorities)
            problems += loose_ends(reading.document, readings, collection.authorities)
    guide = collection.authorities.collection.guide
    if guide and guide not in readings:
        message = f"guide: there is no document {guide}. The home page begins without one; name a document, or none."
        problems.append(Problem("collection.toml", 1, message, Severity.NEAR_MISS))
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
    options: BuildOptions,
    chance: Chance,
    progress: Progress,
    feeder: Feeder | None = None,
) -> BuildReport:
    """Builds and publishes a generation of the collection in *folder*, and has *feeder* take it in before that.

    Raises a PinciteError when nothing could be published; the generation before it then serves on.
    """
    ledger = LedgerFolder(folder)
    if options.locked:
        refuse_unfinished_renaming(ledger)
    else:
        finish_renaming(ledger)
    collection = open_collection(folder)
    with data.building(collection.authorities.collection.id):
        with before_building(data) as before:
            report = _build(collection, data, ledger, before, renderer, options, chance, progress, feeder)
        data.prune()
        if feeder is not None:
            try:
                feeder.keep(collection.authorities.collection.id, data.names())
            except EngineError as error:
                message = f"generations given up were not deleted there: {error}. The next build tries again."
                report = replace(report, problems=(*report.problems, Problem("cluster", 0, message, Severity.NOTICE)))
    return report


def _build(
    collection: Collection,
    data: DataFolder,
    ledger: LedgerFolder,
    before: Before,
    renderer: RenderSettings,
    options: BuildOptions,
    chance: Chance,
    progress: Progress,
    feeder: Feeder | None,
) -> BuildReport:
    readings = read_collection(collection, renderer, data.cache, progress)
    if options.restore_ledger:
        if before.book is None:
            raise NothingToRestoreError(data.path)
        restore_ledgers(ledger, before.book)
    with _planned(ledger, collection, readings, before, options, chance.minting(), progress) as plans:
        contents = contents_of(collection.authorities, readings, plans, before.newest)
        problems = problems_of(collection, readings, plans, contents)
        _refuse_shrinking(collection.folder, before.served, contents, plans, problems, options)
        stood = data.names()
        manifest = publish_contents(
            data,
            ledger,
            collection,
            plans,
            contents,
            renderer,
            chance.now(),
            progress,
            if_changed=options.if_changed,
            feeder=feeder,
        )
    return BuildReport(
        generation=manifest.generation,
        passages=manifest.counts["passages"],
        footnotes=manifest.counts["footnotes"],
        documents=manifest.counts["documents"],
        stale=manifest.stale,
        changes=_changes(before.served, data.folder(manifest.generation), plans),
        problems=tuple(sorted(problems)),
        review=len(waiting(ledger.review(), plans.ledgers(), plans.renamed())),
        published=manifest.generation not in stood,
    )


@contextmanager
def _planned(
    ledger: LedgerFolder,
    collection: Collection,
    readings: Mapping[str, Reading],
    before: Before,
    options: BuildOptions,
    minting: Minting,
    progress: Progress,
) -> Iterator[Plans]:
    """The plans to publish, with the ledger locked until the end of the block where they write to it."""
    progress("planning the ledger", 0, 0)
    seen = ledger_signature(ledger)
    plans = plan_collection(ledger, collection, readings, before.book, minting)
    with ExitStack() as stack:
        if options.locked:
            plans = plans.unwritten()
        elif not plans.writes_nothing() or ledger.unfinished():
            stack.enter_context(ledger.lock())
            refuse_moved_documents(collection)
            if ledger_signature(ledger) != seen:  # another builder has written meanwhile
                plans = plan_collection(ledger, collection, readings, before.book, minting)
        yield plans


def publish_contents(
    data: DataFolder,
    ledger: LedgerFolder,
    collection: Collection,
    plans: Plans,
    contents: Contents,
    renderer: RenderSettings,
    moment: datetime,
    progress: Progress,
    *,
    condemning: bool = False,
    if_changed: bool = False,
    feeder: Feeder | None = None,
) -> Manifest:
    """Writes a generation aside, checks it, completes the ledger, and makes the generation current.

    With *if_changed*, a generation that would be the newest over again is not published; that one's manifest is given.
    *feeder* takes it in once it has passed its check.
    *condemning* gives up all generations before it: they are deleted afterwards, at the latest by the next build.
    """
    identifier = collection.authorities.collection.id
    name = data.new_name(feeder.names(identifier) if feeder is not None else ())
    records = contents.records()
    with data.aside() as aside:
        contents.write(aside, collection.authorities, plans, progress)
        check_generation(aside, records, contents.html(), renderer, progress)
        manifest = Manifest(
            format=FORMAT,
            generation=name,
            built=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            collection=identifier,
            schema=SCHEMA_VERSION,
            counts={
                "documents": len(contents.documents),
                "passages": len(records),
                "footnotes": sum(record.kind == "footnote" for record in records),
            },
            fingerprints={
                "code": code_fingerprint(),
                "renderer": renderer.version,
                "authorities": collection.fingerprint,
            },
            stale=contents.stale(),
            files={},
        )
        sealed = data.seal(aside, manifest)
        same = data.sound_newest() if if_changed else None
        if same is not None and same.sum == decoded(sealed).sum and (feeder is None or _is_fed(feeder, data, same)):
            return same
        if not condemning:
            write_comparisons(data, aside, name, sealed, data.spared_names()[-KEPT:], plans.renamed())
        if feeder is not None:
            progress("feeding the engine", 0, 0)
            manifest_sum = hashlib.sha256(sealed).hexdigest()
            feeder.feed(aside, identifier, name, manifest_sum, None if condemning else path_of(data, name))
        if condemning:
            data.condemn()
        plans.write(ledger)
        progress("publishing", 0, 0)
        data.publish(aside, name, sealed)
    if feeder is not None:
        feeder.publish(identifier, name, name)
    return manifest


def _is_fed(feeder: Feeder, data: DataFolder, newest: Manifest) -> bool:
    """Whether the engine has the newest generation; then it serves what this folder does."""
    collection, name = newest.collection, newest.generation
    current = data.current()
    if current is None or not feeder.holds(collection, name, data.manifest_sum(name)):
        return False
    feeder.publish(collection, current.generation, current.newest)
    return True


def read_collection(
    collection: Collection, renderer: RenderSettings, cache: Path | None, progress: Progress
) -> dict[str, Reading]:
    """A reading of every document, from the cache where nothing that it depends on has changed."""
    fingerprint = combined(code_fingerprint(), renderer.version, collection.fingerprint)
    reader = Reader(collection.authorities, collection.source_types, renderer, fingerprint)
    total, done = len(collection.files), 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress("reading documents", done, total)

    return read_all(collection, reader, cache, step)


def problems_of(
    collection: Collection, readings: Mapping[str, Reading], plans: Plans, contents: Contents
) -> list[Problem]:
    """All that is to be told of the collection after a build."""
    return [
        *collection.problems,
        *(problem for reading in readings.values() for problem in reading.problems),
        *plans.stated_faults(collection, readings),
        *contents.stale_notices(),
    ]


def _changes(served: Opened | None, folder: Path, plans: Plans) -> Changes:
    """From the generation that was *served* to that in *folder*; where nothing was, everything is gained."""
    with closing(Edition.open(folder)) as new:
        if served is None:
            return compare((), [one for slug, places in new.places.items() for one in new.outlines(places, slug)])
        with closing(Edition.open(served.snapshot.folder)) as old:
            return compare_editions(old, new, plans.renamed())


def _refuse_shrinking(
    folder: Path,
    served: Opened | None,
    contents: Contents,
    plans: Plans,
    problems: Sequence[Problem],
    options: BuildOptions,
) -> None:
    if options.accept_shrink:
        return
    after = {(record.document, record.id) for record in contents.records()}
    if not after:
        raise NothingToBuildError(folder, problems)
    if served is None:
        return
    renamed = plans.renamed()
    lost = sum(
        (renamed.get(document.document, document.document), identity) not in after
        for document in served.snapshot.documents
        for identity in served.snapshot.ids(document)
    )
    if lost > SHRINK_COUNT and lost * SHRINK_SHARE > served.snapshot.passage_count:
        raise ShrunkenError(lost, served.snapshot.passage_count)
