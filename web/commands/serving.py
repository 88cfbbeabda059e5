"""`serve`: the site, by gunicorn with prefork workers."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from corpus.problems import PinciteError
from index.generations import DataFolder
from search.results import SearchRequest
from web.app import SECURITY_HEADERS, STATIC_PREPARED, create_app
from web.aside import start
from web.commands.opening import opened_for_reading
from web.config import Folders, SiteSettings
from web.costly import LANES, THREADS
from web.engines import environment_of, searcher_of
from web.fonts import prepare_beside
from web.patience import PatientWorker
from web.wording import counted
from web.workers import Shared

SWITCH_SECONDS = 0.0005


class PortInUseError(PinciteError):
    """Nobody can listen at the address."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"{host}:{port} cannot be served at: {reason}. Choose another port: --port {port + 1}")


class _Server(BaseApplication):
    def __init__(self, settings: SiteSettings, options: dict[str, Any]) -> None:
        self.settings = settings
        alone = replace(settings, rate_limit=False, trusted_proxies=0)  # workers have seen to both
        self.shared = Shared(aside=start(partial(create_app, alone), LANES))  # before any worker is forked
        self.worker = 0
        self.headers = SECURITY_HEADERS
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_fork", self._number)
        self.cfg.set("child_exit", self._forget)

    def _number(self, server: Any, worker: Any) -> None:
        self.worker = worker.age  # counts up with every worker that was ever started

    def _forget(self, server: Any, worker: Any) -> None:
        self.shared.load.forget(worker.age)

    def load(self) -> Any:
        # In each worker, after the fork: threads and open files are the worker's own.
        # A page whose thread waits for the interpreter beside a longer one gets it back after this time.
        sys.setswitchinterval(SWITCH_SECONDS)
        # What was imported stays: no collection, which stops every thread, need look through it again.
        gc.freeze()
        return create_app(self.settings, self.shared, self.worker)


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
    data = DataFolder(Path()) if folders.cluster is not None and not watch else folders.data()
    if watch:
        data.belongs_to(folders.authorities().collection.id)
    opened = opened_for_reading(folders.home())  # what cannot be served is said now, not by a worker that dies
    snapshot = opened.snapshot
    click.echo(
        f"{opened.generation}: {counted(snapshot.passage_count, 'passage')} in "
        f"{counted(len(snapshot.documents), 'document')}",
        err=True,
    )
    searcher_of(opened, folders.cluster).search(SearchRequest(limit=1))
    opened.close()
    _refuse_taken_port(host, port)
    loopback = host in ("127.0.0.1", "::1", "localhost")
    settings = SiteSettings(
        data=data.path.resolve(),
        site_url=site_url.rstrip("/") if site_url else None,
        trusted_hosts=trusted_hosts,
        trusted_proxies=trusted_proxies,
        rate_limit=rate_limit if rate_limit is not None else not loopback or trusted_proxies > 0,
        cluster=folders.cluster,
    )
    if watch:
        _watch(folders.collection, data.path, environment_of(folders.cluster))
    shown = f"[{host}]" if ":" in host else host
    with _prepared(None if folders.cluster is not None else settings.data) as prepared:
        click.echo(f"http://{shown}:{port}", err=True)
        _Server(
            replace(settings, prepared=prepared),
            {
                "bind": f"{shown}:{port}",
                "workers": workers,
                "worker_class": PatientWorker,
                "worker_connections": 500,
                "threads": THREADS,
                "sendfile": False,  # it waits for slow readers in a thread
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


def _prepared_in(data: Path) -> Path:
    folder = data / STATIC_PREPARED
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        try:
            folder = Path(tempfile.mkdtemp(prefix="pincite-"))
            where = f"styles and typefaces are prepared in {folder}"
        except OSError:
            where = "nor does the folder for temporary files, so pages show in the reader's own typefaces"
        click.echo(f"{data} takes no files ({error.strerror}): {where}", err=True)
    return folder


@contextmanager
def _prepared(data: Path | None) -> Iterator[Path]:
    """Where files are made ready for browsers: in the data folder, or for this run alone where it takes no files.

    None: there is no data folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="pincite-")) if data is None else _prepared_in(data)
    server, cutting = os.getpid(), prepare_beside(folder)
    try:
        yield folder
    finally:
        if os.getpid() == server and folder.parent != data:  # workers come through here too when they end
            if cutting is not None:
                cutting.kill()
                cutting.wait()
            shutil.rmtree(folder, ignore_errors=True)


def _watch(collection: Path, data: Path, engine: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "web.watching", str(collection), str(data)]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, env={**os.environ, **engine})
