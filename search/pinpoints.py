"""The text of a permalink taken apart: slug, label, id, digest. What they mean today is `permalinks`' to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_PATH = re.compile(r"/documents/(?P<slug>[^/]+)(?:/p/(?P<pinpoint>[^/]+))?/?")
_PINPOINT = re.compile(r"(?:(?P<label>[^~]*)~)?(?P<id>[^~.]*)(?:\.(?P<digest>[^~]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """The last part of a permalink, taken apart; None where a part is missing."""

    id: str
    label: str | None = None
    digest: str | None = None


def parse_permalink(permalink: str) -> tuple[str, Pinpoint] | None:
    """Slug and pinpoint of a path or a whole address, also of `/documents/<slug>#p-<id>`; None for anything else."""
    try:
        address = urlsplit(permalink.strip())
    except ValueError:
        return None
    found = _PATH.search(unquote(address.path))
    if found is None:
        return None
    if found["pinpoint"]:
        return found["slug"], parse_pinpoint(found["pinpoint"])
    if address.fragment.startswith("p-"):
        return found["slug"], parse_pinpoint(unquote(address.fragment[2:]))
    return None


def parse_pinpoint(pinpoint: str) -> Pinpoint:
    """`<label>~<id>.<digest>`, `<label>~<id>` or `<id>`. Capitals count as small letters: ids have none.

    Marks after it are those of the sentence it was copied from. What has another shape becomes an id that no check
    character fits.
    """
    found = _PINPOINT.fullmatch(_without_marks_after(pinpoint))
    if found is None:
        return Pinpoint(pinpoint)
    return Pinpoint(found["id"].lower(), found["label"] or None, (found["digest"] or "").lower() or None)


def _without_marks_after(pinpoint: str) -> str:
    end = len(pinpoint)
    while end and not (pinpoint[end - 1].isascii() and pinpoint[end - 1].isalnum()):
        end -= 1
    return pinpoint[:end]
