"""The collection that ships: its dates, symbols, links, notes and names hold together."""

from __future__ import annotations

import calendar
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

STARTER = Path(__file__).parent.parent / "corpus" / "starter"
SOURCE_TEXT = Path(__file__).parent.parent.parent / "shared" / "real" / "statement.txt"
NOTE_DEFINITION = re.compile(r"^\[\^([^\]]+)\]: (.+)$", re.M)
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
        return dict(NOTE_DEFINITION.findall(self.text))

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
# The guide rests on the other documents, and the statement's own page is about all of it.
ONE_SOURCE_DOCUMENTS = [one for one in DOCUMENTS if one.slug not in ("guide", "amnesty-statement-former-diplomats")]
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.slug)


def _strings(entry: dict[str, object], *keys: str) -> list[str]:
    values: list[str] = []
    for key in keys:
        value = entry.get(key, [])
        values += [value] if isinstance(value, str) else [str(one) for one in value]  # type: ignore[attr-defined]
    return values


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


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
    ends = [end for end in document.one("date").split("/") if end]
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
            cited |= _numbers(numbers)
            sections |= set(re.findall(r"\d(?:\.\d)?|introduction|annex", place))
    stated = {int(number) for number in document.many("statement_footnotes")}
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
    assert called == defined == [str(number) for number in range(1, len(defined) + 1)]


@each_document
def test_every_footnote_names_a_source_and_short_forms_come_after_the_full_one(document: StarterDocument) -> None:
    names = [name for source in SOURCES for name in _strings(source, "name", "names")]
    names += [name for one in OFFICIALS.values() for name in _strings(one, "spellings")]
    full: list[str] = []
    for note in document.notes.values():
        assert any(name in note for name in names), note
        for part in note.split("; "):
            author = re.split(r"[,.]", part)[0]
            if "(previously cited)" in part:
                assert any(earlier.startswith(author) for earlier in full), part
            else:
                full.append(part)
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
