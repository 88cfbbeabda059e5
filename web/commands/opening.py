"""Opens the generation that a command reads, and says so where it is another than should be."""

from __future__ import annotations

import click

from index.current import Opened, open_current
from index.generations import DataFolder


def opened_for_reading(data: DataFolder) -> Opened:
    """What `open_current` gives; a damage that had it take an older generation is told on stderr."""
    opened = open_current(data)
    if opened.instead is not None:
        click.echo(opened.instead, err=True)
    return opened
