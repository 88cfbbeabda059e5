"""The query language: what each form means, that nothing crashes it, and that a tree prints itself back."""

from __future__ import annotations

import pytest
from growth import growth
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.limits import DEPTH, QUERY_CHARACTERS, QUERY_WORDS
from search.query import And, Everything, Field, FieldName, Fuzzy, Near, Not, Or, Phrase, Prefix, Query, Word, leaves
from search.results import NoticeKind
from search.syntax import parse

A, B, C = Word("a"), Word("b"), Word("c")


def field(name: str, value: str, quoted: bool = False) -> Field:
    return Field(FieldName(name), value, quoted)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Everything()),
        (" \t\n ", Everything()),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a OR b OR c", Or((A, B, C))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) c", And((A, B, C))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("a -b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a OR -b", Or((A, Not(B)))),
        ("-(a b)", Not(And((A, B)))),
        ("NOT NOT a", A),
        ('"a b"', Phrase("a b")),
        ("“a b”", Phrase("a b")),
        ("«a b»", Phrase("a b")),
        ('-"a b"', Not(Phrase("a b"))),
        ('"a  b"~5', Near("a b", 5)),
        ("word*", Prefix("word")),
        ("A/43/70*", Prefix("A/43/70")),
        ("word~", Fuzzy("word")),
        ("word~1", Fuzzy("word", 1)),
        ("cover-up", Word("cover-up")),
        ("A/43/705,", Word("A/43/705")),
        ("condemn[ed]", Word("condemn[ed]")),
        ("Iran's", Word("Iran's")),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ("kind:Footnote", field("kind", "footnote")),
        ("KIND:text", field("kind", "body")),
        ("month:1988-11", field("month", "1988-11")),
        ('month:"November 1988"', field("month", "November 1988", True)),
        ("date:1988-08..1988-12", field("date", "1988-08..1988-12")),
        ("date:..1988-12-05", field("date", "..1988-12-05")),
        ("section:2.1", field("section", "2.1")),
        ('section:"November 1988"', field("section", "November 1988", True)),
        ("page:3", field("page", "3")),
        ("cites:A/43/705", field("cites", "A/43/705")),
        ("note:*", field("note", "*")),
        ("note:27.", field("note", "27")),
        ("lang:fa", field("lang", "fa")),
        ("-kind:annex a", And((Not(field("kind", "annex")), A))),
        ("محلاتی -اعدام", And((Word("محلاتی"), Not(Word("اعدام"))))),
        ("\u200fمحلاتی\u200f،", Word("محلاتی")),
        ("می‌خواهند*", Prefix("می‌خواهند")),
    ],
)
def test_each_form_means_its_tree(text: str, query: Query) -> None:
    parsed = parse(text)

    assert parsed.query == query
    assert all(notice.kind is NoticeKind.READ_AS for notice in parsed.notices)


@pytest.mark.parametrize(
    ("text", "query", "places"),
    [
        ('"a b', And((A, B)), [0]),
        ('a b"', And((A, B)), [3]),
        ("(a b", And((A, B)), [0]),
        ("a b)", And((A, B)), [3]),
        ("a ()", A, [2, 3]),
        ("AND a", And((Word("and"), A)), [0]),
        ("a OR", And((A, Word("or"))), [2]),
        ("OR", Word("or"), [0]),
        ("a AND AND b", And((A, Word("and"), B)), [2]),
        ("a NOT", And((A, Word("not"))), [2]),
        ("a - b", And((A, B)), [2]),
        ("*ord", Word("ord"), [0]),
        ("wo*rd", Word("wo-rd"), [0]),
        ("w*", Word("w"), [0]),
        ("ab~", Word("ab"), [0]),
        ("cover-up~", Word("cover-up"), [0]),
        ('"a b"~', Phrase("a b"), [5]),
        ('"a b*"', Phrase("a b*"), [0]),
        ("author:smith", Word("author:smith"), [0]),
        ("kind:letter", Word("kind-letter"), [0]),
        ("month:1988-13", Word("month-1988-13"), [0]),
        ("date:1988-12..1988-08", Word("date-1988-12..1988-08"), [0]),
        ("note: 27", And((Word("note"), Word("27"))), [0]),
        ("a\x00b", And((A, B)), [1]),
        ("a \ud800", A, [2]),
        ('?! "', Word('?! "'), [3]),
    ],
)
def test_what_cannot_be_understood_is_taken_literally_with_its_place(
    text: str, query: Query, places: list[int]
) -> None:
    parsed = parse(text)

    assert parsed.query == query
    assert [notice.at for notice in parsed.notices] == places
    assert {notice.kind for notice in parsed.notices} == {NoticeKind.LITERAL}


def test_an_address_or_a_time_of_day_is_no_field_and_needs_no_notice() -> None:
    for text in ("https://www.example.org/x", "12:30", "c:d"):
        assert parse(text) == parse(text)
        assert parse(text).query == Word(text)
        assert not parse(text).notices


def test_blanks_beside_or_are_told_how_they_were_read() -> None:
    assert [notice.kind for notice in parse("a b OR c").notices] == [NoticeKind.READ_AS]
    assert not parse("(a b) OR c").notices
    assert not parse("a AND b OR c").notices


def test_text_beyond_the_bound_is_cut_between_words_and_told() -> None:
    words = "massacre " * 400
    parsed = parse(words)

    assert len(parsed.text) <= QUERY_CHARACTERS
    assert {leaf.text for leaf, _ in leaves(parsed.query) if isinstance(leaf, Word)} == {"massacre"}
    assert [notice.kind for notice in parsed.notices] == [NoticeKind.LEFT_OUT]
    assert not parse("x" * QUERY_CHARACTERS).notices
    assert len(parse("x" * 99_999).text) == QUERY_CHARACTERS


def test_words_beyond_the_bound_are_left_out_and_told() -> None:
    parsed = parse("x " * (QUERY_WORDS + 7))

    assert sum(1 for _ in leaves(parsed.query)) == QUERY_WORDS
    assert "7 more" in parsed.notices[0].message


def test_quotations_in_a_pasted_paragraph_are_words_like_the_others() -> None:
    pasted = "somebody wrote " * 20 + '(of "so called denials") "x'

    assert Word("denials") in [leaf for leaf, _ in leaves(parse(pasted).query)]
    assert NoticeKind.READ_AS in {notice.kind for notice in parse(pasted).notices}
    assert parse(str(parse(pasted).query)).query == parse(pasted).query
    assert Phrase("so called denials") in [leaf for leaf, _ in leaves(parse(f"{pasted} -other").query)]


def test_what_is_left_out_leaves_its_operators_in_their_place() -> None:
    many = " ".join(f'"x y{number}"~1' for number in range(3))
    left_out = '"p q"~1'
    kept = parse(many).query
    assert isinstance(kept, And)

    for text, last in (
        (f"{many} {left_out} OR b", Or((kept, B))),
        (f"{many} OR {left_out} b", Or((kept, B))),
        (f"{many} OR {left_out} OR b", Or((kept, B))),
        (f"{many} AND {left_out} AND b", And((*kept.parts, B))),
        (f"{many} ({left_out} OR b)", And((*kept.parts, B))),
        (f"{many} -{left_out} b", And((*kept.parts, B))),
        (f"{many} ({left_out}) b", And((*kept.parts, B))),
    ):
        assert parse(text).query == last, text
        assert {notice.kind for notice in parse(text).notices} <= {NoticeKind.LEFT_OUT, NoticeKind.READ_AS}


def test_deep_brackets_are_read_down_to_the_bound() -> None:
    assert parse("(a OR " * 500 + "b" + ")" * 500).notices
    assert not parse("(a OR " * DEPTH + "b" + ")" * DEPTH).notices


def test_a_distance_beyond_the_bound_is_cut_and_told() -> None:
    parsed = parse('"a b"~99999999999999999999999')

    assert isinstance(parsed.query, Near)
    assert parsed.query.between == 50
    assert [notice.kind for notice in parsed.notices] == [NoticeKind.LEFT_OUT]


def test_notices_are_never_more_than_anyone_reads() -> None:
    assert len(parse(') " ' * 600).notices) <= 20


PIECES = st.sampled_from(
    [
        *(
            "a",
            "b",
            "Mahallati",
            "cover-up",
            "A/43/705",
            "محلاتی",
            "٢٧",
            "é",
            "f*",
            "fo*",
            "foo~",
            "foo~1",
            "foo~9",
            "~",
        ),
        *("AND", "OR", "NOT", "and", "-", "--", "(", ")", '"', "“", "”", "«", "»", "*", "[", "]", "~5", ":", "'", "’"),
        *(
            "month:",
            "month:1988-11",
            "kind:footnote",
            "note:",
            "section:",
            "foo:",
            "date:..",
            "page:3-5",
            "\u200f",
            "\x00",
        ),
        *(" ", " ", " ", "  ", "\u200c", "\u00a0", ",", "."),
    ]
)
QUERIES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join))


@settings(max_examples=300, deadline=None)
@given(QUERIES)
@example("foo~1*")
@example(".note:27")
@example("-AND")
@example("note:27,\u200e,")
@example("a OR () OR b")
@example("((-)")
@example("PAGE:0{")
@example("[MONTH:0")
@example("PAGE:0:~0")
def test_a_tree_prints_itself_back_and_no_text_crashes(text: str) -> None:
    parsed = parse(text)

    assert parse(str(parsed.query)).query == parsed.query
    assert all(notice.at is None or 0 <= notice.at <= len(text) for notice in parsed.notices)
    for leaf, _ in leaves(parsed.query):
        assert text[leaf.at : leaf.at + 1] or not text


@pytest.mark.parametrize(
    "piece", ["«", "(", ")", "NOT ", "-(", "AND ", "OR ", "a:", '"a" ', "a* ", "~", "*-", "[", "a OR ("]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    assert growth(lambda size: parse(piece * (size // len(piece))), QUERY_CHARACTERS // 16, QUERY_CHARACTERS) < 80
