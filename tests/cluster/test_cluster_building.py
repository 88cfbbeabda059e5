"""Whatever goes wrong while a cluster is fed, the generation before serves on, and the next build succeeds."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nodes import Nodes
from site_there import Fed, stop

from index.cluster import feeding, sending
from index.cluster.client import Access, Cluster
from index.cluster.feeding import ClusterFeeder, NotMovedError, OtherFolderError
from index.cluster.sending import PassageRefusedError, QueueFullError
from index.cluster.standing import FedAmissError, standing
from index.feeding import EngineError


@pytest.fixture
def record(nodes: Nodes, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Fed]:
    name = request.node.name.removeprefix("test_").partition("[")[0][:60].strip("_")
    made = Fed(tmp_path, nodes, f"building.{name}")
    yield made
    ClusterFeeder(made.cluster).keep(made.identifier, ())


def both(*generations: str) -> set[str]:
    """The indexes of *generations*."""
    return {name for one in generations for name in (one, f"{one}-files")}


def served(record: Fed) -> str | None:
    return standing(record.cluster, record.identifier).served


def test_one_generation_after_another_is_served_and_as_many_are_kept_as_here(record: Fed) -> None:
    for number in range(6):
        record.write("notes", f"---\ntitle: Notes\n---\n\nNote {number} of the harbour.\n")
        record.build()

    assert served(record) == record.data.names()[-1]
    assert record.indexes() == both(*record.data.names())


def test_a_collection_whose_name_begins_alike_is_left_alone(record: Fed, nodes: Nodes, tmp_path: Path) -> None:
    other = Fed(tmp_path / "other", nodes, f"{record.identifier}-g000001")
    other.build()
    record.build()
    record.feeder.keep(record.identifier, ())

    assert served(other) == "g000001"
    ClusterFeeder(other.cluster).keep(other.identifier, ())


def test_a_passage_that_is_refused_is_named(record: Fed, monkeypatch: pytest.MonkeyPatch) -> None:
    record.build()
    true_passage = feeding.passage

    def passage(snapshot: Any, position: int, *rest: Any) -> dict[str, object]:
        return true_passage(snapshot, position, *rest) | ({"position": "fourth"} if position == 3 else {})

    with monkeypatch.context() as patched:
        patched.setattr(feeding, "passage", passage)
        record.write("barges", "---\ntitle: Barges\n---\n\nFive barges were lost.\n")
        with pytest.raises(PassageRefusedError, match=r"refuses \w+~\w+: .*position"):
            record.build()

    assert served(record) == "g000001"
    assert record.indexes() == both("g000001")
    record.build()
    assert served(record) == "g000002"


@pytest.mark.parametrize("how", ["whole", "some"])
def test_a_full_queue_is_waited_for(record: Fed, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    ask, turned_away = Cluster.ask, [2]

    def busy(self: Cluster, method: str, path: str, *rest: Any, **more: Any) -> Any:
        if path.endswith("/_bulk") and turned_away[0]:
            turned_away[0] -= 1
            if how == "whole":
                raise sending.RefusedError("passages", 429, "rejected_execution_exception")
            answer = ask(self, method, path, *rest, **more)
            answer["errors"] = True
            answer["items"][0]["index"] = {"status": 429}
            return answer
        return ask(self, method, path, *rest, **more)

    monkeypatch.setattr(Cluster, "ask", busy)
    monkeypatch.setattr(sending, "WAIT_SECONDS", 0.01)
    record.build()
    assert served(record) == "g000001"
    turned_away[0] = 1_000
    with pytest.raises(QueueFullError, match="queue is full"):
        record.build()
    assert served(record) == "g000001"


@pytest.mark.parametrize("lost", ["g000002", "g000002-files"])
def test_what_was_lost_on_the_way_is_noticed(record: Fed, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    record.build()
    finish = ClusterFeeder._finish

    def losing(self: ClusterFeeder, name: str) -> None:
        finish(self, name)
        if name.endswith(f"-{lost}"):
            found = record.cluster.ask("POST", f"{name}/_search", {"size": 1}, what="to look")["hits"]["hits"][0]
            record.cluster.ask("DELETE", f"{name}/_doc/{found['_id']}", what="to lose one", refresh="true")

    monkeypatch.setattr(ClusterFeeder, "_finish", losing)
    with pytest.raises(EngineError):
        record.build()
    assert served(record) == "g000001"
    assert record.indexes() == both("g000001")


def test_a_cluster_that_is_away_is_named_and_nothing_is_published(record: Fed) -> None:
    record.build()
    current = record.data.current()
    done = record.run("build", urls=["http://127.0.0.1:9"])

    assert done.returncode == 1
    assert "no node of the cluster answers" in done.stderr
    assert "127.0.0.1:9" in done.stderr
    assert record.data.current() == current


def test_an_alias_that_does_not_move_is_told_and_moved_by_the_next_build(
    record: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.build()
    ask = Cluster.ask

    def broken(self: Cluster, method: str, path: str, *rest: Any, **more: Any) -> Any:
        if path == "_aliases":
            raise EngineError("the node went away")
        return ask(self, method, path, *rest, **more)

    record.write("barges", "---\ntitle: Barges\n---\n\nFive barges were lost.\n")
    with monkeypatch.context() as patched:
        patched.setattr(Cluster, "ask", broken)
        with pytest.raises(NotMovedError, match="Build again"):
            record.build()
    assert served(record) == "g000001"
    assert not record.build(if_changed=True).published
    assert served(record) == "g000002"


def test_a_generation_made_without_the_cluster_is_fed_by_the_next_build_if_changed(record: Fed) -> None:
    record.build()
    alone, record.feeder = record.feeder, None  # type: ignore[assignment]
    record.write("barges", "---\ntitle: Barges\n---\n\nFive barges were lost.\n")
    record.build()
    record.feeder = alone
    assert served(record) == "g000001"
    record.build(if_changed=True)
    assert served(record) == record.data.names()[-1] == "g000003"


def test_a_builder_whose_disk_was_lost_goes_on_after_what_the_cluster_has(
    record: Fed, nodes: Nodes, tmp_path: Path
) -> None:
    record.build()
    again = Fed(tmp_path / "again", nodes, record.identifier)
    again.build()

    assert served(record) == "g000002"
    with pytest.raises(OtherFolderError):
        again.feeder.feed(again.data.folder("g000002"), again.identifier, "g000002", "")


def test_killed_at_any_moment_the_generation_before_serves_on(record: Fed) -> None:
    record.build()
    chance = random.Random(7)
    began = time.monotonic()
    assert record.run("build").returncode == 0
    whole = time.monotonic() - began
    for number in range(6):
        record.write("notes", f"---\ntitle: Notes\n---\n\nNote {number} of the harbour.\n")
        with subprocess.Popen(
            record.command("build"), env=record.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as builder:
            time.sleep(whole * chance.uniform(0.4, 1.0))
            builder.send_signal(signal.SIGKILL)
        current = record.data.current()
        found = standing(record.cluster, record.identifier)
        assert current is not None
        assert found.served is not None
        # The data folder goes first: the cluster serves it, or the one before.
        assert found.served in record.data.names()
        assert int(current.generation[1:]) - int(found.served[1:]) <= 1 + number
        assert record.run("search", "ferry", "--json", data=False).returncode == 0
    done = record.run("build", "--json")
    assert done.returncode == 0, done.stderr
    assert served(record) == json.loads(done.stdout)["generation"]
    assert record.indexes() == both(*record.data.names())


def test_a_cluster_that_lost_something_later_is_found_out_by_verify(record: Fed) -> None:
    record.build()
    assert "whole in the cluster" in record.run("verify").stdout
    index = f"pincite-{record.identifier}-g000001"
    record.cluster.ask("DELETE", f"{index}/_doc/{identity(record, 2)}", what="to lose one", refresh="true")
    done = record.run("verify")

    assert done.returncode == 1
    assert "not whole" in done.stdout


def identity(record: Fed, position: int) -> str:
    asked = {"query": {"term": {"position": position}}}
    found = record.cluster.ask("POST", f"pincite-{record.identifier}-g000001/_search", asked, what="to look")
    return str(found["hits"]["hits"][0]["_id"])


def test_rollback_and_status_speak_of_the_cluster(record: Fed) -> None:
    record.build()
    record.write("barges", "---\ntitle: Barges\n---\n\nFive barges were lost.\n")
    record.build()
    links = [link for link in record.links().values() if "/barges/" in link]
    assert record.run("rollback").returncode == 0
    assert served(record) == "g000001"
    status = json.loads(record.run("status", "--json").stdout)
    assert status["cluster"] == {
        "collection": record.identifier,
        "served": "g000001",
        "generations": ["g000001", "g000002"],
    }
    assert json.loads(record.run("status", "--json", data=False).stdout)["cluster"]["served"] == "g000001"
    five = next(link for link in links if "/barges/" in link)
    after = record.run("links", "--json", five, data=False).stdout
    assert json.loads(after)["verdict"] == "gone"
    assert "not in this edition" in json.loads(after)["reason"]


def test_what_is_taken_down_is_in_no_index_of_the_cluster(record: Fed, monkeypatch: pytest.MonkeyPatch) -> None:
    record.write("secret", "---\ntitle: A letter\n---\n\nThe quartermaster hid zirconium under the pier.\n")
    record.build()
    record.write("notes", "---\ntitle: Notes\n---\n\nA note.\n")
    record.build()
    assert json.loads(record.run("search", "zirconium", "--json", data=False).stdout)["total"] == 1
    done = record.run("purge", "secret", "--source")

    assert done.returncode == 0, done.stderr
    assert json.loads(record.run("search", "zirconium", "--json", data=False).stdout)["total"] == 0
    assert record.indexes() == both("g000003")
    assert "backups of the cluster" in done.stdout + done.stderr


def test_credentials_are_shown_nowhere(record: Fed) -> None:
    record.build()
    address = record.urls[0].replace("http://", "http://keeper:pa55word@")
    done = record.run("search", "ferry", urls=[address])

    assert done.returncode == 1
    assert "must not hold a name and a password" in done.stderr
    assert "pa55word" not in done.stdout + done.stderr
    access = Access(record.urls, "keeper", "pa55word")
    assert "pa55word" not in repr(access)


def test_a_served_page_names_the_generation_fed(record: Fed, tmp_path: Path) -> None:
    record.build()
    app = record.app(tmp_path / "prepared")
    try:
        assert app.test_client().get("/healthz").get_data(as_text=True) == "ok g000001\n"
    finally:
        stop(app)


def test_what_was_fed_from_another_manifest_is_not_taken_for_this(record: Fed) -> None:
    record.build()

    with pytest.raises(FedAmissError):
        record.feeder.check(record.data.folder("g000001"), record.identifier, "g000001", "0" * 64)
