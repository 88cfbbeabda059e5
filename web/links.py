"""Every address of the site. No other file writes one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus, urlencode

from index.record import PassageRecord

HOME = "/"
SEARCH = "/search"
PRIVATE = "/private"
DOCUMENTS = "/documents"
OFFICIALS = "/officials"
SOURCES = "/sources"
TIMELINE = "/timeline"
HELP = "/help"
ABOUT = "/about"
OPENSEARCH = "/opensearch.xml"
SITEMAP = "/sitemap.xml"
HEALTH = "/healthz"
METRICS = "/metrics"
API = "/api/v1"
OPENAPI = f"{API}/openapi.json"
STATIC = "/static/"


@lru_cache(16_384)
def quoted(value: str) -> str:
    """*value* as it stands in a query string; kept, for pages hold the same hundreds of them again and again."""
    return quote_plus(value)


Arguments = Iterable[tuple[str, str]]


def with_arguments(path: str, arguments: Arguments) -> str:
    """*path* with a query string, or *path* alone when there is nothing to ask."""
    # A lone surrogate has no place in an address: it becomes the replacement character.
    encoded = urlencode([(name, value.encode("utf-8", "replace")) for name, value in arguments])
    return f"{path}?{encoded}" if encoded else path


def search(arguments: Arguments = (), form: str = "") -> str:
    """The search page, or with *form* (`csv`, `json`, `atom`) the same search for a machine."""
    return with_arguments(f"{SEARCH}.{form}" if form else SEARCH, arguments)


def api_search(arguments: Arguments = ()) -> str:
    """The search in the API."""
    return with_arguments(f"{API}/search", arguments)


def document(slug: str, passage: str | None = None, *, marked: str = "", as_printed: bool = False) -> str:
    """A document in the reader, at *passage* (an id) if given, with the words of the query *marked*."""
    arguments = [("mark", marked)] if marked else []
    if marked and as_printed:
        arguments.append(("as_printed", "1"))
    address = with_arguments(f"{DOCUMENTS}/{quote(slug)}", arguments)
    return f"{address}#{passage_anchor(passage)}" if passage else address


def section(slug: str, at: int) -> str:
    """The heading at position *at* of the document's sections, in the reader."""
    return f"{document(slug)}#{section_anchor(at)}"


def permalink(record: PassageRecord) -> str:
    """The address that court papers cite: label, id and digest of the wording."""
    return record.permalink


def pinpoint(slug: str, last: str) -> str:
    """The permalink with *last* after `/p/`, as it was asked for."""
    return f"{DOCUMENTS}/{quote(slug, safe='', errors='replace')}/p/{quote(last, safe='~.', errors='replace')}"


def citation(record: PassageRecord, form: str) -> str:
    """The citation of a passage as a file: `bib`, `ris` or `csl.json`."""
    return f"{record.permalink}.{form}"


def official(identifier: str) -> str:
    """One official's page."""
    return f"{OFFICIALS}/{quote(identifier, safe='')}"


def source(identifier: str) -> str:
    """The page of a publisher, or of a work that is cited."""
    return f"{SOURCES}/{quote(identifier, safe='')}"


def passage_anchor(identifier: str) -> str:
    """The `id` of a passage in a page."""
    return f"p-{identifier}"


def call_anchor(note: str, nth: int = 1) -> str:
    """The `id` of the *nth* mark that calls the footnote *note* (an id) in a page."""
    return f"c-{note}" if nth == 1 else f"c-{note}-{nth}"


def section_anchor(at: int) -> str:
    """The `id` of a heading in a page: sections go by their place, for printed numbers may repeat."""
    return f"s-{at + 1}"


def month_anchor(month: str) -> str:
    """The `id` of a month ("YYYY-MM") in the timeline."""
    return f"m-{month}"


def absolute(site_url: str, path: str) -> str:
    """*path* at the site's own address; *path* alone where no address is set."""
    return site_url.rstrip("/") + path if site_url else path
