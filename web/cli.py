"""The `pincite` command: global options, and the commands of `web/commands`."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

import click

from corpus.problems import PinciteError
from web.commands.asking import dump, search
from web.commands.building import build, check, rollback, status, verify
from web.commands.collecting import import_, init
from web.commands.linking import links
from web.commands.mending import purge, rename
from web.commands.serving import serve
from web.config import Folders, starter_collection
from web.engines import LOCAL, OPENSEARCH, cluster_choice


class Pincite(click.Group):
    """A group in which every error that a person may see is one sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PinciteError as error:
            click.echo(str(error), err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # Whoever read our output has seen enough; nothing more can be said to it.
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"{place}{error.strerror or error}. Mend the disk or its rights, and say it again", err=True)
            ctx.exit(1)


@click.group(cls=Pincite, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--collection",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="PINCITE_COLLECTION",
    help="The folder of documents and authority files.  [default: the collection that ships]",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="PINCITE_DATA",
    help="The folder of the built index.  [default: var/COLLECTION-ID]",
)
@click.option(
    "--engine",
    type=click.Choice([LOCAL, OPENSEARCH]),
    envvar="PINCITE_ENGINE",
    default="local",
    show_default=True,
    help="What searches.",
)
@click.option(
    "--engine-url",
    "urls",
    multiple=True,
    metavar="URL",
    envvar="PINCITE_ENGINE_URL",
    help="A node of the cluster that searches. Repeatable; blanks between several in the environment.",
)
@click.option(
    "--engine-shards",
    "shards",
    type=click.IntRange(1, 1024),
    envvar="PINCITE_ENGINE_SHARDS",
    default=1,
    show_default=True,
    help="Into how many parts the cluster cuts an index that a build makes.",
)
@click.option(
    "--engine-collection",
    "identifier",
    metavar="ID",
    envvar="PINCITE_ENGINE_COLLECTION",
    help="The collection in the cluster that is read.  [default: the id of --collection]",
)
@click.version_option(version("pincite"), prog_name="pincite")
@click.pass_context
def main(
    ctx: click.Context,
    collection: Path | None,
    data: Path | None,
    engine: str,
    urls: tuple[str, ...],
    shards: int,
    identifier: str | None,
) -> None:
    """Full-text search over a documentary record, down to the exact passage.

    Exit codes: 0 done, 1 faults in the collection or the index, 2 wrong usage.
    """
    ctx.ensure_object(dict)
    if engine == OPENSEARCH and not urls:
        raise click.UsageError("--engine opensearch needs --engine-url, the address of a node")
    chosen = cluster_choice(urls, identifier or "", shards, os.environ) if engine == OPENSEARCH else None
    ctx.obj = Folders(collection or starter_collection(), data, collection is not None, chosen)
    ctx.meta["pincite.collection_given"] = collection is not None


for command in (init, import_, check, build, serve, search, dump, links, verify, status, rollback, rename, purge):
    main.add_command(command)

if __name__ == "__main__":
    main()
