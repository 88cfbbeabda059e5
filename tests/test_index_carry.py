"""Which passage of a new edition is which of the old one."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st
from publishing import TWIN, A, B, C, D, E, F, Record, swapped

from benchmarks.permalinks import simulate
from index.carry import differs_by_slips
from index.fractions import between
from index.likeness import Wordbook, held_in_row, held_share, longest_rising, similarity


def fate(before: list[str], after: list[str]) -> list[str]:
    """For each passage of *after*, the letter of the passage of *before* whose id it has, or "new"."""
    record = Record()
    letters = dict(zip(record.publish(*before), "abcdefghij", strict=False))
    return [letters.get(identifier, "new") for identifier in record.publish(*after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([A, B, C], [A, B, C], "a b c", id="nothing changed"),
        pytest.param([A, B, C], [D, A, B, C], "new a b c", id="inserted at the head"),
        pytest.param([A, B, C], [A, C], "a c", id="deleted"),
        pytest.param([A, B, C, D], [A, C, B, D], "a c b d", id="two changed places"),
        pytest.param([A, B, "#", C, D], [B, "#", C, A, D], "b c a d", id="moved to another section"),
        pytest.param([A, B, C], [A, swapped(B, "letter", "leter"), C], "a b c", id="a slip of the pen"),
        pytest.param([A, C, B], [A, swapped(C, "denied", "admitted"), B], "a b c", id="turned round, and still itself"),
        pytest.param([A, B, C], [A, swapped(B, "sons", "brothers") + " " + TWIN, C], "a b c", id="reworded and longer"),
        pytest.param([A, B, C], [A, D, C], "a new c", id="another in its place"),
        pytest.param([A, TWIN, B, TWIN, C], [A, TWIN, B, C], "a b c e", id="the second of two twins deleted"),
        pytest.param([A, TWIN, B, TWIN, C], [A, B, TWIN, C], "a c d e", id="the first of two twins deleted"),
        pytest.param([A, TWIN, B, C], [A, B, C, TWIN], "a c d b", id="moved, and no twin in sight"),
        pytest.param([A, TWIN, B, C, D], [A, TWIN, B, C, TWIN, D], "a b c d new e", id="copied to elsewhere"),
        pytest.param([A, TWIN, TWIN, B], [A, TWIN, TWIN, B], "a b c d", id="twins side by side stay"),
        pytest.param([A, TWIN, TWIN, B], [A, TWIN, B], "a new d", id="one of two side by side: nobody knows which"),
        pytest.param([A, TWIN, B], [A, TWIN, TWIN, B], "a new new c", id="copied beside itself: nobody knows which"),
        pytest.param([A, B, "^ Ibid.", "^ Ibid."], [A, B, "^ Ibid.", "^ Ibid."], "a b c d", id="notes that read alike"),
        pytest.param([A, B], [A, "^ " + swapped(B, "letter", "leter")], "a new", id="text does not turn into a note"),
        pytest.param([A, f"{B} {C}", D], [A, B, C, D], "a b new c", id="split: the first part keeps the id"),
        pytest.param([A, B, C, D], [A, f"{B} {C}", D], "a b d", id="joined: the first keeps its id"),
        pytest.param([A, f"5. {B}", C], [A, "5.", B, C], "a new b c", id="split off a number: the text keeps the id"),
        pytest.param(
            [A, "Dear Sir, at last", B], [A, "Dear", "Sir, at last", B], "a b new c", id="split, of few words"
        ),
        pytest.param([A, "1.", "Dear Sir", B], [A, "1. Dear Sir", B], "a b d", id="joined, of few words"),
        pytest.param(
            [A, B, "1.", C, "1.", D], [A, B, "1. " + C, "1.", D], "a b c e f", id="joined with one that has a twin"
        ),
        pytest.param([A, B, C, D], [A, C, f"{D} {B}"], "a c d", id="joined with one from elsewhere"),
        pytest.param([A, "Dear Anna", B], [A, "Dear Hanna", B], "a b c", id="of two words, one retyped in its place"),
        pytest.param([A, "ABSTRACT", B], [A, "ABSTRACCT", B], "a b c", id="one word with a slip in its place"),
        pytest.param(
            [A, TWIN, B, C, D, TWIN, E], [A, C, B, TWIN, D, TWIN, E], "a d c b e f g", id="a twin traded places"
        ),
        pytest.param(
            [A, TWIN, B, C, TWIN, D, E, F],
            [A, D, B, C, TWIN, E, F],
            "a f c d new g h",
            id="a twin deleted and its place taken, or traded and the other deleted: nobody knows",
        ),
        pytest.param(
            [A, TWIN, B, C, D, E],
            [A, swapped(D, "forty", "fifty"), B, C, swapped(TWIN, "was", "was not"), E],
            "a e c d b f",
            id="two traded places and were reworded",
        ),
        pytest.param(
            [A, "A list.", B, C, "A list. " + D, E],
            [A, "A list. " + B, C, "A list.", D, E],
            "a b d new e f",
            id="a few words joined here and split off there are not one passage that moved",
        ),
        pytest.param(
            [A, f"{B} {C}", B, D],
            [A, swapped(f"{B} {C}", "letter", "note"), swapped(B, "letter", "note"), D],
            "a b c d",
            id="what stands whole was not split",
        ),
        pytest.param([A, f"{B} {D}", C], [A, B, f"{D} {C}"], "a b c", id="words that passed to the next passage"),
        pytest.param([A, B, C, D], [A, D, swapped(C, "report", "reports"), B], "a d c b", id="moved with a slip"),
    ],
)
def test_the_id_stays_with_its_passage(before: list[str], after: list[str], expected: str) -> None:
    assert fate(before, after) == expected.split()


def test_a_passage_that_was_pasted_twice_is_itself_again_when_a_person_says_so() -> None:
    record = Record()
    ids = record.publish(A, B, C)
    doubled = record.publish(A, B, B, C)
    assert ids[1] not in doubled
    assert record.last.ledger.histories[ids[1]].last.into == tuple(doubled[1:3])

    again = record.publish(A, B, C)[1]
    assert again not in (ids[1], *doubled)

    record.review = [
        msgspec.structs.replace(line, decision="same" if line.id == ids[1] and again in line.to else "gone")
        for line in record.review
    ]
    assert record.publish(A, B, C) == ids


def test_a_stated_id_wins_over_every_likeness() -> None:
    record = Record()
    first, second = record.publish(A, B)

    assert record.publish(f"{A} {{#{second}}}", C)[0] == second
    assert record.last.ledger.survivor(first) == second  # whose words these were: they stand under the other id


def test_a_stated_id_that_nobody_gave_is_taken_as_it_is() -> None:
    other = Record(seed=9).publish(C)[0]

    assert Record().publish(f"{A} {{#{other}}}") == [other]


@pytest.mark.parametrize("stated", ["k7x3fg", "hello!", "0000"])
def test_a_stated_id_whose_check_does_not_fit_is_a_fault_and_none(stated: str) -> None:
    record = Record()
    given_id = record.publish(f"{A} {{#{stated}}}")[0]

    assert given_id != stated
    assert [fault.position for fault in record.last.faults] == [0]


def test_an_id_stated_twice_stays_with_the_first() -> None:
    record = Record()
    identifier = record.publish(A)[0]

    assert record.publish(f"{B} {{#{identifier}}}", f"{C} {{#{identifier}}}")[0] == identifier
    assert [fault.position for fault in record.last.faults] == [1]


def test_a_passage_that_comes_back_word_for_word_has_its_old_id() -> None:
    record = Record()
    ids = record.publish(A, B, C)
    record.publish(A, C)

    assert record.publish(A, B, C) == ids
    assert record.last.changes.returned == (ids[1],)


def test_a_short_text_that_comes_back_is_another() -> None:
    record = Record()
    gone = record.publish(A, TWIN, B, C)[1]
    record.publish(A, B, C)

    assert gone not in record.publish(A, B, C, TWIN)


def test_a_short_text_that_comes_back_where_it_stood_has_its_old_id() -> None:
    record = Record()
    identifiers = record.publish("Dear Sir", A, "No reply.", B, C)
    record.publish(A, B, C)

    assert record.publish("Dear Sir", A, "No reply.", B, C) == identifiers


def test_a_text_that_two_passages_once_had_comes_back_as_neither() -> None:
    record = Record()
    _, first, _, second, _ = record.publish(A, D, B, D, C)
    record.publish(A, B, C)

    assert not {first, second} & set(record.publish(A, B, D, C))


def test_a_document_that_comes_back_has_all_its_ids_twins_too() -> None:
    record = Record()
    texts = [A, TWIN, B, TWIN, C]
    ids = record.publish(*texts)
    record.publish()

    assert record.last.changes.lost == tuple(ids)
    assert record.publish(*texts) == ids


def test_what_was_joined_and_parted_again_is_as_before() -> None:
    record = Record()
    ids = record.publish(A, B, C, D)
    record.publish(A, f"{B} {C}", D)

    assert record.publish(A, B, C, D) == ids


def test_an_alias_follows_its_words_when_its_survivor_is_split() -> None:
    record = Record()
    _, _, third, _ = record.publish(A, B, C, D)
    record.publish(A, f"{B} {C}", D)
    record.publish(A, swapped(B, "letter", "message"), swapped(C, "report", "news"), D)

    assert record.last.ledger.survivor(third) == record.last.ids[2]


def test_an_alias_goes_when_its_words_go() -> None:
    record = Record()
    _, second, third, _ = record.publish(A, B, C, D)
    record.publish(A, f"{B} {C}", D)
    record.publish(A, B, D)

    assert record.last.ledger.survivor(second) == second
    assert record.last.ledger.survivor(third) is None


def test_a_doubt_is_put_to_a_person_and_their_word_is_kept() -> None:
    record = Record()
    lost = record.publish(A, TWIN, TWIN, B)[1]
    kept = record.publish(A, TWIN, B)[1]
    assert {line.id for line in record.review} >= {lost}
    assert kept != lost

    record.decide(lost, "same")
    assert record.publish(A, TWIN, B)[1] == lost
    assert record.last.ledger.survivor(kept) == lost
    assert record.plan(A, TWIN, B).writes_nothing


@pytest.mark.parametrize(
    ("before", "after", "meant"),
    [
        pytest.param([A, "8.", B, C], [A, "59.", B, C], 1, id="another number in its place"),
        pytest.param([A, "Annex", B, C, D], [A, B, C, f"{D} Annex"], 3, id="a word joined to a passage elsewhere"),
        pytest.param([A, "Annex", B, C, D], [A, B, C, D, f"Annex {E}"], 4, id="a word joined to a new passage"),
        pytest.param(
            [A, B, C, D], [A, C, D, f"{F} {swapped(B, 'letter', 'note')} {E}"], 3, id="reworded in a new passage"
        ),
    ],
)
def test_what_may_have_become_of_a_lost_passage_is_put_to_a_person(
    before: list[str], after: list[str], meant: int
) -> None:
    record = Record()
    lost = record.publish(*before)[1]
    ids = record.publish(*after)
    assert lost not in ids
    assert [line.to for line in record.review if line.id == lost] == [record.links()[meant]]

    record.decide(lost, "same")
    after_ids = record.publish(*after)
    assert record.last.ledger.survivor(lost) == after_ids[meant]
    assert record.plan(*after).writes_nothing


def test_a_person_may_say_that_it_is_gone() -> None:
    record = Record()
    lost = record.publish(A, TWIN, TWIN, B)[1]
    record.publish(A, TWIN, B)
    record.decide(lost, "gone")

    assert record.plan(A, TWIN, B).writes_nothing
    assert lost not in record.publish(A, TWIN, B)


def strayed_twin() -> tuple[Record, str]:
    """A document in which one of two passages that read alike stands elsewhere now, and the id that this one had."""
    record = Record()
    lost = record.publish(A, B, C, D, B, E, F)[1]
    record.publish(A, C, D, B, E, B, F)
    return record, lost


def test_a_twin_that_stands_elsewhere_is_shown_there_with_the_doubt_said() -> None:
    record, lost = strayed_twin()
    new = record.last.ids[5]

    assert record.last.ledger.survivor(lost) == new != lost
    assert record.last.ledger.histories[lost].strayed
    assert [(line.id, line.decision) for line in record.review] == [(lost, None)]
    assert record.plan(A, C, D, B, E, B, F).writes_nothing


@pytest.mark.parametrize("decision", ["same", "gone"])
def test_of_a_twin_that_stands_elsewhere_a_person_may_say_what_it_is(decision: str) -> None:
    record, lost = strayed_twin()
    record.decide(lost, decision)
    ids = record.publish(A, C, D, B, E, B, F)

    assert (ids[5] == lost) == (decision == "same")
    assert record.last.ledger.survivor(lost) == (lost if decision == "same" else None)
    assert record.plan(A, C, D, B, E, B, F).writes_nothing


def test_what_was_joined_to_a_passage_that_is_doubled_is_found_at_both_places() -> None:
    record = Record()
    alias = record.publish(A, B, D, C)[2]
    record.publish(A, f"{B} {D}", C)
    copies = record.publish(A, f"{B} {D}", f"{B} {D}", C)[1:3]

    assert record.last.ledger.histories[alias].last.into == tuple(copies)


def test_words_that_passed_to_a_neighbour_are_a_part_of_what_was_cited() -> None:
    record = Record()
    ids = record.publish(A, f"{B} {D}", C)
    record.publish(A, B, f"{D} {C}")

    assert record.last.ledger.histories[ids[1]].last.into == (ids[1], ids[2])


def test_a_copy_made_of_another_is_not_taken_for_what_stood_there() -> None:
    near = swapped(B, "no answer", "an answer")
    record = Record()
    ids = record.publish(A, near, C, B)

    assert record.publish(A, B, C, B)[1] != ids[1]
    assert record.last.ledger.survivor(ids[3]) == record.last.ids[3]


def test_a_moved_and_reworded_passage_is_itself_only_if_no_other_reads_like_it() -> None:
    long = f"{B} {C} {D}"
    moved = swapped(long, "forty", "fifty")
    assert fate([A, long, E, F], [A, E, F, TWIN, "A new end.", moved]) == ["a", "c", "d", "new", "new", "b"]

    near = swapped(long, "women", "children")
    assert fate([A, long, E, near, F], [A, E, F, TWIN, "A new end.", moved])[-1] == "new"


def test_two_passages_reworded_alike_are_told_apart_by_their_places() -> None:
    other = swapped(B, "letter", "message")
    record = Record()
    ids = record.publish(A, B, C, B, D)

    assert record.publish(A, other, C, other, D) == ids


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("the embassy denied it", "the embasy denied it", True),
        ("the embassy, denied it", "the embassy denied it.", True),
        ("forty men were named", "fourty men were named", True),
        ("it was not true", "it was now true", False),
        ("in 1988", "in 1989", False),
        ("Rahimi wrote", "Rahini wrote", False),
        ("they came", "they all came", False),
    ],
)
def test_slips_of_the_pen_change_no_name_number_or_short_word(one: str, other: str, slips: bool) -> None:
    assert differs_by_slips(one, other) == slips


@given(st.lists(st.integers(0, 30), max_size=25))
def test_a_longest_rising_row_rises_and_none_is_longer(values: list[int]) -> None:
    row = longest_rising(values)
    best = [1] * len(values)
    for at, value in enumerate(values):
        best[at] = 1 + max((best[before] for before in range(at) if values[before] < value), default=0)

    assert [values[at] for at in row] == sorted({values[at] for at in row})
    assert row == sorted(row)
    assert len(row) == max(best, default=0)


@given(st.integers(1, 60), st.integers(0, 10_000))
def test_between_two_orders_there_is_room_for_any_number(count: int, seed: int) -> None:
    rng = random.Random(seed)
    before, after = "", ""
    for _ in range(30):
        keys = between(before, after, count)
        assert sorted(set(keys)) == keys
        assert all(key > before and (not after or key < after) for key in keys)
        at = rng.randrange(count)
        before, after = keys[at], keys[at + 1] if at + 1 < count else after


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_takes_any_text(one: str, other: str) -> None:
    book = Wordbook()
    words, holder = book.coded(one), book.coded(other)

    assert similarity(words, words) == 1
    assert 0 <= similarity(words, holder) <= 1
    assert 0 <= held_in_row(words, holder) <= 1
    assert 0 <= held_share([words], holder) <= 1


def test_long_rows_of_the_same_text_keep_their_ids() -> None:
    record = Record()
    texts = [A, *["Ibid."] * 40, B, *[TWIN, "Ibid."] * 20, C]
    ids = record.publish(*texts)

    assert record.publish(*texts) == ids
    assert record.publish(*texts[:20], D, *texts[20:]) == [*ids[:20], record.last.ids[20], *ids[20:]]


@settings(max_examples=40)
@given(st.lists(st.sampled_from([A, B, C, D, E, F, TWIN, "Ibid."]), max_size=8), st.data())
def test_an_edition_published_again_changes_nothing(texts: list[str], data: st.DataObject) -> None:
    record = Record()
    ids = record.publish(*texts)

    assert record.plan(*texts).writes_nothing
    record.publish(*data.draw(st.permutations(texts)))
    again = record.publish(*data.draw(st.permutations([*texts, E])))
    assert len(set(again)) == len(again)
    assert record.plan(*_texts(record, again)).writes_nothing
    assert len(set(ids)) == len(ids)


def _texts(record: Record, ids: list[str]) -> list[str]:
    assert record.ledger is not None
    return [wording.text for one in ids if (wording := record.ledger.standing_wording(one)) is not None]


def _shuffled(texts: list[str]) -> list[str]:
    return random.Random(1).sample(texts, len(texts))


def _traded(texts: list[str]) -> list[str]:
    found = list(texts)
    for at in range(0, len(found) - 7, 6):
        found[at], found[at + 3] = found[at + 3], found[at]
    return found


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(_shuffled, id="all in another order"),
        pytest.param(_traded, id="pairs that traded places"),
        pytest.param(lambda texts: [text.replace(" a ", " one ") for text in texts], id="all reworded"),
        pytest.param(lambda texts: [" ".join(texts[at : at + 2]) for at in range(0, len(texts), 2)], id="all joined"),
        pytest.param(lambda texts: [text[::-1] for text in texts], id="another document altogether"),
    ],
)
def test_the_cost_of_an_edition_grows_no_faster_than_the_document(edited: Callable[[list[str]], list[str]]) -> None:
    def publish(size: int) -> None:
        record = Record()
        texts = [
            "Ibid." if at % 3 == 2 else f"On day {at} a witness of the case number {at} told it in a room"
            for at in range(size)
        ]
        record.publish(*texts)
        record.publish(*edited(texts))

    assert growth(publish, 20, 320) < 80


def test_random_edits_lead_no_link_to_another_passage() -> None:
    real = sorted((Path(__file__).parents[2] / "shared" / "real" / "frus").glob("*.md.gz"))
    tallies, runs = simulate(6, [1, 10], seed=7, real=real, others=False)

    assert [text for run in runs for text in run.unkept] == []
    assert tallies[1]["pincite"].silent == tallies[10]["pincite"].silent == 0
    assert tallies[1]["pincite"].wrong == 0
    assert tallies[1]["pincite"].share(tallies[1]["pincite"].right) >= 99
    assert tallies[10]["pincite"].share(tallies[10]["pincite"].right) >= 96


def test_with_the_doubts_decided_nearly_all_links_are_right() -> None:
    tallies, _ = simulate(3, [1, 20], seed=7, confirms=True, others=False)

    assert tallies[1]["pincite"].share(tallies[1]["pincite"].right) >= 99.5
    assert tallies[20]["pincite"].share(tallies[20]["pincite"].right) >= 98
