"""What the typefaces promise: made once, fetched only where their letters occur, and nothing lost without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from small_site import build, site_of, stop, write_collection

from web.fonts import CUTS, Fonts, prepare_beside

LIMITS = {"serif": 45_000, "serif-italic": 30_000, "serif-extended": 40_000, "persian": 80_000}  # bytes
LETTERS = {"serif": "aZé“–", "serif-italic": "aZé", "serif-extended": "ḥṣṭẓāīūʿʾ", "persian": "پچژگکیۀ۱٢\u200c"}


def needed(folder: Path) -> Fonts:
    fonts = Fonts.installed(folder)
    if fonts is None:
        pytest.skip("the extra pincite[fonts] is not installed")
    return fonts


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fonts")
    build(write_collection(root / "collection"), root / "data")
    return root / "data"


@pytest.fixture
def app(data: Path) -> Iterator[Flask]:
    app = site_of(data)
    yield app
    stop(app)


def test_without_the_extra_no_page_names_a_font(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fonts, "installed", classmethod(lambda cls, folder: None))
    app = site_of(data)
    assert "fonts." not in app.test_client().get("/").text
    assert "Open Font" not in app.test_client().get("/about").text
    stop(app)
    prepare_beside(data / "nowhere")
    assert not (data / "nowhere").exists()


def test_until_the_fonts_are_ready_their_sheet_is_empty_and_then_all_is_served(app: Flask, data: Path) -> None:
    fonts = needed(data / "static")
    client = app.test_client()
    sheet = re.search(r'href="(/static/fonts[^"]+)"', client.get("/").text)[1]  # type: ignore[index]
    tag = client.get("/about").headers["ETag"]
    early = client.get(sheet)
    assert (early.status_code, early.data, early.headers["Cache-Control"]) == (200, b"", "no-store")
    assert client.get("/static/persian.woff2").status_code == 404

    fonts.prepare()
    assert fonts.ready
    for _ in range(2):  # the second time they come from the dictionary of static files
        with client.get(sheet) as css:
            assert css.headers["Cache-Control"].endswith("immutable")
            files = re.findall(r"url\(([^)]+)\)", css.text)
        assert len(files) == len(CUTS)
        for name in [*files, *(name for _, name in fonts.licences)]:
            with client.get(f"/static/{name}") as answer:
                assert answer.status_code == 200
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.mimetype == ("font/woff2" if name.endswith("woff2") else "text/plain")
    assert client.get("/about").headers["ETag"] == tag
    for _, name in fonts.licences:
        assert f'href="/static/{name}"' in client.get("/about").text
        with client.get(f"/static/{name}") as answer:
            assert "SIL Open Font License" in answer.text

    ttfont = pytest.importorskip("fontTools.ttLib").TTFont
    for cut in CUTS:
        path = fonts.folder / f"{cut.name}.{fonts.key}.woff2"
        letters = ttfont(path).getBestCmap()
        assert path.stat().st_size < LIMITS[cut.name]
        assert {ord(letter) for letter in LETTERS[cut.name]} <= set(letters)
    before = {path: path.stat().st_mtime_ns for path in fonts.folder.iterdir()}
    fonts.prepare()
    assert {path: path.stat().st_mtime_ns for path in fonts.folder.iterdir()} == before


def test_another_version_or_cut_gets_other_names(tmp_path: Path) -> None:
    one, other = Fonts(tmp_path, ("fonttools 4.58",)), Fonts(tmp_path, ("fonttools 4.59",))

    assert not set(one.names).intersection(other.names)


def test_no_letter_belongs_to_two_faces_of_one_style() -> None:
    for style in ("normal", "italic"):
        seen: set[int] = set()
        for cut in CUTS:
            if cut.style != style:
                continue
            letters: set[int] = set()
            for span in cut.letters.split(","):
                first, _, last = span.removeprefix("U+").partition("-")
                letters.update(range(int(first, 16), int(last or first, 16) + 1))
            assert not seen & letters, cut.name
            seen |= letters
