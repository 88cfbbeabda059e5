"""Fingerprints: what a reading or a generation depends on, in one hash each."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import corpus
import index

# Distributions whose version can change what is read, rendered or indexed.
_DISTRIBUTIONS = ("bleach", "Markdown", "PyStemmer", "PyYAML", "Whoosh-Reloaded")


@cache
def code_fingerprint() -> str:
    """A hash of this project's reading and indexing code, and of the libraries that it reads and indexes with."""
    digest = hashlib.sha256()
    for room in (corpus, index):
        folder = Path(room.__file__ or "").parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{room.__name__}/{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    for distribution in _DISTRIBUTIONS:
        digest.update(f"{distribution} {version(distribution)}\0".encode())
    return digest.hexdigest()


def combined(*parts: str) -> str:
    """One hash of several."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
