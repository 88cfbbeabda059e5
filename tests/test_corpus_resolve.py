"""Short forms lead to the note with the full citation, or say that they are in doubt; they never jump to another."""

import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record import AUTHORITIES, TYPES, described

from corpus.about import describe
from corpus.layout.importing import import_text
from corpus.model import Confidence, Document, Reference
from corpus.readers.markdown_text import read_markdown
from corpus.symbols import canonical

STATEMENT = Path(__file__).parent.parent.parent / "shared" / "real" / "statement.txt"

ENVOY = "Special Envoy of the UN Council"
A = f"{ENVOY}, Interim report on rain in Norland, 13 October 1988, UN Doc. A/43/705, para. 47."
B = f"{ENVOY}, Interim report on rain in Norland, 2 November 1989, UN Doc. A/44/620, para. 59."
SHORT = f"{ENVOY}, Interim report (previously cited), para. 3."
RAIN = "Rights Watchers, “Norland: Rain falls on everybody” (Index: MDE 13/031/88), 13 December 1988."
RAIN_SHORT = "Rights Watchers, “Norland: Rain falls on everybody” (previously cited)."
OTHER = "World Wire, “Snow falls”, 5 May 1988."


def document_of(*passages: str | tuple[str, str]) -> Document:
    """A document of these passages; of a pair the second is the note that it calls. Notes are numbered from 1."""
    texts, notes = [], []
    for passage in passages:
        text, note = passage if isinstance(passage, tuple) else (passage, None)
        if note is not None:
            notes.append(f"[^{len(notes) + 1}]: {note}")
            text += f"[^{len(notes)}]"
        texts.append(text)
    return described("\n\n".join([*texts, *notes]) + "\n")


def references(document: Document) -> list[tuple[str, str | None, str]]:
    """(note, note meant, certainty) of each short form."""
    return [
        (passage.number or "", one.note, one.confidence.value)
        for passage, about in zip(document.passages, document.about, strict=True)
        for one in about.refers_to
    ]


def resolves(*notes: str, texts: tuple[str, ...] = ()) -> list[tuple[str, str | None, str]]:
    """What the short forms among *notes* mean, each note called by a passage of its own."""
    said = [*texts, *("It rained." for _ in notes[len(texts) :])]
    return references(document_of(*zip(said, notes, strict=True)))


def test_a_title_cited_once_is_meant_at_any_distance() -> None:
    assert resolves(RAIN, *[OTHER] * 20, RAIN_SHORT) == [("22", "1", "sure")]


def test_of_two_documents_of_one_name_the_one_cited_just_before_is_meant() -> None:
    assert resolves(B, OTHER, OTHER, OTHER, A, SHORT, SHORT) == [("6", "5", "sure"), ("7", "5", "sure")]


BOOK = "Ann Author, The Long Rain: A History (Norville: Ferro, 1999), p. 4."


@pytest.mark.parametrize(
    ("short", "meant"),
    [
        ("Author, Long Rain, 52.", [("2", "1", "sure")]),
        ("Author, “The Long Rain,” pp. 52-53.", [("2", "1", "sure")]),
        ("Author, Short Rain, 52.", []),
        ("Builder, Long Rain, 52.", []),
        ("Norville, Palace of Rain, 52.", []),
    ],
)
def test_author_title_and_page_are_a_short_form_where_such_a_work_is_cited(short: str, meant: list[object]) -> None:
    assert resolves(BOOK, short) == meant


def test_all_that_stands_before_a_colon_names_a_work_at_any_distance() -> None:
    work = "Rights Watchers, Ashes of May: The Burning of Norville, 4 November 1994."
    short = "Rights Watchers, Ashes of May (previously cited)."

    assert resolves(work, *[OTHER] * 20, short) == [("22", "1", "sure")]
    assert resolves(RAIN, *[OTHER] * 20, short) == [("22", None, "doubtful")]


def test_a_short_form_keeps_the_place_that_it_points_at() -> None:
    document = document_of(("Rain.", A), ("Rain.", SHORT), ("Rain.", "Ibid., p. 9."), ("Rain.", "See note 1 above."))

    assert [one.pinpoint for about in document.about for one in about.refers_to] == ["para. 3", "p. 9", None]


def test_two_documents_of_one_name_cited_side_by_side_leave_a_doubt_that_names_the_rival() -> None:
    document = document_of(("Rain.", A), ("Rain.", B), ("Rain.", SHORT))
    (reference,) = document.about[-1].refers_to

    assert (reference.note, reference.confidence, reference.rivals) == ("2", Confidence.DOUBTFUL, ("1",))


def test_a_document_older_than_what_is_spoken_of_is_not_meant() -> None:
    notes = (A, B, SHORT)
    texts = ("In 1988 it rained.", "Later too.", "On 5 May 1989 he was asked.")

    assert resolves(*notes, texts=texts) == [("3", "2", "sure")]


def test_without_its_full_citation_a_vague_short_form_is_doubtful() -> None:
    assert resolves(A, *[OTHER] * 8, SHORT) == [("10", "1", "doubtful")]
    assert resolves(A, SHORT, texts=("Rain.", "On 5 May 1990 he was asked.")) == [("2", "1", "doubtful")]


def test_without_its_full_citation_a_title_means_nothing() -> None:
    assert resolves(OTHER, RAIN_SHORT) == [("2", None, "doubtful")]


def test_another_author_is_never_meant() -> None:
    assert resolves("Ann Author, Report, 3 May 1988, A/43/1.", "Bob Builder, Report (previously cited).") == [
        ("2", None, "doubtful")
    ]


def test_a_full_citation_that_comes_later_is_not_meant() -> None:
    assert resolves(RAIN_SHORT, RAIN) == [("1", None, "doubtful")]


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ((A, "Ibid., para. 9."), ("2", "1", "sure")),
        ((A, "Ibid.", "Ibid., p. 3"), ("3", "1", "sure")),
        ((f"{RAIN[:-1]}; {OTHER}", "Ibid."), ("2", "1", "doubtful")),
        ((A, "He was asleep.", "Ibid."), ("3", "1", "doubtful")),
        (("Ibid.",), ("1", None, "doubtful")),
        ((A, B, f"{ENVOY}, Interim report, A/43/705 (previously cited)."), ("3", "1", "sure")),
        ((A, f"{ENVOY}, Interim report, A/44/620 (previously cited)."), ("2", None, "doubtful")),
        ((RAIN, A, "See note 1 above."), ("3", "1", "sure")),
        ((RAIN, RAIN_SHORT, "Rights Watchers, supra note 2, p. 4."), ("3", "1", "sure")),
        ((RAIN, "Smith, supra note 1, p. 4."), ("2", "1", "doubtful")),
        ((RAIN, "See note 9 above."), ("2", None, "doubtful")),
        (("Ann Smith, The Long Rain, 1980, p. 4.", OTHER, "Smith, op. cit., p. 7."), ("3", "1", "sure")),
        (("A. Smith and B. Jones, The Long Rain, 1980, p. 4.", OTHER, "Jones, op. cit."), ("3", "1", "doubtful")),
        (("A. Smith and B. Jones, The Long Rain, 1980, p. 4.", OTHER, "Smith and Jones, op. cit."), ("3", "1", "sure")),
        (("Roe v. Dam, 41 Cal. 2d 7, 9 (1958).", OTHER, "Roe, 41 Cal. 2d at 8."), ("3", "1", "sure")),
        (("Roe v. Dam, 41 Cal. 2d 7, 9 (1958).", OTHER, "Roe, 40 Cal. 2d at 8."), ("3", None, "doubtful")),
        (
            ("Roe v. Dam, 41 Cal. 2d 7, 9 (1958).", "Roe v. City, 42 Cal. 2d 1 (1959).", "Roe, 41 Cal. 2d at 8."),
            ("3", "1", "sure"),
        ),
        (("Smith, The Long Rain (London, 1980), p. 4.", OTHER, "Smith, op. cit., p. 7."), ("3", "1", "sure")),
        (
            (
                "Rights Watchers, The Long Rain of Norland (hereinafter “Rain Book”), 4 May 1988.",
                "Rain Book (previously cited), p. 5.",
            ),
            ("2", "1", "sure"),
        ),
    ],
)
def test_short_forms_of_other_kinds(notes: tuple[str, ...], expected: tuple[str, str | None, str]) -> None:
    assert resolves(*notes)[-1] == expected


def test_what_is_printed_and_where_is_said() -> None:
    document = document_of(("Rain.", RAIN), ("Rain.", RAIN_SHORT))
    (reference,) = document.about[-1].refers_to
    text = document.passages[-1].text

    assert reference.printed == "“Norland: Rain falls on everybody” (previously cited)"
    assert text[reference.at : reference.at + len(reference.printed)] == reference.printed
    assert document.passages[reference.target or 0].number == "1"


@given(st.lists(st.sampled_from([A, B, RAIN, OTHER]), min_size=1, max_size=6), st.data())
@settings(max_examples=60, deadline=None)
def test_notes_put_in_between_change_nothing(notes: list[str], data: st.DataObject) -> None:
    cited = data.draw(st.integers(0, len(notes) - 1))
    short = {A: SHORT, B: SHORT, RAIN: RAIN_SHORT, OTHER: "World Wire, “Snow falls” (previously cited)."}[notes[cited]]
    texts = [f"It rained{'.' * 1} [^n{at}]" for at in range(len(notes))]
    extra = data.draw(st.lists(st.integers(0, len(notes)), max_size=5))

    def meaning(with_extra: bool) -> tuple[str | None, str]:
        body, defined = list(texts), [f"[^n{at}]: {note}" for at, note in enumerate(notes)]
        body[-1] += " and more [^short]"
        defined.append(f"[^short]: {short}")
        if with_extra:
            for number, at in enumerate(extra):
                body[min(at, len(body) - 1)] += f" word [^x{number}]"
                defined.append(f"[^x{number}]: The sun shone, says nobody in particular.")
        document = described("\n\n".join([*body, *defined]) + "\n")
        place = next(at for at, one in enumerate(document.passages) if one.number == "short")
        (reference,) = document.about[place].refers_to
        target = document.about[reference.target].cites[0].symbol if reference.target is not None else None
        return target, reference.confidence.value

    assert meaning(with_extra=True) == meaning(with_extra=False)


# ---- on the real statement


@cache
def read_statement() -> Document:
    markdown = import_text(STATEMENT.read_bytes(), "statement.txt").markdown
    return read_markdown(markdown.encode(), "statement.md", "statement", TYPES).document


def statement() -> Document:
    if not STATEMENT.exists():
        pytest.skip("the real statement is not here")
    return read_statement()


def works(document: Document) -> dict[str, tuple[Reference, set[str]]]:
    """For each note with a short form: its reference, and the symbols of what the note meant cites."""
    found = {}
    for passage, about in zip(document.passages, document.about, strict=True):
        for one in about.refers_to:
            if one.note is not None and one.target is not None and passage.number:
                symbols = {canonical(cited.symbol) or "" for cited in document.about[one.target].cites if cited.symbol}
                found[passage.number] = (one, symbols)
    return found


MEANT = {
    **dict.fromkeys(("18", "19"), "A/44/620"),
    "21": "A/45/697",
    **dict.fromkeys(("28", "29", "80", "81"), "A/43/705"),
    **dict.fromkeys(("31", "32", "33", "43", "95"), "E/CN.4/1989/26"),
    **dict.fromkeys(("40", "41"), "MDE 13/031/1988"),
    **dict.fromkeys(("45", "46", "47"), "A/44/153"),
    "65": "MDE 13/014/1988",
    "83": "MDE 13/017/1988",
    "86": "E/CN.4/1989/25",
}


def test_every_citation_of_the_statement_is_taken_apart() -> None:
    document = describe(statement(), AUTHORITIES)
    full = [
        (passage.number, one)
        for passage, about in zip(document.passages, document.about, strict=True)
        for one in about.cites
    ]

    assert len(full) == 100
    assert all(one.title and one.author for _, one in full)
    assert [number for number, one in full if one.date is None] == ["25"]  # the film on a video site bears none
    assert sum(one.note is not None for about in document.about for one in about.refers_to) == 25


def test_the_short_forms_of_the_statement_mean_what_a_reader_finds() -> None:
    found = works(describe(statement(), AUTHORITIES))

    assert all(symbol in found[number][1] for number, symbol in MEANT.items())
    assert [number for number, (one, _) in found.items() if one.confidence is not Confidence.SURE] == ["83"]


@pytest.mark.parametrize(
    "gone", ["15", "16", "20", "27", "30", "39", "42", "44", "48", "59", "64", "71", "78", "82", "85", "94"]
)
def test_when_a_full_citation_is_taken_away_no_short_form_jumps_to_another(gone: str) -> None:
    document = statement()
    passages = tuple(
        replace(passage, text="This note is lost.") if passage.number == gone else passage
        for passage in document.passages
    )
    for number, (reference, meant) in works(describe(replace(document, passages=passages), AUTHORITIES)).items():
        if number in MEANT and reference.confidence is Confidence.SURE:
            assert MEANT[number] in meant, (number, reference)


def test_renumbered_notes_mean_the_same_documents() -> None:
    document = statement()
    numbers = [str(number) for number in range(1, 500)]
    random.Random(7).shuffle(numbers)
    names = {passage.number: numbers.pop() for passage in document.passages if passage.number}
    passages = tuple(
        replace(passage, number=names[passage.number]) if passage.number else passage for passage in document.passages
    )
    found = works(describe(replace(document, passages=passages), AUTHORITIES))

    assert all(symbol in found[names[number]][1] for number, symbol in MEANT.items())
