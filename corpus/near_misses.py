"""Names in a document that look like an official's under a spelling nobody listed: proposed, never tagged.

What is compared is `corpus.names.transliteration_key`: "Mahalati" beside the listed "Mahallati". A near-miss asks the
maintainer either to list the spelling or to leave it as somebody else's.
"""

from __future__ import annotations

from collections import defaultdict

from corpus.addresses import find_addresses
from corpus.authorities import Authorities
from corpus.model import Document
from corpus.names import Words, transliteration_key, words_of
from corpus.officials import is_common
from corpus.problems import Problem, Severity

_SHORTEST_KEY = 4  # letters of a key: Nouri, Raisi; what is shorter is like too much
_LONGEST_NAME = 5  # words


def near_misses(document: Document, authorities: Authorities) -> list[Problem]:
    """A near-miss for each spelling in *document* that may be an official's and is not listed, at its first place."""
    listed, keys = _listed(authorities)
    if not keys:
        return []
    lower = _lower(document)
    found: dict[str, Problem] = {}
    for passage in document.passages:
        words = words_of(passage.text, [(one.start, one.end) for one in find_addresses(passage.text)])
        at = 0
        while at < len(words.words):
            length = _name_at(words, at, lower)
            if length:
                owner = _like(words.words[at : at + length], keys, listed)
                printed = passage.text[words.starts[at] : words.ends[at + length - 1]]
                if owner is not None and printed not in found:
                    identifier, name = owner
                    found[printed] = Problem(
                        f"documents/{document.slug}.md",
                        passage.line,
                        f"“{printed}” may be {name} ({identifier}) in a spelling that officials.toml does not list. "
                        "It is not tagged. List it there if it is; leave it if it is somebody else.",
                        Severity.NEAR_MISS,
                    )
            at += max(length, 1)
    return list(found.values())


def unknown_officials(document: Document, authorities: Authorities) -> list[Problem]:
    """A near-miss for each official in the front matter of *document* that officials.toml does not know."""
    known = {official.id for official in authorities.officials}
    return [
        Problem(
            f"documents/{document.slug}.md",
            1,
            f"officials: {official} is no id of officials.toml. No passage is tagged with it; correct it, or list the "
            "person there.",
            Severity.NEAR_MISS,
        )
        for official in document.officials
        if official not in known
    ]


def _listed(authorities: Authorities) -> tuple[set[tuple[str, ...]], dict[tuple[str, ...], tuple[str, str] | None]]:
    """The listed spellings in words, and for each key of one its official; None where several share it."""
    listed: set[tuple[str, ...]] = set()
    keys: dict[tuple[str, ...], tuple[str, str] | None] = {}
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for official in authorities.officials:
        for told in official.not_to_be_confused_with:
            listed.add(tuple(words_of(told.split(",")[0]).words))
        for name in official.names():
            parts = tuple(words_of(name).words)
            listed.add(parts)
            if all(part.isascii() for part in parts):
                key = _key(parts)
                owners[key].add(official.id)
                keys[key] = (official.id, official.name) if len(owners[key]) == 1 else None
    return listed, keys


def _key(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(transliteration_key(part) for part in parts)


def _lower(document: Document) -> frozenset[str]:
    return frozenset(
        word for passage in document.passages for word in passage.text.split() if word.isascii() and word.islower()
    )


def _name_at(words: Words, at: int, lower: frozenset[str]) -> int:
    """How many capitalised words in a row begin at *at*, common ones left out."""
    length = 0
    while (
        at + length < len(words.words)
        and length < _LONGEST_NAME
        and (length == 0 or words.joined[at + length])
        and words.words[at + length].isascii()
        and words.words[at + length].isalpha()
        and words.is_capital(at + length)
        and not is_common(words.words[at + length], lower)
    ):
        length += 1
        if words.is_possessive(at + length - 1):
            break
    return length


def _like(
    parts: list[str],
    keys: dict[tuple[str, ...], tuple[str, str] | None],
    listed: set[tuple[str, ...]],
) -> tuple[str, str] | None:
    name = tuple(parts)
    if name in listed:
        return None
    key = _key(name)
    if sum(map(len, key)) < _SHORTEST_KEY:
        return None
    return keys.get(key)
