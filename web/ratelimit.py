"""How often one address may ask: a bucket that fills again with time, kept in memory alone.

Addresses are known by a hash under a key that changes every hour and is written nowhere, so that nobody, we included,
can tell afterwards who asked. Each worker counts for itself: with two, an address gets at most twice as much.
"""

from __future__ import annotations

import hashlib
import ipaddress
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

REQUESTS_PER_SECOND = 10.0  # of an office or a newsroom behind one address; one reader stays far below
REQUESTS_AT_ONCE = 60  # what may come in one go: a page with all its links opened
CHEAP_SECONDS = 0.005  # of a processor: what an answer may take that counts as one request; a page of results has 0.003
COSTS_AT_MOST = 40  # requests that an answer counts as beside its own: with an export, less than may come in one go
EXPORT_COSTS = 15  # requests that an export counts as: it reads up to two thousand passages
KEY_SECONDS = 3600  # how long an address keeps its hash
ADDRESSES_AT_MOST = 20_000  # buckets in memory; beyond that the fullest, which have asked least, are forgotten


@dataclass(slots=True)
class _Bucket:
    left: float
    filled: float  # when it was last filled, in the clock's seconds


@dataclass(slots=True)
class RateLimit:
    """Says for each request whether it may pass. *clock* gives seconds that never go back, *random* bytes for keys."""

    clock: Callable[[], float]
    random: Callable[[int], bytes]
    _key: bytes = b""
    _key_made: float = float("-inf")
    _buckets: dict[bytes, _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, address: str, cost: int = 1) -> int:
        """0 when the request may pass, else after how many whole seconds the address may ask again."""
        with self._lock:
            now = self.clock()
            if now - self._key_made >= KEY_SECONDS:
                self._key, self._key_made = self.random(32), now
                self._buckets.clear()
            bucket = self._buckets.setdefault(self._hash(address), _Bucket(REQUESTS_AT_ONCE, now))
            bucket.left = min(REQUESTS_AT_ONCE, bucket.left + (now - bucket.filled) * REQUESTS_PER_SECOND)
            bucket.filled = now
            if bucket.left >= cost:
                bucket.left -= cost
                self._forget()
                return 0
            return int((cost - bucket.left) / REQUESTS_PER_SECOND) + 1

    def charge(self, address: str, seconds: float) -> None:
        """Counts an answer that took *seconds* of a processor as the requests that could have had them.

        Who asks what is costly must wait longer, but nobody for what they asked once.
        """
        with self._lock:
            bucket = self._buckets.get(self._hash(address))
            if bucket is not None:
                costs = min(int(seconds / CHEAP_SECONDS), COSTS_AT_MOST)
                bucket.left = max(-float(REQUESTS_AT_ONCE), bucket.left - costs)

    def _hash(self, address: str) -> bytes:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            network = address
        else:
            # A household or a machine has a whole /64 of the sixth version to ask from.
            network = str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
        return hashlib.blake2b(network.encode("utf-8", "replace"), key=self._key, digest_size=12).digest()

    def _forget(self) -> None:
        if len(self._buckets) > ADDRESSES_AT_MOST:
            kept = sorted(self._buckets.items(), key=lambda item: item[1].left)[: ADDRESSES_AT_MOST // 2]
            self._buckets = dict(kept)
