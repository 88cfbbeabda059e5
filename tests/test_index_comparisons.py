"""What changed since each generation that is kept: told rightly, equally, and never from what is damaged."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from building import Record

from index import comparisons
from index.arrays import DamagedFileError
from index.changes import Edition, compare, compare_editions
from index.comparisons import damaged_comparisons, path_of, read_comparisons
from index.current import open_generation
from index.record import PassageRecord
from index.renaming import rename_document

FACTS = [f"Sentence {number} of the log tells of ship {number * 37}." for number in range(30)]


def document(facts: list[str]) -> str:
    half = len(facts) // 2
    parts = ["## 1. Arrivals", *facts[:half], "## 2. Departures", *facts[half:]]
    return "\n\n".join(parts) + f"[^1]\n\n[^1]: A note that follows {len(facts)} sentences.\n"


def edited(facts: list[str], rng: random.Random) -> list[str]:
    facts = list(facts)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(facts))
        kind = rng.randrange(4)
        if kind == 0:
            facts.insert(at, f"A line that came later, {rng.randrange(10**6)} in the book.")
        elif kind == 1 and len(facts) > 6:
            del facts[at]
        elif kind == 2:
            facts.insert(rng.randrange(len(facts)), facts.pop(at))
        else:
            facts[at] = facts[at].replace("tells of", "does not tell of")
    return facts


def records(record: Record, name: str) -> list[PassageRecord]:
    opened = open_generation(record.data, name)
    try:
        return [opened.snapshot.record(place) for place in range(opened.snapshot.passage_count)]
    finally:
        opened.close()


@pytest.mark.parametrize("seed", range(3))
def test_each_kept_generation_is_compared_as_if_all_passages_were_held_side_by_side(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    texts = {f"d{number}": rng.sample(FACTS, 12) for number in range(5)}
    record = Record(tmp_path, {slug: document(facts) for slug, facts in texts.items()})
    record.build()
    for number in range(2, 7):
        for slug in rng.sample(sorted(texts), 2):
            texts[slug] = edited(texts[slug], rng)
            record.write(slug, document(texts[slug]))
        if number == 4:
            record.document("d0").unlink()
            texts.pop("d0")
        report = record.build()
        name = f"g{number:06}"
        told = read_comparisons(record.data, name, record.data.manifest_sum(name))
        assert [one.generation for one in told] == record.data.names()[:-1][-3:]
        for one in told:
            changes = compare(records(record, one.generation), records(record, name))
            assert one.groups() == dict(changes.groups())
            assert one.counts == {kind: len(found) for kind, found in changes.groups()}
        assert dict(report.changes.groups()) == told[-1].groups()
    assert sorted(path.stem for path in (record.data.path / "changes").iterdir()) == record.data.names()


def test_a_document_that_was_renamed_has_moved_and_is_not_lost(tmp_path: Path) -> None:
    record = Record(tmp_path, {"old": document(FACTS[:6]), "other": document(FACTS[6:12])})
    record.build()
    rename_document(record.folder, "old", "new")
    record.build()
    (told,) = read_comparisons(record.data, "g000002", record.data.manifest_sum("g000002"))

    assert told.counts == {"gained": 0, "lost": 0, "moved": 7, "reworded": 0}


def test_a_name_that_passes_to_another_document_hides_no_loss(tmp_path: Path) -> None:
    record = Record(tmp_path, {"a": document(FACTS[:6]), "b": document(FACTS[:6]), "c": document(FACTS[6:12])})
    record.build()
    old = Edition.open(record.data.folder("g000001"))
    record.document("a").unlink()
    record.build(accept_shrink=True)
    new = Edition.open(record.data.folder("g000002"))
    assert compare_editions(old, new, {"a": "b"}).lost
    old.close()
    new.close()


def test_no_more_is_listed_than_a_bound_and_the_counts_tell_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparisons, "LISTED_AT_MOST", 5)
    record = Record(tmp_path, {"a": document(FACTS[:4])})
    record.build()
    record.write("b", document(FACTS))
    record.build()
    (told,) = read_comparisons(record.data, "g000002", record.data.manifest_sum("g000002"))

    assert (len(told.gained), told.counts["gained"]) == (5, 31)


def test_the_comparisons_are_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    record = Record(tmp_path, {"a": document(FACTS[:9]), "b": document(FACTS[9:])})
    record.build()
    record.write("a", document(FACTS[2:14]))
    record.write("c", document(FACTS[:9]))
    record.build()
    found = set()
    for seed in ("1", "2"):
        copied = tmp_path / seed
        shutil.copytree(record.data.path, copied)
        command = [sys.executable, "-m", "web.cli", "--collection", record.folder, "--data", copied, "build"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        told = json.loads((copied / "changes" / "g000003.json").read_bytes())
        for name in ("manifest", "sum"):  # the manifest holds the time of the build
            del told[name]
        found.add(json.dumps(told, indent=1))

    assert len(found) == 1


def test_what_is_damaged_is_not_told_and_goes_with_the_next_build(tmp_path: Path) -> None:
    record = Record(tmp_path, {"a": document(FACTS[:9])})
    for _ in range(2):
        record.build()
    path, sum_of = path_of(record.data, "g000002"), record.data.manifest_sum("g000002")
    content = path.read_bytes()
    rng = random.Random(1)
    for _ in range(60):
        damaged = bytearray(content)
        damaged[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with suppress(DamagedFileError):
            assert read_comparisons(record.data, "g000002", sum_of) in ((), told_of(content))
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedFileError):
        read_comparisons(record.data, "g000002", sum_of)
    assert [one.path for one in damaged_comparisons(record.data)] == [path]
    record.build()
    assert damaged_comparisons(record.data) == []


def told_of(content: bytes) -> tuple[comparisons.Since, ...]:
    told = json.loads(content)["since"]
    return tuple(
        comparisons.Since(**{key: tuple(value) if isinstance(value, list) else value for key, value in one.items()})
        for one in told
    )


def test_another_generation_of_the_same_name_is_not_told_of(tmp_path: Path) -> None:
    record = Record(tmp_path, {"a": document(FACTS[:9])})
    for _ in range(2):
        record.build()

    assert read_comparisons(record.data, "g000002", "0" * 64) == ()
    assert read_comparisons(record.data, "g000009", "0" * 64) == ()


def test_after_a_rollback_the_edition_served_tells_of_those_before_it(tmp_path: Path) -> None:
    record = Record(tmp_path, {"a": document(FACTS[:9])})
    for number in range(3):
        record.write("a", document(FACTS[: 9 + number]))
        record.build()

    told = read_comparisons(record.data, "g000002", record.data.manifest_sum("g000002"))
    assert [one.generation for one in told] == ["g000001"]
