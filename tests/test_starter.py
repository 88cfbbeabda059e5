"""The collection that ships: its dates, symbols, links, notes and names hold together."""

from __future__ import annotations

import calendar
import json
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from corpus.about import describe
from corpus.authorities import load_authorities
from corpus.edtf import is_edtf
from corpus.model import Confidence, Document, Form, Kind
from corpus.readers.markdown_text import read_markdown
from corpus.symbols import find_symbols
from index.noid import SHORT_DIGEST_LENGTH

STARTER = Path(__file__).parent.parent / "corpus" / "starter"
SOURCE_TEXT = Path(__file__).parent.parent.parent / "shared" / "real" / "statement.txt"
NOTE_DEFINITION = re.compile(r"^\[\^([^\]]+)\]: (.+(?:\n\n?    .+)*)$", re.M)  # further paragraphs are indented
STATED_ID = re.compile(r" \{#[0-9a-z]{6}\}$")
NOTE_CALL = re.compile(r"\[\^([^\]]+)\](?!:)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
THE_STATEMENT = "Involvement of Iran’s former diplomats in covering up the 1988 prison massacres"


@dataclass(frozen=True)
class StarterDocument:
    """One file of the starter: front matter (a string or a list of strings a key) and the Markdown below it."""

    slug: str
    front: dict[str, str | list[str]]
    text: str

    def one(self, key: str) -> str:
        """The value of *key*, "" where there is none."""
        value = self.front.get(key, "")
        assert isinstance(value, str), f"{self.slug}: {key} is a list"
        return value

    def many(self, key: str) -> list[str]:
        """The values of *key*, none where it is absent."""
        value = self.front.get(key, [])
        assert isinstance(value, list), f"{self.slug}: {key} is no list"
        return value

    @property
    def notes(self) -> dict[str, str]:
        """Footnotes: mark -> text."""
        return {mark: STATED_ID.sub("", note) for mark, note in NOTE_DEFINITION.findall(self.text)}

    @property
    def body(self) -> str:
        """The Markdown without its footnotes."""
        return NOTE_DEFINITION.sub("", self.text)


def _documents() -> list[StarterDocument]:
    found = []
    for path in sorted((STARTER / "documents").glob("*.md")):
        _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
        found.append(StarterDocument(path.stem, yaml.load(front, Loader=yaml.BaseLoader), text))
    return found


def _authority(name: str) -> dict[str, list[dict[str, object]]]:
    return tomllib.loads((STARTER / f"{name}.toml").read_text(encoding="utf-8"))


DOCUMENTS = _documents()
OFFICIALS = {str(one["id"]): one for one in _authority("officials")["officials"]}
SOURCES = _authority("sources")["sources"]
# The guide and the concordance rest on the other documents, and the statement's own page is about all of it.
WHOLE = ("guide", "concordance", "amnesty-statement-former-diplomats")
ONE_SOURCE_DOCUMENTS = [one for one in DOCUMENTS if one.slug not in WHOLE]
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.slug)


@cache
def _read() -> dict[str, Document]:
    """Every document as a build reads it, by slug."""
    authorities, _ = load_authorities(STARTER)
    types = tuple(value for value, _ in authorities.collection.source_types)
    read = {}
    for document in DOCUMENTS:
        path = STARTER / "documents" / f"{document.slug}.md"
        outcome = read_markdown(path.read_bytes(), str(path), document.slug, types)
        assert not outcome.problems
        read[document.slug] = describe(outcome.document, authorities)
    return read


def _strings(entry: dict[str, object], *keys: str) -> list[str]:
    values: list[str] = []
    for key in keys:
        value = entry.get(key, [])
        values += [value] if isinstance(value, str) else [str(one) for one in value]  # type: ignore[attr-defined]
    return values


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _run_together(text: str) -> str:
    """*text* without blanks, hyphens and kinds of quotes, which extraction may have broken."""
    return re.sub(r"[\s\-–]", "", _folded(text)).replace("“", '"').replace("”", '"').replace("‘", "'")


def _numbers(listed: str) -> set[int]:
    """The numbers of "39, 40 and 42 to 44"."""
    numbers: set[int] = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", listed):
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


@each_document
def test_the_front_matter_has_its_keys_and_a_known_source_type(document: StarterDocument) -> None:
    assert document.one("title")
    assert document.one("issuer")
    assert document.one("language") == "en"
    assert document.one("source_type") in tomllib.loads((STARTER / "collection.toml").read_text())["source_types"]
    assert "date" in document.front
    known = "title issuer source_type date symbol language address officials statement_section statement_footnotes note"
    assert set(document.front) <= set(known.split())


@each_document
def test_the_date_of_the_front_matter_is_said_in_the_text(document: StarterDocument) -> None:
    assert not document.one("date") or is_edtf(document.one("date"))
    ends = [end.rstrip("~") for end in re.split("[/,]", document.one("date").strip("[]")) if end not in ("", "..")]
    for year, month, day in (([int(part) for part in end.split("-")] + [0, 0])[:3] for end in ends):
        if not month:
            said = rf"\b{year}\b"
        elif not day:
            said = rf"\b{calendar.month_name[month]}\b.{{0,30}}\b{year}\b"
        else:  # "16 August 1988", also "1 to 22 December 1988", "11 November and again on 15 November 1988"
            said = rf"\b{day}\b[^.;]{{0,45}}\b{calendar.month_name[month]}\b[^.;]{{0,30}}\b{year}\b"
        assert re.search(said, document.body), f"{document.one('date')} is not in the text"
    named = re.match(r"\d{4}(?:-\d\d){0,2}", document.slug)
    if named and ends:
        assert ends[0].startswith(named[0]) or ends[-1].startswith(named[0])


@each_document
def test_symbol_and_address_of_the_front_matter_stand_in_a_footnote_or_table(document: StarterDocument) -> None:
    symbol, address = document.one("symbol"), document.one("address")
    assert symbol in document.text
    assert f"<{address}>" in document.text or not address
    assert not address or address.startswith("https://")


@pytest.mark.parametrize("document", ONE_SOURCE_DOCUMENTS, ids=lambda document: document.slug)
def test_the_places_of_the_statement_are_those_that_the_footnotes_give(document: StarterDocument) -> None:
    cited: set[int] = set()
    sections: set[str] = set()
    for note in document.notes.values():
        if THE_STATEMENT in note:
            pinpoint = note.split(THE_STATEMENT, 1)[1]
            place, _, numbers = re.sub(r"\bbetween\b.*", "", pinpoint).partition("note")
            assert re.search(r"section|introduction|annex", place), note
            cited |= _numbers(numbers)
            sections |= set(re.findall(r"\d(?:\.\d)?|introduction|annex", place))
    stated = {int(number) for number in document.many("statement_footnotes")}
    assert sections, "no place of the statement is given"
    assert cited == stated
    assert sections == set(re.findall(r"\d(?:\.\d)?|introduction|annex", document.one("statement_section")))
    assert all(1 <= number <= 95 for number in cited)


@each_document
def test_every_link_leads_to_a_document(document: StarterDocument) -> None:
    slugs = {f"{other.slug}.md" for other in DOCUMENTS}
    for target in LINK.findall(document.text):
        assert target in slugs
        assert target != f"{document.slug}.md"


@each_document
def test_footnotes_are_called_and_defined_in_order(document: StarterDocument) -> None:
    called = list(dict.fromkeys(NOTE_CALL.findall(document.body)))
    defined = [mark for mark, _ in NOTE_DEFINITION.findall(document.text)]
    assert called == defined
    numbered = [mark for mark in defined if not mark.startswith("*")]
    # A note that is added later bears the number of the one before it and a letter: 12, 12a, 13.
    assert [mark for mark in numbered if mark.isdigit()] == [str(number) for number in range(1, len(numbered) + 1)][
        : sum(mark.isdigit() for mark in numbered)
    ]
    for before, mark in zip(["", *numbered], numbered, strict=False):
        assert mark.isdigit() or mark[:-1] == before.rstrip("abc"), mark
    starred = [mark for mark in defined if mark.startswith("*")]
    assert starred == ["*", *(f"*/{nth}" for nth in range(2, len(starred) + 1))][: len(starred)]


@each_document
def test_every_footnote_makes_a_citation_that_is_understood(document: StarterDocument) -> None:
    read = _read()[document.slug]
    for passage, about in zip(read.passages, read.about, strict=True):
        if passage.kind is Kind.FOOTNOTE:
            assert about.cites or about.refers_to, passage.text
            for cited in about.cites:
                assert cited.title, passage.text
                assert cited.author, passage.text
    symbol = document.one("symbol")
    if find_symbols(symbol) and document.slug not in WHOLE:
        cited_symbols = {cited.symbol for about in read.about for cited in about.cites}
        assert symbol in cited_symbols


@each_document
def test_short_forms_lead_to_one_work_beyond_doubt(document: StarterDocument) -> None:
    read = _read()[document.slug]
    for passage, about in zip(read.passages, read.about, strict=True):
        for reference in about.refers_to:
            assert reference.confidence is Confidence.SURE, (passage.number, reference)
            if reference.note is None:
                continue
            meant = next(one for one in read.passages if one.kind is Kind.FOOTNOTE and one.number == reference.note)
            known = {found.canonical for found in find_symbols(meant.text)}
            assert {found.canonical for found in find_symbols(reference.printed)} <= known, reference.printed


@each_document
def test_every_footnote_names_a_source_and_short_forms_come_after_the_full_one(document: StarterDocument) -> None:
    names = [name for source in SOURCES for name in _strings(source, "name", "names")]
    names += [name for one in OFFICIALS.values() for name in _strings(one, "spellings")]
    full: list[str] = []
    for note in document.notes.values():
        assert any(name in note for name in names), note
        for part in re.split(r"; |\n\n +|(?<=[.”]) (?=Amnesty International, “)", note):
            author = re.split(r"[,.]", part)[0]
            if "(previously cited)" in part:
                assert any(earlier.startswith(author) for earlier in full), part
            else:
                full.append(part)  # an editor's remark among them: it is no author's name
        assert note.endswith("."), note


@each_document
def test_officials_of_the_front_matter_are_known_and_named_in_the_text(document: StarterDocument) -> None:
    text = _folded(document.text)
    for one in document.many("officials"):
        offices = OFFICIALS[one].get("offices", [])
        named = _strings(OFFICIALS[one], "spellings")
        named += [name for office in offices for name in _strings(office, "mentions")]  # type: ignore[attr-defined]
        assert any(_folded(name) in text for name in named), one


@each_document
def test_a_document_has_at_least_two_passages_besides_its_notes(document: StarterDocument) -> None:
    blocks = [block for block in document.body.split("\n\n") if block.strip() and not block.startswith("#")]
    assert len(blocks) >= 2


def test_every_official_source_type_and_source_occurs_in_some_document() -> None:
    everything = "\n".join(document.text for document in DOCUMENTS)
    listed = {one for document in DOCUMENTS for one in document.many("officials")}
    assert listed == set(OFFICIALS)
    kinds = tomllib.loads((STARTER / "collection.toml").read_text())["source_types"]
    assert {document.one("source_type") for document in DOCUMENTS} == set(kinds)
    for source in SOURCES:
        names = _strings(source, "name", "names")
        issuers = [document.one("issuer") for document in DOCUMENTS]
        assert any(name in everything or any(name in issuer for issuer in issuers) for name in names), source["id"]


def test_nobody_shares_a_spelling_with_a_namesake() -> None:
    owners: dict[str, str] = {}
    for one, entry in OFFICIALS.items():
        for spelling in {_folded(spelling) for spelling in _strings(entry, "name", "spellings", "persian")}:
            assert owners.setdefault(spelling, one) == one
    assert "mousavi" not in owners
    assert owners["raeisinia"] != owners["raisi"]


def test_the_guide_has_numbered_sections_and_an_annex_by_month() -> None:
    guide = next(document for document in DOCUMENTS if document.slug == "guide")
    body, annex = re.split(r"^## Annex: .* \{\.annex\}$", guide.body, flags=re.M)
    months = [f"{month} 1988" for month in ("August", "September", "October", "November", "December")]
    assert re.findall(r"^### (.+)$", annex, re.M) == [*months, "January 1989", "Later denials"]
    assert re.findall(r"^## (\d+)\. ", body, re.M) == [str(number) for number in range(1, 7)]


def test_the_concordance_leads_from_every_note_of_the_statement_to_the_documents_that_rest_on_it() -> None:
    concordance = next(document for document in DOCUMENTS if document.slug == "concordance")
    rows = re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", concordance.body, re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 96))
    for number, documents in rows:
        resting = {
            f"{one.slug}.md"
            for one in ONE_SOURCE_DOCUMENTS
            if number in one.many("statement_footnotes") and not one.slug.startswith("later-")
        }
        assert set(LINK.findall(documents)) == resting, number


def test_every_work_in_a_table_of_later_publications_has_a_document() -> None:
    for document in DOCUMENTS:
        if document.slug.startswith("later-"):
            rows = re.findall(r"^\| \[(.+)\]\((.+)\.md\) \| “(.+)” \| (.+) \| .+ \|$", document.body, re.M)
            assert len(rows) > 5
            for day, slug, title, symbol in rows:
                own = next(one for one in DOCUMENTS if one.slug == slug)
                assert any(f"“{title}”" in note and day in note for note in own.notes.values())
                assert own.one("symbol") == ("" if symbol == "none given" else symbol)


def test_every_kind_of_note_form_and_date_occurs() -> None:
    read = _read()
    forms = Counter(passage.form for document in read.values() for passage in document.passages)
    assert set(forms) >= {Form.PARAGRAPH, Form.ITEM, Form.QUOTATION, Form.ROW, Form.NOTE}
    assert any(passage.depth > 1 for document in read.values() for passage in document.passages)
    guide = next(document for document in DOCUMENTS if document.slug == "guide")
    marks = list(guide.notes)
    assert "*" in marks
    assert any(re.fullmatch(r"\d+[a-z]", mark) for mark in marks)
    assert any("\n\n    " in note for note in guide.notes.values())
    assert any("(previously cited)" in note for note in guide.notes.values())
    assert any(count > 1 for count in Counter(NOTE_CALL.findall(guide.body)).values())
    restarting = Counter(passage.number for passage in read["concordance"].passages if passage.form is Form.NOTE)
    assert restarting["*"] > 1
    dates = {document.one("date") for document in DOCUMENTS}
    assert any("/" in one for one in dates)
    assert any(one.startswith("[") for one in dates)
    assert any("~" in one for one in dates)
    assert any(one.startswith("../") for one in dates)
    assert any(re.search("[\u0600-\u06ff]", document.body) for document in DOCUMENTS)
    spellings = ("MDE 13/031/88", "MDE 13/031/1988", "mde13/031/1988")
    assert all(any(one in document.text for document in DOCUMENTS) for one in spellings)


def test_every_official_source_type_and_month_is_found_in_some_passage() -> None:
    abouts = [about for document in _read().values() for about in document.about]
    assert {one for about in abouts for one in about.officials} == set(OFFICIALS)
    kinds = tomllib.loads((STARTER / "collection.toml").read_text())["source_types"]
    assert {one for about in abouts for one in about.source_types} == set(kinds)
    months = {one for about in abouts for one in about.months_certain}
    assert months >= {f"1988-{month:02}" for month in range(7, 13)} | {"1989-01", "1989-02", "1989-03"}
    assert any(about.months_possible for about in abouts)
    assert any(about.date_flags for about in abouts)


def _cited_permalinks() -> list[str]:
    """Every address that was ever given: each wording under each label that it had."""
    cited = []
    for path in sorted((STARTER / "permalinks").glob("*.jsonl")):
        digests: dict[tuple[str, int], str] = {}
        labels: dict[tuple[str, int], set[str]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry.get("digest"):
                digests[entry["id"], entry["state"]] = entry["digest"][:SHORT_DIGEST_LENGTH]
            if entry.get("label"):
                labels.setdefault((entry["id"], entry["state"]), set()).add(entry["label"])
        for state, digest in digests.items():
            cited += [f"/documents/{path.stem}/p/{label}~{state[0]}.{digest}" for label in sorted(labels[state])]
    return cited


def test_the_ledger_is_complete_and_shows_every_verdict(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PINCITE")}

    def pincite(*arguments: str) -> str:
        command = [sys.executable, "-m", "web.cli", "--collection", str(STARTER), "--data", str(tmp_path), *arguments]
        done = subprocess.run(command, cwd=STARTER.parents[1], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    pincite("build", "--locked")
    every = [json.loads(line) for line in pincite("links", "--json").splitlines()]
    assert {one["verdict"] for one in every} == {"same", "merged", "gone"}  # each asked by its last address
    landings = [json.loads(line) for line in pincite("links", "--json", *_cited_permalinks()).splitlines()]
    verdicts = Counter(one["verdict"] for one in landings)
    assert set(verdicts) == {"same", "reworded", "moved", "split", "merged", "gone"}
    assert any("typography" in one["reason"] for one in landings)
    for one in landings:
        assert (one["now"] is None) == (one["verdict"] == "gone"), one


# What the source has in another form: a number without its comma, a day of which the year stands elsewhere, a date torn
# apart beside a right-to-left title.
OTHER_FORM = {"3,620", "10 August 1988", "17 June 2022"}


@each_document
def test_every_quotation_address_day_and_number_is_in_the_source(document: StarterDocument) -> None:
    if not SOURCE_TEXT.exists():
        pytest.skip("the text that the collection rests on is not at hand")
    source = _run_together(SOURCE_TEXT.read_text(encoding="utf-8"))
    text = re.sub(r"\{[#.][^}]*\}|^#+ \d.*$", "", document.text, flags=re.M)
    for quoted in re.findall(r"“([^”]+)”", text):
        assert _run_together(quoted).rstrip(".,;") in source, quoted
    for address in re.findall(r"<https://([^>]+)>", text):
        assert _run_together(address.removeprefix("www.")) in source, address
    prose = NOTE_CALL.sub("", re.sub(r"\]\([^)]*\)|<https[^>]*>", "]", text))
    days = {one.group() for one in re.finditer(rf"\b\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])}) \d{{4}}", prose)}
    for day in days - OTHER_FORM:
        assert _run_together(day) in source, day
    spaced = SOURCE_TEXT.read_text(encoding="utf-8")
    for number in {one.strip(".,:") for one in re.findall(r"[0-9][0-9,:./]*", prose)} - OTHER_FORM:
        assert re.search(rf"(?<!\d){re.escape(number)}(?!\d)", spaced), number


def test_the_wording_is_our_own() -> None:
    if not SOURCE_TEXT.exists():
        pytest.skip("the text that the collection rests on is not at hand")

    def words(text: str) -> list[tuple[str, int]]:
        return [(_folded(word.group()), word.start()) for word in re.finditer(r"\w+", text.replace("’", "'"))]

    source = [word for word, _ in words(SOURCE_TEXT.read_text(encoding="utf-8"))]
    known = {tuple(source[at : at + 8]) for at in range(len(source) - 7)}
    copied = []
    for document in DOCUMENTS:
        # Titles, names in quotation marks, addresses and footnotes are citations.
        apart = [m.span() for m in re.finditer(r"“[^”]*”|«[^»]*»|https?://\S+|^\[\^[^\]]+\]:.*$", document.text, re.M)]
        found = words(document.text)
        for at in range(len(found) - 7):
            first, last = found[at][1], found[at + 7][1]
            if tuple(word for word, _ in found[at : at + 8]) in known and not any(a <= first < b for a, b in apart):
                copied.append((document.slug, document.text[first:last]))
    assert not copied
