"""Where the words of a question stand in the passages of one document: for a reader who comes from a hit."""

from __future__ import annotations

from collections.abc import Mapping

from index.record import DocumentRecord
from index.schema import TermField
from index.snapshot import Snapshot
from search.limits import PASSAGES_MARKED, POSTINGS
from search.marking import Marker
from search.match import Budget, evaluate
from search.planning import Planner, any_of
from search.snippets import apart
from search.spellings import Spellings
from search.syntax import parse


class DocumentMarks:
    """Finds words in whole documents of one generation. Make it once a generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        vocabularies: dict[TermField, list[str]] = {}

        def vocabulary(field: TermField) -> list[str]:
            if field not in vocabularies:
                vocabularies[field] = list(snapshot.terms(field))
            return vocabularies[field]

        self._planner = Planner(snapshot, Spellings(snapshot.authorities), vocabulary)

    def find(
        self, query: str, document: DocumentRecord, *, as_printed: bool = False
    ) -> Mapping[int, tuple[tuple[int, int], ...]]:
        """For each passage with words of *query*, by its position, the pieces of its text that meet them, in order.

        Any word will do, also of a question that wants all. At most `PASSAGES_MARKED` passages, the first ones.
        """
        planned = self._planner.plan(parse(query).query, as_printed=as_printed)
        if not planned.wanted:
            return {}
        matches = evaluate(any_of([wanted.plan() for wanted in planned.wanted]), self._snapshot, Budget(POSTINGS))
        last = document.first + document.passages
        here = [at for at in matches.ids.tolist() if document.first <= at < last]
        marker = Marker(planned.wanted)
        found: dict[int, tuple[tuple[int, int], ...]] = {}
        for position in here[:PASSAGES_MARKED]:
            marks = apart(one.mark for one in marker.find(self._snapshot.text(position), everything=True))
            if marks:
                found[position] = tuple((mark.start, mark.end) for mark in marks)
        return found
