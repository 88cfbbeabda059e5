"""What a unit of a printed text can be, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class What(Enum):
    TITLE = "title"
    HEADING = "heading"
    ITEM = "item"
    FURTHER = "further paragraph of an item"
    NUMBERED = "numbered paragraph"
    QUOTATION = "quotation"
    VERSE = "verse"
    TABLE = "table"
    PARAGRAPH = "paragraph"


@dataclass(slots=True)
class Kind:
    """What one unit is, and what belongs to it: a heading's level, an item's depth."""

    what: What
    level: int = 0
    annex: bool = False
    depth: int = 0
    opens: bool = True  # of a quotation: its first paragraph
