"""A generation's check of itself, before anyone is shown it: does the index hold what was put in, and find it again?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.problems import PinciteError
from index.analyzers import printed_words
from index.linkbook import LinkBook
from index.reading import RenderSettings
from index.record import PassageRecord
from index.schema import TermField
from index.snapshot import Snapshot

Progress = Callable[[str, int, int], None]

PROBES = 2  # a passage's rarest words that must find it
STRIDE = 97  # every so many passages are looked up by id: a look-up reads all ids of the document
STEP = 2_000  # passages between two words of progress


class FailedCheckError(PinciteError):
    """A generation that was just built is not what it should be. Nothing was published."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the new generation fails its own check: {what}. Nothing was published, the old one serves on"
        )


def check_generation(
    folder: Path, records: Sequence[PassageRecord], html: Sequence[str], renderer: RenderSettings, progress: Progress
) -> None:
    """Holds the generation in *folder* against the passages that it was made from.

    Every record comes back as it went in; every passage is found by its own rarest words; every id stands in the copy
    of the ledger; a second sanitiser agrees with every piece of HTML. Raises FailedCheckError at the first that does
    not hold.
    """
    book = LinkBook.open(folder)
    snapshot = Snapshot.open(folder)
    try:
        if snapshot.passage_count != len(records):
            raise FailedCheckError(f"it holds {snapshot.passage_count:,} passages of {len(records):,}")
        terms = snapshot.terms(TermField.PRINTED)
        frequencies: dict[str, int] = {}
        for position, record in enumerate(records):
            if position % STEP == 0:
                progress("checking", position, len(records))
            where = f"{record.document}, {record.label}"
            if snapshot.record(position) != record or snapshot.html(position) != html[position]:
                raise FailedCheckError(f"the passage {where} does not come back as it was")
            if position % STRIDE == 0 and snapshot.position_of(record.document, record.id) != position:
                raise FailedCheckError(f"the passage {where} is not found by its id")
            if not renderer.is_safe(html[position]):
                raise FailedCheckError(f"the second sanitiser would change the HTML of {where}")
            linked = book.look_up(record.document, record.id)
            if linked is None or not linked.history.stands:
                raise FailedCheckError(f"the ledger does not know the id of {where}")
            words = {word for word, _, _ in printed_words(record.text)}
            for word in words:
                if word not in frequencies:
                    frequencies[word] = terms.frequency(word)
            for word in sorted(words, key=lambda word: (frequencies[word], word))[:PROBES]:
                postings = snapshot.postings(TermField.PRINTED, word)
                found = postings.documents if postings is not None else np.empty(0, np.uint32)
                place = int(np.searchsorted(found, position))
                if place == len(found) or found[place] != position:
                    raise FailedCheckError(f"the passage {where} is not found by its word {word!r}")
    finally:
        snapshot.close()
        book.close()
