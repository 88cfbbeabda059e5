"""Where the words of ids stand that were merged into others, edition by edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.carry import Carried
from index.carry_parts import OWN_WORDS_IN_ROW
from index.ledger import STRAYED, DocumentLedger, History, Standing, same_text
from index.likeness import Wordbook, held_in_row, held_share, shared_runs
from index.matching import Side

HELD = 0.6  # share of an alias's words, or of what its survivor still held of them, to be held in the next edition
STILL_HELD = 0.4  # share of an alias's words that a survivor must hold in rows: what is less may be chance


class Aliases:
    """The merged ids of a ledger, whose last edition is *old*, on their way into the next."""

    def __init__(self, ledger: DocumentLedger, old: Sequence[Side]) -> None:
        self._ledger = ledger
        self._old = old

    def doubled(self, carried: Carried) -> dict[str, tuple[int, ...]]:
        """The aliases of the ids that are doubled, which share their fate, and all the places."""
        held = [(history.id, self._holder(history) or "") for history in self._ledger.histories.values()]
        return {alias: carried.doubled[holder] for alias, holder in held if holder in carried.doubled}

    def now(
        self, text_of: Mapping[str, str], parts: Mapping[str, tuple[str, ...]], merged: Mapping[str, str | None]
    ) -> dict[str, str | None]:
        """Where the words of ids merged in earlier editions stand now, if not where they did; None for nowhere.

        *text_of* are the texts of the new edition by id, *parts* those of ids that were split, *merged* where ids went
        in this edition. An id that went with the passage that held its words comes back with it.
        """
        found: dict[str, str | None] = {}
        for history in self._ledger.histories.values():
            if history.id in text_of or history.id in merged:
                continue
            holder = self._holder(history)
            wording = self._ledger.standing_wording(holder) if holder is not None else None
            if holder is None or wording is None:
                continue
            back = history.last.standing is Standing.GONE
            if same_text(text_of.get(holder, ""), wording.text) and not back:
                continue
            taken_in = merged.get(holder)
            candidates = [*parts.get(holder, (holder,)), *([taken_in] if taken_in is not None else ())]
            texts = {one: text_of[one] for one in candidates if one in text_of}
            now = self._holding(history.id, wording.text, texts) or self._inside(history.id, holder, text_of)
            stays = now == holder or (now is not None and now == taken_in)
            if (not back and not stays) or (back and now is not None):
                found[history.id] = now
        return found

    def _inside(self, alias: str, holder: str, texts: Mapping[str, str]) -> str | None:
        """The one passage (id: text) in which an alias's many words stand to the letter, if only *holder* held them."""
        wording = self._ledger.standing_wording(alias)
        if wording is None or len(wording.text.split()) < OWN_WORDS_IN_ROW:
            return None
        words = f" {wording.text} "
        found = [one for one, text in texts.items() if words in f" {text} "]
        before = any(words in f" {side.text} " for side in self._old if side.id != holder)
        return found[0] if len(found) == 1 and not before else None

    def _holder(self, history: History) -> str | None:
        """The id that holds the words of a merged one, or held them when both went together; None for other ids."""
        if history.last.standing is Standing.MERGED:
            return self._ledger.survivor(history.id)
        before = history.states[-2] if len(history.states) > 1 else None
        came = before is not None and before.standing is Standing.MERGED and before.why != STRAYED
        if history.last.standing is Standing.GONE and before is not None and came:
            return before.into[0] if before.into[0] in self._ledger.histories else None
        return None

    def _holding(self, alias: str, holder: str, candidates: Mapping[str, str]) -> str | None:
        """Which of the candidates (id: text) holds an alias's words, or what *holder* still held of them."""
        book = Wordbook()
        words = book.coded(holder)
        coded = {one: book.coded(text) for one, text in candidates.items()}
        wording = self._ledger.standing_wording(alias)
        for one, text in candidates.items():
            if wording is not None and f" {wording.text} " in f" {text} ":
                return one
        mine = book.coded(wording.text) if wording is not None else words
        pieces = shared_runs(mine, words)
        if sum(map(len, pieces)) < STILL_HELD * len(mine):
            pieces = []
        in_row = {one: held_in_row(mine, text) for one, text in coded.items()}
        still = {one: held_share(pieces, text) for one, text in coded.items()}
        for shares in (in_row, still):
            best = max(shares, key=shares.__getitem__, default=None)
            if best is not None and shares[best] >= HELD:
                return best
        return None
