"""The two kinds of wrong: a problem of the record (collected, stops nothing) and an error of the request (raised)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PinciteError(Exception):
    """The base of every error that a person may see. Its sentence says what is wrong, where, and what to do."""


class Severity(StrEnum):
    """How much a problem matters: only a FAULT makes `check` and `build` exit with 1."""

    FAULT = "fault"
    NEAR_MISS = "near-miss"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something amiss in one file of the collection. Collected and shown; stops nothing."""

    path: str  # relative to the collection, as a person would type it
    line: int  # 1-based, as an editor shows it; 0 where the whole file is meant
    message: str  # what is wrong, then what became of it, then what to do
    severity: Severity = Severity.FAULT

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"
