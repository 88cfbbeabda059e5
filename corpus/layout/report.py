"""What an import says of itself: what was done, what is doubtful, and which source lines are not in the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReportKind = Literal["did", "doubt", "left-out"]


@dataclass(frozen=True, slots=True, order=True)
class ReportLine:
    """One thing to know about one line of the source."""

    line: int  # 1-based line of the source; 0 where all of it is meant
    kind: ReportKind
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.kind}: {self.message}" if self.line else f"{self.kind}: {self.message}"


class Report:
    """Collects report lines while an import goes on."""

    def __init__(self) -> None:
        self._lines: dict[ReportLine, None] = {}

    def did(self, line: int, message: str) -> None:
        self._lines[ReportLine(line, "did", message)] = None

    def doubt(self, line: int, message: str) -> None:
        self._lines[ReportLine(line, "doubt", message)] = None

    def left_out(self, line: int, message: str) -> None:
        self._lines[ReportLine(line, "left-out", message)] = None

    def lines(self) -> tuple[ReportLine, ...]:
        """All of it, by source line."""
        return tuple(sorted(self._lines))
