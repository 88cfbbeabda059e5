"""What a Markdown file becomes: passages, notes and their calls, sections, pages, ids, and what is said of faults."""

import gzip
import json
from pathlib import Path

import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Form, Kind
from corpus.problems import Severity
from corpus.readers.markdown_text import ReadDocument, UnreadableDocumentError, read_markdown

TYPES = ("ngo", "un")
REAL = Path(__file__).parents[2] / "shared" / "real" / "frus"


def read(text: str, slug: str = "a") -> ReadDocument:
    return read_markdown(text.encode(), f"documents/{slug}.md", slug, TYPES)


def document(text: str) -> Document:
    return read(text).document


def texts(text: str) -> list[str]:
    return [passage.text for passage in document(text).passages]


def faults(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems if problem.severity is Severity.FAULT]


def near_misses(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems if problem.severity is Severity.NEAR_MISS]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("One.\n\nTwo\nthree.", [("paragraph", "One."), ("paragraph", "Two three.")]),
        ("* a\n* b\n\n    more of b\n\n    > said", [("item", "a"), ("item", "b more of b said")]),
        ("* a\n    * inner\n    * other\n* b", [("item", "a"), ("item", "inner"), ("item", "other"), ("item", "b")]),
        (
            "* one\n\n    * in\n    * in too\n* two\n\n    more of two",
            [("item", "one"), ("item", "in"), ("item", "in too"), ("item", "two more of two")],
        ),
        ("He said:\n\n> One.\n>\n> Two.", [("paragraph", "He said:"), ("quotation", "One."), ("quotation", "Two.")]),
        ("| a | b |\n|---|---|\n| c | d \\| e |", [("row", "a | b"), ("row", "c | d | e")]),
        ("a | b\n--|--\n1 | 2 | 3", [("row", "a | b"), ("row", "1 | 2 | 3")]),
        ("Text.\n\n```\n[^1] {page=3}\n  code\n```\n", [("paragraph", "Text."), ("code", "[^1] {page=3} code")]),
        ("Roses  \nare red  \nat night", [("verse", "Roses are red at night")]),
        ("Text with **strong** and [a link](http://x.example/)", [("paragraph", "Text with strong and a link")]),
        ("<b>x</b> &amp; AT&T ?a=1&copy=2", [("paragraph", "<b>x</b> & AT&T ?a=1&copy=2")]),
        ("\\&amp; \\*x\\* \\[^1] \\{page=3}", [("paragraph", "&amp; *x* [^1] {page=3}")]),
        ("a ![portrait](http://x.example/p.png) b", [("paragraph", "a portrait b")]),
        ("One\u00a0two\u2003three", [("paragraph", "One two three")]),
    ],
)
def test_each_block_is_a_passage_of_its_form(source: str, expected: list[tuple[str, str]]) -> None:
    assert [(str(p.form), p.text) for p in document(source).passages] == expected


def test_a_mark_is_called_where_it_stands_and_printed_as_it_is() -> None:
    first, *notes = document("Denied[^27] it. [^60a] Then[^*]!\n\n[^27]: A.\n[^*]: B.\n[^60a]: C.\n").passages

    assert first.text == "Denied it. Then!"
    assert [(c.note, first.text[: c.at]) for c in first.calls] == [
        ("27", "Denied"), ("60a", "Denied it."), ("*", "Denied it. Then"),
    ]  # fmt: skip
    assert [(n.number, n.text, n.called_from) for n in notes] == [
        ("27", "A.", (0,)),
        ("60a", "C.", (0,)),
        ("*", "B.", (0,)),
    ]
    assert [call.target for call in first.calls] == [1, 2, 3]
    assert [n.label for n in notes] == ["fn27", "fn60a", "note-3"]


def test_a_note_keeps_all_its_paragraphs_quotations_and_lists() -> None:
    note = document("x[^1]\n\n[^1]: First\nlazy.\n\n    Second.\n\n    > Said.\n\n    * item\n").passages[-1]

    assert (note.kind, note.form) == (Kind.FOOTNOTE, Form.NOTE)
    assert note.text == "First lazy. Second. Said. item"


def test_a_note_may_call_another() -> None:
    _, one, two = document("x[^1]\n\n[^1]: See[^2].\n[^2]: There.\n").passages

    assert (one.calls[0].target, one.calls[0].at) == (2, 3)
    assert two.called_from == (1,)


def test_notes_that_restart_print_what_stands_before_the_slash() -> None:
    _, one, two = document("a[^1] b[^1/2]\n\n[^1]: A\n[^1/2]: B\n").passages

    assert (one.number, one.label, two.number, two.label) == ("1", "fn1", "1", "fn1-2")
    assert faults("a[^1] b[^1/2]\n\n[^1]: A\n[^1/2]: B\n") == []


def test_a_mark_defined_twice_gives_two_notes_paired_with_its_calls_and_a_fault() -> None:
    source = "a[^1] b[^1]\n\n[^1]: A\n\n[^1]: B\n"
    caller, one, two = document(source).passages

    assert [call.target for call in caller.calls] == [1, 2]
    assert (one.text, two.text) == ("A", "B")
    assert faults(source) == [
        "documents/a.md:5: note 1 is defined 2 times (first on line 3). All are kept, paired with its calls in order; "
        "renumber one."
    ]


def test_a_mark_on_a_heading_is_a_call_of_the_first_passage_below() -> None:
    passage, _ = document("## One[^1]\n\n### Two\n\nText\n\n[^1]: N").passages

    assert passage.text == "Text"
    assert [(call.at, call.heading) for call in passage.calls] == [(None, True)]


def test_a_mark_after_an_exclamation_mark_is_a_call() -> None:
    assert document("too late![^6]\n\n[^6]: N").passages[1].called_from == (0,)


def test_a_mark_without_words_belongs_to_what_stands_before() -> None:
    first, _ = document("Words.\n\n[^1]\n\n[^1]: N").passages

    assert (first.text, first.calls[0].at) == ("Words.", 6)


def test_sections_have_numbers_levels_and_parents_and_the_title_is_none_of_them() -> None:
    found = document(
        "# The title\n\nIntro\n\n## 1. One\n\na\n\n### 1.1 Inner\n\nb\n\n## Annex {.annex}\n\nc\n\n### May 1988\n\nd"
    )

    assert found.title == "The title"
    assert [(s.number, s.title, s.level, str(s.kind), s.parent) for s in found.sections] == [
        ("1", "1. One", 1, "body", None),
        ("1.1", "1.1 Inner", 2, "body", 0),
        ("", "Annex", 1, "annex", None),
        ("", "May 1988", 2, "annex", 2),
    ]
    assert [p.label for p in found.passages] == ["p1", "s1-p1", "s1.1-p1", "annex-p1", "annex-1988-05-p1"]
    assert [str(p.kind) for p in found.passages] == ["body", "body", "body", "annex", "annex"]
    assert found.section_path(1) == ("1. One", "1.1 Inner")


def test_an_annex_ends_at_the_next_heading_of_its_level() -> None:
    found = document("## A {.annex}\n\nx\n\n### B\n\ny\n\n## C\n\nz")

    assert [str(p.kind) for p in found.passages] == ["annex", "annex", "body"]


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("2.1 Denials", "2.1"), ("2. Denials", "2"), ("3) Denials", "3"), ("IV. Denials", "IV"), ("A. Denials", "A"),
        ("1988 in review", ""), ("AUGUST 1988", ""), ("Section 4: Denials", "4"), ("Chapter 12", "12"),
        ("A report", ""), ("I was there", ""), ("Mixed", ""), ("10.2.3 Deep", "10.2.3"), ("V", ""),
    ],
)  # fmt: skip
def test_the_number_of_a_section_is_the_printed_one(heading: str, number: str) -> None:
    assert document(f"## {heading}\n\nx\n\n## Other\n\ny").sections[0].number == number


def test_pages_are_kept_in_the_middle_of_a_passage_and_shown_nowhere() -> None:
    source = "{page=3}One two {page=4} three.[^1]\n\nFour.\n\n* five {page=xii}\n\n[^1]: N"
    one, four, five, note = document(source).passages

    assert [one.text, four.text, five.text] == ["One two three.", "Four.", "five"]
    assert [(p.pages.first, p.pages.last) for p in (one, four, five, note) if p.pages] == [
        (3, 4), (4, 4), (4, 4), (4, 4),
    ]  # fmt: skip


def test_a_stated_id_is_taken_at_the_end_of_any_passage_and_is_prose_elsewhere() -> None:
    source = (
        "A. {#00000 0}\n\nB {#12345r}\n\n| c | d {#bcdfg1} |\n|---|---|\n\nx {#12345r} y[^1]\n\n[^1]: N {#23456c}\n"
    )
    from corpus.noid import check_character

    for five in ("12345", "bcdfg", "23456"):
        source = source.replace(f"{{#{five}" + source.split(f"{{#{five}")[1][0], f"{{#{five}{check_character(five)}")
    passages = document(source).passages

    assert passages[0].text == "A. {#00000 0}"
    assert (passages[1].text, passages[1].stated_id) == ("B", "12345" + check_character("12345"))
    assert (passages[2].text, passages[2].stated_id) == ("c | d", "bcdfg" + check_character("bcdfg"))
    assert passages[3].text.startswith("x {#12345")
    assert (passages[4].text, passages[4].stated_id) == ("N", "23456" + check_character("23456"))


def test_an_id_stated_twice_stays_with_the_first_and_is_a_fault() -> None:
    source = "A {#000000}\n\nB {#000000}\n"

    assert [p.stated_id for p in document(source).passages] == ["000000", None]
    assert "documents/a.md:3: the id 000000 is stated twice (first on line 1)" in faults(source)[0]


def test_printed_numbers_of_paragraphs_and_items_leave_the_text() -> None:
    source = "47\\. It was said.\n\n46. item\n48. other\n\n12a. Later.\n"

    assert [(p.number, p.text, str(p.form)) for p in document(source).passages] == [
        ("47", "It was said.", "paragraph"),
        ("46", "item", "item"),
        ("48", "other", "item"),
        ("12a", "Later.", "paragraph"),
    ]


@pytest.mark.parametrize(
    ("source", "number", "text"),
    [
        ("* (a) The name;", "(a)", "The name;"),
        ("* b) the day", "b)", "the day"),
        ("* (iv) the order", "(iv)", "the order"),
        ("* 12) a box", "12)", "a box"),
        ("* c. a chest", "c", "a chest"),
        ("* الف) نام", "الف)", "نام"),
        ("* (a) One.\n\n    Two.", "(a)", "One. Two."),
        ("(3) The law is in force.", "(3)", "The law is in force."),
        ("* A. Smith came", None, "A. Smith came"),
        ("* i. e. this one", None, "i. e. this one"),
        ("* (about) this one", None, "(about) this one"),
        ("(1988) was a year", None, "(1988) was a year"),
    ],
)
def test_a_printed_letter_or_bracketed_number_is_the_number_of_its_item(
    source: str, number: str | None, text: str
) -> None:
    (passage,) = document(source).passages

    assert (passage.number, passage.text) == (number, text)


def test_a_quotation_and_an_item_know_their_lead_in() -> None:
    passages = document("He wrote:\n\n> One.\n>\n> Two.\n\nAmong them:\n\n* a\n    * b\n").passages

    assert [p.lead_in for p in passages] == [None, 0, 0, None, 3, 4]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "x[^1]",
            "documents/a.md:1: note 1 is called and has no text. The mark stays in the text as typed; "
            "write [^1]: and the note, or \\[^1] if it is no mark.",
        ),
        (
            "x\n\n[^1]: N",
            "documents/a.md:3: note 1 has a text and no mark calls it. It is kept as a footnote; "
            "write its mark in the text or delete it.",
        ),
        (
            "x {#zzzzz1}",
            "documents/a.md:1: {#zzzzz1} is no passage id (its check character is wrong). It was read as text; "
            "correct it or delete it.",
        ),
        (
            "x\x07",
            "documents/a.md:1: a control character (U+0007) stands here; such characters were left out. Delete them.",
        ),
    ],
)
def test_a_fault_says_where_what_became_of_it_and_what_to_do(source: str, message: str) -> None:
    assert message in faults(source)


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("<script>x</script>", "a.md:1: <script> is shown as typed"),
        ("x {#intro}", "a.md:1: {#intro} was read as text"),
        ("```\nnever closed", "a.md:1: a fence of code is opened here"),
        ("Intro:\n* a\n* b", "a.md:2: a list right under a paragraph"),
        ("x[^1]\n\n[^1]: N\n\n  more", "a.md:5: a paragraph indented after a note"),
    ],
)
def test_what_was_perhaps_meant_otherwise_is_a_near_miss(source: str, part: str) -> None:
    assert any(part in message for message in near_misses(source)), near_misses(source)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "the document has no text"),
        (b"---\ntitle: A\n---\n\n", "the document has no text"),
        (b"abc\n\xff\xfe", "a.md:2: byte 0xff is not UTF-8"),
        (b"---\ntitle: a: b\n---\nx", "a.md:2: the front matter is not understood"),
        (b"---\ntitle: a\ntitle: b\n---\nx", "a.md:3: the key title stands twice (first on line 2)"),
        (b"---\ntitle: a\nx\n", "a.md:1: the front matter is opened by --- and never closed"),
        (b"x[^1]\n\n[^1]:\n", "a.md:3: note 1 has a mark and an empty text"),
        (b"# Only a heading\n", "headings and no text"),
        (b"a\n\n" + b"word " * 4_000_000, "a.md:3: a paragraph of over 1,000,000 characters begins here"),
        (b"a\n\n" + b"[" * 5000, "a.md:3: more than 200 square brackets are open here"),
        (b">" * 5000 + b" x", "quotations or lists stand more than 40 deep"),
        (b"- " * 5000 + b"x", "quotations or lists stand more than 40 deep"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_read_says_why_where_and_what_to_do(data: bytes, part: str) -> None:
    with pytest.raises(UnreadableDocumentError) as caught:
        read_markdown(data, "documents/a.md", "a", TYPES)

    assert part in str(caught.value)


def test_front_matter_is_read_as_strings_and_unknown_values_are_faults() -> None:
    source = (
        "---\ntitle: 'No'\ndate: 1988-08-16\nsource_type: ngoo\nsymbol: 0123\nofficials: [a, b]\ntitel: x\n---\nText"
    )
    found = read(source)

    assert (found.document.title, found.document.date, found.document.symbol) == ("No", "1988-08-16", "0123")
    assert found.document.officials == ("a", "b")
    assert found.document.source_type is None
    assert [str(p)[:60] for p in found.problems] == [
        "documents/a.md:4: source_type ngoo is not in the collection'",
        "documents/a.md:7: the key titel is not known; it was left ou",
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &x 1\nb: *x",
        "a: !!python/object:os.system x",
        "a: " + "[" * 3000,
        "? [a]\n: b",
        "<<: x",
        'a: "\\ud800"',
        "a:\x01",
    ],
)
def test_front_matter_takes_nothing_but_plain_values(bomb: str) -> None:
    try:
        said = [str(problem) for problem in read(f"---\n{bomb}\n---\nText").problems]
    except UnreadableDocumentError as error:
        said = [str(error)]

    assert any("documents/a.md:" in message for message in said)


def test_a_document_without_front_matter_is_called_by_its_heading_or_its_file() -> None:
    assert document("## Only\n\nx").title == "Only"
    assert document("x").title == "a"
    assert document("# 1. Letter\n\nx\n\n# 2. Letter\n\ny").title == "a"


@pytest.mark.parametrize("source", ["---\n\nText", "Text\n\n" + "-" * 80 + "\n\nText", "* " * 60 + "\n\nText"])
def test_a_rule_is_no_front_matter_and_no_list(source: str) -> None:
    assert set(texts(source)) == {"Text"}


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
    except UnreadableDocumentError:
        return
    for passage in found.document.passages:
        assert passage.text == " ".join(passage.text.split()) != ""
        assert all(call.at is None or 0 <= call.at <= len(passage.text) for call in passage.calls)
    assert len(found.elements) == len(found.document.passages)


def test_reading_grows_with_the_text_and_not_faster() -> None:
    def read_paragraphs(count: int) -> None:
        read(
            "\n\n".join(
                f"Paragraph {i} of [a kind](http://x.example/{i})[^{i}] *or* so.\n\n[^{i}]: Note {i}."
                for i in range(count)
            )
        )

    assert growth(read_paragraphs, 50, 800) < 80


@pytest.mark.parametrize("volume", ["frus1961-63v06", "frus1952-54Guat"])
def test_every_note_of_a_real_volume_is_there_with_its_caller(volume: str) -> None:
    if not REAL.is_dir():
        pytest.skip("the volumes are not here (../shared/real/frus)")
    found = read_markdown(gzip.decompress((REAL / f"{volume}.md.gz").read_bytes()), "v.md", volume, TYPES).document
    truth = json.loads(gzip.decompress((REAL / f"{volume}.truth.json.gz").read_bytes()))
    expected = sorted(
        (f"d{entry['id'].rsplit('/d')[1]}-{note['n']}", "".join(note["text"].split()))
        for entry in truth
        for note in entry["footnotes"]
    )
    notes = [p for p in found.passages if p.kind is Kind.FOOTNOTE]

    assert sorted((str(n.number), "".join(n.text.split())) for n in notes) == expected
    assert all(note.called_from for note in notes)
    assert len(found.sections) == len(truth)


def test_annex_in_braces_is_prose_but_at_the_end_of_a_heading() -> None:
    found = document("## A {.annex} heading\n\nBraces {.annex} in prose.\n\n## B {.annex}\n\nx")

    assert [(section.title, str(section.kind)) for section in found.sections] == [
        ("A {.annex} heading", "body"),
        ("B", "annex"),
    ]
    assert found.passages[0].text == "Braces {.annex} in prose."


def test_a_mark_on_the_title_does_not_make_a_section_of_it() -> None:
    found = document("---\ntitle: The title\n---\n# The title[^*]\n\nText.\n\n[^*]: N.\n")

    assert found.sections == ()
    assert [(call.note, call.heading) for call in found.passages[0].calls] == [("*", True)]
