"""A passage is cut out of a Markdown source, and everything else stays to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.removal import CannotCutError, Source, without_passages

TEXT = """\
---
title: A report
---

An opening paragraph
that runs over two lines.[^1]

# 1. First

{page=2}

- an item
- another item, with a note[^n]

    and a paragraph of its own

- a third item

> A quotation.
>
> Its second paragraph.

| Place | Count |
|-------|-------|
| North | 4 |
| South | 8 |

## 1.1 Second

The last paragraph, called twice.[^1] {#k7x3fh}

[^1]: A note
    with a second line.

    And a second paragraph.

[^n]: Another note.
"""


def source(text: str = TEXT) -> Source:
    return Source(text.encode(), "documents/report.md", "report", ())


def position(words: str, text: str = TEXT) -> int:
    return next(at for at, one in enumerate(source(text).read().passages) if words in one.text)


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("opening", "An opening paragraph\nthat runs over two lines.[^1]\n"),
        ("an item", "- an item\n"),
        ("another item", "- another item, with a note[^n]\n\n    and a paragraph of its own\n"),
        ("A quotation", "> A quotation.\n>\n"),
        ("South", "| South | 8 |\n"),
        ("last paragraph", "The last paragraph, called twice.[^1] {#k7x3fh}\n"),
    ],
)
def test_its_lines_go_and_no_other(words: str, gone: str) -> None:
    assert without_passages(source(), [position(words)]).decode() == TEXT.replace(gone, "", 1)


def test_a_note_goes_with_its_marks() -> None:
    rest = without_passages(source(), [position("A note with")]).decode()

    assert "[^1]" not in rest
    assert "over two lines.\n" in rest
    assert "second line" not in rest
    assert "Another note" in rest


def test_several_go_at_once() -> None:
    chosen = [position(words) for words in ("opening", "third item", "Another note", "Its second")]
    read = source(without_passages(source(), chosen).decode()).read()

    assert len(read.passages) == len(source().read().passages) - 4
    assert not any("opening" in one.text or "third" in one.text for one in read.passages)


def test_what_does_not_stand_by_itself_is_left_to_a_person() -> None:
    with pytest.raises(CannotCutError, match=r"documents/report\.md:23"):
        without_passages(source(), [position("Place | Count")])


def test_a_mark_defined_twice_is_left_to_a_person() -> None:
    text = "One.[^1]\n\nTwo.[^1]\n\n[^1]: First note.\n\n[^1]: Second note.\n"
    with pytest.raises(CannotCutError):
        without_passages(source(text), [position("First note", text)])


@given(st.sets(st.integers(0, 12)))
def test_whatever_is_cut_the_rest_reads_as_before(chosen: set[int]) -> None:
    before = source().read().passages
    chosen = {at for at in chosen if at < len(before)}
    try:
        rest = source(without_passages(source(), chosen).decode()).read().passages
    except CannotCutError:
        return
    left = sorted(one.text for at, one in enumerate(before) if at not in chosen)

    assert sorted(one.text for one in rest) == left
