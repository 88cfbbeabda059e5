"""An index is the same bytes whenever the same passages are written, and says what it is when it is opened."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from oracle import places
from small_index import AUTHORITIES, opened, passage, write
from strategies import records

from corpus.problems import PinciteError
from index.arrays import DamagedFileError, read_arrays, write_arrays
from index.record import (
    CitationRecord,
    DateRecord,
    DocumentRecord,
    MonthsRecord,
    PageSpan,
    PassageRecord,
    SectionRecord,
)
from index.schema import SCHEMA_VERSION, TermField
from index.snapshot import SchemaVersionError, Snapshot
from index.store import Store, StoreWriter
from index.writing import IndexWriter, MisplacedPassageError, section_numbers

ROOT = Path(__file__).parent.parent


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def varied() -> list[PassageRecord]:
    return [
        passage(
            number,
            f"Word{number % 7} ash's bay[{number}] A/43/{700 + number} " + "again " * (number * 20),
            document=f"d{number // 9}",
            officials=tuple(f"o{i}" for i in range(number % 6)),
            source_types=("un", "ngo")[: number % 3],
            months=MonthsRecord(("1988-11",), ("1988-12",)[: number % 2]),
            section_path=(f"{number // 5}. Heading",),
            cites=(CitationRecord("A title", "A/43/705", author="Somebody"),),
        )
        for number in range(20)
    ]


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from test_index_writing import varied; from small_index import write;"
        "write(Path(sys.argv[1]), varied())"
    )
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT}"}
        subprocess.run([sys.executable, "-c", program, str(tmp_path / seed)], check=True, env=environment, timeout=60)
    assert digests(tmp_path / "0") == digests(tmp_path / "1") == digests(tmp_path / "4242")


@pytest.mark.parametrize("run_keys_max", [1, 7, 50, 1_000])
def test_bytes_do_not_depend_on_how_much_waits_in_memory(tmp_path: Path, run_keys_max: int) -> None:
    at_once = write(tmp_path / "once", varied())
    in_runs = write(tmp_path / "runs", varied(), run_keys_max=run_keys_max)
    assert digests(in_runs) == digests(at_once)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_postings_say_where_every_term_stands(passages: list[PassageRecord]) -> None:
    with opened(passages) as snapshot:
        for field in TermField:
            by_place: dict[str, list[tuple[int, int]]] = {}
            lengths = []
            for position, record in enumerate(passages):
                here = places(record, field)
                lengths.append(len(here))
                for at, terms in enumerate(here):
                    for term in terms:
                        by_place.setdefault(term, []).append((position, at))
            starts = snapshot.starts(field)
            assert np.diff(starts).tolist() == lengths
            assert list(snapshot.terms(field)) == sorted(by_place)
            for term, expected in by_place.items():
                found = snapshot.postings(field, term)
                assert found is not None
                assert found.documents.tolist() == sorted({position for position, _ in expected})
                owners = np.repeat(found.documents, found.frequencies)
                assert list(zip(owners.tolist(), (found.places - starts[owners]).tolist(), strict=True)) == expected
            assert snapshot.postings(field, "absent") is None


def test_a_snapshot_gives_back_what_was_written(tmp_path: Path) -> None:
    passages = varied()
    with Snapshot.open(write(tmp_path / "g000001", passages)) as snapshot:
        assert snapshot.generation == "g000001"
        assert snapshot.passage_count == 20
        assert snapshot.authorities == AUTHORITIES
        assert [document.document for document in snapshot.documents] == ["d0", "d1", "d2"]
        assert [(one.first, one.passages) for one in snapshot.documents] == [(0, 9), (9, 9), (18, 2)]
        for position, record in enumerate(passages):
            assert snapshot.record(position) == record
            assert snapshot.text(position) == record.text
            assert snapshot.html(position) == f"<p>{record.id}</p>"
            assert snapshot.position_of(record.document, record.id) == position
        assert snapshot.position_of("d1", "i00000") is None
        assert snapshot.position_of("nowhere", "i00000") is None
        for odd in ("", "i0000", "i000000000000", "é" * 6, "\ud800", "i00000\0"):
            assert snapshot.position_of("d0", odd) is None
        assert snapshot.document("d2") == snapshot.documents[2]
        assert snapshot.document("d3") is None
        for position in (-1, 20):
            with pytest.raises(IndexError):
                snapshot.record(position)


def test_forms_of_a_stem_are_the_words_that_have_it() -> None:
    with opened([passage(0, "Denied, denies deny. Abbas's condemn[ed]"), passage(1, "denied condemns")]) as snapshot:
        assert snapshot.exact_forms_of_stem("deni") == ("denied", "denies", "deny")
        assert snapshot.exact_forms_of_stem("condemn") == ("condemn", "condemned", "condemns")
        assert snapshot.exact_forms_of_stem("abba") == ("abbas", "abbass")
        assert snapshot.exact_forms_of_stem("den") == ()


def test_columns_hold_pages_notes_sections_and_languages() -> None:
    sections = (
        SectionRecord("2.", "2. Two", 1, "body"),
        SectionRecord("2.1", "2.1 Two one", 2, "body", parent=0),
        SectionRecord("2.1.3", "2.1.3 Flat", 1, "body"),
        SectionRecord("", "Unnumbered", 2, "body", parent=1),
        SectionRecord("2.10", "2.10 Ten", 1, "body"),
    )
    passages = [
        passage(0, "", page=PageSpan(3, 5), section_at=1),
        passage(1, "", page=PageSpan("iv", "v"), section_at=2, kind="footnote", number="27"),
        passage(2, "", section_at=3, number="4", language="fa"),
        passage(3, "", section_at=4, page=PageSpan(7, 7)),
        passage(4, ""),
    ]
    document = DocumentRecord("d", "d", None, None, None, None, sections, False)
    assert section_numbers(document, 2) == ("2.1.3", "2.", "2.1")
    with opened(passages, sections=sections) as snapshot:
        for column, value, expected in (
            ("page", "4", [0]),
            ("page", "iv", [1]),
            ("page", "7", [3]),
            ("note", "27", [1]),
            ("note", "4", []),
            ("section", "2.", [0, 1, 2, 3]),
            ("section", "2.1", [0, 1, 2]),
            ("section", "2.10", [3]),
            ("language", "fa", [2]),
            ("language", "en", [0, 1, 3, 4]),
        ):
            assert np.flatnonzero(snapshot.column(column).having([value])).tolist() == expected, (column, value)


def test_the_first_day_of_a_passage_is_the_earliest_that_it_states() -> None:
    days = tuple(DateRecord("", day, day, "certain", 0) for day in ("1988-11-08", "1988-07-28"))
    with opened([passage(0, "", dates=days), passage(1, "")]) as snapshot:
        assert snapshot.first_days.tolist() == [19880728, 0]


def test_passages_of_a_document_must_come_together(tmp_path: Path) -> None:
    with IndexWriter(tmp_path, AUTHORITIES) as writer:
        writer.add(passage(0, "", document="a"), "")
        writer.add(passage(1, "", document="b"), "")
        with pytest.raises(MisplacedPassageError):
            writer.add(passage(2, "", document="a"), "")


def test_a_passage_without_a_document_is_refused(tmp_path: Path) -> None:
    with IndexWriter(tmp_path, AUTHORITIES) as writer:
        writer.add(passage(0, "", document="a"), "")
        with pytest.raises(MisplacedPassageError):
            writer.finish([])


@pytest.mark.parametrize("version", [b"1", b"4", b'"1"', b"null", b"[]"])
def test_an_index_of_another_version_is_refused_with_a_remedy(tmp_path: Path, version: bytes) -> None:
    folder = write(tmp_path / "g", [passage(0, "ash")])
    description = folder / "index.json"
    now = f'"schema":{SCHEMA_VERSION}'.encode()
    assert now in description.read_bytes()
    description.write_bytes(description.read_bytes().replace(now, b'"schema":' + version))
    with pytest.raises(SchemaVersionError, match="pincite build"):
        Snapshot.open(folder)


@pytest.mark.parametrize("name", ["passages.store", "columns.arrays", "MAIN_0.pst"])
@pytest.mark.parametrize("spoilt", [b"", b"nothing", b"PINC" * 20])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, spoilt: bytes) -> None:
    folder = write(tmp_path / "g", [passage(0, "ash")])
    (folder / name).write_bytes(spoilt)
    with pytest.raises(PinciteError, match=name):
        Snapshot.open(folder)


def test_a_description_that_is_no_json_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "g", [passage(0, "ash")])
    (folder / "index.json").write_bytes(b"{")
    with pytest.raises(DamagedFileError, match=r"index\.json"):
        Snapshot.open(folder)


def test_a_store_finds_in_sorted_strings(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s") as store:
        for data in (b"", b"a", b"ab", b"b"):
            store.add(data)
    opened_store = Store(tmp_path / "s")
    assert [opened_store[number] for number in range(len(opened_store))] == [b"", b"a", b"ab", b"b"]
    assert [opened_store.find(data) for data in (b"", b"a", b"aa", b"ab", b"z")] == [0, 1, 2, 2, 4]


def test_arrays_come_back_with_their_names_types_and_shapes(tmp_path: Path) -> None:
    arrays = {
        "empty": np.zeros((0, 3), np.uint8),
        "big": np.arange(5, dtype=">u4"),
        "words": np.array([b"ab", b"c"]),
        "two": np.arange(6, dtype=np.int64).reshape(2, 3)[:, ::2],
    }
    write_arrays(tmp_path / "a", arrays)
    read = read_arrays(tmp_path / "a")
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        assert read[name].shape == array.shape
        assert read[name].tolist() == array.tolist()


def test_an_empty_index_opens(tmp_path: Path) -> None:
    with Snapshot.open(write(tmp_path / "g", [])) as snapshot:
        assert snapshot.passage_count == 0
        assert list(snapshot.terms(TermField.TEXT)) == []
        assert len(snapshot.column("official").having(["x"])) == 0
        assert snapshot.column("month").count(None).shape == (2, 0)


def test_records_are_not_altered_by_being_written(tmp_path: Path) -> None:
    record = passage(0, "NUL \0, a lone mark \u0301 and ‏right to left‏")
    with Snapshot.open(write(tmp_path / "g", [record])) as snapshot:
        assert msgspec.json.encode(snapshot.record(0)) == msgspec.json.encode(record)
