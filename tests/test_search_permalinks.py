"""What a cited address means today."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publishing import TWIN, A, B, C, D, E, F, Record, opened, swapped

from corpus.noid import ALPHABET
from index.ledger import DocumentLedger
from index.ledger_lines import extended
from search.landings import Landing, Verdict, landing_as_json
from search.permalinks import every_permalink, land, share_of
from search.pinpoints import Pinpoint, parse_permalink, parse_pinpoint


def cited_then(before: list[str], after: list[str], at: int = 1) -> Landing:
    """Where the link to passage *at* of *before* leads once *after* is published."""
    record = Record()
    record.publish(*before)
    link = record.links()[at]
    record.publish(*after)
    return record.land(link)


@pytest.mark.parametrize(
    ("before", "after", "verdict", "changes"),
    [
        ([A, B, C], [A, B, C], "same", ""),
        ([A, B, C], [D, A, B, C], "moved", "moved"),
        ([A, B, "#", C, D], [A, "#", C, B, D], "moved", "moved"),
        ([A, B, C], [A, swapped(B, "no answer", "an answer"), C], "reworded", "reworded"),
        ([A, B, C], [D, A, swapped(B, "no answer", "an answer"), C], "reworded", "reworded moved"),
        ([A, f"{B} {D}", C], [A, B, D, C], "split", "split"),
        ([A, f"{B} {D}", C], [A, swapped(B, "letter", "leter"), D, C], "split", "split reworded"),
        ([A, B, C], [f"{A} {B}", C], "merged", "merged"),
        ([A, B, C], [A, C], "gone", "gone"),
        ([A, B, C], [], "gone", "gone"),
    ],
)
def test_the_verdict_on_a_cited_passage(before: list[str], after: list[str], verdict: str, changes: str) -> None:
    landing = cited_then(before, after)

    assert landing.verdict == verdict
    assert [change.value for change in landing.changes] == changes.split()
    assert (landing.now is None) == (verdict == "gone")
    assert landing.cited is not None
    assert landing.cited.text == before[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("no answer", "an answer"),
        ("their sons", "his sons"),
        ("been buried", "not been buried"),
        ("families", "Rahimis"),
        ("received", "received,"),
    ],
)
def test_a_changed_word_is_never_the_same(old: str, new: str) -> None:
    landing = cited_then([A, B, C], [A, swapped(B, old, new), C])

    assert landing.verdict is Verdict.REWORDED
    assert "".join(piece.text for piece in landing.differences() if piece.change != "in") == B
    assert "".join(piece.text for piece in landing.differences() if piece.change != "out") == swapped(B, old, new)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('He called it "a lie" - and left.', "He called it “a lie” – and left."),
        ("It isn't so...", "It isn’t so…"),
        ("an official file", "an oﬃcial file"),
        ("گزارش علي", "گزارش علی"),
        ("the com\u00admittee met", "the committee met"),
    ],
)
def test_a_change_of_typography_alone_is_said(one: str, other: str) -> None:
    landing = cited_then([A, one, C], [A, other, C])

    assert landing.verdict is Verdict.REWORDED
    assert landing.typography_alone
    assert "typography" in landing.reason.lower()


def test_composed_and_decomposed_letters_are_the_same_wording() -> None:
    assert cited_then([A, "Le chargé d’affaires", C], [A, "Le charge\u0301 d’affaires", C]).verdict is Verdict.SAME


def test_what_is_gone_names_others_and_follows_none() -> None:
    record = Record()
    record.publish(A, B, C, swapped(B, "letter", "message"))
    link = record.links()[1]
    record.publish(A, C, swapped(B, "letter", "message"))
    landing = record.land(link)

    assert landing.verdict is Verdict.GONE
    assert landing.now is None
    assert [candidate.permalink for candidate in landing.candidates] == [record.links()[2]]
    assert landing.when == "2026-05-05T10:00:00Z"
    assert landing.why == "left out"


def test_a_twin_is_named_and_does_not_take_the_place() -> None:
    record = Record()
    record.publish(A, D, B, D, C)
    first, second = record.links()[1], record.links()[3]
    record.publish(A, B, D, C)

    assert record.land(first).verdict is Verdict.GONE
    assert [candidate.permalink for candidate in record.land(first).candidates] == [record.links()[2]]
    assert record.land(second).verdict is Verdict.SAME or record.land(second).verdict is Verdict.MOVED


def test_a_twin_that_stands_elsewhere_is_never_said_to_be_the_same_without_a_word() -> None:
    record = Record()
    record.publish(A, B, C, D, B, E, F)
    link = record.links()[1]
    record.publish(A, C, D, B, E, B, F)
    landing = record.land(link)

    assert landing.verdict is Verdict.MERGED
    assert "as it seems" in landing.reason
    assert landing.now is not None
    assert landing.now.permalink == record.links()[5]
    assert [candidate.permalink for candidate in landing.candidates] == [record.links()[3]]


def test_the_same_words_in_another_document_are_named() -> None:
    record, other = Record(), Record(slug="another", seed=5)
    record.publish(A, B)
    link = record.links()[1]
    record.publish(A)
    other.publish(C, B)

    assert [candidate.permalink for candidate in record.land(link, other).candidates] == [other.links()[1]]


def test_both_ends_of_a_split_are_shown_and_the_later_part_alone_if_the_first_goes() -> None:
    record = Record()
    record.publish(A, f"{B} {D}", C)
    link = record.links()[1]
    record.publish(A, B, D, C)
    assert [end.text for end in record.land(link).ends] == [B, D]

    record.publish(A, D, C)
    landing = record.land(link)
    assert landing.verdict is Verdict.SPLIT
    assert [end.text for end in landing.ends] == [D]


def test_what_was_doubled_shows_all_places_as_long_as_all_stand() -> None:
    record = Record()
    record.publish(A, B, C, D)
    link = record.links()[1]
    record.publish(A, B, B, C, D)
    landing = record.land(link)
    assert landing.verdict is Verdict.SPLIT
    assert [end.permalink for end in landing.ends] == record.links()[1:3]
    assert "nobody can say" in landing.reason

    copy = record.last.ids[2]
    record.publish(A, C, D, f"{B} {{#{copy}}}")
    landing = record.land(link)
    assert landing.verdict is Verdict.GONE
    assert [candidate.id for candidate in landing.candidates] == [copy]


def test_what_was_doubled_and_then_moved_apart_still_shows_all_places() -> None:
    record = Record()
    record.publish(A, B, C, D, E)
    link = record.links()[1]
    record.publish(A, B, B, C, D, E)
    record.publish(A, C, B, D, B, E)
    landing = record.land(link)

    assert landing.verdict is Verdict.SPLIT
    assert [end.text for end in landing.ends] == [B, B]
    assert "nobody can say" in landing.reason


def test_a_leftover_that_shares_one_word_is_no_part_of_what_was_cited() -> None:
    cited = "A relative of a prisoner published the letter in Geneva."

    assert share_of(cited, "the appeal.") == 0
    assert share_of(cited, "in Geneva.") == 1


def test_who_cited_after_the_split_meant_the_part() -> None:
    record = Record()
    record.publish(A, f"{B} {D}", C)
    record.publish(A, B, D, C)
    part = record.links()[1]
    assert record.land(part).verdict is Verdict.SAME

    record.publish(A, D, C)
    assert record.land(part).verdict is Verdict.GONE


def test_a_wording_that_stands_again_is_the_same_again() -> None:
    record = Record()
    record.publish(A, B, C)
    link = record.links()[1]
    record.publish(A, swapped(B, "no answer", "an answer"), C)
    between = record.links()[1]
    record.publish(A, B, C)

    assert record.links()[1] == link
    assert record.land(link).verdict is Verdict.SAME
    assert record.land(between).verdict is Verdict.REWORDED


def test_a_label_that_comes_back_is_no_move() -> None:
    record = Record()
    record.publish(A, B)
    link = record.links()[1]
    record.publish(D, A, B)
    shifted = record.links()[2]
    record.publish(A, B)

    assert record.land(link).verdict is Verdict.SAME
    assert record.land(shifted).verdict is Verdict.MOVED


@pytest.mark.parametrize(
    ("form", "verdict", "cited"),
    [
        ("{label}~{id}.{digest}", Verdict.SAME, True),
        ("{label}~{id}", Verdict.SAME, False),
        ("{id}", Verdict.SAME, False),
        ("{id}.{digest}", Verdict.SAME, True),
        ("nonsense~{id}.{digest}", Verdict.SAME, True),
        ("~{id}.{digest}", Verdict.SAME, True),
        ("{label}~{id}.zzzzz", Verdict.REWORDED, True),
        ("{label}~{id}.z", Verdict.REWORDED, True),
        ("{LABEL}~{ID}.{DIGEST}", Verdict.SAME, True),
    ],
)
def test_the_id_decides_and_the_digest_says_what_was_cited(form: str, verdict: Verdict, cited: bool) -> None:
    record = Record()
    record.publish(A, B)
    label, _, rest = record.links()[0].rpartition("/")[2].partition("~")
    identifier, digest = rest.split(".")
    parts = {"label": label, "id": identifier, "digest": digest}
    pinpoint = form.format(**parts, **{name.upper(): value.upper() for name, value in parts.items()})
    landing = record.land(f"/documents/record/p/{pinpoint}")

    assert landing.verdict is verdict
    assert (landing.cited is not None) == cited
    assert landing.now is not None
    assert landing.now.text == A
    if verdict is Verdict.REWORDED:
        assert landing.cited is not None
        assert landing.cited.text is None
        assert "no such wording" in landing.reason


def test_a_wrong_sign_is_a_slip_and_its_neighbours_are_named() -> None:
    record = Record()
    identifier = record.publish(A, B)[0]
    wrong = identifier[:2] + ALPHABET[(ALPHABET.index(identifier[2]) + 3) % 29] + identifier[3:]
    landing = record.land(f"/documents/record/p/s1-p1~{wrong}.00000")

    assert landing.verdict is Verdict.MISTYPED
    assert landing.now is None
    assert [candidate.id for candidate in landing.candidates] == [identifier]


def test_an_id_that_nobody_gave_is_unknown() -> None:
    record = Record()
    record.publish(A)
    other = Record(seed=77).publish(B)[0]

    assert record.land(f"/documents/record/p/{other}").verdict is Verdict.UNKNOWN
    assert record.land(f"/documents/nowhere/p/{other}").verdict is Verdict.UNKNOWN
    assert record.land("/search?q=x").verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("permalink", ["", "/", "https://[", "/documents/record/p/", "/documents/record/p/%ff~~..%00"])
def test_what_is_no_permalink_is_answered_all_the_same(permalink: str) -> None:
    record = Record()
    record.publish(A)

    assert record.land(permalink).verdict in (Verdict.UNKNOWN, Verdict.MISTYPED)


@settings(max_examples=60)
@given(st.text())
def test_any_pinpoint_gets_an_answer(text: str) -> None:
    record = Record()
    identifier = record.publish(A)[0]

    landing = record.land(f"/documents/record/p/{text}")
    assert landing.verdict in (Verdict.MISTYPED, Verdict.UNKNOWN) or landing.id == identifier


@pytest.mark.parametrize(
    "address",
    [
        "/documents/record/p/s1-p1~k7x3fh.c9d1x",
        "https://pincite.example/documents/record/p/s1-p1~k7x3fh.c9d1x",
        "https://pincite.example/archive/documents/record/p/s1-p1%7Ek7x3fh.c9d1x/?from=mail#top",
        "  /documents/record/p/s1-p1~K7X3FH.C9D1X  ",
    ],
)
def test_a_permalink_may_come_with_its_site(address: str) -> None:
    assert parse_permalink(address) == ("record", Pinpoint("k7x3fh", "s1-p1", "c9d1x"))


@pytest.mark.parametrize("mark", [".", ")", ",", ">", "»", "؟", ").", ";", "”", "\u200f", "...", "%C2%BB"])
def test_marks_of_the_sentence_around_it_are_no_part_of_a_permalink(mark: str) -> None:
    whole = Pinpoint("k7x3fh", "s1-p1", "c9d1x")

    assert parse_permalink(f"({'/documents/record/p/s1-p1~k7x3fh.c9d1x'}{mark}") == ("record", whole)
    assert parse_permalink(f"/documents/record/p/k7x3fh{mark}") == ("record", Pinpoint("k7x3fh"))
    assert parse_permalink(f"/documents/record#p-k7x3fh{mark}") == ("record", Pinpoint("k7x3fh"))


def test_both_ends_of_a_split_are_given_to_machines() -> None:
    record = Record()
    record.publish(A, f"{B} {D}", C)
    link = record.links()[1]
    record.publish(A, B, D, C)
    answer = landing_as_json(record.land(link))

    assert answer["verdict"] == "split"
    assert [end["text"] for end in answer["ends"]] == [B, D]  # type: ignore[attr-defined]


def test_a_link_without_a_digest_says_that_no_wording_was_cited() -> None:
    record = Record()
    identifier = record.publish(A, B, C)[1]
    for after in ([A, B, C], [B, A, C], [A, swapped(B, "no answer", "an answer"), C], [A, C]):
        record.publish(*after)
        assert "No wording was cited" in record.land(f"/documents/record/p/s1-p2~{identifier}").reason


def test_an_anchor_in_the_reader_is_an_id() -> None:
    assert parse_permalink("/documents/record#p-k7x3fh") == ("record", Pinpoint("k7x3fh"))


def test_links_given_under_a_former_name_lead_to_the_present_one() -> None:
    record = Record()
    record.publish(A, B)
    link = record.links()[1]
    assert record.ledger is not None
    record.slug = "report"
    record.ledger = replace(record.ledger, slug="report", formerly=("record",))
    record.publish(A, B)
    landing = record.land(link)

    assert landing.verdict is Verdict.MOVED
    assert landing.now is not None
    assert landing.now.permalink == record.links()[1] == link.replace("record", "report")


def test_after_a_rollback_later_ids_are_not_in_this_edition(tmp_path: Path) -> None:
    record = Record()
    record.publish(A, B)
    old = record.linked()
    record.publish(A, swapped(B, "no answer", "an answer"), C)
    reworded, added = record.links()[1:]
    (tmp_path / "old").mkdir()
    newest = opened(tmp_path, record)
    record.last = replace(record.last, ledger=old.ledger, ids=tuple(old.labels), permalinks=record.last.permalinks[:2])
    book = opened(tmp_path / "old", record)

    assert land(added, book, newest).verdict is Verdict.GONE
    assert "not in this edition" in land(added, book, newest).reason
    assert land(added, book).verdict is Verdict.UNKNOWN
    landing = land(reworded, book, newest)
    assert landing.verdict is Verdict.REWORDED
    assert landing.cited is not None
    assert landing.cited.text == swapped(B, "no answer", "an answer")


def test_an_erased_wording_is_still_judged() -> None:
    record = Record()
    record.publish(A, B, C)
    links = record.links()
    record.publish(A, swapped(B, "no answer", "an answer"))
    assert record.ledger is not None
    standing = {(one.id, len(one.states)) for one in record.ledger.standing()}
    faded = record.ledger.wordings.keys() - standing
    kept = {key: wording for key, wording in record.ledger.wordings.items() if key not in faded}
    erased = DocumentLedger("record", (), record.ledger.histories, kept)
    record.last = replace(record.last, ledger=erased)

    assert len(faded) == 2
    assert [record.land(link).verdict.value for link in links] == ["same", "reworded", "gone"]
    assert [landing.cited.text for link in links[1:] if (landing := record.land(link)).cited] == [None, None]


def test_a_second_wording_with_the_same_beginning_gets_a_longer_digest() -> None:
    record = Record()
    record.publish(A)
    record.publish(swapped(A, "summer", "autumn"))
    assert record.ledger is not None
    history = record.ledger.histories[record.last.ids[0]]
    first, second = history.states
    assert first.digest is not None
    alike = replace(second, digest=first.digest[:7] + ("1" if first.digest[7] == "0" else "0") + first.digest[8:])
    history = replace(history, states=(first, alike))
    assert alike.digest is not None

    assert history.short(first.digest) == first.digest[:5]
    assert history.short(alike.digest) == alike.digest[:8]
    assert history.cited(first.digest[:5]) == first.digest
    assert history.cited(alike.digest[:8]) == alike.digest
    assert history.cited(first.digest[:4]) is None


def test_every_id_ever_given_is_listed_those_that_stand_first(tmp_path: Path) -> None:
    record, other = Record(), Record(slug="another", seed=3)
    ids = record.publish(A, B, C)
    record.publish(C, A, E)
    other.publish(A)
    book = opened(tmp_path, record, other)
    links = list(every_permalink(book))

    assert links[:4] == [*other.links(), *record.links()]
    assert parse_permalink(links[4]) == ("record", parse_pinpoint(links[4].rpartition("/")[2]))
    assert parse_pinpoint(links[4].rpartition("/")[2]).id == ids[1]
    verdicts = [land(link, book).verdict for link in links]
    assert verdicts == [Verdict.SAME] * 4 + [Verdict.GONE]
    assert len({parse_permalink(link) for link in links}) == len(links) == 5


def test_no_link_ever_given_fails(tmp_path: Path) -> None:
    record = Record()
    rng = random.Random(11)
    given_links: set[str] = set()
    texts = [A, B, TWIN, C, D, TWIN, E]
    for _ in range(25):
        if rng.random() < 0.4 and len(texts) > 3:
            at = rng.randrange(len(texts) - 1)
            texts[at : at + 2] = [" ".join(texts[at : at + 2])]
        elif rng.random() < 0.5:
            at = rng.randrange(len(texts))
            words = texts[at].split()
            texts[at : at + 1] = [
                " ".join(part) for part in (words[: len(words) // 2], words[len(words) // 2 :]) if part
            ]
        else:
            rng.shuffle(texts)
        record.publish(*texts)
        given_links.update(record.links())
    book = opened(tmp_path, record)
    present = dict(zip(record.last.ids, texts, strict=True))

    for link in given_links:
        landing = land(link, book)
        assert landing.verdict not in (Verdict.MISTYPED, Verdict.UNKNOWN)
        assert landing.changes[:1] == (() if landing.verdict is Verdict.SAME else (landing.verdict,))
        assert landing.now is None or present[landing.now.id] == landing.now.text
        if landing.verdict in (Verdict.SAME, Verdict.MOVED):
            assert landing.now is not None
            assert landing.cited is not None
            assert landing.now.text == landing.cited.text


def test_the_answer_for_machines_has_the_agreed_names() -> None:
    landing = cited_then([A, B, C], [A, swapped(B, "no answer", "an answer"), C])
    answer = landing_as_json(landing)

    assert list(answer) == ["permalink", "verdict", "changes", "id", "now", "cited", "candidates", "reason", "ends"]
    assert answer["ends"] == []
    assert answer["now"] == {
        "id": landing.id,
        "permalink": landing.now.permalink if landing.now else None,
        "text": swapped(B, "no answer", "an answer"),
    }
    assert answer["cited"] == B


def test_reading_a_ledger_with_added_lines_is_reading_it_again() -> None:
    record = Record()
    record.publish(A, B)
    before = record.ledger
    plan = record.plan(B, A, C)

    assert before is not None
    assert extended(before, "record", plan.new.states, plan.new.wordings) == plan.ledger
