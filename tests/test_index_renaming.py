"""A document gets another name: its ids stay, whatever happens in between."""

from pathlib import Path

import pytest
from building import Record

from index import renaming
from index.ledger_files import LedgerFolder
from index.renaming import (
    DamagedIntentError,
    NameTakenError,
    NoSuchDocumentError,
    UnfinishedRenamingError,
    UnfitNameError,
    rename_document,
)

TEXTS = {
    "letter": "\n\n".join(f"Paragraph number {number} of a long letter." for number in range(40)),
    "note": "A short note.\n\nWith two paragraphs.",
}


@pytest.fixture
def record(tmp_path: Path) -> Record:
    built = Record(tmp_path, TEXTS)
    built.build()
    return built


def test_links_under_the_old_name_answer_as_moved_and_nothing_is_lost(record: Record) -> None:
    before = record.links()
    rename_document(record.folder, "letter", "zeta")
    report = record.build()
    after = record.links()

    assert (len(report.changes.moved), report.changes.lost, report.changes.gained) == (40, (), ())
    assert all(link.startswith("/documents/zeta/") for link in report.changes.moved)
    assert after.keys() == before.keys()
    for text, link in before.items():
        landing = record.land(link)
        assert landing.now is not None
        assert (landing.now.permalink, landing.verdict) == (after[text], "same" if "note" in link else "moved")


def test_there_and_back_again_is_as_if_nothing_had_been(record: Record) -> None:
    before = record.links()
    rename_document(record.folder, "letter", "zeta")
    record.build()
    rename_document(record.folder, "zeta", "letter")
    record.build()

    assert record.links() == before
    assert {record.land(link).verdict for link in before.values()} == {"same"}
    assert {record.land(link.replace("letter", "zeta")).verdict for link in before.values()} == {"moved", "same"}


@pytest.mark.parametrize("dying_at", ["rename of the file", "rename of the ledger", "end"])
def test_an_interrupted_renaming_is_ended_by_the_next_build(
    record: Record, monkeypatch: pytest.MonkeyPatch, dying_at: str
) -> None:
    before = record.links()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        if dying_at == "rename of the file":
            patch.setattr(Path, "rename", _dying(Path.rename, "zeta.md"))
        elif dying_at == "rename of the ledger":
            patch.setattr(LedgerFolder, "rename", die)
        else:
            patch.setattr(Path, "unlink", _dying(Path.unlink, ".renaming"))
        rename_document(record.folder, "letter", "zeta")
    with pytest.raises(UnfinishedRenamingError, match="pincite rename letter zeta"):
        record.build(locked=True)
    report = record.build()

    assert (len(report.changes.moved), report.changes.lost, report.changes.gained) == (40, (), ())
    assert {record.land(link).verdict for link in before.values() if "letter" in link} == {"moved"}
    assert sorted(path.name for path in (record.folder / "permalinks").iterdir()) == [
        "note.jsonl",
        "wordings",
        "zeta.jsonl",
    ]


def _dying(real, name):  # type: ignore[no-untyped-def]
    def call(self: Path, *arguments: object, **named: object) -> object:
        if name in (self.name, *(one.name for one in arguments if isinstance(one, Path))):
            raise KeyboardInterrupt
        return real(self, *arguments, **named)

    return call


def test_said_again_it_ends_what_was_begun(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(renaming, "fsync_path", _dying(lambda path: None, "documents"))
        rename_document(record.folder, "letter", "zeta")

    assert rename_document(record.folder, "letter", "zeta") == record.document("zeta")
    assert record.build().changes.lost == ()


def test_a_document_that_cannot_be_read_keeps_its_passages_under_its_new_name(record: Record) -> None:
    record.document("letter").write_bytes(b"\xff")
    rename_document(record.folder, "letter", "zeta")
    report = record.build()

    assert (report.stale, report.passages, report.changes.lost) == (("zeta",), 42, ())
    assert {link.split("/")[2] for link in record.links().values()} == {"note", "zeta"}


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("letter", "note", NameTakenError),
        ("letter", "NOTE", NameTakenError),
        ("letter", "letter", NameTakenError),
        ("letter", "gone", NameTakenError),
        ("letter", "../letter", UnfitNameError),
        ("letter", "", UnfitNameError),
        ("absent", "zeta", NoSuchDocumentError),
        ("../letter", "zeta", NoSuchDocumentError),
    ],
)
def test_a_name_that_means_or_meant_another_document_is_refused(
    record: Record, old: str, new: str, error: type[Exception]
) -> None:
    record.write("gone", "This will go.")
    record.build()
    record.document("gone").unlink()
    record.build()
    before = sorted(record.folder.rglob("*"))
    with pytest.raises(error):
        rename_document(record.folder, old, new)

    assert sorted(record.folder.rglob("*")) == before


def test_a_damaged_note_of_a_renaming_is_said(record: Record) -> None:
    (record.folder / "permalinks" / ".renaming").write_bytes(b"?")
    with pytest.raises(DamagedIntentError):
        record.build()
