"""What is counted: answers by kind of page, over all workers, and never what anybody asked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_site import build, site_of, stop, write_collection

from web.metrics import ROUTES_AT_MOST, Board, exposed


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("metrics")
    build(write_collection(root / "collection"), root / "data")
    app = site_of(root / "data")
    yield app.test_client()
    stop(app)


def counted(client: FlaskClient, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_answers_are_counted_by_kind_of_page_and_status_and_no_word_is_told(client: FlaskClient) -> None:
    searches, missing = (
        f'pincite_answers_total{{page="{page}",status="{status}"}}'
        for page, status in (("search.search_page", "2xx"), ("other", "4xx"))
    )
    before = counted(client, searches), counted(client, missing)
    client.get("/search?q=zebrafish", headers={"User-Agent": "Quokka/1.0"})
    client.get("/zebrafish")
    text = client.get("/metrics").text

    assert (counted(client, searches), counted(client, missing)) == (before[0] + 1, before[1] + 1)
    assert not re.search("zebrafish|quokka|127.0.0.1", text, re.IGNORECASE)
    assert "pincite_edition 1\n" in text
    assert "pincite_documents 2\n" in text


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Server"])
def test_nobody_else_may_ask(client: FlaskClient, name: str) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 404
    for address in ("192.0.2.7", "2001:db8::1", ""):
        assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == 404
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "::1"}).status_code == 200


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_workers_add_up_and_one_that_died_still_counts() -> None:
    board = Board()
    for worker in (1, 2, 3):
        child = os.fork()
        if not child:
            slot = board.slot(worker, ["a", "b"])
            for _ in range(1_000):
                slot.count("b", 200, 0.02)
            os._exit(0)
        os.waitpid(child, 0)
    slot = board.slot(4, ["a", "b"])
    slot.count("a", 503, 9.0)
    text = exposed(slot.routes, board.total(), ())

    assert 'pincite_answers_total{page="b",status="2xx"} 3000\n' in text
    assert 'pincite_answers_total{page="a",status="5xx"} 1\n' in text
    assert 'pincite_answer_seconds_bucket{page="b",le="0.01"} 0\n' in text
    assert 'pincite_answer_seconds_bucket{page="b",le="0.025"} 3000\n' in text
    assert 'pincite_answer_seconds_bucket{page="a",le="2.5"} 0\n' in text
    assert 'pincite_answer_seconds_count{page="a"} 1\n' in text
    assert 'pincite_answer_seconds_sum{page="b"} 60.000000\n' in text


def test_kinds_of_page_beyond_all_measure_count_together() -> None:
    board = Board()
    slot = board.slot(0, [f"r{at:03}" for at in range(2 * ROUTES_AT_MOST)])
    slot.count("r000", 200, 0.1)
    slot.count(f"r{2 * ROUTES_AT_MOST - 1:03}", 101, 0.1)

    assert len(slot.routes) == ROUTES_AT_MOST
    assert board.total()[:2, 0].tolist() == [1.0, 1.0]


def test_a_data_folder_that_may_only_be_read_will_do(tmp_path: Path) -> None:
    build(write_collection(tmp_path / "collection"), tmp_path / "data")
    before = sorted(path for path in (tmp_path / "data").rglob("*") if "static" not in path.parts)
    app = site_of(tmp_path / "data")
    assert app.test_client().get("/metrics").status_code == 200
    stop(app)

    assert sorted(path for path in (tmp_path / "data").rglob("*") if "static" not in path.parts) == before
