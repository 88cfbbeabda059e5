"""What is costly to answer, and that it is answered by the process beside the workers (`web.aside`)."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, g, request

from search.limits import PROSE_WORDS
from web import errors, links
from web.aside import Lane, Waiting, Ways

VALUES_CHEAP: Final = 40  # arguments of an address: beyond that, those of all its links take longer than the search
PHRASES_CHEAP: Final = 4  # beyond that, phrases cost what common words do

# A question takes up to a tenth of a second, an export a second or two: the last in turn waits as long as readers do.
QUESTIONS: Final = Lane(
    4, 5.0, "Other costly questions are being answered. Try again in some seconds, or ask without * and ~."
)
EXPORTS: Final = Lane(8, 20.0, "Other files are being made. Try again in some seconds.")
LANES: Final = (QUESTIONS, EXPORTS)
THREADS: Final = 8 + sum(lane.waiting_at_most for lane in LANES)  # of a worker: eight are left for everybody else
EXPORTED: Final = frozenset(links.search((), form) for form in ("csv", "json"))


def is_costly(query: str) -> bool:
    """Whether answering *query* may take many times what a few words do.

    Measured on 105,000 passages: some words or a phrase take about a millisecond; a beginning (`co*`), words spelt
    nearly so, a pasted page or a dozen phrases take twenty to ninety.
    """
    return "*" in query or "~" in query or query.count('"') > 2 * PHRASES_CHEAP or len(query.split()) > PROSE_WORDS


def put_aside(app: Flask, ways: Ways) -> None:
    """Has what is costly answered by the process that *ways* lead to, one of each lane at a time.

    In a worker, a thread that adds up thousands of words would keep the interpreter from all others.
    """
    waiting = {lane: Waiting(lane, way) for lane, way in ways.items()}

    @app.before_request
    def ask() -> Response | None:
        body = request.get_data() if request.method == "POST" else b""  # kept for whoever reads it after us
        lane = _lane()
        if lane is None:
            return None
        # Of an answer to HEAD the body is left out here, where its length is known.
        environ = {**request.environ, "REQUEST_METHOD": "GET"} if request.method == "HEAD" else request.environ
        told = waiting[lane].ask(environ, body)
        if told is None:
            response = errors.answer(503, lane.busy)
            response.headers["Retry-After"] = str(int(lane.patience_seconds / 2))
            return response
        g.paid_aside = told.seconds
        return Response(told.body, told.status, told.headers)


def _lane() -> Lane | None:
    if request.path in EXPORTED:
        return EXPORTS
    asked = [*request.args.getlist("q"), *request.args.getlist("mark")]
    values = sum(map(len, request.args.listvalues()))
    if request.method == "POST":
        asked += [*request.form.getlist("q"), *request.form.getlist("then")]
        values += sum(map(len, request.form.listvalues())) + request.form.get("then", "").count("&")
    return QUESTIONS if values > VALUES_CHEAP or any(is_costly(text) for text in asked) else None
