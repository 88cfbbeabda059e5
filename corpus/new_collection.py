"""What `pincite init` writes: a folder that builds at once and explains itself."""

from __future__ import annotations

import re
from pathlib import Path

from corpus.problems import PinciteError

COLLECTION = """\
# The collection. Its id stands in every index built from it: choose it once.
id = "{id}"
title = "{title}"

# Languages of the texts, the commonest first (BCP 47). A document can name its own by `language:`.
languages = ["en"]

# The document that a newcomer should read first, by its name in addresses. The home page begins with it.
# guide = "introduction"

# What kinds of source there are, and how each is called on the page. Add your own, or delete what you do not need.
[source_types]
ngo = "NGO"
un = "UN"
media = "Media"
state-media = "State media"
government = "Government"
parliament = "Parliament"
court = "Court"
other = "Other"
"""

OFFICIALS = """\
# One entry a person. Passages that name the person in any of these spellings are found under this one official.
#
# [[officials]]
# id = "example"                             # stands in addresses: letters, digits, . _ -
# name = "Full Name"                         # as the site shows it
# spellings = ["F. Name", "Full Naime"]      # other spellings, in Latin letters
# persian = ["نام کامل"]                      # and in Persian or Arabic script
# not_to_be_confused_with = ["Full Namesake"]
#
# [[officials.offices]]
# title = "Permanent Representative to the UN in Geneva"
# mentions = ["Permanent Representative to the UN in Geneva"]   # how the texts speak of the office
# from = "1987"                              # EDTF, as far as the record says it
# to = "1989-06"
# source = "where the record says so"
"""

SOURCES = """\
# Who publishes what is cited: the source type of a footnote is that of the first publisher that it names.
#
# [[sources]]
# id = "example-times"
# name = "Example Times"
# source_type = "media"
# names = ["Example Times", "The Times of Example"]   # as the texts name it
# symbols = ["EX/*"]                                  # patterns of its document numbers
# addresses = ["times.example"]                       # its sites
"""

TERMS = """\
# Groups of spellings that mean one thing: whoever searches for one finds them all.
#
# [[terms]]
# name = "Example Organization"
# spellings = ["EO", "Exemple Organisation"]
"""

SAMPLE = """\
---
title: A sample document
issuer: Its author
source_type: other
date: 1988-08-16
---

This paragraph is a passage: it is found, linked and cited by itself.[^1] Replace this file by your own.

## 1. A numbered section

The note below is a passage too.[^2] So is each item of a list:

* the first item
* the second item

> A quotation that is set apart is cut into its paragraphs.

## Annex: month by month {.annex}

### August 1988

On 16 August, under this heading, is a day in August 1988.

[^1]: A footnote keeps the mark that is printed. It may have several paragraphs, each indented by four spaces.

[^2]: Its author, "A sample document" (previously cited).
"""

GITATTRIBUTES = "permalinks/**/*.jsonl merge=union\n"


class FolderInUseError(PinciteError):
    """`init` was pointed at a folder that holds something."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty. Nothing was written; name a new folder")


def write_new_collection(folder: Path, *, bare: bool) -> list[Path]:
    """Makes a collection in *folder* (missing or empty), *bare*: without the sample document. Returns its files.

    Raises FolderInUseError when the folder holds anything, OSError when it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(folder)
    identity = re.sub(r"[^a-z0-9-]+", "-", folder.resolve().name.lower()).strip("-") or "collection"
    title = (
        folder.resolve().name.replace("-", " ").replace("_", " ").replace('"', "'").replace("\\", " ").strip()
        or identity
    )
    files = {
        "collection.toml": COLLECTION.format(id=identity, title=title),
        "officials.toml": OFFICIALS,
        "sources.toml": SOURCES,
        "terms.toml": TERMS,
        ".gitattributes": GITATTRIBUTES,
    }
    if not bare:
        files["documents/sample.md"] = SAMPLE
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, content in files.items():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        written.append(path)
    return written
