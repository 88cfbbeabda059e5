"""What a document says of the files beside it: links to other documents, ids of officials; and which lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from corpus.authorities import Authorities
from corpus.model import Document
from corpus.problems import Problem, Severity

# `other-document.md`, as editors and code hosts follow it; at one of its passages, `other-document.md#p-k7x3fh`.
_BESIDE = re.compile(r"(?:\./)?(?P<slug>[A-Za-z0-9][A-Za-z0-9._-]*)\.md(?P<passage>#p-[0-9a-z]+)?(?:#.*)?", re.DOTALL)


def document_beside(address: str) -> tuple[str, str] | None:
    """Slug and `#p-...` ("" for none) of the document that a link to *address* means; None where it means another."""
    found = _BESIDE.fullmatch(address)
    return (found["slug"], found["passage"] or "") if found else None


def loose_ends(document: Document, slugs: Collection[str], authorities: Authorities) -> Iterator[Problem]:
    """A near-miss for each link of *document* to a document not in *slugs*, and each id of its front matter's officials
    that officials.toml lacks.
    """
    path = f"documents/{document.slug}.md"
    for link in document.links:
        if link.slug not in slugs:
            yield Problem(
                path,
                link.line,
                f"the link to {link.slug}.md leads nowhere: no document is called so (now). Mend the name.",
                Severity.NEAR_MISS,
            )
    known = {official.id for official in authorities.officials}
    for one, line in zip(document.officials, document.official_lines, strict=True):
        if one not in known:
            yield Problem(
                path,
                line,
                f"officials: {one} is no id of officials.toml. Add the person there, or mend the id.",
                Severity.NEAR_MISS,
            )
