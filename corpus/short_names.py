"""Short names that a text itself gives to a publisher or a work: "the Wind Society (“RWS”)", "(hereafter Storms)".

Only what a text defines in so many words counts: after "hereafter" and the like, or in quotation marks or capitals
right behind the full name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 60  # characters of a short name
_SAID = re.compile(
    r"\((?:hereafter|hereinafter|henceforth|thereafter)(?:\s(?:referred\sto\sas|called|cited\sas))?[,:]?\s"
    rf"(?:the\s)?[“‘\"']?([^()“”‘\"]{{2,{_LONGEST}}}?)[”’\"']?\)",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s?\((?:the\s|or\s)?(?:[“\"‘']([^()“”\"]{2,30}?)[”\"’']|([A-Z][A-Za-z]{0,3}[A-Z]{1,7}))\)")


@dataclass(frozen=True, slots=True)
class ShortName:
    """*name* stands for something that is named before `text[start]`, where the bracket opens."""

    name: str
    start: int


def said_short_names(text: str) -> Iterator[ShortName]:
    """The names that *text* says it will use "hereafter", in order."""
    if "(h" in text or "(t" in text or "(H" in text:
        for match in _SAID.finditer(text):
            if match.group(1)[0].isupper():
                yield ShortName(match.group(1).strip(), match.start())


def short_name_behind(text: str, end: int) -> str | None:
    """The short name in brackets right behind a full name that ends at *end*: quoted, or in capitals."""
    match = _BEHIND.match(text, end)
    if match is None:
        return None
    name = (match.group(1) or match.group(2)).strip()
    return name if name[:1].isupper() else None
