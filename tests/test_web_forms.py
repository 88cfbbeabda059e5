"""What the search form promises: an address says what was asked, a mistake of a program is named."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from attacks import ATTACKS
from hypothesis import given
from hypothesis import strategies as st

from search.results import Sort
from search.selection import Selection
from web import links
from web.forms import BadParameterError, RepeatedParameterError, SearchForm, UnknownParameterError

WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
MONTHS = st.dates().map(lambda day: f"{day.year:04d}-{day.month:02d}")
FORMS = st.builds(
    SearchForm,
    query=WORDS,
    selection=st.builds(
        Selection,
        source_types=st.lists(NAMES, max_size=3).map(tuple),
        officials=st.lists(NAMES, max_size=3).map(tuple),
        months=st.lists(MONTHS, max_size=3).map(tuple),
        kinds=st.lists(st.sampled_from(["body", "annex", "footnote"]), max_size=3).map(tuple),
        documents=st.lists(NAMES, max_size=3).map(tuple),
    ),
    as_printed=st.booleans(),
    sort=st.sampled_from(Sort),
    limit=st.integers(1, 100),
    offset=st.integers(0, 10_000),
)


def arguments(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query, keep_blank_values=True)


@given(FORMS)
def test_the_address_of_a_form_says_all_that_it_asks(form: SearchForm) -> None:
    given_back = arguments(links.search(form.arguments()))

    assert SearchForm.from_api(given_back) == form
    assert SearchForm.from_page(given_back) == form


@given(FORMS, NAMES)
def test_choosing_a_value_twice_chooses_nothing(form: SearchForm, name: str) -> None:
    there_and_back = form.toggled("official", name).toggled("official", name)

    assert there_and_back.selection == form.selection
    assert there_and_back.offset == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "ten"), ("limit", "0"), ("limit", "101"), ("limit", "-1"), ("limit", "1e1"), ("limit", "١٠"),
        ("limit", ""), ("offset", "10001"), ("offset", "-1"), ("offset", "9" * 30), ("month", "1988"),
        ("month", "1988-13"), ("month", "1988-1"), ("month", "November 1988"), ("month", ""), ("kind", "note"),
        ("kind", "BODY"), ("sort", "newest"), ("as_printed", "yes"), ("document", "../etc/passwd"),
        ("document", "a b"), ("source", ""), ("source", "a\0b"), ("official", "\n"), ("official", "x" * 300),
        ("facet_limit", "10001"), ("g", "../x"),
    ],
)  # fmt: skip
def test_the_api_names_the_value_that_it_can_not_read(name: str, value: str) -> None:
    with pytest.raises(BadParameterError) as caught:
        SearchForm.from_api({"q": ["x"], name: [value]})

    assert caught.value.name == name
    assert caught.value.status == 400


def test_the_api_refuses_what_it_does_not_know_and_what_is_said_twice() -> None:
    with pytest.raises(UnknownParameterError, match="There is no parameter nonsense"):
        SearchForm.from_api({"nonsense": ["1"]})
    with pytest.raises(RepeatedParameterError, match="q is given 2 times"):
        SearchForm.from_api({"q": ["a", "b"]})


def test_a_page_leaves_unknown_and_empty_arguments_aside() -> None:
    mangled = {"q": ["a", "b"], "utm_source": ["x"], "month": ["", "1988-11"], "limit": [""], "fbclid": ["y"]}

    assert SearchForm.from_page(mangled) == SearchForm("a", Selection(months=("1988-11",)))


def test_a_page_tells_a_malformed_value_rather_than_taking_another() -> None:
    with pytest.raises(BadParameterError, match="offset=second is not understood"):
        SearchForm.from_page({"offset": ["second"]})


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_as_a_query_stays_in_its_place_in_an_address(attack: str) -> None:
    address = links.search(SearchForm(query=attack).arguments())

    assert not set(address) & set("<>\"' \n\r\t\0\\")
    assert arguments(address) == {"q": [attack.encode("utf-8", "replace").decode()]}


def test_too_many_values_of_one_filter_are_refused() -> None:
    with pytest.raises(BadParameterError, match="official"):
        SearchForm.from_api({"official": [f"x{number}" for number in range(201)]})
