"""The fields of the index: which words of a passage are found where."""

from __future__ import annotations

from enum import StrEnum


class TermField(StrEnum):
    """The indexed fields. Each has postings with positions that count its own words from 0."""

    TEXT = "text"  # folded and stemmed, for the words of a plain query
    EXACT = "exact"  # folded, not stemmed, for quoted phrases, prefixes and nearness
    PRINTED = "printed"  # runs of letters, digits and combining marks after NFC and case folding: "as printed"
    HEADING = "heading"  # folded and stemmed words of the section path: counts in ranking, found by section:
    CITED = "cited"  # canonical symbols and folded words of what the passage cites, for cites:
    SYMBOL = "symbol"  # canonical document symbols that stand in the text
