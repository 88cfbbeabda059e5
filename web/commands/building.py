"""`check`, `build`, `verify`, `status`, `rollback`: what a maintainer runs after the texts have changed."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from corpus.problems import PinciteError, Problem, Severity
from index.build import BuildOptions, BuildReport, Chance, build_generation, check_collection
from index.changes import Changes
from index.comparisons import damaged_comparisons
from index.current import newest_after, open_current, open_generation
from index.generations import Current, DamagedGenerationError, DataFolder, NoGenerationError
from index.reading import RenderSettings
from web.config import Folders
from web.engines import ClusterChoice, NotFedError, feeder_of, standing_in
from web.render import RENDER_VERSION, fragments, second_opinion
from web.wording import counted


def renderer() -> RenderSettings:
    """What turns trees into HTML, and the version that a build's fingerprint holds."""
    return RenderSettings(fragments, second_opinion, RENDER_VERSION)


def chance() -> Chance:
    """The clock, and randomness that nobody can foresee."""
    return Chance(lambda: datetime.now(UTC), secrets.randbelow, lambda: secrets.token_bytes(16))


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Tells on a terminal how far long work is; says nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    state: dict[str, object] = {"stage": "", "shown": ""}

    def tell(stage: str, done: int, total: int) -> None:
        shown = f"{stage}: {done:,} of {total:,}" if total else stage
        if shown != state["shown"]:
            state["shown"] = shown
            click.echo(f"\r\x1b[K{shown}", err=True, nl=False)

    try:
        yield tell
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)


def print_problems(problems: Sequence[Problem]) -> None:
    """Each problem on a line of stderr: faults first, as file:line: message."""
    order = (Severity.FAULT, Severity.NEAR_MISS, Severity.NOTICE)
    for problem in sorted(problems, key=lambda problem: (order.index(problem.severity), problem)):
        prefix = "" if problem.severity is Severity.FAULT else f"({problem.severity}) "
        click.echo(f"{prefix}{problem}", err=True)


@click.command()
@click.pass_obj
@click.pass_context
def check(ctx: click.Context, folders: Folders) -> None:
    """Lists the collection's faults and near-misses, as file:line: message. Writes nothing.

    Exit code 1 when there is a fault; near-misses alone are 0.
    """
    with progress() as tell:
        problems = check_collection(folders.collection, renderer(), tell)
    faults = [problem for problem in problems if problem.severity is Severity.FAULT]
    for problem in problems:
        if problem.severity is not Severity.NOTICE:
            prefix = "" if problem.severity is Severity.FAULT else "(near-miss) "
            click.echo(f"{prefix}{problem}")
    near = sum(problem.severity is Severity.NEAR_MISS for problem in problems)
    click.echo(f"{len(faults)} faults, {near} near-misses", err=True)
    ctx.exit(1 if faults else 0)


@click.command()
@click.option("--locked", is_flag=True, help="Write nothing to the collection; refuse if the ledger needs a line.")
@click.option("--accept-shrink", is_flag=True, help="Publish although more than a quarter of the passages would go.")
@click.option("--restore-ledger", is_flag=True, help="First put back what the ledger lost, from the kept generations.")
@click.option("--if-changed", is_flag=True, help="Publish nothing that would be the newest generation over again.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.pass_obj
@click.pass_context
def build(
    ctx: click.Context,
    folders: Folders,
    locked: bool,
    accept_shrink: bool,
    restore_ledger: bool,
    if_changed: bool,
    as_json: bool,
) -> None:
    """Builds a new generation of the index, publishes it, and says what changed.

    A document that cannot be read keeps its passages from before; the faults are listed and the exit code is 1.
    """
    if locked and restore_ledger:
        raise click.UsageError("--locked writes nothing to the collection, and --restore-ledger does. Give one of them")
    with progress() as tell:
        options = BuildOptions(locked, accept_shrink, restore_ledger, if_changed)
        feeder = feeder_of(folders.cluster)
        report = build_generation(folders.collection, folders.data(), renderer(), options, chance(), tell, feeder)
    print_problems(report.problems)
    if as_json:
        click.echo(msgspec.json.encode(report.as_json()).decode())
    else:
        _print_report(report)
    ctx.exit(1 if any(problem.severity is Severity.FAULT for problem in report.problems) else 0)


def _print_report(report: BuildReport) -> None:
    click.echo(
        f"{report.generation}: {counted(report.passages, 'passage')} ({report.footnotes:,} of them footnotes) "
        f"in {counted(report.documents, 'document')}"
    )
    if report.published:
        _print_changes(report.changes, listed=report.generation != "g000001")
    else:
        click.echo("nothing is new, so nothing was published")
    for slug in report.stale:
        click.echo(f"stale: {slug} could not be read and keeps its passages from before")


def _print_changes(changes: Changes, *, listed: bool) -> None:
    said = [f"{len(found):,} {what}" for what, found in changes.groups() if found]
    click.echo("changes: " + (", ".join(said) if said else "none"))
    for what, found in changes.groups() if listed else ():  # of a first build, everything is gained
        for permalink in found[:20]:
            click.echo(f"  {what} {permalink}")
        if len(found) > 20:
            click.echo(f"  … and {len(found) - 20:,} more {what}; --json lists them all")


@click.command()
@click.pass_obj
def verify(folders: Folders) -> None:
    """Holds every file of every kept generation against its manifest, and opens it.

    With --engine opensearch, also whether the cluster has it whole. Exit code 1 when one is damaged, or of another
    version, or when CURRENT does not name one that stands.
    """
    data = folders.data()
    names = data.names()
    faults = 0
    feeder = feeder_of(folders.cluster)
    for name in names:
        try:
            opened = open_generation(data, name)
            opened.close()
            if feeder is not None:
                feeder.check(data.folder(name), opened.manifest.collection, name, opened.sha256)
            there = "" if feeder is None else ", whole in the cluster"
            click.echo(f"{name}: sound, {len(opened.manifest.files)} files{there}")
        except PinciteError as error:
            faults += 1
            click.echo(f"{name}: {error}")
    for damage in damaged_comparisons(data):
        faults += 1
        click.echo(str(damage))
    try:
        current = data.current()
        if current is None:
            raise NoGenerationError(data.path)
        if current.generation not in names:
            raise DamagedGenerationError(data.path / "CURRENT", f"names {current.generation}, which does not stand")
    except DamagedGenerationError as error:
        faults += 1
        click.echo(str(error))
    click.get_current_context().exit(1 if faults else 0)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def status(folders: Folders, as_json: bool) -> None:
    """Says which generation is served, which others are kept, and which documents are stale.

    Exit code 1 when CURRENT or a manifest is damaged; `verify` looks into all other files too.
    """
    there = _status_there(folders.cluster)
    data = folders.data()
    if there is not None and not data.names():
        _tell_there(there, as_json=as_json)  # a machine that serves alone
        return
    served = open_current(data)
    served.close()
    faults = [served.instead] if served.instead is not None else []
    newest = newest_after(data, served.generation) or served.generation
    rows = []
    for name in data.names():
        try:
            manifest = data.manifest(name)
        except DamagedGenerationError as error:
            faults += [] if served.instead is not None and str(error) in served.instead else [str(error)]
            continue
        rows.append(
            {
                "generation": name,
                "current": name == served.generation,
                "newest": name == newest,
                "built": manifest.built,
                "counts": manifest.counts,
                "stale": list(manifest.stale),
            }
        )
    if there is not None and there["served"] != served.generation:
        faults.append(f"the cluster serves {there['served'] or 'nothing'}, not {served.generation}. Build again")
    if as_json:
        told: dict[str, object] = {"data": str(data.path), "generations": rows, "faults": faults}
        if there is not None:
            told["cluster"] = there
        click.echo(msgspec.json.encode(told).decode())
        click.get_current_context().exit(1 if faults else 0)
    click.echo(f"{data.path}, generations:")
    for row in rows:
        counts = row["counts"]
        assert isinstance(counts, dict)
        mark = "*" if row["current"] else " "
        click.echo(
            f"{mark} {row['generation']}  built {row['built']}  "
            f"{counted(counts.get('passages', 0), 'passage')} in {counted(counts.get('documents', 0), 'document')}"
        )
        stale = row["stale"]
        assert isinstance(stale, list)
        for slug in stale:
            click.echo(f"    stale: {slug}")
    if there is not None:
        _tell_there(there, as_json=False)
    for fault in faults:
        click.echo(fault, err=True)
    click.get_current_context().exit(1 if faults else 0)


def _status_there(cluster: ClusterChoice | None) -> dict[str, Any] | None:
    """What the cluster has of the collection; None without one."""
    if cluster is None:
        return None
    found = standing_in(cluster)
    return {"collection": cluster.collection, "served": found.served, "generations": list(found.names)}


def _tell_there(there: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode({"cluster": there}).decode())
        return
    names = ", ".join(there["generations"]) or "none"
    click.echo(f"the cluster serves {there['served'] or 'nothing'} of {there['collection']}; it has {names}")


@click.command()
@click.argument("generation", required=False)
@click.pass_obj
def rollback(folders: Folders, generation: str | None) -> None:
    """Serves the generation before the current one again, or GENERATION. It is verified first."""
    data = folders.data()
    with data.building(folders.belonging_to(data)):
        chosen = _rollback_target(data, generation)
        opened = open_generation(data, chosen)
        opened.close()
        feeder = feeder_of(folders.cluster)
        if feeder is not None and not feeder.holds(opened.manifest.collection, chosen, opened.sha256):
            raise NotFedError(chosen)
        newest = newest_after(data, chosen) or data.names()[-1]  # CURRENT may be what is to be mended
        data.make_current(Current(chosen, data.manifest_sum(chosen), newest))
        if feeder is not None:
            feeder.publish(opened.manifest.collection, chosen, newest)
    click.echo(f"{chosen} is served now")


def _rollback_target(data: DataFolder, wanted: str | None) -> str:
    names = data.spared_names()
    if wanted is not None:
        if wanted not in names:
            raise click.UsageError(f"{wanted} is not kept. Kept: {', '.join(names) or 'none'}")
        return wanted
    current = data.current()
    if current is None:
        raise NoGenerationError(data.path)
    earlier = [name for name in names if int(name[1:]) < int(current.generation[1:])]
    if not earlier:
        raise click.UsageError(f"no generation before {current.generation} is kept")
    return earlier[-1]
