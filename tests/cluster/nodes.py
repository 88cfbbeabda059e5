"""Nodes of a real cluster on this machine, each with ports, a heap and a folder of its own, run as nobody."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

HEAP = "320m"
STARTED_SECONDS = 180.0
NOBODY = 65534
_JVM = """-Xms{heap}
-Xmx{heap}
-XX:+UseSerialGC
-XX:TieredStopAtLevel=1
-Djava.io.tmpdir={folder}/tmp
-Djava.security.manager=allow
-Djava.util.concurrent.ForkJoinPool.common.threadFactory=org.opensearch.secure_sm.SecuredForkJoinWorkerThreadFactory
"""
_SETTINGS = """cluster.name: pincite-tests
node.name: {name}
path.data: {folder}/data
path.logs: {folder}/logs
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
discovery.seed_hosts: [{seeds}]
cluster.initial_cluster_manager_nodes: [{names}]
node.store.allow_mmap: false
cluster.routing.allocation.disk.threshold_enabled: false
cluster.fault_detection.follower_check.timeout: 3s
"""


def java() -> Path | None:
    """The home of a Java that OpenSearch 2.19 runs on (11 to 23); None where there is none."""
    homes = [Path(os.environ[name]) for name in ("JAVA_HOME",) if name in os.environ]
    found = shutil.which("java")
    homes += [Path(found).resolve().parents[1]] if found else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    for home in homes:
        try:
            said = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        version = re.search(r'version "(\d+)', said.stderr)
        if version and 11 <= int(version[1]) <= 23:
            return home
    return None


class Node:
    """One node: *ports* are those of HTTP and of the cluster's own talk."""

    def __init__(self, name: str, folder: Path, distribution: Path, ports: tuple[int, int]) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.folder = folder
        self.ports = ports
        self._distribution = distribution
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self, nodes: list[Node]) -> None:
        """Writes its settings."""
        for part in ("config", "data", "logs", "tmp"):
            (self.folder / part).mkdir(parents=True)
        config = self.folder / "config"
        shutil.copy(self._distribution / "config" / "log4j2.properties", config)
        (config / "jvm.options").write_text(_JVM.format(heap=HEAP, folder=self.folder))
        seeds = ", ".join(f'"127.0.0.1:{node.ports[1]}"' for node in nodes)
        names = ", ".join(node.name for node in nodes)
        (config / "opensearch.yml").write_text(
            _SETTINGS.format(
                name=self.name,
                folder=self.folder,
                http=self.ports[0],
                transport=self.ports[1],
                seeds=seeds,
                names=names,
            )
        )
        if os.geteuid() == 0:  # it refuses to run as root
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def start(self) -> None:
        """Starts it, which takes a while."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "OPENSEARCH_PATH_CONF": str(self.folder / "config"),
            "OPENSEARCH_TMPDIR": str(self.folder / "tmp"),
            "OPENSEARCH_JAVA_HOME": str(java()),
        }
        command = [str(self._distribution / "bin" / "opensearch")]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        with (self.folder / "said").open("ab") as said:
            self._process = subprocess.Popen(
                command,
                env=environment,
                cwd=self._distribution,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        (self.folder / "pid").write_text(f"{self._process.pid}\n")  # run.sh ends what is left

    def kill(self) -> None:
        """Ends it at once, as a power cut would."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        (self.folder / "pid").unlink(missing_ok=True)

    def said(self) -> str:
        """The end of what it printed."""
        return (self.folder / "said").read_text(errors="replace")[-2_000:]

    @property
    def ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() is not None


class Nodes:
    """A cluster of *count* nodes below *folder*, run from the unpacked *distribution*."""

    def __init__(self, folder: Path, distribution: Path, count: int = 3) -> None:
        ports = _free_ports(2 * count)
        self.nodes = [
            Node(f"n{number}", folder / f"n{number}", distribution, (ports[2 * number], ports[2 * number + 1]))
            for number in range(count)
        ]
        for node in self.nodes:
            node.prepare(self.nodes)

    @property
    def urls(self) -> tuple[str, ...]:
        """Their addresses."""
        return tuple(node.url for node in self.nodes)

    def start(self) -> None:
        """Starts all, and waits until they have found each other."""
        for node in self.nodes:
            node.start()
        self.wait(len(self.nodes))

    def wait(self, count: int, status: str = "green") -> None:
        """Until *count* nodes are together and every index is as well as *status*."""
        until = time.monotonic() + STARTED_SECONDS
        path = f"/_cluster/health?wait_for_nodes={count}&wait_for_status={status}&timeout=5s"
        while True:
            for node in self.nodes:
                try:
                    with urllib.request.urlopen(node.url + path, timeout=10) as answer:
                        if b'"timed_out":false' in answer.read():
                            return
                except (OSError, urllib.error.HTTPError):
                    pass
            assert time.monotonic() < until, "\n".join(node.said() for node in self.nodes)
            time.sleep(0.5)

    def stop(self) -> None:
        """Ends all."""
        for node in self.nodes:
            node.kill()


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
