"""Readers of the generation served: whole answers while others are published, rolled back, damaged and deleted."""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building import Record

from index import current as current_module
from index.current import GenerationReader, Opened, open_current
from index.generations import Current, NoGenerationError
from index.linkbook import LinkBook

PATIENCE = 10.0  # seconds that a machine under load may need


def texts(edition: int) -> dict[str, str]:
    return {
        slug: "\n\n".join(f"Passage {number} of {slug} in edition {edition}." for number in range(3))
        for slug in ("a", "b", "c")
    }


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = Record(tmp_path, texts(1))
    made.build()
    return made


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def reader(record: Record, reports: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[GenerationReader]:
    monkeypatch.setattr(current_module, "POLL_SECONDS", 0.01)
    started = GenerationReader(record.data, reports.append)
    started.start()
    yield started
    started.stop()


def publish(record: Record, edition: int) -> None:
    for slug, text in texts(edition).items():
        record.write(slug, text)
    record.build(accept_shrink=True)


def served(reader: GenerationReader) -> str:
    with reader.pinned() as opened:
        return opened.generation


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_no_answer_fails_or_is_mixed_while_generations_come_and_go(record: Record, reader: GenerationReader) -> None:
    edition_of = {"g000001": 1}
    answers: list[tuple[str, set[str]]] = []
    failures: list[BaseException] = []
    stop = threading.Event()

    def read(seed: int) -> None:
        rng = random.Random(seed)
        try:
            while not stop.is_set():
                with reader.pinned() as opened:
                    found = set()
                    for position in range(opened.snapshot.passage_count):
                        found.add(opened.snapshot.text(position).rpartition(" ")[2])
                        if rng.random() < 0.05:
                            time.sleep(rng.random() * 0.2)
                    # As the site does: what is opened late still stands, for the whole request.
                    book = LinkBook.open(record.data.folder(opened.generation))
                    assert set(book.slugs) == {"a", "b", "c"}
                    book.close()
                    answers.append((opened.generation, found))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    try:
        for edition in range(2, 14):
            publish(record, edition)
            edition_of[f"g{edition:06d}"] = edition
    finally:
        time.sleep(0.2)
        stop.set()
        for thread in threads:
            thread.join()

    assert failures == []
    assert {(generation, *found) for generation, found in answers} <= {
        (generation, f"{edition}.") for generation, edition in edition_of.items()
    }
    assert len({generation for generation, _ in answers}) > 4
    publish(record, 14)
    assert record.data.names() == ["g000011", "g000012", "g000013", "g000014"]


def test_a_generation_stays_as_long_as_a_request_reads_it(record: Record, reader: GenerationReader) -> None:
    with reader.pinned() as opened:
        for edition in range(2, 8):
            publish(record, edition)
        until(lambda: served(reader) == "g000007")
        assert opened.generation == "g000001"
        assert opened.snapshot.text(0).endswith("edition 1.")
        assert "g000001" in record.data.names()
    publish(record, 8)
    assert "g000001" not in record.data.names()


def test_a_damaged_generation_is_reported_once_and_the_old_one_serves_on(
    record: Record, reader: GenerationReader, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_module, "RETRY_SECONDS", 0.1)
    real = record.data.make_current
    html = b""

    def swap_to_damaged(current: Current) -> None:
        nonlocal html
        path = record.data.folder(current.generation) / "html.store"
        html = path.read_bytes()
        path.write_bytes(html[:-1])
        real(current)

    monkeypatch.setattr(type(record.data), "make_current", lambda self, current: swap_to_damaged(current))
    publish(record, 2)
    until(lambda: bool(reports))
    time.sleep(0.4)
    assert len(reports) == 1
    assert "html.store" in reports[0]
    assert "serves on" in reports[0]
    assert served(reader) == "g000001"

    (record.data.folder("g000002") / "html.store").write_bytes(html)
    until(lambda: served(reader) == "g000002")


def test_a_current_that_is_lost_or_damaged_changes_nothing_for_those_who_read(
    record: Record, reader: GenerationReader
) -> None:
    path = record.data.path / "CURRENT"
    content = path.read_bytes()
    for damaged in (b"", b"\xff", None):
        path.unlink() if damaged is None else path.write_bytes(damaged)
        time.sleep(0.05)
        assert served(reader) == "g000001"
    path.write_bytes(content)
    publish(record, 2)
    until(lambda: served(reader) == "g000002")


def test_a_rollback_is_followed(record: Record, reader: GenerationReader) -> None:
    publish(record, 2)
    until(lambda: served(reader) == "g000002")
    record.data.make_current(Current("g000001", record.data.manifest_sum("g000001"), "g000002"))
    until(lambda: served(reader) == "g000001")


def test_another_data_folder_in_the_same_place_is_noticed_though_its_names_are_the_same(
    record: Record, reader: GenerationReader, tmp_path: Path
) -> None:
    other = Record(tmp_path / "other", texts(7))
    other.build()
    record.data.path.rename(tmp_path / "away")
    other.data.path.rename(record.data.path)

    def edition() -> bool:
        with reader.pinned() as opened:
            return opened.snapshot.text(0).endswith("edition 7.")

    until(edition)


def test_nothing_is_served_before_the_start_and_after_the_end(record: Record) -> None:
    reader = GenerationReader(record.data, lambda message: None)
    with pytest.raises(NoGenerationError), reader.pinned():
        pass
    reader.start()
    assert served(reader) == open_current(record.data).generation
    reader.stop()
    with pytest.raises(NoGenerationError), reader.pinned():
        pass


def damage(record: Record, generation: str, name: str = "html.store") -> None:
    path = record.data.folder(generation) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_file_that_is_damaged_while_it_is_served_is_noticed_and_the_newest_sound_one_takes_over(
    record: Record, reader: GenerationReader, reports: list[str]
) -> None:
    publish(record, 2)
    publish(record, 3)
    until(lambda: served(reader) == "g000003")
    damage(record, "g000003")
    until(lambda: served(reader) == "g000002")
    assert "g000003/html.store: is damaged" in reports[0]
    assert "g000002 is served" in reports[0]

    publish(record, 4)
    until(lambda: served(reader) == "g000004")


def test_where_nothing_sound_is_left_nothing_is_served_until_something_is(
    record: Record, reader: GenerationReader, reports: list[str]
) -> None:
    damage(record, "g000001", "passages.store")

    def refused() -> bool:
        try:
            served(reader)
        except NoGenerationError:
            return True
        return False

    until(refused)
    assert "nothing is served" in reports[-1]
    publish(record, 2)
    until(lambda: not refused())
    assert served(reader) == "g000002"


def test_rot_that_changes_no_date_is_found_when_all_is_read_again(
    record: Record, reader: GenerationReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(record, 2)
    until(lambda: served(reader) == "g000002")
    path = record.data.folder("g000002") / "html.store"
    before = path.stat()
    monkeypatch.setattr(GenerationReader, "_dates", lambda self, opened: self._files)
    damage(record, "g000002")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    time.sleep(0.1)
    assert served(reader) == "g000002"
    monkeypatch.setattr(current_module, "SCRUB_SECONDS", 0.05)
    until(lambda: served(reader) == "g000001")


def test_a_start_with_a_damaged_generation_says_so_and_goes_back_to_it_when_it_is_mended(
    record: Record, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_module, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(current_module, "RETRY_SECONDS", 0.05)
    publish(record, 2)
    damage(record, "g000002")
    reader = GenerationReader(record.data, reports.append)
    reader.start()
    try:
        assert served(reader) == "g000001"
        assert "html.store" in reports[0]
        assert "g000001 is served" in reports[0]
        damage(record, "g000002")  # the bit flips back
        until(lambda: served(reader) == "g000002")
    finally:
        reader.stop()


def test_a_fault_of_ours_does_not_end_the_watch(
    record: Record, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_module, "POLL_SECONDS", 0.01)

    def prepared(opened: Opened) -> None:
        if opened.generation == "g000002":
            raise ZeroDivisionError

    reader = GenerationReader(record.data, reports.append, prepared)
    reader.start()
    try:
        publish(record, 2)
        until(lambda: bool(reports))
        assert "ZeroDivisionError" in reports[0]
        assert served(reader) == "g000001"
        publish(record, 3)
        until(lambda: served(reader) == "g000003")
    finally:
        reader.stop()
