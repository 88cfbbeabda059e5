"""`pincite serve` as a process of its own: what it may write, and what it does beside answering."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from building import Record
from served_site import Site, served, until

from web.commands.serving import _prepared
from web.costly import EXPORTS
from web.fonts import Fonts


@pytest.fixture
def folder() -> Iterator[Path]:
    """Below the folder of temporary files, where other users may look too."""
    made = Path(tempfile.mkdtemp(prefix="pincite-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.rglob("*"))}


# Root writes everywhere: as another user, or without the right to pass over the rights of files, it cannot.
OTHERS = (
    ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"),
)


# Whether Python, its packages and a child of it start at all: they may stand where that other user may not look.
STARTS = (
    sys.executable,
    "-c",
    "import subprocess, sys\ntry:\n import flask\n subprocess.run([sys.executable, '-c', ''], check=True)\n"
    "except Exception:\n sys.exit(1)",
)


@contextmanager
def unwritable(folder: Path) -> Iterator[tuple[str, ...]]:
    """Nothing below *folder* can be written by a command that begins with what is given."""
    prefix: tuple[str, ...] = ()
    if not os.getuid():
        if not shutil.which("setpriv"):
            pytest.skip("root can write everywhere, and there is no setpriv to become another user")
        prefix = next(one for one in OTHERS if not subprocess.run([*one, *STARTS], check=False, cwd="/").returncode)
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield prefix
    for path, mode in modes.items():
        path.chmod(mode)


def test_the_site_needs_no_right_to_write_and_has_its_typefaces_all_the_same(folder: Path) -> None:
    record = Record(folder, {"letter": "A letter about barges.[^1]\n\n[^1]: A note."})
    record.build()
    link = record.links()["A letter about barges."]
    temporary = folder / "temporary"
    temporary.mkdir()
    temporary.chmod(0o777)
    before = state(record.data.path), state(record.folder)
    with unwritable(record.data.path) as prefix, served(record, before=prefix, temporary=temporary) as site:
        for path in ("/", "/search?q=barges", "/documents/letter", link, "/api/v1/search?q=barges", "/timeline"):
            assert site.get(path)[:2] == (200, "g000001"), path
        if Fonts.installed(folder) is not None:
            until(lambda: bool(list(temporary.glob("pincite-*/*.woff2"))))
        assert "takes no files (Permission denied)" in site.said
        assert "Traceback" not in site.said
    assert (state(record.data.path), state(record.folder)) == before
    assert list(temporary.iterdir()) == []

    record.build()
    assert record.data.names() == ["g000001", "g000002"]


def test_where_no_folder_takes_files_pages_stand_in_the_readers_own_typefaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("web.commands.serving.tempfile.mkdtemp", full)
    monkeypatch.setattr("web.commands.serving.prepare_beside", lambda folder: None)
    with _prepared(tmp_path / "nowhere") as folder:
        assert not folder.exists()
    assert "in the reader's own typefaces" in capsys.readouterr().err


def test_a_watched_collection_is_rebuilt_and_a_broken_document_stops_nothing(folder: Path) -> None:
    record = Record(folder, {"letter": "A letter about barges.", "note": "A note about cranes."})
    record.build()
    with served(record, "--watch") as site:
        assert site.get("/")[1] == "g000001"
        time.sleep(1)
        record.write("letter", "---\ntitle: a: b\n---\n\nNothing to be read.")
        record.write("note", "A note about winches.")
        until(lambda: shows(site, "/documents/note", "g000002", "winches"))
        until(lambda: shows(site, "/documents/letter", "g000002", "barges"))
        until(lambda: "has faults, as listed" in site.said)
        assert "documents/letter.md:" in site.said
        record.write("letter", "A letter about tugs.")
        until(lambda: shows(site, "/documents/letter", "g000003", "tugs"))
    assert "Worker" not in site.said


def shows(site: Site, path: str, generation: str, words: str) -> bool:
    """Whether an answer is of *generation* already (each worker changes over by itself), and then has *words*."""
    status, shown, content = site.get(path)
    assert status == 200
    assert (words in content) or shown != generation
    return shown == generation


def test_more_exports_at_once_than_pass_the_gate_wait_in_turn_and_no_reader_of_pages_with_them(folder: Path) -> None:
    record = Record(folder, {"letter": "\n\n".join(f"Sentence {number} of a letter." for number in range(400))})
    record.build()
    answers: list[tuple[int, int]] = []
    with served(record, "--workers", "1") as site:
        site.get("/")

        def export() -> None:
            status, _, body = site.get("/search.csv?q=sentence")
            answers.append((status, body.count("\n")))

        threads = [threading.Thread(target=export) for _ in range(EXPORTS.waiting_at_most)]
        for thread in threads:
            thread.start()
        pages = [site.get("/documents/letter")[0] for _ in range(5)]
        for thread in threads:
            thread.join()

    assert pages == [200] * 5
    assert answers == [(200, 401)] * EXPORTS.waiting_at_most
