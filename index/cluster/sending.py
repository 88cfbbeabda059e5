"""Sends many small objects to an index by the bulk interface; what a full queue turns away is sent again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import msgspec

from index.cluster.client import Cluster, RefusedError
from index.feeding import EngineError

BULK_BYTES = 4_000_000  # of one request: OpenSearch's guides say 5 to 15 MB
BULK_OBJECTS = 2_000
TRIES = 8  # of what a full queue turned away: half a minute in all
WAIT_SECONDS = 0.25  # before the second try; twice as long before each other
BUILD_SECONDS = 120.0  # for an answer while building

Portion = tuple[list[str], list[bytes]]


class PassageRefusedError(EngineError):
    """The cluster does not take a passage, or a piece of a file."""

    def __init__(self, identity: str, reason: str) -> None:
        super().__init__(f"the cluster refuses {identity}: {reason}. The generation before it serves on")


class QueueFullError(EngineError):
    """The cluster is too busy for long."""

    def __init__(self, identity: str, tries: int) -> None:
        super().__init__(
            f"the cluster's queue is full: after {tries} tries it still does not take {identity}. The generation before"
            " it serves on; build again when the cluster has less to do"
        )


def send(cluster: Cluster, index: str, objects: Iterable[tuple[str, bytes]]) -> int:
    """Puts *objects*, ids and JSON, into *index*; how many they were. Raises EngineError.

    One portion is on its way while the next is made.
    """
    count = 0
    with ThreadPoolExecutor(1) as sender:
        on_its_way: Future[None] | None = None
        for ids, lines in _portions(objects):
            if on_its_way is not None:
                on_its_way.result()
            on_its_way = sender.submit(_send, cluster, index, ids, lines)
            count += len(ids)
        if on_its_way is not None:
            on_its_way.result()
    return count


def _portions(objects: Iterable[tuple[str, bytes]]) -> Iterator[Portion]:
    ids: list[str] = []
    lines: list[bytes] = []
    size = 0
    for identity, data in objects:
        lines.append(msgspec.json.encode({"index": {"_id": identity}}) + b"\n" + data + b"\n")
        ids.append(identity)
        size += len(lines[-1])
        if size >= BULK_BYTES or len(ids) >= BULK_OBJECTS:
            yield ids, lines
            ids, lines, size = [], [], 0
    if ids:
        yield ids, lines


def _send(cluster: Cluster, index: str, ids: list[str], lines: list[bytes]) -> None:
    for tried in range(TRIES):
        if tried:
            time.sleep(WAIT_SECONDS * 2 ** (tried - 1))
        try:
            # Sent twice it does no harm: each has its id.
            answer = cluster.ask(
                "POST", f"{index}/_bulk", lines=b"".join(lines), what="passages", seconds=BUILD_SECONDS
            )
        except RefusedError as error:
            if error.code != 429:
                raise
            left = list(range(len(ids)))
        else:
            left = []
            for place, item in enumerate(answer["items"]) if answer["errors"] else ():
                said = item["index"]
                if said["status"] == 429:
                    left.append(place)
                elif said["status"] >= 300:
                    raise PassageRefusedError(ids[place], _refusal(said))
        if not left:
            return
        ids, lines = [ids[place] for place in left], [lines[place] for place in left]
    raise QueueFullError(ids[0], TRIES)


def _refusal(said: dict[str, Any]) -> str:
    error = said.get("error", {})
    return f"{error.get('type')}: {error.get('reason')}"[:300]
