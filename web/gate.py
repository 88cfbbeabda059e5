"""A gate for costly questions: one of them at a time is answered on the machine, so that they wait for each other and
not the cheap ones for them.

The gate is a record lock on a file that all workers inherited (POSIX, `fcntl.lockf`): the kernel opens it again when
a worker dies. Few may stand before it in one worker, or they would take all its threads; who comes later is sent away
with a sentence. What makes a question costly is seen by its text: what stands for many words, and many words.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable

from search.limits import PROSE_WORDS

STANDING_AT_MOST = 3  # costly questions in one worker, with the one that is answered; it has eight threads
PATIENCE_SECONDS = 5.0  # how long one stands before the gate
LOOK_AGAIN_SECONDS = 0.005
PHRASES_CHEAP = 4  # beyond that, phrases cost what common words do


def is_costly(query: str) -> bool:
    """Whether answering *query* may take many times what a few words do.

    Measured on 105,000 passages: some words or a phrase take about a millisecond; a beginning (`co*`), words spelt
    nearly so, a pasted page or a dozen phrases take twenty to ninety.
    """
    return "*" in query or "~" in query or query.count('"') > 2 * PHRASES_CHEAP or len(query.split()) > PROSE_WORDS


class Gate:
    """What lets one costly question through at a time. *file* is open for writing, and the same in every worker."""

    def __init__(
        self,
        file: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._file = file
        self._clock = clock
        self._sleep = sleep
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._standing = 0

    def enter(self) -> bool:
        """Waits for the turn; False where too many stand here already, or the turn does not come. Then do not leave."""
        with self._counting:
            if self._standing >= STANDING_AT_MOST:
                return False
            self._standing += 1
        if self._through():
            return True
        with self._counting:
            self._standing -= 1
        return False

    def leave(self) -> None:
        """Lets the next one through."""
        fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._turn.release()
        with self._counting:
            self._standing -= 1

    def _through(self) -> bool:
        until = self._clock() + PATIENCE_SECONDS
        if not self._turn.acquire(timeout=PATIENCE_SECONDS):
            return False
        while True:
            try:
                # A record lock belongs to the process; among its threads the turn decides.
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._clock() >= until:
                    self._turn.release()
                    return False
                self._sleep(LOOK_AGAIN_SECONDS)
            else:
                return True


def gate_file() -> int:
    """A file without a name to make a gate of, for this process and all that are forked from it."""
    return os.memfd_create("pincite-gate", os.MFD_CLOEXEC)
