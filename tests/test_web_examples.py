"""The ways of asking that the home page shows: each finds something, and shows what the record is about."""

from __future__ import annotations

import html
import re
from pathlib import Path

from small_site import build, site_of, stop, write_collection

NOTES = "\n".join(f"[^{nth}]: Dockers’ Union, “Certain dusty ledgers of quays”, report {nth}." for nth in range(1, 41))
PASSAGES = "\n\n".join(
    f"Paper {nth}, as [the dusty ledgers](letters.md) have it.[^{nth}]"
    + (" The clerks found stolen barges." if nth % 13 == 0 else "")
    for nth in range(1, 41)
)


def test_phrases_are_whole_words_of_the_prose_and_no_formula_that_comes_back_everywhere(tmp_path: Path) -> None:
    collection = write_collection(tmp_path / "collection")
    (collection / "documents" / "ledgers.md").write_text(f"# Ledgers\n\n{PASSAGES}\n\n{NOTES}\n", encoding="utf-8")
    build(collection, tmp_path / "data")
    app = site_of(tmp_path / "data")
    page = html.unescape(app.test_client().get("/").text)
    stop(app)
    shown = re.search(r"<dt>A phrase, word for word</dt><dd><a [^>]*>\s*(.*?)\s*</a>", re.sub(r"\s+", " ", page))

    assert shown
    phrase = shown[1].strip('"')
    texts = [path.read_text(encoding="utf-8") for path in (collection / "documents").glob("*.md")]
    assert any(re.search(rf"(?<!\w){phrase}(?!\w)", text) for text in texts), phrase
    assert "ledgers" not in phrase
