"""Which part of a text is shown for a question: one or two fragments in pieces, the matched words told apart.

Never HTML, and never a character that the text does not have: where text is left out, the piece beside the gap says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter

import msgspec

from search.limits import MATCH_CHARACTERS, SNIPPET_CHARACTERS
from search.results import Fragment

# Two fragments with less than this between them are shown as one.
_BRIDGE = 40
# How much of the room goes before the first match.
_LEAD = 0.35
_SENTENCE_ENDS = ".?!؟۔…"
_SHORT = re.compile(r"(?<!\w)(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|pp|para|paras|Vol|Art|Gen|Col|Lt|Sgt|cf|vs)\.$")
_PLACE = attrgetter("start", "end", "word")
_CLOSERS = "\"'”’»)]"
_CLOSERS_MAX = 8  # that may stand between a stop and a blank
_STOP = re.compile(rf"[{re.escape(_SENTENCE_ENDS)}][{re.escape(_CLOSERS)}]{{0,{_CLOSERS_MAX}}}(?=\s)")


class Mark(msgspec.Struct, frozen=True, gc=False):
    """The half-open piece of a text that met the *word*-th word of the question."""

    start: int
    end: int
    word: int = 0


def apart(marks: Iterable[Mark]) -> list[Mark]:
    """*marks* in order, those that overlap made one; empty ones left out."""
    marks = list(marks)
    reached = 0
    for mark in marks:
        if mark.start < reached or mark.end <= mark.start:
            break
        reached = mark.end
    else:
        return marks
    joined: list[Mark] = []
    for mark in _in_order(marks):
        if joined and mark.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Mark(last.start, max(last.end, mark.end), last.word)
        else:
            joined.append(mark)
    return joined


def _in_order(marks: Iterable[Mark]) -> list[Mark]:
    """*marks* by their places; empty ones left out."""
    return sorted([mark for mark in marks if mark.start < mark.end], key=_PLACE)


def snippet(text: str, marks: Sequence[Mark], characters: int = SNIPPET_CHARACTERS) -> tuple[Fragment, ...]:
    """At most two fragments of *text*, *characters* long together, that show as many of the words found as they can.

    *marks* are the words found, which may overlap. A single match longer than that is shown for `MATCH_CHARACTERS`.
    Without marks, the text's beginning. Cut between words; empty only for an empty text.
    """
    found = apart(marks)
    return tuple(
        [piece for window in _windows(text, found, list(marks), characters) for piece in _pieces(text, found, *window)]
    )


def _windows(text: str, found: list[Mark], marks: list[Mark], characters: int) -> list[tuple[int, int]]:
    if len(text) <= characters:
        return [(0, len(text))]
    if not found:
        return [_placed(text, 0, 0, characters)]
    if found[-1].end - found[0].start <= characters:
        return [_placed(text, found[0].start, found[-1].end, characters)]
    everything = {mark.word for mark in marks}
    if len(everything) < 2:
        return [_placed(text, *_densest(found, characters), characters)]
    words = _words_of(found, marks)
    first = _best(found, words, characters)
    if len(_held(words, first)) == len(everything):
        return [_placed(text, *_span(found, first), characters)]
    first = _best(found, words, characters // 2)
    shown = _held(words, first)
    second = _best(found, words, characters // 2, shown, beside=first)
    if second is None or _held(words, second) <= shown:
        first = _best(found, words, characters)
        return [_placed(text, *_span(found, first), characters)]
    windows = sorted(_placed(text, *_span(found, block), characters // 2) for block in (first, second))
    if windows[1][0] - windows[0][1] < _BRIDGE:
        return [(windows[0][0], max(windows[0][1], windows[1][1]))]
    return windows


def _words_of(found: list[Mark], marks: list[Mark]) -> list[Collection[int]]:
    """The words of the question that each of *found* holds, which are *marks* made apart."""
    if found == marks:
        return [(mark.word,) for mark in found]
    words: list[set[int]] = [set() for _ in found]
    place = 0
    for mark in _in_order(marks):
        while found[place].end <= mark.start:
            place += 1
        words[place].add(mark.word)
    return [*words]


def _densest(found: list[Mark], characters: int) -> tuple[int, int]:
    """From where to where the most of *found* stand within *characters*; the earliest of several such places."""
    most, first = 0, 0
    span = (found[0].start, found[0].end)
    for last, mark in enumerate(found):
        while first < last and mark.end - found[first].start > characters:
            first += 1
        if last - first >= most:
            most, span = last - first + 1, (found[first].start, mark.end)
    return span


def _held(words: list[Collection[int]], block: range | None) -> set[int]:
    return {word for place in block or () for word in words[place]}


def _span(found: list[Mark], block: range | None) -> tuple[int, int]:
    assert block, "a block holds at least one mark"
    return found[block[0]].start, found[block[-1]].end


def _best(
    found: list[Mark],
    words: list[Collection[int]],
    characters: int,
    shown: Collection[int] = (),
    beside: range | None = None,
) -> range | None:
    """The run of marks no wider than *characters* with the most words not yet *shown*, then the most marks, then the
    earliest; apart from *beside*. None where no mark is left."""
    if shown:
        words = [[word for word in here if word not in shown] for here in words]
    counts: dict[int, int] = {}  # of the words from first to last
    best = (-1, 0)
    block: range | None = None
    first = 0
    for last, mark in enumerate(found):
        for word in words[last]:
            counts[word] = counts.get(word, 0) + 1
        while first < last and (mark.end - found[first].start > characters or (beside and first <= beside[-1] <= last)):
            for word in words[first]:
                if counts[word] == 1:
                    del counts[word]
                else:
                    counts[word] -= 1
            first += 1
        if beside and (last in beside or first in beside):
            continue
        value = (len(counts), last - first + 1)
        if value > best:
            best, block = value, range(first, last + 1)
    return block


def _placed(text: str, start: int, end: int, characters: int) -> tuple[int, int]:
    """A window of about *characters* around *start* to *end* that begins and ends between words."""
    if end - start > max(characters, MATCH_CHARACTERS):
        end = _back(text, start + MATCH_CHARACTERS, start + 1)
    room = max(0, characters - (end - start))
    before = start - min(start, int(room * _LEAD))
    after = min(len(text), end + room - (start - before))
    before = max(0, start - (room - (after - end)))
    first = _sentence_start(text, before, start)
    if first is None:
        first = _forward(text, before, start)
    else:
        after = min(len(text), after + first - before)
    last = _back(text, after, end)
    while first < start and text[first].isspace():
        first += 1
    while last > max(end, first + 1) and text[last - 1].isspace():
        last -= 1
    return first, last


def _sentence_start(text: str, low: int, high: int) -> int | None:
    """The first beginning of a sentence from *low* to *high*, in sight of a reader who wants the words as well."""
    if low == 0:
        return 0
    for stop in _STOP.finditer(text, max(0, low - _CLOSERS_MAX - 1), high):
        if low <= stop.end() < high and ends_sentence(text, stop.end()):
            return stop.end() + 1
    return None


def ends_sentence(text: str, at: int) -> bool:
    """Whether a sentence may end right before *at*: a stop, quotation marks and brackets behind it allowed.

    The stop of an initial or a common abbreviation ends none.
    """
    while at > 0 and text[at - 1] in _CLOSERS:
        at -= 1
    if at == 0 or text[at - 1] not in _SENTENCE_ENDS:
        return False
    return text[at - 1] != "." or not _SHORT.search(text, max(0, at - 8), at)


def between_words(text: str, low: int, place: int, high: int) -> tuple[int, int]:
    """The widest piece of *text* from *low* to *high* around *place* that begins and ends between words."""
    return _forward(text, low, place), _back(text, high, place)


def _forward(text: str, at: int, limit: int) -> int:
    """The first place between words from *at* on; none before *limit*: there, or at *at* in a word without an end."""
    if at == 0 or at >= limit:
        return min(at, limit)
    for place in range(at, limit + 1):
        if text[place - 1].isspace():
            return place
    return limit if limit - at < _BRIDGE else _whole(text, at)


def _back(text: str, at: int, limit: int) -> int:
    """The last place between words up to *at*; none after *limit*: there, or at *at* in a word without an end."""
    if at >= len(text) or at <= limit:
        return max(min(at, len(text)), limit)
    for place in range(at, limit - 1, -1):
        if text[place].isspace():
            return place
    return limit if at - limit < _BRIDGE else _whole(text, at)


def _whole(text: str, at: int) -> int:
    """*at*, moved so that no mark is torn from its letter."""
    while 0 < at < len(text) and unicodedata.category(text[at])[0] == "M":
        at -= 1
    return at


def _pieces(text: str, found: list[Mark], start: int, end: int) -> list[Fragment]:
    """*text* from *start* to *end*, cut at the marks."""
    # Most of the time here goes into making values, so that each is made once, with what it lacks around it.
    pieces: list[Fragment] = []
    before, after = start > 0, end < len(text)
    done = start
    for mark in found:
        low, high = mark.start, mark.end
        if high <= start:
            continue
        if low >= end:
            break
        if low < start:
            low = start
        if high > end:
            high = end
        if done < low:
            pieces.append(Fragment(text[done:low], False, before and done == start))
        pieces.append(Fragment(text[low:high], True, before and low == start, after and high == end))
        done = high
    if done < end:
        pieces.append(Fragment(text[done:end], False, before and done == start, after))
    return pieces
