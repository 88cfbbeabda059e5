"""One edited document among many: only it is read, and the generation is that of a full build, byte for byte."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from building import RENDERER, Record, silent

from corpus.problems import PinciteError
from index import reading
from index.build import BuildOptions, build_generation
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
        parsed.extend(file.slug for file in jobs)
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


WORDS = ("harbour", "envoy", "letter", "minister", "denied", "admitted", "embassy", "prison", "report", "barge")
OFFICIAL = '[[officials]]\nid = "tarverdi"\nname = "Nader Tarverdi"\nspellings = ["Tarverdi"]\n'
UNREADABLE = (b"\xff\xfe\x00", b"---\ntitle: a: b\n---\nx", b"")


def sentence(rng: random.Random) -> str:
    words = " ".join(rng.choices(WORDS, k=rng.randint(3, 9))).capitalize()
    return words + rng.choice([".", ", said Tarverdi.", " on 3 November 1988.", "[^1]."])


def any_text(rng: random.Random) -> str:
    body = "\n\n".join(sentence(rng) for _ in range(rng.randint(2, 6)))
    front = f"---\ntitle: D {rng.randrange(99)}\n---\n\n## {rng.randrange(9)}. Heading\n\n"
    return f"{front}{body}\n\n[^1]: A note, 5 May 1989.\n"


def any_edit(rng: random.Random, record: Record) -> str:
    """One edit, as people and editors make them; what it was."""
    slug = rng.choice(sorted(path.stem for path in (record.folder / "documents").glob("*.md")))
    path = record.document(slug)
    content, stat = path.read_bytes(), path.stat()
    kind = rng.choice(
        ["new", "edit", "edit", "at the same moment", "delete", "rename", "officials", "touch", "editor", "unreadable",
         "language", "link"]
    )  # fmt: skip
    if kind == "new":
        record.write(f"n{rng.randrange(1000)}", any_text(rng))
    elif kind == "edit":
        parts = content.split(b"\n\n")
        parts[rng.randrange(len(parts))] = sentence(rng).encode()
        path.write_bytes(b"\n\n".join(parts))
    elif kind == "at the same moment":  # neither date nor size tells of it
        path.write_bytes(content.replace(b"e", b"a", 1))
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    elif kind == "delete":
        record.write("stays", any_text(rng))
        path.unlink()
    elif kind == "rename":
        with suppress(PinciteError):  # one that never was built has no ids to keep
            rename_document(record.folder, slug, f"r{rng.randrange(1000)}")
    elif kind == "officials":
        (record.folder / "officials.toml").write_text(rng.choice(["", OFFICIAL]))
    elif kind == "touch":
        os.utime(path)
    elif kind == "editor":
        swap = path.with_name(f".{slug}.swp")
        swap.write_text(any_text(rng))
        swap.replace(path)
    elif kind == "unreadable":
        path.write_bytes(rng.choice(UNREADABLE))
    elif kind == "language":
        listed = (record.folder / "collection.toml").read_text().splitlines()
        kept = [line for line in listed if not line.startswith("languages")]
        kept.insert(0, f'languages = ["{rng.choice(["en", "fa"])}"]')
        (record.folder / "collection.toml").write_text("\n".join(kept) + "\n")
    elif not path.is_symlink():
        target = path.with_name(f".{slug}.text")
        path.rename(target)
        path.symlink_to(target.name)
    return kind


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_a_build_gives_what_a_full_build_would(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    record = Record(tmp_path, {f"d{number}": any_text(rng) for number in range(4)})
    record.build()
    for number in range(6):
        edits = [any_edit(rng, record) for _ in range(rng.randint(1, 3))]
        report = record.build(accept_shrink=True)
        if report.stale:
            continue  # a full build has nothing from before to keep
        full = DataFolder(tmp_path / f"full{number}")
        options = BuildOptions(locked=True, accept_shrink=True)
        build_generation(record.folder, full, RENDERER, options, record.chance(), silent)

        assert full.manifest("g000001").files == record.data.manifest(report.generation).files, edits


@pytest.mark.parametrize("going", ["vanishes", "becomes unreadable", "is edited"])
def test_a_file_that_changes_while_it_is_built_is_what_it_was_or_is_and_never_half(
    record: Record, monkeypatch: pytest.MonkeyPatch, going: str
) -> None:
    before = record.texts()
    record.write("d1", text(1, "as it came to be"))
    real = reading._in_children

    def meanwhile(reader, jobs, count):  # type: ignore[no-untyped-def]
        path = record.document("d1")
        if going == "vanishes":
            path.unlink()
        elif going == "becomes unreadable":
            path.write_bytes(UNREADABLE[0])
        else:
            path.write_text(text(1, "as it came to be at last"))
        return real(reader, jobs, count)

    monkeypatch.setattr(reading, "_in_children", meanwhile)
    with suppress(PinciteError):
        record.build()
    monkeypatch.undo()
    after = record.texts()
    shown = [one for one in after if one.startswith("A passage of 1,")]

    assert set(before) - set(after) <= {"A passage of 1, as it was."}
    assert shown in (["A passage of 1, as it was."], ["A passage of 1, as it came to be at last."])
    for words in ("as it came to be", "as it was"):
        record.write("d1", text(1, words))
        record.build()
        assert f"A passage of 1, {words}." in record.texts(), "what was read is kept for the very content that was read"
