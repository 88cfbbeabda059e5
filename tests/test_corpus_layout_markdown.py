"""What the importer writes as Markdown comes back, character by character, when the collection is read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.markdown_writing import (
    Block,
    Heading,
    Inline,
    Item,
    Note,
    NoteCall,
    PageBreak,
    PageStart,
    Paragraph,
    Quotation,
    Table,
    Verse,
    inline_markdown,
    markdown_of,
)
from corpus.model import Form, Passage
from corpus.readers.markdown_text import ReadDocument, read_markdown

# Signs that Markdown, the reader or YAML take for themselves, set close together.
SIGNS = [
    "*", "**", "_", "__", "`", "``", "#", "##", "<", ">", "<b>", "<http://x.example>", "&amp;", "&#35;", "&", ";", "[",
    "]", "[^1]", "[^1]:", "[x]: y", "](z)", "![i](j)", "{page=3}", "{#k7x3fh}", "{.annex}", "{", "}", "\\", "\\\\", "|",
    "| a | b |", "---", "===", "- ", "+ ", "* ", "1. ", "12. ", "1988.", "1) ", "~~~", "~", "```", ":", ": x", "“", "’",
    "é", "خاطرات", " ", "  ", "\t", "a", "word", "WORD", "7", "1988", "!", "?", ".", "=", "-", "+",
    "https://x.example/a_b_c?d=1&copy=2", "\u200f", "\u202b", "\u200c", "\u00ad", "۱. ", "٢) ", "{{", "}}", "<!--",
    "\\|", "[^a]: b", "[1]: c", "![", "&nbsp;", "<br>", "$", "^", "==", "%", "‏۳",
]  # fmt: skip
text_pieces = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=14).map("".join)
any_text = st.one_of(
    text_pieces, st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=60)
)

NUMBERED = re.compile(r"(\d{1,4}[a-z]?)\.\s+(?=\S)")  # what the reader takes for a numbered paragraph


def read(blocks: list[Block], notes: list[Note] | None = None, title: str = "T") -> ReadDocument:
    markdown = markdown_of([("title", title)], blocks, notes or [])
    return read_markdown(markdown.encode(), "d.md", "d", ("ngo",))


def passages(blocks: list[Block], notes: list[Note] | None = None) -> tuple[Passage, ...]:
    return read(blocks, notes).document.passages


def collapsed(text: str) -> str:
    return " ".join(text.split())


def printed(passage: Passage) -> str:
    """The passage's characters, its printed number among them."""
    if not passage.number:
        return passage.text
    return f"{passage.number}{'' if passage.number.endswith(')') else '.'} {passage.text}"


def has_words(text: str) -> bool:
    return bool(text.replace("|", "").strip())


@given(any_text.filter(has_words))
@settings(max_examples=400, deadline=None)
def test_a_paragraph_comes_back_character_by_character(text: str) -> None:
    found = passages([Paragraph((text,))])

    assert [collapsed(printed(passage)) for passage in found] == [collapsed(text)]
    assert found[0].form is Form.PARAGRAPH


@given(any_text.filter(has_words), any_text.filter(has_words))
@settings(max_examples=200, deadline=None)
def test_items_quotations_and_verse_come_back(first: str, second: str) -> None:
    found = passages(
        [
            Item((first,)),
            Item((second,), depth=1),
            Paragraph(("between",)),
            Quotation((first,)),
            Quotation((second,), opens=False),
            Paragraph(("between",)),
            Verse(((first,), (second,), ("end",))),
        ]
    )

    texts = [collapsed(printed(passage)) for passage in found]
    assert texts == [
        *(collapsed(text) for text in (first, second, "between", first, second, "between")),
        collapsed(f"{first} {second} end"),
    ]
    assert [passage.form for passage in found] == [
        Form.ITEM, Form.ITEM, Form.PARAGRAPH, Form.QUOTATION, Form.QUOTATION, Form.PARAGRAPH, Form.VERSE,
    ]  # fmt: skip
    assert [passage.depth for passage in found[:2]] == [1, 2]


@given(st.lists(st.tuples(any_text, any_text, any_text.filter(has_words)), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_rows_of_a_table_come_back_cell_by_cell(cells: list[tuple[str, str, str]]) -> None:
    rows = tuple(tuple((cell,) for cell in row) for row in cells)
    found = passages([Paragraph(("above",)), Table(rows), Paragraph(("below",))])

    assert [passage.text for passage in found[1:-1]] == [collapsed(" | ".join(row)) for row in cells]
    assert {passage.form for passage in found[1:-1]} == {Form.ROW}


@given(any_text.filter(has_words), any_text.filter(has_words))
@settings(max_examples=200, deadline=None)
def test_headings_titles_and_notes_come_back(first: str, second: str) -> None:
    document = read(
        [Paragraph(("lead",)), Heading((first,), 1), Paragraph(("called", NoteCall("27"), " here"))],
        [Note("27", ((first,), (second,)))],
        title=second,
    ).document

    assert collapsed(document.sections[0].title) == collapsed(first)
    assert document.title == collapsed(second)
    _, body, note = document.passages
    assert (body.text, body.calls[0].note, body.calls[0].at) == ("called here", "27", 6)
    assert (note.number, collapsed(note.text)) == ("27", collapsed(f"{first} {second}"))


@given(any_text, st.sampled_from(["27", "12a", "*", "†", "1/2"]), any_text)
@settings(max_examples=200, deadline=None)
def test_a_mark_between_any_two_texts_is_a_call(before: str, label: str, behind: str) -> None:
    found = passages([Paragraph(("x" + before, NoteCall(label), behind + "y"))], [Note(label, (("note",),))])

    assert collapsed(found[0].text) == collapsed("x" + before.rstrip() + behind + "y") or collapsed(
        found[0].text
    ) == collapsed("x" + before + behind + "y")
    assert [call.note for call in found[0].calls] == [label.split("/")[0]]


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        (("plain [in brackets] and snake_case",), "plain [in brackets] and snake_case"),
        (("2 < 3 & 4 > 3",), r"2 \< 3 & 4 > 3"),
        (("a &amp; b",), "a &amp;amp; b"),
        (("[^1] is typed",), r"\[^1] is typed"),
        (("see [here](there)",), r"see [here\](there)"),
        (("1. is no list",), r"1\. is no list"),
        (("- nor this",), r"\- nor this"),
        (("{page=3} typed",), r"\{page=3} typed"),
        (("word", NoteCall("3"), " on"), "word[^3] on"),
        (("over ", PageStart(4), "the page"), "over {page=4} the page"),
        (("co-", PageStart(4), "operate"), "co-{page=4}operate"),
        ((PageStart("iv"), "first"), "{page=iv} first"),
    ],
)
def test_markdown_stays_readable(words: Inline, markdown: str) -> None:
    assert inline_markdown(words) == markdown


def test_numbers_stay_numbers() -> None:
    found = passages([Paragraph(("A paragraph.",), "47"), Item(("An item.",), 0, "3"), Item(("Another.",), 0, "4")])

    assert [(passage.form, passage.number, passage.text) for passage in found] == [
        (Form.PARAGRAPH, "47", "A paragraph."),
        (Form.ITEM, "3", "An item."),
        (Form.ITEM, "4", "Another."),
    ]


def test_pages_are_where_they_were_set() -> None:
    found = passages(
        [
            PageBreak(1),
            Heading(("H",), 1),
            Paragraph(("one ", PageStart(2), "two")),
            Paragraph((PageStart(3), "three"), "12"),
            Quotation((PageStart(4), "four")),
            Item((PageStart(5), "five ", PageStart(6), "six")),
        ]
    )

    assert [(p.pages.first, p.pages.last) for p in found if p.pages] == [(1, 2), (3, 3), (4, 4), (5, 6)]


def test_many_brackets_are_written_so_that_they_can_be_read() -> None:
    text = "[" * 5000 + "x"

    assert passages([Paragraph((text,))])[0].text == text
