"""What a citation promises: whatever a title holds, it comes back whole from each form."""

from __future__ import annotations

import json
import re

import pytest
from attacks import ATTACKS

from index.record import DocumentRecord, MonthsRecord, PageSpan, PassageRecord
from web.citations import bibtex, csl_json, ris, sentence
from web.labels import Edition

EDITION = Edition("g000019", "2026-05-04", "The harbour inquiry", 1204, 6)
TITLES = [
    'A "title" & its {braces}, 100% of _it_ # \\ ~ $',
    "نامهٔ خانواده‌ها",
    "two\nlines\r\nand a\ttab",
    *ATTACKS[:40],
]


def cited(title: str) -> tuple[PassageRecord, DocumentRecord]:
    record = PassageRecord(
        *("letters", "k7x3fh", "s2.1-p4", "body", "paragraph", PageSpan(6, 7), "2.1", ("2.1 Answers",), None, "text"),
        *((), (), (), (), MonthsRecord(), (), (), (), ()),
        permalink="/documents/letters/p/s2.1-p4~k7x3fh.c9d1x",
    )
    document = DocumentRecord("letters", title, "Dockers & Sons' Union", "ngo", "1989-05-02", "KH/12/89", (), False)
    return record, document


def words(text: str) -> str:
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", text).split())


def unescaped(bib: str) -> str:
    """A BibTeX value as its program shows it."""
    named = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
    text = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum)\{\}", lambda found: f"\0{found[1]}\0", bib)
    text = re.sub(r"\\([&%$#_{}])", r"\1", text.replace("{''}", '"'))
    return re.sub("\0(.*?)\0", lambda found: named[found[1]], text)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_from_every_form(title: str) -> None:
    record, document = cited(title)
    address = f"https://harbour.example{record.permalink}"
    bib = bibtex(record, document, EDITION, address)
    found = re.search(r"^  title = \{\{(.*)\}\},$", bib, re.MULTILINE)

    assert found
    assert unescaped(found[1]) == words(title)
    assert re.sub(r"\\[{}]", "", bib).count("{") == re.sub(r"\\[{}]", "", bib).count("}")
    assert not re.search(r"(?<!\\)[&%$#_~^]", found[1])
    lines = dict(line.split("  - ", 1) for line in ris(record, document, EDITION, address).split("\r\n") if line)
    assert lines["TI"] == words(title)
    assert lines["UR"] == address
    assert (lines["SP"], lines["EP"], lines["DA"]) == ("6", "7", "1989/05/02/")
    item = json.loads(csl_json(record, document, EDITION, address))[0]
    assert item["title"] == title
    assert item["issued"] == {"date-parts": [[1989, 5, 2]]}


def test_the_sentence_says_who_what_when_where_and_in_which_edition() -> None:
    record, document = cited("Letters")

    assert sentence(record, document, EDITION) == (
        "Dockers & Sons' Union, Letters, KH/12/89, 2 May 1989, section 2.1, passage 4 (pages 6 to 7), "
        "in The harbour inquiry, edition 19 of 4 May 2026."
    )
