"""Readings, for matching only, of Persian that a PDF's text layer broke: lam-alef turned round, words in page order.

Two faults are common. A lam-alef ligature comes out as alef-lam (محالتی for محلاتی, اسالمی for اسلامی, اهلل or هللا for
الله); and a right-to-left line comes out in visual order, last word first, the parts of a word swapped where it had
a zero-width non-joiner (هایپاسخ for پاسخ‌های). The text stays as it is; a broken word gets an extra reading, under
which the sound spelling finds it. A sound word gets none: words such as سالم, مثال or خالق, whose turned form is
another word (سلام, مثلا, خلاق), are listed in `corpus.mending_words` and read as they stand, unless the rest of the
text proves that every lam-alef in it is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from corpus.mending_words import (
    COMMON_LAM_ALEF,
    FALSE_PLURALS,
    FIRST_ONLY,
    LAST_ONLY,
    NEVER_FIRST,
    NEVER_LAST,
    PAIRS,
    SOUND,
    SUFFIXES,
    VERBS,
)
from corpus.names import Words
from corpus.text import fold

_ALEF_LAM = "ال"
_LAM_ALEF = "لا"
_ALLAH = "الله"
_ARABIC = re.compile(r"[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_BROKEN_ALLAH = re.compile(r"اهلل|هللا")
# No sound word has these: alef before alef-lam (باال), two lams after alef but for the name of God (جالل).
_IMPOSSIBLE = re.compile(r"اال|الل(?!ه)|اهلل|هللا")
_WORD = re.compile(r"[^\W\d_]+")
_STRETCH = re.compile(
    r"(?:\d+\s+)?[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"
    r"(?:[^A-Za-z\u00c0-\u024f]*[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc])?"
)
_MOST_READINGS = 3


def has_arabic_script(text: str) -> bool:
    """Whether *text* has a letter of the Arabic script."""
    return not text.isascii() and _ARABIC.search(text) is not None


def extra_readings(word: str, *, broken: bool = False) -> tuple[str, ...]:
    """The folded readings of *word* besides itself: what it was before a lam-alef in it was broken; mostly none.

    With *broken* (see `lam_alef_is_broken`) words that could be sound are read too.
    """
    folded = fold(word)
    if _ALEF_LAM not in folded and "هلل" not in folded:
        return ()
    return _readings(folded, broken)


@lru_cache(maxsize=65536)
def _readings(word: str, broken: bool) -> tuple[str, ...]:
    if _BROKEN_ALLAH.search(word):
        return _allah(word)
    if _is_whole(word) or (not broken and _is_sound(word)) or word in (_ALLAH, _ALEF_LAM):
        return ()
    places = [match.start() for match in re.finditer(_ALEF_LAM, word)]
    if "الله" in word:
        places = [at for at in places if word[at : at + 4] != _ALLAH]
    found = []
    # Where extraction broke one lam-alef it broke all: all places first, then each alone (a sound ال may stand by).
    for chosen in [places, *([at] for at in places if len(places) > 1)]:
        letters = word
        for at in chosen:
            letters = letters[:at] + _LAM_ALEF + letters[at + 2 :]
        if letters != word:
            found.append(letters)
    return tuple(dict.fromkeys(found))[:_MOST_READINGS]


def _allah(word: str) -> tuple[str, ...]:
    mended = _BROKEN_ALLAH.sub(_ALLAH, word)
    readings = [mended]
    if word.startswith("هللا") and len(word) > 4:
        readings.append(mended[4:] + _ALLAH)  # the line was turned: what follows came first
    return tuple(readings)


def _is_whole(word: str) -> bool:
    """Whether a lam-alef stands in *word* that is not the tail of a broken one (استقالل has none, جلال has one)."""
    return _LAM_ALEF in word and not _IMPOSSIBLE.search(word)


def _is_sound(word: str) -> bool:
    if _IMPOSSIBLE.search(word):
        return False
    if word in SOUND:
        return True
    for length in range(1, 6):
        stem, suffix = word[:-length], word[-length:]
        if suffix in SUFFIXES and (stem in SOUND or (len(stem) > 3 and _ends_sound(stem))):
            return True
    return False


def _ends_sound(stem: str) -> bool:
    return any(stem[-length:] in SUFFIXES and stem[:-length] in SOUND for length in range(1, 4))


def lam_alef_is_broken(text: str) -> bool:
    """Whether every lam-alef of *text* is broken: at least one certainly is, and no whole one stands in it."""
    if not has_arabic_script(text):
        return False
    proof = False
    for word in _WORD.findall(fold(text)):
        if _is_whole(word):
            return False
        proof = proof or bool(_IMPOSSIBLE.search(word)) or word in _BROKEN_COMMON
    return proof


_BROKEN_COMMON = frozenset(word.replace(_LAM_ALEF, _ALEF_LAM) for word in COMMON_LAM_ALEF) - SOUND


def visual_runs(text: str) -> tuple[tuple[int, int], ...]:
    """Where *text* has Arabic script with its words in reverse order; half-open, in order, apart.

    Judged by words that can only begin or only end a phrase, by pairs that stand in one order only, and by endings
    that come before their word.
    """
    if not has_arabic_script(text):
        return ()
    return tuple(match.span() for match in _STRETCH.finditer(text) if _is_turned(_WORD.findall(fold(match.group()))))


def _is_turned(words: list[str]) -> bool:
    if len(words) < 2:
        return False
    score = 2 * sum(1 for word in words if _starts_with_ending(word))
    score += 2 * (words[-1] in NEVER_LAST or words[-1] in FIRST_ONLY) - (words[0] in NEVER_LAST)
    score += 2 * (words[0] in NEVER_FIRST) + (words[0] in LAST_ONLY) - 2 * (words[-1] in LAST_ONLY)
    for one, other in pairwise(words):
        score += 2 * ((other, one) in PAIRS) - 2 * ((one, other) in PAIRS)
    return score >= 2


def _starts_with_ending(word: str) -> bool:
    """Whether *word* starts with what can only end one: a plural's ending, or the name of God."""
    if word.startswith("هللا") and len(word) > 4:
        return True
    return word.startswith("های") and len(word) > 5 and not word.startswith(FALSE_PLURALS)


def turned_word(word: str) -> str | None:
    """A word of a visual run with its swapped parts put right (هایپاسخ is پاسخهای); None where nothing is swapped."""
    folded = fold(word)
    for ending in ("هایی", "های"):
        if folded.startswith(ending) and len(folded) > len(ending) + 2 and not folded.startswith(FALSE_PLURALS):
            return folded[len(ending) :] + ending
    for beginning in ("نمی", "می"):
        if folded.endswith(beginning) and folded[: -len(beginning)] in VERBS:
            return beginning + folded[: -len(beginning)]
    return None


def mended(words: Words) -> Words | None:
    """*words* as they should read: broken words mended, visual runs in reading order; None where nothing changes."""
    text = words.printed
    if not has_arabic_script(text):
        return None
    runs = visual_runs(text)
    read = _reader(lam_alef_is_broken(text))
    order = list(range(len(words.words)))
    joined = list(words.joined)
    turned = [False] * len(order)
    for start, end in runs:
        inside = [at for at in order if start <= words.starts[at] < end]
        if inside:
            low, high = inside[0], inside[-1]
            order[low : high + 1] = range(high, low - 1, -1)
            turned[low : high + 1] = [True] * (high + 1 - low)
            joined[low : high + 1] = [False, *words.joined[low + 1 : high + 1][::-1]]
    readings = [read(words.words[at], turned[place]) for place, at in enumerate(order)]
    if not runs and readings == words.words:
        return None
    return Words(text, readings, [words.starts[at] for at in order], [words.ends[at] for at in order], joined)


def _reader(broken: bool) -> Callable[[str, bool], str]:
    def read(word: str, turned: bool) -> str:
        if turned:
            word = turned_word(word) or word
        readings = extra_readings(word, broken=broken)
        return readings[-1] if turned and word.startswith("هللا") and readings else readings[0] if readings else word

    return read
