"""Help, about, and what machines ask for first: robots, sitemap, search description, health."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, current_app, g, render_template, request

from web import links
from web.current import current_serving
from web.metrics import exposed
from web.pages import AboutPage, HelpPage
from web.proxies import is_from_here

pages = Blueprint("about", __name__)

SITEMAP_AT_MOST = 50_000  # addresses that one sitemap may hold (sitemaps.org, protocol 0.9)


@pages.get("/help")
def help_page() -> str:
    """How to ask, narrow and cite."""
    with current_serving() as serving:
        g.lasting = True
        return render_template("help.html", page=HelpPage(serving.examples))


@pages.get("/about")
def about_page() -> str:
    """The edition, what its counts mean, and what is not in the record."""
    with current_serving() as serving:
        g.lasting = True
        return render_template("about.html", page=AboutPage.of(serving.snapshot, serving.everything, serving.history))


@pages.get("/healthz")
def health() -> Response:
    """Whether a generation is open: 200 and its name."""
    with current_serving() as serving:
        return Response(f"ok {serving.generation}\n", mimetype="text/plain")


@pages.get("/metrics")
def metrics() -> Response:
    """Counts of all workers, for whoever watches over the machine, and nobody else."""
    if not is_from_here(request):
        abort(404)
    board, slot = current_app.extensions["metrics"]
    with current_serving() as serving:
        edition = serving.edition
    built = datetime.fromisoformat(serving.manifest.built).timestamp()
    gauges = (
        ("pincite_edition", "The number of the edition that is served.", edition.number),
        ("pincite_built_seconds", "When it was built, in seconds since 1970.", built),
        ("pincite_passages", "Passages in it.", edition.passages),
        ("pincite_documents", "Documents in it.", edition.documents),
    )
    return Response(
        exposed(slot.routes, board.total(), gauges), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


@pages.get("/robots.txt")
def robots() -> Response:
    """Searches are for readers; documents may be indexed."""
    lines = ["User-agent: *", f"Disallow: {links.SEARCH}", f"Disallow: {links.API}/"]
    site = current_app.config["SITE_URL"]
    if site:
        lines.append(f"Sitemap: {links.absolute(site, links.SITEMAP)}")
    with current_serving():
        g.lasting = True
        return Response("\n".join(lines) + "\n", mimetype="text/plain")


@pages.get("/sitemap.xml")
def sitemap() -> Response:
    """The pages worth finding from elsewhere; paths where the site does not know its own address."""
    site = current_app.config["SITE_URL"]
    with current_serving() as serving:
        g.lasting = True
        paths = [links.HOME, links.DOCUMENTS, links.OFFICIALS, links.SOURCES, links.TIMELINE, links.ABOUT, links.HELP]
        paths += [links.document(document.document) for document in serving.snapshot.documents]
        paths += [links.official(official.id) for official in serving.snapshot.authorities.officials]
        paths += [links.source(source.id) for source in serving.snapshot.authorities.sources]
        urls = "".join(
            f"<url><loc>{escape(links.absolute(site, path))}</loc></url>" for path in paths[:SITEMAP_AT_MOST]
        )
        xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
        return Response(xml, mimetype="application/xml")


@pages.get("/opensearch.xml")
def opensearch() -> Response:
    """The description by which a browser adds the site to its search box (OpenSearch 1.1)."""
    site = current_app.config["SITE_URL"]
    with current_serving() as serving:
        g.lasting = True
        title = escape(serving.edition.collection)
    search, feed = (links.absolute(site, links.search((), form)) for form in ("", "atom"))
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>Pincite</ShortName><Description>{title}</Description>"
        f'<Url type="text/html" template="{escape(search)}?q={{searchTerms}}"/>'
        f'<Url type="application/atom+xml" template="{escape(feed)}?q={{searchTerms}}"/>'
        "<InputEncoding>UTF-8</InputEncoding></OpenSearchDescription>\n"
    )
    return Response(xml, mimetype="application/opensearchdescription+xml")
