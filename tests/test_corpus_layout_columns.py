"""Pages in columns are read column by column where the gutter is plain, and tables are left as they are."""

from __future__ import annotations

import random
import re
import textwrap

import pytest
from growth import growth
from printing import SMALL_WORDS, SYLLABLES

from corpus.layout.importing import import_text
from corpus.model import Form, Kind
from corpus.readers.markdown_text import read_markdown


def in_columns(
    seed: int, *, columns: int = 2, notes: str = "", indented: bool = False
) -> tuple[str, list[str], list[str]]:
    """A text set in columns as an extractor leaves it, its paragraphs, and its marks; *notes* at the foot of what."""
    chance = random.Random(seed)
    words = ["".join(chance.choice(SYLLABLES) for _ in range(chance.randint(1, 3))) for _ in range(300)]

    def sentence() -> str:
        pieces = [chance.choice(SMALL_WORDS if chance.random() < 0.4 else words) for _ in range(chance.randint(6, 18))]
        return " ".join(pieces).capitalize() + "."

    width = chance.randint(32, 40) if columns == 2 else 28
    gap, height = chance.randint(3, 7), chance.randint(30, 45)
    texts: dict[int, str] = {}
    paragraphs: list[str] = []
    lines: list[str] = []
    for _ in range(chance.randint(8, 16)):
        said = [sentence() for _ in range(chance.randint(2, 7))]
        paragraphs.append(" ".join(said))
        for at in range(len(said)):
            if notes and chance.random() < 0.25:
                texts[len(texts) + 1] = f"See the {chance.choice(words)} of {chance.choice(words).capitalize()}, p. 9."
                said[at] += str(len(texts))
        lines += ["   " * indented + " ".join(said)] if indented or not lines else ["", " ".join(said)]
    lines = [part for line in lines for part in (textwrap.wrap(line, width) or [""])]
    pages: list[str] = []
    at = 0
    while at < len(lines):
        beside: list[list[str]] = []
        below: list[str] = []
        for _ in range(columns):
            column: list[str] = []
            foot: list[str] = []
            while at < len(lines) and len(column) + len(foot) < height:
                called = [int(mark) for mark in re.findall(r"\.(\d+)(?=\s|$)", lines[at])]
                own = [part for mark in called for part in textwrap.wrap(f"{mark} {texts[mark]}", width)]
                if notes == "column" and column and len(column) + len(foot) + len(own) + 3 > height:
                    break
                if notes == "column":
                    foot += own
                below += [f"{mark} {texts[mark]}" for mark in called if notes == "page"]
                column += [lines[at]] if lines[at] or column else []
                at += 1
            while column and not column[-1]:
                column.pop()
            beside.append([*column, *([""] if foot else []), *foot])
        longest = max(map(len, beside))
        rows = zip(*([*column, *[""] * (longest - len(column))] for column in beside), strict=True)
        body = ["".join(cell.ljust(width + gap) for cell in row).rstrip() for row in rows]
        pages.append("\n".join([*body, "", *below, "", f"{'':32}{len(pages) + 1}", ""]))
    return "A Report in Columns\n\n" + "\f".join(pages), paragraphs, [str(mark) for mark in texts]


@pytest.mark.parametrize("notes", ["", "column", "page"])
@pytest.mark.parametrize("indented", [True, False])
def test_prose_in_columns_is_read_one_after_the_other(notes: str, indented: bool) -> None:
    for seed in range(8):
        source, paragraphs, marks = in_columns(seed, notes=notes, indented=indented)
        found = read_markdown(import_text(source.encode(), "d").markdown.encode(), "d.md", "d", ("ngo",)).document

        body = [passage for passage in found.passages if passage.form is Form.PARAGRAPH]
        # Where a paragraph ends with its column nothing tells that the next one begins: the words are in order.
        assert " ".join(passage.text for passage in body) == " ".join(paragraphs)
        assert [call.note for passage in body for call in passage.calls] == marks
        assert [p.number for p in found.passages if p.kind is Kind.FOOTNOTE] == marks


def test_a_page_of_three_columns_is_read_so_or_doubted() -> None:
    for seed in range(10):
        source, paragraphs, _ = in_columns(seed, columns=3)
        result = import_text(source.encode(), "d")
        found = read_markdown(result.markdown.encode(), "d.md", "d", ("ngo",)).document

        told = " ".join(p.text for p in found.passages) == " ".join(paragraphs)
        assert told or any(line.kind == "doubt" for line in result.report)


def test_a_table_is_not_read_by_its_columns() -> None:
    rows = [f"Prison number {at} of the east      {at} registers, one of them bound" for at in range(12, 30)]

    markdown = import_text(
        "\n".join(["A Report on Registers", "", "The registers were counted.", "", *rows]).encode(), "d"
    )
    assert "| Prison number 12 of the east | 12 registers, one of them bound |" in markdown.markdown


def test_eight_times_the_pages_take_about_eight_times_as_long() -> None:
    page = in_columns(3)[0].split("\f")[0].encode()

    assert growth(lambda times: import_text(b"\f".join([page] * times), "d"), 5, 40) < 80
