"""Speaks to the nodes of a cluster: one after another until one answers, never twice for what may have been done."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import urllib3
from urllib3.util import Timeout, make_headers, parse_url

from index.feeding import EngineError

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 20.0  # of a search; what builds waits longer
DOWN_SECONDS = 5.0  # a node that could not be reached is asked last for so long
POOL = 8  # connections kept to each node: a worker has four threads, and a watch beside them
_BUSY = (502, 503, 504)


class BadEngineUrlError(EngineError):
    """An address of a node cannot be used."""

    def __init__(self, place: int, what: str) -> None:
        super().__init__(f"--engine-url, the {place}. one: {what}. Write it as https://HOST:9200")


class UnreachableError(EngineError):
    """No node answers."""

    def __init__(self, nodes: Sequence[str], reason: str) -> None:
        super().__init__(
            f"no node of the cluster answers ({', '.join(nodes)}; the last said: {reason}). See to the nodes, then try"
            " again"
        )


class RefusedError(EngineError):
    """The cluster answered that it will not."""

    def __init__(self, what: str, code: int, reason: str) -> None:
        super().__init__(f"the cluster refuses {what}: {reason} ({code})")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Access:
    """Where a cluster is and how to be let in. Nothing of *password* is ever shown."""

    urls: tuple[str, ...]
    user: str = ""
    password: str = ""
    ca_file: str | None = None

    def __post_init__(self) -> None:
        for place, url in enumerate(self.urls, 1):
            parsed = parse_url(url)
            if parsed.auth is not None:
                raise BadEngineUrlError(place, "an address must not hold a name and a password")
            if parsed.scheme not in ("http", "https") or not parsed.host:
                raise BadEngineUrlError(place, "this is no address of a node")

    def __repr__(self) -> str:
        return f"Access({self.urls})"


class Cluster:
    """A cluster's nodes. Threads may share it; processes may not."""

    def __init__(self, access: Access) -> None:
        headers = make_headers(basic_auth=f"{access.user}:{access.password}") if access.user else {}
        self._nodes = tuple(url.rstrip("/") for url in access.urls)
        self._pools = urllib3.PoolManager(
            maxsize=POOL, block=False, retries=False, headers=headers, ca_certs=access.ca_file
        )
        self._lock = threading.Lock()
        self._down: dict[str, float] = {}
        self._next = 0

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        what: str,
        lines: bytes | None = None,
        seconds: float = ANSWER_SECONDS,
        **fields: str,
    ) -> Any:
        """The JSON that the first node answers which can be reached. *what* says in a message what was asked.

        *lines* are sent as they are, for the bulk interface. Raises UnreachableError, RefusedError.
        """
        data = lines if lines is not None else None if body is None else msgspec.json.encode(body)
        kind = "application/x-ndjson" if lines is not None else "application/json"
        reason = "nothing"
        nodes = self._in_turn()
        for node in nodes:
            try:
                answer = self._pools.request(
                    method,
                    f"{node}/{path}" + _query(fields),
                    body=data,
                    headers={**self._pools.headers, "Content-Type": kind},
                    timeout=Timeout(connect=CONNECT_SECONDS, read=seconds),
                    redirect=False,
                )
            except urllib3.exceptions.ReadTimeoutError:
                # It may still be at work: asking another node would cost all of it again.
                raise UnreachableError((node,), f"nothing in {seconds:g} seconds") from None
            except urllib3.exceptions.HTTPError as error:
                self._has_failed(node)
                reason = type(error).__name__
                continue
            if answer.status in _BUSY:
                self._has_failed(node)
                reason = f"status {answer.status}"
                continue
            if answer.status >= 400:
                raise RefusedError(what, answer.status, _reason(answer.data))
            return msgspec.json.decode(answer.data) if answer.data else None
        raise UnreachableError(nodes, reason)

    def exists(self, path: str) -> bool:
        """Whether there is something at *path*."""
        try:
            self.ask("GET", path, what="to look")
        except RefusedError as error:
            if error.code == 404:
                return False
            raise
        return True

    def _in_turn(self) -> tuple[str, ...]:
        """The nodes in the order in which they are to be tried: those lately unreachable last."""
        now = time.monotonic()
        with self._lock:
            self._next = (self._next + 1) % len(self._nodes)
            nodes = self._nodes[self._next :] + self._nodes[: self._next]
            return tuple(sorted(nodes, key=lambda node: self._down.get(node, 0.0) > now))

    def _has_failed(self, node: str) -> None:
        with self._lock:
            self._down[node] = time.monotonic() + DOWN_SECONDS


def _query(fields: Mapping[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in fields.items()) if fields else ""


def _reason(data: bytes) -> str:
    """What the cluster says of its refusal, shortened: it may repeat what it was sent."""
    try:
        error = msgspec.json.decode(data).get("error", "")
    except (msgspec.DecodeError, AttributeError):
        return "it does not say why"
    while isinstance(error, dict):
        causes = error.get("root_cause") or [error.get("caused_by")]
        inner = causes[0]
        if not isinstance(inner, dict) or inner.get("reason") == error.get("reason"):
            return f"{error.get('type')}: {error.get('reason')}"[:300]
        error = inner
    return str(error)[:300]
