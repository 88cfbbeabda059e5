"""The manual's page on clusters: every command runs, in the order of the page, and answers as the page says."""

from __future__ import annotations

from pathlib import Path

from nodes import Nodes
from site_there import Fed
from test_docs_collections import BLOCK, Reader
from test_docs_operations import COMMAND, fits, serves

PAGE = Path(__file__).parents[2] / "docs" / "cluster.md"


def test_every_command_of_the_page_answers_as_it_says(nodes: Nodes, tmp_path: Path) -> None:
    Fed(tmp_path / "before", nodes, "record").feeder.keep("record", ())
    reader = Reader(tmp_path)
    reader.environment |= {"PINCITE_ENGINE": "opensearch", "PINCITE_ENGINE_URL": " ".join(nodes.urls)}
    commands = 0
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        pieces = COMMAND.split(block["text"])
        for line, printed in zip(pieces[1::2], pieces[2::2], strict=True):
            commands += 1
            if " serve " in line:
                serves(reader, line, "/documents/sample")
            else:
                answer = reader.types(line)
                assert fits(answer, printed), f"{line}\n{answer}"

    assert commands >= 10
