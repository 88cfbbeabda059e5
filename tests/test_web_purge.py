"""A text that was taken down is in no file afterwards, and its links still tell the truth."""

import base64
import hashlib
import json
import os
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from building import Record
from click.testing import CliRunner, Result

from corpus.text import fold
from index.analyzers import stem
from index.ledger import DocumentLedger
from index.ledger_files import LedgerFolder
from index.ledger_lines import ReviewLine, written
from index.noid import digest
from web.app import create_app
from web.cli import main
from web.config import SiteSettings

# Words that stand nowhere else: a name in capitals and accents, one in Persian, one that stems, one with digits.
PLANTED = ("Zürkanovic", "quibblings", "ژوبینگان", "19377731", "Vellamarch")
WHERE = "In the cellar of the old house by the river, where nobody had lived for years,"
SECRET = WHERE + " Zürkanovic told Vellamarch of the quibblings of ژوبینگان on page 19377731 of his book."
REDACTED = WHERE + " one man told another of what stands on a page of his book."
TEXTS = {
    "letter": "An opening that stays.\n\n" + SECRET + "\n\nA closing that stays.",
    "note": "\n\n".join(f"Paragraph number {number} of an unrelated note." for number in range(12)),
}


def planted_forms() -> set[bytes]:
    """Every shape in which a file may hold one of the words."""
    forms = {form for word in PLANTED for form in (word, word.casefold(), word.lower(), fold(word), stem(fold(word)))}
    shapes = {form.encode() for form in forms} | {json.dumps(form)[1:-1].encode() for form in forms}
    return shapes | {form.encode("utf-16-le") for form in forms}


def unpacked(data: bytes) -> Iterator[bytes]:
    """A file as it is, and what any zlib stream or MessagePack map in it holds."""
    yield data
    for magic in (b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
        at = data.find(magic)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(data[at:])
            at = data.find(magic, at + 1)
    for payload in (data, data[64:]):
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            yield repr(msgspec.msgpack.decode(payload)).encode()


def holding(*folders: Path) -> list[Path]:
    """The files that hold a planted word, or have it in their name."""
    forms = planted_forms()
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if any(form in path.name.encode() for form in forms)
        or (path.is_file() and any(form in piece for piece in unpacked(path.read_bytes()) for form in forms))
    ]


def pincite(record: Record, *arguments: str) -> Result:
    given = ["--collection", str(record.folder), "--data", str(record.data.path)]
    return CliRunner().invoke(main, [*given, *arguments], catch_exceptions=False)


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(autouse=True)
def readers_have_less_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that ran in this process are gone as little as their pins, until they are collected."""
    monkeypatch.setattr("index.generations.READERS_HAVE_SECONDS", 0.2)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    built = Record(tmp_path, TEXTS)
    built.build()
    return built


def link_of(record: Record, words: str = "cellar") -> str:
    return next(link for text, link in record.links().items() if words in text)


def test_the_search_for_planted_words_finds_them_where_they_are(record: Record) -> None:
    names = {path.name for path in holding(record.folder, record.data.path)}

    assert {"letter.md", "letter.jsonl", "passages.store", "html.store", "links.bin", "forms.store"} <= names
    assert any(len(name) == 64 for name in names), "the cache"


@pytest.mark.parametrize("way", ["link", "id", "document/id", "document"])
def test_after_a_purge_no_file_holds_it_and_its_links_say_why(record: Record, way: str) -> None:
    link = link_of(record)
    identity = link.partition("~")[2].partition(".")[0]
    target = {"link": link, "id": identity, "document/id": f"letter/{identity}", "document": "letter"}[way]
    record.build()
    refused = pincite(record, "purge", target)
    assert (refused.exit_code, "documents/letter.md: p2~" in refused.stderr) == (1, True)
    assert len(record.data.names()) == 2
    done = pincite(record, "purge", target, "--source", "--reason", "the family asked for it")
    assert done.exit_code == 0, done.output
    (landing,) = rows(pincite(record, "links", "--json", link))

    assert holding(record.folder, record.data.path) == []
    assert record.data.names() == ["g000003"]
    assert (landing["verdict"], landing["cited"], landing["now"]) == ("gone", None, None)
    assert "it was taken down: the family asked for it" in landing["reason"]
    assert record.document("letter").exists() == (way != "document")
    assert pincite(record, "search", "vellamarch").stdout.startswith("0 passages")
    assert not rows(pincite(record, "search", "vellamarhc", "--json"))[0]["suggestions"]
    assert pincite(record, "verify").exit_code == 0
    assert pincite(record, "rollback").exit_code == 2
    kept = 12 if way == "document" else 14
    assert len(record.texts()) == kept
    assert "backups and copies" in done.stdout


def test_a_purge_leaves_the_ledger_complete_and_can_be_said_again(record: Record) -> None:
    link = link_of(record)
    pincite(record, "purge", link, "--source")
    ledger = {path: path.read_bytes() for path in sorted((record.folder / "permalinks").rglob("*.jsonl"))}

    assert record.build(locked=True).changes.moved == ()
    assert pincite(record, "purge", link).exit_code == 0
    assert {path: path.read_bytes() for path in sorted((record.folder / "permalinks").rglob("*.jsonl"))} == ledger
    assert record.build(restore_ledger=True).passages == 14
    assert holding(record.folder, record.data.path) == []


def test_former_wordings_go_and_the_passage_stands(record: Record) -> None:
    old = link_of(record)
    record.write("letter", TEXTS["letter"].replace(SECRET, REDACTED))
    record.build()
    new = link_of(record)
    assert pincite(record, "purge", old).exit_code == 1
    assert pincite(record, "purge", old, "--former").exit_code == 0

    assert holding(record.folder, record.data.path) == []
    assert [row["verdict"] for row in rows(pincite(record, "links", "--json", new))] == ["same"]
    (landing,) = rows(pincite(record, "links", "--json", old))
    assert (landing["verdict"], landing["cited"]) in {("reworded", None), ("gone", None)}


def test_parts_and_earlier_shapes_of_the_text_go_too(record: Record) -> None:
    first, second = SECRET[:79], SECRET[80:]
    record.write("letter", TEXTS["letter"].replace(SECRET, first + ".\n\n" + second.capitalize()))
    record.build()
    record.write("letter", "An opening that stays.\n\nA closing that stays, with " + SECRET)
    record.build()
    record.write("letter", "An opening that stays.\n\nA closing that stays.")
    old = [link for link in _every_link(record) if "/letter/" in link]
    record.build()
    for link in old:
        pincite(record, "purge", link, "--former")

    assert holding(record.folder, record.data.path) == []


def _every_link(record: Record) -> list[str]:
    return [row["permalink"] for row in rows(pincite(record, "links", "--json"))]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("documents/other.md", "As was written: " + SECRET + " And more."),
        ("documents/broken.md", "---\ntitle: a: b\n---\n" + SECRET),
        ("documents/letter.md.new", SECRET),
        ("terms.toml", '[[terms]]\nname = "x"\nspellings = ["y"]\n# ' + SECRET),
    ],
)
@pytest.mark.parametrize("source", [True, False])
def test_a_text_that_stands_anywhere_else_is_not_taken_down(
    record: Record, name: str, content: str, source: bool
) -> None:
    (record.folder / name).write_text(content)
    before = {path: path.read_bytes() for path in sorted(record.folder.rglob("*")) if path.is_file()}
    if not source:
        record.write("letter", "An opening that stays.\n\nA closing that stays.")
        before[record.document("letter")] = record.document("letter").read_bytes()
    link = link_of(record)
    refused = pincite(record, "purge", link, *(["--source"] if source else []))

    assert (refused.exit_code, name in refused.stderr) == (1, True)
    assert {path: path.read_bytes() for path in sorted(record.folder.rglob("*")) if path.is_file()} == before
    assert record.data.names() == ["g000001"]


def test_a_document_goes_with_what_import_laid_beside_it(record: Record) -> None:
    (record.folder / "documents" / "letter.md.new").write_text(SECRET)
    (record.folder / ".imports.json").write_text('{"letter": "hash", "note": "hash"}')
    done = pincite(record, "purge", "letter", "--source")

    assert done.exit_code == 0
    assert done.stdout.count("deleted: ") == 2
    assert holding(record.folder, record.data.path) == []
    assert json.loads((record.folder / ".imports.json").read_bytes()) == {"note": "hash"}


def test_all_documents_can_go(tmp_path: Path) -> None:
    record = Record(tmp_path, {"letter": SECRET})
    record.build()
    assert pincite(record, "purge", "letter", "--source").exit_code == 0

    assert holding(record.folder, record.data.path) == []
    assert [row["verdict"] for row in rows(pincite(record, "links", "--json"))] == ["gone"]


@pytest.mark.parametrize(
    ("target", "said"), [("nothing", "ever had this name"), ("00000x", "ever had"), ("letter/00000x", "ever had")]
)
def test_what_was_never_given_is_said(record: Record, target: str, said: str) -> None:
    refused = pincite(record, "purge", target)

    assert (refused.exit_code, said in refused.stderr) == (1, True)


def test_a_generation_in_use_is_deleted_after_its_readers_had_their_time(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.generations.READERS_HAVE_SECONDS", 0.6)
    pin = record.data.pin("g000001")
    began = time.monotonic()
    pincite(record, "purge", "letter", "--source")

    assert time.monotonic() - began >= 0.6
    assert record.data.names() == ["g000002"]
    assert holding(record.folder, record.data.path) == []
    assert pin


def test_a_reader_that_leaves_in_time_is_waited_for_no_longer(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generations.READERS_HAVE_SECONDS", 10.0)
    pin = record.data.pin("g000001")
    threading.Timer(0.5, os.close, (pin,)).start()
    began = time.monotonic()
    pincite(record, "purge", "letter", "--source")

    assert time.monotonic() - began < 6
    assert record.data.names() == ["g000002"]


class Killed(BaseException):
    """The process died."""


@pytest.mark.parametrize("dying_in", ["source", "ledger", "publish", "prune"])
def test_a_purge_that_dies_is_ended_by_saying_it_again_and_no_build_keeps_what_it_gave_up(
    record: Record, monkeypatch: pytest.MonkeyPatch, dying_in: str
) -> None:
    link = link_of(record)

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        if dying_in == "source":
            patch.setattr("index.build.check_generation", die)
        elif dying_in == "ledger":
            patch.setattr(LedgerFolder, "write_git_attributes", die)
        elif dying_in == "publish":
            patch.setattr("index.generations.fsync_tree", die)
        else:
            patch.setattr("index.generations.DataFolder.delete", die)
        pincite(record, "purge", link, "--source")
    assert record.texts(), "something is served"
    if dying_in != "source":
        record.build()
        assert holding(record.folder, record.data.path) == []
    assert pincite(record, "purge", link).exit_code == 0
    assert holding(record.folder, record.data.path) == []
    assert sorted(path.name for path in record.data.path.iterdir()) == [
        "BUILD.lock", "COLLECTION", "CURRENT", "cache", "changes", "generations",
    ]  # fmt: skip


OTHER_LINK = "/documents/note/p/p1~k7x3fh.c9d1x"


def doubtful(record: Record, link: str) -> None:
    """Let the review file ask about *link*, and about another."""
    lines = [ReviewLine(one.partition("~")[2][:6], one, OTHER_LINK, 0.7) for one in (link, OTHER_LINK)]
    (record.folder / "permalinks" / "review.jsonl").write_bytes(b"".join(map(written, lines)))


HEADING = "Zürkanovic Vellamarch and the quibblings"
EDITIONS = {
    "front matter": (
        '---\ntitle: "{words}"\nissuer: "{words}"\nsymbol: ZB/1\naddress: https://x.example/{word}\n---\n\n',
        "",
    ),
    "heading": ("", "## {words}\n\n"),
    "note": ("", ""),
}


def edition(where: str, words: str, word: str) -> str:
    front, heading = EDITIONS[where]
    note = words if where == "note" else "a note"
    return (
        (front or '---\ntitle: "A letter"\n---\n\n').format(words=words, word=word)
        + heading.format(words=words)
        + "An opening that stays.[^1]\n\nA closing that stays.\n\n"
        + f"[^1]: This is {note} of six words or more.\n"
    )


@pytest.mark.parametrize("where", EDITIONS)
def test_words_of_a_title_a_heading_or_a_note_are_gone_once_they_are_out_of_the_source(
    tmp_path: Path, where: str
) -> None:
    record = Record(tmp_path, {"letter": edition(where, HEADING, "Vellamarch"), "note": TEXTS["note"]})
    record.build()
    assert holding(record.data.path)
    doubtful(record, next(link for text, link in record.links().items() if text == "An opening that stays."))
    record.write("letter", edition(where, "Redacted words", "redacted"))
    record.build()
    assert pincite(record, "purge", "letter", "--former").exit_code == 0

    assert holding(record.folder, record.data.path) == []
    assert len(record.texts()) == 15
    assert not any(found for _, found in record.build(locked=True).changes.groups())
    old = [row["verdict"] for row in rows(pincite(record, "links", "--json"))]
    assert set(old) <= {"same", "moved", "reworded", "gone"}


def test_a_heading_goes_with_a_document_that_goes_and_leaves_nothing_in_the_labels_of_its_links(tmp_path: Path) -> None:
    record = Record(tmp_path, {"letter": edition("heading", HEADING, ""), "note": TEXTS["note"]})
    record.build()
    links = [link for link in record.links().values() if "/letter/" in link]
    assert any("zurkanovic" in link for link in links)
    doubtful(record, next(link for link in links if "zurkanovic" in link))
    assert pincite(record, "purge", "letter", "--source").exit_code == 0
    assert [line.from_ for line in LedgerFolder(record.folder).review()] == [OTHER_LINK]

    assert holding(record.folder, record.data.path) == []
    for link in links:
        (landing,) = rows(pincite(record, "links", "--json", link))
        assert landing["verdict"] == "gone"


def test_a_footnote_is_taken_down_with_its_call(tmp_path: Path) -> None:
    record = Record(tmp_path, {"letter": edition("note", SECRET, ""), "note": TEXTS["note"]})
    record.build()
    assert pincite(record, "purge", link_of(record, "Vellamarch"), "--source").exit_code == 0

    assert holding(record.folder, record.data.path) == []
    assert "An opening that stays." in record.texts()
    assert "[^1]" not in record.document("letter").read_text()


def test_no_file_holds_a_digest_by_which_the_text_could_be_guessed(record: Record) -> None:
    (record.folder / ".imports.json").write_text(
        json.dumps({"letter": hashlib.sha256(record.document("letter").read_bytes()).hexdigest()})
    )
    sources = [record.document("letter").read_bytes(), SECRET.encode()]
    sources += [form.encode() for word in PLANTED for form in (word, fold(word))]
    guesses: set[bytes] = set()
    for source in sources:
        for algorithm in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "sha3_256"):
            digest = hashlib.new(algorithm, source).digest()
            guesses |= {digest, digest.hex().encode(), digest.hex()[:16].encode(), base64.b64encode(digest)}
        guesses |= {zlib.crc32(source).to_bytes(4, order) for order in ("little", "big")} if len(source) > 99 else set()

    def telling() -> list[Path]:
        files = [path for folder in (record.folder, record.data.path) for path in folder.rglob("*") if path.is_file()]
        return [path for path in files if any(guess in path.read_bytes() for guess in guesses)]

    assert telling() == [record.folder / ".imports.json"]
    pincite(record, "purge", link_of(record), "--source")
    assert telling() == []


def test_pages_feeds_and_exports_hold_nothing_of_it(record: Record) -> None:
    link = link_of(record)
    pincite(record, "purge", link, "--source")
    app = create_app(SiteSettings(data=record.data.path))
    client = app.test_client()
    try:
        for path in (
            "/", "/documents/letter", "/documents", link, f"{link}.bib", f"{link}.ris", f"{link}.csl.json", "/timeline",
            "/officials", "/sources", "/search", "/search.atom", "/search.csv", "/search.json", "/api/v1/search",
            "/api/v1/documents", "/api/v1/passages", "/api/v1/changes", "/changes", "/sitemap.xml", "/about",
            "/metrics",
            f"/api/v1/links?permalink={link}", "/search?q=vellamarhc", "/search?q=cellar",
        ):  # fmt: skip
            answer = client.get(path)
            assert answer.status_code in (200, 404, 410), path
            assert not any(form in answer.data for form in planted_forms()), path
    finally:
        app.extensions["pincite"].reader.stop()
    assert holding(record.folder, record.data.path) == []


SHORT = "Zürkanovic Vellamarch quibblings."


def test_a_short_text_goes_under_its_own_id_and_the_other_places_that_hold_it_are_listed(tmp_path: Path) -> None:
    texts = {
        "letter": f"An opening that stays.\n\n{SHORT}\n\nA closing that stays.",
        "heading": f"# A title\n\n## Of {SHORT}\n\nWords under a heading.",
        "other": f"A sentence before it. {SHORT} And one after it.",
        "unrelated": "Zürkanovic alone is named here, and the quibblings are not those of Vellamarch.",
    }
    record = Record(tmp_path, texts)
    record.build()
    record.write("other", "A sentence before it. And one after it.")
    record.build()
    done = pincite(record, "purge", link_of(record, "Vellamarch quibblings"), "--source")
    listed = [line for line in done.stdout.splitlines() if line.startswith("  ") and "/" in line][:2]

    assert done.exit_code == 0
    assert listed[0] == "  documents/heading.md, in its title or a heading"
    assert listed[1].startswith("  other/")
    assert listed[1].endswith(", in an earlier wording")
    assert not any("unrelated" in line or "letter.md:" in line for line in done.stdout.splitlines())


def test_no_wording_that_was_taken_down_can_be_guessed_by_the_digests_that_are_left(record: Record) -> None:
    record.write("letter", f"An opening that stays.\n\n{SHORT}\n\nA closing that stays.")
    record.build()
    digests = {state.digest for one in _ledger(record).histories.values() for state in one.states if state.digest}
    wanted = next(
        digest(wording.text, wording.salt) for wording in _ledger(record).wordings.values() if wording.text == SHORT
    )
    assert wanted in digests
    pincite(record, "purge", link_of(record, "Vellamarch"), "--source")
    held = b"".join(path.read_bytes() for path in sorted(record.folder.parent.rglob("*")) if path.is_file())
    guessed = {digest(SHORT, held[at : at + 16]) for at in range(len(held) - 16)}
    texts = (line for line in held.split(b'"') if len(line) in (22, 24, 32))
    for text in texts:
        for read in (base64.b64decode, bytes.fromhex):
            with suppress(ValueError):
                guessed.add(digest(SHORT, read(text.decode())))

    assert wanted.encode() in held, "the link that was given can still be told from a mistyped one"
    assert wanted not in guessed


def _ledger(record: Record) -> DocumentLedger:
    found = LedgerFolder(record.folder).read("letter")
    assert found is not None
    return found
