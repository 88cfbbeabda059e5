"""Addresses of the web as texts print them: with or without a scheme, wrapped by mail filters, followed by a stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

# A host needs a scheme, "www." or a path behind a top-level domain: "Add.1", "p.m" and "U.N" are no hosts.
_ADDRESS = re.compile(
    r"""(?<![\w@.-])
    (?: https?://[^\s<>"“”«»]+
      | (?: www\.[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4} | (?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?=/) )
        (?: [/?\#][^\s<>"“”«»]* )?
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = ".,;:!?'’‘*…"
_PAIRS = {")": "(", "]": "[", "}": "{"}

# Where mail filters and search engines keep the address that they wrap: host ends, argument.
_WRAPPERS = (
    ("safelinks.protection.outlook.com", "url"),
    ("urldefense.proofpoint.com", "u"),
    ("www.google.com", "url"),
    ("www.google.com", "q"),
    ("l.facebook.com", "u"),
    ("lm.facebook.com", "u"),
    ("deref-gmx.net", "redirectUrl"),
    ("linkprotect.cudasvc.com", "a"),
)
_DEFENSE_3 = re.compile(r"https?://urldefense\.com/v3/__(.{1,2000}?)__;", re.IGNORECASE)
_DEPTH = 3  # a wrapper in a wrapper in a wrapper is opened, more is not


@dataclass(frozen=True, slots=True)
class AddressMention:
    """An address and where it stands: `text[start:end]`, as printed, without the stop that ends the sentence."""

    printed: str
    start: int
    end: int


def find_addresses(text: str) -> Iterator[AddressMention]:
    """The addresses in *text*, in order."""
    if "/" not in text and "www." not in text.lower():
        return
    for match in _ADDRESS.finditer(text):
        printed = match.group()
        while printed and (
            printed[-1] in _TRAILING
            or (printed[-1] in _PAIRS and printed.count(printed[-1]) > printed.count(_PAIRS[printed[-1]]))
        ):
            printed = printed[:-1]
        if printed:
            yield AddressMention(printed, match.start(), match.start() + len(printed))


def unwrapped(address: str) -> str:
    """The address that a mail filter's or search engine's *address* wraps, or *address* itself."""
    for _ in range(_DEPTH):
        inner = _inside(address)
        if inner is None:
            break
        address = inner
    return address


def _inside(address: str) -> str | None:
    defense = _DEFENSE_3.match(address)
    if defense:
        return defense.group(1)
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").lower()
        arguments = parse_qs(parts.query, max_num_fields=50)
    except ValueError:  # what the standard library cannot take apart wraps nothing that we could open
        return None
    for ending, name in _WRAPPERS:
        if host == ending or host.endswith("." + ending):
            for value in arguments.get(name, ()):
                if ending == "urldefense.proofpoint.com":
                    # Version 2 writes "%" as "-" and "/" as "_".
                    value = value.replace("_", "/").replace("-3A", ":").replace("-2D", "-")
                if value.lower().startswith(("http://", "https://", "www.")):
                    return value
    return None


def host_and_path(address: str) -> tuple[str, str]:
    """The host, lower-cased and without "www.", and the path of *address*, opened if wrapped; "" where unreadable."""
    address = unwrapped(address)
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return "", ""
    return host.removeprefix("www."), parts.path
