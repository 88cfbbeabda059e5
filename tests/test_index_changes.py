"""What a build says has changed."""

from hypothesis import given
from hypothesis import strategies as st

from index.changes import Changes, compare
from index.record import MonthsRecord, PassageRecord


def passage(identity: str, text: str = "text", path: tuple[str, ...] = (), kind: str = "body") -> PassageRecord:
    return PassageRecord(
        document="d", id=identity, label="p1", kind=kind, form="paragraph", page=None, section="", section_path=path,
        number=None, text=text, calls=(), called_from=(), officials=(), source_types=(), months=MonthsRecord(),
        dates=(),
        date_flags=(), cites=(), refers_to=(), permalink=identity,
    )  # fmt: skip


def test_each_kind_of_change_is_listed_once_and_nothing_else() -> None:
    before = [passage(i) for i in "abcdefgh"]
    after = [
        passage("a"), passage("new"), passage("b", text="other"), passage("d"), passage("e", path=("1",)),
        passage("g"), passage("h"), passage("f"),
    ]  # fmt: skip

    assert compare(before, after) == Changes(gained=("new",), lost=("c",), moved=("e", "f"), reworded=("b",))


def test_an_insertion_moves_nobody_and_notes_follow_their_marks() -> None:
    before = [passage("a"), passage("b"), passage("n", kind="footnote"), passage("m", kind="footnote")]
    after = [passage("x"), passage("a"), passage("b"), passage("m", kind="footnote"), passage("n", kind="footnote")]

    assert compare(before, after) == Changes(gained=("x",))


@given(st.permutations(list("abcdefghij")))
def test_what_is_not_said_to_have_moved_stands_in_its_old_order(order: list[str]) -> None:
    changes = compare([passage(i) for i in "abcdefghij"], [passage(i) for i in order])
    stayed = [i for i in order if i not in changes.moved]

    assert stayed == sorted(stayed)
    assert bool(changes) == (order != sorted(order))
