"""Nothing in an index file is called: only our own classes come out of a pickle."""

from __future__ import annotations

import builtins
import os
import pickle
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from small_index import passage, write
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from index.snapshot import Snapshot
from index.unpickling import ForbiddenPickleError, load, loads


class Calls:
    """Pickles to a call of *what*."""

    def __init__(self, what: Callable[..., Any], *arguments: Any) -> None:
        self._call = what, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._call


GADGETS = {
    "a command": pickle.dumps(Calls(os.system, "true")),
    "a process": pickle.dumps(Calls(subprocess.Popen, ["true"])),
    "code": pickle.dumps(Calls(eval, "1 + 1")),
    "an import": pickle.dumps(Calls(builtins.__import__, "os")),
    "an attribute": pickle.dumps(Calls(getattr, "text", "upper")),
    "an old protocol": pickle.dumps(Calls(os.system, "true"), 0),
    "a dotted name": b"\x80\x04\x8c\x0cindex.schema\x8c\x14Terms.__init__.__globals__\x93.",
    "a function of Whoosh": b"cwhoosh.index\nopen_dir\n(S'/'\ntR.",
    "a module through Whoosh": b"cwhoosh.index\nos\n.",
    "a class of ours that is not listed": b"cindex.store\nStore\n(S'/etc/passwd'\ntR.",
    "copyreg": b"ccopyreg\n_reconstructor\n(cindex.schema\nTerms\nc__builtin__\nobject\nNtR.",
    "a persistent id": b"Pthing\n.",
    "an extension code": b"\x80\x02\x82\x01.",
}


@pytest.mark.parametrize("name", GADGETS)
def test_a_gadget_is_refused(name: str) -> None:
    with pytest.raises((ForbiddenPickleError, pickle.UnpicklingError, ValueError)):
        loads(GADGETS[name])
    with pytest.raises((ForbiddenPickleError, pickle.UnpicklingError, ValueError)):
        load(BytesIO(GADGETS[name]))


@pytest.mark.parametrize("name", GADGETS)
def test_whooshs_own_reading_of_a_pickle_goes_through_the_gate(name: str) -> None:
    with pytest.raises((ForbiddenPickleError, pickle.UnpicklingError, ValueError)):
        StructFile(BytesIO(GADGETS[name])).read_pickle()
    with pytest.raises((ForbiddenPickleError, pickle.UnpicklingError, ValueError)):
        whoosh.index.pickle.loads(GADGETS[name])


def test_plain_values_and_our_schema_come_through() -> None:
    assert loads(pickle.dumps({"fieldmap": {"text": 0}, "indexlen": 3})) == {"fieldmap": {"text": 0}, "indexlen": 3}
    assert isinstance(loads(pickle.dumps(Schema())), Schema)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves the file open
def test_a_table_of_contents_with_a_gadget_does_not_open(tmp_path: Path) -> None:
    folder = write(tmp_path / "g", [passage(0, "ash")])
    next(folder.glob("*.toc")).unlink()
    TOC(Schema(), [Calls(os.system, "true")], 1).write(FileStorage(str(folder)), "MAIN")
    with pytest.raises(ForbiddenPickleError):
        whoosh.index.open_dir(str(folder))


def test_a_term_dictionary_with_a_gadget_does_not_open(tmp_path: Path) -> None:
    folder = write(tmp_path / "g", [passage(0, "ash")])
    dictionary = OrderedHashWriter(StructFile(next(folder.glob("*.trm")).open("wb")))
    dictionary.extras["fieldmap"] = Calls(os.system, "true")
    dictionary.close()
    with pytest.raises(ForbiddenPickleError):
        whoosh.index.open_dir(str(folder)).reader()
    with pytest.raises(ForbiddenPickleError):
        Snapshot.open(folder)
