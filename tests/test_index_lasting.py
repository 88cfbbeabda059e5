"""What a build wrote is on the disk before anything says so: held against the calls that it makes."""

import sys
from pathlib import Path

import pytest
from building import Record

sys.path.append(str(Path(__file__).parent / "crash"))
from faults import watched

TEXTS = {"letter": "A paragraph.[^1]\n\nAnother.\n\n[^1]: A note.", "note": "A note."}


def calls_of_a_build(record: Record) -> list[tuple[str, Path]]:
    with watched(record.folder.parent) as watch:
        record.build()
    return [(call, Path(path)) for call, path in watch.calls]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path, TEXTS)


def positions(calls: list[tuple[str, Path]], call: str, path: Path) -> list[int]:
    return [at for at, found in enumerate(calls) if found == (call, path)]


@pytest.mark.parametrize("edited", [False, True], ids=["first", "later"])
def test_every_file_and_folder_is_on_the_disk_before_the_rename_and_before_the_swap(
    record: Record, edited: bool
) -> None:
    if edited:
        record.build()
        record.write("note", "A note in other words.")
    calls = calls_of_a_build(record)
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


@pytest.mark.parametrize("edited", [False, True], ids=["first", "later"])
def test_the_ledger_is_on_the_disk_before_the_generation_is_published(record: Record, edited: bool) -> None:
    if edited:
        record.build()
        record.write("note", "A note in other words.")
    calls = calls_of_a_build(record)
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
    calls = calls_of_a_build(record)
    for at, (call, path) in enumerate(calls):
        if call == "rename" and path.name == "CURRENT":
            written = max(earlier for earlier, found in enumerate(calls[:at]) if found[0] == "write")
            assert calls[written][1].name.startswith(".CURRENT.")
            assert ("fsync", calls[written][1]) in calls[written:at]
