"""The fixed words of citations: signals ("See also"), short forms ("previously cited"), pinpoints, abbreviations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# fmt: off
# A stop after one of these ends the word, not the sentence.
ABBREVIATIONS = frozenset((
    "doc", "docs", "no", "nos", "nr", "p", "pp", "para", "paras", "vol", "vols", "ed", "eds", "art", "arts", "sec",
    "ch", "chap", "fig", "figs", "ibid", "id", "cf", "eg", "e.g", "ie", "i.e", "cit", "al", "v", "vs", "mr", "mrs",
    "ms", "dr", "drs", "prof", "st", "n", "nn", "op", "loc", "res", "rev", "add", "corr", "fol", "ser", "supp",
    "suppl", "app", "col", "gen", "sgt", "capt", "rep", "dept", "gov", "inc", "co", "corp", "ltd", "jr", "sr",
    "approx", "ca", "c", "esp", "ff", "trans", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
    "oct", "nov", "dec", "hon", "amb", "min", "fn", "ft", "mt", "sub", "u.n", "u.s", "u.k", "univ", "int'l",
    "govt", "orig", "repr", "tel", "tels",
))
# No author or title begins with one of these: prose does.
LEAD_WORDS = frozenset((
    "in", "on", "at", "by", "for", "from", "with", "of", "to", "as", "after", "before", "during", "since", "when",
    "while", "if", "although", "though", "because", "according", "and", "or", "but", "that", "this", "these",
    "those", "it", "its", "he", "she", "his", "her", "they", "their", "there", "who", "which", "note", "however",
    "some", "many", "one", "see",
))
# With one of these before it, what looks like an author is a sentence.
PROSE_WORDS = frozenset((
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "reads", "read", "that", "which", "who", "reported",
    "contains", "contained", "refers", "referred", "said", "stated", "says", "states", "would", "will", "should", "may",
    "wrote", "sent", "received", "dated", "marked", "authorized", "printed", "made", "identifies", "includes", "noted",
))
# fmt: on
SIGNAL = re.compile(
    r"\s*(?:(?:But|And|but|and)\s+)?(?:"
    r"(?:[Ss]ee|SEE)(?:,?\s+(?:also|generally|further|e\.g\.|for\s+example|for\s+instance|inter\s+alia|in\s+particular))*"
    r"[,:]?\s+"
    r"|Source:\s+|[Cc]f\.?\s+|[Ee]\.g\.,?\s+|[Aa]lso\s+"
    r"|(?:[Aa]s\s+)?(?:[Qq]uoted|[Cc]ited|[Rr]eported|[Rr]eprinted)\s+in:?\s+"
    r"|For\s(?:more|further|additional|details|an?|the)\b[^“”\"]{0,300}?,?\s+see(?:\s+also)?,?\s+"
    r")"
)
SIGNAL_INSIDE = re.compile(
    r"(?:\b(?:see(?:\s+also)?(?:,\s+(?:for\s+example|e\.g\.),)?|as\s+well\s+as|available\s+(?:online\s+)?(?:at|from)"
    r"|(?:printed|reprinted|published|appears?|appeared|found|quoted|cited|is|are|was|were)\s+in)|[Ss]ource:)\s+"
)
PINPOINT = re.compile(
    r"(?:at\s+)?(?:(?:operative|preambular|OP|PP)\s+)?"
    r"(?:paras?\b\.?|paragraphs?\b|¶+|§+|pp?\b\.?|pages?\b|minutes?\b|min\.|arts?\b\.?|articles?\b|app\.|appendix\b|"
    r"appendices\b|annex(?:es)?\b|chap(?:ters?|\.)|ch\.|sections?\b|secs?\.|lines?\b|cols?\b\.?|fols?\.|folios?\b|nn?\.|fn\.|"
    r"tables?\b|figs?\.|figures?\b|rules?\b|principles?\b|items?\b|slides?\b)\s*[\dIVXLivxlA-H(]",
    re.IGNORECASE,
)
# "at 31–33", "at A1": how American notes give a page.
AT_PAGE = re.compile(r"at\s+\*?[A-Z]{0,2}-?\d{1,5}(?:[-–]\d{1,5})?(?:,?\s(?:n\.|nn\.|&|and)\s?\d{1,5})*")
# A document that bears no author's name before its title but begins with what it is.
DOCUMENT = re.compile(
    r"(?:Letters?|Identical letters|Notes? verbales?|Memorand(?:um|a)|Memo|Telegrams?|Cables?|Des?patch(?:es)?|Minutes"
    r"|Affidavit|Declaration|Testimony|Deposition|Statement|Transcript|E-?mail|Order|Decree|Verdict|Indictment|Judgment"
    r"|Press release|Interview|Notes?|Diary|Speech|Circular|Protocol)"
    r"(?:\s(?:from|to|of|by|dated|addressed|between|with)\b|\s?$)"
)
DATED = re.compile(r"\b(?:dated|of)\s(?=\d{1,2}\s[A-Z]|[A-Z][a-z]{2,8}\.?\s\d)")
FURTHER_NUMBERS = re.compile(r"(?:and\s+|&\s*)?\d{1,5}(?:[-–]\d{1,5})?(?:\s+and\s+\d{1,5}(?:[-–]\d{1,5})?)?")
EDITION = re.compile(r"\d{1,2}(?:st|nd|rd|th)\s+ed|(?:rev\.\s+)?eds?\.|trans\.|vols?\b\.?", re.IGNORECASE)
_ALIAS = re.compile(
    r"[(\[](?:hereinafter|hereafter|henceforth)(?:\s+referred\s+to\s+as|:)?,?\s+[\"“‘']?([^()\[\]\"”’]{2,80})[\"”’']?[)\]]",
    re.IGNORECASE,
)


class ShortKind(StrEnum):
    """How a short form says which source it means."""

    NAMED = "named"  # by author and title: "Interim report (previously cited)", "Smith, op. cit."
    SAME = "same"  # the one before: "Ibid."
    NUMBERED = "numbered"  # by its note: "see note 12 above", "supra note 5"
    TITLED = "titled"  # by author and title alone: "Author, Long Rain, 52"; one only if such a work is cited before


@dataclass(frozen=True, slots=True)
class Short:
    """The words at `text[start:end]` that make a citation a short form; *number* is the mark of the note it names."""

    kind: ShortKind
    start: int
    end: int
    number: str | None = None


_NOTE = r"(?:foot|end)?(?:notes?|nn?\.)"
_NUMBER = r"(?P<{}>\d{{1,4}}[a-z]?|\*{{1,3}}|†)(?![\w/])"
_NUMBERED = re.compile(
    rf"\(?(?:\b(?:supra|infra|above|below)[,\s]+(?:at\s+)?{_NOTE}\s*{_NUMBER.format('first')}"
    rf"|\b{_NOTE}\s*{_NUMBER.format('second')}[,\s]+(?:above|below|supra|infra)\b"
    rf"|\((?:foot)?n(?:ote|\.)?\s+{_NUMBER.format('third')}\)"
    # Not "see footnote 2, Document 11", which is a note of another text.
    rf"|(?:\bsee\s+(?:also\s+)?|(?<=\bsee\s)|(?<=\bsee\salso\s)){_NOTE}\s*{_NUMBER.format('fourth')}"
    r"(?!,?\s+(?:Document|to|in|of)\b))\)?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\(?\b(?:(?:previously|already)\s+(?:cited|referenced|quoted)|(?:as\s+)?(?:cited|quoted)\s+(?:above|earlier|previously|supra)"
    r"|op\.?\s?cit\b\.?|loc\.?\s?cit\b\.?|above[- ]cited)\)?",
    re.IGNORECASE,
)
_SAME = re.compile(r"[\s(\[]*((?:ibid(?:em)?|idem|id|(?:loc|op)\.?\s?cit)\b\.?)(?=[\s,.;:)\]]|$)", re.IGNORECASE)
_PIN = r"(?P<pin>(?:at\s)?(?:(?:pp?|paras?)\.?\s)?\d{1,4}(?:\s?[-–,]\s?\d{1,4}){0,4})"
_TITLED = re.compile(
    r"(?P<author>[A-Z][^\d,;:()“”\"]{1,40}),\s"
    rf"(?:(?P<plain>[A-Z][^\d;()“”\"]{{2,80}}?),\s|[“\"‘](?P<quoted>[^“”\"]{{2,120}}?),?[”\"’],?\s){_PIN}[.\s]*"
)


def find_short(text: str, start: int, end: int) -> Short | None:
    """The first words in `text[start:end]` that make it a short form, or None."""
    same = _SAME.match(text, start, end)
    if same:
        return Short(ShortKind.SAME, same.start(1), same.end(1))
    numbered = _NUMBERED.search(text, start, end)
    if numbered:
        number = next(value for value in numbered.groups() if value)
        return Short(ShortKind.NUMBERED, numbered.start(), numbered.end(), number)
    named = _NAMED.search(text, start, end)
    if named:
        return Short(ShortKind.NAMED, named.start(), named.end())
    return None


def find_alias(text: str, start: int, end: int) -> str | None:
    """The short title that a full citation gives itself: "(hereinafter Blue Book)"."""
    found = _ALIAS.search(text, start, end)
    return " ".join(found.group(1).split()) if found else None


def find_titled(text: str, start: int, end: int) -> re.Match[str] | None:
    """Author, title and pages, and nothing else, in `text[start:end]`: "Author, Long Rain, 52"; or None."""
    return _TITLED.fullmatch(text, start, end)
