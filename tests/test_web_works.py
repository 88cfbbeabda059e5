"""What the pages of sources promise: citations of one work are one, and what rests on it is listed once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from corpus.authorities import Authorities, CollectionInfo, Source
from index.record import CallRecord, CitationRecord, MonthsRecord, PassageRecord, ReferenceRecord
from web.works import works_of

UNION = Source("dockers-union", "Dockers' Union", "ngo", ("Dockers' Union",), ("KH/*",), ("dockers.example",))
AUTHORITIES = Authorities(CollectionInfo("c", "C", ("en",), (("ngo", "NGO"),)), (), (UNION,), ())
PLAIN = PassageRecord(
    *("letters", "p1", "p1", "body", "paragraph", None, "", (), None, "text", (), (), (), (), MonthsRecord()),
    *((), (), (), (), ""),
)
COUNT = CitationRecord(title="Count of barges", author="Dockers' Union", date="1988-11-14")


def cite(**given: str) -> CitationRecord:
    return CitationRecord(**given)


def works(*notes: tuple[CitationRecord, ...], references: tuple[tuple[int, ReferenceRecord], ...] = ()) -> list[object]:
    """Works of footnotes n0, n1, … each called by a passage of its own before it."""
    records = []
    for at, cites in enumerate(notes):
        meant = tuple(one for place, one in references if place == at)
        calls = (CallRecord(str(at), f"n{at}", 4),)
        records.append(replace(PLAIN, id=f"p{at}", calls=calls))
        records.append(
            replace(PLAIN, id=f"n{at}", kind="footnote", cites=cites, refers_to=meant, called_from=(f"p{at}",))
        )
    return [(work.title, work.notes, work.passages) for work in works_of(records, AUTHORITIES)]


TOGETHER = [
    (cite(title="A", symbol="A/43/705"), cite(title="B", symbol="a/43/705")),
    (cite(title="A", address="https://www.dockers.example/x/"), cite(title="B", address="dockers.example/x")),
    (cite(title="Job 79-01025A", author="Office"), cite(title="Job 79–01025A", author="OFFICE")),
    (cite(title="A", author="Union", symbol="A/43/705"), cite(title="A", author="Union")),
]
APART = [
    (cite(title="Report", author="Union", date="1988"), cite(title="Report", author="Union", date="1989")),
    (cite(title="Report", author="Union", symbol="A/43/705"), cite(title="Report", author="Union", symbol="A/44/620")),
    (cite(title="A", address="dockers.example"), cite(title="B", address="dockers.example")),
]


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_two_citations_of_one_work_are_one(one: CitationRecord, other: CitationRecord) -> None:
    for first, second in ((one, other), (other, one)):
        assert [rest for _, *rest in works((first,), (second,))] == [[[1, 3], [0, 2]]]


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_works_are_not_taken_for_one(one: CitationRecord, other: CitationRecord) -> None:
    for first, second in ((one, other), (other, one)):
        assert [rest for _, *rest in works((first,), (second,))] == [[[1], [0]], [[3], [2]]]


def test_a_short_form_counts_where_it_is_sure_what_it_means() -> None:
    def short(certainty: str, printed: str) -> ReferenceRecord:
        return ReferenceRecord("n0", printed, certainty, (), "", note="0")

    other = cite(title="Night watch", author="Harbour office")
    for printed, certainty, expected in (
        ("Dockers' Union, Count of barges (previously cited)", "sure", [[[1, 3], [0, 2]], [[1], [0]]]),
        ("Night watch (previously cited)", "sure", [[[1], [0]], [[1, 3], [0, 2]]]),
        ("previously cited", "sure", [[[1], [0]], [[1], [0]]]),
        ("Count of barges (previously cited)", "doubtful", [[[1], [0]], [[1], [0]]]),
    ):
        found = works((COUNT, other), (), references=((1, short(certainty, printed)),))
        assert [rest for _, *rest in found] == expected, printed


@pytest.mark.parametrize(
    ("cited", "publisher"),
    [
        (COUNT, "dockers-union"),
        (cite(title="X", symbol="KH/12/88"), "dockers-union"),
        (cite(title="X", address="https://dockers.example/x"), "dockers-union"),
        (cite(title="X", author="Nobody"), None),
    ],
)
def test_the_publisher_goes_by_author_symbol_or_address(cited: CitationRecord, publisher: str | None) -> None:
    record = replace(PLAIN, cites=(cited,))
    found = works_of([record], AUTHORITIES)[0]

    assert (found.publisher.id if found.publisher else None) == publisher
    assert found.passages == [0]


def test_the_id_of_a_work_stays_when_a_poorer_citation_joins_it() -> None:
    symbol = cite(title="A", author="Union", symbol="A/43/705")
    alone = works_of([replace(PLAIN, cites=(symbol,))], AUTHORITIES)[0].id
    poorer = replace(PLAIN, id="p2", cites=(cite(title="A", author="Union", address="x.example/1", date=None),))

    assert {work.id for work in works_of([poorer, replace(PLAIN, cites=(symbol,))], AUTHORITIES)} == {alone}
