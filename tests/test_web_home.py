"""What the home page promises a newcomer: where to begin, how to ask, and questions that find something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import RENDERER
from small_site import build, site_of, stop, write_collection

from index.build import check_collection


def home(folder: Path, data: Path) -> str:
    build(folder, data)
    app = site_of(data)
    page = app.test_client().get("/").text
    stop(app)
    return page


def with_guide(folder: Path, value: str) -> Path:
    path = write_collection(folder) / "collection.toml"
    path.write_text(f"guide = {value}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    return folder


def test_it_leads_to_the_help_and_begins_with_the_document_that_the_collection_names(tmp_path: Path) -> None:
    page = home(with_guide(tmp_path / "collection", '"reply"'), tmp_path / "data")
    main = page.partition("<main")[2]

    assert main.index('href="/documents/reply"') < main.index("Ways of asking")
    assert main.index('href="/help"') < main.index("Ways of asking")
    assert 'Begin with <a href="/documents/reply">Reply of the harbour office</a>' in re.sub("</?span[^>]*>", "", main)


@pytest.mark.parametrize("value", ['"none"', "7", '""', '"../../etc"'])
def test_a_guide_that_there_is_not_is_told_by_check_and_missed_by_nobody(tmp_path: Path, value: str) -> None:
    folder = with_guide(tmp_path / "collection", value)
    told = [problem.message for problem in check_collection(folder, RENDERER, lambda *_: None)]

    assert "Begin with" not in home(folder, tmp_path / "data")
    assert any("guide" in message for message in told) is (value != '""')
