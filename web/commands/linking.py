"""`links`: what became of every permalink ever given."""

from __future__ import annotations

import click
import msgspec

from index.current import newest_after
from index.generations import DataFolder
from index.linkbook import BadLinkBookError, LinkBook
from search.permalinks import every_permalink, land, landing_as_json
from web.commands.opening import opened_for_reading
from web.config import Folders


@click.command()
@click.argument("permalinks", metavar="[PERMALINK]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@click.pass_obj
def links(folders: Folders, permalinks: tuple[str, ...], as_json: bool) -> None:
    """Says what each PERMALINK means today; without one, lists every id ever given."""
    data = folders.data()
    opened = opened_for_reading(data)
    book = LinkBook.open(data.folder(opened.generation))
    newest = _newest(data, opened.generation)
    for permalink in permalinks or every_permalink(book):
        landing = land(permalink, book, newest)
        if as_json:
            click.echo(msgspec.json.encode(landing_as_json(landing)).decode())
        else:
            click.echo(f"{landing.verdict}\t{permalink}\t{landing.reason}")


def _newest(data: DataFolder, served: str) -> LinkBook | None:
    """After a rollback, the book of the newest generation answers for ids that the served one does not know."""
    newest = newest_after(data, served)
    if newest is None:
        return None
    try:
        return LinkBook.open(data.folder(newest))
    except BadLinkBookError:
        return None
