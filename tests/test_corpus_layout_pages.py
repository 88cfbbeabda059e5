"""Pages are kept where they begin, and what runs along them is taken off and reported."""

from __future__ import annotations

import pytest

from corpus.layout.importing import Imported, import_text
from corpus.layout.page_numbers import roman_value, to_roman

BODY = [
    "The first page holds a sentence that is so long that it does not end at the foot of the page but",
    "goes on at the head of the next one, as sentences do in print, until it finds its stop there.",
]


def pages(*page: list[str], between: str = "\f") -> Imported:
    return import_text(f"\n{between}".join("\n".join(lines) for lines in page).encode(), "d.txt")


def left_out(result: Imported) -> list[int]:
    return [line.line for line in result.report if line.kind == "left-out"]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ([], ["1"]),
        ([], ["- 1 -"]),
        (["Page 1 of 3"], []),
        (["THE REPORT", "Page 1"], []),
        (["THE REPORT   1"], []),
        (["1 | The Report"], []),
        (["THE REPORT", ""], ["", "1"]),
    ],
)
def test_running_lines_and_numbers_are_taken_off(head: list[str], foot: list[str]) -> None:
    sheets = [
        [
            *(line.replace("1", str(number)) for line in head),
            *text,
            *(line.replace("1", str(number)) for line in foot),
        ]
        for number, text in enumerate(([*BODY[:1]], [BODY[1], "", "Next."], ["And the third page is here."]), 1)
    ]
    result = pages(*sheets)

    assert "foot of the page but {page=2} goes on" in result.markdown
    assert "REPORT" not in result.markdown.upper().replace("TITLE", "")
    printed = [line for line in [*head, *foot] if line]
    assert len(left_out(result)) == 3 * len(printed)


def test_printed_numbers_are_the_pages_numbers() -> None:
    result = pages(["Some text of it.", "", "17"], ["More text of it.", "", "18"], ["The end of it.", "", "19"])

    assert "{page=17} Some" in result.markdown
    assert "{page=19} The end" in result.markdown


def test_roman_pages_stay_roman() -> None:
    result = pages(
        ["The preface begins.", "", "iv"], ["The preface ends.", "", "v"],
        ["The text begins.", "", "1"], ["The text ends.", "", "2"],
    )  # fmt: skip

    for mark in ("{page=iv} The", "{page=v} The", "{page=1} The", "{page=2} The"):
        assert mark in result.markdown


def test_without_form_feeds_the_printed_numbers_tell_the_pages() -> None:
    text = ["A line of the text that is printed here, as long as any."] * 8
    result = pages([*text, "", "- 1 -", ""], [*text, "", "- 2 -", ""], [*text, "", "- 3 -"], between="")

    assert [number for number in (1, 2, 3) if f"{{page={number}}}" in result.markdown] == [1, 2, 3]
    assert "- 2 -" not in result.markdown


def test_numbered_headings_at_the_head_of_pages_are_no_page_numbers() -> None:
    result = pages(["Article 1", "", "The first rule of it."], ["Article 2", "", "The second rule of it."])

    assert "## Article 1" in result.markdown
    assert "## Article 2" in result.markdown


def test_the_title_is_kept_where_it_is_the_running_head_of_later_pages() -> None:
    result = pages(["THE LONG REPORT", "", *BODY], ["THE LONG REPORT", "", "More."], ["THE LONG REPORT", "", "End."])

    assert 'title: "THE LONG REPORT"' in result.markdown
    assert left_out(result) == [5, 8]


def test_repeated_notes_at_the_foot_are_no_running_lines() -> None:
    result = pages(*([f"It was so {times}.1 It was again.2", "", "1 The log.", "2 Ibid."] for times in "abc"))

    assert result.markdown.count("Ibid.") == 3


def test_pages_that_are_alike_from_head_to_foot_are_kept() -> None:
    result = pages(*[["The same line."]] * 3)

    assert result.markdown.count("The same line.") == 3


def test_a_text_of_one_page_has_no_page_marks() -> None:
    assert "{page=" not in import_text("\n".join(BODY).encode(), "d").markdown


def test_roman_numbers_are_read_as_they_are_written() -> None:
    for value in range(1, 400):
        assert roman_value(to_roman(value)) == value
        assert roman_value(to_roman(value).upper()) == value


@pytest.mark.parametrize("numeral", ["", "iiii", "vx", "ic", "abc", "iix"])
def test_what_no_roman_wrote_is_no_number(numeral: str) -> None:
    assert roman_value(numeral) is None
