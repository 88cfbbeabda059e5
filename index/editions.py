"""What a new edition of a document means for its ledger: planned first, without touching anything, then written.

    plan = plan_edition(ledger, passages, slug=..., now=..., mint=..., salt=...)
    plan.ids, plan.permalinks            one for each passage, in order
    plan.writes_nothing                  the ledger is complete
    plan.needs_ledger                    an id, a wording or a state is new: what `--locked` refuses
    write(folder, plan)                  under folder.lock(), after reading and planning again

The same ledger and passages give the same plan but for ids and salts; planning again after writing gives nothing new.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from corpus.noid import is_noid
from corpus.problems import PinciteError
from index.aliases import Aliases
from index.carry import Carried, carry
from index.fractions import between
from index.ledger import STRAYED, DocumentLedger, History, Place, Standing, State, same_text
from index.ledger_files import LedgerFolder, NewLines
from index.ledger_lines import Header, ReviewLine, StateLine, WordingLine, extended, place_line, state_line
from index.likeness import longest_rising
from index.matching import Side
from index.noid import digest
from index.review import candidate_of


class LostWordingError(PinciteError):
    """The ledger has no wording or salt for a passage that stands, so that its links could not be told apart."""

    def __init__(self, slug: str, identifiers: Sequence[str]) -> None:
        shown = ", ".join(identifiers[:5]) + (", ..." if len(identifiers) > 5 else "")
        super().__init__(
            f"permalinks/wordings/{slug}.jsonl: the wordings of {shown} are missing. Take the file from version "
            "control, or run `pincite build --restore-ledger`."
        )
        self.identifiers = tuple(identifiers)


@dataclass(frozen=True, slots=True)
class PassageWording:
    """A passage of the new edition, as far as its link is concerned."""

    text: str
    label: str
    kind: str  # body, annex or footnote
    stated_id: str | None = None


@dataclass(frozen=True, slots=True)
class StatedFault:
    """An id written in the source that cannot be used; the passage is treated as if none were stated."""

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to the passages since the edition before, each id in one list at most, in order of the text."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    split: tuple[tuple[str, tuple[str, ...]], ...] = ()  # id, all parts
    merged: tuple[tuple[str, str], ...] = ()  # id, survivor
    returned: tuple[str, ...] = ()  # gone or merged before

    def __bool__(self) -> bool:
        return any((self.gained, self.lost, self.reworded, self.split, self.merged, self.returned))


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """The ids of an edition and what has to be written before it may be published."""

    slug: str
    ids: tuple[str, ...]  # of each passage
    permalinks: tuple[str, ...]  # of each passage
    before: DocumentLedger  # as it is now: what a build that writes nothing (`--locked`) keeps a copy of
    ledger: DocumentLedger  # as it is once the plan is written
    new: NewLines
    review: tuple[ReviewLine, ...]
    changes: Changes
    faults: tuple[StatedFault, ...]

    @property
    def writes_nothing(self) -> bool:
        """Whether the ledger is complete as it is."""
        return not self.new and not self.review

    @property
    def needs_ledger(self) -> bool:
        """Whether an id, a wording or a state is new: more than labels that shifted."""
        return bool(self.new.header or self.new.wordings or any(line.standing for line in self.new.states))


def write(folder: LedgerFolder, plan: EditionPlan) -> None:
    """Add what a plan needs to the ledger; the folder must be locked. When this returns it is on the disk."""
    folder.add_review(plan.review)
    folder.add(plan.new)


def plan_edition(
    ledger: DocumentLedger | None,
    passages: Sequence[PassageWording],
    *,
    slug: str,
    now: datetime,
    mint: Callable[[Container[str]], str],
    salt: Callable[[], bytes],
    review: Iterable[ReviewLine] = (),
    reserved: Container[str] = (),
) -> EditionPlan:
    """Plan a document's next edition; no passages at all means that it was withdrawn.

    *now* is written with what is new (in UTC; never earlier than what the ledger holds). *mint* gives an id that is not
    in what it is handed, *salt* 16 random bytes. *review* holds persons' decisions; *reserved* are ids that must not be
    given, because another document once had this slug. Raises LostWordingError.
    """
    if ledger is None:
        ledger = DocumentLedger(slug)
        header = Header(slug) if passages else None
    else:
        header = None
        if lost := ledger.unsalted():
            raise LostWordingError(slug, lost)
    return _Planner(ledger, passages, slug, now, mint, salt, reserved).plan(header, review)


class _Planner:
    """One edition on its way into the ledger."""

    def __init__(
        self,
        ledger: DocumentLedger,
        passages: Sequence[PassageWording],
        slug: str,
        now: datetime,
        mint: Callable[[Container[str]], str],
        salt: Callable[[], bytes],
        reserved: Container[str],
    ) -> None:
        self.ledger = ledger
        self.passages = passages
        self.slug = slug
        latest = max((state.when for history in ledger.histories.values() for state in history.states), default="")
        self.when = max(now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), latest)
        self._mint = mint
        self._salt = salt
        self._reserved = reserved
        self._given: set[str] = set(ledger.histories)
        self.states: list[StateLine] = []
        self.wordings: list[WordingLine] = []
        self.old = self._last_edition()
        self.faults: list[StatedFault] = []

    def plan(self, header: Header | None, review: Iterable[ReviewLine]) -> EditionPlan:
        stated = self._stated()
        new = [Side(stated.get(at, ""), passage.text, passage.kind) for at, passage in enumerate(self.passages)]
        carried = carry(self.old, new, stated=stated, former=self._former(), spots=self._spots())
        ids = dict(carried.ids)
        confirmed = self._confirm(ids, stated, review)
        for position in range(len(self.passages)):
            if position not in ids:
                ids[position] = self._minted()
        in_order = [ids[position] for position in range(len(self.passages))]
        keys = self._keys(in_order)
        parts = {
            identifier: (identifier, *(ids[at] for at in found if ids[at] != identifier))
            for identifier, found in carried.parts.items()
        }
        for position, identifier in enumerate(in_order):
            self._tell_standing(position, identifier, keys[position], parts.get(identifier, ()))
        joined = {identifier: ids[at] for identifier, at in {**carried.strayed, **carried.joined}.items()}
        merged = {**joined, **confirmed}
        aliases = Aliases(self.ledger, self.old)
        carried = replace(carried, doubled={**aliases.doubled(carried), **carried.doubled})
        text_of = {one: passage.text for one, passage in zip(in_order, self.passages, strict=True)}
        self._tell_rest(in_order, {**merged, **aliases.now(text_of, parts, merged)}, carried)
        lines = NewLines(self.slug, header, tuple(self.states), tuple(self.wordings))
        after = extended(self.ledger, self.slug, lines.states, lines.wordings)
        return EditionPlan(
            self.slug,
            tuple(in_order),
            tuple(after.permalink(one, passage.label) for one, passage in zip(in_order, self.passages, strict=True)),
            self.ledger,
            after,
            lines,
            self._doubts(carried, in_order, after),
            self._changes(in_order, parts),
            tuple(self.faults),
        )

    def _last_edition(self) -> list[Side]:
        """The passages as they last stood together: of a document that was withdrawn, those that went last."""
        standing = self.ledger.standing()
        if not standing:
            gone = [one for one in self.ledger.histories.values() if one.last.standing is Standing.GONE]
            latest = max((history.last.when for history in gone), default="")
            standing = [history for history in gone if history.last.when == latest]
            standing.sort(key=lambda history: (history.place.order, history.id))
        sides: list[Side] = []
        for history in standing:
            wording = self.ledger.standing_wording(history.id)
            if wording is not None:
                sides.append(Side(history.id, wording.text, history.place.kind))
        return sides

    def _stated(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for position, passage in enumerate(self.passages):
            identifier = passage.stated_id
            if identifier is None:
                continue
            if not is_noid(identifier):
                self.faults.append(StatedFault(position, f"{identifier!r} is no id: its check character does not fit."))
            elif identifier in found.values():
                self.faults.append(StatedFault(position, f"{identifier} is stated twice. Kept at the first passage."))
            else:
                found[position] = identifier
                self._given.add(identifier)
        return found

    def _former(self) -> dict[str, frozenset[str]]:
        owners: dict[str, set[str]] = defaultdict(set)
        for (identifier, _), wording in self.ledger.wordings.items():
            owners[unicodedata.normalize("NFC", wording.text)].add(identifier)
        return {text: frozenset(found) for text, found in owners.items()}

    def _spots(self) -> dict[str, int]:
        """Before which passage of the last edition each id stood that is gone."""
        orders = [self.ledger.histories[side.id].place.order for side in self.old]
        return {
            history.id: bisect_left(orders, history.place.order)
            for history in self.ledger.histories.values()
            if history.last.standing is Standing.GONE
        }

    def _minted(self) -> str:
        minted = self._mint(_Either(self._given, self._reserved))
        self._given.add(minted)
        return minted

    def _confirm(
        self, ids: dict[int, str], stated: Mapping[int, str], review: Iterable[ReviewLine]
    ) -> dict[str, str | None]:
        """Let a lost id have the passage that a person said is its own; the id that this one had becomes its alias.

        Where the source states the passage's id, or this one is older than the loss, it is the other way round. None
        for what seemed to have strayed, and is gone as a person says.
        """
        position_of = {identifier: position for position, identifier in ids.items()}
        merged: dict[str, str | None] = {}
        for line in review:
            lost = self.ledger.histories.get(line.id)
            minted = candidate_of(line)
            if lost is None or lost.stands or line.id in position_of:
                continue
            if line.decision == "gone" and lost.strayed and lost.last.into == (minted,):
                merged[line.id] = None
            if line.decision != "same" or minted not in self.ledger.histories:
                continue
            if lost.last.standing is Standing.MERGED and not lost.strayed:
                continue
            position = position_of.get(self.ledger.survivor(minted) or "")
            if position is None:
                continue
            holder = ids[position]
            older = self.ledger.histories[minted].states[0].when < lost.last.when
            if position in stated or holder != minted or older:
                merged[line.id] = holder
            else:
                merged[holder] = line.id
                ids[position] = line.id
                del position_of[holder]
                position_of[line.id] = position
        return merged

    def _keys(self, in_order: Sequence[str]) -> list[str]:
        """The order of each passage, kept where it can be."""
        kept = [
            (position, history.place.order)
            for position, identifier in enumerate(in_order)
            if (history := self.ledger.histories.get(identifier)) is not None and history.stands
        ]
        ranks = {key: rank for rank, key in enumerate(sorted({key for _, key in kept}))}
        chain = longest_rising([ranks[key] for _, key in kept])
        keys = [""] * len(in_order)
        for at in chain:
            position, key = kept[at]
            keys[position] = key
        start = 0
        while start < len(keys):
            end = start
            while end < len(keys) and not keys[end]:
                end += 1
            if end > start:
                before = keys[start - 1] if start else ""
                keys[start:end] = between(before, keys[end] if end < len(keys) else "", end - start)
            start = end + 1
        return keys

    def _tell_standing(self, position: int, identifier: str, key: str, parts: tuple[str, ...]) -> None:
        passage = self.passages[position]
        history = self.ledger.histories.get(identifier)
        wording = self.ledger.standing_wording(identifier) if history is not None else None
        if history is not None and history.stands and wording is not None and same_text(wording.text, passage.text):
            self._tell_place(history, passage, key)
            return
        number = len(history.states) + 1 if history is not None else 1
        full = self._digest(identifier, number, passage.text)
        why = "new" if history is None else "reworded" if history.stands else "returned"
        standing = Standing.SPLIT if len(parts) > 1 else Standing.LIVE
        place = Place(1, passage.label, passage.kind, key, self.when)
        into = parts if standing is Standing.SPLIT else ()
        why = "split" if into else why
        self.states.append(state_line(identifier, State(number, standing, full, into, (), self.when, why, (place,))))

    def _tell_place(self, history: History, passage: PassageWording, key: str) -> None:
        place = history.place
        if (place.label, place.kind, place.order) != (passage.label, passage.kind, key):
            moved = Place(place.number + 1, passage.label, passage.kind, key, self.when)
            self.states.append(place_line(history.id, history.last.number, moved))

    def _digest(self, identifier: str, number: int, text: str) -> str:
        """The digest of a text under an id: that of the wording it had before, if it is known, or a new one."""
        history = self.ledger.histories.get(identifier)
        for state in history.states if history is not None else ():
            known = self.ledger.wordings.get((identifier, state.number))
            if known is not None and state.digest is not None and same_text(known.text, text):
                return state.digest
        salt = self._salt()
        self.wordings.append(WordingLine(identifier, number, text, salt.hex()))
        return digest(text, salt)

    def _tell_rest(self, in_order: Sequence[str], merged: Mapping[str, str | None], carried: Carried) -> None:
        """The ids under which no passage stands now and under which one did, or whose survivor is another."""
        present = set(in_order)
        for identifier, history in self.ledger.histories.items():
            if identifier in present or not (history.stands or identifier in merged or identifier in carried.doubled):
                continue
            survivor = merged.get(identifier)
            number = len(history.states) + 1
            if survivor is not None:
                why = STRAYED if identifier in carried.strayed else "merged"
                near = self._near(identifier, carried, in_order) if why == STRAYED else ()
                state = State(number, Standing.MERGED, None, (survivor,), near, self.when, why, ())
            elif identifier in carried.doubled:
                into = tuple(in_order[position] for position in carried.doubled[identifier])
                state = State(number, Standing.DOUBLED, None, into, (), self.when, "doubled", ())
            else:
                near = self._near(identifier, carried, in_order)
                why = "left out" if in_order else "document withdrawn"
                state = State(number, Standing.GONE, None, (), near, self.when, why, ())
            self.states.append(state_line(identifier, state))

    def _near(self, identifier: str, carried: Carried, in_order: Sequence[str]) -> tuple[str, ...]:
        return tuple(in_order[position] for position in carried.near.get(identifier, ()))

    def _doubts(self, carried: Carried, in_order: Sequence[str], after: DocumentLedger) -> tuple[ReviewLine, ...]:
        """The matches that a person is asked about: of an id that was doubled too, when its copies are one again."""
        origin = {
            copy: history.id
            for history in self.ledger.histories.values()
            for copy in (history.last.into if history.last.standing is Standing.DOUBLED else ())
        }
        found: dict[tuple[str, str], ReviewLine] = {}
        for doubt in carried.doubts:
            now = in_order[doubt.position]
            to = after.permalink(now, self.passages[doubt.position].label)
            for lost in (origin.get(doubt.id), doubt.id):
                if lost is None or now == lost:
                    continue
                if after.survivor(lost) is None or (after.histories[lost].strayed and lost in carried.strayed):
                    found[lost, now] = ReviewLine(lost, after.permalink(lost), to, doubt.score)
        return tuple(found.values())

    def _changes(self, in_order: Sequence[str], parts: Mapping[str, tuple[str, ...]]) -> Changes:
        told = {line.id: line for line in self.states if line.standing is not None}
        later_parts = {part for found in parts.values() for part in found[1:]}
        gained, returned, reworded, split = [], [], [], []
        for identifier in in_order:
            history = self.ledger.histories.get(identifier)
            if history is None:
                gained += [identifier] if identifier not in later_parts else []
            elif not history.stands:
                returned.append(identifier)
            elif identifier in told:
                if told[identifier].standing is Standing.SPLIT:
                    split.append((identifier, told[identifier].into))
                else:
                    reworded.append(identifier)
        present = set(in_order)
        rest = [self.ledger.histories[identifier] for identifier in told if identifier not in present]
        rest.sort(key=lambda history: (history.place.order, history.id))
        ends = {line.id: line for line in self.states}
        return Changes(
            tuple(gained),
            tuple(history.id for history in rest if told[history.id].standing is Standing.GONE),
            tuple(reworded),
            tuple(split),
            tuple((one.id, ends[one.id].into[0]) for one in rest if told[one.id].standing is Standing.MERGED),
            tuple(returned),
        )


@dataclass(frozen=True, slots=True)
class _Either:
    """What is in one collection or the other."""

    one: Container[str]
    other: Container[str]

    def __contains__(self, item: object) -> bool:
        return item in self.one or item in self.other
