"""The API: the same answers as the pages and the command, for programs. Strict: what it does not know is a 400."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, abort, g, request

from index.comparisons import LISTED_AT_MOST
from search.landings import landing_as_json
from search.results import as_json
from web import links
from web.current import Serving, current_serving
from web.errors import problem
from web.forms import (
    BadParameterError,
    NotKeptError,
    RepeatedParameterError,
    SearchForm,
    UnknownParameterError,
    generation_named,
    number,
)
from web.openapi import Held, description
from web.shapes import document_as_json, official_as_json, passage_as_json, source_as_json, work_as_json

pages = Blueprint("api", __name__, url_prefix=links.API)

PASSAGES_A_PAGE = 1_000


def _json(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, mimetype="application/json")


def _arguments(*known: str) -> dict[str, str]:
    """The arguments of the request, each at most once and known."""
    found: dict[str, str] = {}
    for name, values in request.args.to_dict(flat=False).items():
        if name not in known:
            raise UnknownParameterError(name, known)
        if len(values) > 1:
            raise RepeatedParameterError(name, len(values))
        found[name] = values[0]
    return found


@pages.get("/search")
def search() -> Response:
    """Hits and facets."""
    form = SearchForm.from_api(request.args.to_dict(flat=False))
    with current_serving() as serving:
        if form.generation not in (None, serving.generation):
            told = (
                f"Generation {form.generation} is no longer served; {serving.generation} is. Begin at its first page."
            )
            return problem(409, told, generation=serving.generation)
        return _json(as_json(serving.searcher.search(form.to_request())))


@pages.get("/documents")
def documents() -> Response:
    """All documents."""
    _arguments()
    with current_serving() as serving:
        return _json({"documents": [document_as_json(document) for document in serving.snapshot.documents]})


@pages.get("/documents/<slug>")
def document(slug: str) -> Response:
    """One document."""
    _arguments()
    with current_serving() as serving:
        found = serving.snapshot.document(slug)
        if found is None:
            abort(404)
        return _json(document_as_json(found))


@pages.get("/documents/<slug>/passages")
def passages(slug: str) -> Response:
    """The passages of a document, in order, page by page."""
    given = _arguments("limit", "offset")
    limit = number("limit", given.get("limit", str(PASSAGES_A_PAGE)), 1, PASSAGES_A_PAGE)
    offset = number("offset", given.get("offset", "0"), 0, 10**9 - 1)
    with current_serving() as serving:
        found = serving.snapshot.document(slug)
        if found is None:
            abort(404)
        first, end = found.first + offset, found.first + found.passages
        rows = [passage_as_json(serving.snapshot.record(at)) for at in range(first, min(first + limit, end))]
        return _json({"document": slug, "total": found.passages, "passages": rows})


@pages.get("/passages/<slug>/<identifier>")
def passage(slug: str, identifier: str) -> Response:
    """One passage by its id."""
    _arguments()
    with current_serving() as serving:
        position = serving.snapshot.position_of(slug, identifier)
        if position is None:
            abort(404)
        return _json(passage_as_json(serving.snapshot.record(position)))


@pages.get("/officials")
def officials() -> Response:
    """All officials with the number of passages that name each."""
    _arguments()
    with current_serving() as serving:
        counts = serving.official_counts
        rows = [official_as_json(one, counts.get(one.id, 0)) for one in serving.snapshot.authorities.officials]
        return _json({"officials": rows})


@pages.get("/sources")
def sources() -> Response:
    """All publishers that the collection knows, and all works that its footnotes cite."""
    _arguments()
    with current_serving() as serving:
        known = [source_as_json(one) for one in serving.snapshot.authorities.sources]
        return _json({"sources": known, "works": [work_as_json(work) for work in serving.works.values()]})


@pages.get("/sources/<identifier>")
def source(identifier: str) -> Response:
    """A publisher and its works, or a work and what rests on it."""
    _arguments()
    with current_serving() as serving:
        if (work := serving.works.get(identifier)) is not None:
            cited_by, resting = (
                [serving.snapshot.record(at).permalink for at in positions] for positions in (work.notes, work.passages)
            )
            return _json({"source": None, "works": [work_as_json(work)], "cited_by": cited_by, "resting": resting})
        found = [one for one in serving.snapshot.authorities.sources if one.id == identifier]
        if not found:
            abort(404)
        works = [work_as_json(work) for work in serving.works.values() if work.publisher == found[0]]
        return _json({"source": source_as_json(found[0]), "works": works, "cited_by": [], "resting": []})


@pages.get("/changes")
def changes() -> Response:
    """What changed since an earlier generation that is kept."""
    given = _arguments("since", "limit")
    limit = number("limit", given.get("limit", str(PASSAGES_A_PAGE)), 1, LISTED_AT_MOST)
    with current_serving() as serving:
        history = serving.history
        since = generation_named("since", given["since"]) if "since" in given else history.before
        if since is not None and since not in history.kept:
            raise NotKeptError("since", since, history.kept)
        return _json(history.as_json(since, limit))


@pages.get("/links")
def link() -> Response:
    """What has become of a permalink."""
    given = _arguments("permalink")
    if "permalink" not in given:
        raise BadParameterError("permalink", "", remedy="Give the path of a permalink.")
    with current_serving() as serving:
        return _json(landing_as_json(serving.land(given["permalink"])))


@pages.get("/openapi.json")
def openapi() -> Response:
    """The description of all of this."""
    _arguments()
    with current_serving() as serving:
        g.lasting = True
        return _json(description(serving.edition.collection, _held(serving)))


def _held(serving: Serving) -> Held:
    """Examples: the first passage of the collection, the first source, the edition before."""
    snapshot = serving.snapshot
    before = serving.history.before or ""
    sources = [*serving.works, *(one.id for one in snapshot.authorities.sources)]
    source = sources[0] if sources else ""
    if not snapshot.passage_count:
        return Held(source=source, generation=before)
    first = snapshot.record(0)
    return Held(first.document, first.id, first.permalink, source, before)
