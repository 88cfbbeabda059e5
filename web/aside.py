"""The process beside the workers, which answers what is costly: for each lane one after the other, and at a lower
priority, so that costly questions wait for each other and cheap ones for none.

It is forked from the server before any worker is, and gets each question with a socket for its answer. It ends when
nobody is left who could ask. Should it die over a question, its parent, which does nothing else, makes another.
"""

from __future__ import annotations

import io
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from wsgiref.types import WSGIApplication

import msgspec

NICENESS: Final = 10  # a tenth of a processor that others want as well, all of one that nobody does
REST_SECONDS: Final = 1.0  # before one that died is replaced
LARGEST_QUESTION: Final = 160_000  # bytes: the longest request line and form that the server takes, and some more

# What an answer may depend on. Who asks stays in the worker.
_PASSED_ON: Final = (
    *("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_NAME", "SERVER_PORT"),
    *("SERVER_PROTOCOL", "HTTP_HOST", "HTTP_ACCEPT_ENCODING", "wsgi.url_scheme"),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """Those who wait for each other."""

    waiting_at_most: int  # in one worker, with the one that is answered
    patience_seconds: float  # how long an answer is waited for
    busy: str  # what is said to those who are sent away


Ways: TypeAlias = Mapping[Lane, socket.socket]


class Asked(msgspec.Struct, frozen=True):
    """A request."""

    environ: dict[str, str]
    body: bytes


class Told(msgspec.Struct, frozen=True):
    """Its answer."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float  # of a processor


class Waiting:
    """Those in one worker who wait in *lane*, which *way* leads into."""

    def __init__(self, lane: Lane, way: socket.socket, clock: Callable[[], float] = time.monotonic) -> None:
        self._lane = lane
        self._way = way
        self._clock = clock
        self._places = threading.BoundedSemaphore(lane.waiting_at_most)

    def ask(self, environ: Mapping[str, object], body: bytes) -> Told | None:
        """The answer; None where too many wait here already, or it does not come in time."""
        if not self._places.acquire(blocking=False):
            return None
        try:
            passed = {name: str(environ[name]) for name in _PASSED_ON if environ.get(name)}
            return self._answer(msgspec.msgpack.encode(Asked(passed, body)))
        finally:
            self._places.release()

    def _answer(self, question: bytes) -> Told | None:
        try:
            mine, theirs = socket.socketpair()
        except OSError:  # too many files are open
            return None
        with mine:
            with theirs:
                try:
                    socket.send_fds(self._way, [question], [theirs.fileno()], socket.MSG_DONTWAIT)
                except OSError:  # nobody is there, or so many wait that one more has no room
                    return None
            answer = bytearray()
            until = self._clock() + self._lane.patience_seconds
            while True:
                mine.settimeout(max(0.001, until - self._clock()))
                try:
                    piece = mine.recv(1 << 18)
                except OSError:
                    return None
                if not piece:
                    break
                answer += piece
        try:
            return msgspec.msgpack.decode(answer, type=Told)
        except msgspec.DecodeError:  # it died over the question
            return None


def start(make: Callable[[], WSGIApplication], lanes: Iterable[Lane]) -> Ways:
    """Forks the process that answers by what *make* gives there."""
    pairs = {lane: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for lane in lanes}
    if os.fork():
        for way, end in pairs.values():
            end.close()
            way.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * LARGEST_QUESTION)
        return {lane: way for lane, (way, _) in pairs.items()}
    code = 1
    try:
        for way, _ in pairs.values():
            way.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the server
        _keep([end for _, end in pairs.values()], make)
        code = 0
    finally:
        os._exit(code)


def _keep(ends: list[socket.socket], make: Callable[[], WSGIApplication]) -> None:
    while True:
        child = os.fork()
        if not child:
            try:
                os.nice(NICENESS)
                _answer_lanes(ends, make())
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if not status:
            return
        print("The process that answers costly questions ended; there will be another.", file=sys.stderr, flush=True)
        time.sleep(REST_SECONDS)


def _answer_lanes(ends: list[socket.socket], app: WSGIApplication) -> None:
    """Answers in each lane, until nobody is left who could ask; then the process has ended well."""

    def answer(end: socket.socket) -> None:
        try:
            answer_all(end, app)
        except BaseException:
            os._exit(1)  # the other lanes would go on without this one

    threads = [threading.Thread(target=answer, args=(end,)) for end in ends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(0)


def answer_all(end: socket.socket, app: WSGIApplication) -> None:
    """Answers what comes by *end*, until nobody is left who could ask."""
    while True:
        question, descriptors, _, _ = socket.recv_fds(end, LARGEST_QUESTION, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as asker:
            if _is_gone(asker):
                continue
            told = answered(app, msgspec.msgpack.decode(question, type=Asked))
            try:
                asker.sendall(msgspec.msgpack.encode(told))
            except OSError:
                continue  # they have waited long enough


def _is_gone(asker: socket.socket) -> bool:
    poll = select.poll()
    poll.register(asker, 0)
    return bool(poll.poll(0))  # hung up: no other event is asked for


def answered(app: WSGIApplication, asked: Asked) -> Told:
    """What *app* answers."""
    begun = time.thread_time()
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: object = None) -> Callable[[bytes], object]:
        said[:] = status, headers
        return lambda piece: None

    environ = {
        **asked.environ,
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(asked.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    pieces: Iterable[bytes] = app(environ, start_response)
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    return Told(said[0], said[1], body, time.thread_time() - begun)
