"""`serve`: the site, by gunicorn with prefork workers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from corpus.collection import AUTHORITY_FILES, DOCUMENTS
from corpus.problems import PinciteError
from index.current import open_current
from web.app import STATIC_PREPARED, create_app
from web.config import Folders, SiteSettings
from web.fonts import prepare_beside
from web.metrics import Board

WATCH_SECONDS = 1.0


class PortInUseError(PinciteError):
    """Nobody can listen at the address."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"{host}:{port} cannot be served at: {reason}. Choose another port: --port {port + 1}")


class _Server(BaseApplication):
    def __init__(self, settings: SiteSettings, options: dict[str, Any]) -> None:
        self.settings = settings
        self.board = Board()  # before any fork: memory that all workers share
        self.worker = 0
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_fork", self._number)

    def _number(self, server: Any, worker: Any) -> None:
        self.worker = worker.age  # counts up with every worker that was ever started

    def load(self) -> Any:
        # In each worker, after the fork: threads and open files are the worker's own.
        return create_app(self.settings, self.board, self.worker)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer.")
@click.option("--watch", is_flag=True, help="Rebuild when files of the collection change.")
@click.option("--site-url", metavar="URL", help="The site's own address: what citations begin with.")
@click.option(
    "--trusted-host", "trusted_hosts", multiple=True, metavar="NAME", help="A name requests may bear. Repeatable."
)
@click.option("--trusted-proxies", type=click.IntRange(0, 8), default=0, show_default=True, help="Proxies in front.")
@click.option("--rate-limit/--no-rate-limit", default=None, help="[default: off on loopback without a proxy, else on]")
@click.pass_obj
def serve(
    folders: Folders,
    host: str,
    port: int,
    workers: int,
    watch: bool,
    site_url: str | None,
    trusted_hosts: tuple[str, ...],
    trusted_proxies: int,
    rate_limit: bool | None,
) -> None:
    """Serves the current generation; a new one shows within two seconds of its publication."""
    if site_url is not None and not site_url.startswith(("http://", "https://")):
        raise click.UsageError(f"--site-url {site_url}: write it with http:// or https://")
    data = folders.data()
    opened = open_current(data)  # what cannot be served is said now, not by a worker that dies
    snapshot = opened.snapshot
    click.echo(
        f"{opened.generation}: {snapshot.passage_count:,} passages in {len(snapshot.documents):,} documents", err=True
    )
    opened.close()
    _refuse_taken_port(host, port)
    loopback = host in ("127.0.0.1", "::1", "localhost")
    settings = SiteSettings(
        data=data.path.resolve(),
        site_url=site_url.rstrip("/") if site_url else None,
        trusted_hosts=trusted_hosts,
        trusted_proxies=trusted_proxies,
        rate_limit=rate_limit if rate_limit is not None else not loopback or trusted_proxies > 0,
    )
    prepare_beside(settings.data / STATIC_PREPARED)
    if watch:
        _watch(folders.collection, data.path)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}", err=True)
    _Server(
        settings,
        {
            "bind": f"{shown}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 30,
            "graceful_timeout": 10,
            "limit_request_line": 8190,
            "limit_request_fields": 60,
            "loglevel": "error",  # gunicorn's own troubles; it never logs a request
            "accesslog": None,
            "control_socket_disable": True,
            "proc_name": "pincite",
        },
    ).run()


def _refuse_taken_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PortInUseError(host, port, error.strerror or str(error)) from None


def _watch(collection: Path, data: Path) -> None:
    """Rebuilds in a process of its own whenever a file of the collection changes."""
    parent = os.getpid()

    def signature() -> tuple[tuple[str, int, int], ...]:
        found: list[tuple[str, int, int]] = []
        for path in (*(collection / name for name in AUTHORITY_FILES), *(collection / DOCUMENTS).glob("*.md")):
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
        return tuple(sorted(found))

    def loop() -> None:
        seen = signature()
        while os.getpid() == parent:
            time.sleep(WATCH_SECONDS)
            now = signature()
            if now != seen:
                seen = now
                subprocess.run(
                    [sys.executable, "-m", "web.cli", "--collection", collection, "--data", data, "build"], check=False
                )

    threading.Thread(target=loop, name="watch", daemon=True).start()
