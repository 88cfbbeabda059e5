"""Nothing on the disk is executed, not even where whoever planted it put all sums right."""

import builtins
import os
import pickle
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from building import Record
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from corpus.problems import PinciteError
from index.current import open_current, open_generation
from index.generations import MANIFEST, Current, DataFolder
from index.linkbook import LinkBook
from index.unpickling import ForbiddenPickleError

PLANTED = "was-executed"


class Calls:
    """Pickles to a call."""

    def __init__(self, what: Callable[..., Any], *arguments: Any) -> None:
        self.call = what, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.call


def gadgets(mark: str) -> dict[str, Any]:
    """Objects that make the file *mark* when they are loaded."""
    touch = f"open({mark!r}, 'w').close()"
    return {
        "a command": Calls(os.system, f"touch {mark}"),
        "a process": Calls(subprocess.Popen, ["touch", mark]),
        "its output": Calls(subprocess.check_output, ["touch", mark]),
        "code": Calls(exec, touch),
        "an expression": Calls(eval, touch),
        "a file": Calls(open, mark, "w"),
        "a folder": Calls(os.mkdir, mark),
        "a call of a call": Calls(map, Calls(getattr, Calls(builtins.__import__, "os"), "mkdir"), [mark]),
        "a path": Calls(Path.touch, Path(mark)),
        "a copy": Calls(shutil.copyfile, "/etc/hostname", mark),
        "a low call": Calls(os.open, mark, os.O_CREAT),
    }


NAMES = sorted(gadgets(PLANTED))


def reseal(data: DataFolder, generation: str) -> None:
    """Put all sums right, in the manifest and in CURRENT, as whoever can write the folder may."""
    manifest = data.manifest(generation)
    folder = data.folder(generation)
    (folder / MANIFEST).unlink()
    (folder / "PIN").unlink()
    data.seal(folder, manifest)
    data.make_current(Current(generation, data.manifest_sum(generation), generation))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Record:
    record = Record(tmp_path_factory.mktemp("gadgets"), {"letter": "A first edition.[^1]\n\n[^1]: A note."})
    record.build()
    record.write("letter", "A second edition.[^1]\n\n[^1]: A note.")
    record.build()
    return record


@pytest.fixture
def record(built: Record, tmp_path: Path) -> Record:
    shutil.copytree(built.folder.parent, tmp_path / "copy")
    copied = Record.__new__(Record)
    copied.folder, copied.data = tmp_path / "copy" / "collection", DataFolder(tmp_path / "copy" / "data")
    copied.builds = 5
    return copied


def refused_and_built_over(record: Record, mark: Path) -> None:
    """The old edition serves, the next build mends, and nothing was executed on the way."""
    opened = open_current(record.data)
    try:
        assert opened.generation == "g000001"
        assert opened.instead is not None
    finally:
        opened.close()
    assert record.build().generation == "g000003"
    assert sorted(record.texts()) == ["A note.", "A second edition."]
    assert not mark.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_gadget_in_the_term_dictionary_is_refused_and_the_old_edition_serves(
    record: Record, tmp_path: Path, name: str
) -> None:
    mark = tmp_path / PLANTED
    dictionary = OrderedHashWriter(StructFile(next(record.data.folder("g000002").glob("*.trm")).open("wb")))
    dictionary.extras["fieldmap"] = gadgets(str(mark))[name]
    dictionary.close()
    reseal(record.data, "g000002")

    with pytest.raises(PinciteError):
        open_generation(record.data, "g000002")
    refused_and_built_over(record, mark)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves the file open
@pytest.mark.parametrize("name", NAMES)
def test_a_gadget_in_whooshs_table_of_contents_is_never_read_by_us_and_refused_by_whoosh(
    record: Record, tmp_path: Path, name: str
) -> None:
    mark = tmp_path / PLANTED
    folder = record.data.folder("g000002")
    next(folder.glob("*.toc")).unlink()
    TOC(Schema(), [gadgets(str(mark))[name]], 1).write(FileStorage(str(folder)), "MAIN")
    reseal(record.data, "g000002")

    assert sorted(record.texts()) == ["A note.", "A second edition."]
    with pytest.raises(ForbiddenPickleError):
        whoosh.index.open_dir(str(folder))
    assert record.build().generation == "g000003"
    assert not mark.exists()


FILES = (
    "MAIN_0.trm", "index.json", "passages.store", "html.store", "forms.store", "columns.arrays",
    "MAIN_0.lengths",
)  # fmt: skip


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_a_pickle_and_nothing_else_is_refused(record: Record, tmp_path: Path, file: str) -> None:
    mark = tmp_path / PLANTED
    for gadget in gadgets(str(mark)).values():
        (record.data.folder("g000002") / file).write_bytes(pickle.dumps(gadget))
        reseal(record.data, "g000002")
        with pytest.raises(PinciteError):
            open_generation(record.data, "g000002").close()
    refused_and_built_over(record, mark)


def test_the_links_and_everything_else_that_is_read_hold_nothing_that_is_called(record: Record, tmp_path: Path) -> None:
    mark = tmp_path / PLANTED
    ledger = {path: path.read_bytes() for path in (record.folder / "permalinks").rglob("*.jsonl")}
    read = [record.data.path / "CURRENT", record.data.path / "COLLECTION", *record.data.cache.iterdir(), *ledger]
    for gadget in gadgets(str(mark)).values():
        for path in read:
            path.write_bytes(pickle.dumps(gadget))
        open_current(record.data).close()
        with pytest.raises(PinciteError):
            record.build()
        (record.data.folder("g000002") / "links.bin").write_bytes(pickle.dumps(gadget))
        with pytest.raises(PinciteError):
            LinkBook.open(record.data.folder("g000002"))
    for path, content in ledger.items():
        path.write_bytes(content)
    record.build()
    assert not mark.exists()
