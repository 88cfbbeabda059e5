"""Source types: whose record a note cites and a passage reports."""

import pytest
from record import described, source_types_of

from corpus.sources import quotations

PROSE = [
    ("The Gazette reported that it rained.", "media"),
    ("On 3 May, the Gazette similarly reported rain.", "media"),
    ("World Wire, according to people who read it, is good.", "other"),
    ("According to World Wire, it rained.", "media"),
    ("A report by Rights Watchers says so.", "ngo"),
    ("Rights Watchers’ reports say so.", "ngo"),
    ("RW documentation of the case is long.", "ngo"),
    ("He met delegates of Rights Watchers.", "other"),
    ("He met Rights Watchers delegates, who said nothing.", "other"),
    ("Rights Watchers delegates said nothing.", "other"),
    ("He wrote to Rights Watchers.", "other"),
    ("He was criticised by Rights Watchers.", "other"),
    ("Concerns raised by Rights Watchers were ignored.", "other"),
    ("The UN Special Rapporteur sent a cable.", "un"),
    ("A resolution adopted by the UN General Assembly condemned it.", "un"),
    ("He tried to stop the UN General Assembly.", "other"),
    ("World Wire and The Gazette reported rain.", "media"),
    ("It was covered by outlets including World Wire, The Gazette and the Norland Herald.", "media state-media"),
    ("In an article published by the Norland Herald, he denied it.", "state-media"),
    ("He gave an interview with The Gazette.", "media"),
    ("World Wire reported on an appeal of members of Congress.", "media"),
    ("World Wire reported that “Rights Watchers said it rained”.", "media"),
    ("World Wire cited “a report that “Rights Watchers published” last year”.", "media"),
    ("The Gazette Council met and said nothing.", "other"),
    ("He sent a letter from the Permanent Mission of Norland.", "government"),
    ("Nothing was reported.", "other"),
    ("It is Rights Watchers’ view that it rained.", "ngo"),
    ("He took Rights Watchers’ side.", "other"),
    ("The mission of Norland handed the Gazette a coat.", "other"),
    ("The Permanent Mission of Norland handed over a list of the wet.", "government"),
    ("He should publish the letter he sent on behalf of the Permanent Mission of Norland to them.", "government"),
    ("He worked on behalf of the Permanent Mission of Norland.", "other"),
    ("They undid the resolution of the UN General Assembly.", "un"),
    ("The story of Rights Watchers is long.", "other"),
    ("Media reports from several towns said the same.", "media"),
    ("According to many international press reports, it rained.", "media"),
    ("He paid no attention to press reports.", "other"),
    ("The film was shown on state television.", "other"),
    ("State television reported rain.", "state-media"),
    ("He liked newspapers.", "other"),
    ("A report by Rights Watchers researchers says so.", "ngo"),
    ("He was seen by Rights Watchers researchers.", "other"),
    ("The Norland Herald, quoting World Wire, said that it rained.", "state-media"),
    ("The Norland Herald, citing Rights Watchers and the Gazette, reported rain.", "state-media"),
    ("It rained for ten days, said World Wire.", "media"),
    ("World Wire could add a word on rain.", "other"),
    ("The UN General Assembly left them in a state of joy.", "other"),
    ("A presence of the UN General Assembly is maintained there.", "other"),
    ("Projects carried out by Rights Watchers failed.", "other"),
    ("If World Wire announced rain, it rained.", "other"),
    ("They gave World Wire a report on rain.", "other"),
    ("Rights Watchers provided a list of the wet.", "ngo"),
    ("Rights Watchers provided coats.", "other"),
    ("“It rained”, wrote the Norland Herald on Monday.", "state-media"),
    ("He said World Wire was good.", "other"),
    ("It rained, said World Wire delegates.", "other"),
    ("The Permanent Mission of Norland sent a letter to the UN Special Rapporteur.", "government"),
    ("In a letter to the UN General Assembly, the Permanent Mission of Norland denied it.", "government"),
    ("In a letter, he denied it to the Permanent Mission of Norland.", "other"),
]
NOTES = [
    ("Rights Watchers, “Rain”, 3 May 1988.", "ngo"),
    ("Ann Author, “Rain”, The Gazette, 3 May 1988.", "media"),
    ("World Wire, “Rights Watchers says it rains”, 3 May 1988; Rights Watchers, “Rain”, 1988.", "media"),
    ("UN Special Rapporteur, Report, 3 May 1988, UN Doc. E/CN.4/1988/1.", "un"),
    ("Permanent Representative of Norland to the United Nations, Letter, 1 May 1989, UN Doc. A/44/999.", "government"),
    ("Letter of 1 May 1989, UN Doc. A/44/999.", "government"),
    (
        "Letter from the Permanent Mission of Westland to the UN General Assembly, 1 May 1989, UN Doc. A/44/1.",
        "government",
    ),
    ("Letter from the Permanent Mission of Westland to a working group, 1 May 1989.", "government"),
    ("Letter from the UN Special Rapporteur to the Permanent Mission of Norland, 1 May 1989.", "un"),
    ("Letter from Rights Watchers to the UN General Assembly, 1 May 1989.", "ngo"),
    ("UN Doc. A/44/998.", "un"),
    ("See https://www.rightswatchers.example/en/rain.", "ngo"),
    ("See https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Frightswatchers.example%2Fen", "ngo"),
    ("“A bad day for The Gazette”, 3 May 1988.", "media"),
    ("The records are on file with Rights Watchers.", "ngo"),
    ("He never said why.", "other"),
]


@pytest.mark.parametrize(("text", "expected"), PROSE)
def test_a_passage_has_the_types_of_the_records_that_it_reports(text: str, expected: str) -> None:
    assert set(source_types_of(text)) == set(expected.split())


@pytest.mark.parametrize(("text", "expected"), NOTES)
def test_a_note_has_the_type_of_the_first_publisher_that_it_names(text: str, expected: str) -> None:
    assert described(f"It rained.[^1]\n\n[^1]: {text}\n").about[1].source_types == (expected,)


def test_a_passage_has_the_types_of_the_notes_that_it_calls() -> None:
    document = described(
        "It rained.[^1] It poured.[^2]\n\n[^1]: World Wire, “Rain”, 1988.\n\n[^2]: Rights Watchers, “X”, 1988.\n"
    )

    assert document.about[0].source_types == ("media", "ngo")


def test_a_quotation_set_apart_has_the_types_of_its_lead_in_and_no_other_passage_has() -> None:
    document = described("World Wire reported:\n\n> It rained in Norland.\n\nThe sun came out.\n")

    assert [about.source_types for about in document.about] == [("media",), ("media",), ("other",)]


def test_a_lead_in_without_a_record_has_the_types_that_its_quotation_cites() -> None:
    document = described("He added:\n\n> It rained.[^1]\n\n[^1]: World Wire, “Rain”, 1988.\n")

    assert [about.source_types for about in document.about] == [("media",), ("media",), ("media",)]


def test_an_item_has_the_types_of_the_sentence_that_opens_its_list_not_of_those_before() -> None:
    document = described("World Wire reported rain. These were wet:\n\n- Ann\n\nWorld Wire listed:\n\n- Ben\n")

    assert [about.source_types for about in document.about] == [("media",), ("other",), ("media",), ("media",)]


@pytest.mark.parametrize(
    ("definition", "later", "expected"),
    [
        (
            "Rights Watchers issued Storms of Norland (hereafter Storms), a book.",
            "As documented in Storms, it rained.",
            "ngo",
        ),
        ("The Rights Watchers (“the Watchers”) met.", "The Watchers reported rain.", "other"),
        ("The Gazette (“GZT”) came out.", "GZT reported rain.", "media"),
        ("The Gazette (GZT) came out.", "According to GZT, it rained.", "media"),
        ("The Gazette (hereinafter referred to as the “Paper”) came out.", "The Paper reported rain.", "media"),
        ("Rain (hereafter Storms) fell.", "As documented in Storms, it rained.", "other"),
        ("The Gazette (in 1988) came out.", "In 1988 reported rain.", "other"),
    ],
)
def test_a_short_name_that_a_document_gives_stands_for_the_publisher(
    definition: str, later: str, expected: str
) -> None:
    assert described(f"{definition}\n\n{later}\n").about[1].source_types == (expected,)


def test_an_item_has_the_types_of_its_lead_in_only_when_it_has_none_of_its_own() -> None:
    document = described(
        "World Wire reported:\n\n- rain\n- snow, according to The Gazette[^1]\n\n[^1]: Rights Watchers, “X”, 1988.\n"
    )

    assert [about.source_types for about in document.about[:3]] == [("media",), ("media",), ("media", "ngo")]


def test_a_short_form_without_a_publisher_has_the_type_of_the_note_it_means() -> None:
    document = described("A.[^1] B.[^2]\n\n[^1]: World Wire, “Rain”, 3 May 1988.\n\n[^2]: Ibid.\n")

    assert document.about[2].source_types == ("media",)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a “b” c", [(2, 5)]),
        ("“a “b” c” d", [(0, 9)]),
        ("“a “b” c", [(3, 6)]),
        ('say "a" and "b"', [(4, 7), (12, 15)]),
        ("« a » ”", [(0, 5)]),
        ('odd " one', []),
    ],
)
def test_quotations_are_the_outermost_that_close(text: str, spans: list[tuple[int, int]]) -> None:
    assert quotations(text) == spans
