"""What a citation promises: who, what, when and where, and no date that is surer than the record's."""

from __future__ import annotations

import json
import re

import pytest
from msgspec.structs import replace

from index.record import DocumentRecord, MonthsRecord, PageSpan, PassageRecord, SectionRecord
from web.citations import bibtex, csl_json, ris, sentence, where
from web.labels import Edition

EDITION = Edition("g000019", "2026-05-04", "The harbour inquiry", 1204, 6)
SECTIONS = (
    SectionRecord("2", "2. Answers given", 1, "body"),
    SectionRecord("", "To the union, in writing", 2, "body", 0),
    SectionRecord("2.1", "2.1 Answers", 2, "body", 0),
    SectionRecord("", "Annex – the quay in papers", 1, "annex"),
    SectionRecord("", "DECEMBER 1988", 2, "annex", 3),
)
PLACES = [
    (None, "passage 4 (pages 6 to 7)"),
    (0, "section 2, passage 4 (pages 6 to 7)"),
    (1, "section 2, “To the union, in writing”, passage 4 (pages 6 to 7)"),
    (2, "section 2.1, passage 4 (pages 6 to 7)"),
    (3, "annex, passage 4 (pages 6 to 7)"),
    (4, "annex, DECEMBER 1988, passage 4 (pages 6 to 7)"),
]


def cited(title: str) -> tuple[PassageRecord, DocumentRecord]:
    record = PassageRecord(
        *("letters", "k7x3fh", "s2.1-p4", "body", "paragraph", PageSpan(6, 7), "2.1", ("2.1 Answers",), None, "text"),
        *((), (), (), (), MonthsRecord(), (), (), (), ()),
        permalink="/documents/letters/p/s2.1-p4~k7x3fh.c9d1x",
        section_at=2,
    )
    document = DocumentRecord(
        "letters", title, "Dockers & Sons' Union", "ngo", "1989-05-02", "KH/12/89", SECTIONS, False
    )
    return record, document


@pytest.mark.parametrize(
    ("edtf", "day", "year", "issued"),
    [
        ("1989-05", "1989/05//", "1989", {"date-parts": [[1989, 5]]}),
        ("1988-12-01/1988-12-22", None, "1988", {"date-parts": [[1988, 12, 1], [1988, 12, 22]]}),
        ("1988-12/1989-01", None, None, {"date-parts": [[1988, 12], [1989, 1]]}),
        ("1988-11~", None, "1988", {"literal": "about November 1988"}),
        ("../1989-01-26", None, None, {"literal": "until 26 January 1989"}),
        ("[1988-08-24,1988-08-26]", None, "1988", {"literal": "24 August 1988 or 26 August 1988"}),
        (None, None, None, None),
    ],
)
def test_no_form_makes_a_doubtful_or_longer_date_a_day(
    edtf: str | None, day: str | None, year: str | None, issued: dict[str, object] | None
) -> None:
    record, document = cited("Letters")
    document = replace(document, date=edtf)
    lines = dict(line.split("  - ", 1) for line in ris(record, document, EDITION, "").split("\r\n") if line)
    found = re.search(r"^  year = \{(.*)\},$", bibtex(record, document, EDITION, ""), re.MULTILINE)

    assert (lines.get("DA"), lines.get("PY")) == (day, year)
    assert (found[1] if found else None) == year
    assert json.loads(csl_json(record, document, EDITION, ""))[0].get("issued") == issued


def test_the_sentence_says_who_what_when_where_and_in_which_edition() -> None:
    record, document = cited("Letters")

    assert sentence(record, document, EDITION) == (
        "Dockers & Sons' Union, Letters, KH/12/89, 2 May 1989, section 2.1, passage 4 (pages 6 to 7), "
        "in The harbour inquiry, edition 19 of 4 May 2026."
    )


@pytest.mark.parametrize(("at", "said"), PLACES)
def test_every_form_names_where_the_passage_stands_with_headings_as_printed(at: int | None, said: str) -> None:
    record, document = cited("Letters")
    record = replace(record, section_at=at)
    address = f"https://harbour.example{record.permalink}"

    assert where(record, document) == said
    assert f", {said}, in " in sentence(record, document, EDITION)
    assert f"{said}, in " in bibtex(record, document, EDITION, address)
    assert f"N1  - {said}\r\n" in ris(record, document, EDITION, address)
    assert json.loads(csl_json(record, document, EDITION, address))[0]["note"] == said


def test_of_several_annexes_the_one_meant_goes_by_its_heading() -> None:
    record, document = cited("Letters")
    document = replace(document, sections=(*SECTIONS, SectionRecord("", "Annex B", 1, "annex")))

    assert where(replace(record, section_at=5), document).startswith("Annex B, passage 4")
    assert where(replace(record, section_at=4), document).startswith("Annex – the quay in papers, DECEMBER 1988, ")
