"""Every address of the site. No other file writes one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus

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


def _pair(name: str, value: str) -> str:
    # A lone surrogate has no place in an address: it becomes a question mark.
    return f"{name}={quote_plus(value, errors='replace')}"


def original(address: str | None) -> str:
    """*address*, where an original can be read, if it is one of the web; "" if it is none."""
    return address if address and address.startswith(("https://", "http://")) else ""


def with_arguments(path: str, arguments: Arguments) -> str:
    """*path* with a query string, or *path* alone when there is nothing to ask."""
    joined = "&".join([_pair(name, value) for name, value in arguments])
    return f"{path}?{joined}" if joined else path


class Written:
    """Arguments as an address has them; the addresses of one page repeat the same few, and each is written once."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], str] = {}

    def joined(self, arguments: Arguments) -> str:
        """*arguments* one after another, "" for none."""
        pairs = self._pairs
        return "&".join([pairs.get(one) or pairs.setdefault(one, _pair(*one)) for one in arguments])


def asked(joined: str) -> str:
    """The search page, asked what `Written.joined` gave."""
    return f"{SEARCH}?{joined}" if joined else SEARCH


def search(arguments: Arguments = (), form: str = "") -> str:
    """The search page, or with *form* (`csv`, `json`, `atom`) the same search for a machine."""
    return with_arguments(f"{SEARCH}.{form}" if form else SEARCH, arguments)


@lru_cache(4_096)
def document(slug: str) -> str:
    """A document in the reader."""
    return f"{DOCUMENTS}/{quote(slug)}"


def marks(query: str, *, as_printed: bool) -> str:
    """What follows the address of a document to have the words of *query* marked in it; "" without any."""
    if not query:
        return ""
    return with_arguments("", [("mark", query), ("as_printed", "1")] if as_printed else [("mark", query)])


def in_document(slug: str, passage: str) -> str:
    """The passage with this id in the reader."""
    return f"{document(slug)}#{passage_anchor(passage)}"


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
