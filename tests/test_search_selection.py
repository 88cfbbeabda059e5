"""What is chosen beside the words, and the bounds of a question."""

from __future__ import annotations

import pytest

from search import limits
from search.limits import Limit
from search.results import SearchRequest
from search.selection import FacetName, Selection


def test_a_choice_makes_a_new_selection_and_dropping_it_gives_the_old_one() -> None:
    one = Selection(months=("1988-11",))
    two = one.with_("month", "1988-08").with_(FacetName.KIND, "annex").with_("kind", "annex")

    assert one == Selection(months=("1988-11",))
    assert two == Selection(months=("1988-08", "1988-11"), kinds=("annex",))
    assert two.without("kind", "annex").without("month", "1988-08") == one
    assert two.without("month") == Selection(kinds=("annex",))


def test_the_order_of_choosing_does_not_matter() -> None:
    assert Selection(officials=("b", "a", "b")) == Selection(officials=("a", "b"))


def test_a_selection_lists_its_choices_and_is_true_where_it_has_some() -> None:
    assert list(Selection(source_types=("un",), documents=("d",)).items()) == [
        (FacetName.SOURCE_TYPE, "un"),
        (FacetName.DOCUMENT, "d"),
    ]
    assert Selection(kinds=("body",))
    assert not Selection()


def test_an_unknown_facet_is_no_choice() -> None:
    with pytest.raises(ValueError, match="colour"):
        Selection().with_("colour", "red")


@pytest.mark.parametrize("field", ["limit", "offset", "facet_limit"])
def test_a_request_has_no_negative_numbers(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        SearchRequest("x", **{field: -1})  # type: ignore[arg-type]


def test_every_bound_has_a_unit_and_a_reason() -> None:
    bounds = [value for value in vars(limits).values() if isinstance(value, Limit)]

    assert limits.QUERY_CHARACTERS in bounds
    assert str(limits.QUERY_CHARACTERS) == "2,500 characters"
    for limit in bounds:
        assert limit > 0
        assert limit.unit
        assert limit.reason.endswith(".")
