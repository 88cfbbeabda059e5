"""That costly questions wait for each other, one at a time on the machine, and cheap ones for none of them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_site import build, site_of, stop, write_collection

from web.gate import EXPORTS, QUESTIONS, THREADS, Gate, gate_file, is_costly
from web.ratelimit import REQUESTS_AT_ONCE, RateLimit
from web.shared import Shared


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


def test_one_goes_through_at_a_time_whatever_the_worker() -> None:
    """Two processes that inherited the file, as workers do."""
    file = gate_file()
    gate = Gate(file, EXPORTS)
    assert gate.enter()
    came, told = os.pipe()
    if not os.fork():
        now = iter((0.0, EXPORTS.patience_seconds + 1, EXPORTS.patience_seconds + 1))
        os.write(told, b"through" if Gate(file, EXPORTS, lambda: next(now)).enter() else b"shut")
        os._exit(0)
    os.wait()
    while_inside = os.read(came, 9)
    gate.leave()
    if not os.fork():
        os.write(told, b"through" if Gate(file, EXPORTS).enter() else b"shut")
        os._exit(0)  # with the gate in its hands: it opens again for the others
    os.wait()

    assert (while_inside, os.read(came, 9)) == (b"shut", b"through")
    assert gate.enter()
    gate.leave()


def test_in_one_worker_no_two_are_inside_and_few_stand_before_it() -> None:
    gate, inside, most, through = Gate(gate_file(), EXPORTS), 0, 0, 0
    lock, first = threading.Lock(), threading.Event()
    assert gate.enter()

    def ask() -> None:
        nonlocal inside, most, through
        if not gate.enter():
            return
        with lock:
            inside, through = inside + 1, through + 1
            most = max(most, inside)
        first.wait(0.01)
        with lock:
            inside -= 1
        gate.leave()

    threads = [threading.Thread(target=ask) for _ in range(EXPORTS.standing_at_most + 3)]
    for thread in threads:
        thread.start()
    while sum(thread.is_alive() for thread in threads) > EXPORTS.standing_at_most - 1:
        first.wait(0.005)
    gate.leave()
    for thread in threads:
        thread.join()

    assert (most, through) == (1, EXPORTS.standing_at_most - 1)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    build(write_collection(tmp_path / "collection"), tmp_path / "data")
    app = site_of(tmp_path / "data")
    yield app
    stop(app)


@pytest.fixture
def shut(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A site where as many stand before both gates as may."""
    for name, lane in (("QUESTIONS", QUESTIONS), ("EXPORTS", EXPORTS)):
        monkeypatch.setattr(f"web.app.{name}", replace(lane, standing_at_most=0))
    site = site_of(app.extensions["pincite"].data.path)
    yield site.test_client()
    stop(site)


def test_while_the_gate_is_shut_cheap_questions_are_answered_and_costly_ones_told_to_wait(shut: FlaskClient) -> None:
    client = shut
    page, answer = client.get("/search?q=barg*"), client.get("/api/v1/search?q=barg*")
    private = client.post("/search", data={"q": "barg*"})

    assert [one.status_code for one in (page, answer, private)] == [503] * 3
    assert int(page.headers["Retry-After"]) > 0
    assert "costly questions" in page.text
    assert answer.mimetype == "application/problem+json"
    assert client.get("/search?q=barge").status_code == client.get("/documents/letters?mark=barge").status_code == 200
    for form in ("csv", "json"):
        refused = client.get(f"/search.{form}?q=barge")
        assert (refused.status_code, "files are being made" in refused.text) == (503, True)
        assert 0 < int(refused.headers["Retry-After"]) <= EXPORTS.patience_seconds


def test_whoever_comes_first_goes_first_and_nobody_is_sent_away_who_may_stand() -> None:
    gate, order, lock = Gate(gate_file(), EXPORTS), [], threading.Lock()
    assert gate.enter()

    def ask(number: int) -> None:
        assert gate.enter()
        with lock:
            order.append(number)
        gate.leave()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(EXPORTS.standing_at_most - 1)]
    for count, thread in enumerate(threads, 2):
        thread.start()
        while len(gate._standing) < count:
            time.sleep(0.001)
    assert not gate.enter(), "one more than may stand"
    gate.leave()
    for thread in threads:
        thread.join()

    assert order == list(range(len(threads)))
    assert gate.enter()


def test_who_loses_patience_leaves_the_turn_to_the_others() -> None:
    hasty = replace(EXPORTS, patience_seconds=0.05)
    gate = Gate(gate_file(), hasty)
    assert gate.enter()
    assert not gate.enter()
    gate.leave()

    assert gate.enter()
    gate.leave()


def test_questions_do_not_wait_for_exports_and_threads_are_left_for_everybody_else() -> None:
    file = gate_file()
    exports, questions = Gate(file, EXPORTS), Gate(file, QUESTIONS)
    assert exports.enter()
    assert questions.enter()
    came, told = os.pipe()
    if not os.fork():
        now = iter((0.0, 100.0, 100.0))
        os.write(told, b"through" if Gate(file, QUESTIONS, lambda: next(now)).enter() else b"shut")
        os._exit(0)
    os.wait()
    exports.leave()

    assert os.read(came, 9) == b"shut", "letting an export go must not open the other lane"
    assert THREADS - EXPORTS.standing_at_most - QUESTIONS.standing_at_most >= 8


def test_the_gate_opens_again_whatever_becomes_of_the_question(app: Flask) -> None:
    client = app.test_client()
    for address in ("/search?q=barg*", "/api/v1/search?q=barg*&nothing=1", "/documents/none?mark=barg*") * 3:
        assert client.get(address).status_code in (200, 400, 404)
    for method in ("post", "put"):
        getattr(client, method)("/search", data={"q": "barg*"})

    assert client.get("/search?q=barg*").status_code == 200


def test_who_asks_what_is_costly_waits_longer() -> None:
    limit = RateLimit(lambda: 1000.0, lambda size: b"k" * size)
    assert limit.wait("192.0.2.1") == limit.wait("192.0.2.2") == 0
    limit.charge("192.0.2.1", 60.0)

    assert limit.wait("192.0.2.1") > 0
    assert limit.wait("192.0.2.1") <= 2 * REQUESTS_AT_ONCE
    assert limit.wait("192.0.2.2") == 0


def test_a_proxy_is_seen_by_all_workers_and_told_of_once() -> None:
    shared = Shared()
    if not os.fork():
        os._exit(0 if shared.see_proxy() else 1)
    _, status = os.wait()

    assert (status, shared.proxy_seen, shared.see_proxy()) == (0, True, False)
