"""What the README shows is what the command prints."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_transcript_is_true(block: str, tmp_path: Path) -> None:
    # A copy of the starter collection: a test never writes to the one that ships.
    starter = shutil.copytree(ROOT / "corpus" / "starter", tmp_path / "starter")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PINCITE")}
    environment["PINCITE_COLLECTION"] = str(starter)
    printed: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ pincite "):
            printed.append(line + "\n")
            command = [sys.executable, "-m", "web.cli", *shlex.split(line)[2:]]
            done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            printed.append(done.stdout)

    assert "".join(printed) == block


def test_every_file_that_a_page_of_the_manual_links_to_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"):
        prose = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)  # examples link among themselves
        for target in re.findall(r"\]\(([^)#:]+)\)", prose):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
