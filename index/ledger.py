"""What became of every passage id of a document: its states, its places and the wordings that stood under it.

A ledger is read from lines whose order and repetition mean nothing, so that two copies may be joined line by line.
A *state* tells what an id means from then on: it is live (with the digest of its wording), gone, merged (another
passage holds its words, or is this one as it seems, which *strayed* from its place; the id is an alias), split (live,
but later parts of what it was now stand under ids of their own) or doubled (its words stand several times where they
stood once, each under a new id, and nobody can say which of them it was). A *place* tells where the passage of a state
stood: label, kind and order. Places are not states: labels shift whenever something is inserted, and two branches may
shift the same ones.

`order` sorts the passages of the last edition as they stood: digits of a fraction to the base 29, so that between any
two there is room for a third, and an insertion touches no other line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from index.noid import FULL_DIGEST_LENGTH, SHORT_DIGEST_LENGTH, digest, is_digest

STRAYED = "strayed"  # why an id was merged into one that reads the same: it was moved, as it seems


class Standing(StrEnum):
    """What an id means."""

    LIVE = "live"
    GONE = "gone"
    MERGED = "merged"
    SPLIT = "split"
    DOUBLED = "doubled"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stood since *when* (UTC, ISO 8601, to the second)."""

    number: int  # places of one state count from 1, its first; two branches may each have told a second one
    label: str
    kind: str
    order: str
    when: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of a state and the salt of its digest. Only both together can be erased."""

    text: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class State:
    """What an id means from *when* on, until its next state."""

    number: int  # from 1
    standing: Standing
    digest: str | None  # of the wording that stands, in full; None for gone and merged
    into: tuple[str, ...]  # merged: the survivor; split: the parts, its own id first; doubled: those that read alike
    near: tuple[str, ...]  # gone or strayed: what read alike when it went, named to the reader and never followed
    when: str
    why: str
    places: tuple[Place, ...]  # by number; empty for gone and merged

    @property
    def stands(self) -> bool:
        """Whether a passage stands under the id itself."""
        return self.standing in (Standing.LIVE, Standing.SPLIT)


@dataclass(frozen=True, slots=True)
class History:
    """All states of one id, by number."""

    id: str
    states: tuple[State, ...]

    @property
    def last(self) -> State:
        """What the id means now."""
        return self.states[-1]

    @property
    def stands(self) -> bool:
        """Whether a passage stands under the id now."""
        return self.last.stands

    @property
    def strayed(self) -> bool:
        """Whether the passage seems to stand elsewhere, under another id; or else that is a copy of a twin it had."""
        return self.last.standing is Standing.MERGED and self.last.why == STRAYED

    @property
    def last_standing(self) -> State:
        """The last state in which a passage stood under the id (the first state always did)."""
        return next(state for state in reversed(self.states) if state.stands)

    @property
    def place(self) -> Place:
        """Where its passage stands, or stood last."""
        return self.last_standing.places[-1]

    def digests(self) -> tuple[str, ...]:
        """The digests of its wordings, each once, in the order in which they first stood."""
        return tuple(dict.fromkeys(state.digest for state in self.states if state.digest is not None))

    def short(self, full: str) -> str:
        """The beginning of the digest *full* that a link carries.

        Five characters, more where an earlier wording begins alike: what was given once stays as it is, and what
        comes later makes way.
        """
        earlier = self.digests()
        earlier = earlier[: earlier.index(full)] if full in earlier else earlier
        length = SHORT_DIGEST_LENGTH
        while length < FULL_DIGEST_LENGTH and any(other.startswith(full[:length]) for other in earlier):
            length += 1
        return full[:length]

    def cited(self, beginning: str) -> str | None:
        """The full digest that a link's *beginning* means; None where no such wording was ever given."""
        if not is_digest(beginning):
            return None
        return next((full for full in self.digests() if full.startswith(beginning)), None)


@dataclass(frozen=True, slots=True)
class DocumentLedger:
    """The ledger of one document: every id it ever gave."""

    slug: str
    formerly: tuple[str, ...] = ()  # slugs that it had before
    histories: Mapping[str, History] = field(default_factory=dict)
    wordings: Mapping[tuple[str, int], Wording] = field(default_factory=dict)  # by id and number of the state

    def standing(self) -> list[History]:
        """The ids under which a passage stands, in the order of the last edition."""
        found = [history for history in self.histories.values() if history.stands]
        return sorted(found, key=lambda history: (history.place.order, history.id))

    def wording(self, identifier: str, full: str | None) -> Wording | None:
        """The wording of an id that has the digest *full*; None where it was erased."""
        history = self.histories.get(identifier)
        if history is None or full is None:
            return None
        for state in reversed(history.states):
            if state.digest == full and (known := self.wordings.get((identifier, state.number))) is not None:
                return known
        return None

    def standing_wording(self, identifier: str) -> Wording | None:
        """The wording that stands under an id, or stood last; None where it was erased."""
        return self.wording(identifier, self.histories[identifier].last_standing.digest)

    def survivor(self, identifier: str) -> str | None:
        """The id under which the words of *identifier* stand: itself, the one it was merged into, or None."""
        seen: set[str] = set()
        while identifier in self.histories and identifier not in seen:
            seen.add(identifier)
            history = self.histories[identifier]
            if history.stands:
                return identifier
            if history.last.standing is not Standing.MERGED:
                return None
            identifier = history.last.into[0]
        return None

    def aliases(self) -> dict[str, list[str]]:
        """The ids that were merged into each id that stands, sorted: the reader keeps an anchor for each."""
        found: dict[str, list[str]] = {}
        for identifier in sorted(self.histories):
            survivor = self.survivor(identifier)
            if survivor is not None and survivor != identifier:
                found.setdefault(survivor, []).append(identifier)
        return found

    def pinpoint(self, identifier: str, label: str | None = None) -> str:
        """`<label>~<id>.<digest>` of the wording that stands under an id, or stood last."""
        history = self.histories[identifier]
        full = history.last_standing.digest or ""
        return f"{label or history.place.label}~{identifier}.{history.short(full)}"

    def permalink(self, identifier: str, label: str | None = None) -> str:
        """The path of a passage's permalink (docs/architecture.md); for an id that is gone, its last one."""
        return f"/documents/{self.slug}/p/{self.pinpoint(identifier, label)}"

    def unsalted(self) -> list[str]:
        """The ids under which a passage stands whose wording or salt is missing."""
        return [history.id for history in self.standing() if self.standing_wording(history.id) is None]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a kept generation knows and the ledger on disk does not."""

    ids: tuple[str, ...] = ()
    states: tuple[tuple[str, int], ...] = ()  # of ids that it does know
    wordings: tuple[str, ...] = ()  # ids under which a passage stands whose salt is lost

    def __bool__(self) -> bool:
        return bool(self.ids or self.states or self.wordings)


def missing_ids(ledger: DocumentLedger | None, kept: DocumentLedger | None) -> Missing:
    """What has been lost from *ledger* since *kept*, a generation's own copy, was written; false when nothing was."""
    ids: list[str] = []
    states: list[tuple[str, int]] = []
    for identifier, history in sorted(kept.histories.items()) if kept is not None else ():
        known = ledger.histories.get(identifier) if ledger is not None else None
        if known is None:
            ids.append(identifier)
        elif known.last.number < history.last.number:
            states += [(identifier, state.number) for state in history.states[len(known.states) :]]
    return Missing(tuple(ids), tuple(states), tuple(ledger.unsalted() if ledger is not None else ()))


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same wording: equal in NFC, which is what a digest is made of."""
    return one == other or unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def is_wording_of(wording: Wording, full: str) -> bool:
    """Whether *full* is the digest of a wording: it is not when either was damaged."""
    return digest(wording.text, wording.salt) == full
