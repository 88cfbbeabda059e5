"""Damage to anything on the disk is found and never served; the edition before serves, and the next build mends."""

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from building import Record
from conftest import LONG
from forked import Builders
from witness import Witness

from corpus.problems import PinciteError
from index import generations, snapshot, writing
from index.current import open_current, open_generation
from index.generations import PIN, DataFolder
from index.ledger_files import REVIEW, LedgerFolder
from index.ledger_lines import ReviewLine, written
from index.linkbook import LinkBook
from search.permalinks import every_permalink

GENERATION_DAMAGES = 1_500 if LONG else 60
LEDGER_DAMAGES = 500 if LONG else 40
BUILT_AFTER = 4  # one in so many damages is followed by a build: it costs ten times as much


def truncate(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size)])


def flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def append(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes() + rng.randbytes(rng.randint(1, 9)))


def replace(path: Path, rng: random.Random) -> None:
    path.write_bytes(rng.randbytes(path.stat().st_size))


def remove(path: Path, rng: random.Random) -> None:
    path.unlink()


DAMAGES: list[Callable[[Path, random.Random], None]] = [truncate, flip, append, replace, remove]


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Witness:
    """Three editions are kept; the review file holds a doubt."""
    made = Witness(tmp_path_factory.mktemp("damage"))
    for _ in range(3):
        made.record.build()
        made.sees_new()
        made.edit()
    made.record.build()
    made.sees_new()
    lost, found = sorted(link for link in made.links if "/note/" in link)[:2]
    doubt = ReviewLine(lost.partition("~")[2][:6], lost, found, 0.7)
    (made.record.folder / "permalinks" / REVIEW).write_bytes(written(doubt))
    return made


@pytest.fixture
def copy(witness: Witness, tmp_path: Path) -> Callable[[], Record]:
    """Makes a copy of the collection and its data folder."""

    def make() -> Record:
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        shutil.copytree(witness.root, tmp_path / "copy")
        record = Record.__new__(Record)
        record.folder, record.data = tmp_path / "copy" / "collection", DataFolder(tmp_path / "copy" / "data")
        record.builds = 10
        return record

    return make


def served(record: Record) -> tuple[str, list[str]]:
    opened = open_current(record.data)
    try:
        found = [opened.snapshot.text(position) for position in range(opened.snapshot.passage_count)]
        return opened.generation, sorted(found)
    finally:
        opened.close()


def test_damage_to_any_file_of_a_generation(witness: Witness, copy: Callable[[], Record]) -> None:
    rng = random.Random(7)
    names = sorted(path.name for path in witness.record.data.folder("g000004").iterdir())
    assert len(names) >= 12
    for count in range(GENERATION_DAMAGES):
        record = copy()
        name = names[count % len(names)]
        damage = remove if name == PIN else rng.choice(DAMAGES)
        damage(record.data.folder("g000004") / name, rng)
        with pytest.raises(PinciteError, match=name.replace(".", r"\.")):
            open_generation(record.data, "g000004")
        assert served(record) == ("g000003", witness.before), (name, damage)
        if count % BUILT_AFTER == 0:
            report = record.build()
            assert (report.generation, report.stale) == ("g000005", ())
            assert served(record) == ("g000005", witness.after)


def test_every_generation_damaged_but_one(witness: Witness, copy: Callable[[], Record]) -> None:
    rng = random.Random(8)
    record = copy()
    for name in ("g000002", "g000003", "g000004"):
        flip(record.data.folder(name) / "html.store", rng)
    assert served(record)[0] == "g000001"
    assert record.build().generation == "g000005"
    assert served(record) == ("g000005", witness.after)


def nowhere(data: DataFolder) -> bytes:
    current = generations.Current("g000099", "0" * 64, "g000099")
    return generations.encode(current.summed())


@pytest.mark.parametrize(
    "content",
    [
        None, b"", b"\xff\xfe\x00", b"{}", b"[]", b"g000004", b'{"generation":"g000004"}', nowhere,
        b'{"generation":"../../x","manifest":"","newest":"g000004","sum":""}',
    ],
    ids=["missing", "empty", "not UTF-8", "empty object", "list", "name", "cut", "nowhere", "outside"],
)  # fmt: skip
def test_a_damaged_current(
    witness: Witness, copy: Callable[[], Record], content: bytes | Callable[[DataFolder], bytes] | None
) -> None:
    record = copy()
    path = record.data.path / "CURRENT"
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content(record.data))

    assert served(record) == ("g000004", witness.after)
    assert record.build().generation in ("g000005", "g000100")
    assert served(record)[1] == witness.after
    assert set(record.data.names()) >= {"g000003", "g000004"}


def test_any_bit_of_current(witness: Witness, copy: Callable[[], Record]) -> None:
    rng = random.Random(9)
    record = copy()
    path = record.data.path / "CURRENT"
    content = path.read_bytes()
    for _ in range(400 if LONG else 40):
        path.write_bytes(content)
        flip(path, rng)
        assert served(record) == ("g000004", witness.after)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["COLLECTION", "BUILD.lock"])
def test_the_other_files_of_a_data_folder(copy: Callable[[], Record], name: str, damage: Callable[..., None]) -> None:
    record = copy()
    path = record.data.path / name
    damage(path, random.Random(3)) if path.stat().st_size else path.unlink()

    assert record.build().generation == "g000005"


def test_damage_to_the_cache_costs_time_alone(witness: Witness, copy: Callable[[], Record]) -> None:
    rng = random.Random(10)
    for damage in DAMAGES:
        record = copy()
        for path in sorted(record.data.cache.iterdir()):
            damage(path, rng)
        (record.data.cache / "stranger").write_bytes(b"x")
        assert record.build().changes.reworded == ()
        assert served(record) == ("g000005", witness.after)
        assert len(list(record.data.cache.iterdir())) == 2


def verdicts(record: Record) -> dict[str, str]:
    current = record.data.current()
    assert current is not None
    book = LinkBook.open(record.data.folder(current.generation))
    try:
        return {link.partition("~")[2]: record.land(link).verdict.value for link in every_permalink(book)}
    finally:
        book.close()


def refused(record: Record) -> str | None:
    """Why a build refuses; None when it builds."""
    try:
        record.build()
    except PinciteError as error:
        return str(error)
    return None


def test_damage_to_the_ledger_is_refused_and_restored_and_no_id_is_minted_anew(
    witness: Witness, copy: Callable[[], Record]
) -> None:
    rng = random.Random(11)
    original = copy()
    before = verdicts(original)
    files = [path for path in (original.folder / "permalinks").rglob("*.jsonl") if path.name != REVIEW]
    names = sorted(path.relative_to(original.folder).as_posix() for path in files)
    assert len(names) == 4
    refusals = 0
    for count in range(LEDGER_DAMAGES):
        record = copy()
        name = names[count % len(names)]
        rng.choice(DAMAGES)(record.folder / name, rng)
        refusal = refused(record)
        if refusal is not None:
            refusals += 1
            assert "permalinks/" in refusal
            assert "--restore-ledger" in refusal or "keep the line" in refusal
            assert served(record) == ("g000004", witness.after)
            record.build(restore_ledger=True)
        assert verdicts(record) == before, name
        assert not LedgerFolder(record.folder).unfinished()
    assert refusals > LEDGER_DAMAGES * 0.6  # the rest: lines that may be missing, as wordings that stand no more


def test_damage_to_the_review_file_is_refused_until_it_is_put_back(copy: Callable[[], Record]) -> None:
    rng = random.Random(12)
    record = copy()
    path = record.folder / "permalinks" / REVIEW
    content = path.read_bytes()
    before = verdicts(record)
    for _ in range(60 if LONG else 15):
        rng.choice(DAMAGES[:-1])(path, rng)
        assert f"permalinks/{REVIEW}" in (refused(record) or f"permalinks/{REVIEW}")
        path.write_bytes(content)
    record.build()
    assert verdicts(record) == before


def test_an_index_of_another_version_is_said_and_built_anew(
    witness: Witness, copy: Callable[[], Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = copy()
    before = verdicts(record)
    with monkeypatch.context() as later:
        for module in (snapshot, writing):
            later.setattr(module, "SCHEMA_VERSION", 10_000)
        with pytest.raises(PinciteError, match="pincite build"):
            open_current(record.data)
        assert record.build().generation == "g000005"
        assert served(record) == ("g000005", witness.after)
        assert verdicts(record) == before
    assert served(record)[0] == "g000004", "the newest that this version can read"


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing below *folder* can be written until the end of the block, not even by root."""
    if os.getuid():
        modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        try:
            yield
        finally:
            for path, mode in modes.items():
                path.chmod(mode)
        return
    with ExitStack() as mounted:
        for options in (["--bind"], ["-o", "remount,ro,bind"]):
            made = subprocess.run(["mount", *options, folder, folder], capture_output=True, text=True, check=False)
            if made.returncode:
                pytest.skip(f"root may not mount here: {made.stderr.strip()}")
            if options == ["--bind"]:
                mounted.callback(subprocess.run, ["umount", "-l", folder], check=True)
        yield


def test_a_data_folder_that_cannot_be_written_is_searched_and_not_built(tmp_path: Path, builders: Builders) -> None:
    witness = Witness(tmp_path)
    builders.run(witness.command, root=witness.root)
    commands = ["search letter", "dump", "links", "verify", "status", "build", "rollback"]
    with read_only(witness.record.data.path):
        runs = builders.run(*([*witness.command[:-1], *line.split()] for line in commands), root=witness.root)
        witness.sees_new()
    codes = {line: run.code for line, run in zip(commands, runs, strict=True)}

    assert codes == dict.fromkeys(commands, 0) | {"build": 1, "rollback": 1}, runs
    assert re.search("Read-only file system|Permission denied", runs[5].printed)
    assert not any("Traceback" in run.printed for run in runs)


def test_a_complete_collection_that_cannot_be_written_is_built(tmp_path: Path, builders: Builders) -> None:
    witness = Witness(tmp_path)
    builders.run(witness.command, root=witness.root)
    with read_only(witness.record.folder):
        (built,) = builders.run(witness.command, root=witness.root)
    assert built.code == 0, built.printed
    witness.sees_new()

    witness.edit()
    with read_only(witness.record.folder):
        (refused,) = builders.run(witness.command, root=witness.root)
    assert (refused.code, "Traceback" in refused.printed) == (1, False), refused.printed
    assert re.search("Read-only file system|Permission denied", refused.printed)
    witness.sees_old_or_new()
    builders.run(witness.command, root=witness.root)
    witness.sees_new()
