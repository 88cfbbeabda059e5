"""Generations on disk: published whole or not at all, verified, pinned, pruned."""

import os
from pathlib import Path

import pytest

from index.generations import (
    FORMAT,
    KEPT,
    BuildRunningError,
    Current,
    DamagedGenerationError,
    DataFolder,
    Manifest,
    OtherCollectionError,
)


def publish(data: DataFolder, content: bytes = b"content") -> str:
    with data.building("c"), data.aside() as folder:
        name = data.new_name()
        (folder / "inner").mkdir()
        (folder / "file").write_bytes(content)
        (folder / "inner" / "file").write_bytes(content)
        manifest = data.seal(folder, Manifest(FORMAT, name, "2026-01-01T00:00:00Z", "c", 1, {}, {}, (), {}))
        data.publish(folder, name, manifest)
        data.prune()
    return name


def standing(data: DataFolder) -> list[str]:
    return sorted(path.name for path in data.generations.iterdir())


def current(data: DataFolder) -> Current:
    found = data.current()
    assert found is not None
    return found


def test_a_published_generation_is_current_and_holds_against_its_manifest(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)

    assert data.current() is None
    assert [publish(data), publish(data)] == ["g000001", "g000002"]
    found = current(data)
    assert (found.generation, found.newest) == ("g000002", "g000002")
    data.check_files(data.manifest(found.generation, found.manifest))


@pytest.mark.parametrize("name", ["file", "inner/file"])
@pytest.mark.parametrize("damage", ["flip", "truncate", "delete"])
def test_damage_to_any_file_is_found(tmp_path: Path, name: str, damage: str) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    path = data.folder("g000001") / name
    if damage == "flip":
        path.write_bytes(b"c0ntent")
    elif damage == "truncate":
        path.write_bytes(b"cont")
    else:
        path.unlink()

    with pytest.raises(DamagedGenerationError, match="g000001"):
        data.check_files(data.manifest("g000001"))


def test_a_file_that_does_not_belong_is_found(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    (data.folder("g000001") / "planted").write_bytes(b"x")

    with pytest.raises(DamagedGenerationError, match="planted: does not belong here"):
        data.check_files(data.manifest("g000001"))


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"{}", b'{"generation":"../x","manifest":"","newest":"g000001"}']
)
def test_a_current_that_names_no_generation_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    (tmp_path / "CURRENT").write_bytes(content)

    with pytest.raises(DamagedGenerationError, match="names no generation"):
        data.current()


def test_an_altered_manifest_is_not_the_one_that_was_published(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    path = data.folder("g000001") / "MANIFEST.json"
    path.write_bytes(path.read_bytes().replace(b"2026", b"2027"))

    with pytest.raises(DamagedGenerationError, match="not the manifest that was published"):
        data.manifest("g000001", current(data).manifest)


def test_one_builder_at_a_time(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    with data.building("c"), pytest.raises(BuildRunningError), data.building("c"):
        pass
    with data.building("c"):
        pass


def test_a_data_folder_belongs_to_one_collection(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    with data.building("c"):
        pass
    with pytest.raises(OtherCollectionError, match="holds the index of the collection c, not of d"), data.building("d"):
        pass


def test_what_a_killed_builder_left_is_swept_and_its_number_is_used(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    (data.generations / ".build-dead").mkdir()
    (data.generations / ".build-dead" / "file").touch()
    (tmp_path / ".CURRENT.1.new").touch()
    publish(data)

    assert standing(data) == ["g000001", "g000002"]
    assert not (tmp_path / ".CURRENT.1.new").exists()


def test_a_failed_build_leaves_the_old_generation_current(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    with pytest.raises(ZeroDivisionError), data.building("c"), data.aside() as folder:
        (folder / "file").touch()
        raise ZeroDivisionError

    assert current(data).generation == "g000001"
    assert standing(data) == ["g000001"]


def test_old_generations_are_deleted_but_never_under_a_reader(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    pin = data.pin("g000001")
    for _ in range(KEPT + 2):
        publish(data)
    kept = data.names()
    os.close(pin)
    publish(data)

    assert "g000001" in kept
    assert "g000001" not in data.names()
    assert len(data.names()) == KEPT + 1


def test_after_a_rollback_the_next_generation_has_a_number_of_its_own(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    publish(data)
    first = current(data)
    publish(data)
    data.make_current(Current("g000001", first.manifest, "g000002"))

    assert publish(data) == "g000003"
