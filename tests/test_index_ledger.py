"""The ledger on disk: added to all or nothing, read in any order, its damage found, joined by git."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from publishing import TWIN, A, B, C, D, E, Record, opened, swapped

from corpus.problems import PinciteError
from index import ledger_files
from index.editions import LostWordingError, write
from index.ledger import DocumentLedger, missing_ids
from index.ledger_files import LedgerBusyError, LedgerFolder
from index.ledger_lines import DamagedLedgerError, LedgerClashError, ReviewLine, StateLine, written
from index.linkbook import FILE, BadLinkBookError, LinkBook, LinkedDocument, write_linkbook

EDITIONS = (
    [A, B, "#", C, D, f"^ {E}", "^ Ibid."],
    [A, f"{B} {C}", "#", D, f"^ {E}", "^ Ibid."],
    [TWIN, A, f"{B} {C}", "#", swapped(D, "forty", "fifty"), "^ Ibid."],
)


def written_record(folder: Path, editions: int = len(EDITIONS)) -> Record:
    """A record whose ledger stands in *folder* after so many editions."""
    record = Record()
    ledger = LedgerFolder(folder)
    for texts in EDITIONS[:editions]:
        record.publish(*texts)
        with ledger.lock():
            write(ledger, record.last)
    return record


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    record = Record()
    ledger = LedgerFolder(tmp_path)
    for texts in EDITIONS:
        record.publish(*texts)
        with ledger.lock():
            write(ledger, record.last)
        assert ledger.read("record") == record.ledger

    assert sorted(files_of(tmp_path)) == ["permalinks/record.jsonl", "permalinks/wordings/record.jsonl"]
    assert ledger.slugs() == ["record"]
    assert ledger.read("another") is None


def test_the_first_line_tells_the_slug_and_later_lines_are_added(tmp_path: Path) -> None:
    written_record(tmp_path, editions=1)
    before = files_of(tmp_path)
    first = msgspec.json.decode(before["permalinks/record.jsonl"].split(b"\n")[0])
    shutil.rmtree(tmp_path / "permalinks")
    written_record(tmp_path)

    assert first["slug"] == "record"
    assert all(content.startswith(before[name]) for name, content in files_of(tmp_path).items())


def test_a_complete_ledger_is_not_written_to(tmp_path: Path) -> None:
    record = written_record(tmp_path)
    before = {path: path.stat() for path in tmp_path.rglob("*")}
    record.ledger = LedgerFolder(tmp_path).read("record")
    plan = record.plan(*EDITIONS[-1])
    ledger = LedgerFolder(tmp_path)
    with ledger.lock():
        write(ledger, plan)

    assert plan.writes_nothing
    assert {path: path.stat().st_mtime_ns for path in before} == {path: one.st_mtime_ns for path, one in before.items()}


def test_labels_that_shift_are_no_state(tmp_path: Path) -> None:
    record = Record()
    record.publish(A, B, C)
    inserted = record.plan(D, A, B, C)
    record.publish(D, A, B, C)
    gone = record.plan(A, B, C)
    record.seed = 2
    shifted = Record(ledger=record.ledger).plan(D, B, A, C)

    assert inserted.needs_ledger
    assert gone.needs_ledger
    assert not shifted.writes_nothing
    assert not shifted.needs_ledger


def test_neither_the_order_of_lines_nor_repeats_matter(tmp_path: Path) -> None:
    record = written_record(tmp_path)
    rng = random.Random(1)
    for path in (tmp_path / "permalinks").rglob("*.jsonl"):
        lines = path.read_bytes().splitlines()
        lines += rng.sample(lines, len(lines) // 2)
        rng.shuffle(lines)
        path.write_bytes(b"\n".join(lines) + b"\n")

    assert LedgerFolder(tmp_path).read("record") == record.ledger


def test_a_line_without_a_sum_and_one_spaced_otherwise_are_read(tmp_path: Path) -> None:
    record = written_record(tmp_path)
    for path in (tmp_path / "permalinks").rglob("*.jsonl"):
        lines = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
        for line in lines[::2]:
            line.pop("sum")
        path.write_bytes(b"".join(msgspec.json.format(msgspec.json.encode(line), indent=0) + b"\r\n" for line in lines))

    assert LedgerFolder(tmp_path).read("record") == record.ledger


@pytest.mark.parametrize("name", ["record.jsonl", "wordings/record.jsonl"])
def test_a_flipped_bit_is_found_or_changes_nothing(tmp_path: Path, name: str) -> None:
    record = written_record(tmp_path)
    path = tmp_path / "permalinks" / name
    sound = path.read_bytes()
    rng = random.Random(7)
    found = 0
    for _ in range(150):
        at = rng.randrange(len(sound))
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << rng.randrange(8)]) + sound[at + 1 :])
        try:
            ledger = LedgerFolder(tmp_path).read("record")
        except PinciteError:
            found += 1
        else:
            assert ledger == record.ledger

    assert found > 135


@pytest.mark.parametrize("name", ["record.jsonl", "wordings/record.jsonl"])
def test_a_file_that_was_cut_off_is_noticed(tmp_path: Path, name: str) -> None:
    record = written_record(tmp_path)
    path = tmp_path / "permalinks" / name
    sound = path.read_bytes()
    rng = random.Random(3)
    for length in {0, 1, len(sound) - 1, *(rng.randrange(len(sound)) for _ in range(60))}:
        path.write_bytes(sound[:length])
        try:
            ledger = LedgerFolder(tmp_path).read("record")
        except DamagedLedgerError:
            continue
        assert missing_ids(ledger, record.ledger)


def test_a_wording_that_is_lost_stops_the_next_edition() -> None:
    record = Record()
    record.publish(A, B)
    assert record.ledger is not None
    kept = dict(list(record.ledger.wordings.items())[:1])
    record.ledger = DocumentLedger("record", (), record.ledger.histories, kept)

    with pytest.raises(LostWordingError, match="--restore-ledger"):
        record.plan(A, B)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"<<<<<<< HEAD", "conflict marks"),
        (b"[1, 2]", "no JSON object"),
        (b"{", "no line of a ledger"),
        (b'{"id": "aaaaaa", "state": 1, "when": "2026-05-04T10:00:00Z"}', "no id"),
        (b'{"id": "00000", "state": 0}', "no id"),
        (b"\xff\xfe{}", "no line of a ledger"),
        (b"[" * 100_000, "no line of a ledger"),
        (b'{"slug": "../etc/passwd"}', "no name of a document"),
    ],
)
def test_a_line_that_is_none_is_named_with_its_place(tmp_path: Path, line: bytes, said: str) -> None:
    written_record(tmp_path)
    path = tmp_path / "permalinks" / "record.jsonl"
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:3], line, *lines[3:]]) + b"\n")

    with pytest.raises(DamagedLedgerError, match=r"permalinks/record\.jsonl:4: .*" + said) as caught:
        LedgerFolder(tmp_path).read("record")
    assert (caught.value.path, caught.value.line) == ("permalinks/record.jsonl", 4)


def test_a_state_that_is_missing_is_noticed(tmp_path: Path) -> None:
    written_record(tmp_path)
    path = tmp_path / "permalinks" / "record.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    for at, line in enumerate(lines[1:], 1):
        path.write_bytes(b"".join(lines[:at] + lines[at + 1 :]))
        if msgspec.json.decode(line).get("is") in ("live", "split"):
            with pytest.raises(DamagedLedgerError):
                LedgerFolder(tmp_path).read("record")


def test_two_lines_that_say_different_things_of_a_state_are_refused_with_the_line(tmp_path: Path) -> None:
    record = written_record(tmp_path, editions=1)
    path = tmp_path / "permalinks" / "record.jsonl"
    line = StateLine(record.last.ids[0], 2, "gone", when="2026-05-06T00:00:00Z", why="left out")  # type: ignore[arg-type]
    other = msgspec.structs.replace(line, standing="merged", into=(record.last.ids[1],))
    before = path.read_bytes()
    path.write_bytes(before + written(line) + written(other))

    at = len(before.splitlines()) + 2
    with pytest.raises(LedgerClashError, match=rf"record\.jsonl:{at}: state 2 of {line.id}"):
        LedgerFolder(tmp_path).read("record")


def test_a_passage_that_two_branches_took_out_is_gone_since_the_first(tmp_path: Path) -> None:
    record = written_record(tmp_path, editions=1)
    path = tmp_path / "permalinks" / "record.jsonl"
    lines = [
        StateLine(record.last.ids[0], 2, "gone", when=f"2026-05-0{day}T00:00:00Z", why="left out")  # type: ignore[arg-type]
        for day in (9, 6)
    ]
    path.write_bytes(path.read_bytes() + b"".join(map(written, lines)))
    ledger = LedgerFolder(tmp_path).read("record")

    assert ledger is not None
    assert ledger.histories[record.last.ids[0]].last.when == "2026-05-06T00:00:00Z"


def test_a_second_builder_is_told_to_wait(tmp_path: Path) -> None:
    one, other = LedgerFolder(tmp_path), LedgerFolder(tmp_path, wait_seconds=0)
    with one.lock(), pytest.raises(LedgerBusyError, match="another build"), other.lock():
        pass
    with other.lock():
        pass


class Killed(BaseException):
    """The process died here."""


def dying(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Let the process die at the *step*-th file operation, from 0."""
    left = [step]

    def before(name: str) -> None:
        real = getattr(ledger_files, name)

        def operation(*arguments: object) -> None:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            real(*arguments)

        monkeypatch.setattr(ledger_files, name, operation)

    before("_stage")
    before("_settle")


@pytest.mark.parametrize("step", range(4))
def test_after_a_crash_all_of_an_edition_is_there_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    record = written_record(tmp_path, editions=2)
    before = record.ledger
    record.publish(*EDITIONS[2])
    folder = LedgerFolder(tmp_path)
    with monkeypatch.context() as patched:
        dying(patched, step)
        with pytest.raises(Killed), folder.lock():
            write(folder, record.last)

    seen = LedgerFolder(tmp_path).read("record")
    with LedgerFolder(tmp_path).lock():
        pass
    assert not LedgerFolder(tmp_path).unfinished()
    assert LedgerFolder(tmp_path).read("record") == seen
    assert seen in (before, record.ledger)
    assert not [name for name in files_of(tmp_path) if name.endswith(".new")]


def test_a_rename_keeps_every_id_and_remembers_the_old_name(tmp_path: Path) -> None:
    record = written_record(tmp_path)
    folder = LedgerFolder(tmp_path)
    with folder.lock():
        folder.rename("record", "report")
    ledger = folder.read("report")

    assert ledger is not None
    assert record.ledger is not None
    assert ledger.formerly == ("record",)
    assert (ledger.histories, ledger.wordings) == (record.ledger.histories, record.ledger.wordings)
    assert folder.slugs() == ["report"]


def test_files_renamed_by_hand_are_a_rename(tmp_path: Path) -> None:
    written_record(tmp_path)
    for folder in (tmp_path / "permalinks", tmp_path / "permalinks" / "wordings"):
        (folder / "record.jsonl").rename(folder / "report.jsonl")
    ledger = LedgerFolder(tmp_path).read("report")

    assert ledger is not None
    assert ledger.formerly == ("record",)


@pytest.mark.parametrize("damage", ["nothing left", "wordings gone", "ledger gone", "older", "garbage"])
def test_a_lost_ledger_comes_back_from_a_generation(tmp_path: Path, damage: str) -> None:
    collection = tmp_path / "collection"
    record = written_record(collection)
    write_linkbook(tmp_path / FILE, [LinkedDocument(record.last.ledger)])
    states, wordings = (collection / "permalinks" / name for name in ("record.jsonl", "wordings/record.jsonl"))
    if damage in ("nothing left", "ledger gone"):
        states.unlink()
    if damage in ("nothing left", "wordings gone"):
        wordings.unlink()
    if damage == "older":
        states.write_bytes(b"".join(states.read_bytes().splitlines(keepends=True)[:4]))
    if damage == "garbage":
        states.write_bytes(states.read_bytes()[:300] + b"\0" * 50 + b"\n")
    kept = LinkBook.open(tmp_path).ledger("record")
    assert kept == record.ledger
    assert kept is not None
    folder = LedgerFolder(collection)
    with folder.lock():
        restored = folder.restore("record", kept)

    assert folder.read("record") == restored == record.ledger
    assert not missing_ids(restored, kept)


def test_what_a_generation_knows_and_the_ledger_lacks_is_named() -> None:
    record = Record()
    first = record.publish(A, B)
    before = record.ledger
    record.publish(A, swapped(B, "letter", "note"), C)
    missing = missing_ids(before, record.ledger)

    assert missing.ids == (record.last.ids[2],)
    assert missing.states == ((first[1], 2),)
    assert not missing_ids(record.ledger, before)
    assert missing_ids(None, before).ids == tuple(sorted(first))
    assert not missing_ids(before, None)


def test_the_book_of_a_generation_is_the_same_for_the_same_ledgers(tmp_path: Path) -> None:
    record = written_record(tmp_path)
    books = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        opened(tmp_path / name, record).close()
        books.append((tmp_path / name / FILE).read_bytes())

    assert books[0] == books[1]


def test_a_book_that_is_none_is_refused(tmp_path: Path) -> None:
    record = written_record(tmp_path)
    opened(tmp_path, record).close()
    sound = (tmp_path / FILE).read_bytes()
    for content in (b"", b"PINCITE-LINKS 1\n", b"PINCITE-LINKS 2\n" + sound[16:], sound[:-4], sound[:40], b"\0" * 99):
        (tmp_path / FILE).write_bytes(content)
        with pytest.raises(BadLinkBookError):
            LinkBook.open(tmp_path)
    (tmp_path / FILE).unlink()
    with pytest.raises(BadLinkBookError):
        LinkBook.open(tmp_path)


def test_decisions_win_over_open_doubts_and_must_agree(tmp_path: Path) -> None:
    record = Record()
    record.publish(A, TWIN, TWIN, B)
    record.publish(A, TWIN, B)
    folder = LedgerFolder(tmp_path)
    with folder.lock():
        folder.add_review(record.review)
    assert folder.review() == tuple(record.review)

    path = tmp_path / "permalinks" / "review.jsonl"
    decided = path.read_text().replace('"decision":null', '"decision":"same"', 1)
    path.write_text(decided + path.read_text())
    assert [line.decision for line in folder.review()] == ["same", None]

    path.write_text(decided + decided.replace('"same"', '"gone"'))
    with pytest.raises(LedgerClashError):
        folder.review()


def test_the_line_for_git_is_written_once(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("*.md text")
    folder = LedgerFolder(tmp_path)

    assert folder.write_git_attributes()
    assert not folder.write_git_attributes()
    assert (tmp_path / ".gitattributes").read_text() == "*.md text\npermalinks/**/*.jsonl merge=union\n"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, slug: str, seed: int, texts: list[str]) -> list[str]:
    """Build a document on the branch that is checked out, by a builder of its own randomness, and commit it."""
    ledgers = LedgerFolder(folder)
    record = Record(slug=slug, seed=seed, ledger=ledgers.read(slug))
    ids = record.publish(*texts)
    with ledgers.lock():
        write(ledgers, record.last)
    (folder / f"{slug}.md").write_text("\n\n".join(texts) + "\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", f"{slug} by {seed}")
    return ids


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_two_branches_that_add_documents_and_passages_are_joined_by_git(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    LedgerFolder(tmp_path).write_git_attributes()
    first = commit(tmp_path, "record", 1, [A, B, C, "^ Ibid."])
    git(tmp_path, "checkout", "-q", "-b", "side")
    side = commit(tmp_path, "record", 2, [TWIN, A, B, C, "^ Ibid."])
    commit(tmp_path, "second", 2, [D])
    git(tmp_path, "checkout", "-q", "main")
    main = commit(tmp_path, "record", 3, [A, B, C, E, "^ Ibid."])
    commit(tmp_path, "third", 3, [D])
    git(tmp_path, "merge", "-q", "-m", "both", "side")

    ledgers = LedgerFolder(tmp_path)
    record = Record(ledger=ledgers.read("record"))
    texts = [text for text in (tmp_path / "record.md").read_text().split("\n\n") if text.strip()]
    ids = record.publish(*(text.strip() for text in texts))
    assert ids == [side[0], *first[:3], main[3], first[3]]
    assert not record.last.needs_ledger
    assert ledgers.slugs() == ["record", "second", "third"]
    with ledgers.lock():
        write(ledgers, record.last)
    assert ledgers.read("record") == record.ledger


def test_review_lines_keep_their_shape() -> None:
    line = ReviewLine("000000", "/documents/a/p/b~000000.00000", "/documents/a/p/c~10000x.00000", 0.5)

    assert sorted(msgspec.json.decode(written(line))) == ["decision", "from", "id", "score", "sum", "to"]
