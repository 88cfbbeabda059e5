"""Whole answers of a cluster are those of the local engine: totals, hits, facets, snippets, notices, suggestions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from comparing import compare
from nodes import Nodes
from site_there import Fed

from corpus.layout.importing import import_text
from index.cluster.feeding import ClusterFeeder
from index.cluster.home import ClusterHome
from index.current import open_current
from search.cluster_engine import ClusterEngine
from search.limits import QUERY_CHARACTERS
from search.results import SearchRequest, Sort
from search.searcher import Searcher

ROOT = Path(__file__).parents[2]
STATEMENT = ROOT.parent / "shared" / "real" / "statement.txt"
QUESTIONS = int(os.environ.get("CLUSTER_QUESTIONS", "150"))


@dataclass
class Both:
    """The searchers of one record."""

    local: Searcher
    remote: Searcher


def built(record: Fed) -> Iterator[Both]:
    record.build()
    here = open_current(record.data)
    there = ClusterHome(record.cluster, record.identifier).open_current()
    engine = ClusterEngine(there.snapshot, record.cluster, record.identifier, there.generation, there.sha256)
    yield Both(Searcher(here.snapshot), Searcher(there.snapshot, engine))
    here.close()
    ClusterFeeder(record.cluster).keep(record.identifier, ())


@pytest.fixture(scope="module", params=(1, 5))
def starter(nodes: Nodes, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Both]:
    record = Fed(tmp_path_factory.mktemp("starter"), nodes, f"starter-{request.param}", {})
    copied = record.folder.parent / "starter"
    copytree(ROOT / "corpus" / "starter", copied)
    record.folder = copied
    record.rename()
    record.feeder = ClusterFeeder(record.cluster, request.param)
    yield from built(record)


@pytest.fixture(scope="module")
def statement(nodes: Nodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    if not STATEMENT.exists():
        pytest.skip("the real statement is not beside this checkout (../shared/real/statement.txt)")
    markdown = import_text(STATEMENT.read_bytes(), "statement.txt").markdown
    yield from built(Fed(tmp_path_factory.mktemp("statement"), nodes, "statement", {"statement": markdown}))


def test_generated_questions_have_the_same_whole_answer(starter: Both) -> None:
    compared = compare(starter.local, starter.remote, QUESTIONS, seed=4)
    print(compared)

    assert compared.asked == QUESTIONS
    assert not compared.differences


def test_the_statement_answers_alike(statement: Both) -> None:
    compared = compare(statement.local, statement.remote, QUESTIONS, seed=5)
    print(compared)

    assert not compared.differences


def longest(words: list[str], between: str) -> str:
    return between.join(words)[: int(QUERY_CHARACTERS)].rpartition(between)[0]


def test_the_longest_questions_are_answered_whole(starter: Both) -> None:
    snapshot = starter.local.snapshot
    texts = " ".join(snapshot.text(at) for at in range(snapshot.passage_count))
    words = sorted(set(re.findall(r"\w{2,}", texts)), key=lambda word: (len(word), word))
    for query in (longest(words, " "), longest(words, " OR "), longest(words, " -"), longest(words[-99:], '" OR "')):
        request = SearchRequest(query, sort=Sort.DOCUMENT)
        here, there = starter.local.search(request), starter.remote.search(request)

        assert here.total == there.total
        assert here.total_partial == there.total_partial
        assert [(hit.position, hit.missing) for hit in here.hits] == [(hit.position, hit.missing) for hit in there.hits]
