"""What a cited address means today: from a permalink to a landing with its verdict.

The id decides. The digest tells which wording was cited, the label at most where it stood then. Nothing here follows
a guess: what only reads alike is named as a candidate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.noid import ALPHABET, is_noid
from index.ledger import Standing, State, same_text
from index.likeness import SHORT_WORDS, Wordbook, held_in_row, held_share, shares_row
from index.linkbook import LinkBook, LinkedId
from index.takedown import TAKEN_DOWN
from search.differences import differs_in_typography_alone
from search.landings import Cited, Landing, Stand, Verdict
from search.pinpoints import Pinpoint, parse_permalink

HELD = 0.35  # share of the cited words that a passage must still hold; of 100 unrelated passages 96 have less
HELD_OF_SHORT = 0.5  # of a short passage, whose words are often a pattern's
LEFTOVER_WORDS = 4  # a passage of fewer is part of what was cited only if its words stood there side by side
MOST_ENDS = 20  # parts of a passage that was split again and again
MOST_GUESSES = 3  # ids at one sign's distance from a mistyped one

NO_WORDING = "No wording was cited, so none is compared."


def every_permalink(book: LinkBook) -> Iterator[str]:
    """The permalink of every id ever given: first of all that stand, by document and in its order, then of the others.

    For an id that stands no more it is the last that was given.
    """
    for slug in book.slugs:
        yield from (_permalink(book, slug, identifier) for identifier in book.standing(slug))
    for slug in book.slugs:
        standing = set(book.standing(slug))
        yield from (_permalink(book, slug, identifier) for identifier in book.ids(slug) if identifier not in standing)


def _permalink(book: LinkBook, slug: str, identifier: str) -> str:
    found = book.look_up(slug, identifier)
    return _permalink_of(found) if found is not None else ""


def _permalink_of(found: LinkedId) -> str:
    full = found.history.last_standing.digest or ""
    return f"/documents/{found.document}/p/{found.label}~{found.history.id}.{found.history.short(full)}"


def land(permalink: str, book: LinkBook, newest: LinkBook | None = None) -> Landing:
    """What *permalink* means in the generation of *book*.

    *newest* is the book of the newest generation where an older one is served again after a rollback: ids and wordings
    that only it knows were given, and are answered for.
    """
    parsed = parse_permalink(permalink)
    if parsed is None:
        return Landing(permalink, Verdict.UNKNOWN, "This is no permalink of a passage.")
    return land_pinpoint(parsed[0], parsed[1], book, newest, permalink=permalink)


def land_pinpoint(
    slug: str, pinpoint: Pinpoint, book: LinkBook, newest: LinkBook | None = None, *, permalink: str
) -> Landing:
    """What a pinpoint in the document *slug* means; *permalink* is what was asked, for the landing. See `land`."""
    found = book.look_up(slug, pinpoint.id)
    if found is None and newest is not None and (later := newest.look_up(slug, pinpoint.id)) is not None:
        return _not_in_this_edition(permalink, pinpoint, later)
    if found is not None:
        return _Lander(permalink, slug, pinpoint, book, newest, found).land()
    if not is_noid(pinpoint.id):
        return Landing(
            permalink,
            Verdict.MISTYPED,
            f"{pinpoint.id[:40]!r} is no id of a passage: its last sign is a check on the others and does not fit.",
            id=pinpoint.id,
            candidates=_slips(slug, pinpoint.id, book),
        )
    known = "The document never gave this id." if book.knows(slug) else "There is no document of this name."
    return Landing(permalink, Verdict.UNKNOWN, known, id=pinpoint.id)


class _Lander:
    """One permalink whose id is known."""

    def __init__(
        self,
        permalink: str,
        slug: str,
        pinpoint: Pinpoint,
        book: LinkBook,
        newest: LinkBook | None,
        found: LinkedId,
    ) -> None:
        self.permalink = permalink
        self.slug = slug
        self.pinpoint = pinpoint
        self.book = book
        self.found = found
        self.history = found.history
        self.full = self.history.cited(pinpoint.digest) if pinpoint.digest is not None else None
        self.cited = self._cited(newest)

    def land(self) -> Landing:
        """The landing by the last state of the id, and by where the cited words are."""
        landing = self._landing()
        return landing if self.cited is not None else replace(landing, reason=f"{landing.reason} {NO_WORDING}")

    def _landing(self) -> Landing:
        ends = self._ends()
        if self.history.stands:
            if any(end.history.id != self.history.id for end in ends) and self._split_since():
                others = [end for end in ends if end.history.id != self.history.id]
                return self._split([self.found, *others])
            return self._standing(self.found)
        if self.history.last.standing is Standing.DOUBLED:
            return self._doubled()
        survivor = self.book.survivor(self.found.document, self.history.id)
        if survivor is not None and (survivor.history.id in {end.history.id for end in ends} or self._unknown_text):
            return self._merged(survivor, ends)
        if ends:
            return self._split(ends) if self._split_since() else self._merged(ends[0], ends)
        return self._gone(survivor)

    @property
    def _unknown_text(self) -> bool:
        return self.cited is None or self.cited.text is None

    def _cited(self, newest: LinkBook | None) -> Cited | None:
        if self.pinpoint.digest is None:
            return None
        if self.full is None:
            later = newest.look_up(self.slug, self.history.id) if newest is not None else None
            full = later.history.cited(self.pinpoint.digest) if later is not None else None
            text = later.text(full) if later is not None else None
            return Cited(text, self.pinpoint.label or self.found.label)
        states = [state for state in self.history.states if state.digest == self.full]
        after = self.history.states[states[-1].number :]
        return Cited(self.found.text(self.full), self._label(states), states[0].when, after[0].when if after else None)

    def _label(self, states: list[State]) -> str:
        """Where the cited wording stood: what the link says, if it ever stood there, or else where it stood last."""
        labels = [place.label for state in states for place in state.places]
        return self.pinpoint.label if self.pinpoint.label in labels else labels[-1]

    def _states_since(self) -> tuple[State, ...]:
        """What happened to the id since the cited wording stood last; nothing where none was cited."""
        last = max((state.number for state in self.history.states if state.digest == self.full), default=0)
        return self.history.states[last:] if self.full is not None else ()

    def _split_since(self) -> State | None:
        return next((state for state in self._states_since() if state.standing is Standing.SPLIT), None)

    def _ends(self) -> list[LinkedId]:
        """The passages that stand now and hold words of those cited: its own id's first, then by how many they hold.

        They are found by what the ledger tells of splits and merges, never by looking for words; words only tell which
        of them still hold any.
        """
        waiting = [other for state in self._states_since() for other in state.into]
        found: dict[str, LinkedId] = {}
        seen: set[str] = set()
        while waiting and len(found) < MOST_ENDS:
            identifier = waiting.pop(0)
            other = self.book.look_up(self.found.document, identifier) if identifier not in seen else None
            seen.add(identifier)
            if other is None:
                continue
            if other.history.stands:
                found[identifier] = other
            last = other.history.last
            states = [state for state in other.history.states if state.standing is Standing.SPLIT or state is last]
            waiting += [part for state in states for part in state.into]
        if self._unknown_text:
            return list(found.values())
        cited = self.cited.text or "" if self.cited is not None else ""
        shares = {identifier: share_of(cited, _stand(other).text) for identifier, other in found.items()}
        needed = HELD if len(cited.split()) >= SHORT_WORDS else HELD_OF_SHORT
        holding = [identifier for identifier in found if shares[identifier] >= needed]
        holding.sort(key=lambda identifier: (identifier != self.history.id, -shares[identifier]))
        return [found[identifier] for identifier in holding]

    def _standing(self, survivor: LinkedId) -> Landing:
        now = _stand(survivor)
        changes: list[Verdict] = []
        typography = False
        text = self.cited.text if self.cited is not None else None
        other_digest = self.cited is not None and self.full != self.history.last.digest
        if other_digest and (text is None or not same_text(text, now.text)):
            changes.append(Verdict.REWORDED)
            typography = text is not None and differs_in_typography_alone(text, now.text)
        if self._has_moved(now):
            changes.append(Verdict.MOVED)
        verdict = changes[0] if changes else Verdict.SAME
        return Landing(
            self.permalink,
            verdict,
            self._reason(verdict, now, typography=typography),
            id=self.history.id,
            document=self.found.document,
            changes=tuple(changes),
            now=now,
            cited=self.cited,
            typography_alone=typography,
        )

    def _has_moved(self, now: Stand) -> bool:
        if now.document != self.slug:
            return True
        if self.cited is not None:
            return self.full is not None and self.cited.label != now.label
        labels = {place.label for state in self.history.states for place in state.places}
        return self.pinpoint.label in labels and self.pinpoint.label != now.label

    def _reason(self, verdict: Verdict, now: Stand, *, typography: bool) -> str:
        if verdict is Verdict.SAME:
            return "The passage stands." if self.cited is None else "The passage stands as it was cited, to the letter."
        if verdict is Verdict.MOVED and self.cited is None:
            return f"The passage stands elsewhere now: {now.label}."
        if verdict is Verdict.MOVED:
            return f"The passage stands elsewhere now, its words unchanged: {now.label}."
        if self.full is None and self.cited is not None and self.cited.text is None:
            return "The passage stands, but no such wording of it is known: compare it with what was cited."
        if typography:
            return "Only typography changed since the passage was cited: quotes, dashes, blanks or letter forms."
        if self.cited is not None and self.cited.text is None:
            return "The words of the passage have changed since it was cited. The wording cited has been erased."
        return "The words of the passage have changed since it was cited."

    def _split(self, ends: list[LinkedId]) -> Landing:
        stands = tuple(_stand(end) for end in ends)
        state = self._split_since()
        changes = [Verdict.SPLIT]
        text = self.cited.text if self.cited is not None else None
        if text is not None and not all(stand.text in text for stand in stands):
            changes.append(Verdict.REWORDED)
        where = " and ".join(stand.label for stand in stands)
        reason = f"What was cited as one passage stands in parts now: {where}."
        if not self.history.stands:
            reason = f"What was cited as one passage was split. A part of it is gone; this stands still: {where}."
        return Landing(
            self.permalink,
            Verdict.SPLIT,
            reason,
            id=self.history.id,
            document=self.found.document,
            changes=tuple(changes),
            now=stands[0],
            ends=stands,
            cited=self.cited,
            when=state.when if state is not None else None,
            why=state.why if state is not None else None,
        )

    def _doubled(self) -> Landing:
        """The cited words stand several times where they stood once; when one of them goes, so does the certainty."""
        state = self.history.last
        copies = self._copies()
        stands = tuple(_stand(copy) for copy in copies if copy is not None)
        if len(stands) < len(copies):
            return self._gone()
        where = " and ".join(stand.label for stand in stands)
        text = self.cited.text if self.cited is not None else None
        reworded = self.cited is not None and not all(text is not None and same_text(text, one.text) for one in stands)
        return Landing(
            self.permalink,
            Verdict.SPLIT,
            f"The passage stands several times now, and nobody can say which of them was cited: {where}.",
            id=self.history.id,
            document=self.found.document,
            changes=(Verdict.SPLIT, *((Verdict.REWORDED,) if reworded else ())),
            now=stands[0],
            ends=stands,
            cited=self.cited,
            when=state.when,
            why=state.why,
        )

    def _copies(self) -> list[LinkedId | None]:
        """What became of each place where the words of a doubled id stood; a copy may have been doubled in its turn."""
        waiting = list(self.history.last.into)
        found: dict[str, LinkedId | None] = {}
        while waiting and len(found) < MOST_ENDS:
            identifier = waiting.pop(0)
            if identifier in found:
                continue
            other = self.book.look_up(self.found.document, identifier)
            if other is not None and other.history.last.standing is Standing.DOUBLED:
                waiting += [copy for copy in other.history.last.into if copy not in waiting]
            else:
                found[identifier] = self.book.survivor(self.found.document, identifier)
        return list(found.values())

    def _merged(self, survivor: LinkedId, ends: list[LinkedId]) -> Landing:
        now = _stand(survivor)
        changes = [Verdict.MERGED]
        others = [_stand(end) for end in ends if end.history.id != survivor.history.id]
        if others:
            changes.append(Verdict.SPLIT)
        if self.cited is not None and (self.cited.text is None or self.cited.text not in now.text):
            changes.append(Verdict.REWORDED)
        state = self.history.last
        reason = f"The passage was joined with another, which stands as {now.label}."
        if self.history.strayed:
            reason = (
                f"The passage read the same as another, and is not where it stood. It stands as {now.label} now, as it "
                "seems; but it may have been left out, and this be a copy of the other."
            )
        return Landing(
            self.permalink,
            Verdict.MERGED,
            reason,
            id=self.history.id,
            document=self.found.document,
            changes=tuple(changes),
            now=now,
            ends=(now, *others) if others else (),
            cited=self.cited,
            candidates=self._alike((now, *others)) if self.history.strayed else (),
            when=state.when,
            why=state.why,
        )

    def _alike(self, shown: Sequence[Stand]) -> tuple[Stand, ...]:
        """What read like the passage when it was lost, and stands; what is *shown* left out."""
        found: dict[str, Stand] = {}
        for identifier in self.history.last.near:
            alike = self.book.survivor(self.found.document, identifier)
            if alike is not None and alike.history.id not in {stand.id for stand in shown}:
                found[alike.history.id] = _stand(alike)
        return tuple(found.values())

    def _gone(self, survivor: LinkedId | None = None) -> Landing:
        """Nothing of what was cited stands; *survivor* had taken it in and holds no word of it any more."""
        state = self.history.last
        candidates = {survivor.history.id: _stand(survivor)} if survivor is not None else {}
        for identifier in (*state.near, *(state.into if state.standing is Standing.DOUBLED else ())):
            alike = self.book.survivor(self.found.document, identifier)
            if alike is not None:
                candidates[alike.history.id] = _stand(alike)
        named = [*candidates.values()]
        for slug, identifier in self.found.elsewhere:
            twin = self.book.look_up(slug, identifier)
            if twin is not None and twin.history.stands:
                named.append(_stand(twin))
        why = "its document was withdrawn" if state.why == "document withdrawn" else "it was left out"
        if state.why.startswith(TAKEN_DOWN):
            why = f"it was {state.why}"
        if state.standing is Standing.DOUBLED:
            why = "it was doubled, and nobody can say whether it is still there"
        if survivor is not None:
            why = "it was joined with another, which holds its words no more"
        return Landing(
            self.permalink,
            Verdict.GONE,
            f"The passage is gone since {state.when[:10]}: {why}."
            + (" Others read alike; none of them is its successor." if named else ""),
            id=self.history.id,
            document=self.found.document,
            changes=(Verdict.GONE,),
            cited=self.cited,
            candidates=tuple(named),
            when=state.when,
            why=state.why,
        )


def share_of(cited: str, text: str) -> float:
    """How much of *cited* a text holds, or how much of it is from there, 0 to 1: by pairs and rows of words."""
    if f" {cited} " in f" {text} ":
        return 1.0
    book = Wordbook()
    words, holder = book.coded(cited), book.coded(text)
    shorter, longer = sorted((words, holder), key=len)
    # A leftover of two or three words is half held by any passage that has one of them, and one of a few more by any
    # that is long: what is left of it has some words side by side.
    leftover = len(holder) < LEFTOVER_WORDS <= len(words) or (
        len(holder) < len(words) and not shares_row(holder, words)
    )
    in_row = 0.0 if leftover else held_in_row(shorter, longer)
    return max(held_share([words], holder), held_share([holder], words), in_row)


def _stand(found: LinkedId) -> Stand:
    state = found.history.last_standing
    return Stand(
        found.document,
        found.history.id,
        found.label,
        _permalink_of(found),
        found.text(state.digest) or "",
        state.when,
    )


def _not_in_this_edition(permalink: str, pinpoint: Pinpoint, later: LinkedId) -> Landing:
    full = later.history.cited(pinpoint.digest) if pinpoint.digest is not None else None
    cited = Cited(later.text(full), pinpoint.label or later.label) if pinpoint.digest is not None else None
    return Landing(
        permalink,
        Verdict.GONE,
        "The passage is not in this edition: it came with a later one, which is not the one served now.",
        id=later.history.id,
        document=later.document,
        changes=(Verdict.GONE,),
        cited=cited,
        when=later.history.states[0].when,
        why="not in this edition",
    )


def _slips(slug: str, mistyped: str, book: LinkBook) -> tuple[Stand, ...]:
    """The passages of the document whose id is one wrong sign, or one swap of neighbours, from a mistyped one."""
    if len(mistyped) != 6:
        return ()
    tries = {mistyped[:at] + sign + mistyped[at + 1 :] for at in range(6) for sign in ALPHABET}
    tries |= {mistyped[:at] + mistyped[at + 1] + mistyped[at] + mistyped[at + 2 :] for at in range(5)}
    found: list[Stand] = []
    for identifier in sorted(one for one in tries if is_noid(one)):
        survivor = book.survivor(slug, identifier)
        if survivor is not None and len(found) < MOST_GUESSES:
            found.append(_stand(survivor))
    return tuple(found)
