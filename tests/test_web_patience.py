"""Clients that send or take byte by byte, or stand still, keep nobody else waiting, and get what is theirs."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from building import Record
from hypothesis import given
from hypothesis import strategies as st
from test_web_serving import Site, served

from web.gate import THREADS
from web.patience import REQUEST_BYTES, is_whole

MANY = 2 * THREADS  # connections: more than a worker has threads
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = GET.replace(b"Host", b"Connection: close\r\nHost")
FORM = b"POST /search HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
POST = FORM + b"Content-Length: 10\r\n\r\nq=sentence"
CHUNKED = FORM + b"Transfer-Encoding: chunked\r\n\r\na\r\nq=sentence\r\n0\r\n\r\n"
LETTER = b"GET /documents/letter HTTP/1.1\r\nHost: x\r\n\r\n"
WORD = "very" * 4_000


@pytest.mark.parametrize("request_", [GET, POST, CHUNKED, b"nonsense\r\n\r\n"])
def test_a_request_is_whole_when_its_last_byte_has_come_and_not_before(request_: bytes) -> None:
    assert [is_whole(request_[:end]) for end in range(len(request_) + 1)] == [False] * len(request_) + [True]


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange_to_be_looked_at(data: bytes) -> None:
    assert is_whole(data) in (True, False)
    assert not is_whole(data.replace(b"\n", b""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("patience")
    long = "\n\n".join(f"Sentence {number} of a letter, and a word of {WORD} many letters." for number in range(300))
    record = Record(folder, {"letter": long})
    record.build()
    with served(record, "--workers", "1") as running:
        running.get("/")
        yield running


def connected(site: Site, stack: ExitStack, *, small: bool = False) -> socket.socket:
    made = stack.enter_context(socket.socket())
    if small:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect(("127.0.0.1", site.port))
    return made


def answer(client: socket.socket) -> bytes:
    received = bytearray()
    while data := client.recv(1 << 16):
        received += data
    return bytes(received)


@pytest.mark.parametrize("begun", [b"", GET[:-4], POST[:-4], CHUNKED[:-9]])
def test_requests_that_never_end_keep_nobody_waiting(site: Site, begun: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            connected(site, stack).sendall(begun)
        for _ in range(3):
            assert site.get("/healthz")[0] == 200


def test_answers_that_nobody_takes_keep_nobody_waiting(site: Site) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            connected(site, stack, small=True).sendall(LETTER)
            assert site.get("/healthz")[0] == 200


def test_clients_that_do_not_close_keep_nobody_waiting(site: Site) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            connected(site, stack).sendall(LAST)
        began = time.monotonic()
        assert site.get("/healthz")[0] == 200
        assert time.monotonic() - began < MANY, "two seconds for each of them would be twice as much"


def test_who_takes_an_answer_slowly_gets_all_of_it(site: Site) -> None:
    whole = site.get("/documents/letter")[2].encode()
    with ExitStack() as stack:
        client = connected(site, stack, small=True)
        client.sendall(LETTER + LAST)
        received = bytearray(client.recv(2000))
        time.sleep(0.5)
        received += answer(client)

    assert received.partition(b"\r\n\r\n")[2].startswith(whole)
    assert received.endswith(b"ok g000001\n"), "the request that was sent behind it is answered too"


@pytest.mark.parametrize("request_", [GET, POST, CHUNKED])
def test_a_request_is_answered_however_it_is_cut(site: Site, request_: bytes) -> None:
    with ExitStack() as stack:
        client = connected(site, stack)
        for at in range(0, len(request_), 7):
            client.sendall(request_[at : at + 7])
            time.sleep(0.001)
        client.shutdown(socket.SHUT_WR)
        assert answer(client).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"a" * REQUEST_BYTES,
        b"GET /" + b"a" * REQUEST_BYTES,
        POST.replace(b": 10", b": 100000000") + b"x" * REQUEST_BYTES,
        POST.replace(b": 10", b": 70000") + b"x" * 70000,
        CHUNKED[:-5] + b"ffffff\r\n" + b"x" * REQUEST_BYTES,
        b"\x16\x03\x01\x00\x01nonsense\r\n\r\n",
    ],
    ids=["head", "address", "body", "body that comes", "chunks", "nonsense"],
)
def test_what_is_too_long_or_no_request_is_refused_at_once(site: Site, request_: bytes) -> None:
    with ExitStack() as stack:
        client = connected(site, stack)
        client.sendall(request_)
        try:
            refused = client.recv(1 << 16)
        except ConnectionResetError:
            refused = b""
        assert not refused or refused.startswith(b"HTTP/1.1 4")
    assert site.get("/healthz")[0] == 200


def test_a_site_ends_at_once_though_clients_stand_still(tmp_path: Path) -> None:
    record = Record(tmp_path, {"letter": "A sentence."})
    record.build()
    with ExitStack() as stack:
        with served(record) as running:
            running.get("/")
            for _ in range(20):
                connected(running, stack).sendall(GET[:-4])
            running.get("/")
            began = time.monotonic()
        assert time.monotonic() - began < 9, "gunicorn gives ten seconds to those who are being answered"
