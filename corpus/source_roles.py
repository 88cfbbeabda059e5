"""Whether prose says of a publisher that it publishes, issues or reports something, or only speaks to or about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from corpus.names import Found, Words
from corpus.sources_words import (
    ADJECTIVES,
    ARTICLES,
    BESIDE,
    HANDING,
    ISSUING,
    MADE,
    MODALS,
    NOT_SUBJECT,
    OWNED,
    PEOPLE,
    RECORDS,
    SAID,
    SENT,
    VIEWS,
)
from corpus.surroundings import sentence_around

Named = TypeVar("Named")

_STOPS = re.compile(r"[.!?;:…]|,(?!\d)|\s[–—-]\s|[“”\"(]")
# What stands between a publisher and its verb, and names whom it quotes.
_ASIDE = re.compile(r",\s(?:quoting|citing|relying on|referring to|based on|basing itself on)\b[^,;.“”]{2,120},")
_CLAUSE_ENDS = re.compile(r"[,”’\"?!]\s*\Z")
_NAME_ENDS = re.compile(
    r"(?:\s\([^()]{1,40}\))?(?:\s*(?:[.,;:)”]|\Z)|\s(?:on|in|at|yesterday|today|last|this|quoting|citing|of)\b)"
)
_OPENS_WITH_A_RECORD = re.compile(
    r"In\s(?:an?|its|their|another|the\ssame|one)\s(?:[\w-]+\s){0,3}?(?:letter|reply|response|statement|report|note|cable"
    r"|telegram|memorandum|communiqu[eé]|communication|press\srelease|article|editorial|interview|dispatch)"
    r"(?:\s(?:to|of|dated|addressed|sent|issued|published|on)\b[^,;.]{0,120})?,\s(?:the\s)?"
)
_SENTENCE = 600  # characters after a name in which its verb may stand
_ONLY_IF = frozenset(("if", "unless", "whether"))
_BE = frozenset(("be", "is", "are", "was", "were", "been", "being"))
_OF_ANOTHER = frozenset(("a", "an", "the", "this", "that", "for", "to", "in", "with"))  # "gave the Gazette a report"
_GLUE = frozenset(("and", "the", "or", "as", "well", "both"))


def issues(words: Words, found: Found[Named]) -> bool:
    """Whether the publisher at *found* publishes or issues something there."""
    return (
        _is_subject(words, found)
        or _is_said_by(words, found)
        or _is_opened_by_a_record(words, found)
        or _is_made_by(words, found)
        or _owns_a_record(words, found)
        or _is_a_record(words, found)
    )


def _is_said_by(words: Words, found: Found[Named]) -> bool:
    """Whether what was said stands before its publisher: "It rained, said the Gazette."."""
    verb = _before(words, found.first)
    if (
        verb < 0
        or words.words[verb] not in SAID
        or not _CLAUSE_ENDS.search(words.printed, max(words.starts[verb] - 4, 0), words.starts[verb])
    ):
        return False
    return _NAME_ENDS.match(words.printed, found.end) is not None


def _is_opened_by_a_record(words: Words, found: Found[Named]) -> bool:
    """Whether a record of the publisher opens the sentence: "In a letter to the UN, the Mission denied it."."""
    start = sentence_around(words.printed, found.start)[0]
    return _OPENS_WITH_A_RECORD.fullmatch(words.printed, start, found.start) is not None


def is_sent_to(words: Words, found: Found[Named]) -> bool:
    """Whether a letter or the like is addressed to the publisher at *found*."""
    place = _before(words, found.first)
    if place < 0 or words.words[place] != "to":
        return False
    sent = next((at for at in range(place - 1, max(place - 26, -1), -1) if words.words[at] in SENT), None)
    return sent is not None and ";" not in words.printed[words.starts[sent] : found.start]


def _is_a_record(words: Words, found: Found[Named]) -> bool:
    """Whether the name itself names records ("UN records", "media reports") and is not only spoken about."""
    before = _before(words, found.first)
    return (
        found.last > found.first
        and words.words[found.last] in RECORDS
        and (before < 0 or words.words[before] not in ("to", "about", "against", "for", "without", "no"))
    )


def _before(words: Words, at: int) -> int:
    """The place of the last word before *at* that is no article or the like; -1 without one, or past a stop."""
    place = at - 1
    while place >= 0 and (words.words[place] in ARTICLES or words.words[place] in ADJECTIVES):
        place -= 1
    if place >= 0 and _STOPS.search(words.printed, words.ends[place], words.starts[at]):
        return -1
    return place


def _is_subject(words: Words, found: Found[Named]) -> bool:
    before = _before(words, found.first)
    if before >= 0 and words.words[before] in NOT_SUBJECT:
        return False
    if _ONLY_IF.intersection(words.words[max(before - 1, 0) : before + 1]):
        return False
    end = found.end
    closing = re.compile(r"\s\([^()]{1,40}\)").match(words.printed, end)  # an abbreviation: ORF, NYT
    skip_to = closing.end() if closing else end
    if aside := _ASIDE.match(words.printed, skip_to):  # ", quoting Reuters,"
        skip_to = aside.end()
    stop = _STOPS.search(words.printed, skip_to, skip_to + _SENTENCE)
    last = stop.start() if stop else skip_to + _SENTENCE
    strange = 0
    for place in range(found.last + 1, min(found.last + 16, len(words.words))):
        if words.starts[place] < skip_to:
            continue
        if words.starts[place] >= last:
            return False
        word = words.words[place]
        if word in PEOPLE or word in MODALS:
            return False
        if word in ISSUING and not _is_no_deed(words, place):
            return True
        if word in HANDING and _record_follows(words, place, last):
            return True
        strange += word not in BESIDE
        if strange > 4:
            return False
    return False


def _is_no_deed(words: Words, place: int) -> bool:
    """Whether the word *place* is no deed of who stands before it: "in a state of", "is held", "carried out"."""
    before = words.words[place - 1]
    passive = before in _BE and words.words[place].endswith(("ed", "en", "held", "found"))
    after = words.words[place + 1] if place + 1 < len(words.words) else ""
    noun = before in _OF_ANOTHER or before in ("its", "their", "his", "her")
    return noun or passive or after == "out" or (words.words[place] == "state" and after != "that")


def _record_follows(words: Words, place: int, last: int) -> bool:
    """Whether a record is named soon after the word *place*, before the offset *last*."""
    return any(
        words.words[at] in RECORDS and words.starts[at] < last
        for at in range(place + 1, min(place + 8, len(words.words)))
    )


def _is_made_by(words: Words, found: Found[Named]) -> bool:
    place = _before(words, found.first)
    if place < 0:
        return False
    word = words.words[place]
    earlier = [word for word in words.words[max(place - 8, 0) : place] if word != "out"]
    if words.words[place - 1] == "out":
        return False  # carried out by
    after = found.last + 1
    if after < len(words.words) and words.joined[after] and words.words[after] in PEOPLE:
        # What the people of a publisher wrote for it is its record: "a report by its researchers".
        return word == "by" and bool(RECORDS.intersection(earlier[-1:]))
    if word == "of":
        if earlier[-2:] == ["on", "behalf"]:
            return bool(RECORDS.intersection(earlier) or MADE.intersection(earlier))
        return bool(OWNED.intersection(earlier[-1:]))
    if word == "to":
        return words.words[place - 1] == "according" if place else False
    if word in ("by", "from", "in", "with", "including", "on"):
        if word == "with":
            return "interview" in earlier[-3:] or "file" in earlier[-3:]
        if word == "in":
            return bool(
                MADE.intersection(earlier[-3:])
                or {"article", "articles", "interview", "report", "said"}.intersection(earlier[-3:])
            )
        if word == "on":
            return bool({"broadcast", "aired"}.intersection(earlier[-3:]))
        if word == "including":
            return bool({"outlets", "media", "newspapers", "agencies", "press"}.intersection(earlier[-4:]))
        if earlier and earlier[-1].endswith("ed") and earlier[-1] not in MADE:
            return False  # "concerns raised by": no record is said to be theirs
        return bool(RECORDS.intersection(earlier) or MADE.intersection(earlier[-3:]))
    return False


def _owns_a_record(words: Words, found: Found[Named]) -> bool:
    """Whether the record follows: "the New York Times article", "Amnesty International's reports"."""
    for place in range(found.last + 1, min(found.last + 4, len(words.words))):
        if _STOPS.search(words.printed, words.ends[place - 1], words.starts[place]):
            return False
        if words.words[place] in PEOPLE or words.words[place] in _OF_ANOTHER:
            return False
        if words.words[place] in RECORDS:
            return words.words[place] not in ("action", "actions") or words.words[place - 1] in ("urgent", "s")
        if words.words[place] in VIEWS and words.is_possessive(found.last):
            return True
    return False


def spread(words: Words, found: Sequence[Found[Named]], roles: list[bool]) -> None:
    """A list shares its role: "the Associated Press and New York Times reported"."""
    for order in (range(1, len(found)), range(len(found) - 2, -1, -1)):
        for nth in order:
            other = nth - 1 if order.step == 1 else nth + 1
            left, right = (found[other], found[nth]) if order.step == 1 else (found[nth], found[other])
            between = words.words[left.last + 1 : right.first]
            before = _before(words, found[nth].first)
            spoken_to = before >= 0 and words.words[before] in ("to", "quoting", "citing")
            if roles[other] and not roles[nth] and not spoken_to and all(word in _GLUE for word in between):
                gap = words.printed[left.end : right.start]
                roles[nth] = not re.search(r"[.;:!?“”]", gap)
