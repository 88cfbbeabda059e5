"""What the ways on from a page of results promise: each asks just what it says, and a private one is no address."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from search.results import Sort
from search.selection import COUNTED, FacetName, Selection
from web import links
from web.forms import SearchForm
from web.ways import Ways

MONTHS = st.sampled_from(["1988-07", "1988-11", "1990-01"])
NAMES = st.sampled_from(["un", "ngo", "state-media", "a b&c=d", "zürich"])
FORMS = st.builds(
    SearchForm,
    query=st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(
        lambda text: text == "" or text.strip()
    ),
    selection=st.builds(
        Selection,
        source_types=st.lists(NAMES, max_size=3),
        officials=st.lists(NAMES, max_size=2),
        months=st.lists(MONTHS, max_size=2),
        kinds=st.lists(st.sampled_from(["body", "annex", "footnote"]), max_size=2),
        documents=st.lists(st.sampled_from(["a-43-705", "note"]), max_size=2),
    ),
    as_printed=st.booleans(),
    sort=st.sampled_from(Sort),
    offset=st.sampled_from([0, 20]),
    generation=st.sampled_from([None, "g000001"]),
)


def read(way: str) -> SearchForm:
    path, _, arguments = way.partition("?")
    assert path == links.SEARCH
    return SearchForm.from_page(parse_qs(arguments, keep_blank_values=True))


@given(FORMS, st.sampled_from(COUNTED), st.one_of(NAMES, MONTHS))
def test_a_value_that_is_not_chosen_leads_to_the_first_page_with_it(
    form: SearchForm, facet: FacetName, value: str
) -> None:
    value = {FacetName.MONTH: "1989-03", FacetName.KIND: "body"}.get(facet, value)
    before, after = Ways(form, private=False).around(facet)
    wanted = form.selecting(form.selection.with_(facet, value))

    assert read(unescape(f"{before}{links.quoted(value)}{after}")) == wanted


@given(FORMS)
def test_every_way_says_the_whole_form(form: SearchForm) -> None:
    ways = Ways(form, private=False)

    for other in (form, form.sorted_by(Sort.DATE), form.printed(True), form.at(40, "g000001"), form.asking("other")):
        kept = other if other.offset else other.selecting(other.selection)
        assert read(ways.to(other)) == kept


@given(FORMS)
def test_a_private_way_is_no_address(form: SearchForm) -> None:
    ways = Ways(form, private=True)
    before, after = ways.around(FacetName.MONTH)

    assert links.SEARCH not in (before + after + ways.to(form)).replace("%2F", "/")[:7]
    assert not urlsplit(before).path.startswith("/")


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert Ways(SearchForm(), private=False).to(SearchForm("a\ud800")) == f"{links.SEARCH}?q=a%3F"
