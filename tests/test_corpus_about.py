"""Everything that is said of a passage comes together, the same at every run, in time that grows with the text."""

import pickle
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from growth import growth
from record import AUTHORITIES, TYPES, described

from corpus.about import describe
from corpus.authorities import load_authorities
from corpus.layout.importing import import_text
from corpus.model import About, Citation, DateMention
from corpus.readers.markdown_text import read_markdown

STATEMENT = Path(__file__).parent.parent.parent / "shared" / "real" / "statement.txt"
STARTER = Path(__file__).parent.parent / "corpus" / "starter"

# Read off the statement by hand: every passage and note that names an official, by its label.
OFFICIALS = {
    "mahallati nasseri mohammad-ali-mousavi akhoundzadeh-basti raeisinia nouri velayati lavasani mottaki": "p4",
    "mahallati": (
        "p5 s1-p5 s2-p1 s2.1-p6 s2.1-p7 s2.1-p8 s2.2-p1 s2.2-p2 s2.2-p3 s2.3-p4 s2.3-p8 s3-p2 s3-p3 s3-p6 "
        "s3-p7 s3-p10 s3-p13 s3-p14 fn35 fn44 fn45 fn46 fn47 fn48 fn49 fn50 fn51"
    ),
    "mohammad-ali-mousavi": "s1-p6",
    "akhoundzadeh-basti": "s1-p8 s1-p9",
    "raeisinia": "s1-p10 fn14",
    "nasseri": "s1-p11 annex-1988-09-p10",
    "lavasani": "s1-p12",
    "mottaki": "s1-p13",
    "rafsanjani": "s1-p15 s1-p17 fn23 fn24",
    "rafsanjani velayati": "s1-p16",
    "mir-hossein-mousavi": "s1-p18 fn25 fn55 fn57",
    "nouri": "s1-p19",
    "raisi": "s4.1-p2 fn2 fn52",
    "avaei": "s4.1-p3",
    "nayyeri": "s4.1-p4",
    "pour-mohammadi": "s4.1-p5",
    "ahmadi": "s4.1-p6",
    "mousavi-ardebili habibi": "annex-1988-08-p1 annex-1988-11-p4",
    "velayati": "annex-1988-08-p6 annex-1988-09-p7",
    "mousavi-ardebili": "annex-1988-09-p1",
    "montazeri khomeini mousavi-ardebili habibi": "annex-1988-10-p4",
    "mousavi-ardebili habibi khamenei rafsanjani": "annex-1988-11-p6",
    "mousavi-ardebili habibi khamenei rafsanjani velayati": "annex-1988-12-p1",
}

TEXT = """On 3 October 1988 Norland’s interior minister told World Wire that it rained.[^1]

World Wire reported:

> “Javad Lahouti denied it on 5 November 1988.”[^2]

# Annex {.annex}

A resolution by the UN General Assembly followed (see Section 1 above).[^3]

[^1]: World Wire, “Rain”, 4 October 1988, p. 3.

[^2]: World Wire, “Rain” (previously cited), p. 4.

[^3]: UN General Assembly, Resolution 43/137: Rain in Norland, 8 December 1988, A/RES/43/137, para. 5.
"""


def test_each_passage_is_told_what_it_is_about() -> None:
    document = described(TEXT)
    first, lead_in, quotation, annex, note, short, resolution = document.about

    assert (first.officials, first.source_types, first.months_certain) == (("nouri",), ("media",), ("1988-10",))
    assert (lead_in.source_types, quotation.source_types) == (("media",), ("media",))
    assert (quotation.officials, quotation.months_certain) == (("lahouti",), ("1988-11",))
    assert annex.source_types == ("un",)
    assert note.cites == (Citation(title="Rain", date="1988-10-04", pinpoint="p. 3", author="World Wire"),)
    assert note.months_certain == ("1988-10",)
    assert short.cites == ()
    assert [(one.note, one.confidence.value) for one in short.refers_to] == [("1", "sure")]
    assert [one.symbol for one in resolution.cites] == ["A/RES/43/137"]


def test_a_date_is_an_exact_piece_of_the_text() -> None:
    document = described(TEXT)
    for passage, about in zip(document.passages, document.about, strict=True):
        for one in about.dates:
            assert isinstance(one, DateMention)
            assert passage.text[one.at : one.at + len(one.printed)] == one.printed


def test_nothing_but_what_is_about_changes() -> None:
    document = described(TEXT)

    assert replace(describe(document, AUTHORITIES), about=()) == replace(document, about=())
    assert describe(replace(document, about=()), AUTHORITIES) == document


def test_what_is_said_crosses_processes_and_files() -> None:
    document = described(TEXT)

    assert pickle.loads(pickle.dumps(document)) == document
    for about in document.about:
        assert msgspec.json.decode(msgspec.json.encode(about), type=About) == about


def test_a_document_without_passages_is_about_nothing() -> None:
    document = replace(described("Text.\n"), passages=(), about=())

    assert describe(document, AUTHORITIES).about == ()


def test_time_grows_with_the_document() -> None:
    def describe_copies(times: int) -> None:
        one = described(TEXT)
        size = len(one.passages)
        passages = tuple(
            replace(
                passage,
                calls=tuple(replace(call, target=call.target + copy * size) for call in passage.calls),
                called_from=tuple(caller + copy * size for caller in passage.called_from),
                lead_in=None if passage.lead_in is None else passage.lead_in + copy * size,
            )
            for copy in range(times)
            for passage in one.passages
        )
        describe(replace(one, passages=passages, about=()), AUTHORITIES)

    assert growth(describe_copies, 10, 160) < 80


def test_the_officials_of_the_statement_are_those_that_a_reader_finds() -> None:
    if not STATEMENT.exists():
        pytest.skip("the real statement is not here")
    authorities, _ = load_authorities(STARTER)
    markdown = import_text(STATEMENT.read_bytes(), "statement.txt").markdown
    document = describe(read_markdown(markdown.encode(), "statement.md", "statement", TYPES).document, authorities)
    found = {
        passage.label: " ".join(about.officials)
        for passage, about in zip(document.passages, document.about, strict=True)
        if about.officials
    }

    assert found == {label: officials for officials, labels in OFFICIALS.items() for label in labels.split()}


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("The boat came on October 21.", ["1962-10-21"]),
        ("The boat came on October 21. Printed in Boats, November 19, 1973, p. 6.", ["1962-10-21", "1973-11-19"]),
        ("Letters sent until December 14 are in Boats, Spring 1992.", ["1962-12-14", "1992-03-01"]),
        ("He had come on May 3.", ["1962-05-03"]),
    ],
)
def test_a_note_speaks_of_the_time_of_the_letter_that_calls_it(note: str, expected: list[str]) -> None:
    document = described(f"## 1. Letter\n\nNorville, October 22, 1962.\n\nIt rained.[^1]\n\n[^1]: {note}\n")

    assert [mention.first.isoformat() for mention in document.about[2].dates] == expected


def test_a_month_whose_year_stands_in_an_earlier_section_is_possible() -> None:
    document = described("## One\n\nIt rained on 3 December 1988.\n\n## Two\n\nIn August it was dry.\n")

    assert document.about[1].months_certain == ()
    assert document.about[1].months_possible == ("1988-08",)
