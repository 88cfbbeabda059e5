"""Which officials a passage names: in any listed spelling, by an office held at that date, or as "the minister" does.

A tag needs a listed spelling or a listed office; likeness of spelling alone never gives one. A bare surname that
several people bear goes to the one named last before it in the section, or to nobody. A name that somebody else's
given name stands before ("Hamid Nouri" where the record's official is Abdollah Nouri) is somebody else's, and so is
what follows under that surname.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.authorities import Authorities
from corpus.names import Found, NameFinder, Words, transliteration_key, words_of
from corpus.officials_words import CALLED_AFTER, FUNCTION_WORDS, OF_THE_PERSON, PERSIAN_GIVEN, TITLES

_HYPHENS = frozenset("-‐‑–")
_PARTICLES = frozenset(("al", "el", "de", "la", "da", "dos", "du", "von", "van", "der", "bin", "ibn", "abu"))
_NEAREST = 100  # mentions before a word in its own passage that may say whom it means
_LOOK_BACK = 40  # passages of the same section in which a bare surname may find its full name


@dataclass(frozen=True, slots=True)
class OfficialMention:
    """An official named at `text[start:end]`; *official* is None for somebody else who bears the *surname*."""

    official: str | None
    start: int
    end: int
    surname: str | None = None  # its last word, folded
    by: str = "name"  # or "office", "title"


@dataclass(slots=True)
class NameReading:
    """What the names alone say about one passage, before the rest of the document is known."""

    words: Words
    full: list[OfficialMention] = field(default_factory=list)  # beyond doubt, in order; somebody else's names too
    bare: list[tuple[Words, int]] = field(default_factory=list)  # surnames with nothing to tell whose


class OfficialFinder:
    """Knows every listed name of the collection's officials."""

    def __init__(self, authorities: Authorities, heads: Mapping[tuple[str, ...], frozenset[str]] | None = None) -> None:
        """*heads*: offices as they stand before a name ("Foreign Minister"), with those who held them."""
        owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
        printed: dict[tuple[str, ...], str] = {}
        self._surnames: dict[str, set[str]] = defaultdict(set)
        self._inner: dict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, set[str]] = defaultdict(set)
        self._keys: dict[str, set[str]] = defaultdict(set)
        for official in authorities.officials:
            for name in _spellings(official.names()):
                parts = tuple(words_of(name).words)
                if not parts:
                    continue
                owners[parts].add(official.id)
                printed.setdefault(parts, name)
                self._parts[official.id].update(parts)
                if len(parts) > 1:
                    self._surnames[parts[-1]].add(official.id)
                    for part in parts[1:-1]:
                        self._inner[part].add(official.id)
        self._all_parts = frozenset(part for parts in self._parts.values() for part in parts)
        self._heads: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for head, holders in (heads or {}).items():
            for identifier in holders:
                self._heads[identifier].append(head)
        for identifier, words in self._parts.items():
            self._keys[identifier] = {transliteration_key(word) for word in words}
        for official in authorities.officials:
            for told in official.not_to_be_confused_with:
                name = told.split(",")[0].split("(")[0]
                parts = tuple(words_of(name).words)
                if parts and parts not in owners:
                    owners[parts] = set()
                    printed[parts] = name
        self._names: NameFinder[str | None] = NameFinder(
            (printed[parts], next(iter(ids)) if len(ids) == 1 else None)
            for parts, ids in owners.items()
            if len(parts) > 1
        )
        self._bare = {parts[0]: next(iter(ids)) for parts, ids in owners.items() if len(parts) == 1 and len(ids) == 1}
        for word, owner in self._bare.items():
            self._inner[word].discard(owner)  # Arbenz Guzman, listed as Arbenz too: nobody else's second name
        self._nobody = {parts[0] for parts, ids in owners.items() if len(parts) == 1 and len(ids) != 1}
        self._watched = (set(self._bare) | set(self._surnames)) - self._nobody

    def read(self, words: Words, lower: Collection[str]) -> NameReading:
        """The full names in a passage and its bare surnames; *lower*: words that the document has in lower case."""
        reading = NameReading(words)
        covered: set[int] = set()
        for found in self._names.find(words):
            covered.update(range(found.first, found.last + 1))
            reading.full.append(self._full(words, found, lower))
        for at, word in enumerate(words.words):
            if word in self._watched and at not in covered and words.is_capital(at):
                self._judge(reading, at, covered, lower)
        reading.full.sort(key=lambda mention: mention.start)
        return reading

    def read_also(self, reading: NameReading, words: Words, lower: Collection[str]) -> None:
        """Adds to *reading* what the same passage names when its words are read as *words*."""
        other = self.read(words, lower)
        known = {mention.start for mention in reading.full} | {one.starts[at] for one, at in reading.bare}
        reading.full += [mention for mention in other.full if mention.start not in known]
        reading.bare += [(one, at) for one, at in other.bare if one.starts[at] not in known]
        reading.full.sort(key=lambda mention: mention.start)

    def _full(self, words: Words, found: Found[str | None], lower: Collection[str]) -> OfficialMention:
        whose, before = found.value, found.first - 1
        if (
            whose is not None
            and words.words[found.first] in _PARTICLES
            and before >= 0
            and words.joined[found.first]
            and not words.is_possessive(before)
            and self._is_given_name(words, before, lower)
            and not self._fits(whose, words, before)
        ):
            whose = None  # Tewfik al-Hakim, where al-Hakim alone is listed
        return OfficialMention(whose, found.start, found.end, words.words[found.last])

    def _judge(self, reading: NameReading, at: int, covered: set[int], lower: Collection[str]) -> None:
        """Whether the surname at *at* is an official's with a given name unlisted, somebody else's, or bare."""
        words = reading.words
        word, owner = words.words[at], self._bare.get(words.words[at])
        before = (
            at - 1 if at and words.joined[at] and at - 1 not in covered and not words.is_possessive(at - 1) else None
        )
        after = at + 1 if at + 1 < len(words.words) and words.joined[at + 1] else None
        whose: str | None = None
        if after is not None and self._goes_on(words, at, after, lower):
            whose = owner if owner and words.words[after] in self._parts[owner] else None
        elif before is not None and self._is_given_name(words, before, lower):
            given = words.words[before]
            if owner and self._fits(owner, words, before):
                whose = owner
            elif owner is None and not given:
                return
        else:
            reading.bare.append((words, at))
            return
        reading.full.append(OfficialMention(whose, words.starts[at], words.ends[at], word))

    def _goes_on(self, words: Words, at: int, after: int, lower: Collection[str]) -> bool:
        """Whether the word after a surname is a further surname (Nouri Hamedani), not the sentence going on."""
        word = words.words[after]
        if word in self._watched and _is_hyphen(words, after):
            return False  # the Holland-Wisner talks: two persons
        if not word.isascii() or word[0].isdigit() or words.is_possessive(at) or not words.is_capital(after):
            return False
        if words.is_all_capitals(at):
            return False
        return word in CALLED_AFTER or (word not in OF_THE_PERSON and not is_common(word, lower))

    def _is_given_name(self, words: Words, before: int, lower: Collection[str]) -> bool:
        word = words.words[before]
        if word in self._watched and _is_hyphen(words, before + 1):
            return False
        if not word.isascii():
            return word in PERSIAN_GIVEN or word in self._all_parts
        if before and words.words[before - 1] in ("in", "at", "near") and words.joined[before]:
            return False  # "In Geneva Lahouti said"
        return words.is_capital(before) and not word[0].isdigit() and not is_common(word, lower)

    def _fits(self, owner: str, words: Words, before: int) -> bool:
        """Whether the given name at *before* can be the owner's: the same, another transliteration, or its initial."""
        word = words.words[before]
        if len(word) <= 2 and word.isascii():
            return all(any(part.startswith(letter) for part in self._parts[owner]) for letter in word)
        return word in self._parts[owner] or transliteration_key(word) in self._keys[owner]

    def settle(self, readings: Sequence[NameReading], before: Sequence[Sequence[int]]) -> list[list[OfficialMention]]:
        """The officials that each passage names; *before*: the passages that each may look back to, nearest first."""
        bearers: dict[str, set[str | None]] = defaultdict(set)
        others: dict[str, int] = {}  # by surname, where somebody else who bears it is first named
        for place, reading in enumerate(readings):
            for mention in reading.full:
                if mention.surname is not None:
                    bearers[mention.surname].add(mention.official)
                    if mention.official is None:
                        stands = _stands(place, before)
                        others[mention.surname] = min(stands, others.get(mention.surname, stands))
        settled: list[list[OfficialMention]] = [[] for _ in readings]
        for place, reading in enumerate(readings):
            mentions = list(reading.full)
            settled[place] = mentions
            earlier = [settled[one] for one in before[place][:_LOOK_BACK] if one < place]
            for words, at in reading.bare:
                start = words.starts[at]
                if bearers[words.words[at]] == {None} and _stands(place, before) < others[words.words[at]]:
                    whose = self._bare.get(words.words[at])  # nobody else was named so yet
                else:
                    whose = self._whose(words, at, [named_before(mentions, start), *earlier], bearers)
                if whose is not None:
                    mention = OfficialMention(whose, start, words.ends[at], words.words[at])
                    insort(mentions, mention, key=_start)
        return settled

    def _whose(
        self,
        words: Words,
        at: int,
        lookback: Sequence[Sequence[OfficialMention]],
        bearers: dict[str, set[str | None]],
    ) -> str | None:
        word = words.words[at]
        by_office = [
            identifier
            for identifier in sorted(self._surnames.get(word, set()) | {self._bare.get(word, "")} - {""})
            if any(tuple(words.words[max(at - len(head), 0) : at]) == head for head in self._heads.get(identifier, ()))
        ]
        if len(by_office) == 1:
            return by_office[0]
        if len(bearers[word]) == 1 and not self._inner.get(word):
            (only,) = bearers[word]
            return only
        for mentions in lookback:
            named = {mention.official for mention in mentions if mention.surname == word}
            named |= {mention.official for mention in mentions if mention.official in self._inner.get(word, ())}
            if named:
                (whose, *others) = named
                return whose if not others and whose not in self._inner.get(word, ()) else None
        return self._bare.get(word)


def named_before(mentions: Sequence[OfficialMention], start: int) -> Sequence[OfficialMention]:
    """Of *mentions* in order, the last ones that begin before *start*: as many as can matter."""
    end = bisect_left(mentions, start, key=_start)
    return mentions[max(end - _NEAREST, 0) : end]


def _stands(place: int, before: Sequence[Sequence[int]]) -> int:
    """Where a passage stands in the order of reading: a note right after the passage that calls it."""
    return before[place][0] + 1 if before[place] else place


def _is_hyphen(words: Words, at: int) -> bool:
    """Whether a hyphen joins the word *at* to the one before."""
    return words.printed[words.ends[at - 1] : words.starts[at]] in _HYPHENS


def _start(mention: OfficialMention) -> int:
    return mention.start


def is_common(word: str, lower: Collection[str]) -> bool:
    """Whether a capitalised word beside a name is no part of it: a title, a function word, or lower-cased elsewhere."""
    return word in TITLES or word in FUNCTION_WORDS or word in lower


def _spellings(names: Iterable[str]) -> Iterable[str]:
    """*names*, and the other ways to part those in Persian: names written together or with a joiner may stand apart."""
    for name in names:
        apart = " ".join(name.replace("\u200c", " ").split())
        yield name
        if not apart.isascii():
            yield apart
            for at, char in enumerate(apart):
                if char == " ":
                    yield apart[:at] + apart[at + 1 :]
