"""A small generation made from a line a passage, opened for searching: for the tests of the search room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from corpus.authorities import Authorities, CollectionInfo, Official, TermGroup
from index.record import DocumentRecord, MonthsRecord, PassageRecord, SectionRecord
from index.snapshot import Snapshot
from index.writing import IndexWriter
from search.searcher import Searcher

AUTHORITIES = Authorities(
    CollectionInfo("test", "Test", ("en", "fa")),
    officials=(
        Official("mahallati", "Mohammad Jafar Mahallati", ("Mahallati",), ("محمدجعفر محلاتی",)),
        Official("mousavi-a", "Mohammad Ali Mousavi", (), ("محمدعلی موسوی",)),
        Official("mousavi-h", "Mir Hossein Mousavi", (), ("میرحسین موسوی",)),
    ),
    terms=(
        TermGroup("PMOI", ("People's Mojahedin", "Mojahedin", "PMOI", "مجاهدین")),
        TermGroup("Behesht Zahra", ("Behesht Zahra", "Behesht-e Zahra", "بهشت زهرا")),
    ),
)

Line = str | dict[str, Any]


def passage(number: int, line: Line) -> PassageRecord:
    """The passage that *line* is: its text, or the fields that differ from a plain paragraph's."""
    fields: dict[str, Any] = {"text": line} if isinstance(line, str) else dict(line)
    document = fields.get("document", "d")
    plain = PassageRecord(
        document=document,
        id=f"p{number:05}",
        label=f"p{number}",
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
        permalink=f"/documents/{document}/p/p{number}~p{number:05}.00000",
    )
    return msgspec.structs.replace(plain, **fields)


def searcher_over(
    folder: Path,
    lines: Sequence[Line],
    *,
    authorities: Authorities = AUTHORITIES,
    sections: dict[str, tuple[SectionRecord, ...]] | None = None,
    dates: dict[str, str] | None = None,
) -> Searcher:
    """A searcher over a generation of the passages *lines*, written into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [passage(number, line) for number, line in enumerate(lines)]
    with IndexWriter(folder, authorities) as writer:
        for record in records:
            writer.add(record, f"<p>{record.id}</p>")
        writer.finish(
            [
                DocumentRecord(
                    document=slug,
                    title=slug,
                    issuer=None,
                    source_type=None,
                    date=(dates or {}).get(slug),
                    symbol=None,
                    sections=(sections or {}).get(slug, ()),
                    stale=False,
                )
                for slug in dict.fromkeys(record.document for record in records)
            ]
        )
    return Searcher(Snapshot.open(folder))
