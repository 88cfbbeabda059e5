"""The matches in doubt of a collection: which document and passages a line means today, and which lines still wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from index.ledger import DocumentLedger
from index.ledger_lines import ReviewLine


def document_of(line: ReviewLine) -> str:
    """The slug that the document of a line had when the line was written."""
    return line.from_.partition("/documents/")[2].partition("/")[0]


def candidate_of(line: ReviewLine) -> str:
    """The id of the passage that may be what became of the lost one."""
    return line.to.rpartition("~")[2].partition(".")[0]


def pair_of(line: ReviewLine) -> tuple[str, str, str]:
    """What a line asks about: document, lost id, id of the candidate. Labels shift, and mean nothing here."""
    return document_of(line), line.id, candidate_of(line)


def renamed(lines: Iterable[ReviewLine], old: str, new: str) -> tuple[ReviewLine, ...]:
    """The lines with the links of the document *old* under the name *new*."""
    return tuple(
        msgspec.structs.replace(line, from_=_renamed(line.from_, old, new), to=_renamed(line.to, old, new))
        for line in lines
    )


def _renamed(permalink: str, old: str, new: str) -> str:
    before, rest = f"/documents/{old}/", permalink.partition(f"/documents/{old}/")[2]
    return f"/documents/{new}/{rest}" if permalink.startswith(before) else permalink


def waiting(
    lines: Iterable[ReviewLine], ledgers: Mapping[str, DocumentLedger], names: Mapping[str, str]
) -> tuple[ReviewLine, ...]:
    """The lines that a person has still to decide, each question once; *names* are present slugs by former ones.

    One whose lost passage is found, by another decision or because it came back, is answered; so is one whose candidate
    is gone.
    """
    found: dict[tuple[str, str, str], list[ReviewLine]] = {}
    for line in lines:
        slug, lost, candidate = pair_of(line)
        found.setdefault((names.get(slug, slug), lost, candidate), []).append(line)
    return tuple(
        same[0]
        for (slug, lost, candidate), same in found.items()
        if not any(line.decision for line in same) and _is_open(ledgers.get(slug), lost, candidate)
    )


def _is_open(ledger: DocumentLedger | None, lost: str, candidate: str) -> bool:
    if ledger is None or lost not in ledger.histories or ledger.survivor(candidate) is None:
        return False
    return ledger.survivor(lost) is None or ledger.histories[lost].strayed
