"""`search` and `dump`: what the index answers, on a terminal or as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import msgspec

from index.current import Opened
from search.limits import FACET_VALUES_AT_MOST, HITS_AT_MOST, HITS_DEFAULT, OFFSET
from search.results import Hit, Results, SearchRequest, Sort, Suggestion, SuggestionKind, as_json
from search.selection import Selection
from web.commands.opening import opened_for_reading
from web.config import Folders
from web.engines import searcher_of
from web.shapes import document_as_json, official_as_json, passage_as_json

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")

SYNTAX = """
Every query means something; what cannot be understood is taken literally, and said. A query that begins with a minus
stands after two of them: pincite search -- "-word other".

\b
  denied executions        passages with both words, in any form (executed, execution)
  "exact phrase"           these words, one after another, unstemmed
  one OR two, -word, NOT   AND is understood; brackets group
  execut*                  words that begin so
  Mahalati~                words spelt nearly so
  "burial relatives"~5     at most five words between, either order
  kind:footnote  source:un  official:mahallati  document:SLUG  lang:fa
  month:1988-11  date:1988-08..1988-12  page:3  section:2.1  section:"November 1988"
  cites:A/43/705  note:27
"""


def _months(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not _MONTH.fullmatch(value):
            raise click.BadParameter(f"{value} is no month. Write YYYY-MM, such as 1988-11.")
    return values


@click.command(epilog=SYNTAX)
@click.argument("query")
@click.option("--source", multiple=True, metavar="TYPE", help="Only passages of this source type. Repeatable.")
@click.option("--official", multiple=True, metavar="ID", help="Only passages that name this official. Repeatable.")
@click.option("--month", multiple=True, metavar="YYYY-MM", callback=_months, help="Only of this month. Repeatable.")
@click.option("--kind", multiple=True, type=click.Choice(["body", "annex", "footnote"]), help="Repeatable.")
@click.option("--document", multiple=True, metavar="SLUG", help="Only of this document. Repeatable.")
@click.option("--as-printed", is_flag=True, help="No stems, spellings or scripts: whole words as they are printed.")
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(1, HITS_AT_MOST), default=int(HITS_DEFAULT), show_default=True)
@click.option("--offset", type=click.IntRange(0, OFFSET), default=0, show_default=True)
@click.option("--facet-limit", type=click.IntRange(1, FACET_VALUES_AT_MOST), default=100, show_default=True)
@click.option("--json", "as_json_", is_flag=True, help="The answer as one JSON object.")
@click.pass_obj
def search(
    folders: Folders,
    query: str,
    source: tuple[str, ...],
    official: tuple[str, ...],
    month: tuple[str, ...],
    kind: tuple[str, ...],
    document: tuple[str, ...],
    as_printed: bool,
    sort: str,
    limit: int,
    offset: int,
    facet_limit: int,
    as_json_: bool,
) -> None:
    """Searches the current generation for QUERY."""
    opened = opened_for_reading(folders.home())
    request = SearchRequest(
        query=query,
        selection=Selection(source, official, month, kind, document),
        as_printed=as_printed,
        sort=Sort(sort),
        limit=limit,
        offset=offset,
        facet_limit=facet_limit,
    )
    results = searcher_of(opened, folders.cluster).search(request)
    if as_json_:
        click.echo(msgspec.json.encode(as_json(results)).decode())
        return
    for notice in results.notices:
        click.echo(notice.message, err=True)
    _print(results)


def _print(results: Results) -> None:
    unit = "passage" if results.total == 1 else "passages"
    click.echo(
        f"{results.total:,} {unit}" + (f", and {results.total_partial:,} in part" if results.total_partial else "")
    )
    for hit in results.hits:
        click.echo()
        click.echo(click.style(_where(hit), bold=True))
        click.echo(_snippet(hit))
        if hit.missing:
            click.echo(f"  without: {', '.join(hit.missing)}")
        click.echo(f"  {hit.permalink}")
    for suggestion in results.suggestions:
        click.echo(f"\n{_suggested(suggestion)} ({suggestion.total:,})", err=True)


def _suggested(one: Suggestion) -> str:
    if one.kind is not SuggestionKind.FILTER:
        return f"Perhaps: {one.query}"
    if one.facet is None or one.value is None:
        dropped = "any filter" if one.facet is None else f"any {one.facet}".replace("_", " ")
    else:
        dropped = f"the filter {one.value}"
    return f"Without {dropped}" + (f": {one.query}" if one.query else "")


def _where(hit: Hit) -> str:
    record = hit.record
    place = record.section_path[-1] if record.section_path else ""
    if record.kind == "footnote":
        place = f"{place}, note {record.number}" if place else f"note {record.number}"
    page = f", page {record.page.first}" if record.page else ""
    return f"{record.document}: {place or record.label}{page}"


def _snippet(hit: Hit) -> str:
    pieces: list[str] = []
    for piece in hit.snippet:
        text = click.style(piece.text, fg="yellow", bold=True) if piece.matched else piece.text
        pieces.append(("[…] " if piece.gap_before else "") + text + (" […]" if piece.gap_after else ""))
    return "  " + "".join(pieces)


@click.command()
@click.option("--documents", "what", flag_value="documents", help="A line a document instead.")
@click.option("--officials", "what", flag_value="officials", help="A line an official instead.")
@click.pass_obj
def dump(folders: Folders, what: str | None) -> None:
    """Prints every passage of the current generation as a line of JSON."""
    opened = opened_for_reading(folders.home())
    lines = {"documents": _documents, "officials": _officials, None: _passages}[what]
    for line in lines(opened):
        click.echo(line)


def _passages(opened: Opened) -> Iterator[bytes]:
    for position in range(opened.snapshot.passage_count):
        yield msgspec.json.encode(passage_as_json(opened.snapshot.record(position)))


def _documents(opened: Opened) -> Iterator[bytes]:
    for document in opened.snapshot.documents:
        yield msgspec.json.encode(document_as_json(document))


def _officials(opened: Opened) -> Iterator[bytes]:
    counts: dict[str, int] = {}
    for position in range(opened.snapshot.passage_count):
        for named in opened.snapshot.record(position).officials:
            counts[named] = counts.get(named, 0) + 1
    for official in opened.snapshot.authorities.officials:
        yield msgspec.json.encode(official_as_json(official, counts.get(official.id, 0)))
