"""Lines become the paragraphs, headings, items and quotations that were set, over the borders of pages as well."""

from __future__ import annotations

import pytest

from corpus.layout.importing import Imported, import_text

LEAD = "A first paragraph that is here so that the text is not all headings and the page has its width."


def imported(*lines: str) -> Imported:
    return import_text("\n".join(["A TITLE ABOVE", "", LEAD, "", *lines]).encode(), "d.txt")


def blocks(*lines: str) -> list[str]:
    """The blocks of Markdown that *lines* become, under a title and a paragraph."""
    return body(imported(*lines))[1:]


def body(result: Imported) -> list[str]:
    return result.markdown.split("---\n\n", 1)[1].strip().split("\n\n")


FULL = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"


# ---- words broken at the end of a line


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["The documen-", "tation was lost."], "The documentation was lost."),
        (["The co-ordinators would co-", "operate."], "The co-ordinators would co-operate."),
        (["They cooperate; they would co-", "operate."], "They cooperate; they would cooperate."),
        (["A well-known and a well-", "known man."], "A well-known and a well-known man."),
        (["In July-", "December it rained."], "In July-December it rained."),
        (["The years 1990-", "1991 were dry."], "The years 1990-1991 were dry."),
        (["Both pre-", "and post-war ships."], "Both pre- and post-war ships."),
        (["See www.example.org/deaths-", "in-custody for it."], "See www.example.org/deaths-in-custody for it."),
        (["See www.example.org/a/", "b/c for it."], "See www.example.org/a/b/c for it."),
        (["See UN Doc. A/43/", "705 for it."], "See UN Doc. A/43/705 for it."),
        (["It rained -", "and it snowed."], "It rained - and it snowed."),
        (["It rained—", "and it snowed."], "It rained—and it snowed."),
        (["A soft hy\u00ad", "phen breaks it."], "A soft hyphen breaks it."),
        (["His mother-in-", "law came."], "His mother-in-law came."),
    ],
)
def test_a_hyphen_at_a_lines_end_is_kept_where_it_is_the_words(lines: list[str], expected: str) -> None:
    assert blocks(*lines) == [expected]


def test_a_kept_hyphen_that_might_not_be_one_is_a_doubt() -> None:
    result = imported("He was self-", "taught.")

    assert any("self-taught" in line.message for line in result.report if line.kind == "doubt")


# ---- headings


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ANNEX A: THE LIST", "The list was kept by two clerks of the port, who took turns."],
         ["## ANNEX A: THE LIST {.annex}", "The list was kept by two clerks of the port, who took turns."]),
        (["1. THE FIRST YEARS OF THE PORT AND ITS", "CLERKS UNTIL", "1989", "", "They came by train."],
         ["## 1. THE FIRST YEARS OF THE PORT AND ITS CLERKS UNTIL 1989", "They came by train."]),
        (["1. THE PORT", "", "1.1 Its clerks", "", "They came.", "", "2. THE TOWN", "", "It slept."],
         ["## 1. THE PORT", "### 1.1 Its clerks", "They came.", "## 2. THE TOWN", "It slept."]),
        (["IV. THE PORT", "", "They came."], ["## IV. THE PORT", "They came."]),
        (["Early reports from the north", "", "They were few, and they came late in the year of the flood."],
         ["## Early reports from the north", "They were few, and they came late in the year of the flood."]),
        (["On 9 May they came:", "", "“All of us.”"], ["On 9 May they came:", "> “All of us.”"]),
        (["1988 was a year of floods and nobody wrote down how many had come of it."],
         ["1988 was a year of floods and nobody wrote down how many had come of it."]),
    ],
)  # fmt: skip
def test_headings_are_told_by_their_looks(lines: list[str], expected: list[str]) -> None:
    assert blocks(*lines) == expected


def test_month_headings_are_of_one_level_in_whatever_letters() -> None:
    found = blocks(
        "ANNEX", "", "Text of it.", "", "MAY 1988", "", "It was so.", "", "June 1988", "", "It was so again."
    )

    assert [block for block in found if block.startswith("#")] == ["## ANNEX {.annex}", "### MAY 1988", "### June 1988"]


def test_a_heading_in_the_middle_of_the_line_is_apart_from_the_text_below_it() -> None:
    found = blocks(" " * 30 + "The Trial", "It began on 4 May, and it lasted for eleven days.")

    assert found == ["## The Trial", "It began on 4 May, and it lasted for eleven days."]


# ---- lists


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["• one", "• two"], ["* one", "* two"]),
        (["They are:", "- one;", "- two."], ["They are:", "* one;", "* two."]),
        (["They are:", "1) one;", "2) two."], ["They are:", "* 1) one;", "* 2) two."]),
        (["They are:", "(a) one;", "(b) two:", "(i) red;", "(ii) blue;", "(c) three."],
         ["They are:", "* (a) one;", "* (b) two:", "    * (i) red;", "    * (ii) blue;", "* (c) three."]),
        (["• one, which is", "long", "", "• two"], ["* one, which is long", "* two"]),
        (["He went out on the ice and came back, and what he said", "- that it would hold – was true."],
         ["He went out on the ice and came back, and what he said - that it would hold – was true."]),
    ],
)  # fmt: skip
def test_lists_are_told_from_lines_that_happen_to_begin_so(lines: list[str], expected: list[str]) -> None:
    assert blocks(*lines) == expected


def test_running_numbers_are_paragraphs_and_not_a_list() -> None:
    found = blocks(
        "1. The first of them is long enough to be a paragraph.", "", "Background", "", "2. The second follows.", "",
        "3. The third follows it, and between them stands", "text of two lines."
    )  # fmt: skip

    assert found == [
        "1\\. The first of them is long enough to be a paragraph.",
        "## Background",
        "2\\. The second follows.",
        "3\\. The third follows it, and between them stands text of two lines.",
    ]


# ---- quotations


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["“It is all true.”"], ["> “It is all true.”"]),
        (["“It is,” he said, “all true.”"], ["“It is,” he said, “all true.”"]),
        (["“No,” she said."], ["“No,” she said."]),
        (["He wrote:", "", "“It began in May.", "", "It went on [27 June 1989]…", "", "It ended.”", "", "He left."],
         ["He wrote:", "> “It began in May.\n>\n> It went on [27 June 1989]…\n>\n> It ended.”", "He left."]),
        (["He wrote:", "", "“It began.", "", "“It ended.”"], ["He wrote:", "> “It began.\n>\n> “It ended.”"]),
        (["He wrote:", "", "“It ‘began’ in \"May\".”"], ["He wrote:", "> “It ‘began’ in \"May\".”"]),
        (["He wrote:", "", "\"It began.”"], ["He wrote:", "> \"It began.”"]),
        (["He wrote:", "", "     It began in the May of a year", "     that nobody counted.", "", "He left."],
         ["He wrote:", "> It began in the May of a year that nobody counted.", "He left."]),
    ],
)  # fmt: skip
def test_quotations_that_stand_apart_are_told_from_talk(lines: list[str], expected: list[str]) -> None:
    found = "\n\n".join(blocks(*lines))

    assert found == "\n\n".join(expected)


# ---- over the border of a page


@pytest.mark.parametrize(
    ("end", "start", "joined"),
    [
        (f"{FULL} and", "the rest of it.", True),
        (f"{FULL} of", "Germany and France.", True),
        (f"{FULL} end.", "the rest of it, in small letters.", True),
        ("It ended here.", "The next one begins.", False),
        ("He added,", "“I was there.”", False),
        ("He added:", "Nothing more.", False),
        (f"{FULL} in", "4. THE NEXT HEADING", False),
        (f"{FULL} on", "12 May of that year.", True),
        (f"{FULL} item", "326. Street of the Mill, where he lived.", True),
        (f"{FULL} co-", "operate with them.", True),
    ],
)
def test_a_paragraph_goes_on_over_a_page_where_its_lines_say_so(end: str, start: str, joined: bool) -> None:
    source = f"A TITLE ABOVE\n\n{LEAD}\n\n{FULL} filled\n{end}\n\f{start}\n\nAnd the last paragraph of it.\n"
    found = body(import_text(source.encode(), "d.txt"))

    assert len(found) == (3 if joined else 4 if not start.startswith("4.") else 5)
    if joined:
        assert "{page=2}" in found[1]
        assert not found[1].startswith("{page=2}")


def test_an_item_goes_on_over_a_page() -> None:
    source = f"A TITLE ABOVE\n\n{LEAD}\n\n• one\n\n• {FULL}\n\fand the rest.\n\n• three\n"

    assert body(import_text(source.encode(), "d.txt"))[2:] == [f"* {FULL} {{page=2}} and the rest.", "* three"]


def test_a_note_goes_on_over_a_page() -> None:
    source = (
        f"A TITLE ABOVE\n\n{LEAD}1\n\n____\n1 The log of the harbour, in which\n"
        "\fThe text goes on.2\n\n____\nthe watch is entered.\n2 The book.\n"
    )
    found = import_text(source.encode(), "d.txt").markdown

    assert "[^1]: {page=1} The log of the harbour, in which {page=2} the watch is entered." in found
    assert "[^2]: The book." in found


def test_a_blank_line_in_a_note_parts_paragraphs_only_behind_a_sentence() -> None:
    found = imported(
        "It sank.1 It rose.2", "", "1 The log of", "", "the harbour.", "", "It was lost.", "2 The book."
    ).markdown

    assert "[^1]: The log of the harbour.\n\n    It was lost.\n\n[^2]: The book." in found


# ---- addresses behind a page


def test_addresses_behind_the_notes_of_a_page_are_left_out_and_those_in_notes_stay() -> None:
    source = (
        f"A TITLE ABOVE\n\n{LEAD}1\n\n1 The log, see\nhttps://example.org/log\n\nhttps://example.org/link\n"
        "\fThe text goes on.\n"
    )
    result = import_text(source.encode(), "d.txt")

    assert "[^1]: The log, see https://example.org/log\n" in result.markdown
    assert "/link" not in result.markdown
    assert [line.line for line in result.report if line.kind == "left-out"] == [8]


def test_addresses_in_a_letter_without_notes_stay() -> None:
    assert "https://example.org/me" in imported("Write to me.", "", "https://example.org/me").markdown


def test_columns_of_prose_are_no_table_and_a_doubt() -> None:
    left = [
        "the left column goes on",
        "with words that belong to",
        "each other, line for line,",
        "and ends here at last.",
    ]
    right = [
        "while the right one says",
        "something else that is not",
        "meant to be read with it",
        "in one line of the page.",
    ]
    rows = [f"{a:<32}{b}" for a, b in zip(left, right, strict=True)]
    result = import_text("\n".join(["A Title Above", "", "Some text of it.", "", *rows]).encode(), "d.txt")

    assert "|" not in result.markdown
    assert [line.line for line in result.report if "far apart" in line.message] == [5]


def test_labels_and_speakers_at_the_margin_make_no_table() -> None:
    lines = ["a)   first thing", "b)   second thing", "c)   third thing", "", "Q:   Who came?", "A:   Nobody came."]
    result = import_text("\n".join(["A Title Above", "", "Some text of it:", "", *lines]).encode(), "d.txt")

    assert "|" not in result.markdown
