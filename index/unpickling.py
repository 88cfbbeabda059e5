"""The one gate through which anything of an index folder is unpickled: classes on a list, and nothing else.

Whoosh keeps its table of contents and the extras of its term dictionary as pickles, and a pickle can call anything
that can be imported. A generation's files are checked against their digests before they are opened; this gate stands
behind that, for a folder whose manifest was changed along with it.

Whoosh looks its loaders up as globals of its modules. `guard` replaces them once, when `index.codec` is imported, so
there is no way to open an index of ours that does not go through here. For an index of another making in the same
process that means: it opens if it holds nothing but these classes.
"""

from __future__ import annotations

import io
import pickle
from types import SimpleNamespace
from typing import Any, BinaryIO

import whoosh.codec.whoosh3
import whoosh.columns
import whoosh.filedb.structfile
import whoosh.formats
import whoosh.index

from corpus.problems import PinciteError

_ALLOWED = frozenset(
    (
        ("index.codec", "ArrayCodec"),
        ("index.schema", "Identity"),
        ("index.schema", "PlacesFormat"),
        ("index.schema", "TermAnalyzer"),
        ("index.schema", "Terms"),
        ("whoosh.codec.whoosh3", "W3Segment"),
        ("whoosh.fields", "Schema"),
    )
)


class ForbiddenPickleError(PinciteError, pickle.UnpicklingError):
    """A file of the index names something that no index of ours holds."""

    def __init__(self, module: str, name: str) -> None:
        super().__init__(f"An index file asks for {module}.{name}, which no index holds. Build the index again.")


class _Gate(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise ForbiddenPickleError(module, name)
        return super().find_class(module, name)

    def persistent_load(self, pid: Any) -> Any:
        raise ForbiddenPickleError("persistent id", repr(pid))


def load(file: BinaryIO, **_: Any) -> Any:
    """The next pickle of *file*. Raises ForbiddenPickleError for anything not on the list."""
    return _Gate(file).load()


def loads(data: bytes, **_: Any) -> Any:
    """The object that *data* holds. Raises ForbiddenPickleError for anything not on the list."""
    return _Gate(io.BytesIO(data)).load()


def guard() -> None:
    """Make every loader of Whoosh that reads index files go through the gate. Can be called again."""
    gate = SimpleNamespace(
        load=load, loads=loads, dump=pickle.dump, dumps=pickle.dumps, PicklingError=pickle.PicklingError
    )
    whoosh.index.pickle = gate
    whoosh.filedb.structfile.load_pickle = load
    for module in (whoosh.codec.whoosh3, whoosh.columns, whoosh.formats):
        module.loads = loads
