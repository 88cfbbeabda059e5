"""A worker whose threads never wait for a client: for those who send a request, or take an answer, byte by byte.

gunicorn's gthread reads requests and writes answers in its threads, and waits in its main loop for a client to close.
Sixteen connections that stand still would keep two workers from everybody else. Here the main loop collects a request
before a thread takes it, and goes on sending what the network did not take at once. What is collected and what is yet
to be sent is bounded, and so is the time that a client has.
"""

from __future__ import annotations

import re
import selectors
import socket
import struct
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.http import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

REQUEST_SECONDS = 15.0  # for a whole request to come; browsers send theirs in one or two packets
STANDSTILL_SECONDS = 30.0  # that a client may take nothing of its answer
ANSWER_SECONDS = 900.0  # for a whole answer to go: a megabyte over the slowest of telephone lines
REQUEST_BYTES = 160 * 1024  # of a request: the longest head and the longest body that the site takes
UNSENT_BYTES = 128 * 2**20  # in one worker; beyond that who has waited longest is cut off
_READ = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_TOO_LONG = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_END, _LAST_CHUNK = b"\r\n\r\n", b"0\r\n\r\n"


def is_whole(received: bytes | bytearray) -> bool:
    """Whether a whole HTTP/1 request has come (RFC 9112), as far as one can tell without refusing it."""
    end = received.find(_END)
    if end < 0:
        return False
    if _CHUNKED.search(received, 0, end + 2):
        return received.endswith(_LAST_CHUNK)
    length = _LENGTH.search(received, 0, end + 2)
    return length is None or len(received) >= end + len(_END) + int(length[1])


class Connection(TConn):
    """A client: what has come of its next request, and what has not yet gone of its last answer."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.data_ready = True  # a thread gets it with a whole request
        self.received = bytearray()
        self.unsent: deque[memoryview] = deque()
        self.until = 0.0  # when the request must have come, or the answer gone
        self.moved = 0.0  # when it took something last
        self.last = False  # no request is read after this one

    def init(self) -> None:
        """Gives the request that has come to the parser."""
        if not self.initialized:
            self.initialized = True
            self.parser = RequestParser(self.cfg, self.sock, self.client)
        assert isinstance(self.parser, RequestParser)
        self.parser.unreader.unread(bytes(self.received))
        self.received.clear()

    def end_reading(self) -> None:
        """Whatever more a thread asks for, it is told that nothing comes, and does not wait."""
        self.last = True
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RD)

    def close(self, graceful: bool = False) -> None:
        """Closes it, without waiting. What has come meanwhile is read first, or the answer would be torn (RST)."""
        with suppress(OSError):  # nothing more has come, or it is gone
            self.sock.setblocking(False)
            for _ in range(REQUEST_BYTES // _READ + 1):
                if not self.sock.recv(_READ):
                    break
        util.close(self.sock)


class _Outgoing:
    """Stands for a client's socket while its answer is written: sends what the network takes, and keeps the rest."""

    def __init__(self, conn: Connection) -> None:
        self._sock = conn.sock
        self._unsent = conn.unsent

    def sendall(self, data: bytes) -> None:
        left = memoryview(data)
        with suppress(BlockingIOError):
            while left and not self._unsent:
                left = left[self._sock.send(left, socket.MSG_DONTWAIT) :]
        if left:
            self._unsent.append(left)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class PatientWorker(ThreadWorker):
    """gthread with requests collected, and slow answers sent, in the main loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._receiving: set[Connection] = set()
        self._sending: dict[Connection, Future[Any]] = {}  # with the outcome of the request

    def accept(self, listener: socket.socket) -> None:
        """Takes a new connection."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was quicker, or the client has changed its mind
        # Should a thread wait for it in spite of all, then not for ever.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", int(REQUEST_SECONDS), 0))
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, sock, client, listener.getsockname()))

    def enqueue_req(self, conn: Any) -> None:
        """Has a thread answer the next request of *conn*, as soon as all of it has come."""
        if conn.parser is not None:
            conn.received += conn.parser.unreader.take_buffered()
        conn.until = time.monotonic() + REQUEST_SECONDS
        conn.sock.setblocking(False)
        if not self._receive(conn):
            self._receiving.add(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive_more, conn))

    def _receive_more(self, conn: Connection, _: object) -> None:
        if self._receive(conn):
            self._receiving.discard(conn)
            self.poller.unregister(conn.sock)

    def _receive(self, conn: Connection) -> bool:
        """Whether *conn* is a thread's now, or closed."""
        try:
            while not is_whole(conn.received) and len(conn.received) < REQUEST_BYTES:
                data = conn.sock.recv(_READ)
                conn.received += data
                if not data:
                    self._drop(conn)
                    return True
        except BlockingIOError:
            return False
        except OSError:
            self._drop(conn)
            return True
        whole, chunked = is_whole(conn.received), _CHUNKED.search(conn.received) is not None
        if chunked and not whole:  # half a body would be taken for all of it
            with suppress(OSError):
                conn.sock.send(_TOO_LONG)
            self._drop(conn)
            return True
        if chunked or not whole:
            conn.end_reading()
        super().enqueue_req(conn)
        return True

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answers it; what the network does not take at once is left in *conn*."""
        if conn.last:
            req.force_close()
        conn.sock, real = _Outgoing(conn), conn.sock
        try:
            return bool(super().handle_request(req, conn)) and not conn.last
        finally:
            conn.sock = real

    def finish_request(self, conn: Any, fs: Future[Any]) -> None:
        """Keeps the connection or closes it, once all of the answer has gone."""
        if not conn.unsent:
            super().finish_request(conn, fs)
            return
        conn.moved = time.monotonic()
        conn.until = conn.moved + ANSWER_SECONDS
        conn.sock.setblocking(False)
        self._sending[conn] = fs
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._send_more, conn))
        while sum(len(piece) for one in self._sending for piece in one.unsent) > UNSENT_BYTES:
            self._cut_off(min(self._sending, key=lambda one: one.moved))

    def _send_more(self, conn: Connection, _: object) -> None:
        try:
            while conn.unsent:
                conn.unsent[0] = conn.unsent[0][conn.sock.send(conn.unsent[0]) :]
                conn.moved = time.monotonic()
                if not conn.unsent[0]:
                    conn.unsent.popleft()
        except BlockingIOError:
            return
        except OSError:
            self._cut_off(conn)
            return
        self.poller.unregister(conn.sock)
        super().finish_request(conn, self._sending.pop(conn))

    def _cut_off(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        self._receiving.discard(conn)
        self._sending.pop(conn, None)
        self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Cuts off who had time enough; of a worker that is to end, whoever has asked nothing yet."""
        now = time.monotonic()
        for conn in [one for one in self._receiving if one.until < now or not self.alive]:
            self._cut_off(conn)
        for conn in [one for one in self._sending if one.until < now or one.moved + STANDSTILL_SECONDS < now]:
            self._cut_off(conn)
