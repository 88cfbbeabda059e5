"""Whether a request came by way of somebody else."""

from __future__ import annotations

import ipaddress

from flask import Request


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
