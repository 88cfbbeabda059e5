"""Facets count what counting by hand counts."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import chosen, facet
from small_index import opened, passage
from strategies import MONTHS, OFFICIALS, SOURCES, records

from index.record import MonthsRecord, PassageRecord
from search.facets import Counted, count
from search.labels import Labels
from search.results import Facet
from search.selection import COUNTED, FacetName, Selection

_ATTRIBUTES = ("source_types", "officials", "months", "kinds", "documents")
_COLUMNS = ("source_type", "official", "month", "kind", "document")


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    return Selection(
        **{
            attribute: tuple(draw(st.lists(st.sampled_from((*values, "absent")), max_size=2)))
            for attribute, values in zip(
                _ATTRIBUTES,
                (SOURCES, OFFICIALS, MONTHS, ("body", "annex", "footnote"), ("d0", "d1", "d2")),
                strict=True,
            )
            if draw(st.booleans())
        }
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(), selections(), st.data())
def test_counts_equal_those_of_a_scan(passages: list[PassageRecord], selection: Selection, data: st.DataObject) -> None:
    positions = data.draw(st.lists(st.integers(0, len(passages) - 1), unique=True).map(sorted))
    matching = [passages[position] for position in positions]
    choice = {column: selection.chosen(column) for column in _COLUMNS}
    with opened(passages) as snapshot:
        counted = count(np.array(positions, np.uint32), snapshot, selection, {}, Labels(snapshot))

    assert counted.kept.tolist() == [chosen(record, choice) for record in matching]
    assert [one.name for one in counted.facets] == list(COUNTED)
    for one in counted.facets:
        over = [record for record in matching if chosen(record, choice, but=one.name.value)]
        totals = facet(over, one.name.value)
        assert {entry.value: entry.count for entry in one.values} == {
            **dict.fromkeys(selection.chosen(one.name), 0),
            **totals,
        }
        assert {entry.value for entry in one.values if entry.chosen} == set(selection.chosen(one.name))
        for entry in one.values:
            certain = sum(entry.value in record.months.certain for record in over)
            assert entry.certain == (certain if one.name is FacetName.MONTH else entry.count)
        assert one.left_out == 0


def test_the_commonest_come_first_and_equal_ones_by_value_but_months_by_time() -> None:
    passages = [
        passage(0, "", officials=("b", "c"), months=MonthsRecord(("1989-01",), ("1988-12",))),
        passage(1, "", officials=("c", "a"), months=MonthsRecord(("1989-01",))),
    ]
    with opened(passages) as snapshot:
        counted = count(np.arange(2, dtype=np.uint32), snapshot, Selection(), {}, Labels(snapshot))
    assert [(one.value, one.count) for one in counts(counted, FacetName.OFFICIAL).values] == [
        ("c", 2),
        ("a", 1),
        ("b", 1),
    ]
    assert [(one.value, one.count, one.certain) for one in counts(counted, FacetName.MONTH).values] == [
        ("1988-12", 1, 0),
        ("1989-01", 2, 2),
    ]


def test_a_limit_keeps_the_commonest_and_the_chosen_and_says_how_many_others_there_are() -> None:
    passages = [passage(number, "", officials=OFFICIALS[number:]) for number in range(len(OFFICIALS))]
    selection = Selection(officials=("official-0", "unknown"))
    with opened(passages) as snapshot:
        counted = count(
            np.arange(len(passages), dtype=np.uint32), snapshot, selection, {FacetName.OFFICIAL: 2}, Labels(snapshot)
        )
    officials = counts(counted, FacetName.OFFICIAL)
    assert [(one.value, one.count, one.chosen) for one in officials.values] == [
        ("official-6", 7, False),
        ("official-5", 6, False),
        ("official-0", 1, True),
        ("unknown", 0, True),
    ]
    assert officials.left_out == 4
    assert counted.kept.tolist() == [True, *[False] * 6]


def test_a_passage_with_hundreds_of_values_is_counted_and_found_by_each() -> None:
    many = tuple(f"o{number:03}" for number in range(300))
    with opened([passage(0, "", officials=many), passage(1, "", officials=many[250:252])]) as snapshot:
        column = snapshot.column("official")
        assert column.of(0) == many
        assert column.of(1) == many[250:252]
        assert column.having(["o250"]).tolist() == [True, True]
        assert column.having(["o299"], np.array([1, 0][::-1], np.uint32)).tolist() == [True, False]
        assert column.count(np.array([0], np.uint32)).sum() == 300
        assert column.count(None)[0, 251] == 2


def counts(counted: Counted, name: FacetName) -> Facet:
    return next(one for one in counted.facets if one.name is name)
