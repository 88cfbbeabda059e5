"""Which officials a passage means by an office: "the interior minister" of that date, "the minister" just named.

An office names its holder when exactly one listed official held it at the date spoken of, and nothing says that it is
another state's ("the French minister of foreign affairs"), another person's ("Foreign Minister Hans Genscher") or
another office ("deputy foreign minister"). The head of an office alone ("the Permanent Representative") names whoever
was named before in the passage, its lead-in or just before it in the section, if only one of those held such an office.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.authorities import Authorities, Office
from corpus.edtf import edtf_bounds
from corpus.names import Found, NameFinder, Words, words_of
from corpus.officials import OfficialMention, is_common, named_before
from corpus.surroundings import sentence_around

_OTHER_OFFICE = frozenset(
    ("deputy", "vice", "assistant", "acting", "shadow", "under", "associate", "advisor", "adviser")
)
_TIMES = frozenset(("then", "former", "current", "new", "present", "late", "ex", "erstwhile"))
_FORMER = frozenset(("former", "ex", "erstwhile"))
_EMPTY_HEADS = frozenset(
    ("head", "member", "deputy", "first", "chief", "judge", "official", "chair", "leader", "director")
)
_HEAD_ENDS = frozenset(("of", "to", "in", "for", "at"))
_IN_A_YEAR = re.compile(r"\b(?:[Ii]n|[Dd]uring|[Tt]hroughout)\s((?:1[5-9]|20)\d\d)\b(?![/–-]?\w)")
_POINTING = frozenset(("the", "this", "that", "said"))


@dataclass(frozen=True, slots=True)
class Span:
    """Days spoken of, both included; *at* is where in the text, None for a heading's or a neighbour's."""

    first: date
    last: date
    at: int | None = None


@dataclass(frozen=True, slots=True)
class _Holder:
    official: str
    office: Office

    def holds(self, span: Span) -> bool:
        first, last = _bounds(self.office.first)[0], _bounds(self.office.last)[1]
        return (first is None or first <= span.last) and (last is None or span.first <= last)

    def held_before(self, span: Span) -> bool:
        last = _bounds(self.office.last)[1]
        return last is not None and last < span.first

    @property
    def always(self) -> bool:
        return self.office.first is None and self.office.last is None


@dataclass(frozen=True, slots=True)
class _Listed:
    holders: tuple[_Holder, ...]
    former: bool


def _bounds(edtf: str | None) -> tuple[date | None, date | None]:
    return (edtf_bounds(edtf) or (None, None)) if edtf else (None, None)


class OfficeFinder:
    """Knows every listed way of naming an office."""

    def __init__(self, authorities: Authorities) -> None:
        holders: dict[tuple[str, ...], list[_Holder]] = defaultdict(list)
        heads: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._own: set[str] = set()  # the capitalised words of the offices: whose offices these are
        printed: dict[tuple[str, ...], str] = {}
        for official in authorities.officials:
            for office in official.offices:
                for mention in office.mentions:
                    words = words_of(mention)
                    self._own.update(word for at, word in enumerate(words.words) if words.is_capital(at))
                    for spelling in _variants(mention):
                        parts = tuple(words_of(spelling).words)
                        printed.setdefault(parts, spelling)
                        if all(one.official != official.id or one.office is not office for one in holders[parts]):
                            holders[parts].append(_Holder(official.id, office))
                    head = _head(words)
                    if head:
                        heads[head].add(official.id)
        self.heads = {head: frozenset(ids) for head, ids in heads.items()}
        self._offices: NameFinder[_Listed] = NameFinder(
            (
                (printed[parts], _Listed(tuple(found), bool(_FORMER.intersection(parts[:2]))))
                for parts, found in holders.items()
            ),
            capitals=False,
        )
        self._heads: NameFinder[frozenset[str]] = NameFinder(
            ((" ".join(head), ids) for head, ids in self.heads.items()), capitals=False
        )

    def mentions(
        self,
        words: Words,
        named: Sequence[OfficialMention],
        earlier: Sequence[Sequence[OfficialMention]],
        dates: Sequence[Sequence[Span]],
        lower: Collection[str],
    ) -> list[OfficialMention]:
        """Officials meant by their office.

        *named* are those named in the passage, *earlier* those of the passages to look back to, nearest first; *dates*
        are the days spoken of, the passage's own first, then what stands in for them.
        """
        everyone = sorted(named, key=lambda mention: mention.start)
        found: list[OfficialMention] = []
        covered: set[int] = set()
        for office in self._offices.find(words):
            covered.update(range(office.first, office.last + 1))
            if not self._is_elsewhere(words, office, everyone, lower):
                whose = self._holder(words, office, everyone, earlier, dates)
                if whose is not None:
                    found.append(OfficialMention(whose, office.start, office.end, None, "office"))
        everyone = sorted([*everyone, *found], key=lambda mention: mention.start)
        for head in self._heads.find(words):
            if head.first not in covered and self._points_back(words, head):
                whose = _only([named_before(everyone, head.start), *earlier], head.value)
                if whose is not None:
                    found.append(OfficialMention(whose, head.start, head.end, None, "title"))
        return found

    def _is_elsewhere(
        self, words: Words, office: Found[_Listed], named: Sequence[OfficialMention], lower: Collection[str]
    ) -> bool:
        """Whether the office found is another state's, another person's, or part of another office."""
        at = office.first - 1
        while at >= 0 and words.words[at] in _TIMES and words.joined[at + 1]:
            at -= 1
        if at >= 0 and words.joined[at + 1]:
            word = words.words[at]
            if word in _OTHER_OFFICE or _possessive_of(words, office.first, _OTHER_OFFICE):
                return True
            if words.is_capital(at) and word not in self._own and not is_common(word, lower):
                return True
        after = office.last + 1
        if after + 1 < len(words.words) and words.words[after] in ("of", "for") and words.joined[after]:
            whose = after + 1 + (words.words[after + 1] in ("the", "an", "a") and after + 2 < len(words.words))
            if words.is_capital(whose) and words.words[whose] not in self._own and words.joined[whose]:
                return True
        return self._is_somebody_else(words, office, named, lower)

    def _is_somebody_else(
        self, words: Words, office: Found[_Listed], named: Sequence[OfficialMention], lower: Collection[str]
    ) -> bool:
        """Whether a name stands right beside the office that is not that of a holder."""
        holders = {holder.official for holder in office.value.holders}
        following = bisect_left(named, office.end, key=lambda mention: mention.start)
        for mention in (*named_before(named, office.start)[-1:], *named[following : following + 1]):
            before = mention.start < office.start
            gap = words.printed[slice(mention.end, office.start) if before else slice(office.end, mention.start)]
            if len(gap) <= 3 and not gap.strip(" ,(") and mention.by == "name":
                return mention.official not in holders
        after, run = office.last + 1, 0
        comma = after < len(words.words) and words.printed[office.end : words.starts[after]].strip() == ","
        if after < len(words.words) and (words.joined[after] or comma):
            while (
                after + run < len(words.words)
                and (run == 0 or words.joined[after + run])
                and words.is_capital(after + run)
                and words.words[after + run].isalpha()
                and not is_common(words.words[after + run], lower)
                and words.words[after + run] not in self._own
            ):
                run += 1
        return run >= (2 if comma else 1)

    def _holder(
        self,
        words: Words,
        office: Found[_Listed],
        named: Sequence[OfficialMention],
        earlier: Sequence[Sequence[OfficialMention]],
        dates: Sequence[Sequence[Span]],
    ) -> str | None:
        holders = office.value.holders
        former = office.value.former or _is_former(words, office.first)
        spans = _nearest(words.printed, office.start, dates)
        if spans:
            there = {
                one.official
                for one in holders
                if any((one.held_before if former else one.holds)(span) for span in spans)
            }
        else:
            there = {one.official for one in holders if one.always} if not former else set()
        if len(there) == 1:
            return next(iter(there))
        candidates = frozenset(there or {one.official for one in holders})
        return _only([named_before(named, office.start), *earlier], candidates)

    def _points_back(self, words: Words, head: Found[frozenset[str]]) -> bool:
        """Whether a head stands as one that was named before: "the minister said", not "the minister of Iraq"."""
        at, after = head.first - 1, head.last + 1
        if at < 0 or words.words[at] not in _POINTING or not words.joined[head.first]:
            return False
        if after >= len(words.words):
            return True
        if words.words[after] in _HEAD_ENDS and words.joined[after]:
            return False
        return not (words.joined[after] and words.is_capital(after) and words.words[after].isalpha())


def _variants(mention: str) -> list[str]:
    """Ways to print one mention: "UN" written out or not, "then" or "former" after "Iran's"."""
    spellings = [mention]
    if "United Nations" in mention:
        spellings.append(mention.replace("United Nations", "UN"))
    elif re.search(r"\bUN\b", mention):
        spellings.append(re.sub(r"\bUN\b", "United Nations", mention))
    first, _, rest = mention.partition(" ")
    if rest and first[:1].isupper() and re.search(r"[’']s$|[’']$|ian$|ish$|ese$|can$|ch$|i$", first):
        spellings += [
            f"{first} {time} {end}"
            for end in (one.partition(" ")[2] for one in spellings[:])
            for time in ("then", "former", "current")
        ]
    return spellings


def _head(words: Words) -> tuple[str, ...]:
    """The office without whose it is and where: ("permanent", "representative")."""
    start = 0
    while start < len(words.words) - 1 and (
        words.is_possessive(start) or (start == 0 and words.words[0].endswith(("ian", "ish", "ese")))
    ):
        start += 1
    parts = []
    for word in words.words[start:]:
        if word in _HEAD_ENDS:
            break
        parts.append(word)
    head = tuple(parts)
    return () if not head or (len(head) == 1 and head[0] in _EMPTY_HEADS) or len(head) > 4 else head


def _possessive_of(words: Words, first: int, kinds: frozenset[str]) -> bool:
    """Whether "to the" or "of the" leads from one of *kinds* to the office at *first*: "adviser to the minister"."""
    before = words.words[max(first - 3, 0) : first]
    return len(before) == 3 and before[0] in kinds and before[1] in ("to", "of") and before[2] in ("the", "a")


def _is_former(words: Words, first: int) -> bool:
    return first > 0 and words.words[first - 1] in _FORMER and words.joined[first]


def _nearest(text: str, at: int, dates: Sequence[Sequence[Span]]) -> Sequence[Span]:
    """The days that a word at *at* is about: those of its sentence, or its bare year, else the first level with any."""
    start, end = sentence_around(text, at)
    same = [span for span in (dates[0] if dates else ()) if span.at is not None and start <= span.at < end]
    if same:
        return same
    years = [date(int(match[1]), 1, 1) for match in _IN_A_YEAR.finditer(text, start, end)]
    if years:
        return [Span(year, year.replace(month=12, day=31)) for year in years]
    return next((level for level in dates if level), ())


def _only(lookback: Sequence[Sequence[OfficialMention]], candidates: frozenset[str]) -> str | None:
    """The one of *candidates* whom the nearest passage that names any of them names; None if it names several."""
    for mentions in lookback:
        named = {mention.official for mention in mentions if mention.official in candidates}
        if named:
            return named.pop() if len(named) == 1 else None
    return None
