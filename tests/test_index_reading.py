"""Documents are read in children that may hang, starve or die without harm to the others."""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from corpus.collection import open_collection
from corpus.new_collection import write_new_collection
from index import reading
from index.reading import Reader, Reading, RenderSettings, read_all


def plain(elements: Sequence[Element]) -> tuple[str, ...]:
    return tuple("".join(element.itertext()) for element in elements)


def starving(elements: Sequence[Element]) -> tuple[str, ...]:
    if "starve" in "".join(elements[0].itertext()):
        raise MemoryError
    return plain(elements)


def hanging(elements: Sequence[Element]) -> tuple[str, ...]:
    if "hang" in "".join(elements[0].itertext()):
        time.sleep(600)
    return plain(elements)


def failing(elements: Sequence[Element]) -> tuple[str, ...]:
    if "die" in "".join(elements[0].itertext()):
        raise ZeroDivisionError("a slip")
    return plain(elements)


def dying(elements: Sequence[Element]) -> tuple[str, ...]:
    if "die" in "".join(elements[0].itertext()):
        import os

        os._exit(9)
    return plain(elements)


def collection(folder: Path, texts: dict[str, str]) -> Path:
    write_new_collection(folder, bare=True)
    for slug, text in texts.items():
        (folder / "documents" / f"{slug}.md").write_text(text)
    return folder


def read(folder: Path, fragments: reading.Fragments = plain, cache: Path | None = None) -> dict[str, Reading]:
    found = open_collection(folder)
    reader = Reader(found.authorities, found.source_types, RenderSettings(fragments, lambda html: True, "1"), "code")
    steps: list[int] = []
    readings = read_all(found, reader, cache, steps.append)
    assert sum(steps) == len(found.files)
    return readings


TEXTS = {"a": "Fine.", "b": "hang starve die", "c": "Fine too.[^1]\n\n[^1]: Note."}


@pytest.mark.parametrize(
    ("fragments", "said"),
    [
        (starving, "more than 4 GB of memory"),
        (dying, "the process that read it died"),
        (hanging, "took longer than 1 sec"),
    ],
)
def test_one_bad_document_never_stops_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fragments: reading.Fragments, said: str
) -> None:
    monkeypatch.setattr(reading, "SECONDS_PER_DOCUMENT", 1)
    found = read(collection(tmp_path / "c", TEXTS), fragments)

    assert [found[slug].document is not None for slug in "abc"] == [True, False, True]
    assert said in found["b"].problems[0].message
    assert found["b"].problems[0].path == "documents/b.md"
    assert found["c"].html == ("Fine too.1", "Note.")


def test_a_cached_reading_is_the_reading(tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", TEXTS)
    first = read(folder, cache=tmp_path / "cache")

    assert len(list((tmp_path / "cache").iterdir())) == 3
    assert read(folder, starving, cache=tmp_path / "cache") == first


def test_a_damaged_cache_entry_is_read_anew(tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", TEXTS)
    first = read(folder, cache=tmp_path / "cache")
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:-1] + b"?")

    assert read(folder, cache=tmp_path / "cache") == first


def test_an_entry_of_another_shape_is_read_anew(tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", TEXTS)
    first = read(folder, cache=tmp_path / "cache")
    for path in (tmp_path / "cache").iterdir():
        payload = b"\x80"
        path.write_bytes(hashlib.sha256(payload).hexdigest().encode() + payload)

    assert read(folder, cache=tmp_path / "cache") == first


def test_the_cache_forgets_what_no_document_needs(tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", TEXTS)
    read(folder, cache=tmp_path / "cache")
    (folder / "documents" / "b.md").unlink()
    (folder / "documents" / "a.md").write_text("Other words.")
    read(folder, cache=tmp_path / "cache")

    stored = b"".join(path.read_bytes() for path in (tmp_path / "cache").iterdir())
    assert b"hang starve" not in stored
    assert b"Fine." not in stored
    assert b"Other words." in stored
