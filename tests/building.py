"""Collections of a few invented lines, built in this process: for the tests of builds and generations."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus.new_collection import write_new_collection
from index.build import BuildOptions, BuildReport, Chance, build_generation
from index.current import open_current
from index.generations import DataFolder
from index.linkbook import LinkBook
from index.reading import RenderSettings
from search.landings import Landing
from search.permalinks import land
from web.render import RENDER_VERSION, fragments, second_opinion

RENDERER = RenderSettings(fragments, second_opinion, RENDER_VERSION)


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


class Record:
    """A collection and its data folder below *root*. Every build is a day later than the one before."""

    def __init__(self, root: Path, texts: Mapping[str, str] = {}) -> None:
        self.folder = root / "collection"
        self.data = DataFolder(root / "data")
        self.builds = 0
        write_new_collection(self.folder, bare=True)
        for slug, text in texts.items():
            self.write(slug, text)

    def document(self, slug: str) -> Path:
        """The file of a document."""
        return self.folder / "documents" / f"{slug}.md"

    def write(self, slug: str, text: str) -> None:
        """Write a document anew."""
        self.document(slug).write_text(text)

    def chance(self) -> Chance:
        """The clock and chance of the next build."""
        self.builds += 1
        rng = random.Random(self.builds)
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=self.builds)
        return Chance(lambda: moment, rng.randrange, lambda: rng.randbytes(16))

    def build(self, **options: bool) -> BuildReport:
        """Build; raises as `build_generation`."""
        return build_generation(self.folder, self.data, RENDERER, BuildOptions(**options), self.chance(), silent)

    def links(self) -> dict[str, str]:
        """The permalink of every passage served, by its text."""
        opened = open_current(self.data)
        try:
            records = [opened.snapshot.record(position) for position in range(opened.snapshot.passage_count)]
            return {record.text: record.permalink for record in records}
        finally:
            opened.close()

    def texts(self) -> list[str]:
        """The text of every passage served."""
        return list(self.links())

    def land(self, permalink: str) -> Landing:
        """Where a permalink leads in the generation served."""
        current = self.data.current()
        assert current is not None
        book = LinkBook.open(self.data.folder(current.generation))
        try:
            return land(permalink, book)
        finally:
            book.close()
