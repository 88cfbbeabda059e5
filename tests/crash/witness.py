"""Watches over a collection whose builders are killed: what is served, which links were ever given, what lies about."""

from __future__ import annotations

from pathlib import Path

from building import Record

from index.generations import KEPT
from index.linkbook import LinkBook
from search.landings import Verdict
from search.permalinks import land

KNOWN = {"BUILD.lock", "COLLECTION", "CURRENT", "cache", "changes", "generations"}
LETTER = "\n\n".join(
    [f"Paragraph {number} of a letter that nobody edits.[^{number}]" for number in range(4)]
    + [f"[^{number}]: Note {number} of the letter." for number in range(4)]
)


class Witness:
    """A collection of a letter that stays and a note that is edited before every build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.record = Record(root, {"letter": LETTER})
        self.edition = 0
        self.links: set[str] = set()
        self.before: list[str] = []
        self.after: list[str] = []
        self.edit()

    @property
    def command(self) -> list[str | Path]:
        """`pincite build`."""
        return ["--collection", self.record.folder, "--data", self.record.data.path, "build"]

    def edit(self) -> None:
        """Reword a passage of the note, take one out, put one in."""
        self.edition += 1
        self.before = self.after
        note = [
            f"The note, in its edition {self.edition}, says what it said before.",
            f"A passage of edition {self.edition} alone, about {self.edition * 7919} things.",
            "A passage that stays.",
        ]
        self.record.write("note", "\n\n".join(note))
        letter = [f"Paragraph {number} of a letter that nobody edits." for number in range(4)]
        self.after = sorted([*letter, *(f"Note {number} of the letter." for number in range(4)), *note])

    def sees_old_or_new(self) -> None:
        """What is served is one edition, whole; or nothing, where nothing was ever published."""
        if self.before or self.record.data.names():
            assert self._served() in (self.before, self.after)

    def sees_new(self) -> None:
        """The new edition is served, every link ever given answers, and nothing lies about."""
        assert self._served() == self.after
        data = self.record.data
        book = LinkBook.open(data.folder(data.names()[-1]))
        for link in self.links:
            assert land(link, book).verdict not in (Verdict.UNKNOWN, Verdict.MISTYPED), link
        book.close()
        assert {path.name for path in data.path.iterdir()} <= KNOWN
        assert {path.name for path in data.generations.iterdir()} == set(data.names())
        assert len(data.names()) <= KEPT + 1
        assert {path.stem for path in (data.path / "changes").iterdir()} <= set(data.names())
        assert not [path for path in data.cache.iterdir() if len(path.name) != 64]
        assert not [path for path in self.record.folder.rglob("*") if path.name.endswith(".new")]

    def _served(self) -> list[str]:
        links = self.record.links()
        self.links.update(links.values())
        return sorted(links)
