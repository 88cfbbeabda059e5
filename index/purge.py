"""Publishes a generation without the texts that are taken down, and deletes all that held them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.collection import Collection, open_collection
from corpus.problems import Problem
from index.before import Before, before_building
from index.build import Chance, problems_of, publish_contents, read_collection
from index.contents import contents_of
from index.feeding import Feeder
from index.generations import READERS_HAVE_SECONDS, DataFolder
from index.ledger_files import LedgerFolder
from index.planning import Plans, plan_collection, refuse_moved_documents
from index.reading import RenderSettings
from index.renaming import finish_renaming
from index.takedown import SourceCut, Takedown, source_cut
from index.verify import Progress


@dataclass(frozen=True, slots=True)
class PurgeOptions:
    """How texts are taken down."""

    source: bool = False  # take them out of the collection's files too
    former: bool = False  # only wordings that no longer stand
    reason: str | None = None  # what links will answer


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What was done."""

    generation: str
    documents: tuple[str, ...]  # whose links answer with the reason
    ids: int  # of passages that were named, aliases among them
    wordings: int  # texts that were erased from the ledgers
    changed: tuple[Path, ...]  # files of the collection
    kept: tuple[str, ...]  # generations that still stand beside the new one: none, unless the disk refused
    namesakes: tuple[str, ...]  # places that hold the same few words, and were left
    problems: tuple[Problem, ...]


def purge(
    folder: Path,
    data: DataFolder,
    renderer: RenderSettings,
    targets: Sequence[str],
    options: PurgeOptions,
    chance: Chance,
    progress: Progress,
    feeder: Feeder | None = None,
) -> PurgeReport:
    """Takes *targets* (see Takedown.of) down. Interrupted, it can be said again and ends what was begun.

    Before anything is touched it raises what Takedown and `source_cut` raise, StillHeldError above all.
    """
    ledger = LedgerFolder(folder)
    finish_renaming(ledger)
    collection = open_collection(folder)
    with data.building(collection.authorities.collection.id):
        with before_building(data) as before:
            report = _publish_without(
                collection, data, ledger, before, renderer, targets, options, chance, progress, feeder
            )
        data.prune()  # after our own hold on the generations is gone
        if feeder is not None:
            feeder.keep(collection.authorities.collection.id, data.names(), seconds=READERS_HAVE_SECONDS)
        kept = tuple(name for name in data.names() if name != report.generation)
    return replace(report, kept=kept)


def _publish_without(
    collection: Collection,
    data: DataFolder,
    ledger: LedgerFolder,
    before: Before,
    renderer: RenderSettings,
    targets: Sequence[str],
    options: PurgeOptions,
    chance: Chance,
    progress: Progress,
    feeder: Feeder | None,
) -> PurgeReport:
    readings = read_collection(collection, renderer, data.cache, progress)
    with ledger.lock():
        refuse_moved_documents(collection)
        takedown = Takedown.of(ledger.read_all(), targets, options.reason, former=options.former)
        minting = chance.minting()
        plans = plan_collection(ledger, collection, readings, before.book, minting)
        cut = SourceCut({})
        if options.source:
            cut = source_cut(takedown, collection, readings, plans)
            there = contents_of(collection.authorities, readings, plans, before.newest)
            takedown.refuse_held(collection, there, but=cut.names(collection.folder))
            cut.carry_out()
            collection = open_collection(collection.folder)
            readings = read_collection(collection, renderer, data.cache, progress)
            plans = plan_collection(ledger, collection, readings, before.book, minting)
        contents = contents_of(collection.authorities, readings, plans, before.newest)
        takedown.refuse_held(collection, contents)
        cleared = takedown.cleared(plans, minting.now)
        ledger.rewrite_review(takedown.cleared_review(ledger.review(), plans))
        manifest = publish_contents(
            data, ledger, collection, cleared, contents, renderer, minting.now, progress, condemning=True, feeder=feeder
        )
    return PurgeReport(
        generation=manifest.generation,
        documents=tuple(sorted(takedown.ids)),
        ids=sum(map(len, takedown.ids.values())),
        wordings=_wordings(plans) - _wordings(cleared),
        changed=tuple(cut.files),
        kept=(),
        namesakes=takedown.namesakes(contents, cleared),
        problems=tuple(sorted(problems_of(collection, readings, plans, contents))),
    )


def _wordings(plans: Plans) -> int:
    return sum(len(ledger.wordings) for ledger in plans.ledgers().values())
