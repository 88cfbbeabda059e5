"""What the crash tests share: a process that forks builders, and how long they may take."""

import os
from collections.abc import Iterator

import pytest
from forked import Builders

LONG = os.environ.get("CRASH") == "long"  # make crash


@pytest.fixture(scope="session")
def builders() -> Iterator[Builders]:
    with Builders() as ready:
        yield ready
