"""How many permalinks still tell the truth after 1, 10 and 50 editions; run as `python -m benchmarks.permalinks`.

A link is *right* when it shows a passage that holds at least half of what is left of the cited words (of a passage
that was split, all ends are shown), or says gone when no more than a tenth of them is left; *wrong* when it shows a
passage that holds none of them, *silently* so when its verdict is same or moved; else it says gone of words that
stand, which misleads nobody.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.editions import Draft, Passage, edit, invented_draft, invented_text, real_drafts
from index.editions import EditionPlan, PassageWording, plan_edition
from index.ledger import DocumentLedger
from index.ledger_lines import ReviewLine
from index.likeness import Wordbook, likeness
from index.linkbook import FILE, LinkBook, LinkedDocument, write_linkbook
from index.noid import mint
from search.landings import Verdict
from search.permalinks import land

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LEFTOVER = 0.1  # share of the cited words up to which "gone" is the truth: a number of a list, a date's year
FUZZY = 0.5  # likeness from which "best fuzzy match wins" lands


@dataclass(frozen=True, slots=True)
class Link:
    """A link given at some time, and the words that it cites."""

    permalink: str
    text: str
    numbers: frozenset[int]
    place: str  # its label then


@dataclass(slots=True)
class Tally:
    """What the landings came to."""

    links: int = 0
    right: int = 0
    pity: int = 0  # gone, though the words stand
    weak: int = 0  # a passage that holds some of the words, and less than half of what is left of them
    wrong: int = 0
    silent: int = 0
    examples: list[str] = field(default_factory=list)

    def share(self, part: int) -> float:
        return 100 * part / self.links if self.links else 0.0


@dataclass(slots=True)
class Run:
    """One document on its way through its editions."""

    draft: Draft
    rng: random.Random  # for ids and salts, not for edits: these are the same whatever becomes of the ids
    confirms: bool = False
    ledger: DocumentLedger | None = None
    plan: EditionPlan | None = None
    review: list[ReviewLine] = field(default_factory=list)
    carried_wrong: list[str] = field(default_factory=list)
    unkept: list[str] = field(default_factory=list)
    reviewed: int = 0
    now: datetime = NOW
    last_words: dict[str, frozenset[int]] = field(default_factory=dict)  # of the edition before, by id
    known_words: dict[str, frozenset[int]] = field(default_factory=dict)  # by id, when it last stood
    last_texts: dict[str, str] = field(default_factory=dict)
    last_ids: dict[int, str] = field(default_factory=dict)  # by the passage's identity

    def publish(self) -> None:
        """Give the draft's passages their ids, and hold every id against the truth."""
        self._plan()
        for identifier, (numbers, _, _) in self.snapshot().items():
            self.known_words.setdefault(identifier, numbers)
        if self.confirms and self.plan is not None and self._decide(self.plan.review):
            self._plan()
        self._check()

    def snapshot(self) -> dict[str, tuple[frozenset[int], str, Passage]]:
        """Words and text under each id of this edition."""
        assert self.plan is not None
        return {
            identifier: (passage.numbers, passage.text, passage)
            for identifier, passage in zip(self.plan.ids, self.draft.passages, strict=True)
        }

    def _plan(self) -> None:
        wordings = [
            PassageWording(passage.text, label, passage.kind)
            for passage, label in zip(self.draft.passages, self.draft.labels(), strict=True)
        ]
        self.plan = plan_edition(
            self.ledger,
            wordings,
            slug="record",
            now=self.now,
            mint=partial(mint, self.rng.randrange),
            salt=lambda: self.rng.randbytes(16),
            review=self.review,
        )
        self.ledger = self.plan.ledger

    def _decide(self, doubts: Sequence[ReviewLine]) -> bool:
        """What a person with both texts in front of them says of each doubt; whether any was the same."""
        now = self.snapshot()
        decided: set[str] = set()
        for doubt in doubts:
            self.reviewed += 1
            there = now[doubt.to.rpartition("~")[2].partition(".")[0]][0]
            was = self.known_words[doubt.id]
            same = len(there & was) * 2 >= max(1, min(len(was), len(there))) and doubt.id not in decided
            if same:
                decided.add(doubt.id)
            self.review.append(msgspec.structs.replace(doubt, decision="same" if same else "gone"))
        return bool(decided)

    def remember(self) -> None:
        """Keep which words stand under which id, before the next edits, which come a day later."""
        self.now += timedelta(days=1)
        self.last_words = {identifier: numbers for identifier, (numbers, _, _) in self.snapshot().items()}
        self.known_words.update(self.last_words)
        self.last_texts = {identifier: text for identifier, (_, text, _) in self.snapshot().items()}
        self.last_ids = {id(passage): identifier for identifier, (_, _, passage) in self.snapshot().items()}

    def _check(self) -> None:
        now = self.snapshot()
        old_texts = Counter(self.last_texts.values())
        new_texts = Counter(text for _, text, _ in now.values())
        for identifier, (numbers, text, passage) in now.items():
            if identifier in self.last_words and not numbers & self.last_words[identifier]:
                self.carried_wrong.append(f"{identifier}: {self.last_texts[identifier]!r} -> {text!r}")
            was = self.last_ids.get(id(passage))
            unique = old_texts[text] == new_texts[text] == 1
            if unique and was not in (None, identifier) and not passage.touched:
                self.unkept.append(f"{was}: {text!r}")


def links_of(run: Run) -> list[Link]:
    """A link to every passage of the edition that a run has published last."""
    assert run.plan is not None
    return [
        Link(permalink, passage.text, passage.numbers, label)
        for permalink, passage, label in zip(run.plan.permalinks, run.draft.passages, run.draft.labels(), strict=True)
    ]


def judge(tally: Tally, link: Link, shown: Sequence[frozenset[int]], left: int, *, silent: bool, note: str) -> None:
    """Count one landing that shows the passages with the words *shown*; *left* of the cited words stand anywhere."""
    tally.links += 1
    held = len(link.numbers & frozenset().union(*shown))
    if (not shown and left <= LEFTOVER * len(link.numbers)) or (held and held * 2 >= left):
        tally.right += 1
    elif not shown:
        tally.pity += 1
        tally.examples.append(f"pity: {note}")
    elif held:
        tally.weak += 1
        tally.examples.append(f"weak {held}/{left}: {note}")
    else:
        tally.wrong += 1
        tally.silent += silent
        tally.examples.append(f"wrong: {note}")


def measure(run: Run, links: Sequence[Link], tallies: dict[str, Tally], folder: Path) -> None:
    """Follow *links* in the present edition by each rule."""
    assert run.plan is not None
    assert run.ledger is not None
    labels = dict(zip(run.plan.ids, run.draft.labels(), strict=True))
    write_linkbook(folder / FILE, [LinkedDocument(run.ledger, labels)])
    book = LinkBook.open(folder)
    standing = {identifier: numbers for identifier, (numbers, _, _) in run.snapshot().items()}
    everything = frozenset().union(*standing.values())
    by_label = dict(zip(run.draft.labels(), run.draft.passages, strict=True))
    words = Wordbook()
    coded = [(words.coded(passage.text), passage) for passage in run.draft.passages]
    for link in links:
        left = len(link.numbers & everything)
        landing = land(link.permalink, book)
        shown = [standing[end.id] for end in (landing.now, *landing.ends) if end is not None]
        now = landing.now.text[:90] if landing.now else None
        note = f"{landing.verdict} {link.text[:90]!r} -> {now!r} {landing.reason}"
        silent = landing.verdict in (Verdict.SAME, Verdict.MOVED)
        judge(tallies["pincite"], link, shown, left, silent=silent, note=note)
        if "ordinals" not in tallies:
            continue
        there = by_label.get(link.place)
        judge(tallies["ordinals"], link, [there.numbers] if there else [], left, silent=True, note="")
        same = next((passage for passage in run.draft.passages if passage.text == link.text), None)
        judge(tallies["content hashes"], link, [same.numbers] if same else [], left, silent=True, note="")
        mine = words.coded(link.text)
        score, best = max(
            ((likeness(mine, other, link.text, passage.text), passage) for other, passage in coded),
            key=lambda scored: scored[0],
        )
        judge(tallies["best fuzzy match"], link, [best.numbers] if score >= FUZZY else [], left, silent=False, note="")
    book.close()


def drafts(documents: int, seed: int, real: Sequence[Path]) -> Iterator[Draft]:
    """Half real documents where there are any, half invented ones."""
    found = [draft for path in real for draft in real_drafts(path)]
    random.Random(seed).shuffle(found)
    for number in range(documents):
        if found and number % 2:
            yield found.pop()
        else:
            yield invented_draft(random.Random(seed * 1_000_003 + number))


def simulate(
    documents: int,
    depths: Sequence[int],
    seed: int,
    *,
    real: Sequence[Path] = (),
    confirms: bool = False,
    others: bool = True,
) -> tuple[dict[int, dict[str, Tally]], list[Run]]:
    """Edit documents and follow, at each depth, the links of the first edition and of all between."""
    names = ("pincite", "ordinals", "content hashes", "best fuzzy match") if others else ("pincite",)
    tallies = {depth: {name: Tally() for name in names} for depth in depths}
    runs: list[Run] = []
    with TemporaryDirectory() as folder:
        for number, draft in enumerate(drafts(documents, seed, real)):
            rng = random.Random(f"{seed}/{number}")
            run = Run(draft, random.Random(f"{seed}/{number}/ids"), confirms)
            run.publish()
            links = links_of(run)
            for depth in range(1, max(depths) + 1):
                run.remember()
                edit(draft, rng, invented_text)
                run.publish()
                if depth in tallies:
                    measure(run, links, tallies[depth], Path(folder))
            runs.append(run)
    return tallies, runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--depths", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--seed", type=int, default=1988)
    parser.add_argument("--real", type=Path, nargs="*", default=[], help="Markdown files (gzip) with footnotes")
    parser.add_argument("--examples", type=int, default=0, help="print so many landings that were not right")
    args = parser.parse_args()
    print(f"{'':28}{'editions':>9}{'links':>8}{'right %':>9}{'gone %':>8}{'weak %':>8}{'wrong %':>9}{'silent':>8}")
    for confirms in (False, True):
        start = time.perf_counter()
        tallies, runs = simulate(
            args.documents, args.depths, args.seed, real=args.real, confirms=confirms, others=not confirms
        )
        seconds = time.perf_counter() - start
        for depth, by_rule in tallies.items():
            for name, tally in by_rule.items():
                label = f"{name}, doubts confirmed" if confirms else name
                print(
                    f"{label:28}{depth:>9}{tally.links:>8}{tally.share(tally.right):>9.2f}{tally.share(tally.pity):>8.2f}"
                    f"{tally.share(tally.weak):>8.2f}{tally.share(tally.wrong):>9.3f}{tally.silent:>8}"
                )
                if name == "pincite" and args.examples:
                    for example in tally.examples[: args.examples]:
                        print("    ", example)
        wrong = [one for run in runs for one in run.carried_wrong]
        unkept = [one for run in runs for one in run.unkept]
        reviewed = sum(run.reviewed for run in runs)
        print(
            f"    {seconds:.0f} s; ids carried to another passage: {len(wrong)}; "
            f"unique and untouched, id not kept: {len(unkept)}; doubts shown: {reviewed}"
        )
        for example in (*wrong[: args.examples], *unkept[: args.examples]):
            print("    ", example)


if __name__ == "__main__":
    main()
