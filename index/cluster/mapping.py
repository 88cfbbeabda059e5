"""How a generation is kept in a cluster: two indexes, one to search, and one of its files (index.cluster.pieces).

In the one to search each passage is a JSON object, its terms ready-made by our own analyzers:

    position              its place in the generation; the id is "<document>~<id>"
    day                   yyyymmdd, to sort by (index.days)
    kind, document, ...   the values of each column (index.columns); `month` has all, `month_certain` those beyond doubt
    text_0, text_1, ...   the terms of each field, a blank between places. Where several terms stand at one place, the
                          first is in _0, the second in _1 and so on, and elsewhere there is FILLER, so that all have
                          the same places. A field's levels are told in the mapping's `_meta`, with what the index is.

The core analyzer `whitespace` cuts at blanks and after 255 characters and does nothing else, so a term that it would
change is sent as a hash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from index.forward import Places
from index.record import PassageRecord
from index.schema import SCHEMA_VERSION, TermField
from index.snapshot import Snapshot

PIECES_VERSION = 1  # raised when the way is changed in which files are kept
FILLER = "."
_FILES = "-files"
_HASHED = "#"
_CHARACTERS_MAX = 120  # two UTF-16 units each are 240, less than the 255 at which a token is cut
COLUMNS = ("kind", "document", "language", "source_type", "official", "month", "page", "note", "section")
CERTAIN_MONTHS = "month_certain"
RESULT_WINDOW = 20_000  # offset 10,000 and a page


class Meta(msgspec.Struct, frozen=True):
    """What an index says of itself. *levels*: by field, how many terms stand at one place at most."""

    collection: str
    generation: str
    manifest: str  # its sha256
    passages: int
    levels: dict[str, int]
    sizes: dict[str, int]  # of the files that the manifest does not name: itself, and the comparisons
    schema: int = SCHEMA_VERSION
    pieces: int = PIECES_VERSION


def index_name(collection: str, generation: str) -> str:
    """The index that is searched; with "g*" for the *generation*, those of all and perhaps of others."""
    return f"pincite-{collection.lower()}-{generation}"


def files_name(collection: str, generation: str) -> str:
    """The index of its files."""
    return f"{index_name(collection, generation)}{_FILES}"


def generation_of(name: str, collection: str) -> str | None:
    """The generation of *collection* that the index *name* is one of; None where it is none of these."""
    match = re.fullmatch(rf"pincite-{re.escape(collection.lower())}-(g\d+)(?:{_FILES})?", name)
    return match and match[1]


def alias_name(collection: str) -> str:
    """What leads to the index of the generation served. No index can have such a name, whatever the collection."""
    return f"pincite_served-{collection.lower()}"


def newest_name(collection: str) -> str:
    """What leads to the newest generation, also after a rollback."""
    return f"pincite_newest-{collection.lower()}"


@lru_cache(maxsize=200_000)
def token(term: str) -> str:
    """*term* as it is sent and asked for."""
    plain = len(term) <= _CHARACTERS_MAX and term.isprintable() and term != FILLER and term[:1] != _HASHED
    if plain and not any(char.isspace() for char in term) and term:
        return term
    return _HASHED + sha256(term.encode("utf-8", "surrogatepass")).hexdigest()


def files_settings(shards: int) -> dict[str, Any]:
    """The index of the files as it is made: read by id alone."""
    return {
        "settings": {
            "index.number_of_shards": shards,
            "index.number_of_replicas": 0,
            "index.refresh_interval": "-1",
        },
        "mappings": {"dynamic": False, "properties": {}},
    }


def settings(shards: int) -> dict[str, Any]:
    """The index to search as it is made: no replicas and no refreshing while it is fed."""
    words: dict[str, Any] = {"type": "text", "analyzer": "whitespace", "similarity": "words"}
    return {
        "settings": {
            "index.number_of_shards": shards,
            "index.number_of_replicas": 0,
            "index.refresh_interval": "-1",
            "index.max_result_window": RESULT_WINDOW,
            "index.mapping.total_fields.limit": 2_000,
            "index.similarity.words.type": "BM25",
            "index.similarity.words.k1": 1.2,
            "index.similarity.words.b": 0.6,
        },
        "mappings": {
            "_source": {"enabled": False},
            "date_detection": False,
            "dynamic": True,
            "dynamic_templates": [
                {"first": {"match_pattern": "regex", "match": "[a-z]+_0", "mapping": words}},
                {"others": {"match_pattern": "regex", "match": "[a-z]+_[0-9]+", "mapping": {**words, "norms": False}}},
            ],
            "properties": {
                "position": {"type": "integer"},
                "day": {"type": "integer"},
                **{name: {"type": "keyword"} for name in (*COLUMNS, CERTAIN_MONTHS)},
                **{f"{field}_0": words for field in TermField},
            },
        },
    }


def passage_id(record: PassageRecord) -> str:
    """By which the cluster knows it."""
    return f"{record.document}~{record.id}"


def passage(
    snapshot: Snapshot, position: int, record: PassageRecord, day: int, terms: Mapping[TermField, Places]
) -> dict[str, object]:
    """What is sent of the passage at *position*."""
    sent: dict[str, object] = {"position": position, "day": day, CERTAIN_MONTHS: record.months.certain}
    for name in COLUMNS:
        sent[name] = snapshot.column(name).of(position)
    for field, places in terms.items():
        for level in range(max(map(len, places), default=0)):
            row = [token(place[level]) if level < len(place) else FILLER for place in places]
            while row[-1] == FILLER:
                row.pop()
            sent[f"{field}_{level}"] = " ".join(row)
    return sent
