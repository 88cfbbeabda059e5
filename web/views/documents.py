"""Documents: the list of all, the reader, the permalink of a passage, and its citation as a file."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request

from index.record import DocumentRecord
from web.citations import FORMATS, cited_as
from web.current import Serving, current_serving
from web.landings import PermalinkPage
from web.pages import DocumentRow, DocumentsPage, ReadingPage

pages = Blueprint("documents", __name__)


def _document(serving: Serving, slug: str) -> DocumentRecord:
    document = serving.snapshot.document(slug)
    if document is None:
        abort(410 if serving.knew(slug) else 404)
    return document


@pages.get("/documents")
def documents_page() -> str:
    """All documents of the collection."""
    with current_serving() as serving:
        g.lasting = True
        return render_template(
            "documents.html", page=DocumentsPage([DocumentRow.of(one) for one in serving.snapshot.documents])
        )


@pages.get("/documents/<slug>")
def reading_page(slug: str) -> str:
    """A document, with its notes beside the text and the words of `mark=` marked."""
    marked = request.args.get("mark", "").strip()
    with current_serving() as serving:
        document = _document(serving, slug)
        as_printed = request.args.get("as_printed") == "1"
        spans = serving.spans_in(document, marked, as_printed=as_printed) if marked else {}
        g.lasting = not marked
        page = ReadingPage.of(document, serving.readers.page(document), spans, marked, serving.snapshot)
        return render_template("document.html", page=page, query=marked)


@pages.get("/documents/<slug>/p/<pinpoint>")
def permalink_page(slug: str, pinpoint: str) -> Response:
    """The passage that was cited, and what has become of its words; or its citation as a file."""
    for form in FORMATS:
        if pinpoint.endswith(f".{form}"):
            return _citation(slug, pinpoint.removesuffix(f".{form}"), form)
    with current_serving() as serving:
        page = _landed(serving, slug, pinpoint)
        g.lasting = page.status == 200
        return make_response(render_template("permalink.html", page=page), page.status)


def _landed(serving: Serving, slug: str, pinpoint: str) -> PermalinkPage:
    landing = serving.land_pinpoint(slug, pinpoint)
    site = current_app.config["SITE_URL"]
    return PermalinkPage.of(landing, pinpoint, serving.snapshot, serving.labels, serving.edition, site)


def _citation(slug: str, pinpoint: str, form: str) -> Response:
    with current_serving() as serving:
        page = _landed(serving, slug, pinpoint)
        if page.record is None or page.document is None:
            abort(page.status if page.status >= 400 else 404)
        return cited_as(form, page.record, page.document, serving.edition)
