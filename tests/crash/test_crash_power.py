"""After a power cut at any moment of a build the disk holds the old edition or the new one, and nothing is lost."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import images
import pytest
from building import Record
from conftest import LONG
from faults import watched
from powerless import Disk
from witness import Witness

from index.disk import fsync_tree
from index.generations import DataFolder

STRIDE = 1 if LONG else 11  # every so many calls the power fails
LUCKS = 4 if LONG else 1  # of each cut, disks that kept by chance some of what was not fsynced


def cuts_of_a_build(witness: Witness, into: Path) -> list[Path]:
    """The disk as it is found after cuts before each call of a build, and after it."""
    into.mkdir()
    disk, found = Disk(witness.root), []

    def cut(number: int) -> None:
        for luck in (None, *(random.Random(100 * number + at) for at in range(LUCKS))):
            found.append(into / f"{number}-{len(found)}")
            disk.after_a_cut(found[-1], luck)

    def called(number: int, call: str, path: str) -> None:
        with watching.paused():
            if number % STRIDE == 0:
                cut(number)
            if call == "fsync":
                disk.brings(Path(path))

    with watched(witness.root, called) as watching:
        witness.record.build()
    cut(10_000)
    disk.close()
    return found


@pytest.mark.parametrize("edited", [False, True], ids=["first", "later"])
def test_the_old_or_the_new_edition_is_there_after_a_power_cut_and_every_link_answers(
    tmp_path: Path, edited: bool
) -> None:
    witness = Witness(tmp_path / "disk")
    if edited:
        witness.record.build()
        witness.sees_new()
        witness.edit()
    found = cuts_of_a_build(witness, tmp_path / "cuts")
    assert len(found) > (100 if LONG else 10)
    links = set(witness.links)
    for cut in found:
        witness.root, witness.record, witness.links = cut, Record.__new__(Record), set(links)
        witness.record.folder, witness.record.data = cut / "collection", DataFolder(cut / "data")
        witness.record.builds = 50
        if edited or witness.record.data.names():
            witness.sees_old_or_new()
        witness.record.build()
        witness.sees_new()
        shutil.rmtree(cut)


def test_a_published_edition_outlasts_a_cut_at_once(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "disk")
    witness.record.build()
    witness.sees_new()
    witness.edit()
    last = cuts_of_a_build(witness, tmp_path / "cuts")[-1 - LUCKS]
    witness.record.folder, witness.record.data = last / "collection", DataFolder(last / "data")
    assert sorted(witness.record.links()) == witness.after
    assert witness.record.build(locked=True).changes.gained == ()


IMAGE_STRIDE = 1 if LONG else 19  # every so many calls an image is kept: each is built in afterwards


@pytest.fixture(params=["ordered", "writeback"] if LONG else ["writeback"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Path, str]]:
    """The file that holds a file system, where it is mounted, and how its journal deals with content."""
    image = tmp_path / "disk.img"
    try:
        images.make_image(image)
        with images.mounted(image, tmp_path / "disk", request.param) as folder:
            yield image, folder, request.param
    except images.NoImageError as error:
        pytest.skip(f"no file system in a file here ({error}); the tests above tell what each fsync leaves instead")


def test_what_was_not_brought_onto_the_disk_is_not_in_its_image(disk: tuple[Path, Path, str], tmp_path: Path) -> None:
    image, folder, journal = disk
    for name in ("kept", "lost"):
        (folder / name).mkdir()
        (folder / name / "file").write_text("content")
        if name == "kept":
            fsync_tree(folder)
    with images.mounted(images.copied(image, tmp_path / "cut.img"), tmp_path / "cut", journal) as cut:
        assert sorted(path.name for path in cut.rglob("*")) == ["file", "kept", "lost+found"]
        assert (cut / "kept" / "file").read_text() == "content"


@pytest.mark.parametrize("edited", [False, True], ids=["first", "later"])
def test_a_real_file_system_that_loses_what_was_not_synced_keeps_the_old_or_the_new_edition(
    disk: tuple[Path, Path, str], tmp_path: Path, edited: bool
) -> None:
    image, folder, journal = disk
    witness = Witness(folder / "site")
    if edited:
        witness.record.build()
        witness.sees_new()
        witness.edit()
    images.bring_onto_the_disk(folder)
    cuts: list[Path] = []

    def called(number: int, call: str, path: str) -> None:
        if number % IMAGE_STRIDE == 0:
            with watching.paused():
                cuts.append(images.copied(image, tmp_path / f"{number}.img"))

    with watched(witness.root, called) as watching:
        witness.record.build()
    cuts.append(images.copied(image, tmp_path / "last.img"))
    assert len(cuts) >= (60 if LONG else 4)
    links = set(witness.links)
    for cut in cuts:
        with images.mounted(cut, tmp_path / "cut", journal) as found:
            witness.root, witness.record, witness.links = found / "site", Record.__new__(Record), set(links)
            witness.record.folder = witness.root / "collection"
            witness.record.data = DataFolder(witness.root / "data")
            witness.record.builds = 50
            if edited or witness.record.data.names():
                witness.sees_old_or_new()
            if cut is cuts[-1]:
                witness.sees_new()
            witness.record.build()
            witness.sees_new()
        cut.unlink()
