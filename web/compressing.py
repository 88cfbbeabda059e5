"""Answers made smaller for browsers that take it; pages that stay the same for an edition are made and compressed once.

Brotli where the browser knows it, which over TLS all do: at its quickest it is smaller than gzip's quickest in half the
time. Others get gzip.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import brotli
from flask import Request, Response

WORTHWHILE_BYTES = 1_000  # a shorter answer fits into one packet anyway
KEPT_BYTES = 24 * 2**20  # compressed pages kept of one generation, all together

# Nothing secret is in any answer and no cookie exists, so that its length tells an onlooker nothing (BREACH).
_TYPES = ("text/", "application/json", "application/problem+json", "application/xml", "application/atom+xml")
# For each encoding: for an answer sent once, and for one that is kept.
_QUICK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda page: brotli.compress(page, quality=1),
    "gzip": lambda page: gzip.compress(page, 1, mtime=0),
}
_THOROUGH: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda page: brotli.compress(page, mode=brotli.MODE_TEXT, quality=9),
    "gzip": lambda page: gzip.compress(page, 6, mtime=0),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A compressed page."""

    content_type: str
    body: bytes


class CompressedPages:
    """Compressed pages of one generation, by what was asked and how they are compressed."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, address: str, encoding: str) -> Kept | None:
        """What was put there for *address*, or None."""
        with self._lock:
            kept = self._pages.get((address, encoding))
            if kept is not None:
                self._pages.move_to_end((address, encoding))
            return kept

    def put(self, address: str, encoding: str, kept: Kept) -> None:
        """Keeps the answer to *address*, while there is room."""
        with self._lock:
            if (address, encoding) not in self._pages:
                self._pages[address, encoding] = kept
                self._bytes += len(kept.body)
            while self._bytes > KEPT_BYTES:
                self._bytes -= len(self._pages.popitem(last=False)[1].body)


def recalled(request: Request, pages: CompressedPages) -> Response | None:
    """The answer to *request* as *pages* have it, without asking anybody; None where they do not."""
    encoding = _taken(request)
    kept = pages.get(request.full_path, encoding)
    if kept is None:
        return None
    return Response(kept.body, content_type=kept.content_type, headers={"Content-Encoding": encoding})


def compress(request: Request, response: Response, kept: CompressedPages | None) -> None:
    """Compresses *response* where the browser takes it; *kept* where the same page will be asked again."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(_TYPES)
        or not (encoding := _taken(request))
    ):
        return
    body = response.get_data()
    if len(body) < WORTHWHILE_BYTES:
        return
    small = (_THOROUGH if kept else _QUICK)[encoding](body)
    if kept:
        kept.put(request.full_path, encoding, Kept(response.content_type or "", small))
    response.set_data(small)
    response.headers["Content-Encoding"] = encoding


def _taken(request: Request) -> str:
    """The encoding that the browser takes, "" where it takes none of ours."""
    taken = request.accept_encodings
    brotli_wanted, gzip_wanted = taken["br"], taken["gzip"]
    if brotli_wanted and brotli_wanted >= gzip_wanted:
        return "br"
    return "gzip" if gzip_wanted else ""
