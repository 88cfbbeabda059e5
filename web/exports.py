"""The result of a search as CSV or JSON, whole up to a bound; an answer that was cut says so."""

from __future__ import annotations

import csv
import io

import msgspec
from flask import Response

from search.results import Results, as_json

EXPORT_AT_MOST = 2_000  # passages: each is read, cut and explained, which takes a second or two

COLUMNS = (
    *("document", "kind", "section", "number", "page", "months", "possible_months"),
    *("source_types", "officials", "text", "permalink"),
)


def as_csv(results: Results, site_url: str) -> Response:
    """One line a passage, whole texts. The last line says when the list was cut."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for hit in results.hits:
        record = hit.record
        page = record.page
        writer.writerow(
            _harmless(value)
            for value in (
                record.document,
                record.kind,
                record.section,
                record.number or "",
                "" if page is None else str(page.first) if page.first == page.last else f"{page.first}-{page.last}",
                " ".join(record.months.certain),
                " ".join(record.months.possible),
                " ".join(record.source_types),
                " ".join(record.officials),
                record.text,
                site_url + record.permalink,
            )
        )
    if told := cut(results):
        writer.writerow([told])
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="pincite.csv"'
    return response


def as_json_file(results: Results) -> Response:
    """The answer of the API for the whole list, with `cut` saying what is missing, null when nothing is."""
    body = {**as_json(results), "cut": cut(results) or None}
    return Response(msgspec.json.encode(body), mimetype="application/json")


def cut(results: Results) -> str:
    """What to say when the list was longer than an export may be; "" when all of it is there."""
    whole = results.total + results.total_partial
    if len(results.hits) >= whole:
        return ""
    return f"Cut: {len(results.hits):,} of {whole:,} passages. Narrow the search to have all."


def _harmless(value: str) -> str:
    """A cell that a spreadsheet takes for words: one that begins like a formula gets an apostrophe before it."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
