"""What `import` wrote, so that a document changed by hand since is known: {"slug": sha256 of its Markdown}."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from corpus.plain_files import read_plain
from index.disk import write_atomically

IMPORTS = ".imports.json"
RECORD_BYTES = 64 << 20


def read_imports(folder: Path) -> dict[str, str]:
    """The documents of the collection in *folder* that were imported. A damaged list is said and counts as empty."""
    record = folder / IMPORTS
    if not record.is_file():
        return {}
    try:
        return msgspec.json.decode(read_plain(record, RECORD_BYTES), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        click.echo(f"{record}: is damaged; every document there counts as changed by hand", err=True)
        return {}


def write_imports(folder: Path, known: dict[str, str]) -> None:
    """Replaces the list."""
    write_atomically(folder / IMPORTS, msgspec.json.format(msgspec.json.encode(known, order="sorted")) + b"\n")
