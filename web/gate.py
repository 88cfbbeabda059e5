"""A gate for what is costly: one question and one export at a time are answered on the machine, so that they wait for
each other and not the cheap ones for them.

The gate is a record lock on a file that all workers inherited (POSIX, `fcntl.lockf`), a byte of it for each lane: the
kernel opens it again when a worker dies. Few may stand before it in one worker, or they would take all its threads; who
comes later is sent away with a sentence. In one worker they are let through in the order in which they came. What makes
a question costly is seen by its text: what stands for many words, and many words.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from search.limits import PROSE_WORDS


@dataclass(frozen=True, slots=True)
class Lane:
    """Those who wait for each other."""

    byte: int  # of the file, which is locked
    standing_at_most: int  # in one worker, with the one that is answered
    patience_seconds: float  # how long one stands before the gate
    busy: str  # what is said to those who are sent away


# A question takes up to a tenth of a second, an export a second or two: the last in turn waits as long as readers do.
QUESTIONS = Lane(
    0, 4, 5.0, "Other costly questions are being answered. Try again in some seconds, or ask without * and ~."
)
EXPORTS = Lane(1, 8, 20.0, "Other files are being made. Try again in some seconds.")
THREADS = 8 + QUESTIONS.standing_at_most + EXPORTS.standing_at_most  # of a worker: eight are left for everybody else
LOOK_AGAIN_SECONDS = 0.005
PHRASES_CHEAP = 4  # beyond that, phrases cost what common words do


def is_costly(query: str) -> bool:
    """Whether answering *query* may take many times what a few words do.

    Measured on 105,000 passages: some words or a phrase take about a millisecond; a beginning (`co*`), words spelt
    nearly so, a pasted page or a dozen phrases take twenty to ninety.
    """
    return "*" in query or "~" in query or query.count('"') > 2 * PHRASES_CHEAP or len(query.split()) > PROSE_WORDS


class Gate:
    """What lets one through at a time. *file* is open for writing, and the same in every worker."""

    def __init__(
        self,
        file: int,
        lane: Lane,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.lane = lane
        self._file = file
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._standing: deque[threading.Event] = deque()  # the first of them has the turn

    def enter(self) -> bool:
        """Waits for the turn; False where too many stand here already, or the turn does not come. Then do not leave."""
        turn = threading.Event()
        with self._lock:
            if len(self._standing) >= self.lane.standing_at_most:
                return False
            self._standing.append(turn)
            if len(self._standing) == 1:
                turn.set()
        until = self._clock() + self.lane.patience_seconds
        if turn.wait(self.lane.patience_seconds) and self._through(until):
            return True
        self._go(turn)
        return False

    def leave(self) -> None:
        """Lets the next one through."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, self.lane.byte)
        self._go(self._standing[0])

    def _go(self, turn: threading.Event) -> None:
        with self._lock:
            self._standing.remove(turn)
            if self._standing:
                self._standing[0].set()

    def _through(self, until: float) -> bool:
        while True:
            try:
                # A record lock belongs to the process; among its threads the turn decides.
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, self.lane.byte)
            except BlockingIOError:
                if self._clock() >= until:
                    return False
                self._sleep(LOOK_AGAIN_SECONDS)
            else:
                return True


def gate_file() -> int:
    """A file without a name to make a gate of, for this process and all that are forked from it."""
    return os.memfd_create("pincite-gate", os.MFD_CLOEXEC)
