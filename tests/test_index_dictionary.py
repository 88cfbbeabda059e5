"""Whoosh's own reader finds every term that our writer wrote."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filetables import OrderedHashReader
from whoosh.filedb.structfile import StructFile

from index.dictionary import DictionaryWriter


def write(path: Path, entries: dict[bytes, bytes]) -> Path:
    writer = DictionaryWriter(path)
    for key in sorted(entries):
        writer.add(key, entries[key])
    writer.close({"text": 0})
    return path


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.binary(min_size=1, max_size=4), st.binary(max_size=5), max_size=300), st.binary(max_size=3))
def test_every_key_is_found_and_no_other(entries: dict[bytes, bytes], other: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "t", entries)
        with path.open("rb") as file:
            reader = OrderedHashReader(StructFile(file), path.stat().st_size)
            assert reader.extras["fieldmap"] == {"text": 0}
            assert list(reader.items()) == sorted(entries.items())
            for key, value in entries.items():
                assert reader[key] == value
            assert (other in reader) == (other in entries)
            expected = [key for key in sorted(entries) if key >= other]
            assert list(reader.keys_from(other)) == expected


def test_thousands_of_keys_fill_every_table_and_run_over_its_end(tmp_path: Path) -> None:
    entries = {f"word{number}".encode(): str(number).encode() for number in range(20_000)}
    path = write(tmp_path / "t", entries)
    with path.open("rb") as file:
        reader = OrderedHashReader(StructFile(file), path.stat().st_size)
        assert all(reader[key] == value for key, value in entries.items())
        assert b"word20000" not in reader
