"""A build that is killed, or refused by the disk, loses nothing: the old edition serves on, the next build succeeds."""

import errno
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import LONG
from forked import Builders
from witness import Witness

KILLS = 50 if LONG else 6  # of one collection
RANDOM = range(15 if LONG else 2)  # collections
CRITICAL = range(5 if LONG else 1)
STRIDE = 1 if LONG else 9


@pytest.fixture
def witness(tmp_path: Path, builders: Builders) -> Witness:
    made = Witness(tmp_path)
    (first,) = builders.run(made.command, root=made.root)
    assert first.code == 0, first.printed
    made.sees_new()
    return made


def rebuilt(witness: Witness, builders: Builders) -> None:
    witness.sees_old_or_new()
    (again,) = builders.run(witness.command, root=witness.root)
    assert again.code == 0, again.printed
    witness.sees_new()


@pytest.mark.parametrize("seed", RANDOM)
def test_killed_at_any_moment(witness: Witness, builders: Builders, seed: int) -> None:
    rng = random.Random(seed)
    witness.edit()
    (usual,) = builders.run(witness.command, root=witness.root)
    for _ in range(KILLS):
        witness.edit()
        builders.run(witness.command, root=witness.root, kill_after=rng.uniform(0, usual.seconds))
        rebuilt(witness, builders)


@pytest.mark.parametrize("seed", CRITICAL)
def test_killed_between_the_ledger_and_the_swap(witness: Witness, builders: Builders, seed: int) -> None:
    rng = random.Random(seed)
    witness.edit()
    (usual,) = builders.run(witness.command, root=witness.root)
    first = next(at for at, (call, path) in enumerate(usual.calls, 1) if path.endswith("MANIFEST.json"))
    for _ in range(KILLS):
        witness.edit()
        (killed,) = builders.run(witness.command, root=witness.root, kill_call=rng.randint(first, len(usual.calls)))
        assert killed.code == -9
        rebuilt(witness, builders)


def test_killed_at_each_step_of_the_first_build(tmp_path: Path, builders: Builders) -> None:
    made = Witness(tmp_path / "usual")
    (usual,) = builders.run(made.command, root=made.root)
    for number in range(1, len(usual.calls) + 1, STRIDE):
        witness = Witness(tmp_path / str(number))
        builders.run(witness.command, root=witness.root, kill_call=number)
        rebuilt(witness, builders)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=["full", "failing"])
def test_refused_by_the_disk_at_each_step(witness: Witness, builders: Builders, code: int) -> None:
    witness.edit()
    (usual,) = builders.run(witness.command, root=witness.root)
    for number in range(1 if code == errno.EIO else 1 + STRIDE // 2, len(usual.calls) + 1, STRIDE):
        witness.edit()
        (refused,) = builders.run(witness.command, root=witness.root, refuse=(number, code))
        assert "Traceback" not in refused.printed, refused.printed
        if refused.code == 0:  # what failed costs time, nothing else: the cache
            witness.sees_new()
        else:
            assert refused.code == 1
            assert os.strerror(code) in refused.printed
        rebuilt(witness, builders)


def test_two_builders_at_once(witness: Witness, builders: Builders) -> None:
    for _ in range(40 if LONG else 3):
        witness.edit()
        both = builders.run(witness.command, witness.command, root=witness.root)
        codes = sorted(one.code for one in both)
        assert codes in ([0, 0], [0, 1])
        if codes == [0, 1]:
            assert any("another build is running here" in one.printed for one in both)
        witness.sees_new()


def test_two_data_folders_of_one_collection(witness: Witness, builders: Builders, tmp_path: Path) -> None:
    other = ["--collection", witness.record.folder, "--data", tmp_path / "other", "build"]
    for _ in range(40 if LONG else 3):
        witness.edit()
        both = builders.run(witness.command, other, root=witness.root)
        assert [one.code for one in both] == [0, 0], [one.printed for one in both]
        witness.sees_new()
        witness.record.build(locked=True)
        witness.sees_new()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(
            f"no small disk can be mounted here ({made.stderr.strip()}); "
            "test_refused_by_the_disk_at_each_step[full] lets each write fail instead"
        )
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_disk_that_is_full(small_disk: Path, builders: Builders) -> None:
    witness = Witness(small_disk)
    builders.run(witness.command, root=witness.root)
    filler = small_disk / "filler"
    for free in range(0, 200, 4 if LONG else 40):
        witness.edit()
        with filler.open("wb") as file:
            available = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
            file.write(b"\0" * max(0, available - free * 1024))
        (full,) = builders.run(witness.command, root=witness.root)
        assert full.code in (0, 1)
        assert "Traceback" not in full.printed, full.printed
        filler.unlink()
        rebuilt(witness, builders)
