"""What the static files are when they are served."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli

import web
from web.static_files import minified, prepare

SHEET = Path(web.__file__).parent / "static" / "style.css"


def test_blanks_and_comments_go_and_what_they_hold_apart_stays_apart() -> None:
    assert (
        minified("/* a */ a  > b , c :is(d) { margin: 0 auto; content: ' + ' }")
        == "a>b ,c :is(d){margin:0 auto;content:' + '}"
    )
    assert minified("a { width: calc(50% - 1rem) }") == "a{width:calc(50% - 1rem)}"


def test_the_style_sheet_and_the_script_are_sent_in_six_kilobytes_at_most() -> None:
    """Of the thirty that a page of results may have with them."""
    script = SHEET.with_name("script.js").read_bytes()

    assert sum(len(brotli.compress(one)) for one in (minified(SHEET.read_text("utf-8")).encode(), script)) <= 6 * 1024


def test_each_file_lies_ready_under_a_name_of_its_content_and_compressed(tmp_path: Path) -> None:
    ready = prepare(SHEET.parent, tmp_path / "static")

    assert set(ready) == {path.name for path in SHEET.parent.iterdir()}
    for path in ready.values():
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
        assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == path.read_bytes()
    assert prepare(SHEET.parent, tmp_path / "static") == ready


def test_where_nothing_can_be_written_the_files_are_served_as_they_came(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")

    assert prepare(SHEET.parent, tmp_path / "file" / "static")["style.css"] == SHEET
