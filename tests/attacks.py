"""The attack strings of cases/attacks.txt, for every test that feeds the site something hostile."""

from __future__ import annotations

import re
from pathlib import Path

_CASES = Path(__file__).parent / "cases" / "attacks.txt"
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\"}


def _read(line: str) -> str:
    def character(found: re.Match[str]) -> str:
        return _SHORT.get(found[1]) or chr(int(found[1][1:], 16))

    return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[ntr0\\])", character, line)


ATTACKS: tuple[str, ...] = tuple(
    _read(line)
    for line in _CASES.read_text(encoding="utf-8").split("\n")
    if line and not line.startswith(("## ", "# "))
)
