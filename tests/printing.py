"""Prints invented documents as a PDF extractor leaves them, and says what was printed: for tests of the importer."""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass, field

SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "za", "kar", "bel", "tin",
    "mor", "sul", "dan", "fer", "gol", "hep", "jun",
)  # fmt: skip
SMALL_WORDS = (
    "the",
    "of",
    "and",
    "in",
    "to",
    "a",
    "for",
    "by",
    "on",
    "with",
    "from",
    "that",
    "was",
    "were",
    "as",
    "it",
)
ROMAN = ("I", "II", "III", "IV")
MARK = re.compile("\x01(\\d+)\x02")  # stands in a text where its n-th note is called


@dataclass(frozen=True)
class Manner:
    """How a document is printed."""

    width: int = 78
    page_lines: int = 0  # printed lines a page; 0: one long page
    form_feeds: bool = False
    head: str = ""  # lines parted by |; {n} is the page number, {of} the count
    foot: str = ""
    notes: str = "foot"  # foot, restart (numbered anew on each page), end, end-headed, none
    label: str = "{n} "  # of a note
    mark: str = "{n}"  # in the text
    rule: str = ""  # above the notes of a page
    lone_blank: bool = False  # a line of one blank above notes, one blank before each page, addresses behind notes
    indented: bool = False  # first lines stand in, and no blank lines are between paragraphs
    numbering: str = "arabic"  # arabic, roman, capitals, title
    annexes: int = 1
    numbered_paragraphs: bool = False
    break_words: bool = False
    line_end: str = "\n"


@dataclass
class Printed:
    """A document as printed, and what is in it."""

    source: str = ""
    title: str = ""
    headings: list[str] = field(default_factory=list)
    annexes: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)  # with their printed numbers
    items: list[str] = field(default_factory=list)
    quotations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)  # (mark, the ten letters before it)


@dataclass(frozen=True)
class _Block:
    kind: str  # title, heading, paragraph, item, quotation
    text: str
    notes: tuple[str, ...] = ()


def printed(manner: Manner, seed: int) -> Printed:
    """The document of *seed*, printed in *manner*."""
    author = _Author(manner, random.Random(seed))
    author.write()
    press = _Press(manner, author)
    press.print()
    author.made.marks = list(zip(press.numbers, author.letters_before_marks(), strict=True))
    return author.made


class _Author:
    """Makes up words, sentences with numbers in them, and where the notes are called."""

    def __init__(self, manner: Manner, chance: random.Random) -> None:
        self.manner = manner
        self.chance = chance
        self.made = Printed()
        self.blocks: list[_Block] = []
        self.vocabulary = [self._new_word() for _ in range(400)]
        self.count = 0

    def _new_word(self) -> str:
        syllables = [self.chance.choice(SYLLABLES) for _ in range(self.chance.randint(1, 3))]
        return "".join(syllables) + self.chance.choice(("n", "r", "l", "s", "m", "t", ""))

    def word(self) -> str:
        return self.chance.choice(self.vocabulary)

    def _piece(self) -> str:
        chance = self.chance
        return chance.choices(
            [
                chance.choice(SMALL_WORDS),
                self.word(),
                self.word().capitalize(),
                f"{chance.randint(1, 30)} {chance.choice(('March', 'August', 'May'))} {chance.randint(1975, 1994)}",
                str(chance.randint(2, 900)),
                f"{chance.randint(1, 99)},{chance.randint(100, 999)}",
                f"{chance.randint(2, 9)}.{chance.randint(1, 9)} per cent",
                f"({self.word()})",
                f"“{self.word()} {self.word()}”",
            ],
            [35, 45, 7, 3, 2, 1, 1, 2, 2],
        )[0]

    def sentence(self) -> str:
        pieces = [self.word().capitalize(), *(self._piece() for _ in range(self.chance.randint(5, 20)))]
        if self.chance.random() < 0.4:
            pieces[len(pieces) // 2] += ","
        return " ".join(pieces) + "."

    def prose(self, sentences: int, notes: float) -> tuple[str, tuple[str, ...]]:
        """Sentences with marks behind stops, commas and words, and the texts of the notes called."""
        parts: list[str] = []
        called: list[str] = []
        for _ in range(sentences):
            text = self.sentence()
            if self.manner.notes != "none" and self.chance.random() < notes:
                called.append(self.note())
                ends = [m.end() for m in re.finditer(r"[a-z]{4,}(?= [a-z])|,(?= )", text)] + [len(text)] * 3
                at = self.chance.choice(ends)
                text = f"{text[:at]}\x01{len(called)}\x02{text[at:]}"
            parts.append(text)
        return " ".join(parts), tuple(called)

    def note(self) -> str:
        start = self.chance.choice(("See", "Ibid., p.", "Letter of", "Report of the", "Cf."))
        text = " ".join([start, *(self._piece() for _ in range(self.chance.randint(2, 24)))])
        if self.chance.random() < 0.2:
            text += f", www.example.org/{self.word()}/{self.word()}"
        return text + self.chance.choice((".", ".", ", p. 4."))

    def heading_words(self) -> str:
        return " ".join(self.word().capitalize() for _ in range(self.chance.randint(2, 5)))

    def letters_before_marks(self) -> list[str]:
        """The ten letters before each mark, in the order of the text."""
        found: list[str] = []
        letters = ""
        for block in self.blocks:
            *called, rest = MARK.split(block.text)[::2]
            for text in called:
                letters += re.sub(r"\W", "", text)
                found.append(letters[-10:])
            letters += re.sub(r"\W", "", rest)
        return found

    # ---- the document

    def write(self) -> None:
        manner, chance = self.manner, self.chance
        self.made.title = f"{self.heading_words()} {self.heading_words()}".upper()
        self.blocks.append(_Block("title", self.made.title))
        self.paragraph()
        for section in range(1, 4):
            self.section(section, 0)
            if chance.random() < 0.6 and not manner.numbered_paragraphs:
                self.listing()
            if chance.random() < 0.6 and not manner.numbered_paragraphs:
                self.quotation()
            if manner.numbering in ("arabic", "roman") and chance.random() < 0.7:
                self.section(section, 1)
                self.section(section, 2)
        for annex in range(manner.annexes):
            name = f"ANNEX {'ABC'[annex]}:" if manner.annexes > 1 else "ANNEX –"
            title = f"{name} {self.heading_words().upper()}"
            self.made.annexes.append(title)
            self.heading(title)
            self.paragraph()
            for month in ("AUGUST 1988", "SEPTEMBER 1988"):
                self.heading(month)
                self.paragraph()

    def section(self, number: int, sub: int) -> None:
        words = self.heading_words()
        titles = {
            "arabic": f"{number}.{sub} {words}" if sub else f"{number}. {words.upper()}",
            "roman": f"{'AB'[sub - 1]}. {words}" if sub else f"{ROMAN[number - 1]}. {words.upper()}",
            "capitals": words.upper(),
            "title": words,
        }
        self.heading(titles[self.manner.numbering])
        for _ in range(self.chance.randint(1, 3)):
            self.paragraph()

    def heading(self, title: str) -> None:
        self.made.headings.append(title)
        self.blocks.append(_Block("heading", title))

    def paragraph(self) -> None:
        text, notes = self.prose(self.chance.randint(2, 6), 0.35)
        if self.manner.numbered_paragraphs:
            self.count += 1
            text = f"{self.count}. {text}"
        self.add("paragraph", text, notes, self.made.paragraphs)

    def listing(self) -> None:
        self.add("paragraph", self.sentence()[:-1] + " as follows:", (), self.made.paragraphs)
        for _ in range(self.chance.randint(2, 4)):
            self.add("item", *self.prose(self.chance.randint(1, 3), 0.35), self.made.items)

    def quotation(self) -> None:
        self.add("paragraph", self.sentence()[:-1] + " said:", (), self.made.paragraphs)
        inner = " ".join(self.sentence() for _ in range(self.chance.randint(2, 3)))
        text = "“" + inner.replace("“", "‘").replace("”", "’") + "”"
        called = self.manner.notes != "none"
        self.add("quotation", text + "\x011\x02" * called, (self.note(),) * called, self.made.quotations)

    def add(self, kind: str, text: str, notes: tuple[str, ...], into: list[str]) -> None:
        into.append(MARK.sub("", text))
        self.blocks.append(_Block(kind, text, notes))


class _Press:
    """Wraps, counts notes, cuts pages."""

    def __init__(self, manner: Manner, author: _Author) -> None:
        self.manner = manner
        self.author = author
        self.made = author.made
        self.pages: list[list[str]] = []
        self.page: list[str] = []
        self.foot: list[str] = []
        self.at_end: list[str] = []
        self.numbers: list[str] = []
        self.serial = 0
        self.on_page = 0

    def print(self) -> None:
        manner = self.manner
        above = ""
        for block in self.author.blocks:
            heads = ("title", "heading")
            if self.page and (not manner.indented or block.kind in heads or above in heads):
                self.page.append("")
            for line in self._wrapped(block):
                self._set(line, block)
            above = block.kind
        self._end_page()
        if self.at_end:
            self.pages[-1] += ["", *(["NOTES", ""] if manner.notes == "end-headed" else []), *self.at_end]
        self.made.source = self._bound()

    def _wrapped(self, block: _Block) -> list[str]:
        manner = self.manner
        first = later = ""
        if block.kind == "item":
            first, later = "• ", "  " * manner.indented
        elif manner.indented and block.kind in ("paragraph", "quotation") and not manner.numbered_paragraphs:
            first = "    "
        width = 60 if block.kind in ("title", "heading") else manner.width
        lines = textwrap.wrap(
            block.text, width, initial_indent=first, subsequent_indent=later,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        if manner.break_words and block.kind == "paragraph":
            for at in range(len(lines) - 1):
                word = lines[at + 1].split(" ")[0]
                if word.isalpha() and word.islower() and len(word) > 6 and " " in lines[at + 1]:
                    lines[at] += f" {word[:4]}-"
                    lines[at + 1] = lines[at + 1][4:]
        return lines

    def _set(self, line: str, block: _Block) -> None:
        """Puts *line* on the page with its notes, on a new one when they have no room together."""
        called = [int(number) for number in MARK.findall(line)]
        room = sum(len(self._printed_note(block.notes[which - 1], 99)) for which in called) + 1
        full = len(self.page) + len(self.foot) + room + 1 > self.manner.page_lines
        if self.manner.page_lines and full and any(self.page):
            self._end_page()
        for which in called:
            self.serial += 1
            self.on_page += 1
            number = self.on_page if self.manner.notes == "restart" else self.serial
            self.numbers.append(str(number))
            line = MARK.sub(self.manner.mark.format(n=number), line, count=1)
            self.made.notes.append(block.notes[which - 1])
            note = self._printed_note(block.notes[which - 1], number)
            (self.foot if self.manner.notes in ("foot", "restart") else self.at_end).extend(note)
        self.page.append(line)

    def _printed_note(self, text: str, number: int) -> list[str]:
        label = self.manner.label.format(n=number)
        return textwrap.wrap(label + text, self.manner.width + 10, break_long_words=False, break_on_hyphens=False)

    def _end_page(self) -> None:
        manner = self.manner
        while self.page and not self.page[-1]:
            self.page.pop()
        if self.foot and manner.lone_blank:
            self.foot = [" ", *self.foot, "", "https://www.example.org/somewhere"]
        elif self.foot and manner.rule:
            self.foot = [manner.rule, *self.foot]
        self.pages.append([*self.page, *([""] if self.foot else []), *self.foot])
        self.page, self.foot, self.on_page = [], [], 0

    def _bound(self) -> str:
        manner = self.manner
        bound: list[str] = []
        for number, page in enumerate(self.pages, 1):
            lines = list(page)
            if manner.lone_blank:
                lines[0] = " " + lines[0]
            if manner.head:
                lines = [*manner.head.format(n=number, of=len(self.pages)).split("|"), "", *lines]
            if manner.foot:
                lines = [*lines, "", manner.foot.format(n=number, of=len(self.pages))]
            bound.append(manner.line_end.join(lines))
        parted = "\f" if manner.form_feeds else "" if manner.lone_blank else manner.line_end
        return (manner.line_end + parted).join(bound) + manner.line_end
