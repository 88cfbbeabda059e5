"""A worker whose threads never wait for a client: for those who send a request, or take an answer, byte by byte.

gunicorn's gthread reads requests and writes answers in its threads, and waits in its main loop for a client to close.
Sixteen connections that stand still would keep two workers from everybody else. Here the main loop collects a request
before a thread takes it, and goes on sending what the network did not take at once. What is collected and what is yet
to be sent is bounded, and so is the time that a client has; where room for connections runs out, the oldest that have
asked nothing give way. A new connection goes to the worker that has fewest. What is no HTTP is refused in the words and
headers of the site, and what was asked is written to no log.
"""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, cast

from gunicorn.http import RequestParser, wsgi
from gunicorn.http import errors as http_errors
from gunicorn.workers.gthread import TConn, ThreadWorker
from werkzeug.exceptions import BadRequest

from web.arriving import Arriving, State
from web.workers import Shared

REQUEST_SECONDS = 15.0  # for a whole request to come; browsers send theirs in one or two packets
STANDSTILL_SECONDS = 30.0  # that a client may take nothing of its answer
ANSWER_SECONDS = 900.0  # for a whole answer to go: a megabyte over the slowest of telephone lines
UNSENT_BYTES = 128 * 2**20  # in one worker; beyond that who has waited longest is cut off
DRAIN_SECONDS = 0.05  # for what the site has not read of a request, and is here already
CLOSE_SECONDS = 2.0  # for a client to close after us, so that it gets the end of the answer (RFC 9112, 9.6)
CLOSING_AT_MOST = 64
NAP_SECONDS, NAPS = 0.001, 3  # how long, and how often, a new connection is left to a worker that has fewer
_READ = 64 * 1024

_REFUSED = {
    State.HEAD_TOO_LONG: ("431 Request Header Fields Too Large", "The headers are too long."),
    State.BODY_TOO_LONG: ("413 Content Too Large", "Send less text: a search takes up to 2,500 characters."),
}
_TOO_SLOW = ("408 Request Timeout", "The request did not come whole in time.")
_ERRORS = (
    (http_errors.LimitRequestLine, "414 URI Too Long", "The address is too long. Send less text."),
    (http_errors.LimitRequestHeaders, *_REFUSED[State.HEAD_TOO_LONG]),
    (http_errors.UnsupportedTransferCoding, "501 Not Implemented", "This transfer coding is not understood."),
    (http_errors.ExpectationFailed, "417 Expectation Failed", "The request expects what this site does not do."),
    (http_errors.ParseException, "400 Bad Request", "This is no request that can be read."),
)
_FAILED = ("500 Internal Server Error", "Something went wrong here. The fault is the site's, not yours.")


class Connection(TConn):
    """A client: what has come of its next request, and what has not yet gone of its last answer."""

    def __init__(
        self, cfg: Any, sock: socket.socket, client: Any, server: Any, part: Callable[[socket.socket], None]
    ) -> None:
        super().__init__(cfg, sock, client, server)
        self.data_ready = True  # a thread gets it with a whole request
        self.arriving = Arriving()
        self.unsent: deque[memoryview] = deque()
        self.until = 0.0  # when the request must have come, or the answer gone
        self.moved = 0.0  # when it took something last
        self.last = False  # no request is read after this one
        self._part = part

    def init(self) -> None:
        """Gives the request that has come to the parser."""
        if not self.initialized:
            self.initialized = True
            self.parser = RequestParser(self.cfg, self.sock, self.client)
        assert isinstance(self.parser, RequestParser)
        self.parser.unreader.unread(self.arriving.take())

    def end_reading(self) -> None:
        """Whatever more a thread asks for, it is told that nothing comes, and does not wait."""
        self.last = True
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RD)

    def close(self, graceful: bool = False) -> None:
        """Closes it, without waiting; *graceful*: the client gets all that was sent."""
        if graceful:
            self._part(self.sock)
        else:
            self.sock.close()


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


class _Body:
    """The body of a request. What is wrong with it is the client's fault, and the application answers so."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        return self._tried(self._body.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._tried(self._body.readline, size)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _tried(self, read: Callable[[int | None], bytes], size: int) -> bytes:
        try:
            return read(None if size < 0 else size)
        except (http_errors.ParseException, OSError):
            raise BadRequest from None


class Site(Protocol):
    """What a worker is told of the site."""

    shared: Shared
    headers: Mapping[str, str]  # of every answer


class PatientWorker(ThreadWorker):
    """gthread with requests collected, and slow answers sent, in the main loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._receiving: dict[Connection, None] = {}  # the oldest first
        self._sending: dict[Connection, Future[Any]] = {}  # with the outcome of the request
        self._closing: dict[socket.socket, float] = {}  # with when it is closed at the latest
        self._naps = 0
        self._site = cast(Site, self.app)
        vars(wsgi)["SERVER"] = self._site.headers["Server"]

    def load_wsgi(self) -> None:
        """Loads the application."""
        super().load_wsgi()
        app = self.wsgi

        def with_body(environ: Any, start_response: Any) -> Iterable[bytes]:
            environ["wsgi.input"] = _Body(environ["wsgi.input"])
            return app(environ, start_response)

        self.wsgi = with_body

    # --- requests

    def accept(self, listener: socket.socket) -> None:
        """Takes a new connection, unless another worker has fewer and takes it in a moment."""
        if self._naps < NAPS and self._site.shared.load.is_above_least(self.age):
            self._naps += 1
            time.sleep(NAP_SECONDS)
            return
        self._naps = 0
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was quicker, or the client has changed its mind
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE):
                raise
            self._make_room()
            return
        # Should a thread wait for it in spite of all, then not for ever.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", int(REQUEST_SECONDS), 0))
        self.nr_conns += 1
        if self.nr_conns > self.max_keepalived:
            self._make_room()
        self.enqueue_req(Connection(self.cfg, sock, client, listener.getsockname(), self._part))
        self._tell_load()

    def _make_room(self) -> None:
        """Closes the oldest connection that has asked nothing: kept alive, or slow with its request."""
        if self.keepalived_conns:
            conn = self.keepalived_conns.popleft()
            self.poller.unregister(conn.sock)
            self._drop(conn)
        elif self._receiving:
            self._cut_off(next(iter(self._receiving)))

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """A connection that was kept alive sends its next request."""
        if client.fileno() >= 0:  # else it gave way to another a moment ago
            super().on_client_socket_readable(conn, client)

    def enqueue_req(self, conn: Any) -> None:
        """Has a thread answer the next request of *conn*, as soon as all of it has come."""
        conn.until = time.monotonic() + REQUEST_SECONDS
        conn.sock.setblocking(False)
        self._receiving[conn] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive_more, conn))
        # Something may have been sent together with the request before.
        if not self._received(conn, conn.parser.unreader.take_buffered() if conn.parser is not None else b""):
            self._receive_more(conn, conn.sock)

    def _receive_more(self, conn: Connection, _: object) -> None:
        if conn not in self._receiving:
            return  # it gave way to another a moment ago
        try:
            data = conn.sock.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._received(conn, data)
        else:
            self._cut_off(conn)

    def _received(self, conn: Connection, data: bytes) -> bool:
        """Whether no more of a request is waited for: it is a thread's now, or refused."""
        state = conn.arriving.add(data)
        if state is State.INVITED:
            self._say(conn.sock, b"HTTP/1.1 100 Continue\r\n\r\n")
        if state in (State.MORE, State.INVITED):
            return False
        del self._receiving[conn]
        self.poller.unregister(conn.sock)
        if state is State.WHOLE:
            if conn.arriving.in_pieces:
                conn.end_reading()
            super().enqueue_req(conn)
        else:
            self._refuse(conn.sock, *_REFUSED[state])
            self._drop(conn, graceful=True)
        return True

    # --- answers

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answers it; what the network does not take at once is left in *conn*."""
        if conn.last:
            req.force_close()
        conn.sock, real = _Outgoing(conn), conn.sock
        try:
            return bool(super().handle_request(req, conn)) and not conn.last
        finally:
            conn.sock = real

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        # What the site has not read of a request is too much of it: no thread waits for the rest.
        parser: Any = conn.parser
        return keepalive and bool(parser.finish_body(deadline=time.monotonic() + DRAIN_SECONDS))

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
        if conn not in self._sending:
            return  # it was cut off a moment ago
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

    def handle_error(self, req: object, client: Any, addr: object, exc: BaseException) -> None:
        """Says in few words why a request is not answered."""
        status, sentence = next(((status, said) for kind, status, said in _ERRORS if isinstance(exc, kind)), _FAILED)
        if status == _FAILED[0]:
            logging.getLogger("pincite").error("a request failed before it could be answered", exc_info=exc)
        self._refuse(client, status, sentence)

    def _refuse(self, client: socket.socket, status: str, sentence: str) -> None:
        headers = "".join(f"{name}: {value}\r\n" for name, value in self._site.headers.items())
        body = f"{sentence}\n".encode()
        self._say(
            client,
            f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Cache-Control: no-store\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode("latin-1")
            + body,
        )

    def _say(self, client: socket.socket, words: bytes) -> None:
        with suppress(OSError):  # nobody is there, or takes anything
            client.send(words, socket.MSG_DONTWAIT)

    # --- ends

    def _part(self, client: socket.socket) -> None:
        """Closes *client* when it has closed its end, or after a while."""
        with suppress(OSError, KeyError, ValueError):
            client.shutdown(socket.SHUT_WR)
            if self.alive and len(self._closing) < CLOSING_AT_MOST:
                client.setblocking(False)
                self.poller.register(client, selectors.EVENT_READ, self._read_end)
                self._closing[client] = time.monotonic() + CLOSE_SECONDS
                return
        client.close()

    def _read_end(self, client: Any) -> None:
        try:
            if client.recv(_READ):
                return
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno == errno.EBADF:
                return
        self._end(client)

    def _end(self, client: socket.socket) -> None:
        del self._closing[client]
        self.poller.unregister(client)
        client.close()

    def _cut_off(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        self._receiving.pop(conn, None)
        self._sending.pop(conn, None)
        self._drop(conn)

    def _drop(self, conn: TConn, *, graceful: bool = False) -> None:
        self.nr_conns -= 1
        conn.close(graceful=graceful)

    def murder_pending(self) -> None:
        """Cuts off who had time enough; of a worker that is to end, whoever has asked nothing yet."""
        now = time.monotonic()
        for conn in [one for one in self._receiving if one.until < now or not self.alive]:
            self._refuse(conn.sock, *_TOO_SLOW)
            self._cut_off(conn)
        for conn in [one for one in self._sending if one.until < now or one.moved + STANDSTILL_SECONDS < now]:
            self._cut_off(conn)
        for client in [one for one, until in self._closing.items() if until < now or not self.alive]:
            self._end(client)
        self._tell_load()

    def _tell_load(self) -> None:
        self._site.shared.load.tell(self.age, self.nr_conns)
