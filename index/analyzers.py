"""From text to index terms: printed words, exact words and stems, all from one walk over the text.

A *raw token* is a run of letters, digits and marks, held together by what an editor or a printer puts inside a word:
an apostrophe (shari'a), square brackets (condemn[ed]), the comma of thousands (2,109), joiners and soft hyphens. What
a raw token means never depends on its neighbours, so each distinct one is analysed once and looked up from then on.

Three readings come of it, each with its own numbering of places:

* PRINTED: runs of letters, digits and combining marks, after NFC and case folding, nothing else. shari'a is two.
* EXACT: one place a word. The word as a reader would type it stands first (sharia, condemned, 2109), its parts stand
  at the same place (shari, a; condemn, ed; 2, 109). A possessive is the word with its s, then without (irans, iran).
* TEXT: the stems of those, at the same places.

Hyphens, dashes, slashes, stops, quotes, ellipses and blanks separate words and are no words, so a phrase runs across
them.

Persian that extraction broke (corpus.mending) gets the sound spelling as one more term at a word's place. A run that
was left in visual order is one raw token by itself, whose exact words stand in reading order; its printed words stand
as they are printed. Such a token begins with a control character that no other has, see `_TURNED`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise

import msgspec
import Stemmer
from msgspec.structs import replace

from corpus.mending import extra_readings, has_arabic_script, lam_alef_is_broken, turned_word, visual_runs
from corpus.text import fold

# Longer words are kept by their beginning and a digest: a prefix still finds them, no two are taken for one.
TERM_CHARACTERS_MAX = 200
_TERM_CHARACTERS_KEPT = 160
# A raw token of more pieces than this is no word with an apostrophe in it: its pieces are words of their own.
_PIECES_MAX = 6

_APOSTROPHES = "'’‘‛`´′‵＇"
# Invisible inside a word, and part of it: soft hyphen, joiners, directions.
_INVISIBLE = "\u00ad\u200c\u200d\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_THOUSANDS = ",٬\u00a0\u2009\u202f"


def _marks(first: int, end: int) -> str:
    """The combining marks from *first* to before *end* in this Python's Unicode, as the inside of a character class."""
    ranges: list[list[int]] = []
    for code in range(first, end):
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


_MARKS = _marks(0x300, 0x10000)
# A class with ranges beyond U+FFFF is searched range by range, so those stand apart behind a guard.
_HIGH_MARK = rf"(?=[\U00010000-\U000e01ef])[{_marks(0x10000, 0x20000)}\U000e0100-\U000e01ef]"
_MARK = rf"(?:[{_MARKS}]|{_HIGH_MARK})"
_JOINER = rf"(?:[{_MARKS}{_INVISIBLE}{_APOSTROPHES}\[\]]|{_HIGH_MARK})"
# The underscore is in here because \w is much quicker than letters and digits alone; `_words_of` cuts there.
_GLUED = rf"\w+(?:(?:{_JOINER}+|[{_THOUSANDS}](?<=\d.)(?=\d))\w+)*{_MARK}*"
_RAW = re.compile(rf"{_GLUED}|{_MARK}+(?:{_GLUED})?")
_RUN = re.compile(rf"(?:[\w{_MARKS}{_INVISIBLE}{_APOSTROPHES}\[\]{_THOUSANDS}]|{_HIGH_MARK})*")
_PRINTED = re.compile(rf"(?:[^\W_]|{_MARK})+")
_PIECE = re.compile(rf"(?:[^\W_]|[{_MARKS}{_INVISIBLE}]|{_HIGH_MARK})+")
_BROKEN, _TURNED, _BROKEN_AND_TURNED = _SIGNS = "\x01\x02\x03"
_APART = frozenset(f"{_THOUSANDS}_")  # signs inside a raw token that hold nothing together
# Text between two such places composes by itself under NFC: before every character that is neither a mark nor a
# vowel or final of Hangul.
_FOLLOWING = rf"(?:[{_MARKS}\u1160-\u11ff]|{_HIGH_MARK})"
_COMPOSING = re.compile(rf"{_FOLLOWING}+|.{_FOLLOWING}*", re.DOTALL)

_ENGLISH = Stemmer.Stemmer("english")
# Plurals, with the endings that follow them. Endings that may be the word's own (ی, ان, ات) stay: زندان is a prison,
# زندانی a prisoner.
_PERSIAN_ENDINGS = ("هایشان", "هایتان", "هایمان", "هایی", "هایم", "هایت", "هایش", "های", "ها")


class Word(msgspec.Struct, frozen=True):
    """One place of EXACT and TEXT: *start* to *end* of the text. `exact[0]` is the word, the others are its parts."""

    start: int
    end: int
    exact: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a raw token says: its printed words one after another, and its words, with places in the token."""

    printed: tuple[str, ...]
    words: tuple[Word, ...]


def raw_tokens(text: str) -> list[str]:
    """The raw tokens of *text*, a text of the record, in order, after NFC."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return [raw for raw, _ in _read_tokens(text)] if has_arabic_script(text) else _RAW.findall(text)


def analyse(raw: str) -> Analysis:
    """What the raw token *raw* says."""
    if raw.isascii() and raw.isalnum():
        word = _bounded(fold(raw))
        return Analysis((_bounded(raw.casefold()),), (Word(0, len(raw), (word,), (stem(word),)),))
    sign = raw[:1] if raw[:1] in _SIGNS else ""
    raw = raw[len(sign) :]
    printed = tuple(_bounded(word.casefold()) for word in _PRINTED.findall(raw))
    if not has_arabic_script(raw):
        return Analysis(printed, tuple(_words_of(raw)))
    turned = sign in (_TURNED, _BROKEN_AND_TURNED)
    found = [
        _mended(word, broken=sign in (_BROKEN, _BROKEN_AND_TURNED), turned=turned)
        for match in _RAW.finditer(raw)
        for word in _moved(match)
    ]
    return Analysis(printed, tuple(reversed(found) if turned else found))


_REMEMBERED_MAX = 60  # characters of a raw token
_remembered = lru_cache(maxsize=20_000)(analyse)


def analyse_again(raw: str) -> Analysis:
    """The same as `analyse`, remembered: for tokens of texts that are shown, where the same ones come again."""
    return _remembered(raw) if len(raw) <= _REMEMBERED_MAX else analyse(raw)


def words(text: str) -> list[Word]:
    """The words of *text* in the order in which they stand: for what is typed, and for names and titles."""
    return [word for match in _RAW.finditer(text) for word in _standing(text, match.start(), match.group())]


def words_as_read(text: str) -> list[Word]:
    """The words of *text*, a text of the record, one for each place of EXACT and TEXT, with offsets in *text*.

    In a run that was left in visual order they stand in reading order, so that offsets fall.
    """
    if not has_arabic_script(text):
        return words(text)
    return [word for raw, at in _read_tokens(text) for word in _standing(text, at, raw)]


def words_where(text: str, wanted: Mapping[str, bool]) -> list[Word]:
    """Those of `words_as_read(text)` whose raw token is *wanted*: quicker than all of them where few are."""
    if has_arabic_script(text):
        return [word for raw, at in _read_tokens(text) if wanted[raw] for word in _standing(text, at, raw)]
    return words_inside(text, 0, len(text), wanted)


def words_inside(text: str, start: int, end: int, wanted: Mapping[str, bool]) -> list[Word]:
    """The same of a piece of *text*, which has no Arabic script; *start* and *end* cut no raw token."""
    return [
        word
        for match in _RAW.finditer(text, start, end)
        if wanted[match.group()]
        for word in _standing(text, match.start(), match.group())
    ]


def words_from(text: str, start: int) -> Iterator[Word]:
    """The words of *text*, which has no Arabic script, from *start* on, which cuts no raw token; read as asked for."""
    for match in _RAW.finditer(text, start):
        yield from _standing(text, match.start(), match.group())


def cuts(text: str, at: int) -> bool:
    """Whether *at* may be inside a raw token of *text*."""
    return at > 0 and _RUN.match(text, at - 1, at).end() == at  # type: ignore[union-attr]  # it matches anywhere


def _standing(text: str, at: int, raw: str) -> Iterator[Word]:
    """The words of the raw token *raw* that stands at *at* in *text*."""
    for word in analyse_again(raw).words:
        start, end = at + word.start, at + word.end
        piece = text[start:end]
        if piece.rfind("[") > piece.rfind("]") and text[end : end + 1] == "]":
            end += 1
        if "]" in piece and not 0 <= piece.find("[") < piece.find("]") and start and text[start - 1] == "[":
            start -= 1
        yield Word(start, end, word.exact, word.stems)


def _read_tokens(text: str) -> Iterator[tuple[str, int]]:
    """The raw tokens of a *text* with Arabic script, those of broken or turned words with their sign, and where each
    begins (the sign left out)."""
    broken = lam_alef_is_broken(text)
    runs = iter((*visual_runs(text), (len(text) + 1, len(text) + 1)))
    start, end = next(runs)
    inside: list[re.Match[str]] = []
    for match in _RAW.finditer(text):
        while match.start() >= end:
            yield from _turned(text, inside, broken)
            inside = []
            start, end = next(runs)
        if match.end() > start:
            inside.append(match)
        else:
            raw = match.group()
            yield (_BROKEN + raw if broken and has_arabic_script(raw) else raw), match.start()
    yield from _turned(text, inside, broken)


def _turned(text: str, inside: list[re.Match[str]], broken: bool) -> Iterator[tuple[str, int]]:
    """The tokens of a run as one."""
    if inside:
        first = inside[0].start()
        yield (_BROKEN_AND_TURNED if broken else _TURNED) + text[first : inside[-1].end()], first


def _moved(match: re.Match[str]) -> Iterator[Word]:
    for word in _words_of(match.group()):
        yield replace(word, start=word.start + match.start(), end=word.end + match.start())


def _mended(word: Word, *, broken: bool, turned: bool) -> Word:
    """*word* with the readings that it has besides itself."""
    whole = word.exact[0]
    further = [*extra_readings(whole, broken=broken)]
    if turned and (right := turned_word(whole)):
        further += [right, *extra_readings(right, broken=broken)]
    if not further:
        return word
    readings = [_bounded(reading) for reading in further]
    return replace(
        word,
        exact=tuple(dict.fromkeys((*word.exact, *readings))),
        stems=tuple(dict.fromkeys((*word.stems, *map(stem, readings)))),
    )


def printed_words(text: str) -> list[tuple[str, int, int]]:
    """The words of *text* as printed (NFC and case folding only), each with its start and end in *text*."""
    if unicodedata.is_normalized("NFC", text):
        return [(_bounded(found.group().casefold()), *found.span()) for found in _PRINTED.finditer(text)]
    composed: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _COMPOSING.finditer(text):
        piece = unicodedata.normalize("NFC", found.group())
        composed.append(piece)
        exactly = piece == found.group()
        starts += range(found.start(), found.end()) if exactly else [found.start()] * len(piece)
        ends += range(found.start() + 1, found.end() + 1) if exactly else [found.end()] * len(piece)
    return [
        (_bounded(found.group().casefold()), starts[found.start()], ends[found.end() - 1])
        for found in _PRINTED.finditer("".join(composed))
    ]


def stem(folded_word: str) -> str:
    """The stem of a folded word.

    English by Snowball's "english" (Porter, "The English (Porter2) stemming algorithm", snowballstem.org); of Persian
    only the plural is taken off; words of other scripts are their own stems.
    """
    if folded_word.isascii():
        stemmed: str = folded_word if folded_word.isdigit() else _ENGLISH.stemWord(folded_word)
        return stemmed
    if "\u0600" <= folded_word[0] <= "\u06ff":
        for ending in _PERSIAN_ENDINGS:
            if folded_word.endswith(ending) and len(folded_word) - len(ending) >= 3:
                return folded_word[: -len(ending)]
    return folded_word


def _words_of(raw: str) -> Iterator[Word]:
    pieces = [found.span() for found in _PIECE.finditer(raw)]
    at = 0
    while at < len(pieces):
        end = _end_of_number(raw, pieces, at) or _end_of_word(raw, pieces, at)
        if 1 < end - at <= _PIECES_MAX:
            parts = ["".join(_letters(raw[slice(*piece)])) for piece in pieces[at:end]]
            last_gap = raw[pieces[end - 2][1] : pieces[end - 1][0]]
            yield from _glued(pieces[at][0], pieces[end - 1][1], [part for part in parts if part], last_gap)
        else:
            for start, stop in pieces[at:end]:
                for word in map(_bounded, _letters(raw[start:stop])):
                    yield Word(start, stop, (word,), (stem(word),))
        at = end


def _end_of_number(raw: str, pieces: list[tuple[int, int]], at: int) -> int:
    """Where the number with separated thousands that begins at piece *at* ends; 0 where none begins."""
    ahead = pieces[at : at + _PIECES_MAX + 1]
    digits = [raw[slice(*piece)] for piece in ahead]
    gaps = [raw[stop:start] for (_, stop), (start, _) in pairwise(ahead)]
    if not gaps or gaps[0] not in _THOUSANDS or not (digits[0].isdecimal() and len(digits[0]) <= 3):
        return 0
    groups = next((i for i, gap in enumerate(gaps) if gap != gaps[0]), len(gaps))
    if groups >= _PIECES_MAX or not all(len(three) == 3 and three.isdecimal() for three in digits[1 : groups + 1]):
        return 0  # 12,345,67 is a list
    return at + groups + 1


def _end_of_word(raw: str, pieces: list[tuple[int, int]], at: int) -> int:
    end = at + 1
    while end < len(pieces) and _APART.isdisjoint(raw[pieces[end - 1][1] : pieces[end][0]]):
        end += 1
    return end


def _glued(start: int, end: int, parts: list[str], last_gap: str) -> Iterator[Word]:
    """The word of several *parts*; of a possessive the s is no part."""
    if not parts:
        return
    whole = _bounded("".join(parts))
    if len(parts) > 1 and parts[-1] == "s" and not set(last_gap) & set("[]"):
        parts = parts[:-1]
        base = _bounded("".join(parts))
        exact, stems = [whole, base], [stem(base)]
    else:
        exact, stems = [whole], [stem(whole)]
    if len(parts) > 1:
        exact += map(_bounded, parts)
        stems += (stem(_bounded(part)) for part in parts)
    yield Word(start, end, tuple(dict.fromkeys(exact)), tuple(dict.fromkeys(stems)))


def _letters(piece: str) -> list[str]:
    """The words that *piece* becomes by folding: none (only marks), one, or several (a ligature of words)."""
    return _PRINTED.findall(fold(unicodedata.normalize("NFC", piece)))


def _bounded(word: str) -> str:
    if len(word) <= TERM_CHARACTERS_MAX:
        return word
    return (
        word[:_TERM_CHARACTERS_KEPT] + sha256(word.encode()).hexdigest()[: TERM_CHARACTERS_MAX - _TERM_CHARACTERS_KEPT]
    )
