"""A small collection built with a cluster, and what serves it from there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from building import RENDERER, Record, silent
from flask import Flask
from nodes import Nodes

from index.build import BuildOptions, BuildReport, build_generation
from index.cluster.client import Access, Cluster
from index.cluster.feeding import ClusterFeeder
from web.app import create_app
from web.config import SiteSettings
from web.engines import ClusterChoice

ROOT = Path(__file__).parents[2]
TEXTS = {
    "ferries": "---\ntitle: Ferries\n---\n\n# Ferries\n\nThe ferry left on 3 May 1990.[^1] Nobody saw it return.\n\n"
    "The harbour office wrote no letter.\n\n[^1]: Harbour log, 3 May 1990.\n",
    "barges": "---\ntitle: Barges\n---\n\n# Barges\n\nFour barges were lost in June 1990.\n\n- The first barge sank.\n",
}


class Fed(Record):
    """A record whose builds feed *nodes*; its data folder is the builder's."""

    def __init__(self, root: Path, nodes: Nodes, identifier: str, texts: dict[str, str] = TEXTS) -> None:
        super().__init__(root, texts)
        self.identifier = identifier
        self.urls = nodes.urls
        self.rename()
        self.cluster = Cluster(Access(nodes.urls))
        self.feeder = ClusterFeeder(self.cluster)

    def rename(self) -> None:
        """Gives the collection its own id: the cluster is everybody's."""
        path = self.folder / "collection.toml"
        lines = [line for line in path.read_text().splitlines() if not line.startswith("id ")]
        path.write_text("\n".join([f'id = "{self.identifier}"', *lines]) + "\n")

    def build(self, **options: bool) -> BuildReport:
        """Build and feed; raises as `build_generation`."""
        return build_generation(
            self.folder, self.data, RENDERER, BuildOptions(**options), self.chance(), silent, self.feeder
        )

    def indexes(self) -> set[str]:
        """Every index of the cluster that begins like this collection's, by what follows its name."""
        found = self.cluster.ask("GET", f"pincite-{self.identifier}-*/_alias", what="to list")
        return {name.removeprefix(f"pincite-{self.identifier}-") for name in found}

    @property
    def choice(self) -> ClusterChoice:
        """The cluster, for what reads from it."""
        return ClusterChoice(self.urls, self.identifier)

    def app(self, prepared: Path) -> Flask:
        """The application, on nothing but the cluster; `stop` ends its watch."""
        prepared.mkdir(exist_ok=True)
        return create_app(SiteSettings(Path("/nonexistent"), prepared=prepared, cluster=self.choice))

    def run(self, *arguments: str, data: bool = True, urls: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """The command with these arguments; without *data*, on a machine that has only the cluster's address."""
        return subprocess.run(
            self.command(*arguments, data=data, urls=urls),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=self.environment,
        )

    def command(self, *arguments: str, data: bool = True, urls: Sequence[str] = ()) -> list[str]:
        """What is run."""
        command = [sys.executable, "-m", "web.cli", "--engine", "opensearch"]
        for url in urls or self.urls:
            command += ["--engine-url", url]
        if data:
            command += ["--collection", str(self.folder), "--data", str(self.data.path)]
        else:
            command += ["--engine-collection", self.identifier]
        return [*command, *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """That of a command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PINCITE_")}
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def stop(app: Flask) -> None:
    """Ends the application's watch."""
    app.extensions["pincite"].reader.stop()
