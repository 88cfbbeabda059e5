"""Links between documents, and what a document says of officials, are followed or reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.authorities import load_authorities
from corpus.beside import document_beside, loose_ends
from corpus.problems import Severity
from corpus.readers.markdown_text import read_markdown

TYPES = ("ngo",)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("reply.md", ("reply", "")), ("./a.b_c-1.md", ("a.b_c-1", "")), ("reply.md#p-k7x3fh", ("reply", "#p-k7x3fh")),
        ("reply.md#some-heading", ("reply", "")), ("reply", None), ("https://quay.example/reply.md", None),
        ("../reply.md", None), ("documents/reply.md", None), ("/documents/reply.md", None), (".md", None),
        ("javascript:reply.md", None), ("reply.md?x", None), ("", None), ("reply.md\n", None),
    ],
)  # fmt: skip
def test_a_link_to_a_file_beside_it_means_that_document(address: str, meant: tuple[str, str] | None) -> None:
    assert document_beside(address) == meant


def test_links_to_no_document_and_ids_of_nobody_are_near_misses(tmp_path: Path) -> None:
    (tmp_path / "collection.toml").write_text('id = "quay"\ntitle = "Quay"\n[source_types]\nngo = "NGO"\n')
    (tmp_path / "officials.toml").write_text('[[officials]]\nid = "solani"\nname = "Mina Solani"\n')
    authorities, _ = load_authorities(tmp_path)
    text = (
        "---\ntitle: Letter\nofficials:\n- solani\n- solany\n---\n\nSee [the reply](reply.md).\n\n"
        "- and [another](lost.md#p-k7x3fh),[^1]\n- [a page](https://quay.example/page.md).\n\n"
        "[^1]: Read [the draft](draft.md).\n"
    )
    document = read_markdown(text.encode(), "documents/letter.md", "letter", TYPES).document

    found = list(loose_ends(document, {"letter", "reply"}, authorities))

    assert [(one.line, one.message.split(":")[0]) for one in found] == [
        (10, "the link to lost.md leads nowhere"), (13, "the link to draft.md leads nowhere"), (5, "officials"),
    ]  # fmt: skip
    assert "solany" in found[-1].message
    inline = read_markdown(b"---\ntitle: T\nofficials: solany\n---\nText.\n", "documents/t.md", "t", TYPES).document
    assert [one.line for one in loose_ends(inline, {"t"}, authorities)] == [3]
    assert {one.severity for one in found} == {Severity.NEAR_MISS}
