"""The sources that the record cites, and one page for each publisher and each work."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template

from web.cited import PublisherPage, SourcesPage, WorkPage
from web.current import current_serving

pages = Blueprint("sources", __name__)


@pages.get("/sources")
def sources_page() -> str:
    """What the footnotes cite, and the publishers that the collection knows."""
    with current_serving() as serving:
        g.lasting = True
        return render_template("sources.html", page=SourcesPage.of(serving.snapshot, list(serving.works.values())))


@pages.get("/sources/<identifier>")
def source_page(identifier: str) -> str:
    """One publisher with its works, or one work with the passages that rest on it."""
    with current_serving() as serving:
        g.lasting = True
        if (work := serving.works.get(identifier)) is not None:
            return render_template("work.html", page=WorkPage.of(work, serving.snapshot))
        found = [one for one in serving.snapshot.authorities.sources if one.id == identifier]
        if not found:
            abort(404)
        works = [work for work in serving.works.values() if work.publisher == found[0]]
        page = PublisherPage.of(found[0], works, serving.searcher, serving.labels)
        return render_template("source.html", page=page)
