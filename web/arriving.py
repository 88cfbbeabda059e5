"""How much of a request has come: just what is needed to tell when it is whole. What it says is for others to read."""

from __future__ import annotations

import re
from enum import Enum, auto

HEAD_BYTES = 32 * 1024  # an address of 8,190 bytes and the headers of any browser
BODY_BYTES = 64 * 1024  # of a form; a longer one is refused unread

_HEAD_END = re.compile(rb"\r\n\r\n")
_BARE_LINES = re.compile(rb"\n\r?\n")  # ended by a line feed alone, which the parser refuses
_LAST_PIECE = b"\r\n0\r\n\r\n"
_LENGTH = re.compile(rb"[0-9]{1,6}")
_FIELD = re.compile(rb"\r\n(content-length|transfer-encoding|expect)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)


class State(Enum):
    """What is to be done about a request."""

    MORE = auto()  # wait for the rest
    INVITED = auto()  # say "100 Continue", then wait for the rest
    WHOLE = auto()  # read it, and refuse it if need be
    HEAD_TOO_LONG = auto()
    BODY_TOO_LONG = auto()  # in pieces that add up to too much; one that says its length is WHOLE


class Arriving:
    """The request that a connection sends now."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._end = 0  # of the request, once its head is here; of one in pieces, of its head
        self.in_pieces = False  # whether its end cannot be told for sure

    def add(self, piece: bytes) -> State:
        """Takes what came; what is to be done now. Linear in all that comes."""
        looked = max(0, len(self._bytes) - 3)
        self._bytes += piece
        if self._end:
            return self._rest()
        found = _HEAD_END.search(self._bytes, looked)
        if found is None:
            if _BARE_LINES.search(self._bytes, looked):
                return State.WHOLE
            return State.HEAD_TOO_LONG if len(self._bytes) > HEAD_BYTES else State.MORE
        fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(self._bytes[: found.end()])]
        self.in_pieces = any(name == b"transfer-encoding" for name, _ in fields)
        lengths = {value for name, value in fields if name == b"content-length"} or {b"0"}
        size = int(lengths.pop()) if len(lengths) == 1 and _LENGTH.fullmatch(next(iter(lengths))) else 0
        self._end = found.end() + (size if size <= BODY_BYTES and not self.in_pieces else 0)
        rest = self._rest()
        return State.INVITED if rest is State.MORE and (b"expect", b"100-continue") in fields else rest

    def take(self) -> bytes:
        """All that has come; the next request begins."""
        taken = bytes(self._bytes)
        self._bytes.clear()
        self._end, self.in_pieces = 0, False
        return taken

    def _rest(self) -> State:
        if not self.in_pieces:
            return State.WHOLE if len(self._bytes) >= self._end else State.MORE
        if self._bytes.endswith(_LAST_PIECE, self._end - 2):
            return State.WHOLE
        return State.MORE if len(self._bytes) - self._end <= BODY_BYTES else State.BODY_TOO_LONG
