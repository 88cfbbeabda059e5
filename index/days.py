"""When each passage speaks of, as one day to sort by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot

NEVER = 99_999_999


def days_of(snapshot: Snapshot) -> NDArray[np.uint32]:
    """For each passage, as yyyymmdd: the first day it states, or its document's date, or NEVER."""
    days = np.array(snapshot.first_days, np.uint32)
    for document in snapshot.documents:
        here = slice(document.first, document.first + document.passages)
        days[here] = np.where(days[here] == 0, _day(document.date), days[here])
    return days


def _day(date: str | None) -> int:
    """The first day of an EDTF date as yyyymmdd."""
    digits = "".join(char for char in (date or "").removeprefix("[")[:10] if char.isascii() and char.isdigit())
    return int(digits.ljust(8, "0")) if len(digits) >= 4 else NEVER
