"""The officials of the record, and one page for each."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template

from search.results import SearchRequest, Sort
from search.selection import Selection
from web.chronicle import ordered
from web.current import current_serving
from web.people import OfficialPage, OfficialsPage

pages = Blueprint("officials", __name__)

ENTRIES_AT_MOST = 100  # passages told on an official's page; the search has all


@pages.get("/officials")
def officials_page() -> str:
    """All officials, with how often the record names them."""
    with current_serving() as serving:
        g.lasting = True
        return render_template("officials.html", page=OfficialsPage.of(serving.snapshot, serving.official_counts))


@pages.get("/officials/<identifier>")
def official_page(identifier: str) -> str:
    """One official: offices, spellings, and what the record puts to them and has them say, in order of time."""
    with current_serving() as serving:
        found = [one for one in serving.snapshot.authorities.officials if one.id == identifier]
        if not found:
            abort(404)
        request = SearchRequest(selection=Selection(officials=(identifier,)), sort=Sort.DATE, limit=ENTRIES_AT_MOST)
        results = serving.searcher.search(request)
        g.lasting = True
        page = OfficialPage.of(found[0], results, ordered(results.hits, serving.labels), serving.snapshot)
        return render_template("official.html", page=page)
