"""Static files as they are served: under names that carry a digest of their content, and compressed beforehand.

A browser may keep such a file for good: another content has another name. What is prepared stands in the data folder,
where a later start finds it again; nothing is ever changed there, so that several workers may prepare at once.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import brotli

from index.disk import write_atomically

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};>]) ?|(?<=[,:]) ")


def minified(css: str) -> str:
    """*css* without comments and the blanks that mean nothing. For our own sheet, whose strings hold no braces."""
    return _AROUND.sub(lambda found: found[1] or "", _BLANKS.sub(" ", _COMMENT.sub("", css))).strip()


def prepare(source: Path, target: Path) -> dict[str, Path]:
    """Each file of *source* by its name, as it stands ready in *target*; in *source* where *target* takes no files."""
    ready: dict[str, Path] = {}
    for path in sorted(source.iterdir()):
        content = path.read_bytes()
        if path.suffix == ".css":
            content = minified(content.decode()).encode()
        digest = hashlib.sha256(content).hexdigest()[:10]
        prepared = target / f"{path.stem}.{digest}{path.suffix}"
        small = {".gz": gzip.compress(content, 9, mtime=0), ".br": brotli.compress(content, quality=11)}
        try:
            target.mkdir(parents=True, exist_ok=True)
            for suffix, body in {**small, "": content}.items():
                file = prepared.with_name(prepared.name + suffix)
                if not file.exists():
                    write_atomically(file, body)
            ready[path.name] = prepared
        except OSError:  # a data folder that may only be read: the files are served as they came
            ready[path.name] = path
    return ready
