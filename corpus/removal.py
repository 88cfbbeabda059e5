"""Cuts passages out of a Markdown source and leaves the rest as it is: what a takedown does to a document.

A passage's first line is known, its last is not; so lines are cut until reading the rest again gives exactly the other
passages, headings and calls. What cannot be cut out so, a row that is a table's head for instance, is left to a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.model import Document, Kind
from corpus.problems import PinciteError
from corpus.readers.markdown_text import UnreadableDocumentError, read_markdown

TRIES = 60  # ends of one passage that are tried: each costs a reading of the document
_NOTE = re.compile(rb"\s*(\[\^[^\]\r\n]+\]):")


class CannotCutError(PinciteError):
    """A passage does not stand by itself in its source."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(
            f"{name}:{line}: the passage cannot be cut out without changing others. Take it out by hand, then say it "
            "again without --source"
        )


@dataclass(frozen=True, slots=True)
class Source:
    """A document's bytes, and what reading them depends on."""

    data: bytes
    name: str
    slug: str
    source_types: Sequence[str]

    def read(self) -> Document:
        """The document. Raises UnreadableDocumentError."""
        return read_markdown(self.data, self.name, self.slug, tuple(self.source_types)).document

    def holding(self, data: bytes) -> Source:
        """The same document with other bytes."""
        return Source(data, self.name, self.slug, self.source_types)


def without_passages(source: Source, positions: Iterable[int]) -> bytes:
    """The bytes of *source* without the passages at *positions*; the marks of a note go with it.

    Raises CannotCutError; UnreadableDocumentError when *source* cannot be read.
    """
    for position in sorted(positions, reverse=True):
        source = _without(source, source.read(), position)
    return source.data


def _without(source: Source, document: Document, position: int) -> Source:
    wanted = _rest(document, position)
    for candidate in _candidates(source, document, position):
        try:
            read = candidate.read()
        except UnreadableDocumentError:
            continue
        if _rest(read) == wanted:
            return candidate
    raise CannotCutError(source.name, document.passages[position].line)


def _candidates(source: Source, document: Document, position: int) -> Iterator[Source]:
    """The source without 1, 2, 3 ... lines from the passage's first: no further than the next passage."""
    passage = document.passages[position]
    lines = source.data.split(b"\n")
    start = passage.line - 1
    nearest = min((other.line - 1 for other in document.passages if other.line - 1 > start), default=len(lines))
    block = next((at for at in range(start, nearest) if not lines[at].strip()), nearest)
    for end in dict.fromkeys((block, *range(start + 1, nearest + 1)[:TRIES])):
        rest = b"\n".join((*lines[:start], *lines[end:]))
        if passage.kind is Kind.FOOTNOTE and (mark := _NOTE.match(lines[start])):
            rest = rest.replace(mark[1], b"")
        yield source.holding(rest)


def _rest(document: Document, without: int | None = None) -> tuple[object, ...]:
    """All that must stay as it is: headings, passages in their order, notes in any, and which notes are called."""
    passages = [passage for position, passage in enumerate(document.passages) if position != without]
    told = [
        (
            passage.kind,
            passage.form,
            passage.text,
            passage.number,
            # A note's pages are those of what calls it.
            passage.pages if passage.kind is not Kind.FOOTNOTE else None,
            tuple(call.note for call in passage.calls if call.target != without),
            document.section_path(passage.section) if passage.kind is not Kind.FOOTNOTE else None,
        )
        for passage in passages
    ]
    headings = [(section.title, section.level, section.kind) for section in document.sections]
    notes = Counter(one for one in told if one[0] is Kind.FOOTNOTE)
    return headings, [one for one in told if one[0] is not Kind.FOOTNOTE], notes
