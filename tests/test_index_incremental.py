"""One edited document among many: only it is read, and the generation is that of a full build, byte for byte."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from building import Record

from index import reading
from index.generations import DataFolder
from index.renaming import rename_document

MANY = 40


def text(slug: int, words: str = "as it was") -> str:
    return (
        f"---\ntitle: Document {slug}\n---\n\nA passage of {slug}, {words}.[^1]\n\nAnother.\n\n[^1]: A note of {slug}."
    )


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = Record(tmp_path, {f"d{slug}": text(slug) for slug in range(MANY)})
    made.build()
    return made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are parsed."""
    parsed: list[str] = []
    real = reading._in_children

    def watched(reader, jobs, count):  # type: ignore[no-untyped-def]
        parsed.extend(file.slug for file, _ in jobs)
        return real(reader, jobs, count)

    monkeypatch.setattr(reading, "_in_children", watched)
    return parsed


def edit(record: Record) -> None:
    record.write("d7", text(7, "in other words, of which there are more"))


def insert(record: Record) -> None:
    record.write("new", text(99))


def delete(record: Record) -> None:
    record.document("d7").unlink()


def rename(record: Record) -> None:
    rename_document(record.folder, "d7", "zz")


def officials(record: Record) -> None:
    (record.folder / "officials.toml").write_text(
        '[[officials]]\nid = "x"\nname = "Another"\nspellings = ["Another"]\n'
    )


@pytest.mark.parametrize(
    ("change", "parsed"), [(edit, ["d7"]), (insert, ["new"]), (delete, []), (rename, ["zz"])], ids=lambda one: str(one)
)
def test_only_what_changed_is_read(
    record: Record, read: list[str], change: Callable[[Record], None], parsed: list[str]
) -> None:
    change(record)
    record.build()

    assert read == parsed


def test_a_change_to_a_list_concerns_every_document(record: Record, read: list[str]) -> None:
    officials(record)
    report = record.build()

    assert len(read) == MANY
    assert not report.changes


@pytest.mark.parametrize("change", [edit, insert, delete, rename, officials])
def test_it_is_a_full_build_byte_for_byte_whatever_the_hash_seed(
    record: Record, tmp_path: Path, change: Callable[[Record], None]
) -> None:
    change(record)
    record.build()
    files = record.data.manifest("g000002").files
    for seed in ("1", "2"):
        full = DataFolder(tmp_path / seed)
        command = [
            sys.executable,
            "-m",
            "web.cli",
            "--collection",
            record.folder,
            "--data",
            full.path,
            "build",
            "--locked",
        ]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})

        assert full.manifest("g000001").files == files


def test_five_known_edits_are_what_the_build_lists(record: Record) -> None:
    before = record.links()
    record.write("d1", text(1) + "\n\nAn added passage.")
    record.write("d2", text(2).replace("Another.\n\n", ""))
    record.write("d3", text(3, "as it never was"))
    first, second = text(4).split("\n\n")[1:3]
    record.write("d4", text(4).replace(f"{first}\n\n{second}", f"{second}\n\n{first}"))
    record.document("d5").unlink()
    changes = record.build().changes
    lost = {before["A passage of 5, as it was."], before["A note of 5."]}

    assert [link.split("/")[2] for link in changes.gained] == ["d1"]
    assert {link.split("/")[2] for link in changes.lost} == {"d2", "d5"}
    assert len(changes.lost) == 4
    assert lost <= set(changes.lost)
    assert [link.split("/")[2] for link in changes.moved] == ["d4"]
    assert [link.split("/")[2] for link in changes.reworded] == ["d3"]
