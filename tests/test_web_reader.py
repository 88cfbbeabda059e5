"""What the page of a document promises of what is hard to set: tables one after another, notes of their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_site import build, site_of, stop

TABLES = """---
title: Tables
---

| Port | Boats |
|------|-------|
| Kuhdasht | 12[^1] |

| نام | تاریخ |
|------|-------|
| الف | ۵ مرداد ۱۳۶۷ |

[^1]: Counted twice.
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("reader")
    (root / "collection" / "documents").mkdir(parents=True)
    (root / "collection" / "collection.toml").write_text('id = "tables"\ntitle = "Tables"\n', encoding="utf-8")
    (root / "collection" / "documents" / "tables.md").write_text(TABLES, encoding="utf-8")
    build(root / "collection", Path(root / "data"))
    app = site_of(root / "data")
    yield app.test_client().get("/documents/tables").text
    stop(app)


def test_two_tables_one_after_another_stay_two_and_each_reads_its_own_way(page: str) -> None:
    found = re.findall(r'<div class="said sheet"( dir="rtl")?><table>', page)

    assert found == ["", ' dir="rtl"']
    assert page.count("</table>") == 2


def test_a_note_stands_right_below_the_row_that_calls_it_as_wide_as_the_table(page: str) -> None:
    row, _, below = page.partition("12<a class=")[2].partition("</tr>\n")

    assert 'href="#p-' in row
    assert below.startswith('<tr class="beside"><td colspan="2"><div class="side"><div class="note"')
    assert below.index("Counted twice.") < below.index("</tr>")
