"""The `pincite` command as a maintainer meets it: what it prints, where, and with which exit code."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from web.cli import main

LETTER = """\
---
title: A letter
issuer: The mission
source_type: government
date: 1989-02-28
---

The ambassador denied the executions on 13 December 1988.[^1]

## 1. What was said

He called the reports false:

> They are forgeries.

[^1]: The Herald, "Envoy denies", 14 December 1988.
"""


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "c"
    assert pincite("init", str(folder), "--bare").exit_code == 0
    (folder / "documents" / "letter.md").write_text(LETTER)
    return folder


def pincite(*arguments: str, collection: Path | None = None) -> Result:
    given = [] if collection is None else ["--collection", str(collection), "--data", str(collection.parent / "data")]
    return CliRunner().invoke(main, [*given, *arguments], catch_exceptions=False)


def lines(result: Result) -> list[Any]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_new_collection_checks_builds_and_is_searched(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    assert pincite("init", str(folder)).exit_code == 0
    assert pincite("check", collection=folder).exit_code == 0
    built = pincite("build", collection=folder)
    assert (built.exit_code, built.stdout.splitlines()[0]) == (
        0,
        "g000001: 8 passages (2 of them footnotes) in 1 document",
    )
    assert "8 passages" in pincite("search", "", collection=folder).stdout


def test_dump_prints_each_passage_with_its_calls_and_callers(collection: Path) -> None:
    pincite("build", collection=collection)
    first, second, quotation, note = lines(pincite("dump", collection=collection))

    assert [first["label"], second["label"], quotation["label"], note["label"]] == ["p1", "s1-p1", "s1-p2", "fn1"]
    assert first["calls"] == [{"note": "1", "id": note["id"], "at": len(first["text"])}]
    assert note["called_from"] == [first["id"]]
    assert (quotation["form"], quotation["section_path"]) == ("quotation", ["1. What was said"])
    assert re.fullmatch(r"/documents/letter/p/p1~[0-9a-z]{6}\.[0-9a-z]{5}", first["permalink"])


def test_dump_lists_documents_and_officials(collection: Path) -> None:
    (collection / "officials.toml").write_text('[[officials]]\nid = "nobody"\nname = "No Body"\n')
    pincite("build", collection=collection)
    (document,) = lines(pincite("dump", "--documents", collection=collection))
    (official,) = lines(pincite("dump", "--officials", collection=collection))

    assert document["document"] == "letter"
    assert document["sections"] == [{"number": "1", "title": "1. What was said", "level": 1, "kind": "body"}]
    assert (document["date"], document["symbol"], document["stale"]) == ("1989-02-28", None, False)
    assert (official["id"], official["passages"]) == ("nobody", 0)


def test_search_answers_in_json_on_a_clean_stdout(collection: Path) -> None:
    pincite("build", collection=collection)
    (answer,) = lines(pincite("search", "denied", "--json", collection=collection))

    assert answer["total"] == 1 + 1
    assert {hit["kind"] for hit in answer["hits"]} == {"body", "footnote"}
    assert pincite("search", "nothinglikethis", collection=collection).exit_code == 0


def test_what_else_to_try_says_which_filter_it_leaves_out(collection: Path) -> None:
    pincite("build", collection=collection)
    with_words = pincite("search", "denied", "--month", "1988-11", collection=collection)
    without_words = pincite("search", "", "--month", "1988-11", collection=collection)

    assert "Without the filter 1988-11: denied (2)" in with_words.stderr
    assert "Without the filter 1988-11 (" in without_words.stderr
    assert "Perhaps" not in with_words.stderr + without_words.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "x", "--month", "1988-13"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--kind", "poem"],
        ["nonsense"],
        ["import", "x.txt"],
        ["import", "a.txt", "b.txt", "--into", "c", "--slug", "s"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert pincite(*arguments).exit_code == 2


def test_a_broken_document_keeps_what_it_had_and_the_others_are_built(collection: Path) -> None:
    pincite("build", collection=collection)
    before = lines(pincite("dump", collection=collection))
    (collection / "documents" / "letter.md").write_bytes(b"---\ntitle: a: b\n---\n\xff")
    (collection / "documents" / "other.md").write_text("Another document.")
    built = pincite("build", collection=collection)
    after = lines(pincite("dump", collection=collection))
    stale = {row["document"]: row["stale"] for row in lines(pincite("dump", "--documents", collection=collection))}

    assert built.exit_code == 1
    assert "documents/letter.md:4: byte 0xff is not UTF-8" in built.stderr
    assert "stale: letter" in built.stdout
    assert [row for row in after if row["document"] == "letter"] == before
    assert stale == {"letter": True, "other": False}
    assert "stale: letter" in pincite("status", collection=collection).stdout


def test_check_lists_faults_with_file_and_line_and_near_misses_are_no_faults(collection: Path) -> None:
    assert pincite("check", collection=collection).exit_code == 0
    (collection / "documents" / "near.md").write_text("Text with <b>tags</b>.")
    assert pincite("check", collection=collection).exit_code == 0
    (collection / "documents" / "far.md").write_text("Text.\n\nMore[^1].")
    checked = pincite("check", collection=collection)

    assert checked.exit_code == 1
    assert "documents/far.md:3: note 1 is called and has no text." in checked.stdout
    assert not (collection / "permalinks").exists()


def test_a_build_says_what_changed(collection: Path) -> None:
    pincite("build", collection=collection)
    path = collection / "documents" / "letter.md"
    path.write_text(LETTER.replace("called the reports false", "called these reports false") + "\nA last word.\n")
    changes = lines(pincite("build", "--json", collection=collection))[0]["changes"]

    assert {kind: len(found) for kind, found in changes.items()} == {"gained": 1, "lost": 0, "moved": 0, "reworded": 1}


FIVE = """\
---
title: Five
---

The ship was seen off the cape on the third of May.

The pilot was asked twice and answered neither time.

A lamp burned in the tower until the morning watch.

No boat was launched, the coxswain wrote, for want of oars.

The widow kept the letter and showed it to the magistrate.

The inquest sat for two days and heard nine witnesses.
"""


def test_five_known_edits_are_just_what_a_build_lists(collection: Path) -> None:
    path = collection / "documents" / "five.md"
    path.write_text(FIVE)
    pincite("build", collection=collection)
    before = {row["text"][:9]: row["permalink"] for row in lines(pincite("dump", collection=collection))}
    blocks = FIVE.rstrip("\n").split("\n\n")
    edited = [
        blocks[0],
        blocks[1],
        blocks[6],  # moved
        blocks[2].replace("twice", "once"),  # reworded
        "A second lamp was lit on the mole.",  # gained; the third is lost
        blocks[4].replace("No boat", "One boat"),  # reworded
        blocks[5],
    ]
    path.write_text("\n\n".join(edited) + "\n")
    told = lines(pincite("build", "--json", collection=collection))[0]
    after = {row["text"][:9]: row["permalink"] for row in lines(pincite("dump", collection=collection))}

    expected = {
        "gained": [after["A second "]],
        "lost": [before["A lamp bu"]],
        "moved": [after["The inque"]],
        "reworded": [after["The pilot"], after["One boat "]],
    }
    assert told["changes"] == expected

    path.write_text(FIVE)
    pincite("build", collection=collection)
    path.write_text("\n\n".join(edited) + "\n")
    text = pincite("build", collection=collection).stdout
    listed = [line.split() for line in text.splitlines() if line.startswith("  ")]
    assert [(kind, link.partition("~")[0]) for kind, link in listed] == [
        (kind, link.partition("~")[0]) for kind, links in expected.items() for link in links
    ]
    assert "changes: 1 gained, 1 lost, 1 moved, 2 reworded" in text


def test_locked_refuses_when_the_ledger_needs_lines_and_writes_nothing(collection: Path) -> None:
    refused = pincite("build", "--locked", collection=collection)

    assert refused.exit_code == 1
    assert "the ledger needs new lines for letter" in refused.stderr
    assert not (collection / "permalinks").exists()
    pincite("build", collection=collection)
    ledger = {path: path.read_bytes() for path in (collection / "permalinks").rglob("*") if path.is_file()}
    assert pincite("build", "--locked", collection=collection).exit_code == 0
    assert {path: path.read_bytes() for path in (collection / "permalinks").rglob("*") if path.is_file()} == ledger


def test_a_build_that_would_lose_most_of_the_record_is_refused(collection: Path) -> None:
    (collection / "documents" / "long.md").write_text("\n\n".join(f"Paragraph number {i} of many." for i in range(60)))
    pincite("build", collection=collection)
    (collection / "documents" / "long.md").unlink()
    refused = pincite("build", collection=collection)

    assert refused.exit_code == 1
    assert "60 of 64 passages would go" in refused.stderr
    assert pincite("build", "--accept-shrink", collection=collection).exit_code == 0


def test_an_empty_collection_is_not_published(tmp_path: Path) -> None:
    pincite("init", str(tmp_path / "c"), "--bare")
    refused = pincite("build", collection=tmp_path / "c")

    assert (refused.exit_code, "it holds no documents" in refused.stderr) == (1, True)
    assert "no index has been built" in pincite("search", "x", collection=tmp_path / "c").stderr


def test_a_lost_ledger_is_noticed_and_restored(collection: Path) -> None:
    pincite("build", collection=collection)
    before = [row["permalink"] for row in lines(pincite("dump", collection=collection))]
    for path in (collection / "permalinks").rglob("*.jsonl"):
        path.unlink()
    refused = pincite("build", collection=collection)
    restored = pincite("build", "--restore-ledger", collection=collection)

    assert (refused.exit_code, "--restore-ledger" in refused.stderr) == (1, True)
    assert restored.exit_code == 0, restored.output
    assert [row["permalink"] for row in lines(pincite("dump", collection=collection))] == before


def test_equal_input_makes_equal_files_whatever_the_hash_seed(collection: Path) -> None:
    pincite("build", collection=collection)
    manifests = []
    for number, seed in enumerate(("1", "2")):
        data = collection.parent / f"other{number}"
        command = [sys.executable, "-m", "web.cli", "--collection", collection, "--data", data, "build"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        manifests.append(json.loads((data / "generations" / "g000001" / "MANIFEST.json").read_bytes())["files"])

    assert manifests[0] == manifests[1]


def test_rollback_serves_the_generation_before_and_later_links_are_not_lost(collection: Path) -> None:
    pincite("build", collection=collection)
    (collection / "documents" / "second.md").write_text("A second document came later.")
    pincite("build", collection=collection)
    later = next(row for row in lines(pincite("dump", collection=collection)) if row["document"] == "second")
    assert pincite("rollback", collection=collection).exit_code == 0
    (landing,) = lines(pincite("links", "--json", later["permalink"], collection=collection))

    assert {row["document"] for row in lines(pincite("dump", collection=collection))} == {"letter"}
    assert landing["verdict"] == "gone"
    assert pincite("verify", collection=collection).exit_code == 0


def test_a_renamed_document_keeps_its_ids_and_its_old_links_answer(collection: Path) -> None:
    pincite("build", collection=collection)
    before = lines(pincite("dump", collection=collection))
    assert pincite("rename", "letter", "envoys-letter", collection=collection).exit_code == 0
    assert pincite("rename", "letter", "another", collection=collection).exit_code == 1
    changes = lines(pincite("build", "--json", collection=collection))
    after = lines(pincite("dump", collection=collection))
    landings = lines(pincite("links", "--json", *(row["permalink"] for row in before), collection=collection))

    assert [row["id"] for row in after] == [row["id"] for row in before]
    assert {row["document"] for row in after} == {"envoys-letter"}
    assert [landing["now"]["permalink"] for landing in landings] == [row["permalink"] for row in after]
    assert {landing["verdict"] for landing in landings} <= {"moved", "same"}
    assert changes[0]["faults"] == 0
    assert changes[0]["changes"] == {
        "gained": [], "lost": [], "moved": [row["permalink"] for row in after], "reworded": [],
    }  # fmt: skip


def test_a_name_that_was_in_use_is_not_given_again(collection: Path) -> None:
    pincite("build", collection=collection)
    (collection / "documents" / "second.md").write_text("A second document.")
    refused = pincite("rename", "second", "letter", collection=collection)

    assert (refused.exit_code, "Take another" in refused.stderr) == (1, True)
    assert pincite("rename", "second", "a/b", collection=collection).exit_code == 2


def test_links_lists_every_id_ever_given(collection: Path) -> None:
    pincite("build", collection=collection)
    (collection / "documents" / "letter.md").write_text(LETTER.replace("> They are forgeries.", ""))
    pincite("build", collection=collection)
    verdicts = [row["verdict"] for row in lines(pincite("links", "--json", collection=collection))]

    assert sorted(verdicts) == ["gone", "same", "same", "same"]


def test_verify_finds_damage(collection: Path) -> None:
    pincite("build", collection=collection)
    path = collection.parent / "data" / "generations" / "g000001" / "passages.store"
    path.write_bytes(path.read_bytes()[:-3])
    found = pincite("verify", collection=collection)

    assert (found.exit_code, "passages.store" in found.stdout) == (1, True)


def test_an_imported_text_is_a_document_and_a_changed_one_is_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "paper.txt"
    source.write_text("THE TITLE\n\nA first paragraph with a mark.1\n\nA second paragraph.\n\n1 The note.\n")
    folder = tmp_path / "c"
    report = tmp_path / "report"
    first = pincite("import", str(source), "--into", str(folder), "--report", str(report))
    document = folder / "documents" / "paper.md"

    assert (first.exit_code, first.stdout.strip()) == (0, str(document))
    assert "mark 1" in report.read_text()
    assert pincite("import", str(source), "--into", str(folder)).exit_code == 0
    document.write_text(document.read_text() + "\nMine.\n")
    again = pincite("import", str(source), "--into", str(folder))
    assert (again.exit_code, "changed by hand" in again.stderr) == (0, True)
    assert document.read_text().endswith("Mine.\n")
    assert document.with_suffix(".md.new").exists()
    pincite("import", str(source), "--into", str(folder), "--replace")
    assert "Mine." not in document.read_text()


def test_a_new_edition_that_is_imported_keeps_the_ids_of_the_one_before(tmp_path: Path) -> None:
    source = tmp_path / "paper.txt"
    folder = tmp_path / "c"
    edition = (
        "THE TITLE\n\nThe ship was seen off the cape on the third of May.1\n\nThe pilot gave no answer.\n\n1 A note.\n"
    )
    source.write_text(edition)
    pincite("import", str(source), "--into", str(folder))
    pincite("build", collection=folder)
    before = {row["text"]: row["id"] for row in lines(pincite("dump", collection=folder))}
    source.write_text(
        edition.replace("off the cape", "near the cape").replace("\n\nThe pilot", "\n\nA lamp burned.\n\nThe pilot")
    )
    pincite("import", str(source), "--into", str(folder))
    report = lines(pincite("build", "--json", collection=folder))[0]
    after = {row["text"]: row["id"] for row in lines(pincite("dump", collection=folder))}

    kept = {text.replace("near", "off"): one for text, one in after.items() if text != "A lamp burned."}
    assert kept == before
    assert {kind: len(found) for kind, found in report["changes"].items()} == {
        "gained": 1, "lost": 0, "moved": 0, "reworded": 1,
    }  # fmt: skip


def test_no_id_ever_given_is_unknown_whatever_was_done_to_the_documents(collection: Path) -> None:
    path = collection / "documents" / "five.md"
    given: set[str] = set()

    def build() -> list[Any]:
        pincite("build", collection=collection)
        rows = lines(pincite("dump", collection=collection))
        given.update(row["permalink"] for row in rows)
        listed = {row["id"]: row["verdict"] for row in lines(pincite("links", "--json", collection=collection))}
        asked = lines(pincite("links", "--json", *sorted(given), collection=collection))
        assert {row["id"] for row in asked} == listed.keys()
        assert not {"unknown", "mistyped"} & {*listed.values(), *(row["verdict"] for row in asked)}
        return asked

    path.write_text(FIVE)
    build()
    path.write_text(FIVE.replace("morning watch.\n\nNo", "morning watch. No"))
    assert [row["verdict"] for row in build()].count("merged") == 1
    path.write_text(FIVE.replace("A lamp", "No reply came.\n\nA lamp") + "\nNo reply came.\n")
    build()
    path.write_text(FIVE.replace("The pilot", "No reply came.\n\nThe pilot"))
    build()
    assert pincite("rename", "five", "six", collection=collection).exit_code == 0
    build()
    (collection / "documents" / "six.md").unlink()
    assert [row["verdict"] for row in build()].count("gone") >= 6
    (collection / "documents" / "six.md").write_text(FIVE)
    assert [row["verdict"] for row in build()].count("moved") >= 6


def test_one_failing_file_of_an_import_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("A title\n\nSome text.\n")
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    done = pincite("import", str(tmp_path / "bad.txt"), str(tmp_path / "missing.txt"), str(tmp_path / "good.txt"),
                   "--into", str(tmp_path / "c"))  # fmt: skip

    assert done.exit_code == 1
    assert [path.name for path in (tmp_path / "c" / "documents").iterdir()] == ["good.md"]
    assert "bad.txt" in done.stderr
    assert "missing.txt: cannot be read" in done.stderr


def test_an_import_says_each_doubt_once_and_leaves_the_rest_to_the_report(tmp_path: Path) -> None:
    source = tmp_path / "two.txt"
    source.write_text("A title\n\nHe wrote نامه that day.\n\nShe read نامه at night.\n", encoding="utf-8")
    told = pincite("import", str(source), "--into", str(tmp_path / "c")).stderr.splitlines()
    assert [line.split(": ")[:2] for line in told[:-1]] == [[f"{source}:3", "doubt"]]
    assert told[0].endswith("(also line 5)")
    assert "2 doubts" in told[-1]
    assert "--report" in told[-1]


@pytest.mark.parametrize("name", ["paper.txt", "c/documents/paper.md", "c/collection.toml"])
def test_a_report_never_goes_over_a_text_or_a_file_of_the_collection(tmp_path: Path, name: str) -> None:
    source = tmp_path / "paper.txt"
    source.write_text("A title\n\nSome text.\n")
    pincite("import", str(source), "--into", str(tmp_path / "c"))
    before = (tmp_path / name).read_bytes()
    refused = pincite("import", str(source), "--into", str(tmp_path / "c"), "--report", str(tmp_path / name))

    assert (refused.exit_code, "Give another name" in refused.stderr) == (2, True)
    assert (tmp_path / name).read_bytes() == before


def test_a_text_from_standard_input_wants_a_name(tmp_path: Path) -> None:
    into = ["--into", str(tmp_path / "c")]
    nameless = CliRunner().invoke(main, ["import", "-", *into], input="A Title Here\n\nText.\n")
    named = CliRunner().invoke(main, ["import", "-", *into, "--slug", "s"], input="A Title Here\n\nText.\n")

    assert (nameless.exit_code, "give it one with --slug" in nameless.stderr) == (2, True)
    assert (named.exit_code, (tmp_path / "c" / "documents" / "s.md").exists()) == (0, True)


def test_a_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    done = pincite("import", str(tmp_path), "--into", str(tmp_path / "c"))

    assert (done.exit_code, "it is a folder; name the files in it" in done.stderr) == (1, True)


def test_a_pipe_or_a_device_is_refused_and_the_others_are_imported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "good.txt").write_text("A title\n\nSome text.\n")
    done = pincite("import", str(tmp_path / "pipe"), "/dev/zero", str(tmp_path / "good.txt"),
                   "--into", str(tmp_path / "c"))  # fmt: skip

    assert done.exit_code == 1
    assert done.stderr.count("no regular file") == 2
    assert [path.name for path in (tmp_path / "c" / "documents").iterdir()] == ["good.md"]


def test_a_file_beyond_all_measure_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as big:
        big.truncate(100 * 1024 * 1024)
    done = pincite("import", str(tmp_path / "big.txt"), "--into", str(tmp_path / "c"))

    assert (done.exit_code, "is larger than 64 MB" in done.stderr) == (1, True)


def test_officials_of_the_front_matter_that_nobody_listed_are_told(tmp_path: Path) -> None:
    pincite("init", str(tmp_path / "c"), "--bare")
    (tmp_path / "c" / "documents").mkdir(exist_ok=True)
    (tmp_path / "c" / "documents" / "d.md").write_text("---\ntitle: A\nofficials: [nobody]\n---\n\nSome text.\n")
    told = pincite("--collection", str(tmp_path / "c"), "check")

    assert (told.exit_code, "documents/d.md:3: officials: nobody is no id" in told.stdout) == (0, True)


def test_a_disk_that_refuses_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("A title\n\nSome text.\n")
    refused = pincite(
        "import", str(tmp_path / "good.txt"), "--into", str(tmp_path / "c"), "--report", "/nowhere/at/all"
    )

    assert (refused.exit_code, "/nowhere/at/all: No such file or directory" in refused.stderr) == (1, True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_shows_a_new_generation_within_two_seconds(collection: Path) -> None:
    pincite("build", collection=collection)
    port = free_port()
    command = [sys.executable, "-m", "web.cli", "--collection", collection, "--data", collection.parent / "data"]
    server = subprocess.Popen([*command, "serve", "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        assert generation(port, patience=30) == "g000001"
        pincite("build", collection=collection)
        time.sleep(2)
        assert {generation(port, patience=1) for _ in range(6)} == {"g000002"}
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def generation(port: int, patience: float) -> str | None:
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/search?q=denied", timeout=5) as answer:
                assert b"denied" in answer.read()
                return str(answer.headers["Pincite-Generation"])
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_a_port_in_use_is_one_sentence_at_once(collection: Path) -> None:
    pincite("build", collection=collection)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = pincite("serve", "--port", str(taken.getsockname()[1]), collection=collection)

    assert refused.exit_code == 1
    assert "cannot be served at" in refused.stderr.splitlines()[-1]


def other_collection(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    assert pincite("init", str(folder), "--bare").exit_code == 0
    toml = folder / "collection.toml"
    toml.write_text(re.sub(r'^id = ".*"', 'id = "another"', toml.read_text(), flags=re.MULTILINE))
    (folder / "documents" / "note.md").write_text("A note of another record.\n")
    return folder


@pytest.mark.parametrize(
    "command",
    ["search word", "dump", "links", "verify", "status", "rollback", "build", "purge note", "serve --port 1", "serve"],
)
def test_the_data_folder_of_another_collection_is_refused_by_every_command(
    collection: Path, tmp_path: Path, command: str
) -> None:
    pincite("build", collection=collection)
    other = other_collection(tmp_path)
    given = ["--collection", str(other), "--data", str(collection.parent / "data")]
    refused = pincite(*given, *command.split())

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert re.fullmatch(r".*: this folder holds the index of the collection c, not of another\. .*\n", refused.stderr)


def test_without_a_collection_named_a_data_folder_speaks_for_itself(collection: Path) -> None:
    pincite("build", collection=collection)
    pincite("build", collection=collection)
    for command in ("search denied", "dump", "links", "verify", "status", "rollback"):
        assert pincite("--data", str(collection.parent / "data"), *command.split()).exit_code == 0, command
    watched = pincite("--data", str(collection.parent / "data"), "serve", "--watch")
    assert (watched.exit_code, "holds the index of the collection c" in watched.stderr) == (1, True)


def three_generations(collection: Path) -> Path:
    for _ in range(3):
        pincite("build", collection=collection)
    return collection.parent / "data"


def test_a_damaged_generation_is_told_by_every_command_that_reads_an_older_one_instead(collection: Path) -> None:
    data = three_generations(collection)
    (data / "generations" / "g000003" / "html.store").write_bytes(b"x")
    for command in ("search denied", "dump", "links"):
        read = pincite(*command.split(), collection=collection)
        assert read.exit_code == 0
        assert "g000003/html.store: is damaged" in read.stderr
        assert "g000002 is served" in read.stderr
    said = pincite("status", collection=collection)
    assert (said.exit_code, "* g000002" in said.stdout, "html.store" in said.stderr) == (1, True, True)
    status = pincite("status", "--json", collection=collection)
    assert (status.exit_code, len(json.loads(status.stdout)["faults"])) == (1, 1)


@pytest.mark.parametrize("content", [None, b"", b"\xff", b'{"generation": "g000003"}'])
def test_a_current_that_is_lost_or_damaged_is_found_and_mended_by_rollback(
    collection: Path, content: bytes | None
) -> None:
    current = three_generations(collection) / "CURRENT"
    current.unlink() if content is None else current.write_bytes(content)
    for command in ("verify", "status"):
        found = pincite(command, collection=collection)
        assert (found.exit_code, "CURRENT: " in found.output) == (1, True), found.output
    unnamed = pincite("rollback", collection=collection)
    assert (unnamed.exit_code, "rollback with the name" in unnamed.stderr) == (1, True)
    assert pincite("rollback", "g000003", collection=collection).exit_code == 0
    assert pincite("verify", collection=collection).exit_code == 0
    assert "* g000003" in pincite("status", collection=collection).stdout


def test_a_rollback_to_what_is_damaged_or_not_kept_changes_nothing(collection: Path) -> None:
    data = three_generations(collection)
    (data / "generations" / "g000002" / "html.store").write_bytes(b"x")
    current = (data / "CURRENT").read_bytes()

    assert pincite("rollback", collection=collection).exit_code == 1
    missing = pincite("rollback", "g000009", collection=collection)
    assert (missing.exit_code, "Kept: g000001, g000002, g000003" in missing.stderr) == (2, True)
    assert (data / "CURRENT").read_bytes() == current
    assert pincite("rollback", "g000001", collection=collection).exit_code == 0


@pytest.mark.parametrize("command", ["search x", "dump", "links", "verify", "status", "rollback", "serve"])
def test_where_nothing_was_built_every_command_says_so(collection: Path, command: str) -> None:
    refused = pincite(*command.split(), collection=collection)
    assert (refused.exit_code, "no index has been built here" in refused.stderr) == (1, True), refused.output


def test_a_build_if_changed_publishes_nothing_twice_and_leaves_a_rollback_alone(collection: Path) -> None:
    data = collection.parent / "data"

    def build() -> str:
        built = pincite("build", "--locked", "--if-changed", collection=collection)
        assert built.exit_code == 0, built.output
        name = built.stdout.partition(":")[0]
        assert ("nothing was published" in built.stdout) == (name == "g000002")
        return name

    pincite("build", collection=collection)
    (collection / "documents" / "note.md").write_text("---\ntitle: A note\n---\n\nA note.\n")
    pincite("build", collection=collection)
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()}
    assert build() == "g000002"
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()} == before
    pincite("rollback", collection=collection)
    assert build() == "g000002"
    assert "* g000001" in pincite("status", collection=collection).stdout
    (data / "generations" / "g000001" / "html.store").write_bytes(b"x")
    assert build() == "g000003"
    assert "* g000003" in pincite("status", collection=collection).stdout
    (collection / "documents" / "note.md").unlink()
    assert pincite("build", "--if-changed", collection=collection).stdout.startswith("g000004")
