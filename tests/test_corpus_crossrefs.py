"""Cross-references lead to the document's own parts; what another document says of itself does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record import described

from corpus.crossrefs import CrossReferences
from corpus.model import Document

PARTS = """# 1. Rain

{text}

# 2. Snow

Snow fell.

## 2.1 Hail

Hail fell.

# 3. Wind

## 3.2 Storm

{below}

# Annex – Reports {{.annex}}

Many reports.

## AUGUST 1988

One report.[^1]

[^1]: Rights Watchers, “Rain”, 1988.
"""


def with_text(text: str = "Rain fell.", below: str = "A storm came.") -> Document:
    return described(PARTS.format(text=text, below=below))


def refers(document: Document, place: int) -> str:
    """What one passage refers to: "section>label of its first passage"."""
    found = document.about[place].refers_to
    return " ".join(f"{one.note or one.section}>{document.passages[one.target or 0].label}" for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As said (see Section 2.1 below), it hailed.", "2.1>s2.1-p1"),
        ("It is discussed in detail in Section 2 below.", "2>s2-p1"),
        ("It is discussed in Section 3.", "3>s3.2-p1"),
        ("See chapter 2.", "2>s2-p1"),
        ("That is law. See infra Part 2.", "2>s2-p1"),
        ("See sections 2 of this report.", "2>s2-p1"),
        ("Many reports came (see annex).", "annex>annex-p1"),
        ("The annex to this report lists them.", "annex>annex-p1"),
        ("See the Annex below and Section 2 below.", "annex>annex-p1 2>s2-p1"),
        ("See note 1 below.", "1>fn1"),
        ("Section 2 of the Penal Code forbids rain.", ""),
        ("He was charged under section 2 of the Act.", ""),
        ("See section 9 below.", ""),
        ("The report said “see Section 2.1 below” and “many names (see annex)”.", ""),
        ("The report said “they know it [see Section 2.1 below]”.", "2.1>s2.1-p1"),
        ("The annex was cold.", ""),
        ("A 2 section wall, part 2 of its roof.", ""),
        ("the annex of the Treaty (see its annex)", ""),
    ],
)
def test_a_passage_refers_to_these_parts(text: str, expected: str) -> None:
    assert refers(with_text(text), 0) == expected


def test_a_quotation_set_apart_speaks_of_its_own_document() -> None:
    assert refers(with_text("They wrote:\n\n> There are 1,000 names (see annex)."), 1) == ""


def test_a_subsection_is_one_of_the_section_it_is_named_in() -> None:
    document = with_text(below="See subsection 2 above.")
    place = next(at for at, passage in enumerate(document.passages) if passage.text.startswith("See sub"))

    assert refers(document, place) == "3.2>s3.2-p1"


def test_a_subsection_that_is_not_there_is_the_section_of_that_number() -> None:
    assert refers(with_text("See subsection 2 below."), 0) == "2>s2-p1"


def test_this_annex_refers_to_nothing_else() -> None:
    document = described("Text.\n\n# Annex {.annex}\n\nThe articles cited in this annex are many.\n")

    assert document.about[1].refers_to == ()


def test_with_several_annexes_the_number_decides() -> None:
    document = described("See Annex B.\n\nSee the annex.\n\n# Annex A {.annex}\n\nOne.\n\n# Annex B {.annex}\n\nTwo.\n")

    assert [(one.section, one.confidence.value) for about in document.about for one in about.refers_to] == [
        ("Annex B", "sure"),
        ("Annex A", "doubtful"),
    ]


PIECES = st.sampled_from(["see ", "Section 2", "annex", " above", "“", "”", "[", "]", "note 1 ", "of the ", "IV", ".1"])


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(deadline=None)
def test_what_is_printed_stands_where_it_is_said_to(text: str) -> None:
    document = with_text("x " + text)
    for place, passage in enumerate(document.passages):
        for one in CrossReferences(document).of(place):
            assert passage.text[one.at : one.at + len(one.printed)] == one.printed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It recalls paragraph 1 above.", [("paragraph 1 above", "1")]),
        ("See para. 2, above.", [("See para. 2, above", "2")]),
        ("It recalls paragraph 9 above.", []),
        ("It recalls paragraph 1 of the resolution.", []),
        ("“It recalls paragraph 1 above.”", []),
    ],
)
def test_a_numbered_paragraph_is_named_by_its_number(text: str, expected: list[tuple[str, str]]) -> None:
    document = described(f"## A. Rain\n\n1. It rained.\n\n2. It poured.\n\n3. {text}\n")

    assert [(one.printed, one.section) for one in document.about[2].refers_to] == expected
