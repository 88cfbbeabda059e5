"""The matches that wait for a person: after a renaming, after a merge by git, and once they are decided."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from building import Record

from index.ledger_files import LedgerFolder
from index.ledger_lines import LedgerClashError
from index.renaming import rename_document

FIRST = "The harbour master wrote that the second ship had left before the ice came."
TWIN = "Nothing more was heard of it."
LAST = "A list of the crew was found in the office of the insurers ten years later."
TEXT = f"{FIRST}\n\n{TWIN}\n\n{TWIN}\n\n{LAST}\n"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A collection in which it is in doubt which of two passages that read alike was deleted."""
    built = Record(tmp_path, {"letter": TEXT, "note": f"{LAST}\n"})
    built.build()
    built.write("letter", TEXT.replace(f"{TWIN}\n\n", "", 1))
    assert built.build().review == 2
    return built


def lines_of(record: Record) -> list[dict[str, object]]:
    path = record.folder / "permalinks" / "review.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def decide(record: Record, *decisions: str | None) -> None:
    """Write decisions into the lines of the review file, in their order."""
    path = record.folder / "permalinks" / "review.jsonl"
    lines = path.read_text().splitlines()
    given = [json.dumps(decision) for decision in decisions]
    changed = [line.replace('"decision":null', f'"decision":{said}') for line, said in zip(lines, given, strict=True)]
    path.write_text("\n".join(changed) + "\n")


def test_a_line_is_answered_once_another_has_settled_it(record: Record) -> None:
    decide(record, "same", None)
    report = record.build()

    assert (report.review, len(report.changes.gained), len(report.changes.lost)) == (1, 1, 1)
    decide(record, "same", "gone")
    assert record.build().review == 0


@pytest.mark.parametrize("decided_first", [True, False])
def test_a_renamed_document_takes_its_lines_along(record: Record, decided_first: bool) -> None:
    lost = str(lines_of(record)[0]["id"])
    if decided_first:
        decide(record, "same", "gone")
    rename_document(record.folder, "letter", "message")
    if not decided_first:
        decide(record, "same", "gone")

    assert {str(line[end]).split("/")[2] for line in lines_of(record) for end in ("from", "to")} == {"message"}
    report = record.build()
    assert report.review == 0
    assert f"~{lost}." in record.links()[TWIN]


def test_the_same_question_under_another_label_is_asked_once(record: Record) -> None:
    path = record.folder / "permalinks" / "review.jsonl"
    again = [{**line, "to": str(line["to"]).replace("/p2~", "/p9~"), "sum": None} for line in lines_of(record)]
    path.write_text(path.read_text() + "".join(json.dumps(line) + "\n" for line in again))

    assert len(LedgerFolder(record.folder).review()) == 2
    assert record.build().review == 2


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(
    ("theirs", "clash"), [((None, "gone"), False), (("same", None), False), (("gone", None), True)]
)
def test_decisions_of_two_branches_are_joined_by_git(
    record: Record, theirs: tuple[str | None, ...], clash: bool
) -> None:
    git(record.folder, "init", "-q")
    git(record.folder, "add", ".")
    git(record.folder, "commit", "-q", "-m", "in doubt")
    git(record.folder, "checkout", "-q", "-b", "side")
    decide(record, *theirs)
    git(record.folder, "commit", "-qam", "theirs")
    git(record.folder, "checkout", "-q", "main")
    decide(record, "same", None)
    git(record.folder, "commit", "-qam", "ours")
    git(record.folder, "merge", "-q", "-m", "both", "side")

    if clash:
        with pytest.raises(LedgerClashError, match=r"review\.jsonl:\d"):
            record.build()
        return
    assert record.build().review == (0 if "gone" in theirs else 1)
    assert f"~{lines_of(record)[0]['id']}." in record.links()[TWIN]
