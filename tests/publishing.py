"""A document that is published edition by edition, for tests of ids and permalinks: one line a case."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from index.editions import EditionPlan, PassageWording, plan_edition
from index.ledger import DocumentLedger
from index.ledger_lines import ReviewLine
from index.linkbook import FILE, LinkBook, LinkedDocument, write_linkbook
from index.noid import mint
from search.landings import Landing
from search.permalinks import land

FIRST_DAY = datetime(2026, 5, 4, 10, tzinfo=UTC)


A = "The permanent representative told the committee that no prisoner had been harmed in the summer of that year."
B = "A letter from the families asked where their sons and daughters had been buried, and received no answer."
C = "The embassy in Bonn denied the report of mass executions and called its authors enemies of the country."
D = "In its edition of the following day the newspaper printed the names of forty men and six women."
E = "The working group recorded that it had sent the allegations to the government on three occasions."
F = "Relatives were turned away at the gates of the prison and told to come back after the month of mourning."
TWIN = "No reply was received."


def swapped(text: str, old: str, new: str) -> str:
    """*text* with *old*, which it must hold, replaced."""
    assert old in text
    return text.replace(old, new)


def wordings(texts: Sequence[str]) -> list[PassageWording]:
    """Passages from lines: `# ` begins a new section, `^ ` a footnote, `{#id}` at the end states an id."""
    section, place, notes = 1, 0, 0
    found: list[PassageWording] = []
    for text in texts:
        if text.startswith("#"):
            section, place = section + 1, 0
            continue
        text, _, stated = text.partition(" {#")
        stated_id = stated.removesuffix("}") or None
        if text.startswith("^ "):
            notes += 1
            found.append(PassageWording(text[2:], f"fn{notes}", "footnote", stated_id))
        else:
            place += 1
            found.append(PassageWording(text, f"s{section}-p{place}", "body", stated_id))
    return found


@dataclass
class Record:
    """One document, its ledger, and the plan of its last edition. Each edition comes a day after the one before."""

    slug: str = "record"
    seed: int = 1
    ledger: DocumentLedger | None = None
    review: list[ReviewLine] = field(default_factory=list)
    editions: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def plan(self, *texts: str) -> EditionPlan:
        """Plan an edition without publishing it."""
        return plan_edition(
            self.ledger,
            wordings(texts),
            slug=self.slug,
            now=FIRST_DAY + timedelta(days=self.editions),
            mint=partial(mint, self.rng.randrange),
            salt=lambda: self.rng.randbytes(16),
            review=self.review,
        )

    def publish(self, *texts: str) -> list[str]:
        """Publish an edition; the ids of its passages."""
        self.last = self.plan(*texts)
        self.ledger = self.last.ledger
        self.review += self.last.review
        self.editions += 1
        return list(self.last.ids)

    def links(self) -> list[str]:
        """The permalinks of the last edition."""
        return list(self.last.permalinks)

    def decide(self, identifier: str, decision: str) -> None:
        """Let a person decide the first doubt about an id."""
        at = next(at for at, line in enumerate(self.review) if line.id == identifier)
        self.review[at] = msgspec.structs.replace(self.review[at], decision=decision)

    def linked(self) -> LinkedDocument:
        """What the generation would know of the document's links."""
        labels = {
            one: link.rpartition("/")[2].partition("~")[0]
            for one, link in zip(self.last.ids, self.links(), strict=True)
        }
        return LinkedDocument(self.last.ledger, labels)

    def land(self, permalink: str, *others: Record) -> Landing:
        """Where a permalink leads in the last edition, *others* being further documents of the collection."""
        with TemporaryDirectory() as folder:
            book = opened(Path(folder), self, *others)
            landing = land(permalink, book)
            book.close()
        return landing


def opened(folder: Path, *records: Record) -> LinkBook:
    """The book of a generation with these documents."""
    write_linkbook(folder / FILE, [record.linked() for record in records])
    return LinkBook.open(folder)
