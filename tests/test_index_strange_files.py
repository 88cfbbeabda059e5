"""Whatever stands in place of a file (a pipe, a device, a folder, a hole of gigabytes), nothing hangs or is misread."""

from __future__ import annotations

import faulthandler
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from building import RENDERER, Record, silent

from corpus.plain_files import beginning_of, open_plain, read_plain
from corpus.problems import PinciteError
from index.build import check_collection
from index.current import open_current
from index.generations import DataFolder

TEXTS = {"letter": "A sentence of the letter.\n\nAnother of it.", "note": "A note of two lines.\n\nIts end."}
SECONDS = 240  # after which a test that hangs ends all of them, with its stack


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("x")


def dangling(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def door(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket may have 108 characters
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


STRANGE: list[Callable[[Path], None]] = [pipe, folder, dangling, circle, endless, terminal, hole, door]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("strange")
    record = Record(root, TEXTS)
    record.build()
    record.write("note", TEXTS["note"] + " Or nearly.")
    record.build()
    (record.folder / "officials.toml").write_text("")
    (record.folder / "permalinks" / "review.jsonl").write_text("")
    return root


@pytest.fixture
def record(original: Path, tmp_path: Path) -> Iterator[Record]:
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    shutil.copytree(original, tmp_path / "copy")
    made = Record.__new__(Record)
    made.folder, made.data, made.builds = tmp_path / "copy" / "collection", DataFolder(tmp_path / "copy" / "data"), 10
    yield made
    faulthandler.cancel_dump_traceback_later()


def put(strange: Callable[[Path], None], path: Path) -> None:
    path.unlink()
    strange(path)


@pytest.mark.parametrize("strange", STRANGE)
def test_only_files_are_read_and_no_more_of_them_than_is_wanted(
    tmp_path: Path, strange: Callable[[Path], None]
) -> None:
    path = tmp_path / "file"
    strange(path)
    with pytest.raises(OSError, match=r"Errno"):
        read_plain(path, 1_000)
    if strange is not hole:
        with pytest.raises(OSError, match=r"Errno"):
            open_plain(path)
    path.unlink() if path.is_symlink() or not path.is_dir() else shutil.rmtree(path)
    path.write_bytes(b"12345")
    assert (read_plain(path, 5), beginning_of(path, 3)) == (b"12345", b"123")
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read_plain(path, 4)


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize(
    "name",
    [
        "collection.toml", "officials.toml", "documents/letter.md", "permalinks/letter.jsonl",
        "permalinks/wordings/letter.jsonl", "permalinks/review.jsonl",
    ],
)  # fmt: skip
def test_a_collection_with_something_strange_in_it_is_told_of_and_built_or_not(
    record: Record, name: str, strange: Callable[[Path], None]
) -> None:
    before = sorted(record.texts())
    put(strange, record.folder / name)
    with suppress(PinciteError, OSError):
        check_collection(record.folder, RENDERER, silent)
    try:
        report = record.build()
    except PinciteError:
        assert sorted(record.texts()) == before
        return
    if name == "documents/letter.md":
        assert report.problems
    # A document that cannot be read keeps its passages; a dangling link to a list is as if there were none.
    assert sorted(record.texts()) == before or (name == "documents/letter.md" and report.changes.lost)


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize(
    "name",
    [
        "CURRENT", "COLLECTION", "BUILD.lock", "changes/g000002.json", "MANIFEST.json", "PIN", "passages.store",
        "MAIN_0.trm", "links.bin", "cache",
    ],
)  # fmt: skip
def test_a_data_folder_with_something_strange_in_it_serves_what_is_sound_and_the_next_build_mends_it(
    record: Record, name: str, strange: Callable[[Path], None]
) -> None:
    data = record.data
    path = next((one for one in (data.path / name, data.folder("g000002") / name) if one.is_file()), None)
    put(strange, path or next(data.cache.iterdir()))
    opened = open_current(data)
    generation = opened.generation
    opened.close()
    in_generation = path is not None and path.parent == data.folder("g000002")
    assert generation in (("g000001", "g000002") if in_generation else ("g000002",))
    try:
        assert record.build().generation == "g000003"
    except PinciteError:
        assert name == "BUILD.lock" or strange is folder, "a folder is not thrown away"
    assert "A sentence of the letter." in record.texts()
