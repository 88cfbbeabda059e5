"""Opens the generation that a command reads, and says so where it is another than should be."""

from __future__ import annotations

import click

from index.home import Home
from index.showing import Opened


def opened_for_reading(home: Home) -> Opened:
    """The generation served; a damage that had it take an older one is told on stderr."""
    opened = home.open_current()
    if opened.instead is not None:
        click.echo(opened.instead, err=True)
    return opened
