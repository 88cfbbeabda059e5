"""What a build wrote is on the disk before anything says so: held against the calls that it makes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from building import Record

from index.generations import DataFolder

sys.path.append(str(Path(__file__).parent / "crash"))
from faults import watched

TEXTS = {"letter": "A paragraph.[^1]\n\nAnother.\n\n[^1]: A note.", "note": "A note."}


# Whether it is a later build, and whose word is taken for its calls: what Python is asked, or what the kernel sees.
BUILDS = [(False, "python"), (True, "python"), (True, "kernel")]
TRACED = "open,openat,creat,write,pwrite64,writev,rename,renameat,renameat2,fsync,fdatasync,mkdir,mkdirat"
CALL = re.compile(
    r"(?:\d+ +)?(?:(?P<write>p?write\w*|fsync|fdatasync)\(\d+<(?P<held>[^>]*)>"
    r"|(?P<move>rename\w*)\(.*\"(?P<to>[^\"]*)\"(?:, \w+)?\) += 0"
    r"|(?P<made>mkdir\w*)\(.*\"(?P<folder>[^\"]*)\".* = 0"
    r"|(?:open\w*|creat)\(.*O_CREAT.* = \d+<(?P<opened>[^>]*)>)"
)


def calls_of_a_build(record: Record, way: str) -> list[tuple[str, Path]]:
    return traced(record) if way == "kernel" else watched_calls(record)


def watched_calls(record: Record) -> list[tuple[str, Path]]:
    with watched(record.folder.parent) as watch:
        record.build()
    return [(call, Path(path)) for call, path in watch.calls]


def traced(record: Record) -> list[tuple[str, Path]]:
    """The calls of a build in a process of its own, recorded by strace."""
    log = record.folder.parent.parent / "trace"
    strace = ["strace", "-f", "-y", "-s", "8", "-o", str(log), "-e"]
    if shutil.which("strace") is None or subprocess.run([*strace, "trace=fsync", "true"], check=False).returncode:
        pytest.skip(
            "strace is not installed, or may not trace here; Python's own calls are held against the same rules"
        )
    command = [sys.executable, "-m", "web.cli", "--collection", str(record.folder), "--data", str(record.data.path)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [*strace, f"trace={TRACED}", *command, "build"], check=True, env=environment, capture_output=True, cwd="/"
    )
    calls: list[tuple[str, Path]] = []
    for line in log.read_text(errors="replace").splitlines():
        found = CALL.match(line)
        if found is None:
            continue
        if found["write"]:
            call = "fsync" if "sync" in found["write"] else "write"
        else:
            call = "rename" if found["move"] else "mkdir" if found["made"] else "open"
        path = Path(found["held"] or found["to"] or found["folder"] or found["opened"])
        if path.is_relative_to(record.folder.parent):
            calls.append((call, path))
    return calls


@pytest.fixture
def record(tmp_path: Path) -> Record:
    (tmp_path / "watched").mkdir()
    return Record(tmp_path / "watched", TEXTS)


def positions(calls: list[tuple[str, Path]], call: str, path: Path) -> list[int]:
    return [at for at, found in enumerate(calls) if found == (call, path)]


@pytest.mark.parametrize(("edited", "way"), BUILDS, ids=["first", "later", "later, traced"])
def test_every_file_and_folder_is_on_the_disk_before_the_rename_and_before_the_swap(
    record: Record, edited: bool, way: str
) -> None:
    if edited:
        record.build()
        record.write("note", "A note in other words.")
    calls = calls_of_a_build(record, way)
    generation = record.data.folder(record.data.names()[-1])
    (brought,) = positions(calls, "rename", generation)
    (swapped,) = positions(calls, "rename", record.data.path / "CURRENT")
    aside = next(path for call, path in calls if call == "mkdir" and path.name.startswith(".build-"))
    written = {path for call, path in calls[:brought] if path.is_relative_to(aside) and call != "fsync"}
    files = {aside / path.relative_to(generation) for path in generation.rglob("*")}

    for path in files | {aside}:
        last_written = max([*positions(calls, "write", path), *positions(calls, "open", path)], default=-1)
        synced = positions(calls, "fsync", path)
        assert synced, path.name
        assert last_written < max(synced) < brought, path.name
    assert written >= {path for path in files if path.stem != "_MAIN_1"}
    assert any(brought < at < swapped for at in positions(calls, "fsync", record.data.generations))
    assert any(at > swapped for at in positions(calls, "fsync", record.data.path))


@pytest.mark.parametrize(("edited", "way"), BUILDS, ids=["first", "later", "later, traced"])
def test_the_ledger_is_on_the_disk_before_the_generation_is_published(record: Record, edited: bool, way: str) -> None:
    if edited:
        record.build()
        record.write("note", "A note in other words.")
    calls = calls_of_a_build(record, way)
    permalinks = record.folder / "permalinks"
    (brought,) = positions(calls, "rename", record.data.folder(record.data.names()[-1]))
    changed = {path for call, path in calls if call == "rename" and path.is_relative_to(permalinks)}

    assert {path.name for path in changed} >= ({"note.jsonl"} if edited else {"letter.jsonl", "note.jsonl"})
    for path in changed:
        (renamed,) = positions(calls, "rename", path)
        staged = path.with_name(f".{path.name}.new")
        assert max(positions(calls, "write", staged)) < max(positions(calls, "fsync", staged)) < renamed
        assert any(renamed < at < brought for at in positions(calls, "fsync", path.parent))
    assert any(at < brought for at in positions(calls, "fsync", record.folder))


def test_no_file_is_renamed_over_another_before_it_is_on_the_disk(record: Record) -> None:
    calls = watched_calls(record)
    for at, (call, path) in enumerate(calls):
        if call == "rename" and path.name == "CURRENT":
            written = max(earlier for earlier, found in enumerate(calls[:at]) if found[0] == "write")
            assert calls[written][1].name.startswith(".CURRENT.")
            assert ("fsync", calls[written][1]) in calls[written:at]


def test_folders_made_for_the_first_index_are_on_the_disk_too(record: Record) -> None:
    record.data = DataFolder(record.folder.parent / "var" / "deep" / "data")
    calls = watched_calls(record)
    (swapped,) = positions(calls, "rename", record.data.path / "CURRENT")
    for folder in record.data.path.parents[:2]:
        assert any(at < swapped for at in positions(calls, "fsync", folder)), folder.name
