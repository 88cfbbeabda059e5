"""What a person or a program is told when a request cannot be answered: what is wrong, and what to do.

People get a page, everything under the API gets problem+json (RFC 9457). No answer ever shows a trace.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from corpus.problems import PinciteError
from index.feeding import EngineError
from index.generations import DamagedGenerationError, NoGenerationError
from web import links
from web.current import current_serving

AGAIN_SECONDS = 15  # by then a cluster has replaced a machine that went away
AGAIN = f"Try again in {AGAIN_SECONDS} seconds."
_WORDS = {
    400: ("This address cannot be read", "Something in it is not as it should be."),
    404: ("There is nothing at this address", "It may be mistyped, or what stood there has another name now."),
    405: ("This page is only for reading", "The request asked to change something, and nothing here can be changed."),
    408: ("This took too long to arrive", "The request was not sent whole in time. Try again."),
    410: ("What stood here is gone", "The present edition does not hold it, or holds it under another name."),
    413: ("This is too much at once", "Send less text: a search takes up to 2,500 characters."),
    414: ("This address is too long", "Send less text: a search takes up to 2,500 characters."),
    429: ("Too many requests", "Wait a few seconds, then try again."),
    500: ("Something went wrong here", "The fault is the site's, not yours. Try again; if it stays, tell its editors."),
    503: (
        "This cannot be answered just now",
        "The index is not ready: nothing can be searched yet. Try again in a minute.",
    ),
}


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says."""

    status: int
    title: str
    sentence: str


def register(app: Flask) -> None:
    """Has the application answer every error in words of its own."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(PinciteError, _ours)
    app.register_error_handler(Exception, _unforeseen)


def problem(status: int, detail: str, **more: object) -> Response:
    """An answer of the API that says what is wrong: RFC 9457."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(msgspec.json.encode(body), status, mimetype="application/problem+json")


def answer(status: int, sentence: str = "", **more: object) -> Response:
    """An error in the form that the address asked for: a page, or problem+json."""
    title, usual = _WORDS.get(status, (HTTPStatus(status).phrase, ""))
    if request.path.startswith(links.API + "/"):
        return problem(status, sentence or f"{title}. {usual}".strip(), **more)
    page = ErrorPage(status, title, sentence or usual)
    try:
        with current_serving():
            html = render_template("error.html", page=page)
    except PinciteError:
        html = render_template("error.html", page=page)  # without an index, the foot of the page says less
    response = make_response(html, status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect to the address without a slash too many
        return make_response(error.get_response())
    response = answer(status)
    for name, value in error.get_headers(None):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _ours(error: PinciteError) -> Response:
    if isinstance(error, (NoGenerationError, DamagedGenerationError)):
        logging.getLogger("pincite").error("%s", error)
        return answer(503)
    if isinstance(error, EngineError):
        # Which node said what is for the log; a reader is told that the answer would not be whole.
        logging.getLogger("pincite").error("%s", error)
        response = answer(503, f"Part of what answers is away, and no half answer is shown. {AGAIN}")
        response.headers["Retry-After"] = str(AGAIN_SECONDS)
        return response
    status = getattr(error, "status", 500)
    if status >= 500:
        return _unforeseen(error)
    name = getattr(error, "name", None)
    return answer(status, str(error), **({"parameter": name} if name else {}))


def _unforeseen(error: Exception) -> Response:
    # The trace goes to the log, without the address: what people search for is written down nowhere.
    logging.getLogger("pincite").error("a request failed", exc_info=error)
    try:
        return answer(500)
    except Exception as second:  # the page itself may be what fails
        logging.getLogger("pincite").error("its error page failed too", exc_info=second)
        title, sentence = _WORDS[500]
        return Response(f"{title}. {sentence}\n", 500, mimetype="text/plain")
