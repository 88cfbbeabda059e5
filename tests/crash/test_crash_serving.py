"""Not one answer fails or is mixed while generations are published and builders are killed under load."""

from pathlib import Path

from building import Record
from load import Answers, Load, Rebuilding, addresses, site, write_edition

# The hundred thousand requests of the promise are made by tests/crash/load.py: make crash.
REQUESTS = 900
A_SECOND = 150.0


def test_each_answer_belongs_wholly_to_one_generation(tmp_path: Path) -> None:
    record = Record(tmp_path)
    write_edition(record, 1)
    record.build()
    rebuilding, answers = Rebuilding(record, seed=3), Answers()
    with site(record) as port, rebuilding.going_on():
        made = Load(port, addresses(record)).run(answers, rate=A_SECOND, count=REQUESTS)

    assert made > REQUESTS
    assert (answers.failed, answers.mixed, rebuilding.faults) == ({}, [], [])
    assert rebuilding.built >= 1
