"""Officials are found in any listed spelling or by an office that is theirs at that date, and nobody else is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record import AUTHORITIES, described, officials_of

from corpus.about import describe
from corpus.authorities import Official
from corpus.near_misses import near_misses
from corpus.problems import Severity

CASES = [
    # names
    ("Javad Kamal Lahouti said so.", "lahouti"),
    ("JAVAD LAHOUTI and Abdollah Noori’s letter", "lahouti nouri"),
    ("Mr Lahouti spoke; Ambassador Lahouti left.", "lahouti"),
    ("J.K. Lahouti replied.", "lahouti"),
    ("H. Lahouti replied.", ""),
    ("Djavad Lahouti replied.", "lahouti"),
    ("Parviz Lahouti, a baker, replied.", ""),
    ("Lahouti Street is long.", ""),
    ("The street was long. Lahouti Street is longer.", ""),
    ("They must go. “Raisi Must Be Heard”, he wrote.", "raisi"),
    ("The Raisi Government fell.", "raisi"),
    ("In Geneva Lahouti spoke.", "lahouti"),
    ("Later Lahouti spoke.", "lahouti"),
    ("FOREIGN MINISTER RAISI WENT HOME.", "raisi"),
    ("the habit of nouri and raisi", ""),
    ("Ebrahim Raisi was there, Raeisinia was not.", "raisi"),
    ("Raeisinia was there.", ""),
    ("Hamid Nouri was tried abroad. Nouri denied everything.", ""),
    ("Abdollah Nouri met Hamid Nouri.", "nouri"),
    ("See https://example.org/ebrahim-raisi and example.org/lahouti for more.", ""),
    # namesakes
    ("Sina Golshan spoke.", "sina-golshan"),
    ("Mohammad-Reza Golshan spoke.", "reza-golshan"),
    ("Karim Golshan Teymouri spoke.", "golshan-teymouri"),
    ("Golshan spoke.", ""),
    ("Ahmad Golshan spoke.", ""),
    ("Sina Golshan arrived. Golshan spoke.", "sina-golshan"),
    ("Sina Golshan met Reza Golshan. Golshan spoke.", "sina-golshan reza-golshan"),
    ("Prime Minister Golshan spoke.", "sina-golshan"),
    ("The Golshan-Teymouri talks failed, the Lahouti-Raisi talks went on.", "golshan-teymouri lahouti raisi"),
    ("Ministers Lahouti and Raisi, and Col. Nouri, came.", "lahouti raisi nouri"),
    ("Teymouri spoke.", "golshan-teymouri"),
    # Persian
    ("گفت: جواد لاهوتی آمد.", "lahouti"),
    ("جواد لاهوتي و عبدالله نوری", "lahouti nouri"),
    ("سينا گلشن", "sina-golshan"),
    ("جواد کمال‌لاهوتی", "lahouti"),
    ("سخنان جواد الهوتی در سازمان ملل", "lahouti"),
    ("ملل سازمان در الهوتی جواد سخنان", "lahouti"),
    # offices
    ("On 3 October 1988 the interior minister denied it.", "nouri"),
    ("In March 1986 the interior minister denied it.", "raisi"),
    ("In March 1975 the interior minister denied it.", ""),
    ("The interior minister denied it.", ""),
    ("In 1986 the interior minister denied it.", "raisi"),
    ("In 1988 the interior minister denied it.", ""),
    ("On 3 October 1988 the French interior minister denied it.", ""),
    ("On 3 October 1988 the deputy interior minister denied it.", ""),
    ("On 3 October 1988 Iraq’s interior minister denied it.", ""),
    ("On 3 October 1988 the Minister of the Interior of France denied it.", ""),
    ("On 3 October 1988 Interior Minister Pierre Duval denied it.", ""),
    ("On 3 October 1988 the interior minister, Pierre Duval, denied it.", ""),
    ("On 3 October 1988 the adviser to the interior minister denied it.", ""),
    ("In May 1988 Norland’s then prime minister spoke.", "sina-golshan"),
    ("In May 2020 Norland’s former prime minister spoke.", "sina-golshan"),
    ("In May 2020 Norland’s prime minister spoke.", ""),
    ("On 2 May 1988 Norland’s Permanent Representative to the United Nations spoke.", "lahouti"),
    ("Javad Lahouti spoke. The Permanent Representative added nothing.", "lahouti"),
    ("Sina Golshan spoke. The Permanent Representative added nothing.", "sina-golshan"),
    ("Abdollah Nouri and Ebrahim Raisi met. The interior minister spoke.", "nouri raisi"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_passage_names_these_officials_and_no_others(text: str, expected: str) -> None:
    assert set(officials_of(text)) == set(expected.split())


def test_officials_come_in_the_order_of_their_first_mention() -> None:
    assert officials_of("Raisi met Nouri, then Raisi met Lahouti.") == ("raisi", "nouri", "lahouti")


def test_a_bare_surname_goes_to_the_bearer_named_last_under_the_heading() -> None:
    document = described(
        "# One\n\nSina Golshan came.\n\nGolshan spoke.\n\n# Two\n\nReza Golshan came.\n\nGolshan spoke.\n\n"
        "# Three\n\nGolshan left.\n"
    )

    assert [about.officials for about in document.about] == [
        ("sina-golshan",),
        ("sina-golshan",),
        ("reza-golshan",),
        ("reza-golshan",),
        (),
    ]


def test_a_quotation_finds_in_its_lead_in_whom_it_calls_by_office() -> None:
    document = described("Javad Lahouti was asked.\n\n> “He [the Permanent Representative] did not answer.”\n")

    assert [about.officials for about in document.about] == [("lahouti",), ("lahouti",)]


def test_an_item_of_a_list_does_not_inherit_the_official_of_the_item_before() -> None:
    document = described(
        "Some examples:\n\n- In Lisbon, Reza Golshan, Norland’s chargé d’affaires in Lisbon, denied it.\n"
        "- In Oslo, the chargé d’affaires denied it.\n"
    )

    assert [about.officials for about in document.about] == [(), ("reza-golshan",), ()]


def test_a_numbered_paragraph_finds_in_the_ones_before_whom_it_calls_by_office() -> None:
    document = described(
        "## A. Rain\n\n1. In September 1988 the interior minister, Abdollah Nouri, denied it.\n\n"
        "2. It rained.\n\n3. The minister repeated it on 3 October 1988.\n"
    )

    assert [about.officials for about in document.about] == [("nouri",), (), ("nouri",)]


def test_a_note_finds_whom_it_calls_by_office_in_the_passage_that_calls_it() -> None:
    document = described("Javad Lahouti denied it.[^1]\n\n[^1]: The Permanent Representative said so in a letter.\n")

    assert document.about[1].officials == ("lahouti",)


def test_an_unlisted_transliteration_is_proposed_and_not_tagged() -> None:
    document = described("Djavad Lahuti met Ebrahim Raeesi and Raeisinia.\n")
    misses = near_misses(document, AUTHORITIES)

    assert document.about[0].officials == ()
    assert [(miss.severity, miss.message.split("”")[0]) for miss in misses] == [
        (Severity.NEAR_MISS, "“Djavad Lahuti"),
        (Severity.NEAR_MISS, "“Ebrahim Raeesi"),
    ]
    assert misses[0].path == "documents/test.md"


WORDS = st.sampled_from(["Golshan", "Sina", "Nouri", "the", "interior", "minister", ".", "’s", "(", "»", "ی"])


@given(st.text(max_size=80) | st.lists(WORDS).map(" ".join))
@settings(deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    document = described("One paragraph.\n")
    odd = replace(document, passages=(replace(document.passages[0], text=text),), about=())

    assert len(describe(odd, AUTHORITIES).about) == 1
    near_misses(odd, AUTHORITIES)


def test_a_surname_is_its_owners_until_somebody_else_who_bears_it_is_named() -> None:
    document = described("Raisi spoke.\n\nLater Karim Raisi, a baker, came.\n\nRaisi spoke.\n")

    assert [one.officials for one in document.about] == [("raisi",), (), ()]


def test_a_surname_with_a_particle_is_not_that_of_who_bears_another_given_name() -> None:
    hakim = Official("hakim", "Yusuf al-Hakim", ("al-Hakim",))
    authorities = replace(AUTHORITIES, officials=(hakim,))
    texts = ("Al-Hakim wrote.", "Tewfik al-Hakim wrote.", "Minister al-Hakim wrote.")

    found = [describe(described(text + "\n"), authorities).about[0].officials for text in texts]

    assert found == [("hakim",), (), ("hakim",)]
