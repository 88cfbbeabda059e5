"""What exports and feeds promise: whole, harmless to the programs that open them, and told when cut."""

from __future__ import annotations

import csv
import io
import json
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest
from building import Record
from flask import Response
from werkzeug.test import TestResponse

from index.record import MonthsRecord, PageSpan, PassageRecord
from search.results import Fragment, Hit, Results, SearchRequest
from web.app import create_app
from web.config import SiteSettings
from web.exports import as_csv, as_json_file
from web.feeds import as_feed
from web.forms import SearchForm
from web.labels import Edition

EDITION = Edition("g000019", "2026-05-04", "The harbour inquiry", 1204, 6)


def hit(text: str, number: int = 1) -> Hit:
    record = PassageRecord(
        *("letters", f"id{number}", f"p{number}", "body", "paragraph", PageSpan(6, 7), "", (), None, text),
        *((), (), (), ("ngo", "un"), MonthsRecord(("1988-11",), ("1988-12",)), (), (), (), ()),
        permalink=f"/documents/letters/p/p{number}~id{number}.c9d1x",
    )
    return Hit(record, number, (Fragment(text),))


def results(*texts: str, total: int | None = None) -> Results:
    hits = tuple(hit(text, number) for number, text in enumerate(texts, 1))
    return Results(SearchRequest("x"), "x", "g000019", len(texts) if total is None else total, hits=hits)


def rows(answer: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.removeprefix("\ufeff"))))


def test_a_line_holds_all_that_is_known_of_a_passage() -> None:
    header, row = rows(as_csv(results('He said "no", twice;\nthen left'), "https://harbour.example").get_data(True))

    assert dict(zip(header, row, strict=True)) == {
        "document": "letters",
        "kind": "body",
        "section": "",
        "number": "",
        "page": "6-7",
        "months": "1988-11",
        "possible_months": "1988-12",
        "source_types": "ngo un",
        "officials": "",
        "text": 'He said "no", twice;\nthen left',
        "permalink": "https://harbour.example/documents/letters/p/p1~id1.c9d1x",
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert rows(as_csv(results(text), "").get_data(True))[1][9] == f"'{text}"


def test_an_export_that_was_cut_says_so() -> None:
    cut, whole = results("a", "b", total=9312), results("a", "b")

    assert rows(as_csv(cut, "").get_data(True))[-1] == ["Cut: 2 of 9,312 passages. Narrow the search to have all."]
    assert len(rows(as_csv(whole, "").get_data(True))) == 3
    assert "Cut: 2" in json.loads(as_json_file(cut).get_data(True))["cut"]
    assert json.loads(as_json_file(whole).get_data(True))["cut"] is None


@pytest.mark.parametrize("text", ["a\x0bb\x1b\x00", "\ufffe\uffff", "<script>&amp;]]>", "محلاتی"])
def test_a_feed_is_xml_whatever_it_holds(text: str) -> None:
    form = SearchForm(query=text)
    feed = as_feed(form, results(text), EDITION, "2026-05-04T12:00:00Z", "harbour", "https://harbour.example")
    root = ElementTree.fromstring(feed.get_data())
    atom = "{http://www.w3.org/2005/Atom}"

    assert root.findtext(f"{atom}entry/{atom}id") == "urn:pincite:harbour:letters:id1"
    assert root.findtext(f"{atom}updated") == "2026-05-04T12:00:00Z"
    assert (root.findtext(f"{atom}entry/{atom}summary") or "") in text.replace("\x0b", "").replace("\x1b\x00", "")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{atom}link")}
    assert all((address or "").startswith("https://harbour.example/search") for address in links.values())


def test_an_export_reads_one_generation_to_its_end_though_others_are_published_and_it_is_to_be_pruned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record(tmp_path, {"letter": "The first edition of a sentence."})
    record.build()
    app = create_app(SiteSettings(data=record.data.path))
    begun, go_on = threading.Event(), threading.Event()

    def slowly(results: Results, site_url: str) -> Response:
        begun.set()
        assert go_on.wait(30)
        return as_csv(results, site_url)

    monkeypatch.setattr("web.views.search.as_csv", slowly)
    answers: list[TestResponse] = []
    thread = threading.Thread(target=lambda: answers.append(app.test_client().get("/search.csv?q=sentence")))
    thread.start()
    assert begun.wait(30)
    for number in range(6):
        record.write("letter", f"Edition {number} of a sentence.")
        record.build()
    standing = record.data.names()
    go_on.set()
    thread.join()
    app.extensions["pincite"].reader.stop()
    record.build()

    assert "g000001" in standing
    assert "The first edition" in answers[0].text
    assert answers[0].headers["Pincite-Generation"] == "g000001"
    assert "g000001" not in record.data.names()
