"""Documents that a test prints in many manners come back with all their parts."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from printing import Manner, printed

from corpus.layout.importing import import_text
from corpus.model import Form, Kind
from corpus.readers.markdown_text import read_markdown

MANNERS = {
    "one long page": Manner(),
    "endnotes": Manner(notes="end"),
    "endnotes under a heading": Manner(notes="end-headed"),
    "endnotes on pages": Manner(notes="end-headed", page_lines=45, form_feeds=True, foot="{n}"),
    "form feeds": Manner(page_lines=45, form_feeds=True),
    "a blank before each page": Manner(page_lines=45, lone_blank=True, width=110),
    "rules and two annexes": Manner(page_lines=45, form_feeds=True, rule="_" * 16, head="Annual Report {n}", annexes=2),
    "roman and running": Manner(
        page_lines=45, form_feeds=True, head="THE COMMITTEE OF INQUIRY", foot="Page {n} of {of}", numbering="roman"
    ),
    "notes anew, CRLF": Manner(page_lines=40, form_feeds=True, notes="restart", foot="- {n} -", line_end="\r\n"),
    "notes anew, stops": Manner(page_lines=40, form_feeds=True, notes="restart", rule="-" * 11, label="{n}. "),
    "numbers for form feeds": Manner(page_lines=45, foot="{n}"),
    "heads for form feeds": Manner(page_lines=45, head="Page {n} of {of}", rule="_______"),
    "feet for form feeds": Manner(
        page_lines=45, foot="Report on the Harbour | {n}", numbering="capitals", notes="end-headed"
    ),
    "indented": Manner(indented=True, notes="end", numbering="title"),
    "indented on pages": Manner(indented=True, page_lines=45, form_feeds=True, foot="{n}"),
    "numbered paragraphs": Manner(numbered_paragraphs=True, notes="end-headed", numbering="roman"),
    "numbered paragraphs on pages": Manner(
        numbered_paragraphs=True, page_lines=45, form_feeds=True, numbering="capitals",
        head="A/43/705|English|Page {n}", rule="_____",
    ),
    "square brackets": Manner(notes="end", mark="[{n}]", label="[{n}] ", annexes=0),
    "round brackets": Manner(page_lines=45, form_feeds=True, mark="({n})", label="{n}) "),
    "no notes": Manner(notes="none", numbering="title", annexes=0, line_end="\r\n"),
    "no notes, pages": Manner(notes="none", numbering="capitals", page_lines=45, form_feeds=True, foot="{n}"),
    "labels glued": Manner(page_lines=45, form_feeds=True, label="{n}"),
    "broken words": Manner(break_words=True, notes="end", width=60),
    "notes among the text": Manner(page_lines=45),
}  # fmt: skip


def collapsed(texts: list[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS.keys())
def test_a_printed_document_comes_back(manner: Manner, seed: int) -> None:
    made = printed(manner, seed)
    result = import_text(made.source.encode(), "d.txt")
    found = read_markdown(result.markdown.encode(), "d.md", "d", ("ngo",)).document

    def texts(*forms: Form) -> list[str]:
        chosen = [passage for passage in found.passages if passage.form in forms]
        return [f"{p.number}. {p.text}" if p.number and p.form is Form.PARAGRAPH else p.text for p in chosen]

    assert found.title == made.title
    assert [section.title for section in found.sections] == made.headings
    annexes = [section.title for section in found.sections if section.kind is Kind.ANNEX and section.level == 1]
    assert annexes == made.annexes
    assert texts(Form.ITEM) == collapsed(made.items)
    assert texts(Form.QUOTATION) == collapsed(made.quotations)
    assert Counter(texts(Form.NOTE)) == Counter(collapsed(made.notes))
    assert marks_of(result.markdown) == made.marks
    paragraphs = texts(Form.PARAGRAPH, Form.VERSE)
    if any("whose last line is full" in line.message for line in result.report):
        # A paragraph that ends with its line at the foot of a page looks like one that goes on: said, not known.
        assert " ".join(paragraphs) == " ".join(collapsed(made.paragraphs))
    else:
        assert paragraphs == collapsed(made.paragraphs)


def marks_of(markdown: str) -> list[tuple[str, str]]:
    """Each mark of the body with the ten letters before it."""
    body = re.sub(r"\{(?:page=\w+|.annex)\}", "", markdown.split("\n[^")[0])
    found: list[tuple[str, str]] = []
    letters = ""
    for piece in re.split(r"(\[\^[^\]]+\])", body):
        if piece.startswith("[^"):
            found.append((piece[2:-1].split("/")[0], letters[-10:]))
        else:
            letters += re.sub(r"\W", "", piece)
    return found
