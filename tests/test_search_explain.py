"""Why a passage answers: what is told, in which order, and how much of it."""

from __future__ import annotations

from small_collection import passage

from index.record import DateFlagRecord, DateRecord
from index.schema import TermField
from search.explain import month_reasons, reasons
from search.marking import Marker
from search.results import By
from search.wanted import Wanted, Way


def dated(printed: str, first: str, last: str, certainty: str = "certain") -> DateRecord:
    return DateRecord(printed, first, last, certainty, 0)


def test_the_narrowest_certain_date_is_told_first() -> None:
    record = passage(
        0,
        {
            "text": "x",
            "dates": (
                dated("late 1988", "1988-10-01", "1988-12-31", "possible"),
                dated("August 1988 to January 1989", "1988-08-01", "1989-01-31"),
                dated("29 November 1988", "1988-11-29", "1988-11-29"),
                dated("May 1989", "1989-05-01", "1989-05-31"),
            ),
            "date_flags": (DateFlagRecord("3 November 1998", "1988-11-03", "the heading"),),
        },
    )

    assert [reason.found for reason, _ in month_reasons(record, "1988-11")] == [
        "29 November 1988",
        "August 1988 to January 1989",
        "late 1988",
        "3 November 1998",
    ]
    assert not list(month_reasons(record, "1990-01"))
    assert not list(month_reasons(record, "nonsense"))


def test_each_spelling_is_told_once_and_no_more_than_anyone_reads() -> None:
    forms = ("deny", "denies", "denied", "denying", "Denied", "denials", "denial")
    ways = tuple(Way(TermField.EXACT, ((form.lower(),),), By.SPELLING) for form in forms)
    wanted = [Wanted("denied", ways)]
    text = " ".join(forms * 3)
    told = reasons(text, wanted, Marker(wanted).find(text))

    assert len(told) == 4
    assert len({reason.found.casefold() for reason in told}) == 4
    assert {reason.word for reason in told} == {"denied"}


def test_a_word_in_parts_or_mended_is_no_stem() -> None:
    way = (Way(TermField.TEXT, (("iran",),), By.STEM),)

    assert [one.by for one in Marker([Wanted("iran", way)]).find("Iran’s")] == [By.WORD]
    assert [one.by for one in Marker([Wanted("irans", way)]).find("Iran")] == [By.STEM]
