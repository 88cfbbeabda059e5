"""A query that names an official, a document or a passage leads straight there."""

from __future__ import annotations

import pytest

from corpus.authorities import Authorities, CollectionInfo, Official
from index.record import DocumentRecord
from web.shortcuts import SHORTCUTS_AT_MOST, Shortcuts

OFFICIALS = (
    Official("tarverdi", "Nader Tarverdi", ("Nader Tarverdi", "Tarverdi"), ("تروردی",), (), ()),
    Official("solani", "Mina Solani", ("Mina Solani", "Solani"), (), (), ()),
    Official("solani-2", "Omid Solani", ("Omid Solani", "Solani"), (), (), ()),
)
DOCUMENTS = (DocumentRecord("report", "Report <b>", "Union", "ngo", "1988", "A/43/705", (), False),)
SHORTCUTS = Shortcuts(Authorities(CollectionInfo("c", "C", ("en",), ()), OFFICIALS, (), ()), DOCUMENTS)
PERMALINK = "/documents/letters/p/s1-p1~7p5kmk.b1c2d"

CASES = [
    ("barges", []),
    ("tarverdi denied", ["/officials/tarverdi"]),
    ("تروردی", ["/officials/tarverdi"]),
    ("Solani", ["/officials/solani", "/officials/solani-2"]),
    ("omid solani", ["/officials/solani-2"]),
    ("A/43/705", ["/documents/report"]),
    ("see A/43/705 and Tarverdi", ["/documents/report", "/officials/tarverdi"]),
    ("A/44/620", []),
    (f"https://harbour.example{PERMALINK}", [PERMALINK]),
    (PERMALINK, [PERMALINK]),
    ("/documents/../p/x", []),
]


@pytest.mark.parametrize(("query", "addresses"), CASES)
def test_a_query_leads_straight_to_what_it_names(query: str, addresses: list[str]) -> None:
    assert [one.address for one in SHORTCUTS.of(query)] == addresses


def test_titles_are_escaped_and_ways_are_few() -> None:
    assert "<b>" not in SHORTCUTS.of("A/43/705")[0].title
    assert len(SHORTCUTS.of(f"{PERMALINK} " * 50)) == SHORTCUTS_AT_MOST
