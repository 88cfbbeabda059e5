"""The whole way from a question to its answer, over a small generation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_collection import searcher_over

from index.record import (
    CallRecord,
    CitationRecord,
    DateRecord,
    MonthsRecord,
    PageSpan,
    ReferenceRecord,
    SectionRecord,
)
from search.labels import month_label
from search.results import NoticeKind, Results, SearchRequest, Sort, SuggestionKind, as_json
from search.searcher import Searcher
from search.selection import Selection

LINES = [
    "Mahallati denied the executions again and again.",  # 0
    "The Chargé d’affaires said that Mousavi had not denied it.",  # 1
    {"text": "محلاتی اعدام‌ها را تکذیب کرد", "language": "fa"},  # 2
    {"text": "The report MDE 13/031/1988 has 2,109 names in its cover-up chapter.", "page": PageSpan(3, 5)},  # 3
    {"text": "Members of the PMOI were condemn[ed] in secret.", "source_types": ("un", "ngo")},  # 4
    {
        "text": "On 29 November 1988 the ambassador held a meeting about burial at Behesht-e Zahra.",
        "months": MonthsRecord(("1988-11",), ("1988-12",)),
        "dates": (DateRecord("29 November 1988", "1988-11-29", "1988-11-29", "certain", 3),),
        "officials": ("mahallati",),
        "calls": (CallRecord("27", "p00006", 82),),
        "section": "2.1",
        "section_at": 1,
        "section_path": ("2 Answers given abroad", "2.1 The meeting of November"),
    },  # 5
    {
        "text": "Amnesty International, Iran: Political executions, A/43/705, para. 3.",
        "kind": "footnote",
        "form": "note",
        "number": "27",
        "called_from": ("p00005",),
        "cites": (CitationRecord(title="Iran: Political executions", symbol="A/43/705"),),
        "section": "2.1",
        "section_at": 1,
        "section_path": ("2 Answers given abroad", "2.1 The meeting of November"),
    },  # 6
    {
        "text": "Political executions (previously cited).",
        "kind": "footnote",
        "form": "note",
        "number": "28",
        "source_types": ("ngo",),
        "refers_to": (ReferenceRecord("p00006", "Political executions (previously cited)", "sure", (), "title", "27"),),
    },  # 7
    {"text": "Another document on what was done.", "document": "e"},  # 8
]
SECTIONS = {
    "d": (
        SectionRecord("2", "2 Answers given abroad", 1, "body", None, "p00005"),
        SectionRecord("2.1", "2.1 The meeting of November", 2, "body", 0, "p00005"),
    )
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    made = searcher_over(tmp_path_factory.mktemp("generation"), LINES, sections=SECTIONS, dates={"e": "2018-12-04"})
    yield made
    made.snapshot.close()


def ask(searcher: Searcher, query: str, **more: object) -> Results:
    return searcher.search(SearchRequest(query, **more))  # type: ignore[arg-type]


def found(results: Results) -> set[int]:
    """Positions of the passages that hold everything."""
    return {hit.position for hit in results.hits if not hit.missing}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", set(range(9))),
        ("denied", {0, 1}),
        ("deny", {0, 1}),
        ("executed", {0, 6, 7}),
        ("mahalati", {0, 2}),
        ("محلاتي", {0, 2}),
        ("moussavi", {1}),
        ("mojahedin", {4}),
        ("behesht zahra", {5}),
        ("charge d'affaires", {1}),
        ("2109", {3}),
        ("2,109", {3}),
        ("cover-up", {3}),
        ("mde13/031/88", {3}),
        ("MDE 13/031/88", {3}),
        ("condemned", {4}),
        ('"condemned in secret"', {4}),
        ('"denied the executions"', {0}),
        ('"the denied executions"', set()),
        ('"denied the execution"', set()),
        ('"executions denied"~5', {0}),
        ('"executions again"~0', {0}),
        ('"executions denied"~0', set()),
        ("execut*", {0, 6, 7}),
        ("mahalatti~", {0}),
        ("denied -mousavi", {0}),
        ("-denied", {2, 3, 4, 5, 6, 7, 8}),
        ("denied NOT (mousavi OR mahallati)", set()),
        ("denied AND (mousavi OR burial)", {1}),
        ("kind:footnote", {6, 7}),
        ("kind:footnote -document:e", {6, 7}),
        ("note:27", {6}),
        ("official:mahallati", {5}),
        ('official:"Mohammad Mahallati"', {5}),
        ("source:ngo", {4, 7}),
        ("source:NGO", {4, 7}),
        ("month:1988-12", {5}),
        ("date:1988-08..1988-11", {5}),
        ("date:1988-11-29", {5}),
        ("date:1988-11-30", set()),
        ("date:1988-11-20..1988-11-29", {5}),
        ("date:1988-11-30..", set()),
        ("date:..1988-11-29", {5}),
        ('month:"November 1988"', {5}),
        ("section:2", {5, 6}),
        ("section:2.1", {5, 6}),
        ('section:"meeting november"', {5, 6}),
        ("section:abroad", {5, 6}),
        ("page:4", {3}),
        ("page:1-3", {3}),
        ("lang:fa", {2}),
        ("cites:A/43/705", {6, 7}),
        ('cites:"political executions"', {6, 7}),
        ("document:e", {8}),
        ("burial month:1988-11", {5}),
        ("burial month:1989-11", set()),
        ("?", set()),
    ],
)
def test_each_question_finds_its_passages(searcher: Searcher, query: str, expected: set[int]) -> None:
    results = ask(searcher, query)

    assert found(results) == expected
    assert results.total == len(expected)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("denied", ("denied", "word", "denied")),
        ("executed", ("executed", "stem", "executions")),
        ("charge", ("charge", "spelling", "Chargé")),
        ("mahalati", ("mahalati", "name", "Mahallati")),
        ("mahallati", ("mahallati", "script", "محلاتی")),
        ("محلاتي", ("محلاتي", "script", "محلاتی")),
        ("mojahedin", ("mojahedin", "spelling", "PMOI")),
        ("mde13/031/88", ("mde13/031/88", "symbol", "MDE 13/031/1988")),
        ("Behesht Zahra", ("Behesht Zahra", "spelling", "Behesht-e Zahra")),
        ('"in secret"', ('"in secret"', "word", "in secret")),
        ("month:1988-11", ("1988-11", "month", "29 November 1988")),
        ("cites:A/43/705", ("A/43/705", "symbol", "A/43/705")),
        ("cites:A/43/705", ("A/43/705", "short-form", "Political executions (previously cited)")),
    ],
)
def test_each_hit_says_why(searcher: Searcher, query: str, reason: tuple[str, str, str]) -> None:
    told = {(one.word, str(one.by), one.found) for hit in ask(searcher, query).hits for one in hit.why}

    assert reason in told


def test_a_month_that_is_chosen_says_which_date_is_meant(searcher: Searcher) -> None:
    (hit,) = ask(searcher, "burial", selection=Selection(months=("1988-11",))).hits

    assert ("1988-11", "month", "29 November 1988") in {(one.word, str(one.by), one.found) for one in hit.why}


@pytest.mark.parametrize(
    "query", ["denied", "executed", "mahalati", "mojahedin", "MDE 13/031/88", '"in secret"', "den*"]
)
def test_every_snippet_marks_what_was_found(searcher: Searcher, query: str) -> None:
    results = ask(searcher, query)

    assert results.hits
    for hit in results.hits:
        assert any(piece.matched for piece in hit.snippet)
        assert hit.why or hit.missing


def test_passages_that_lack_words_follow_and_name_them(searcher: Searcher) -> None:
    results = ask(searcher, "denied burial")

    assert (results.total, results.total_partial) == (0, 3)
    assert {(hit.position, hit.missing) for hit in results.hits} == {
        (0, ("burial",)),
        (1, ("burial",)),
        (5, ("denied",)),
    }


@pytest.mark.parametrize(
    ("query", "partial"),
    [
        ('"denied the executions" burial', 0),
        ("denied burial -mousavi", 2),
        ("denied burial official:mahallati", 1),
        ("denied", 0),
        ("denied OR burial", 0),
        ("mohammad jafar mahallati denied", 3),
    ],
)
def test_only_plain_words_are_relaxed(searcher: Searcher, query: str, partial: int) -> None:
    assert ask(searcher, query).total_partial == partial


def test_nothing_is_relaxed_where_enough_passages_hold_everything(tmp_path: Path) -> None:
    with searcher_over(tmp_path, ["alpha beta"] * 20 + ["alpha"]).snapshot as snapshot:
        assert ask(Searcher(snapshot), "alpha beta").total_partial == 0
    with searcher_over(tmp_path / "fewer", ["alpha beta"] * 19 + ["alpha"]).snapshot as snapshot:
        assert ask(Searcher(snapshot), "alpha beta").total_partial == 1


def test_pages_run_over_both_totals_without_a_gap_or_a_repeat(tmp_path: Path) -> None:
    lines = ["alpha beta"] * 5 + ["alpha"] * 9 + ["beta gamma"] * 6 + ["gamma"]
    with searcher_over(tmp_path, lines).snapshot as snapshot:
        searcher = Searcher(snapshot)
        for sort in Sort:
            whole = [hit.position for hit in ask(searcher, "alpha beta", sort=sort, limit=100).hits]
            pages = [
                hit.position
                for offset in range(0, 30, 3)
                for hit in ask(searcher, "alpha beta", sort=sort, limit=3, offset=offset).hits
            ]

            assert pages == whole
            assert len(set(whole)) == len(whole) == 20
            assert set(whole[:5]) == set(range(5))
        assert ask(searcher, "alpha beta", offset=500).hits == ()


def test_an_empty_question_gives_everything_in_document_order(searcher: Searcher) -> None:
    results = ask(searcher, "  ")

    assert [hit.position for hit in results.hits] == list(range(9))
    assert all(hit.snippet for hit in results.hits)


def test_by_date_goes_by_the_day_stated_or_else_by_the_documents(searcher: Searcher) -> None:
    assert [hit.position for hit in ask(searcher, "", sort=Sort.DATE).hits] == [5, 8, 0, 1, 2, 3, 4, 6, 7]


def test_a_footnote_comes_with_the_sentence_that_calls_it(searcher: Searcher) -> None:
    (hit,) = ask(searcher, "note:27").hits

    assert "".join(piece.text for piece in hit.calling).endswith("Behesht-e Zahra.")
    assert hit.caller is not None
    assert hit.caller.id == "p00005"
    assert all(not other.calling for other in ask(searcher, "denied").hits)


def test_sections_are_listed_whose_own_heading_holds_all_words(searcher: Searcher) -> None:
    assert [one.title for one in ask(searcher, "meeting November").sections] == ["2.1 The meeting of November"]
    assert [one.section for one in ask(searcher, "answer").sections] == ["2"]
    assert ask(searcher, "abroad").sections[0].permalink == "/documents/d/p/p5~p00005.00000"
    assert not ask(searcher, "meeting abroad").sections
    assert not ask(searcher, "abroad", selection=Selection(documents=("e",))).sections
    assert not ask(searcher, "").sections
    assert ask(searcher, '"meeting of november"').sections
    assert not ask(searcher, '"november meeting"').sections


def test_words_of_headings_are_no_passages(searcher: Searcher) -> None:
    assert ask(searcher, "abroad").total == 0


def test_a_facets_own_choice_does_not_narrow_its_own_values(searcher: Searcher) -> None:
    results = ask(searcher, "", selection=Selection(kinds=("footnote",)))

    assert results.total == 2
    assert [(one.value, one.label, one.count, one.chosen) for one in results.facet("kind").values] == [
        ("body", "Text", 7, False),
        ("footnote", "Footnote", 2, True),
    ]
    assert [(one.value, one.label, one.count) for one in results.facet("source_type").values] == [("ngo", "NGO", 1)]


def test_months_tell_certain_from_possible(searcher: Searcher) -> None:
    months = ask(searcher, "").facet("month").values

    assert [(one.value, one.label, one.count, one.certain, one.possible) for one in months] == [
        ("1988-11", "November 1988", 1, 1, 0),
        ("1988-12", "December 1988", 1, 0, 1),
    ]


def test_officials_beyond_the_limit_are_counted_and_left_out(tmp_path: Path) -> None:
    lines = [{"text": "x", "officials": (f"o{number}",)} for number in range(12)]
    with searcher_over(tmp_path, lines).snapshot as snapshot:
        facet = ask(Searcher(snapshot), "", facet_limit=5, selection=Selection(officials=("o11",))).facet("official")

    assert [one.value for one in facet.values] == ["o0", "o1", "o10", "o11", "o2"]
    assert facet.left_out == 7


@pytest.mark.parametrize(
    ("query", "selection"),
    [
        ("month:1990-01", Selection()),
        ("official:nobody", Selection()),
        ("section:9.9", Selection()),
        ("cites:A/99/1", Selection()),
        ("note:99", Selection()),
        ("lang:de", Selection()),
        ("", Selection(source_types=("court",))),
        ("", Selection(documents=("nowhere",))),
    ],
)
def test_a_value_that_the_collection_lacks_finds_nothing_and_says_so(
    searcher: Searcher, query: str, selection: Selection
) -> None:
    results = ask(searcher, query, selection=selection)

    assert results.total == 0
    assert NoticeKind.LACKING in {notice.kind for notice in results.notices}


def test_a_word_that_stands_nowhere_is_named_with_its_place(searcher: Searcher) -> None:
    results = ask(searcher, "denied gohardasht")

    assert [(one.kind, one.at, one.length) for one in results.notices] == [(NoticeKind.ABSENT, 7, 10)]
    assert "gohardasht" in results.notices[0].message


def test_a_phrase_whose_words_are_known_but_stand_nowhere_together_is_named_with_its_place(searcher: Searcher) -> None:
    together = ask(searcher, "the executions").hits[0].record.text
    assert "executions the" not in together

    for question, absent, at in [
        ('denied "executions the denied"', "“executions the denied”", 7),
        ("executions-the-denied", "“executions-the-denied”", 0),
        ('"ambassador burial"~0', '“"ambassador burial"~0”', 0),
    ]:
        results = ask(searcher, question)
        assert results.total == 0
        assert [(one.kind, one.at) for one in results.notices if absent in one.message] == [(NoticeKind.ABSENT, at)]
    assert not ask(searcher, '"executions" NOT "executions the denied"').notices


def test_a_misspelt_word_is_offered_in_a_spelling_that_finds_something(searcher: Searcher) -> None:
    offered = [one for one in ask(searcher, "ambasador").suggestions if one.kind is SuggestionKind.SPELLING]

    assert [(one.query, one.total, one.changed) for one in offered] == [("ambassador", 1, "ambassador")]


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ('"the ambasador"', '"the ambassador"'),
        ('"deneid the executoins"', '"denied the executions"'),
        ('burial OR "ambasador the"~4', None),
        ('"ambasador the"~4', '"ambassador the"~4'),
        ("the-ambasador", "the-ambassador"),
    ],
)
def test_a_misspelt_word_inside_a_quotation_is_put_right_inside_it(
    searcher: Searcher, question: str, offered: str | None
) -> None:
    spelt = [one for one in ask(searcher, question).suggestions if one.kind is SuggestionKind.SPELLING]

    assert [one.query for one in spelt][:1] == ([] if offered is None else [offered])
    assert all(ask(searcher, one.query).total == one.total > 0 for one in spelt)


def test_a_quotation_that_stands_nowhere_is_offered_without_its_marks(searcher: Searcher) -> None:
    (offered,) = ask(searcher, '"executions the denied" -burial').suggestions

    assert offered.query == "executions the denied -burial"
    assert ask(searcher, offered.query).total == offered.total > 0


def test_nothing_is_offered_that_finds_nothing_under_the_filters(searcher: Searcher) -> None:
    results = ask(searcher, "ambasador", selection=Selection(kinds=("footnote",)))

    assert not results.suggestions


def test_the_filter_to_drop_is_named_with_what_it_would_find(searcher: Searcher) -> None:
    results = ask(searcher, "burial", selection=Selection(kinds=("footnote",), source_types=("ngo",)))
    dropped = [(one.facet, one.value, one.total) for one in results.suggestions if one.kind is SuggestionKind.FILTER]

    assert dropped == [(None, None, 1)]
    results = ask(searcher, "burial", selection=Selection(kinds=("footnote",)))
    assert [(one.facet, one.value, one.total) for one in results.suggestions] == [("kind", "footnote", 1)]


def test_words_are_tried_alone_where_all_together_find_nothing(searcher: Searcher) -> None:
    alone = [(one.query, one.total) for one in ask(searcher, "burial condemned").suggestions]

    assert alone == [("burial", 1), ("condemned", 1)]


def test_a_question_of_a_field_and_a_word_is_not_offered_the_word_twice(searcher: Searcher) -> None:
    offered = [(one.query, one.total) for one in ask(searcher, "kind:annex burial").suggestions]
    assert offered == [("burial", 1)]


def test_the_json_has_the_shape_that_was_promised(searcher: Searcher) -> None:
    answer = as_json(ask(searcher, "executions burial"))

    assert set(answer) >= {
        *("query", "generation", "total", "total_partial", "notices", "suggestions", "sections", "hits", "facets"),
        "facets_left_out",
    }
    assert set(answer["facets"]) == {"source_type", "official", "month", "kind"}
    assert answer["facets_left_out"]["official"] == 0
    for hit in answer["hits"]:
        assert set(hit) >= {
            *("document", "id", "label", "kind", "section", "number", "page", "snippet", "score", "missing", "why"),
            "permalink",
        }
        assert isinstance(hit["score"], float)
        assert {"text", "match"} <= set(hit["snippet"][0])


def test_marks_of_a_whole_document_stand_at_the_words(searcher: Searcher) -> None:
    marks = searcher.marks("denied burial", "d", 100)

    assert {
        position: [searcher.snapshot.text(position)[start:end] for start, end in pieces]
        for position, pieces in marks.items()
    } == {0: ["denied"], 1: ["denied"], 5: ["burial"]}


def test_a_budget_that_is_too_small_leaves_words_out_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.local_engine.POSTINGS", 60)
    monkeypatch.setattr("search.local_engine.POSTINGS_PER_PASSAGE", 1)
    with searcher_over(tmp_path, ["common rare"] + ["common word"] * 50).snapshot as snapshot:
        results = ask(Searcher(snapshot), "common word")

    assert results.total == 50
    assert any(notice.kind is NoticeKind.LEFT_OUT for notice in results.notices)


def test_a_prefix_beyond_its_bound_says_how_many_words_were_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.ways.PREFIX_WORDS", 10)
    lines = [f"word{number:03}" for number in range(30)] + ["word007"]
    with searcher_over(tmp_path, lines).snapshot as snapshot:
        results = ask(Searcher(snapshot), "word*")

    assert results.total == 11
    assert 30 in found(results)
    assert "30 words" in results.notices[0].message


@pytest.mark.parametrize(("month", "label"), [("1988-11", "November 1988"), ("1988-99", "1988-99"), ("x", "x")])
def test_months_have_names(month: str, label: str) -> None:
    assert month_label(month) == label


def test_what_is_not_understood_is_said_once_and_as_it_was_typed(searcher: Searcher) -> None:
    messages = [notice.message for notice in ask(searcher, "date:21/11/1988 xyzzy").notices]

    assert messages[0].startswith("date:21/11/1988 was taken as words: a day is 1988-11-21")
    assert messages[1:] == ["No passage of this collection has “xyzzy”."]


def test_two_forms_of_one_word_are_offered_as_one_question(tmp_path: Path) -> None:
    searcher = searcher_over(tmp_path, ["A massacre.", "Two massacres, and a mascara."])
    offered = [one.query for one in ask(searcher, "masacre").suggestions if one.kind is SuggestionKind.SPELLING]
    searcher.snapshot.close()

    assert [one for one in offered if one.startswith("massacre")] == ["massacre"]
