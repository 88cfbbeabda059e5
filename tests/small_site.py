"""A small collection of invented texts, built and served, for the tests of the site."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from index.build import BuildOptions, Chance, build_generation
from index.generations import DataFolder
from index.reading import RenderSettings
from web.app import create_app
from web.config import SiteSettings
from web.render import RENDER_VERSION, fragments, second_opinion

FILES = {
    "collection.toml": """
id = "harbour"
title = "The harbour inquiry"
languages = ["en", "fa"]
[source_types]
ngo = "NGO"
un = "UN"
media = "Media"
state-media = "State media"
government = "Government"
other = "Other"
""",
    "officials.toml": """
[[officials]]
id = "tarverdi"
name = "Nader Tarverdi"
spellings = ["Nader Tarverdi", "Nadir Tarverdi", "Tarverdi"]
persian = ["نادر تروردی", "تروردی"]
not_to_be_confused_with = ["Nasser Tarverdian, a shipwright"]
[[officials.offices]]
title = "Harbour master of Kuhdasht"
mentions = ["the harbour master of Kuhdasht"]
from = "1987"
to = "1990"
source = "Letters, section 1"

[[officials]]
id = "solani"
name = "Mina Solani"
spellings = ["Mina Solani"]
""",
    "sources.toml": """
[[sources]]
id = "dockers-union"
name = "Dockers' Union"
source_type = "ngo"
names = ["Dockers' Union"]
""",
    "terms.toml": """
[[terms]]
name = "barge"
spellings = ["barge", "lighter"]
""",
    "documents/letters.md": """---
title: "Letters from the harbour <1988–1989>"
issuer: Dockers' Union
source_type: ngo
date: 1989-05-02
symbol: KH/12/89
---

# 1. The missing barges

The Dockers' Union wrote in November 1988 that twelve barges had been counted and none were registered.[^27]
Nader Tarverdi denied it & called the count "invented".[^12a]

> "There was no barge," Tarverdi said on 29 November 1988, "and <script>alert(1)</script> no night watch."[^28]

What the union asked for:

- a public register of barges
- a visit to the quay in December 1988

## 1.1 What the ledger shows

| Month | Barges |
|-------|--------|
| October 1988 | 4 |
| November 1988 | 8 |

تروردی گفت که هیچ قایقی در بندر نبوده است.

# Annex: the months {.annex}

## NOVEMBER 1988

On 8 November, barges were seen at dawn.[^*]

On 9 November 1998, two days before the count of 11 November 1988, they were gone.

[^27]: Dockers' Union, *Count of barges*, KH/12/88, 14 November 1988, p. 3.

[^12a]: Note of a talk, with a long account of what was said at the quay, who stood where, which lamps were lit, how
    many boats lay at the second pier, and why nobody wrote any of it down at the time, although two clerks had been
    sent for that purpose and had pens with them.

[^28]: Dockers' Union, *Count of barges* (previously cited), p. 4.

[^*]: A star note.
""",
    "documents/reply.md": """---
title: Reply of the harbour office
issuer: Harbour office of Kuhdasht
source_type: government
date: 1988-12-03
---

The harbour office of Kuhdasht states that no barge was lost, late in 1988 or since.

Nader Tarverdi signed the reply on 3 December 1988.
""",
}


def write_collection(folder: Path) -> Path:
    """The collection's files, in *folder*."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def build(folder: Path, data: Path, seed: int = 1) -> None:
    """One more generation of the collection in *folder*."""
    chance = random.Random(seed)
    build_generation(
        folder,
        DataFolder(data),
        RenderSettings(fragments, second_opinion, RENDER_VERSION),
        BuildOptions(accept_shrink=True),
        Chance(lambda: datetime(2026, 5, 4, 12, tzinfo=UTC), chance.randrange, lambda: chance.randbytes(16)),
        lambda stage, done, total: None,
    )


def site_of(data: Path, **settings: object) -> Flask:
    """The application on *data*; `app.extensions["pincite"].reader.stop()` ends its watch."""
    return create_app(SiteSettings(data, **settings))  # type: ignore[arg-type]


def stop(app: Flask) -> None:
    """Ends the watch of the application's generations and closes them."""
    app.extensions["pincite"].reader.stop()
