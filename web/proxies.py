"""Whether a request came by way of somebody else."""

from __future__ import annotations

import ipaddress
import mmap

from flask import Request


class ProxySeen:
    """Whether any worker was asked by way of a proxy; made before they are forked."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1)

    def __bool__(self) -> bool:
        return self._memory[0] == 1

    def note(self) -> bool:
        """Notes that one was; whether this is the first time."""
        first, self._memory[0] = not self, 1
        return first


def is_forwarded(request: Request) -> bool:
    """Whether *request* says that it was passed on, in any of the headers that proxies use."""
    return any(name == "Forwarded" or name.startswith("X-Forwarded-") for name, _ in request.headers)


def is_from_here(request: Request) -> bool:
    """Whether *request* was made on this very machine, and passed on by nobody."""
    try:
        loopback = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return loopback and not is_forwarded(request)
