"""The home page and the search page."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

from flask import Blueprint, Response, current_app, g, render_template, request

from web.current import current_serving
from web.exports import EXPORT_AT_MOST, as_csv, as_json_file
from web.feeds import FEED_ENTRIES, as_feed
from web.forms import SearchForm
from web.pages import HomePage, PrivatePage
from web.search_page import SearchPage

pages = Blueprint("search", __name__)


@pages.get("/")
def home() -> str:
    """What the collection is, and a box to ask it."""
    with current_serving() as serving:
        g.lasting = True
        return render_template("home.html", page=HomePage.of(serving.snapshot, serving.everything, serving.examples))


@pages.get("/search")
def search_page() -> str:
    """Hits and facets for what the address bar asks."""
    return _searched(SearchForm.from_page(request.args.to_dict(flat=False)), private=False)


@pages.post("/search")
def private_search_page() -> str:
    """The same for what the body asks: the words stand in no address, nor does what follows from them.

    *then* holds a whole form as one value: what a button of such a page sends.
    """
    given = request.form.to_dict(flat=False)
    then = parse_qs(given["then"][0], keep_blank_values=True) if given.get("then") else given
    return _searched(SearchForm.from_page(then), private=True)


@pages.get("/private")
def private_page() -> str:
    """Where a private search begins."""
    with current_serving():
        g.lasting = True
        return render_template("private.html", page=PrivatePage())


def _searched(form: SearchForm, *, private: bool) -> str:
    with current_serving() as serving:
        passed = ""
        if form.generation not in (None, serving.generation):
            passed, form = form.generation or "", form.selecting(form.selection)
        results = serving.searcher.search(form.to_request())
        shortcuts = serving.shortcuts.of(form.query)
        page = SearchPage(form, results, serving.hits, serving.labels, passed, private, shortcuts, serving.examples)
        return render_template("search.html", page=page, query=form.query)


def _whole(form: SearchForm, limit: int) -> SearchForm:
    return replace(form, limit=limit, offset=0, generation=None)


@pages.get("/search.csv")
def search_csv() -> Response:
    """The whole result, a line a passage."""
    form = _whole(SearchForm.from_page(request.args.to_dict(flat=False)), EXPORT_AT_MOST)
    with current_serving() as serving:
        return as_csv(serving.searcher.search(form.to_request()), current_app.config["SITE_URL"])


@pages.get("/search.json")
def search_json() -> Response:
    """The whole result in the shape of the API."""
    form = _whole(SearchForm.from_page(request.args.to_dict(flat=False)), EXPORT_AT_MOST)
    with current_serving() as serving:
        return as_json_file(serving.searcher.search(form.to_request()))


@pages.get("/search.atom")
def search_feed() -> Response:
    """The search as a feed."""
    form = SearchForm.from_page(request.args.to_dict(flat=False))
    with current_serving() as serving:
        results = serving.searcher.search(_whole(form, FEED_ENTRIES).to_request())
        manifest, site = serving.manifest, current_app.config["SITE_URL"]
        plain = replace(form, limit=SearchForm().limit, offset=0)
        return as_feed(plain, results, serving.edition, manifest.built, manifest.collection, site)
