"""Answers made smaller for browsers that take gzip; pages that stay the same for an edition are compressed once."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict

from flask import Request, Response

WORTHWHILE_BYTES = 1_000  # a shorter answer fits into one packet anyway
KEPT_BYTES = 24 * 2**20  # compressed pages kept of one generation, all together
_QUICK, _THOROUGH = 1, 6  # gzip's levels: for an answer sent once, and for one that is kept

# Nothing secret is in any answer and no cookie exists, so that its length tells an onlooker nothing (BREACH).
_TYPES = ("text/", "application/json", "application/problem+json", "application/xml", "application/atom+xml")


class CompressedPages:
    """Compressed pages of one generation, by what was asked."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def of(self, address: str, page: bytes) -> bytes:
        """*page*, the answer to *address*, compressed."""
        with self._lock:
            if address in self._pages:
                self._pages.move_to_end(address)
                return self._pages[address]
        small = gzip.compress(page, _THOROUGH, mtime=0)
        with self._lock:
            if address not in self._pages:
                self._pages[address] = small
                self._bytes += len(small)
            while self._bytes > KEPT_BYTES:
                self._bytes -= len(self._pages.popitem(last=False)[1])
        return small


def compress(request: Request, response: Response, kept: CompressedPages | None) -> None:
    """Compresses *response* where the browser takes it; *kept* where the same page will be asked again."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(_TYPES)
        or not request.accept_encodings["gzip"]
    ):
        return
    body = response.get_data()
    if len(body) < WORTHWHILE_BYTES:
        return
    response.set_data(kept.of(request.full_path, body) if kept else gzip.compress(body, _QUICK, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
