"""`links`: what became of every permalink ever given."""

from __future__ import annotations

import click
import msgspec

from search.landings import landing_as_json
from search.permalinks import every_permalink, land
from web.commands.opening import opened_for_reading
from web.config import Folders


@click.command()
@click.argument("permalinks", metavar="[PERMALINK]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@click.pass_obj
def links(folders: Folders, permalinks: tuple[str, ...], as_json: bool) -> None:
    """Says what each PERMALINK means today; without one, lists every id ever given."""
    home = folders.home()
    opened = opened_for_reading(home)
    book, newest = opened.book(), home.newest_book(opened.generation)
    for permalink in permalinks or every_permalink(book):
        landing = land(permalink, book, newest)
        if as_json:
            click.echo(msgspec.json.encode(landing_as_json(landing)).decode())
        else:
            click.echo(f"{landing.verdict}\t{permalink}\t{landing.reason}")
