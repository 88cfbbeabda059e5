"""That the API's description says what the API does: every path, argument, field and status of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from small_site import build, site_of, stop, write_collection

from web.forms import FACET_ARGUMENTS, SCALARS


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("openapi")
    build(write_collection(root / "collection"), root / "data")
    app = site_of(root / "data")
    yield app.test_client()
    stop(app)


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return found


def faults(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "") -> Iterator[str]:
    """Where *value* is not what *schema* says: the part of JSON Schema that the description uses, and no more."""
    if "$ref" in schema:
        yield from faults(value, whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], whole, at)
        return
    if "anyOf" in schema:
        if all(list(faults(value, one, whole, at)) for one in schema["anyOf"]):
            yield f"{at}: none of the alternatives"
        return
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    kinds["null"] = type(None)
    allowed = schema.get("type", [])
    allowed = [allowed] if isinstance(allowed, str) else allowed
    if allowed and not any(isinstance(value, kinds[kind]) for kind in allowed):
        yield f"{at}: {value!r} is no {allowed}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if isinstance(value, dict):
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}: {name} is missing"
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                yield from faults(inner, schema["properties"][name], whole, f"{at}.{name}")
            elif schema.get("properties") and "additionalProperties" not in schema:
                yield f"{at}: {name} is not described"
    if isinstance(value, list) and "items" in schema:
        for place, inner in enumerate(value):
            yield from faults(inner, schema["items"], whole, f"{at}[{place}]")


def addresses(client: FlaskClient) -> Iterator[tuple[str, str, int]]:
    """(path described, address asked, status) of answers of every kind."""
    passage = client.get("/api/v1/documents/letters/passages").get_json()["passages"][0]
    one, link = f"/passages/letters/{passage['id']}", f"/links?permalink={passage['permalink']}"
    yield "/search", "/search?q=barge+clerks", 200
    yield "/search", "/search?q=zzzz&month=1988-11&source=ngo", 200
    yield "/search", "/search", 200
    yield "/search", "/search?limit=x", 400
    yield "/search", "/search?g=g999999", 409
    yield "/documents", "/documents", 200
    yield "/documents", "/documents?x=1", 400
    yield "/documents/{slug}", "/documents/letters", 200
    yield "/documents/{slug}", "/documents/none", 404
    yield "/documents/{slug}/passages", "/documents/letters/passages", 200
    yield "/documents/{slug}/passages", "/documents/none/passages", 404
    yield "/passages/{slug}/{id}", one, 200
    yield "/passages/{slug}/{id}", "/passages/letters/none", 404
    yield "/officials", "/officials", 200
    yield "/sources", "/sources", 200
    work = client.get("/api/v1/sources").get_json()["works"][0]["id"]
    yield "/sources/{id}", f"/sources/{work}", 200
    yield "/sources/{id}", "/sources/dockers-union", 200
    yield "/sources/{id}", "/sources/none", 404
    yield "/changes", "/changes", 200
    yield "/changes", "/changes?since=g000009", 404
    yield "/changes", "/changes?since=3px!", 400
    yield "/links", link, 200
    yield "/links", "/links?permalink=nothing", 200
    yield "/links", "/links", 400
    yield "/openapi.json", "/openapi.json", 200


def test_every_answer_is_as_described(client: FlaskClient, described: dict[str, Any]) -> None:
    for path, address, status in addresses(client):
        answer = client.get(f"/api/v1{address}")
        said = described["paths"][path]["get"]["responses"][str(status)]
        assert answer.status_code == status, address
        assert answer.mimetype in said["content"]
        schema = said["content"][answer.mimetype]["schema"]
        assert list(faults(answer.get_json(), schema, described)) == [], address


def test_every_path_of_the_api_is_described(client: FlaskClient, described: dict[str, Any]) -> None:
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1")
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    assert {rule.replace("{identifier}", "{id}") for rule in rules} == set(described["paths"])


def test_every_argument_of_a_search_is_described(described: dict[str, Any]) -> None:
    named = {argument["name"] for argument in described["paths"]["/search"]["get"]["parameters"]}

    assert named == {*SCALARS, *FACET_ARGUMENTS.values()}


def test_the_examples_of_the_description_are_things_that_the_collection_holds(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    for path, operations in described["paths"].items():
        examples = {one["name"]: one["example"] for one in operations["get"]["parameters"] if "example" in one}
        needed = {one["name"] for one in operations["get"]["parameters"] if one["required"]}
        assert needed <= set(examples), path
        query = {name: value for name, value in examples.items() if f"{{{name}}}" not in path}
        assert client.get(f"/api/v1{path.format(**examples)}", query_string=query).status_code == 200, path
