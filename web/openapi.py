"""The API's description in OpenAPI 3.1, made from the code's own types and bounds.

What a search answers and what a passage holds are described by msgspec from the structures that hold them; arguments by
the bounds in `search/limits`. Written by hand are the paths, and the sentences for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import msgspec

from corpus.authorities import Office, Source
from index.record import DocumentRecord, PassageRecord
from search.landings import Verdict
from search.limits import FACET_VALUES_AT_MOST, FACET_VALUES_DEFAULT, HITS_AT_MOST, HITS_DEFAULT, OFFSET
from search.results import By, NoticeKind, Sort, SuggestionKind
from web import links
from web.forms import VALUES_AT_MOST

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Any) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_PIECES = _list(
    {
        "type": "object",
        "properties": {
            "text": _TEXT,
            "match": {"type": "boolean"},
            "gap_before": {"type": "boolean"},
            "gap_after": {"type": "boolean"},
        },
        "required": ["text", "match"],
    }
)
_FACET = _list(
    _object(value=_TEXT, label=_TEXT, count=_COUNT, certain=_COUNT, chosen={"type": "boolean"}),
)
_PAGE = _maybe(_object(first={"type": ["integer", "string"]}, last={"type": ["integer", "string"]}))


def _schemas() -> Schema:
    _, described = msgspec.json.schema_components(
        (PassageRecord, DocumentRecord, Office, Source), ref_template="#/components/schemas/{name}"
    )
    schemas: Schema = dict(described)
    # Two fields are told more plainly than they are held: see web/shapes.
    section = _object(number=_TEXT, title=_TEXT, level=_COUNT, kind=_TEXT)
    schemas["DocumentRecord"]["properties"]["sections"] = _list(section)
    schemas["Problem"] = {
        "type": "object",
        "description": "What is wrong with the request (RFC 9457).",
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "parameter": {"type": "string", "description": "The argument at fault."},
            "generation": {"type": "string", "description": "The generation that is served."},
        },
        "required": ["type", "title", "status", "detail"],
    }
    schemas["Results"] = _object(
        query=_TEXT,
        understood=_TEXT,
        generation=_TEXT,
        total={**_COUNT, "description": "Passages that hold everything asked."},
        total_partial={**_COUNT, "description": "Passages that lack words, and follow."},
        notices=_list(_object(kind=_one_of(NoticeKind), message=_TEXT, at=_maybe(_COUNT), length=_COUNT)),
        suggestions=_list(
            {
                "type": "object",
                "properties": {"query": _TEXT, "total": _COUNT, "kind": _one_of(SuggestionKind), "without": {}},
                "required": ["query", "total", "kind"],
            }
        ),
        sections=_list(_object(document=_TEXT, section=_TEXT, title=_TEXT, permalink=_TEXT)),
        hits=_list(
            _object(
                document=_TEXT,
                id=_TEXT,
                label=_TEXT,
                kind=_TEXT,
                section=_TEXT,
                number=_maybe(_TEXT),
                page=_PAGE,
                snippet=_PIECES,
                calling=_PIECES,
                score={"type": "number"},
                missing=_list(_TEXT),
                why=_list(_object(word=_TEXT, by=_one_of(By), found=_TEXT)),
                permalink=_TEXT,
            )
        ),
        facets=_object(source_type=_FACET, official=_FACET, month=_FACET, kind=_FACET),
        facets_left_out={"type": "object", "additionalProperties": _COUNT},
    )
    schemas["Link"] = _object(
        permalink=_TEXT,
        verdict=_one_of(Verdict),
        changes=_list(_TEXT),
        id=_maybe(_TEXT),
        now=_maybe(_object(id=_TEXT, permalink=_TEXT, text=_TEXT)),
        cited=_maybe(_TEXT),
        candidates=_list(_TEXT),
        reason=_TEXT,
        ends=_list(_object(id=_TEXT, permalink=_TEXT, text=_TEXT)),
    )
    schemas["Work"] = _object(
        id=_TEXT,
        title=_TEXT,
        author=_maybe(_TEXT),
        symbol=_maybe(_TEXT),
        date=_maybe(_TEXT),
        address=_maybe(_TEXT),
        publisher=_maybe(_TEXT),
        notes={**_COUNT, "description": "Footnotes that cite it, in full or in short."},
        passages={**_COUNT, "description": "Passages that rest on it."},
    )
    permalinks = _list(_TEXT)
    schemas["Changes"] = _object(
        generation=_TEXT,
        since=_maybe(_TEXT),
        built=_maybe(_TEXT),
        counts=_object(gained=_COUNT, lost=_COUNT, moved=_COUNT, reworded=_COUNT),
        gained=permalinks,
        lost=permalinks,
        moved=permalinks,
        reworded=permalinks,
    )
    schemas["Official"] = _object(
        id=_TEXT,
        name=_TEXT,
        spellings=_list(_TEXT),
        offices=_list(_ref("Office")),
        passages=_COUNT,
    )
    return schemas


def _argument(
    name: str, schema: Schema, description: str, *, where: str = "query", required: bool = False, example: str = ""
) -> Schema:
    argument = {"name": name, "in": where, "required": required, "description": description, "schema": schema}
    if example:
        argument["example"] = example
    if schema.get("type") == "array":
        argument |= {"style": "form", "explode": True}
    return argument


def _values(schema: Schema) -> Schema:
    return {**_list(schema), "maxItems": VALUES_AT_MOST}


def _number(least: int, most: int, usual: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": int(most), "default": int(usual)}


# As web/forms reads a value: no control character, and no blank at its beginning.
_NAMED: Schema = {
    "type": "string",
    "pattern": r"^[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]{0,199}$",
}
_GENERATION: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
_SEARCH_ARGUMENTS = [
    _argument("q", _TEXT, "The question. Empty: everything, in document order."),
    _argument("source", _values(_NAMED), "Source types, any of them."),
    _argument("official", _values(_NAMED), "Officials by id, any of them."),
    _argument(
        "month", _values({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}), "Months as 1988-11, any of them."
    ),
    _argument("kind", _values(_one_of(("body", "annex", "footnote"))), "Kinds of passage, any of them."),
    _argument(
        "document",
        _values({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$"}),
        "Documents by name, any of them.",
    ),
    _argument("as_printed", _one_of(("0", "1")), "1: whole words as printed, without any help."),
    _argument("sort", _one_of(Sort), "The order of the hits."),
    _argument("limit", _number(1, HITS_AT_MOST, HITS_DEFAULT), "Hits in one answer."),
    _argument("offset", _number(0, OFFSET, 0), "Hits to leave out at the beginning."),
    _argument(
        "g",
        _GENERATION,
        "The generation that the offset counts in; 409 when another is served.",
    ),
    _argument("facet_limit", _number(1, FACET_VALUES_AT_MOST, FACET_VALUES_DEFAULT), "Officials in the facet."),
]


def _problem(description: str) -> Schema:
    return {"description": description, "content": {"application/problem+json": {"schema": _ref("Problem")}}}


def _get(summary: str, schema: Schema, *arguments: Schema, missing: bool = False, conflict: bool = False) -> Schema:
    responses: Schema = {
        "200": {
            "description": "The answer.",
            "headers": {"Pincite-Generation": {"schema": _TEXT, "description": "The generation that answered."}},
            "content": {"application/json": {"schema": schema}},
        },
        "400": _problem("An argument is unknown, repeated or malformed."),
        # The server says so itself, before it knows what the address asks.
        "414": {
            "description": "The address has more than 8,190 characters.",
            "content": {"text/plain": {"schema": _TEXT}},
        },
        "429": _problem("Too many requests from this address; Retry-After says when to ask again."),
        "503": _problem(
            "The index is not ready, or too many costly questions wait; Retry-After says when to ask again."
        ),
    }
    if missing:
        responses["404"] = _problem("There is no such thing.")
    if conflict:
        responses["409"] = _problem("The generation of `g` is no longer served.")
    return {"get": {"summary": summary, "parameters": list(arguments), "responses": responses}}


@dataclass(frozen=True, slots=True)
class Held:
    """Things that the collection holds, as examples; "" where it holds none."""

    slug: str = ""
    passage: str = ""
    permalink: str = ""
    source: str = ""
    generation: str = ""  # an earlier one that is kept


def description(collection: str, held: Held) -> Schema:
    """The whole description, for a site that serves *collection* (its title), with examples that it *held*."""
    slug = _argument(
        "slug", _TEXT, "The document's name, as in its address.", where="path", required=True, example=held.slug
    )
    identifier = _argument("id", _TEXT, "The passage's id.", where="path", required=True, example=held.passage)
    source = _argument("id", _TEXT, "A publisher's or a work's id.", where="path", required=True, example=held.source)
    since = _argument(
        "since",
        _GENERATION,
        "The earlier generation; left out: the last before the one served.",
        example=held.generation,
    )
    passages = _object(document=_TEXT, total=_COUNT, passages=_list(_ref("PassageRecord")))
    page = (
        _argument("limit", _number(1, 1_000, 1_000), "Passages in one answer."),
        _argument("offset", _number(0, 10**9 - 1, 0), "Passages to leave out at the beginning."),
    )
    permalink = _argument("permalink", _TEXT, "A permalink, its path or whole.", required=True, example=held.permalink)
    paths = {
        "/search": _get("Passages that answer a question", _ref("Results"), *_SEARCH_ARGUMENTS, conflict=True),
        "/documents": _get("All documents", _object(documents=_list(_ref("DocumentRecord")))),
        "/documents/{slug}": _get("One document", _ref("DocumentRecord"), slug, missing=True),
        "/documents/{slug}/passages": _get("The passages of a document", passages, slug, *page, missing=True),
        "/passages/{slug}/{id}": _get("One passage", _ref("PassageRecord"), slug, identifier, missing=True),
        "/officials": _get("All officials", _object(officials=_list(_ref("Official")))),
        "/sources": _get(
            "All publishers known, and all works cited",
            _object(sources=_list(_ref("Source")), works=_list(_ref("Work"))),
        ),
        "/sources/{id}": _get(
            "A publisher and its works, or a work and the passages that rest on it",
            _object(
                source=_maybe(_ref("Source")),
                works=_list(_ref("Work")),
                cited_by=_list(_TEXT),
                resting=_list(_TEXT),
            ),
            source,
            missing=True,
        ),
        "/changes": _get(
            "What changed since an earlier generation that is kept",
            _ref("Changes"),
            since,
            _argument("limit", _number(1, 10_000, 1_000), "Permalinks of each kind in one answer."),
            missing=True,
        ),
        "/links": _get("What has become of a permalink", _ref("Link"), permalink),
        "/openapi.json": _get("This description", {"type": "object"}),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Pincite: {collection}",
            "version": version("pincite"),
            "description": "Search over a documentary record, down to the passage. Unknown arguments are refused.",
        },
        "servers": [{"url": links.API}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }
