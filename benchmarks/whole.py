"""What a whole `pincite build` costs beside stock Whoosh indexing the same text three times over.

    python benchmarks/whole.py [COLLECTION ...] [--rounds N]

Each collection (without any: the one that ships) is copied and built from nothing, again and again, in a process of its
own, in turn with Whoosh's own index of the texts of its passages (one field, its default settings). Printed are seconds
of CPU, the median of the rounds, of this process and its children: the parts of the build, the whole, three times
Whoosh, and the ratio, with its least and greatest in a round. Reading takes in what each passage is about and its HTML.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "corpus" / "starter"
BUILD = """
import json, resource, sys
from pathlib import Path
from index.build import BuildOptions, build_generation
from index.generations import DataFolder
from web.commands.building import chance, renderer
def spent():
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)
stages = [["starting", 0.0]]
def tell(stage, done, total):
    if stages[-1][0] != stage:
        stages.append([stage, spent()])
report = build_generation(
    Path(sys.argv[1]), DataFolder(Path(sys.argv[2])), renderer(), BuildOptions(), chance(), tell
)
ends = [at for _, at in stages[1:]] + [spent()]
parts = {}
for (stage, at), end in zip(stages, ends):
    parts[stage] = parts.get(stage, 0) + end - at
print(json.dumps({"passages": report.passages, "parts": parts}))
"""
WHOOSH = """
import sys, tempfile, time, warnings
from pathlib import Path
warnings.simplefilter("ignore", SyntaxWarning)
from index.generations import DataFolder
from index.snapshot import Snapshot
from passages import Row
from peers.stock_whoosh import add_texts
(folder,) = DataFolder(Path(sys.argv[1])).generations.glob("g*")
with Snapshot.open(folder) as snapshot:
    texts = [snapshot.text(position) for position in range(snapshot.passage_count)]
rows = [Row("", "body", "", "", (), "", text) for text in texts]
with tempfile.TemporaryDirectory() as index:
    start = time.process_time()
    add_texts(rows, Path(index))
    print(time.process_time() - start)
"""


def main() -> None:
    """Prints a table for each collection."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", type=Path, nargs="*", metavar="COLLECTION", default=[STARTER])
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    asked = parser.parse_args()
    for collection in asked.collections:
        measured = [one_round(collection) for _ in range(asked.rounds)]
        passages, parts, _ = measured[0]
        print(f"{collection.resolve().name}: {passages:,} passages, seconds of CPU")
        for part in parts:
            print(f"  {part:22}{median(each.get(part, 0.0) for _, each, _ in measured):8.2f}")
        wholes = [sum(each.values()) for _, each, _ in measured]
        thrice = [3 * whoosh for _, _, whoosh in measured]
        ratios = sorted(whole / three for whole, three in zip(wholes, thrice, strict=True))
        print(f"  {'the whole build':22}{median(wholes):8.2f}")
        print(f"  {'three times Whoosh':22}{median(thrice):8.2f}")
        print(f"  {'ratio':22}{median(ratios):8.2f}   ({ratios[0]:.2f} to {ratios[-1]:.2f})")


def one_round(collection: Path) -> tuple[int, dict[str, float], float]:
    """Passages, CPU seconds of each part of the build, CPU seconds of Whoosh."""
    with tempfile.TemporaryDirectory() as scratch:
        copy, data = Path(scratch) / "collection", Path(scratch) / "data"
        shutil.copytree(collection, copy)
        built = json.loads(_alone(BUILD, str(copy), str(data)))
        return built["passages"], built["parts"], float(_alone(WHOOSH, str(data)))


def _alone(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}"},
    )
    return done.stdout


if __name__ == "__main__":
    main()
