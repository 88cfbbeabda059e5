"""For a footnote that was found: the sentence that calls it, cut around the call."""

from __future__ import annotations

from index.record import PassageRecord
from search.limits import SENTENCE_CHARACTERS
from search.results import Fragment
from search.snippets import between_words, ends_sentence


def calling_sentence(caller: PassageRecord, note: str) -> tuple[Fragment, ...]:
    """The sentence of *caller* at whose end, or in which, the footnote with the id *note* is called.

    A mark on a heading gives the heading. Empty where the caller does not call it.
    """
    call = next((call for call in caller.calls if call.id == note), None)
    if call is None:
        return ()
    if call.at is None:
        return (Fragment(caller.section_path[-1]),) if caller.section_path else ()
    text = caller.text
    start, end = _sentence(text, call.at)
    if end - start > SENTENCE_CHARACTERS:
        # The words before a mark are what it stands for: most of the room is theirs.
        start, end = between_words(
            text,
            max(start, call.at - SENTENCE_CHARACTERS * 3 // 4),
            call.at,
            min(end, max(call.at, start) + SENTENCE_CHARACTERS // 4),
        )
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return ()
    return (Fragment(text[start:end], gap_before=start > 0, gap_after=end < len(text)),)


def _sentence(text: str, at: int) -> tuple[int, int]:
    """The sentence that the place *at* is in, or that ends there: where it starts and where it ends."""
    ended = ends_sentence(text, at)
    start = at - 1 if ended else at
    while start > 0 and text[start - 1] in ".?!؟۔…\"'”’»)]" and ended:
        start -= 1
    start = min(start, len(text) - 1)  # a mark at the end of a text that ends without a stop
    while start > 0 and not (text[start].isspace() and ends_sentence(text, start)):
        start -= 1
    if ended:
        return start, at
    end = at
    while end < len(text) and not (text[end].isspace() and ends_sentence(text, end)):
        end += 1
    return start, end
