"""What both engines share stands on what both have: with a cluster, no postings are on this machine."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
OF_THE_LOCAL_ENGINE = {"search/match.py", "search/ranking.py", "search/local_engine.py"}


def test_only_the_local_engine_reads_postings() -> None:
    reading = {
        path.relative_to(ROOT).as_posix()
        for room in ("search", "web")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\.(postings|starts|first_days)\b", path.read_text(encoding="utf-8"))
    }

    assert reading == OF_THE_LOCAL_ENGINE
