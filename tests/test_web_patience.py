"""Clients that send or take byte by byte, or stand still, keep nobody else waiting, and get what is theirs."""

from __future__ import annotations

import os
import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from building import Record
from hypothesis import given
from hypothesis import strategies as st
from served_site import Site, served, until

from web.arriving import BODY_BYTES, HEAD_BYTES, Arriving, State
from web.costly import THREADS
from web.workers import Load

MANY = 2 * THREADS  # connections: more than a worker has threads
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = GET.replace(b"Host", b"Connection: close\r\nHost")
FORM = b"POST /search HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
POST = FORM + b"Content-Length: 10\r\n\r\nq=sentence"
CHUNKED = FORM + b"Transfer-Encoding: chunked\r\n\r\na\r\nq=sentence\r\n0\r\n\r\n"
LETTER = b"GET /documents/letter HTTP/1.1\r\nHost: x\r\n\r\n"
WORD = "very" * 4_000


HEADS = st.lists(
    st.sampled_from([b"X-A: b\r\n", b"Cookie: a=b\r\n", b"x-content-length: 9\r\n", b"Accept: */*\r\n"]), max_size=4
).map(b"".join)


@given(HEADS, st.binary(max_size=40), st.binary(max_size=5), st.lists(st.integers(1, 30), max_size=30), st.booleans())
def test_a_request_is_whole_with_its_last_byte_however_it_is_cut(
    fields: bytes, body: bytes, next_one: bytes, cuts: list[int], posted: bool
) -> None:
    length = b"content-LENGTH : %d\r\n" % len(body) if posted else b""
    request = b"POST / HTTP/1.1\r\nHost: x\r\n" + fields + length + b"\r\n" + (body if posted else b"")
    arriving, sent, at = Arriving(), request + next_one, 0
    for size in [*cuts, len(sent)]:
        piece = sent[at : at + size]
        at += len(piece)
        if not piece:
            break
        assert arriving.add(piece) is (State.WHOLE if at >= len(request) else State.MORE)
        if at >= len(request):
            break

    assert arriving.take() == sent[:at]
    assert arriving.add(b"G") is State.MORE, "the next request begins"


@pytest.mark.parametrize(
    ("request_", "state"),
    [
        (b"GET / HTTP/1.1\nHost: x\n\n", State.WHOLE),
        (b"\x16\x03\x01" * 10, State.MORE),
        (b"GET /" + b"a" * HEAD_BYTES, State.HEAD_TOO_LONG),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", State.MORE),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", State.WHOLE),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"x" * (BODY_BYTES + 1), State.BODY_TOO_LONG),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n1234", State.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", State.MORE),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", State.INVITED),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n12345", State.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES + 1), State.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", State.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", State.WHOLE),
    ],
)
def test_what_is_not_waited_for(request_: bytes, state: State) -> None:
    assert Arriving().add(request_) is state


@pytest.mark.parametrize("request_", [GET, POST, CHUNKED, b"nonsense\r\n\r\n"])
def test_a_request_is_whole_when_its_last_byte_has_come_and_not_before(request_: bytes) -> None:
    arriving = Arriving()
    states = [arriving.add(request_[at : at + 1]) for at in range(len(request_))]

    assert states == [State.MORE] * (len(request_) - 1) + [State.WHOLE]


@given(st.lists(st.binary(max_size=60), max_size=9))
def test_no_bytes_are_too_strange_to_be_looked_at(pieces: list[bytes]) -> None:
    arriving = Arriving()
    for piece in pieces:
        assert arriving.add(piece.replace(b"\n", b"")) is State.MORE


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("patience")
    long = "\n\n".join(f"Sentence {number} of a letter, and a word of {WORD} many letters." for number in range(300))
    record = Record(folder, {"letter": long})
    record.build()
    with served(record, "--workers", "1") as running:
        running.get("/")
        until(lambda: running.get("/search?q=barg*")[0] == 200)  # who answers that has started as well
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
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"a" * (HEAD_BYTES + BODY_BYTES),
        b"GET /" + b"a" * (HEAD_BYTES + BODY_BYTES),
        POST.replace(b": 10", b": 100000000") + b"x" * (HEAD_BYTES + BODY_BYTES),
        POST.replace(b": 10", b": 70000") + b"x" * 70000,
        CHUNKED[:-5] + b"ffffff\r\n" + b"x" * (HEAD_BYTES + BODY_BYTES),
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


HOST = b"Host: x\r\n"
ENDS = HOST + b"Connection: close\r\n"
TYPE = b"Content-Type: application/x-www-form-urlencoded\r\n"


def exchanged(site: Site, request: bytes) -> bytes:
    with site.raw(request) as connection:
        return answer(connection)


NO_REQUESTS = (
    (b"secret\r\n\r\n", 400),
    (b"GET /secret HTTP/1.1\nHost: x\n\n", 400),
    (b"GET /secret" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /secret" + b"a" * 90_000, 431),
    (b"GET /secret HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 431),
    (b"GET /secret HTTP/1.1\r\n" + b"X: 1\r\n" * 100 + b"\r\n", 431),
    (b"GET /secret HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n", 400),
    (b"GET /secret HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    (b"GET /secret HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n", 400),
    (b"GET /secret HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    (b"GET http://[::1/secret HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /search?q=\xd8\xb9\xd9\x81\xd9\x88 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /secret HTTP/9.9\r\n" + HOST + b"\r\n", 400),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    (b"secret" * 500 + b" / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"POST /search HTTP/1.1\r\n" + HOST + TYPE + b"Content-Length: -5\r\n\r\n", 400),
    (b"POST /search HTTP/1.1\r\n" + HOST + TYPE + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nq=se", 400),
    (b"POST /search HTTP/1.1\r\n" + ENDS + TYPE + b"Content-Length: 99999999999999999999\r\n\r\nq=a", 413),
    (b"POST /search HTTP/1.1\r\n" + ENDS + TYPE + b"Content-Length: 66000\r\n\r\n" + b"q=a" * 22_000, 413),
    (b"POST /search HTTP/1.1\r\n" + HOST + TYPE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nq=a\r\n0\r\n\r\n", 400),
    (b"POST /search HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /search HTTP/1.1\r\n" + HOST + b"Expect: secret\r\nContent-Length: 6\r\n\r\nq=iran", 417),
    (b"POST /search HTTP/1.1\r\n" + ENDS + b"Content-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\n--x", 200),
    (b"TRACE /secret HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"TRACE / HTTP/1.1\r\n" + ENDS + b"\r\n", 405),
    (b"CONNECT secret:443 HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"OPTIONS * HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"GET /search?q=%zz%&month=%ff%fe HTTP/1.1\r\n" + ENDS + b"\r\n", 400),
    (b"GET /search?q=a%0d%0aX-Secret:1&g=x%0d%0aX-Secret:1 HTTP/1.1\r\n" + ENDS + b"\r\n", 400),
    (b"GET /documents/%c0%ae%c0%ae%c0%afsecret HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"GET /documents/a%00b HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"GET /documents/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"GET //secret.example/search/ HTTP/1.1\r\n" + ENDS + b"\r\n", 404),
    (b"GET http://secret.example/search?q=barges HTTP/1.1\r\n" + ENDS + b"\r\n", 200),
    (b"GET / HTTP/1.1\r\n" + ENDS + b"X-Forwarded-Host: secret\r\nX-Forwarded-Proto: https\r\n\r\n", 200),
    (b'GET /documents HTTP/1.1\r\nHost: secret"><script>\r\nConnection: close\r\n\r\n', 200),
    (b"GET /documents HTTP/1.1\r\n" + ENDS + b"Range: bytes=0-9,5-3,-1\r\n\r\n", 200),
    (
        b"GET /documents HTTP/1.1\r\n"
        + ENDS
        + b"Accept-Encoding: br;q=nan,gzip;q=0."
        + b"9" * 400
        + b",*;q=inf\r\n\r\n",
        200,
    ),
    (b"GET /documents HTTP/1.1\r\n" + ENDS + b'If-None-Match: """\\,,,W/*\r\nIf-Modified-Since: 99 Foo\r\n\r\n', 200),
    (b"GET /search?q=barg* HTTP/1.1\r\n" + ENDS + b"\r\n", 200),
    (b"POST /search HTTP/1.1\r\n" + ENDS + TYPE + b"Content-Length: 7\r\n\r\nq=barg*", 200),
)


@pytest.mark.parametrize(("request_", "status"), NO_REQUESTS, ids=lambda one: str(one)[:40])
def test_whatever_is_sent_has_an_answer_in_our_words_and_headers(site: Site, request_: bytes, status: int) -> None:
    head, _, body = exchanged(site, request_).partition(b"\r\n\r\n")

    assert int(head[9:12]) == status
    assert re.findall(rb"\nServer: ([^\r]*)", head) == [b"Pincite"]
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"X-Secret" not in head
    assert b"secret" not in body or status in (200, 404)
    assert b"root:" not in body


def test_a_form_is_waited_for_and_invited(site: Site) -> None:
    with site.raw(
        b"POST /search HTTP/1.1\r\n" + ENDS + TYPE + b"Expect: 100-continue\r\nContent-Length: 8\r\n\r\n"
    ) as one:
        assert one.recv(99).startswith(b"HTTP/1.1 100 ")
        one.sendall(b"q=ba")
        one.sendall(b"rges")
        got = b""
        while piece := one.recv(65_536):
            got += piece

    assert b"HTTP/1.1 200 " in got
    assert b"barges" in got


def test_requests_sent_together_are_answered_one_after_the_other(site: Site) -> None:
    got = exchanged(site, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\nGET /none HTTP/1.1\r\n" + ENDS + b"\r\n")

    assert [int(one) for one in re.findall(rb"HTTP/1.1 ([0-9]{3})", got)] == [200, 404]


def test_where_room_runs_out_the_oldest_that_has_asked_nothing_gives_way(site: Site) -> None:
    many = 600  # a worker has room for 500
    crowd: list[socket.socket] = []
    try:
        for number in range(many):
            crowd.append(site.raw(b"GET /" if number % 2 else b""))
        assert site.get("/search?q=barges")[0] == 200
        assert crowd[0].recv(1) == b""
        assert select.select(crowd[-50:], (), (), 0)[0] == []
    finally:
        for one in crowd:
            one.close()
    assert site.get("/search?q=barges")[0] == 200


def test_a_connection_is_left_to_the_worker_that_has_fewest() -> None:
    load = Load()
    assert not load.is_above_least(1), "nobody else is there"
    load.tell(1, 5)
    assert not load.is_above_least(1)
    other = os.fork()
    if not other:
        load.tell(2, 4)
        os._exit(0)
    os.waitpid(other, 0)

    assert load.is_above_least(1)
    assert not load.is_above_least(2)
    load.forget(2)
    assert not load.is_above_least(1)
