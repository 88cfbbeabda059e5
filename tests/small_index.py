"""Writes an index of a few passages and opens it: for the tests of index and search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from corpus.authorities import Authorities, CollectionInfo
from index.record import DocumentRecord, MonthsRecord, PassageRecord, SectionRecord
from index.snapshot import Snapshot
from index.writing import IndexWriter

AUTHORITIES = Authorities(CollectionInfo("test", "Test"))

_PLAIN = PassageRecord(
    document="d",
    id="",
    label="",
    kind="body",
    form="paragraph",
    page=None,
    section="",
    section_path=(),
    number=None,
    text="",
    calls=(),
    called_from=(),
    officials=(),
    source_types=(),
    months=MonthsRecord(),
    dates=(),
    date_flags=(),
    cites=(),
    refers_to=(),
    permalink="",
)


def passage(at: int, text: str, **fields: object) -> PassageRecord:
    """A plain paragraph with that text, but for *fields*."""
    return msgspec.structs.replace(_PLAIN, id=f"i{at:05}", label=f"p{at}", text=text, **fields)


def write(
    folder: Path,
    records: Sequence[PassageRecord],
    *,
    sections: Sequence[SectionRecord] = (),
    run_keys_max: int = 4_000_000,
) -> Path:
    """An index of *records* in the new *folder*; every document has *sections*."""
    folder.mkdir()
    writer = IndexWriter(folder, AUTHORITIES, run_keys_max=run_keys_max)
    for record in records:
        writer.add(record, f"<p>{record.id}</p>")
    slugs = dict.fromkeys(record.document for record in records)
    writer.finish([DocumentRecord(slug, slug, None, None, None, None, tuple(sections), False) for slug in slugs])
    return folder


@contextmanager
def opened(records: Sequence[PassageRecord], **options: Any) -> Iterator[Snapshot]:
    """An index of *records*, gone afterwards."""
    with TemporaryDirectory() as folder, Snapshot.open(write(Path(folder) / "g1", records, **options)) as snapshot:
        yield snapshot


@contextmanager
def opened_texts(*texts: str) -> Iterator[Snapshot]:
    """The same of plain paragraphs with these texts."""
    with opened([passage(number, text) for number, text in enumerate(texts)]) as snapshot:
        yield snapshot
