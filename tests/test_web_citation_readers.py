"""What other programs read from our BibTeX, RIS and CSL-JSON: each form is read back by a parser that is not ours."""

from __future__ import annotations

import json
import re

import bibtexparser
import pytest
import rispy
from attacks import ATTACKS
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc.source import Date, DateRange, LiteralDate
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pybtex.database import parse_string
from test_web_citations import EDITION, cited

from index.record import DocumentRecord, PageSpan, PassageRecord
from web.citations import bibtex, csl_json, ris

TITLES = [
    'A "title" & its {braces}, 100% of _it_ # \\ ~ $',
    "نامهٔ خانواده‌ها",
    "two\nlines\r\nand a\ttab",
    *ATTACKS[:40],
]
HOSTILE = [
    "100% \\emph{sure} {and open", "and shut} too", "}{", "{", "}}}", "{{{a}", "\\", "ends in \\", "\\{\\}", "@misc{x,",
    "a = {b}, c = {d}", 'He said "no", twice', "Café déjà vu – naïve — 1988–1989", "a -- b --- c", "``so'' it's",
    "«محمدجعفر محلاتی» and می‌گوید", "ابراهیم رئیسی and others", "Smith, John and Doe, Jane", "ER  - \r\nTY  - BOOK\r\n",
    "TI  - another", "one\u2028two\u2029three\x85four", "tab\tand\vvertical", "#1 & $2 ~ 3 ^ 4 _ 5", "?`Que? !`No!",
    "<<so>> ,,und''", "%", "$x^{2}$", "\u202eturned\u202c", "\U0001f54a", "https://a.example/?q=%20&b=_c_#d~e",
]  # fmt: skip
ADDRESS = "https://harbour.example/documents/letters/p/s2.1-p4~k7x3fh.c9d1x"


def words(text: str) -> str:
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", text).split())


def with_all(text: str, date: str | None = "1989-05-02") -> tuple[PassageRecord, DocumentRecord]:
    """A citation whose title, issuer and symbol are *text*."""
    record, document = cited(text)
    return record, replace(document, issuer=text, symbol=text, date=date)


def decoded(value: str) -> str:
    """A value as it is set: the outer braces, which keep a name whole and capitals as they are, are not."""
    value = value.replace("\N{MODIFIER LETTER CIRCUMFLEX ACCENT}", "^")  # what pylatexenc takes it for
    return value[1:-1] if value.startswith("{") and value.endswith("}") else value


def read_bibtex(text: str) -> dict[str, str]:
    """The fields of an entry as they are set."""
    (entry,) = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()]).entries
    return {one.key: decoded(one.value) for one in entry.fields}


@pytest.mark.parametrize("text", [*TITLES, *HOSTILE])
def test_bibtex_is_one_entry_whose_title_issuer_and_symbol_come_back(text: str) -> None:
    record, document = with_all(text)
    written = bibtex(record, document, EDITION, ADDRESS)
    database = parse_string(written, "bibtex")  # counts braces as BibTeX itself does
    ((key, entry),) = database.entries.items()

    assert key == "letters-k7x3fh"
    assert list(entry.persons) == (["author"] if words(text) else [])
    assert all(len(people) == 1 for people in entry.persons.values())
    assert entry.fields["url"] == ADDRESS
    assert (entry.fields["year"], entry.fields["date"], entry.fields["pages"]) == ("1989", "1989-05-02", "6--7")
    assert not bibtexparser.parse_string(written).failed_blocks
    if "\\textbrace" not in written:  # of which pylatexenc knows nothing
        fields = read_bibtex(written)
        for name in ("title", "author", "number"):
            assert fields.get(name, "") == words(text)


@given(st.text(alphabet="{}\\\"'`-,@=#%&$~^_<>?! ab\n", max_size=30))
def test_no_mixture_of_signs_breaks_bibtex(text: str) -> None:
    record, document = with_all(f"x{text}x")
    ((_, entry),) = parse_string(bibtex(record, document, EDITION, ADDRESS), "bibtex").entries.items()

    assert entry.fields["url"] == ADDRESS
    assert len(entry.persons["author"]) == 1


@pytest.mark.parametrize("text", [*TITLES, *HOSTILE])
def test_ris_is_one_record_whose_title_issuer_and_address_come_back(text: str) -> None:
    record, document = with_all(text)
    (found,) = rispy.loads(ris(record, document, EDITION, ADDRESS))

    assert found.get("title", "") == words(text)
    assert found.get("authors", [""]) == [words(text)]
    assert found["urls"] == [ADDRESS]
    assert (found["type_of_reference"], found["year"], found["date"]) == ("GEN", "1989", "1989/05/02/")
    assert (found["start_page"], found["end_page"]) == ("6", "7")


@pytest.mark.parametrize("text", [*TITLES, *HOSTILE])
def test_csl_json_is_one_item_whose_title_issuer_and_address_come_back(text: str) -> None:
    record, document = with_all(text)
    source = CiteProcJSON(json.loads(csl_json(record, document, EDITION, ADDRESS)))
    found = source["letters-k7x3fh"]

    assert found.type == "document"
    assert str(found.title) == text
    assert str(found.URL) == ADDRESS
    assert [str(name["literal"]) for name in found.author] == [text]
    assert (found.issued.year, found.issued.month, found.issued.day) == (1989, 5, 2)


@pytest.mark.parametrize(
    ("edtf", "year", "kind"),
    [
        ("1989-05-02", "1989", Date),
        ("1989-05", "1989", Date),
        ("1989", "1989", Date),
        ("1988-11~", "1988", LiteralDate),
        ("1988-12-01/1988-12-22", "1988", DateRange),
        ("1988-12/1989-01", None, DateRange),
        ("../1989-01-26", None, LiteralDate),
        ("[1988-08-24,1988-08-26]", "1988", LiteralDate),
        (None, None, None),
    ],
)
def test_every_reader_finds_the_year_only_where_it_is_sure_and_no_day_that_is_not(
    edtf: str | None, year: str | None, kind: type | None
) -> None:
    record, document = with_all("Letters", edtf)
    ((_, entry),) = parse_string(bibtex(record, document, EDITION, ADDRESS), "bibtex").entries.items()
    (found,) = rispy.loads(ris(record, document, EDITION, ADDRESS))
    item = CiteProcJSON(json.loads(csl_json(record, document, EDITION, ADDRESS)))["letters-k7x3fh"]

    assert (entry.fields.get("year"), found.get("year")) == (year, year)
    assert (type(item.issued) if "issued" in item else None) is kind
    if edtf != "1989-05-02":
        assert not found.get("date", "").strip("/").count("/") > 1


def test_a_passage_on_one_page_has_one_page_number() -> None:
    record, document = with_all("Letters")
    record = replace(record, page=PageSpan(7, 7))
    ((_, entry),) = parse_string(bibtex(record, document, EDITION, ADDRESS), "bibtex").entries.items()

    assert entry.fields["pages"] == "7"
    assert json.loads(csl_json(record, document, EDITION, ADDRESS))[0]["page"] == "7"
