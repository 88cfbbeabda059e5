"""A link from one document to another leads there on the page."""

from __future__ import annotations

import re
from pathlib import Path

from small_site import build, site_of, stop, write_collection


def test_a_link_to_another_file_of_the_collection_leads_to_its_page(tmp_path: Path) -> None:
    collection = write_collection(tmp_path / "collection")
    (collection / "documents" / "index-of-quays.md").write_text("See [the answer](reply.md).\n", encoding="utf-8")
    build(collection, tmp_path / "data")
    app = site_of(tmp_path / "data")
    client = app.test_client()
    for address in ("/documents/index-of-quays", "/documents/index-of-quays?mark=answer"):
        shown = re.search(r'See <a href="([^"]+)">(.*?)</a>\.', client.get(address).text)
        assert shown
        assert re.sub("<[^>]+>", "", shown[2]) == "the answer"
        assert client.get(shown[1]).status_code == 200
    stop(app)
