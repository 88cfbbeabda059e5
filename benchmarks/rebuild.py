"""What a rebuild costs: how it grows with the edit, and with the collection.

    python benchmarks/rebuild.py [--documents 100 1000] [--passages 20] [--edited 0 1 10 100]

Documents of invented prose are built once, then a number of them is edited and all is built again, each time in a
process of its own. Seconds of wall time, and how much of it went into reading documents, planning the ledger, writing
the index, checking it, publishing it.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
STAGES = ("reading documents", "planning the ledger", "indexing", "writing the index", "checking", "publishing")
CHILD = """
import json, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from index.build import BuildOptions, build_generation
from index.generations import DataFolder
from web.commands.building import chance, renderer
began = time.perf_counter()
stages = []
def tell(stage, done, total):
    if not stages or stages[-1][0] != stage:
        stages.append((stage, time.perf_counter()))
report = build_generation(
    Path(sys.argv[2]), DataFolder(Path(sys.argv[3])), renderer(), BuildOptions(), chance(), tell
)
ended = time.perf_counter()
marks = [*stages, ("", ended)]
spent = {}
for (stage, at), (_, then) in zip(marks, marks[1:]):
    spent[stage] = spent.get(stage, 0) + then - at
print(json.dumps({"seconds": ended - began, "passages": report.passages, "spent": spent}))
"""
_PROSE = (
    "the envoy denied that any prisoner had been harmed and told the committee in a letter of November 1988 which was "
    "printed by the newspapers that reports of executions were the work of a few who had left the country long ago"
)
_WORDS = _PROSE.split()


def document(number: int, passages: int, edition: int, rng: random.Random) -> str:
    """A document of invented prose, one passage of which tells its edition; a note to every fourth."""
    lines = [f"---\ntitle: Document {number}\nsource_type: other\n---"]
    notes: list[str] = []
    for passage in range(passages):
        text = " ".join(rng.choices(_WORDS, k=60)) + f" {number}-{passage}"
        if passage == passages // 2:
            text += f" in edition {edition}"
        if passage % 4 == 0:
            text += f".[^{passage}]"
            notes.append(f"[^{passage}]: Herald, {' '.join(rng.choices(_WORDS, k=8))}, {1 + passage % 28} May 1989.")
        lines.append(text)
    return "\n\n".join([*lines, *notes]) + "\n"


def build(collection: Path, data: Path) -> dict[str, object]:
    """Build in a process of its own."""
    command = [sys.executable, "-c", CHILD, ROOT, collection, data]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--passages", type=int, default=20)
    parser.add_argument("--edited", type=int, nargs="+", default=[0, 1, 10, 100])
    options = parser.parse_args()
    print(
        "documents  passages  edited    total  " + "  ".join(f"{stage.split()[0]:>10}" for stage in STAGES) + "  rest"
    )
    for count in options.documents:
        with tempfile.TemporaryDirectory() as root:
            collection, data = Path(root) / "collection", Path(root) / "data"
            (collection / "documents").mkdir(parents=True)
            (collection / "collection.toml").write_text('id = "bench"\ntitle = "Bench"\n')
            for number in range(count):
                text = document(number, options.passages, 0, random.Random(number))
                (collection / "documents" / f"d{number:06}.md").write_text(text)
            show(count, "all", build(collection, data))
            for edition, edited in enumerate(options.edited, 1):
                for number in range(min(edited, count)):
                    text = document(number, options.passages, edition, random.Random(number))
                    (collection / "documents" / f"d{number:06}.md").write_text(text)
                show(count, str(min(edited, count)), build(collection, data))


def show(documents: int, edited: str, measured: dict[str, object]) -> None:
    """One line of the table."""
    spent = measured["spent"]
    seconds = measured["seconds"]
    assert isinstance(spent, dict)
    assert isinstance(seconds, float)
    stages = [float(spent.get(stage, 0.0)) for stage in STAGES]
    rest = seconds - sum(stages)
    columns = "  ".join(f"{one:10.2f}" for one in stages)
    print(f"{documents:9,}  {measured['passages']:8,}  {edited:>6}  {seconds:7.2f}  {columns}  {rest:4.2f}", flush=True)


if __name__ == "__main__":
    main()
