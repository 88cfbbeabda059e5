"""Reads a collection's authority files: who is an official, who publishes what, which spellings mean one thing.

`collection.toml` is required; `officials.toml`, `sources.toml` and `terms.toml` may be absent. A fault in one entry
leaves that entry out, says so with its line, and never touches the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from corpus.authority_files import (
    IDENTIFIER,
    AuthorityFile,
    AuthorityFileError,
    BadEntryError,
    Entry,
    Placed,
    entries,
    tables,
)
from corpus.problems import PinciteError, Problem, Severity
from corpus.text import fold

DEFAULT_SOURCE_TYPES = (
    ("ngo", "NGO"),
    ("un", "UN"),
    ("media", "Media"),
    ("state-media", "State media"),
    ("government", "Government"),
    ("parliament", "Parliament"),
    ("court", "Court"),
    ("other", "Other"),
)


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """What `collection.toml` says. Source types are (value, label), in the order in which they are offered."""

    id: str
    title: str
    languages: tuple[str, ...] = ("en",)
    source_types: tuple[tuple[str, str], ...] = DEFAULT_SOURCE_TYPES
    guide: str = ""  # the document that a newcomer should read first, "" where none is named


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was: *mentions* are the ways in which prose names the office; the ends are EDTF, None is open."""

    title: str
    mentions: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    source: str | None = None  # where the record says so


@dataclass(frozen=True, slots=True)
class Official:
    """A person of the record: *spellings* in Latin, *persian* in Arabic script; *name* is the one shown."""

    id: str
    name: str
    spellings: tuple[str, ...] = ()
    persian: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    not_to_be_confused_with: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Every spelling of the name, the shown one first."""
        return tuple(dict.fromkeys((self.name, *self.spellings, *self.persian)))


@dataclass(frozen=True, slots=True)
class Source:
    """Who publishes: known by *names* in prose and notes, by *symbols* (with * for the rest), by *addresses*."""

    id: str
    name: str
    source_type: str
    names: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Spellings that mean one thing."""

    name: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Authorities:
    """All authority files of a collection, read."""

    collection: CollectionInfo
    officials: tuple[Official, ...] = ()
    sources: tuple[Source, ...] = ()
    terms: tuple[TermGroup, ...] = ()


class NoCollectionError(PinciteError):
    """The folder holds no `collection.toml`, so it is no collection."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder}: no collection.toml, so this is no collection. `pincite init DIR` makes one.")


def load_authorities(folder: Path) -> tuple[Authorities, list[Problem]]:
    """The authority files of the collection in *folder*, and what is amiss in them, in order of file and line.

    Raises NoCollectionError without a `collection.toml`, AuthorityFileError for a file that is no UTF-8 or no TOML,
    or a `collection.toml` without an id.
    """
    if not (folder / "collection.toml").is_file():
        raise NoCollectionError(folder)
    problems: list[Problem] = []
    collection = _read_collection(AuthorityFile.read(folder, "collection.toml", problems))
    types = tuple(value for value, _ in collection.source_types)
    officials = entries(AuthorityFile.read(folder, "officials.toml", problems), "officials", _official)
    sources = entries(
        AuthorityFile.read(folder, "sources.toml", problems), "sources", lambda entry: _source(entry, types)
    )
    terms = entries(AuthorityFile.read(folder, "terms.toml", problems), "terms", _term_group)
    authorities = Authorities(
        collection,
        _without_shared_spellings(officials),
        _without_shared_names(sources),
        _noting_shared_terms(terms),
    )
    return authorities, sorted(problems)


def _read_collection(file: AuthorityFile) -> CollectionInfo:
    entry = Entry(file, (), file.values)
    entry.known(("id", "title", "languages", "source_types", "guide"))
    identifier = file.values.get("id")
    if not isinstance(identifier, str) or not IDENTIFIER.fullmatch(identifier):
        raise AuthorityFileError(file.path, file.line_of((), "id"), 'needs an id, such as id = "my-collection".')
    title = file.values.get("title")
    if not isinstance(title, str) or not title.strip():
        file.tell(file.line_of((), "title"), "title is missing or no text. The id stands for it.")
        title = identifier
    languages = tuple(entry.texts("languages")) or ("en",)
    guide = file.values.get("guide", "")
    if not isinstance(guide, str):
        file.tell(file.line_of((), "guide"), "guide is no text. Give the name of a document in quotation marks.")
        guide = ""
    return CollectionInfo(identifier, " ".join(title.split()), languages, _source_types(file), guide)


def _source_types(file: AuthorityFile) -> tuple[tuple[str, str], ...]:
    table = file.values.get("source_types")
    if table is None:
        return DEFAULT_SOURCE_TYPES
    place = (("source_types", 0),)
    if not isinstance(table, Mapping) or not table:
        file.tell(file.line_of(place), 'source_types must be a table such as ngo = "NGO". The usual ones were taken.')
        return DEFAULT_SOURCE_TYPES
    types = []
    for value, label in table.items():
        if not IDENTIFIER.fullmatch(value) or not isinstance(label, str) or not label.strip():
            file.tell(
                file.line_of(place, value), f"source type {value!r} needs a plain name and a label. It was left out"
            )
            continue
        types.append((value, " ".join(label.split())))
    return tuple(types) or DEFAULT_SOURCE_TYPES


def _official(entry: Entry) -> Official:
    entry.known(("id", "name", "spellings", "persian", "offices", "not_to_be_confused_with"))
    return Official(
        id=entry.identifier(),
        name=entry.needed("name"),
        spellings=entry.texts("spellings"),
        persian=entry.texts("persian"),
        offices=tuple(_offices(entry)),
        not_to_be_confused_with=entry.texts("not_to_be_confused_with"),
    )


def _offices(entry: Entry) -> list[Office]:
    offices = []
    for table in tables(entry.file, entry.values, "offices", entry.table):
        table.known(("title", "mentions", "from", "to", "source"))
        try:
            title, source = table.needed("title"), table.text("source", needed=False)
        except BadEntryError:
            continue
        first, last = table.date("from"), table.date("to")
        if first and last and last < first[: len(last)]:
            table.tell("to", f"to = {last} lies before from = {first}. Both were taken as open.")
            first = last = None
        offices.append(Office(title, table.texts("mentions"), first, last, source))
    return offices


def _source(entry: Entry, types: tuple[str, ...]) -> Source:
    entry.known(("id", "name", "source_type", "names", "symbols", "addresses"))
    source_type = entry.needed("source_type")
    if source_type not in types:
        near = get_close_matches(source_type, types, 1, 0.5)
        advice = f"Did you mean {near[0]}?" if near else f"Allowed: {', '.join(types)}."
        entry.tell(
            "source_type", f"source_type = {source_type} is none of this collection. The entry was left out. {advice}"
        )
        raise BadEntryError
    return Source(
        id=entry.identifier(),
        name=entry.needed("name"),
        source_type=source_type,
        names=entry.texts("names"),
        symbols=entry.texts("symbols"),
        addresses=entry.texts("addresses"),
    )


def _term_group(entry: Entry) -> TermGroup:
    entry.known(("name", "spellings"))
    name, spellings = entry.needed("name"), entry.texts("spellings")
    if not spellings:
        entry.tell("spellings", "spellings is missing or empty. The entry was left out.")
        raise BadEntryError
    return TermGroup(name, spellings)


def _without_shared_spellings(placed: list[Placed[Official]]) -> tuple[Official, ...]:
    """The officials, less every spelling that two of them claim: it would tag the wrong person half of the time."""
    owners: dict[str, list[Placed[Official]]] = {}
    for one in placed:
        for key in dict.fromkeys(fold(spelling) for spelling in one.value.names()):
            owners.setdefault(key, []).append(one)
    shared = {key: claims for key, claims in owners.items() if len(claims) > 1}
    for claims in shared.values():
        first = claims[0].entry
        for later in claims[1:]:
            spelling = next(name for name in later.value.names() if fold(name) in shared)
            told = f"the spelling {spelling} is also that of {claims[0].value.id} (line {first.line})."
            later.entry.tell("spellings", f"{told} It names nobody now; take it away from one of them.")
    if not shared:
        return tuple(one.value for one in placed)
    return tuple(
        replace(
            one.value,
            spellings=tuple(name for name in one.value.spellings if fold(name) not in shared),
            persian=tuple(name for name in one.value.persian if fold(name) not in shared),
        )
        for one in placed
    )


def _without_shared_names(placed: list[Placed[Source]]) -> tuple[Source, ...]:
    """The sources, less a name that an earlier one of another type has."""
    owner: dict[str, Source] = {}
    kept = []
    for one in placed:
        taken = []
        for name in (one.value.name, *one.value.names):
            other = owner.setdefault(fold(name), one.value)
            if other.source_type != one.value.source_type:
                taken.append(name)
                told = f"the name {name} is also that of {other.id}, which is {other.source_type}."
                one.entry.tell("names", f"{told} It was left there.")
        names = tuple(name for name in one.value.names if name not in taken)
        kept.append(replace(one.value, names=names))
    return tuple(kept)


def _noting_shared_terms(placed: list[Placed[TermGroup]]) -> tuple[TermGroup, ...]:
    owner: dict[str, Placed[TermGroup]] = {}
    for one in placed:
        for spelling in one.value.spellings:
            other = owner.setdefault(fold(spelling), one)
            if other is not one:
                message = f"{spelling} stands also under {other.value.name}: who asks for it is shown both."
                one.entry.tell("spellings", message, Severity.NEAR_MISS)
    return tuple(one.value for one in placed)
