"""What the rate limit promises: a reader never meets it, a flood does, and nobody is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_site import build, site_of, stop, write_collection

from web.ratelimit import ADDRESSES_AT_MOST, KEY_SECONDS, REQUESTS_AT_ONCE, REQUESTS_PER_SECOND, RateLimit


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def limit(clock: Clock) -> RateLimit:
    counter = iter(range(10**6))
    return RateLimit(clock, lambda size: next(counter).to_bytes(size, "big"))


def test_a_burst_passes_and_what_follows_waits() -> None:
    clock = Clock()
    limited = limit(clock)

    assert [limited.wait("192.0.2.1") for _ in range(REQUESTS_AT_ONCE)] == [0] * REQUESTS_AT_ONCE
    assert limited.wait("192.0.2.1") == 1
    assert limited.wait("192.0.2.2") == 0
    clock.now += 1
    assert [limited.wait("192.0.2.1") for _ in range(int(REQUESTS_PER_SECOND) + 1)] == [0] * 10 + [1]


def test_a_dear_request_waits_until_it_can_be_paid() -> None:
    clock = Clock()
    limited = limit(clock)
    for _ in range(REQUESTS_AT_ONCE):
        limited.wait("192.0.2.1")
    seconds = limited.wait("192.0.2.1", 15)
    clock.now += seconds

    assert seconds == 2
    assert limited.wait("192.0.2.1", 15) == 0


def test_neighbours_of_the_sixth_version_share_a_bucket() -> None:
    limited = limit(Clock())
    for number in range(REQUESTS_AT_ONCE):
        limited.wait(f"2001:db8::{number:x}")

    assert limited.wait("2001:db8::ffff") == 1
    assert limited.wait("2001:db8:1::1") == 0


def test_after_an_hour_nobody_is_known_any_more() -> None:
    clock = Clock()
    limited = limit(clock)
    for _ in range(REQUESTS_AT_ONCE + 1):
        limited.wait("192.0.2.1")
    before = set(limited._buckets)
    clock.now += KEY_SECONDS
    limited.wait("192.0.2.1")

    assert not before & set(limited._buckets)


def test_memory_is_bounded_and_whoever_asks_most_is_not_forgotten() -> None:
    limited = limit(Clock())
    for _ in range(REQUESTS_AT_ONCE):
        limited.wait("192.0.2.1")
    for number in range(ADDRESSES_AT_MOST + 10):
        limited.wait(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")

    assert len(limited._buckets) <= ADDRESSES_AT_MOST
    assert limited.wait("192.0.2.1") == 1


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    build(write_collection(tmp_path / "collection"), tmp_path / "data")
    app = site_of(tmp_path / "data", rate_limit=True)
    yield app.test_client()
    stop(app)


def test_a_flood_is_told_to_wait_in_the_form_that_it_asked_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.ratelimit.REQUESTS_PER_SECOND", 0.01)  # on a busy machine the flood takes its time
    for _ in range(REQUESTS_AT_ONCE):
        client.get("/help")
    page, answer = client.get("/help"), client.get("/api/v1/search")

    assert (page.status_code, answer.status_code) == (429, 429)
    assert int(page.headers["Retry-After"]) >= 1
    assert "Too many requests" in page.text
    assert answer.mimetype == "application/problem+json"
    assert client.get("/healthz").status_code == 200


def test_a_proxy_nobody_told_us_of_turns_the_limit_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.ratelimit.REQUESTS_PER_SECOND", 0.01)
    build(write_collection(tmp_path / "collection"), tmp_path / "data")
    app = site_of(tmp_path / "data")
    client = app.test_client()
    free = {client.get("/help").status_code for _ in range(REQUESTS_AT_ONCE + 5)}
    for _ in range(REQUESTS_AT_ONCE):
        client.get("/help", headers={"X-Forwarded-For": "198.51.100.7"})
    flooded = client.get("/help").status_code
    stop(app)

    assert free == {200}
    assert flooded == 429
    assert sum("--trusted-proxies" in record.getMessage() for record in caplog.records) == 1
    assert "198.51.100.7" not in caplog.text
