"""Where titles of works stand in quotation marks: dates in them are the works' subjects, and none of the passage."""

from __future__ import annotations

import re

from corpus.model import Kind

# An opening mark, at most 400 characters without another, and the mark that closes it.
_QUOTED = re.compile(r"“([^“”]{1,400})”|«([^«»]{1,400})»|\"([^\"]{1,400})\"")
_ENTITLED = re.compile(
    r"\b(?:entitled|titled|headlined|headed|called|article|book|report|film|documentary|pamphlet)[,:]?\s*$",
    re.IGNORECASE,
)
_TITLE_FOLLOWS = re.compile(r"\s*(?:[,.;(]|$|\[|in\s|at\s)")
_SENTENCES = re.compile(r"[.!?]\s+[A-Z]")


def title_spans(text: str, kind: Kind) -> list[tuple[int, int]]:
    """Half-open spans of quoted titles, in order.

    In a footnote a title follows a name ("Amnesty International, “Iran: ...” (Index: ...)") or opens the citation; what
    follows a verb or a colon is a quotation, and its dates count. In body text only what is said to be a title is one.
    """
    if "“" not in text and '"' not in text and "«" not in text:
        return []
    return [match.span() for match in _QUOTED.finditer(text) if _is_title(text, match, kind)]


def _is_title(text: str, match: re.Match[str], kind: Kind) -> bool:
    before = text[max(0, match.start() - 40) : match.start()].rstrip()
    if _ENTITLED.search(before):
        return True
    if kind is not Kind.FOOTNOTE:
        return False
    inside = (match[1] or match[2] or match[3]).strip()
    if (
        not inside
        or inside[0].islower()
        or inside.startswith(("[", "…", "..."))
        or (inside.endswith((".", "!", "?")) and _SENTENCES.search(inside))
    ):
        return False
    if not _TITLE_FOLLOWS.match(text, match.end()):
        return False
    if not before or before.endswith((";", ".")):
        return True
    if not before.endswith(","):
        # A name right before it: "Habilian “...”" is no way to cite; "See “...”" is.
        return before.rsplit(None, 1)[-1].lower() in ("see", "also", "cf.", "in")
    named = before[:-1].rstrip().rsplit(None, 1)
    return bool(named) and not named[-1][:1].islower()
