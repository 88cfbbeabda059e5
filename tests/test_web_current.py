"""What is ready before a new generation is shown: nobody waits while a page that was read before is put together."""

from __future__ import annotations

import shutil
import time
from itertools import count
from pathlib import Path

import pytest
from small_site import build, site_of, stop, write_collection

from index.current import open_generation
from index.generations import DataFolder
from index.home import FolderHome
from web import current, reader
from web.current import Preparing, Serving


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    collection = write_collection(tmp_path / "collection")
    for seed in (1, 2):
        build(collection, tmp_path / "data", seed)
    return DataFolder(tmp_path / "data")


def prepared(data: DataFolder, clock: list[float] | None = None) -> tuple[Serving, Serving]:
    """The serving of the first generation, of which every page was read, and of the second."""
    ticks = iter(clock or [])
    preparing = Preparing(FolderHome(data), clock=lambda: next(ticks, 0.0))
    first, second = (open_generation(data, name) for name in ("g000001", "g000002"))
    preparing(first)
    old = first.extras["web"]
    assert isinstance(old, Serving)
    for document in old.snapshot.documents:
        old.readers.page(document)
    preparing(second)
    new = second.extras["web"]
    assert isinstance(new, Serving)
    first.close()
    second.close()
    return old, new


def test_pages_that_were_read_are_ready_in_the_next_generation(data: DataFolder) -> None:
    old, new = prepared(data)

    assert sorted(new.readers.asked) == sorted(old.readers.asked)
    assert len(new.readers.asked) > 1


def test_a_new_generation_is_not_kept_waiting_for_pages(data: DataFolder) -> None:
    _, new = prepared(data, [0.0, 0.0, 0.0, current.WARM_SECONDS + 1])

    assert len(new.readers.asked) == 1


def test_a_page_is_put_together_once_a_generation_and_never_while_its_reader_waits(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.current.POLL_SECONDS", 0.02)
    current_file = data.path / "CURRENT"
    shutil.rmtree(data.folder("g000002"))
    current_file.unlink()
    app = site_of(data.path)
    client = app.test_client()
    assert client.get("/documents/letters").headers["Pincite-Generation"] == "g000001"
    made = count()
    real = reader._Assembly.page
    monkeypatch.setattr(reader._Assembly, "page", lambda self: (next(made), real(self))[1])
    build(data.path.parent / "collection", data.path, 3)
    end = time.monotonic() + 20
    while client.get("/healthz").headers["Pincite-Generation"] == "g000001":
        assert time.monotonic() < end
        time.sleep(0.02)
    before = next(made)
    client.get("/documents/letters")
    after = next(made)
    stop(app)

    assert (before, after) == (1, 2), "counted at each look too"
