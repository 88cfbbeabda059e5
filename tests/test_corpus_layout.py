"""A printed text becomes one clean document, and whatever is not in it is in the report."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.layout.importing import Imported, ReportLine, import_text
from corpus.model import Document, Form, Kind
from corpus.problems import PinciteError
from corpus.readers.markdown_text import read_markdown
from corpus.readers.printed_text import NotTextError

CASES = Path(__file__).parent / "cases" / "import"
STATEMENT = Path(__file__).parent.parent.parent / "shared" / "real" / "statement.txt"
SOURCES = sorted(CASES.glob("*.txt"), key=lambda path: path.name)


def document(imported: Imported) -> Document:
    return read_markdown(imported.markdown.encode(), "d.md", "d", ("ngo",)).document


def imported(*lines: str, end: str = "\n") -> Imported:
    return import_text(end.join(lines).encode(), "d.txt")


def forms(found: Document) -> dict[Form, int]:
    return dict(Counter(passage.form for passage in found.passages))


def of_kind(result: Imported, kind: str) -> list[ReportLine]:
    return [line for line in result.report if line.kind == kind]


# ---- whole documents, each of another shape


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_document_comes_out_as_it_was_read_by_a_person(source: Path) -> None:
    result = import_text(source.read_bytes(), source.name)

    assert result.markdown == source.with_suffix(".md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "sections", "annexes", "expected", "calls", "pages"),
    [
        ("endnotes-roman", 7, 0, {"paragraph": 7, "item": 3, "quotation": 1, "note": 12}, 12, None),
        ("numbered-paragraphs", 3, 2, {"paragraph": 11, "item": 3, "quotation": 1, "note": 8}, 8, 4),
        ("notes-restart", 4, 0, {"paragraph": 7, "quotation": 1, "note": 8}, 8, 3),
        ("notes-by-chapter", 2, 0, {"paragraph": 3, "note": 4}, 4, None),
        ("notes-letters", 2, 0, {"paragraph": 2, "note": 3}, 3, None),
        ("notes-persian", 2, 0, {"paragraph": 3, "note": 4}, 4, 2),
        ("notes-arabic", 0, 0, {"paragraph": 2, "note": 2}, 2, None),
        ("notes-signs", 1, 0, {"paragraph": 2, "note": 6}, 6, None),
        ("notes-unpaired", 0, 0, {"paragraph": 2, "note": 5}, 3, None),
        ("tables", 1, 0, {"paragraph": 3, "row": 9}, 0, None),
        ("contents-led", 5, 0, {"verse": 1, "paragraph": 3, "note": 2}, 2, None),
        ("un-document", 4, 2, {"verse": 1, "paragraph": 18, "item": 5, "note": 4}, 4, 2),
        ("un-letter", 0, 0, {"paragraph": 16, "note": 1}, 1, None),
        ("un-report", 4, 0, {"paragraph": 17, "verse": 1, "item": 5, "note": 3}, 3, 4),
        ("journal", 4, 0, {"paragraph": 6, "note": 4}, 4, 123),
        ("judgment-of-a-chamber", 6, 0, {"paragraph": 15, "quotation": 1, "item": 5, "note": 2}, 2, 2),
        ("gazette", 5, 0, {"paragraph": 6, "item": 8, "row": 2}, 0, None),
        ("number-under-title", 0, 0, {"paragraph": 3}, 0, 3),
        ("two-columns", 1, 0, {"paragraph": 4, "note": 2}, 2, 12),
        ("cable", 0, 0, {"paragraph": 7, "verse": 1, "item": 6}, 0, 2),
        ("summary-record", 3, 0, {"paragraph": 11, "item": 4}, 0, None),
        ("transcript", 0, 0, {"paragraph": 15}, 0, 2),
        ("annexes-of-lists", 0, 5, {"paragraph": 3, "row": 8, "item": 4}, 0, None),
        ("report-persian", 3, 0, {"paragraph": 4, "item": 3, "note": 4}, 4, 2),
        ("mail", 0, 0, {"paragraph": 8, "verse": 2}, 0, None),
        ("thesis", 6, 0, {"paragraph": 5, "quotation": 1, "note": 6}, 6, 33),
        ("running-title", 3, 0, {"paragraph": 5}, 0, 3),
        ("lists-in-brackets", 0, 0, {"paragraph": 3, "item": 10}, 0, None),
        ("hearing", 0, 0, {"item": 3, "paragraph": 12}, 0, None),
        ("judgment", 2, 0, {"paragraph": 11, "item": 5, "quotation": 1, "note": 1}, 1, None),
        ("minutes", 1, 0, {"verse": 1, "paragraph": 6}, 0, None),
        ("letter", 0, 0, {"paragraph": 11}, 0, None),
        ("headings-lists", 5, 0, {"paragraph": 6, "item": 10}, 0, 4),
        ("indented-verse", 0, 0, {"paragraph": 5, "verse": 2, "note": 4}, 4, None),
        ("poem", 0, 0, {"verse": 3}, 0, None),
        ("articles-nested-lists", 5, 0, {"paragraph": 3, "item": 5}, 0, None),
        ("contents-numbered", 5, 2, {"verse": 1, "paragraph": 6, "note": 3}, 3, None),
        ("slashed-notes", 3, 0, {"paragraph": 5, "item": 2, "note": 3}, 3, 2),
        ("labels-alone", 1, 0, {"paragraph": 3, "note": 4}, 4, 2),
        ("interview", 0, 0, {"paragraph": 7}, 0, None),
        ("preamble", 0, 0, {"paragraph": 3, "item": 3, "note": 1}, 1, None),
        ("leading-blanks", 1, 0, {"paragraph": 5, "quotation": 1, "note": 5}, 5, 4),
    ],
)
def test_counts_are_those_of_the_printed_page(
    name: str, sections: int, annexes: int, expected: dict[str, int], calls: int, pages: int | None
) -> None:
    found = document(import_text((CASES / f"{name}.txt").read_bytes(), name))

    bodies = [section for section in found.sections if section.kind is Kind.BODY]
    assert (len(bodies), len(found.sections) - len(bodies)) == (sections, annexes)
    assert forms(found) == {Form(form): count for form, count in expected.items()}
    assert sum(len(passage.calls) for passage in found.passages) == calls
    last = [passage.pages.last for passage in found.passages if passage.pages and passage.kind is not Kind.FOOTNOTE]
    assert (last[-1] if last else None) == pages


# ---- what a text says of itself


def test_date_and_symbol_are_taken_from_lines_of_their_own_and_stay_in_the_text() -> None:
    result = imported("A TITLE ABOVE", "", "Date: 4 May 1990", "", "Index: MDE 13/1/90", "", "The text of it begins.")

    found = document(result)
    assert (found.title, found.date, found.symbol) == ("A TITLE ABOVE", "1990-05-04", "MDE 13/1/90")
    assert [passage.text for passage in found.passages][:2] == ["Date: 4 May 1990", "Index: MDE 13/1/90"]


@pytest.mark.parametrize(
    ("name", "title", "date", "symbol"),
    [
        ("un-document", "REPORT ON THE KEEPING OF PRISON REGISTERS", "1990-01-04", "E/CN.4/1990/99"),
        ("un-report", "REPORT OF THE ECONOMIC AND SOCIAL COUNCIL", "1989-11-02", "A/44/9901"),
        (
            "un-letter",
            "Letter dated 3 March 1989 from the Permanent Representative of Norland to the United Nations "
            "addressed to the Secretary-General",
            "1989-03-06",
            "A/44/9902",
        ),
        ("journal", "THE REGISTER AND THE COURT", None, None),
        ("gazette", "LAW No. 44 OF 1989 on the keeping of prison registers", "1989-03-06", None),
        ("judgment-of-a-chamber", "CASE OF ALDER AND OTHERS v. NORLAND", "1995-10-12", None),
    ],
)
def test_what_a_cover_says_before_the_title_is_not_the_title(
    name: str, title: str, date: str | None, symbol: str | None
) -> None:
    found = document(import_text((CASES / f"{name}.txt").read_bytes(), name))

    assert (found.title, found.date, found.symbol) == (title, date, symbol)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["27. Memorandum From the Keeper to the Governor", "", "Norham, 4 May 1990.", "", "The book is lost."],
         "27. Memorandum From the Keeper to the Governor"),
        (["27. Report of a Visit", "", "PLACE: The Mill", "", "No. 6001", "", "The keeper came and told us."],
         "27. Report of a Visit"),
        (["Title: The Mill", "Author: A Keeper", "", "The keeper came and told us."], "The Mill"),
        (["PLACE: The Mill", "", "PRESENT: The keeper and his son", "", "The keeper came and told us."], "d"),
        (["2. What Was Found", "", "Nothing was found there.", "", "3. What Was Done", "", "Nothing."], "d"),
    ],
)  # fmt: skip
def test_a_number_before_the_title_and_lines_of_a_head_are_told_apart(lines: list[str], title: str) -> None:
    assert document(imported(*lines)).title == title


def test_who_wrote_a_text_is_no_heading_of_it() -> None:
    found = document(imported("The Mill", "", "By A Keeper", "", "The mill was built in the year of the flood."))

    assert (found.sections, found.passages[0].text) == ((), "By A Keeper")


def test_a_line_of_a_cover_far_down_a_list_makes_no_cover_of_it() -> None:
    lines = [
        "What We Read",
        "",
        "• The Mill",
        "",
        "• The Dam",
        "",
        "• The Quay",
        "",
        "Vol. 12, No. 3",
        "",
        "It was all.",
    ]

    found = document(imported(*lines))
    assert found.title == "What We Read"
    assert forms(found)[Form.ITEM] == 3


def test_a_date_in_a_sentence_is_not_the_documents() -> None:
    found = document(imported("A TITLE ABOVE", "", "It was printed on 4 May 1990.", "", "It was read."))

    assert (found.date, found.symbol) == (None, None)


def test_a_mark_on_the_title_is_a_call_of_the_first_passage() -> None:
    result = imported("A TITLE ABOVE*", "", "The text of it begins.", "", "* Read at the meeting.")

    found = document(result)
    assert found.title == "A TITLE ABOVE"
    first = found.passages[0]
    assert first.text == "The text of it begins."
    assert [(call.note, call.at, call.heading) for call in first.calls] == [("*", None, True)]
    assert not found.sections


def test_a_text_written_as_markdown_is_read_as_print_and_doubted() -> None:
    result = imported("# A Title", "", "Text of it.[^1]", "", "## A part", "", "More.", "", "[^1]: A note.")

    assert [line.line for line in of_kind(result, "doubt") if "as Markdown is" in line.message] == [1]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["References", "", "Alder, J. The Registers.", "Birch, A. and C. Cedar. A second copy of", "them."],
         ["Alder, J. The Registers.", "Birch, A. and C. Cedar. A second copy of them."]),
        (["The word Alder, J. has used it", "and left.", "", "It is old."],
         ["The word Alder, J. has used it and left.", "It is old."]),
    ],
)  # fmt: skip
def test_each_work_of_a_bibliography_is_a_paragraph(lines: list[str], expected: list[str]) -> None:
    found = document(imported("A Report on Registers", "", "The text of it is here.", "", *lines))

    assert [passage.text for passage in found.passages][1:] == expected


# ---- the statement


@pytest.fixture(scope="module")
def statement() -> Imported:
    if not STATEMENT.exists():
        pytest.skip("the real statement is not beside this checkout (../shared/real/statement.txt)")
    return import_text(STATEMENT.read_bytes(), "statement.txt")


def test_the_statement_has_all_its_parts(statement: Imported) -> None:
    found = document(statement)

    assert forms(found) == {Form.PARAGRAPH: 78, Form.ITEM: 19, Form.QUOTATION: 20, Form.NOTE: 95}
    assert [(section.number, section.level) for section in found.sections] == [
        ("1", 1), ("2", 1), ("2.1", 2), ("2.2", 2), ("2.3", 2), ("3", 1), ("4", 1), ("4.1", 2), ("4.2", 2),
        ("", 1), ("", 2), ("", 2), ("", 2), ("", 2), ("", 2), ("", 2),
    ]  # fmt: skip
    assert [section.title for section in found.sections if section.kind is Kind.ANNEX][1:] == [
        "AUGUST 1988", "SEPTEMBER 1988", "OCTOBER 1988", "NOVEMBER 1988", "DECEMBER 1988", "January 1989",
    ]  # fmt: skip
    assert (found.date, found.symbol, found.issuer) == (None, None, None)


def test_the_statement_has_each_note_once_and_calls_it_once_in_order(statement: Imported) -> None:
    found = document(statement)

    notes = [passage for passage in found.passages if passage.kind is Kind.FOOTNOTE]
    assert [note.number for note in notes] == [str(number) for number in range(1, 96)]
    assert [len(note.called_from) for note in notes] == [1] * 95
    assert [call.note for passage in found.passages for call in passage.calls] == [note.number for note in notes]


def test_the_statement_keeps_its_seventeen_pages(statement: Imported) -> None:
    found = document(statement)

    body = [passage for passage in found.passages if passage.kind is not Kind.FOOTNOTE]
    assert {passage.pages.first for passage in body if passage.pages} == set(range(1, 18))
    notes = {passage.number: passage.pages for passage in found.passages if passage.kind is Kind.FOOTNOTE}
    running = notes["52"]
    assert running
    assert (running.first, running.last) == (9, 10)


def test_the_statement_doubts_what_is_doubtful(statement: Imported) -> None:
    doubts = [line.message for line in of_kind(statement, "doubt")]

    assert any("co-operate" in doubt for doubt in doubts)
    assert sum("right-to-left" in doubt for doubt in doubts) == 9
    assert len(doubts) == 10
    left = [line.message for line in of_kind(statement, "left-out")]
    assert sum("address of a link" in message for message in left) == 36
    assert len(left) == 39


# ---- nothing is dropped in silence


def characters(text: str) -> Counter[str]:
    return Counter(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def in_document(result: Imported) -> Counter[str]:
    found = document(result)
    stated = re.match(r'---\ntitle: (".*")\n', result.markdown)
    repeated = any("from the line of the subject" in line.message for line in result.report)  # it stays in the text
    counted = characters(json.loads(stated[1])) if stated and not repeated else Counter[str]()
    if not stated and found.title != "d" and all(section.title != found.title for section in found.sections):
        counted += characters(found.title)  # a heading above all that the reader takes for the title
    for section in found.sections:
        counted += characters(section.title)
    for passage in found.passages:
        counted += characters(passage.text) + characters(passage.number or "")
        for call in passage.calls:
            counted += characters(call.note)
    return counted


def in_source(source: str, result: Imported) -> Counter[str]:
    left = {line.line for line in of_kind(result, "left-out")}
    lines = re.split("\r*\n|\r", source)
    return sum((characters(line) for number, line in enumerate(lines, 1) if number not in left), Counter[str]())


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_letter_is_in_the_document_or_its_line_in_the_report(source: Path) -> None:
    text = source.read_bytes().decode()
    result = import_text(text.encode(), source.name)

    lost = in_source(text, result) - in_document(result)
    assert set(lost) <= {"o"}  # the bullet of word processors
    assert not in_document(result) - in_source(text, result)


def test_every_letter_of_the_statement_is_accounted_for(statement: Imported) -> None:
    text = STATEMENT.read_text(encoding="utf-8")

    assert in_source(text, statement) == in_document(statement)


PIECES = [
    "1 See the", "2 Foo bar.", "1. First item", "2. Second", "• bullet", "* star", "- dash", "Heading Words",
    "CAPITALS", "ANNEX A", "Annex B: list", "word.1", "word.2 more", "“quoted text.”", "“open", "close”", "ends:",
    "", "", "", "",
    "   indented line here", "        deep", "12", "- 3 -", "Page 3 of 9", "\f", "___________", "I. ONE", "II. Two",
    "2.1 Sub", "(a) let", "(b) let", "a plain sentence that fills the line of a page, more or less, to its end.",
    "http://a.b/c", "x [1] y", "[1] note", "* note", "word*", "hyphen-", "ated", "NOTES", "**bold** _em_ `c`", "|a|b|",
    "---", "===", "# hash", "> q", "{page=3}", "{.annex}", "&amp; <b>", "[^1]: x", "1988. That was", "47. Para", "\\",
    "~~~", "```", "+ plus", "خاطرات 1367 «کتاب»", "1988.20", "\t tab", "¹ sup", "word²", "Chapter 1", "ii) two",
    "Dear Sir,", "12 May 1990", " lead", "[x]: http://y", "![a](b)", "[[[[", "§ 4", "† dag", "w†", "a note", "word.a",
]  # fmt: skip
soups = st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=40)


@given(soups, st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=150, deadline=None)
def test_no_soup_of_lines_loses_a_letter(lines: list[str], end: str) -> None:
    source = end.join(line if line == "\f" else line.replace("\f", "") for line in lines)
    try:
        result = import_text(source.encode(), "d")
    except NotTextError:
        assert not any(c.isalnum() for c in source)
        return

    assert in_source(source, result) == in_document(result)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_document_or_a_plain_error(data: bytes) -> None:
    try:
        result = import_text(data, "d.txt").markdown
    except PinciteError as error:
        result = str(error)

    assert result.startswith(("---\ntitle:", "d.txt: "))


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_imported_and_read(text: str) -> None:
    try:
        result = import_text(text.encode("utf-8", "replace"), "d.txt")
    except NotTextError:
        return

    assert document(result).passages or document(result).sections


# ---- bytes


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfeA\x00B", "UTF-16"),
        (b"one\ntwo \xe9\n", "iconv -f WINDOWS-1252 -t UTF-8"),
        (b"one\ntwo \xe9\n", "line 2: byte 0xe9 is not UTF-8"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"a\0b", "zero bytes"),
        (b"PK\x03\x04\x14\0\x06\0", "is a file of an office program. Save it as plain text"),
        (b"{\\rtf1\\ansi A report", "is a file of an office program"),
        (b"\n<!DOCTYPE html>\n<p>A report", "is HTML"),
        (b"\x7fELF\x02\x01\x01\0\0\xff\x80\x01\x02", "bytes of another kind"),
        (b"---\ntitle: A report\ndate: 1990\n---\n\nText.[^1]\n", "is a document in Markdown already. Put it into"),
        (b"", "holds no text"),
        (b" \n\f\n", "holds no text"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(NotTextError, match=re.escape(words)):
        import_text(data, "d.txt")


def test_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    source = (CASES / "endnotes-roman.txt").read_bytes()

    plain = import_text(source, "d")
    assert import_text(b"\xef\xbb\xbf" + source.replace(b"\n", b"\r\n"), "d") == plain
    assert import_text(source.replace(b"\n", b"\r"), "d") == plain
    assert import_text(b"\xef\xbb\xbf" + source.replace(b"\n\n", b"\n\xef\xbb\xbf\n"), "d").markdown == plain.markdown


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
def test_utf16_is_read_by_its_mark_and_said(code: str) -> None:
    source = (CASES / "notes-persian.txt").read_text(encoding="utf-8")

    result = import_text(("\ufeff" + source).encode(code), "d")
    assert result.markdown == import_text(source.encode(), "d").markdown
    assert [line.message for line in result.report if "UTF-16" in line.message]


def test_control_characters_become_blanks_and_are_reported() -> None:
    result = imported("The title of it", "", "A wo\x02rd here, and the end of it.")

    assert "A wo rd here" in result.markdown
    assert [line.line for line in result.report if "control" in line.message] == [3]


def test_the_report_is_in_the_order_of_the_source(statement: Imported) -> None:
    assert list(statement.report) == sorted(statement.report)
    assert {line.kind for line in statement.report} == {"did", "doubt", "left-out"}


def test_a_line_of_nothing_but_odd_blanks_is_a_blank_line() -> None:
    assert "The one.\n\nThe other." in imported("The one.", "\xa0\u2003", "The other.").markdown


def test_a_paragraph_beyond_all_measure_is_divided_and_keeps_its_marks() -> None:
    words = "The gauge was read every day. " * 40_000
    result = imported(f"{words}It sank.1", "", "1 The log.")

    found = document(result)
    assert [len(passage.text) < 400_001 for passage in found.passages] == [True] * 5
    assert in_source(words + "It sank.1 1 The log.", result) == in_document(result)
    assert any("was divided" in line.message for line in of_kind(result, "doubt"))


@pytest.mark.parametrize(
    "piece",
    [
        "1. item\n",
        "a   b   c   d\n\n",
        "text of a page\n\f",
        "Word.1 Word.2\n\n1 Note.\n2 Note.\n\f",
        "“open it, and\n\n",
    ],
    ids=["labels", "rows", "pages", "notes", "quotations"],
)
def test_no_pattern_that_never_ends_takes_longer_than_its_length(piece: str) -> None:
    assert growth(lambda times: import_text(("A Title Here\n\n" + piece * times).encode(), "d"), 25, 400) < 80


def test_eight_times_the_text_takes_about_eight_times_as_long() -> None:
    page = (CASES / "numbered-paragraphs.txt").read_bytes()

    assert growth(lambda times: import_text(b"\f".join([page] * times), "d"), 5, 80) < 80
