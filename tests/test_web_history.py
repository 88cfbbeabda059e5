"""What the site says of editions: what changed since the one before, passage by passage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_site import build, site_of, stop, write_collection


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, FlaskClient, Path]]:
    """The site before and after a document was changed."""
    root = tmp_path_factory.mktemp("history")
    collection = write_collection(root / "collection")
    build(collection, root / "data")
    shutil.copytree(root / "data", root / "first")
    reply = collection / "documents" / "reply.md"
    text = reply.read_text().replace("no barge was lost", "hardly a barge was lost")
    reply.write_text(text + "\nA line was added about the lamps.\n")
    build(collection, root / "data", seed=2)
    first, second = site_of(root / "first"), site_of(root / "data")
    yield first.test_client(), second.test_client(), root / "data"
    stop(first)
    stop(second)


def test_the_changes_name_the_passages_of_each_kind(clients: tuple[FlaskClient, FlaskClient, Path]) -> None:
    answer = clients[1].get("/api/v1/changes").get_json()

    assert (answer["generation"], answer["since"]) == ("g000002", "g000001")
    assert answer["counts"] == {"gained": 1, "lost": 0, "moved": 0, "reworded": 1}
    assert [link.split("/")[2] for link in answer["gained"] + answer["reworded"]] == ["reply", "reply"]
    assert clients[1].get("/api/v1/changes?limit=1&since=g000001").get_json()["gained"] == answer["gained"]
    refused = clients[1].get("/api/v1/changes?since=g000009")
    assert refused.status_code == 404
    assert refused.get_json()["parameter"] == "since"


def test_the_first_edition_has_nothing_to_be_compared_with(clients: tuple[FlaskClient, FlaskClient, Path]) -> None:
    answer = clients[0].get("/api/v1/changes").get_json()

    assert answer["since"] is None
    assert not any(answer["counts"].values())
    assert "What changed" not in clients[0].get("/about").text


def test_the_page_about_the_record_leads_to_what_changed(clients: tuple[FlaskClient, FlaskClient, Path]) -> None:
    text = clients[1].get("/about").text

    assert "What changed since edition 1 of 4 May 2026" in text
    assert "New: 1 passage" in text
    assert "Reworded: 1 passage" in text
    link = clients[1].get("/api/v1/changes").get_json()["reworded"][0]
    assert f'href="{link}"' in text


def test_a_generation_that_is_deleted_meanwhile_is_no_fault(
    clients: tuple[FlaskClient, FlaskClient, Path], tmp_path: Path
) -> None:
    shutil.copytree(clients[2], tmp_path / "data")
    app = site_of(tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "generations" / "g000001")
    assert app.test_client().get("/api/v1/changes").get_json()["since"] is None
    stop(app)


def test_no_request_compares_and_an_edition_that_was_not_compared_says_so(
    clients: tuple[FlaskClient, FlaskClient, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compared(*_: object) -> None:
        raise AssertionError("a reader waits for a comparison")

    monkeypatch.setattr("index.changes.compare_editions", compared)
    monkeypatch.setattr("index.changes.compare", compared)
    assert clients[1].get("/api/v1/changes").get_json()["counts"]["gained"] == 1
    shutil.copytree(clients[2], tmp_path / "data")
    (tmp_path / "data" / "changes" / "g000002.json").write_bytes(b"{}")
    app = site_of(tmp_path / "data")
    answer = app.test_client().get("/api/v1/changes").get_json()
    about = app.test_client().get("/about")
    stop(app)

    assert (answer["since"], sum(answer["counts"].values())) == (None, 0)
    assert (about.status_code, "What changed" in about.text) == (200, False)
