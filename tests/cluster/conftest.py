"""The tests of this folder need nodes of a real cluster: `make test-cluster` fetches what they are made of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes import Nodes

DISTRIBUTION = os.environ.get("CLUSTER_DISTRIBUTION", "")
collect_ignore_glob = [] if DISTRIBUTION else ["test_*.py"]


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    """Three nodes that run. A test that ends some starts them again."""
    made = Nodes(Path(os.environ["CLUSTER_FOLDER"]) / "nodes", Path(DISTRIBUTION))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def cluster(nodes: Nodes) -> object:
    """What speaks to them."""
    from index.cluster.client import Access, Cluster

    return Cluster(Access(nodes.urls))
