"""Marks are found by sequence, by page and by what stands around them; an ordinary number is never one."""

from __future__ import annotations

import pytest

from corpus.layout.importing import Imported, import_text
from corpus.model import Kind
from corpus.readers.markdown_text import read_markdown

LEAD = "This is the first paragraph of a text that was printed, and it fills more than one line of it.\n\n"


def called(text: str, *notes: str) -> list[tuple[str, str]]:
    """Each mark that is found in *text*, with the letters before it, when *notes* stand at the page's foot."""
    return calls_of(imported(text, *notes))


def imported(text: str, *notes: str) -> Imported:
    source = f"A TITLE ABOVE\n\n{LEAD}{text}\n\n" + "\n".join(notes) + "\n"
    return import_text(source.encode(), "d.txt")


def calls_of(result: Imported) -> list[tuple[str, str]]:
    found = read_markdown(result.markdown.encode(), "d.md", "d", ("ngo",)).document
    return [
        (call.note, passage.text[max((call.at or 0) - 8, 0) : call.at])
        for passage in found.passages
        if passage.kind is not Kind.FOOTNOTE
        for call in passage.calls
    ]


def doubts(result: Imported) -> list[str]:
    return [line.message for line in result.report if line.kind == "doubt"]


@pytest.mark.parametrize(
    ("text", "notes", "expected"),
    [
        ("They paid.1 He left.", ["1 Ledger."], [("1", "ey paid.")]),
        ("They “paid”.1 He “left.”2", ["1 Ledger.", "2 Log."], [("1", " “paid”."), ("2", "“left.” "[:-1])]),
        ("It was the winter1 of a year.", ["1 See."], [("1", "e winter")]),
        ("It closed in 1988.1 Then 20 came.", ["1 See."], [("1", "in 1988.")]),
        ("He died at the age of\n32.1", ["1 See."], [("1", "e of 32.")]),
        ("They said “no.” 1 He left.", ["1 See."], [("1", "id “no.”")]),
        ("The Globe,1 the Post,2 the Press3, and the Times.4", ["1 A.", "2 B.", "3 C.", "4 D."],
         [("1", "e Globe,"), ("2", "he Post,"), ("3", "he Press"), ("4", "e Times.")]),
        ("Seen by all.1, 2 Nobody spoke.", ["1 A.", "2 B."], [("1", " by all."), ("2", " by all.")]),
        ("Seen by all.1,2 Nobody spoke.", ["1 A.", "2 B."], [("1", " by all."), ("2", " by all.")]),
        ("Seen by all.12 13 more came.13", ["12 A.", "13 B."], []),  # no note 1: no notes at all
        ("Seen [1] by all [2].", ["[1] A.", "[2] B."], [("1", "Seen"), ("2", "y all")]),
        ("Seen¹ by all.²", ["¹ A.", "² B."], [("1", "Seen"), ("2", "by all.")]),
        ("Seen* by all.†", ["* A note.", "† Another."], [("*", "Seen"), ("†", "by all.")]),
        ("It sank.1 The rest,1a as it were, did not.2", ["1 A.", "1a B.", "2 C."],
         [("1", "It sank."), ("1a", "he rest,"), ("2", "did not.")]),
    ],
)  # fmt: skip
def test_a_mark_is_found_at_its_word(text: str, notes: list[str], expected: list[tuple[str, str]]) -> None:
    found = called(text, *notes)

    assert [(mark, before[-4:]) for mark, before in found] == [(mark, before[-4:]) for mark, before in expected]


@pytest.mark.parametrize(
    "text",
    [
        "The depth was 4.1 metres on 1 May, and 1 of 2 boats sank; see p.1 and no.1 of the list.",
        "Of 1,001 crates 1 was open at 10.1 and at 1:01 in section 1/2 of pier A1 on the 1st day.",
        "UN Doc. A/43/1, see www.example.org/1.html and MDE 13/1/88, para. 1, 1 per cent.",
    ],
)
def test_an_ordinary_number_is_no_mark(text: str) -> None:
    result = imported(f"{text} The true mark.1", "1 The note.")

    assert calls_of(result) == [("1", "ue mark.")]
    assert not doubts(result)


def test_a_mark_that_is_nowhere_is_a_doubt_and_takes_no_number_of_the_text() -> None:
    result = imported("One boat of 2 sank.1 The crew of 2 was saved, and 2 men rowed back.3", "1 A.", "2 B.", "3 C.")

    assert [mark for mark, _ in calls_of(result)] == ["1", "3"]
    assert any("note 2" in doubt for doubt in doubts(result))
    assert "crew of 2 was" in result.markdown
    assert "and 2 men" in result.markdown


def test_two_places_that_fit_are_a_doubt() -> None:
    result = imported("One boat sank.1 It was the winter2 of a year, and the ice2 was thick.3", "1 A.", "2 B.", "3 C.")

    assert [mark for mark, _ in calls_of(result)] == ["1", "2", "3"]
    assert any("mark 2 stands here" in doubt for doubt in doubts(result))


def test_a_note_that_lost_its_text_is_a_doubt_and_its_mark_stays_as_printed() -> None:
    result = imported("One sank.1 Two sank.2 Three sank.3", "1 A note.", "3 Another note.")

    assert [mark for mark, _ in calls_of(result)] == ["1", "3"]
    assert "Two sank.2 Three" in result.markdown
    assert any("note 2 has no text" in doubt for doubt in doubts(result))


def test_a_line_of_a_note_that_begins_with_the_next_number_is_no_note() -> None:
    result = imported(
        "One sank.1 Two sank.2",
        "1 The log of the harbour, in which the entries of the watch, copied out fair on the day,",
        "2 of them twice, are kept.",
        "2 The same.",
    )

    assert "copied out fair on the day, 2 of them twice, are kept." in result.markdown
    assert "[^2]: The same." in result.markdown


def test_a_date_that_breaks_over_lines_of_a_note_is_no_note() -> None:
    result = imported(
        "One sank.1 Two sank.2",
        "1 The log of the harbour, as it was printed in the Gazette, and once more in the Herald on",
        "2 May 1980, p. 4",
        "2 The book.",
    )

    assert "once more in the Herald on 2 May 1980, p. 4\n" in result.markdown
    assert "[^2]: The book." in result.markdown


def test_a_date_behind_a_quotation_is_no_mark() -> None:
    result = imported("One sank.1 They called it “the frost” 2 May 1980 was the end of.", "1 The log.", "2 The book.")

    assert [mark for mark, _ in calls_of(result)] == ["1"]
    assert "“the frost” 2 May 1980" in result.markdown


def test_thousands_are_no_mark_even_where_the_mark_is_lost() -> None:
    text = " ".join(f"Boat sank.{number}" for number in range(1, 100)) + " Then 1,100 crates sank. All of them.101"
    result = imported(text, *(f"{number} Log." for number in range(1, 102)))

    assert [mark for mark, _ in calls_of(result)] == [str(number) for number in (*range(1, 100), 101)]
    assert "1,100 crates" in result.markdown


def test_a_list_above_the_notes_of_a_page_is_no_part_of_them() -> None:
    text = "He had two rules.1 They were:\n\n1. Never write.\n2. Never sign.2\n\n1. Testimony.\n2. Book.\n"
    first = f"A TITLE\n\n{LEAD}{text}"
    result = import_text(f"{first}\fThe next page of it.3\n\n3. Log.\n".encode(), "d")

    assert [mark for mark, _ in calls_of(result)] == ["1", "2", "3"]
    assert "[^1]: Testimony." in result.markdown
    assert "1. Never write.\n\n2. Never sign.[^2]" in result.markdown


def test_a_list_is_no_notes() -> None:
    result = imported("He had two rules.1 They were:\n\n1. Never write.\n2. Never sign.", "1 Testimony.")

    assert calls_of(result) == [("1", "o rules.")]
    assert "1. Never write.\n\n2. Never sign." in result.markdown
    assert "[^1]: Testimony." in result.markdown


def test_marks_keep_to_their_page() -> None:
    pages = [
        f"{'A TITLE' if page == 1 else 'Going on with the text of it.'}\n\n{LEAD}"
        f"The gauge stood at page{page}x when it was read.{page}\n\n{page} Note of page {page}.\n"
        for page in (1, 2, 3)
    ]

    assert calls_of(import_text("\f".join(pages).encode(), "d")) == [
        ("1", "as read."),
        ("2", "as read."),
        ("3", "as read."),
    ]


def test_notes_numbered_anew_are_told_apart() -> None:
    first = f"A TITLE\n\n{LEAD}It was read.1 It was read again.2\n\n1 Log.\n2 Book.\n"
    second = "On the next page it was lost.1 It was found.2\n\n1 Log.\n2 Book.\n"
    result = import_text(f"{first}\f{second}".encode(), "d")

    assert [mark for mark, _ in calls_of(result)] == ["1", "2", "1", "2"]
    for label in ("1", "2", "1/2", "2/2"):
        assert f"[^{label}]: " in result.markdown
