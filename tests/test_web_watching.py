"""`serve --watch`: a change is built once it has come to rest, and a document that is broken stops nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from building import Record

from index.disk import flocked
from web import watching
from web.watching import LONGEST_UNREST_SECONDS, LOOK_SECONDS, build, changes, signature


def builds(looks: str) -> list[int]:
    """At which looks (from 1) a build begins, when the files look as the letters tell, and the last for good."""
    seen: Iterator[str] = iter(looks)
    looked = 0
    now = 0.0
    state = ""

    def look() -> watching.Signature:
        nonlocal state
        state = next(seen, state)
        return ((state, 0, 0),)

    def sleep(seconds: float) -> None:
        nonlocal looked, now
        looked += 1
        now += seconds

    found: list[int] = []
    wait = changes(look, lambda: looked < len(looks) + 3, sleep, lambda: now)
    while wait():
        found.append(looked)
    return found


@pytest.mark.parametrize(
    ("looks", "begun"),
    [
        ("aaaa", []),
        ("abbb", [2]),
        ("abcdd", [4]),  # while it changes nothing is built
        ("aba", []),  # changed and changed back
        ("abbaa", [2, 4]),
        ("abbcc", [2, 4]),
    ],
)
def test_a_change_is_built_once_it_has_come_to_rest(looks: str, begun: list[int]) -> None:
    assert builds(looks) == begun


def test_files_that_never_rest_are_built_all_the_same() -> None:
    looks = "".join(chr(0x4E00 + number) for number in range(100))
    every = int(LONGEST_UNREST_SECONDS / LOOK_SECONDS) + 1
    assert builds(looks)[:3] == [every, 2 * every, 3 * every]


def test_every_file_that_a_build_reads_is_watched_and_what_it_writes_is_not(tmp_path: Path) -> None:
    record = Record(tmp_path, {"a": "Text."})
    before = signature(record.folder)
    record.build()
    assert signature(record.folder) == before
    for name in ("collection.toml", "officials.toml", "sources.toml", "terms.toml", "documents/a.md", "documents/b.md"):
        path = record.folder / name
        path.write_text((path.read_text() if path.exists() else "") + "\n# more\n")
        assert signature(record.folder) != before, name
        before = signature(record.folder)
    record.document("a").unlink()
    assert signature(record.folder) != before


def test_a_broken_document_is_told_and_the_others_are_built(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    record = Record(tmp_path, {"a": "# A\n\nA text.", "b": "# B\n\nAnother."})
    record.build()
    record.write("a", "---\ntitle: x: y\n---\nBroken.")
    record.write("b", "# B\n\nAnother, with more.")
    build(record.folder, record.data)
    said = capfd.readouterr()

    assert "documents/a.md:" in said.err
    assert "stale: a" in said.out
    assert "has faults, as listed" in said.err
    assert record.texts() == ["A text.", "Another, with more."]
    record.write("a", "# A\n\nMended.")
    build(record.folder, record.data)
    assert "faults" not in capfd.readouterr().err
    assert record.texts() == ["Mended.", "Another, with more."]


def test_another_builder_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = Record(tmp_path, {"a": "A text."})
    record.build()
    record.write("a", "Another.")
    lock = flocked(record.data.path / "BUILD.lock")
    lock.__enter__()
    monkeypatch.setattr("web.watching.time.sleep", lambda seconds: lock.__exit__(None, None, None))
    build(record.folder, record.data)
    assert record.texts() == ["Another."]
