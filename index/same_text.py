"""Pairs what reads the same in two editions: wherever it stands if it stands once, and twins by their places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from itertools import accumulate

from index.likeness import longest_rising
from index.matching import GAP, Matching, grouped

NEARLY_ALL = 0.8  # of a wider gap must read the same on both sides for its repeated texts to be told by their order
OWN_WORDS = 6  # a shorter text that stands elsewhere may as well be another that reads the same
MOST_DOUBLED = 6  # places that a reader is shown for one


def take_exact(matching: Matching) -> None:
    """Pair what reads exactly the same and stands once on both sides, wherever it stands.

    Then what has the same words and stands once in both editions: a change of quotes or dashes throughout a document
    leaves no text as it was. But a few words that stand in another order than the rest wait for `take_exact_elsewhere`.
    """
    _take_pairs(matching, _exact(matching), elsewhere=False)
    _take_pairs(matching, _same_words(matching), elsewhere=False)


def take_exact_elsewhere(matching: Matching) -> None:
    """Pair the few words that stand once on both sides and in another order than the rest.

    To be done once it is known what was cut and joined: that makes short texts, and swallows them.
    """
    _take_pairs(matching, _exact(matching), elsewhere=True)
    _take_pairs(matching, _same_words(matching), elsewhere=True)


def _exact(matching: Matching) -> list[tuple[int, int]]:
    news = {matching.new_texts[place]: place for place in matching.free_new()}
    pairs = [(one, news.get(matching.old_texts[one])) for one in matching.free_old()]
    return [
        (one, other)
        for one, other in pairs
        if other is not None and matching.stood_and_stands(matching.old_texts[one], 1, 1)
    ]


def _same_words(matching: Matching) -> list[tuple[int, int]]:
    olds = _by_text(range(len(matching.old)), matching.old_words)
    news = _by_text(range(len(matching.new)), matching.new_words)
    found: list[tuple[int, int]] = []
    for one in matching.free_old():
        words = matching.old_words[one]
        there = news.get(words, ())
        if len(olds[words]) == len(there) == 1 and matching.is_free(there[0]) and matching.comparable(one, there[0]):
            found.append((one, there[0]))
    return found


def _take_pairs(matching: Matching, pairs: Iterable[tuple[int, int]], *, elsewhere: bool) -> None:
    found = list(pairs)
    long = [pair for pair in found if elsewhere or len(matching.old_words[pair[0]]) >= OWN_WORDS]
    for one, other in long:
        matching.pair(one, other)
    short = [
        (one, other)
        for one, other in found
        if one not in matching.to and matching.gap_of_old(one) == matching.gap_of_new(other)
    ]
    short.sort()
    for at in longest_rising([other for _, other in short]):
        matching.pair(*short[at])


def take_repeated(matching: Matching) -> bool:
    """Pair what stands several times where its neighbours leave no choice; says whether anything was paired.

    That is so when it traded places with another, when a gap between two passages that stay holds the text as often on
    both sides (then in order), or when the passages right before and right after are the same. Two claims on one
    passage cancel each other. Texts are compared to the letter first, and then by their words.
    """
    if _take_traded(matching):
        return True
    taken = _take_claimed(matching, matching.old_texts, matching.new_texts)
    return _take_claimed(matching, matching.old_words, matching.new_words) or taken


def _take_traded(matching: Matching) -> bool:
    claims: dict[int, list[int]] = defaultdict(list)
    for one in matching.free_old():
        other = matching.traded(one)
        if other is not None and matching.old_words[one] == matching.new_words[other]:
            claims[other].append(one)
    found = False
    for other, places in claims.items():
        if len(places) == 1 and matching.comparable(places[0], other):
            matching.pair(places[0], other)
            found = True
    return found


def _take_claimed(matching: Matching, old_keys: Sequence[str], new_keys: Sequence[str]) -> bool:
    claims: set[tuple[int, int]] = set()
    perhaps = {matching.traded(one, perhaps=True) for one in matching.free_old()}
    olds_by_key = _by_text(matching.free_old(), old_keys)
    news_by_key = _by_text(matching.free_new(), new_keys)
    for olds, news in matching.gaps():
        mine, theirs = _by_text(olds, old_keys), _by_text(news, new_keys)
        everywhere = {key for key in mine if olds_by_key[key] == mine[key] and news_by_key.get(key) == theirs.get(key)}
        found = _claims_in_gap(mine, theirs, max(len(olds), len(news)), everywhere)
        claims |= {(one, other) for one, other in found if old_keys[one] in everywhere or other not in perhaps}
    claimed = {one for one, _ in claims}
    for one in matching.free_old():
        other = matching.instead(one) if one not in claimed else None
        if other is not None and matching.is_free(other) and new_keys[other] == old_keys[one]:
            claims.add((one, other))
    by_old = grouped(claims)
    by_new = grouped((other, one) for one, other in claims)
    sure = [(one, other) for one, other in sorted(claims) if len(by_old[one]) == len(by_new[other]) == 1]
    sure = [(one, other) for one, other in sure if matching.comparable(one, other)]
    for one, other in sure:
        matching.pair(one, other)
    return bool(sure)


def _claims_in_gap(
    mine: dict[str, list[int]], theirs: dict[str, list[int]], size: int, everywhere: Container[str]
) -> set[tuple[int, int]]:
    """What a gap holds as often on both sides, in order; of a wide gap only if nearly all of it is so.

    What stands elsewhere too (not *everywhere* it stands is in the gap) must not cross any other: it may have gone, and
    its twin have come.
    """
    even = [key for key in mine if len(mine[key]) == len(theirs.get(key, ()))]
    if size > GAP and sum(len(mine[key]) for key in even) < NEARLY_ALL * size:
        return set()
    pairs = sorted((*pair, key) for key in even for pair in zip(mine[key], theirs[key], strict=True))
    highest = [-1, *accumulate((other for _, other, _ in pairs), max)]
    lowest = [*accumulate((other for _, other, _ in reversed(pairs)), min)][::-1]
    return {
        (one, other)
        for at, (one, other, key) in enumerate(pairs)
        if key in everywhere or highest[at] < other <= lowest[at]
    }


def doubled(matching: Matching) -> dict[int, tuple[int, ...]]:
    """Lost old passages whose text stands at least twice, where nobody can say which is which, and all its places.

    That is so between the same two that stay, if the text stands more often there than before; and anywhere, if not one
    passage of that text is known, and none is missing.
    """
    found: dict[int, tuple[int, ...]] = {}
    for olds, news in matching.gaps():
        if max(len(olds), len(news)) > GAP:
            continue
        theirs = _by_text(news, matching.new_texts)
        for text, places in _by_text(olds, matching.old_texts).items():
            if len(theirs.get(text, ())) > len(places):
                found.update(dict.fromkeys(places, tuple(theirs[text])))
    free = _by_text(matching.free_new(), matching.new_texts)
    for text, places in _by_text(matching.free_old(), matching.old_texts).items():
        there = free.get(text, ())
        if MOST_DOUBLED >= len(there) >= max(len(places), 2) and matching.stood_and_stands(
            text, len(places), len(there)
        ):
            found.update(dict.fromkeys(places, tuple(there)))
    return found


def strayed(matching: Matching) -> dict[int, int]:
    """Lost old passages that stand elsewhere now, as it seems, by the new place: all their twins are known.

    It may also be that one was deleted while a twin of it was copied, which looks the same. Of a few words that are the
    same in many places, like a formula, nothing is said.
    """
    kept = Counter(
        matching.old_texts[one]
        for one, other in matching.to.items()
        if matching.old_texts[one] == matching.new_texts[other]
    )
    free = _by_text(matching.free_new(), matching.new_texts)
    return {
        places[0]: free[text][0]
        for text, places in _by_text(matching.free_old(), matching.old_texts).items()
        if len(places) == len(free.get(text, ())) == 1
        and len(matching.old_words[places[0]]) >= OWN_WORDS
        and matching.stood_and_stands(text, kept[text] + 1, kept[text] + 1)
    }


def _by_text(places: Iterable[int], texts: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        found[texts[place]].append(place)
    return found
