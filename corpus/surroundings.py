"""What stands around a passage and says whom and what it means: its lead-in, the passages before it, its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Form, Kind, Passage

_LOOK_BACK = 6  # passages of the same section that may name whom "the minister" means
_LONGEST_SENTENCE = 2000  # characters to either side
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[^\W_a-z])")


def lead_in(passage: Passage) -> int | None:
    """The passage that leads in to a quotation set apart or a list's item; None for anything else."""
    return passage.lead_in if passage.form in (Form.QUOTATION, Form.ITEM, Form.VERSE, Form.ROW) else None


def look_back(passages: Sequence[Passage], place: int) -> list[int]:
    """The passages that the one at *place* may look back to for whom it means, nearest first.

    A note looks to the passages that call it; a quotation or item to its lead-in; a paragraph to the paragraphs and
    quotations before it under the same heading, and so does a numbered paragraph, which Markdown makes an item without
    a lead-in. Items of a list do not look to each other: each opens a new case.
    """
    passage = passages[place]
    if passage.kind is Kind.FOOTNOTE:
        return list(passage.called_from)
    opener = lead_in(passage)
    if passage.form is Form.ITEM and opener is None and not _is_numbered_paragraph(passage):
        return []
    back = [] if opener is None else [opener]
    at = (place if opener is None else opener) - 1
    while at >= 0 and len(back) < _LOOK_BACK and passages[at].section == passage.section:
        other = passages[at]
        if other.kind is not passage.kind or (other.form is Form.ITEM and not _is_numbered_paragraph(other)):
            break
        back.append(at)
        at -= 1
    return back


def _is_numbered_paragraph(passage: Passage) -> bool:
    """Whether it is a paragraph of a text that numbers them: an item with a number and nothing that leads in to it."""
    return passage.form is Form.ITEM and passage.lead_in is None and (passage.number or "").rstrip(".)").isdigit()


def sentence_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of the sentence of *text* that the offset *at* stands in; never more than is looked at."""
    low, high = max(at - _LONGEST_SENTENCE, 0), min(at + _LONGEST_SENTENCE, len(text))
    start = low
    for end in _SENTENCE_END.finditer(text, low, high):
        if end.end() > at:
            return start, end.start() + 1
        start = end.end()
    return start, high
