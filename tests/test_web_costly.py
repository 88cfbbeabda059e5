"""That what is costly waits for its like, one at a time on the machine, and cheap questions for none of it."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from small_site import build, site_of, stop, write_collection

from web.app import create_app
from web.aside import Lane, Waiting, Ways, answer_all, start
from web.config import SiteSettings
from web.costly import EXPORTS, LANES, QUESTIONS, THREADS, is_costly
from web.ratelimit import EXPORT_COSTS, REQUESTS_AT_ONCE, RateLimit
from web.workers import Shared

QUICK = Lane(2, 20.0, "busy")
ENVIRON: dict[str, object] = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "REMOTE_ADDR": "192.0.2.1"}


@pytest.mark.parametrize(
    ("query", "costly"),
    [
        ("", False),
        ("executions denied", False),
        ('"prison massacres" month:1988-11', False),
        ("execut*", True),
        ("denid~", True),
        ('"a b" "c d" "e f" "g h" "i j"', True),
        ("one word after another " * 20, True),
    ],
)
def test_what_stands_for_many_words_is_costly(query: str, costly: bool) -> None:
    assert is_costly(query) is costly


def telling(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """An application that says who it is and what it was asked; `/die` ends it."""
    if environ["PATH_INFO"] == "/die":
        os._exit(9)
    start_response("200 OK", [("X-Asked", environ["PATH_INFO"])])
    return [f"{os.getpid()} {os.nice(0)} {environ.get('REMOTE_ADDR')} ".encode(), environ["wsgi.input"].read()]


def told(waiting: Waiting, path: str = "/", body: bytes = b"") -> list[str]:
    answer = waiting.ask({**ENVIRON, "PATH_INFO": path}, body)
    assert answer is not None
    assert (answer.status, answer.headers) == ("200 OK", [("X-Asked", path)])
    return answer.body.decode().split(" ", 3)


@pytest.fixture
def ways() -> Iterator[Ways]:
    """Two lanes to a process that runs `telling`."""
    ways = start(lambda: telling, [QUICK, replace(QUICK, busy="other")])
    yield ways
    for way in ways.values():
        way.close()


def test_another_process_answers_at_a_lower_priority_and_is_not_told_who_asks(ways: Ways) -> None:
    process, nice, who, body = told(Waiting(QUICK, ways[QUICK]), "/a b", b"q=" + b"x" * 64_000)

    assert int(process) not in (os.getpid(), os.getppid())
    assert int(nice) > os.nice(0)
    assert (who, body) == ("None", "q=" + "x" * 64_000)


def test_should_it_die_over_a_question_that_one_has_no_answer_and_the_next_ones_have(ways: Ways) -> None:
    waiting = Waiting(QUICK, ways[QUICK])
    first = told(waiting)[0]
    assert waiting.ask({**ENVIRON, "PATH_INFO": "/die"}, b"") is None

    assert told(waiting)[0] != first


def test_it_ends_when_nobody_is_left_who_could_ask(ways: Ways) -> None:
    process = int(told(Waiting(QUICK, ways[QUICK]))[0])
    for way in ways.values():
        way.close()
    until = time.monotonic() + 20
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < until
        time.sleep(0.01)


class Held:
    """An application that answers when it is let, one question after another."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Semaphore(0)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        self.let.acquire()
        start_response("200 OK", [])
        return [b"whole"]


@pytest.fixture
def held() -> Iterator[tuple[Held, socket.socket]]:
    app = Held()
    way, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    thread = threading.Thread(target=answer_all, args=(end, app))
    thread.start()
    yield app, way
    app.let.release(100)
    way.close()
    thread.join()
    end.close()


def test_one_is_answered_at_a_time_in_the_order_in_which_they_came(held: tuple[Held, socket.socket]) -> None:
    app, way = held
    lane = replace(QUICK, waiting_at_most=5)
    workers, answers = (Waiting(lane, way), Waiting(lane, way)), []
    threads = []
    for number in range(6):
        threads.append(
            threading.Thread(
                target=lambda number: answers.append(workers[number % 2].ask({"PATH_INFO": f"/{number}"}, b"")),
                args=(number,),
            )
        )
        threads[-1].start()
        while workers[number % 2]._places._value > 4 - number // 2:
            time.sleep(0.001)
        time.sleep(0.01)  # from its place to the lane
    assert len(app.asked) <= 1
    app.let.release(6)
    for thread in threads:
        thread.join()

    assert app.asked == [f"/{number}" for number in range(6)]
    assert all(one is not None and one.body == b"whole" for one in answers)


def test_in_one_worker_few_wait_and_who_loses_patience_is_not_answered_in_vain(
    held: tuple[Held, socket.socket],
) -> None:
    app, way = held
    hasty = Waiting(replace(QUICK, patience_seconds=0.2), way)
    gone = [threading.Thread(target=hasty.ask, args=({"PATH_INFO": f"/{number}"}, b"")) for number in range(2)]
    for thread in gone:
        thread.start()
        while not app.asked:
            time.sleep(0.001)
    while hasty._places._value:
        time.sleep(0.001)
    assert hasty.ask({"PATH_INFO": "/more"}, b"") is None, "one more than may wait"
    for thread in gone:
        thread.join()
    app.let.release(2)

    assert hasty.ask({"PATH_INFO": "/next"}, b"") is not None
    assert app.asked == ["/0", "/next"]


def test_where_nobody_answers_who_asks_is_sent_away_at_once() -> None:
    way, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    end.close()
    with way:
        assert Waiting(QUICK, way).ask(ENVIRON, b"") is None


@pytest.fixture
def data(tmp_path: Path) -> Path:
    build(write_collection(tmp_path / "collection"), tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def both(data: Path) -> Iterator[tuple[Flask, Flask]]:
    """A site that puts aside what is costly, and one that answers everything itself."""
    alone = site_of(data)
    pairs = {lane: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for lane in LANES}
    threads = [threading.Thread(target=answer_all, args=(end, alone)) for _, end in pairs.values()]
    for thread in threads:
        thread.start()
    site = create_app(SiteSettings(data), Shared(aside={lane: way for lane, (way, _) in pairs.items()}))
    yield site, alone
    stop(site)
    for way, _ in pairs.values():
        way.close()
    for thread in threads:
        thread.join()
    for _, end in pairs.values():
        end.close()
    stop(alone)


ASKED = (
    "/search?q=barg*",
    "/search?q=%D8%AA%D8%B1*&month=1988-11",
    "/api/v1/search?q=barg*",
    "/api/v1/search?q=barg*&nothing=1",
    "/documents/letters?mark=barg*",
    "/documents/none?mark=barg*",
    "/search.csv?q=barge",
    "/search.json?q=barge",
    "/search.csv?q=barge&month=never",
    "/search?q=barge" + "".join(f"&month=19{year}-11" for year in range(50, 95)),
)


@pytest.mark.parametrize("address", ASKED)
def test_an_answer_from_aside_is_the_same_to_the_last_header(both: tuple[Flask, Flask], address: str) -> None:
    for method in ("get", "head", "put"):
        for taken in ("gzip", "br", ""):
            here, there = (
                getattr(site.test_client(), method)(address, headers={"Accept-Encoding": taken}) for site in both
            )
            same = sorted(name for name, _ in there.headers)
            if "csv" in address or "json" in address:  # what comes whole can be compressed, and has a length
                same = [name for name in same if name not in ("Content-Length", "Content-Encoding")]
            assert here.status == there.status
            assert [here.headers[name] for name in same] == [there.headers[name] for name in same]
            if not taken:
                assert here.data == there.data


def test_a_private_search_is_put_aside_with_its_words(both: tuple[Flask, Flask]) -> None:
    here, there = (site.test_client().post("/search", data={"q": "barg*", "month": "1988-11"}) for site in both)

    assert here.status_code == 200
    assert here.data == there.data


def test_where_all_places_are_taken_cheap_questions_are_answered_and_others_told_to_wait(data: Path) -> None:
    way, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    end.close()
    app = create_app(SiteSettings(data), Shared(aside=dict.fromkeys(LANES, way)))
    client = app.test_client()
    page, answer = client.get("/search?q=barg*"), client.get("/api/v1/search?q=barg*")
    private = client.post("/search", data={"q": "barg*"})

    assert [one.status_code for one in (page, answer, private)] == [503] * 3
    assert 0 < int(page.headers["Retry-After"]) <= QUESTIONS.patience_seconds
    assert "costly questions" in page.text
    assert answer.mimetype == "application/problem+json"
    assert client.get("/search?q=barge").status_code == client.get("/documents/letters?mark=barge").status_code == 200
    for form in ("csv", "json"):
        refused = client.get(f"/search.{form}?q=barge")
        assert (refused.status_code, "files are being made" in refused.text) == (503, True)
        assert 0 < int(refused.headers["Retry-After"]) <= EXPORTS.patience_seconds
    stop(app)
    way.close()


def test_threads_are_left_for_everybody_else() -> None:
    assert THREADS - sum(lane.waiting_at_most for lane in LANES) >= 8


def test_who_asks_what_is_costly_again_and_again_waits_longer() -> None:
    limit = RateLimit(lambda: 1000.0, lambda size: b"k" * size)
    assert limit.wait("192.0.2.2") == 0
    for _ in range(3):
        limit.wait("192.0.2.1")
        limit.charge("192.0.2.1", 60.0)

    assert limit.wait("192.0.2.1") > 0
    assert limit.wait("192.0.2.1") <= 2 * REQUESTS_AT_ONCE
    assert limit.wait("192.0.2.2") == 0


def test_who_has_taken_a_whole_result_with_them_reads_on() -> None:
    limit = RateLimit(lambda: 1000.0, lambda size: b"k" * size)
    assert limit.wait("192.0.2.1", EXPORT_COSTS) == 0
    limit.charge("192.0.2.1", 5.0)

    assert limit.wait("192.0.2.1") == 0


def test_a_proxy_is_seen_by_all_workers_and_told_of_once() -> None:
    shared = Shared()
    worker = os.fork()
    if not worker:
        os._exit(0 if shared.proxy.note() else 1)
    _, status = os.waitpid(worker, 0)

    assert (status, bool(shared.proxy), shared.proxy.note()) == (0, True, False)
