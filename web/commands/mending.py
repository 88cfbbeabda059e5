"""`rename` and `purge`: a document gets another name, a text is taken down."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.collection import open_collection
from index.purge import PurgeOptions, PurgeReport
from index.purge import purge as take_down
from index.renaming import UnfitNameError, rename_document
from search.pinpoints import parse_permalink
from web.commands.building import chance, print_problems, progress, renderer
from web.config import Folders
from web.engines import feeder_of
from web.imports import read_imports, write_imports
from web.wording import counted

NAMESAKES_LISTED = 20


@click.command()
@click.argument("old")
@click.argument("new")
@click.pass_obj
def rename(folders: Folders, old: str, new: str) -> None:
    """Gives the document OLD the name NEW. Its passages keep their ids, and links under the old name go on answering.

    Build afterwards. Interrupted, it can be said again; the next build ends what was begun, too.
    """
    folder = open_collection(folders.collection).folder
    try:
        path = rename_document(folder, old, new)
    except UnfitNameError as error:
        raise click.UsageError(str(error)) from None
    known = read_imports(folder)
    if old in known:  # it goes on counting as imported, and as unchanged since
        known[new] = known.pop(old)
        write_imports(folder, known)
    click.echo(path)


@click.command()
@click.argument("targets", metavar="(DOCUMENT | ID...)", nargs=-1, required=True)
@click.option("--source", is_flag=True, help="Take the text out of the collection's files too.")
@click.option("--former", is_flag=True, help="Only earlier wordings of the passages, which no longer stand.")
@click.option("--reason", metavar="TEXT", help="What links to the text will answer, beside that it was taken down.")
@click.pass_obj
def purge(folders: Folders, targets: tuple[str, ...], source: bool, former: bool, reason: str | None) -> None:
    """Takes a text down: publishes a generation without it and deletes every other, its cache and its wordings.

    DOCUMENT is a document's name; ID an id, DOCUMENT/ID or a whole permalink. Its links go on answering, that it is
    gone and why. There is no way back. Nothing is done while the source still holds the text, unless --source.
    """
    options = PurgeOptions(source, former, reason)
    with progress() as tell:
        feeder = feeder_of(folders.cluster)
        report = take_down(
            folders.collection, folders.data(), renderer(), _named(targets), options, chance(), tell, feeder
        )
    _forget_imports(folders.collection, report)
    print_problems(report.problems)
    passages, documents = counted(report.ids, "passage"), ", ".join(report.documents)
    if former:
        erased = f"{counted(report.wordings, 'earlier wording')} erased of {passages} in {documents}"
    else:
        erased = f"{passages} taken down in {documents}; {counted(report.wordings, 'wording')} erased"
    click.echo(f"{report.generation}: {erased}")
    for path in report.changed:
        click.echo(f"{'changed' if path.exists() else 'deleted'}: {path}")
    for name in report.kept:
        click.echo(f"still there: {folders.data().folder(name)}; the next build tries again to delete it")
    if report.namesakes:
        click.echo("The same few words stand in other places too, and were left there; see whether they are meant:")
        for place in report.namesakes[:NAMESAKES_LISTED]:
            click.echo(f"  {place}")
        if len(report.namesakes) > NAMESAKES_LISTED:
            click.echo(f"  … and {len(report.namesakes) - NAMESAKES_LISTED:,} more")
    _tell_what_is_left(folders.collection, report, in_cluster=feeder is not None)


def _named(targets: tuple[str, ...]) -> list[str]:
    """Permalinks as DOCUMENT/ID, everything else as it is."""
    found: list[str] = []
    for target in targets:
        parsed = parse_permalink(target)
        found.append(f"{parsed[0]}/{parsed[1].id}" if parsed is not None else target)
    return found


def _forget_imports(folder: Path, report: PurgeReport) -> None:
    """A hash of the whole text would let anybody test a guess of it."""
    known = read_imports(folder)
    left = {slug: sha256 for slug, sha256 in known.items() if slug not in report.documents}
    if left != known:
        write_imports(folder, left)


def _tell_what_is_left(folder: Path, report: PurgeReport, *, in_cluster: bool) -> None:
    resolved = folder.resolve()
    repository = next((parent for parent in (resolved, *resolved.parents) if (parent / ".git").exists()), None)
    click.echo("What Pincite cannot reach, and you must see to:")
    if repository is not None:
        names = " ".join(report.documents)
        click.echo(f"  the history of {repository}: documents/ and permalinks/ of {names}, in every clone")
    click.echo("  backups and copies of the collection and of the data folder, and data folders elsewhere")
    if in_cluster:
        click.echo("  backups of the cluster (snapshots), which hold its indexes as they were")
    click.echo("  the files that were imported, and what editors keep of files changed")
    click.echo("  exports, feeds and pages that readers, archives and search engines have fetched")
    click.echo("  blocks of deleted files that the disk has not written over yet")
