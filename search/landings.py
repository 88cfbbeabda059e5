"""What a landing tells: the verdict on a cited passage, where it stands now, and what else there is to show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.differences import Piece, differences


class Verdict(StrEnum):
    """What became of a cited passage, in the order in which one verdict goes before another."""

    GONE = "gone"
    MERGED = "merged"
    SPLIT = "split"
    REWORDED = "reworded"
    MOVED = "moved"
    SAME = "same"
    MISTYPED = "mistyped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stand:
    """A passage that stands in this edition."""

    document: str
    id: str
    label: str
    permalink: str  # the path
    text: str
    since: str  # when its wording came to stand (UTC, ISO 8601)


@dataclass(frozen=True, slots=True)
class Cited:
    """The wording that a link cites."""

    text: str | None  # None where it was erased, or where no such wording was ever given
    label: str  # where it stood, as the link or else the ledger says
    since: str | None = None  # when it came to stand; None where no such wording was ever given
    until: str | None = None  # when it ceased to; None while it stands


@dataclass(frozen=True, slots=True)
class Landing:
    """What a permalink means today."""

    permalink: str  # as it was asked for
    verdict: Verdict
    reason: str  # the verdict in a sentence or two
    id: str | None = None
    document: str | None = None  # the present slug
    changes: tuple[Verdict, ...] = ()  # all that hold, in the order of verdicts
    now: Stand | None = None  # what the page shows
    ends: tuple[Stand, ...] = ()  # of a split: all parts that stand
    cited: Cited | None = None  # None where no wording was cited
    candidates: tuple[Stand, ...] = ()
    typography_alone: bool = False  # reworded in quotes, dashes and the like only
    when: str | None = None  # when it went, was merged or split (UTC, ISO 8601)
    why: str | None = None

    def differences(self) -> tuple[Piece, ...]:
        """The cited wording and the present one, word by word; empty where one of them is not known."""
        if self.cited is None or self.cited.text is None or self.now is None:
            return ()
        return differences(self.cited.text, self.now.text)


def landing_as_json(landing: Landing) -> dict[str, object]:
    """A landing as `links --json` and the API give it."""
    now = landing.now
    return {
        "permalink": landing.permalink,
        "verdict": landing.verdict.value,
        "changes": [change.value for change in landing.changes],
        "id": landing.id,
        "now": None if now is None else _stand_as_json(now),
        "cited": landing.cited.text if landing.cited is not None else None,
        "candidates": [candidate.permalink for candidate in landing.candidates],
        "reason": landing.reason,
        "ends": [_stand_as_json(end) for end in landing.ends],
    }


def _stand_as_json(stand: Stand) -> dict[str, str]:
    return {"id": stand.id, "permalink": stand.permalink, "text": stand.text}
