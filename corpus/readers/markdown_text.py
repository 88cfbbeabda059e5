"""Reads one Markdown file of a collection: bytes become a document, the elements it is rendered from, and problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from corpus.beside import document_beside
from corpus.frontmatter import FrontMatter, FrontMatterError, read_front_matter, split_front_matter
from corpus.model import Document, DocumentLink, Kind, Passage, Section
from corpus.noid import is_noid
from corpus.passages import Cut, cut
from corpus.problems import PinciteError, Problem, Severity
from corpus.readers.markdown_tree import Source, Tree, parse, take_out_markers

MAX_FILE_BYTES = 64 * 1024 * 1024  # a thousand long books' worth of one document; more is no document
MAX_BLOCK_CHARACTERS = 1_000_000  # one paragraph: Python-Markdown's inline rules cost more than linear in it
MAX_OPEN_BRACKETS = 200  # unclosed [ in one block: each is tried as a link to the block's end
MAX_NESTING = 40  # quotations or lists within each other on one line

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_CALL = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?!:)")
_DEFINITION = re.compile(r"[ ]{0,3}\[\^([^\]]*)\]:[ ]*(.*)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|<!--")
_AUTOLINK = re.compile(r"<(?:(?:[Ff]|[Hh][Tt])[Tt][Pp][Ss]?://[^<>]*)>")
_BRACES = re.compile(r"(?<!\\)\{(?:page|#|\.)[^{}\n]{0,40}\}")
_DEEP = re.compile(rf"[ ]{{0,3}}(?:>[ ]?|(?:[*+-]|\d+\.)[ ]+){{{MAX_NESTING},}}")
_RULE = re.compile(r"[ ]{0,3}(?:[*_-][ ]*){3,}$")
_LIST_ITEM = re.compile(r"[ ]{0,3}(?:[*+-]|\d+\.)[ ]+\S")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as it was read. `elements` are as long as its passages and hold what each of them shows."""

    document: Document
    elements: tuple[Element, ...]
    problems: tuple[Problem, ...]


class UnreadableDocumentError(PinciteError):
    """A file that gives no document at all; *problems* say why, where, and what to do."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_markdown(data: bytes, path: str, slug: str, source_types: tuple[str, ...]) -> ReadDocument:
    """The document in *data*. *path* is what its problems call the file.

    Raises UnreadableDocumentError when there is no document to be had: not UTF-8, empty, front matter that is not
    understood, a paragraph of more than a million characters, nesting beyond any text.
    """
    text = _decode(data, path)
    problems: list[Problem] = []
    text = _without_controls(text, path, problems)
    lines = text.split("\n")
    try:
        block, start = split_front_matter(lines)
        front, found = read_front_matter(block, path, source_types) if block is not None else (FrontMatter(), [])
    except FrontMatterError as error:
        raise UnreadableDocumentError([Problem(path, error.line, f"{error}.")]) from None
    problems += found
    body = lines[start:]
    if not any(line.strip() for line in body):
        raise UnreadableDocumentError([Problem(path, 1, "the document has no text. Write some, or delete the file.")])
    _refuse_unbounded(body, start + 1, path)
    source = take_out_markers(body, start + 1)
    tree = parse(source.lines)
    pieces = cut(tree, source.markers, front.title)
    finder = _LineFinder(source.lines, start + 1)
    title = _title(front, pieces, slug, path, problems)
    sections = finder.sections(pieces)
    passages = finder.passages(pieces)
    if not passages:
        raise UnreadableDocumentError(
            [Problem(path, start + 1, "the document has headings and no text. Write some, or delete the file.")]
        )
    problems += _note_problems(tree, pieces, passages, source, start + 1, path)
    problems += _near_misses(source, body, start + 1, path)
    for stated in pieces.repeated_ids:
        lines_of = [marker.line for marker in source.markers if marker.kind == "id" and marker.value == stated]
        problems.append(
            Problem(
                path,
                lines_of[-1],
                f"the id {stated} is stated twice (first on line {lines_of[0]}). "
                "The first keeps it, this passage gets another; delete one of the two.",
            )
        )
    document = Document(
        slug=slug,
        title=title,
        issuer=front.issuer,
        source_type=front.source_type,
        date=front.date,
        symbol=front.symbol,
        language=front.language,
        address=front.address,
        officials=front.officials,
        sections=sections,
        passages=passages,
        links=tuple(_links(passages, pieces.elements)),
        official_lines=front.official_lines,
    )
    return ReadDocument(document, pieces.elements, tuple(sorted(problems)))


def _links(passages: Sequence[Passage], elements: Sequence[Element]) -> Iterator[DocumentLink]:
    for passage, element in zip(passages, elements, strict=True):
        for link in element.iter("a"):
            if (beside := document_beside(link.get("href", "").strip())) is not None:
                yield DocumentLink(beside[0], passage.line)


def _decode(data: bytes, path: str) -> str:
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocumentError(
            [Problem(path, 1, f"the file is larger than {MAX_FILE_BYTES // 2**20} MB. Split it into documents.")]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableDocumentError(
            [Problem(path, line, f"byte {data[error.start]:#04x} is not UTF-8. Save the file as UTF-8.")]
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")


def _without_controls(text: str, path: str, problems: list[Problem]) -> str:
    found = _CONTROL.search(text)
    if not found:
        return text
    line = text.count("\n", 0, found.start()) + 1
    problems.append(
        Problem(
            path,
            line,
            f"a control character (U+{ord(found[0]):04X}) stands here; such characters were left out. Delete them.",
        )
    )
    return _CONTROL.sub("", text)


def _refuse_unbounded(lines: list[str], first_line: int, path: str) -> None:
    """Raises UnreadableDocumentError for what would cost a reader more time than any real text deserves."""
    size = brackets = 0
    began = first_line
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            size = brackets = 0
            began = number + 1
            continue
        size += len(line) + 1
        brackets = max(brackets + line.count("[") - line.count("]"), 0)
        if size > MAX_BLOCK_CHARACTERS:
            message = f"a paragraph of over {MAX_BLOCK_CHARACTERS:,} characters begins here. Divide it by blank lines."
            raise UnreadableDocumentError([Problem(path, began, message)])
        if brackets > MAX_OPEN_BRACKETS:
            message = f"more than {MAX_OPEN_BRACKETS} square brackets are open here. Write \\[ where one is text."
            raise UnreadableDocumentError([Problem(path, number, message)])
        if _DEEP.match(line) and not _RULE.match(line):
            message = f"quotations or lists stand more than {MAX_NESTING} deep here. Write \\> where a sign is text."
            raise UnreadableDocumentError([Problem(path, number, message)])


def _title(front: FrontMatter, pieces: Cut, slug: str, path: str, problems: list[Problem]) -> str:
    if front.title:
        return front.title
    title = pieces.title
    if title is None and pieces.first_heading is not None:
        tops = [section for section in pieces.sections if section.level == 1]
        if len(tops) == 1 and pieces.sections[0].level == 1 and pieces.sections[0].kind is Kind.BODY:
            title = pieces.first_heading
    origin = "its first heading" if title else "the file's name"
    title = title or slug
    message = f"the document states no title; {origin} was taken: {title[:80]}. Write title: in front matter."
    problems.append(Problem(path, 1, message, Severity.NOTICE))
    return title


def _note_problems(
    tree: Tree, pieces: Cut, passages: tuple[Passage, ...], source: Source, first_line: int, path: str
) -> list[Problem]:
    problems: list[Problem] = []
    defined: dict[str, list[int]] = {}
    called: dict[str, list[int]] = {}
    for number, line in enumerate(source.lines, first_line):
        if "[^" not in line:
            continue
        if definition := _DEFINITION.match(line):
            defined.setdefault(definition[1], []).append(number)
            line = definition[2]
        for call in _CALL.finditer(_without_code(line)):
            called.setdefault(call[1], []).append(number)
    labels = [label for label, _ in tree.definitions]
    for label in dict.fromkeys(labels):
        count = labels.count(label) if len(defined.get(label, ())) > 1 else 1
        if count > 1:
            first, *others = defined[label]
            problems.append(
                Problem(
                    path,
                    others[0],
                    f"note {label} is defined {count} times (first on line {first}). "
                    "All are kept, paired with its calls in order; renumber one.",
                )
            )
    for label, numbers in called.items():
        if label not in labels:
            problems.append(
                Problem(
                    path,
                    numbers[0],
                    f"note {label} is called and has no text. The mark stays in the text as typed; "
                    f"write [^{label}]: and the note, or \\[^{label}] if it is no mark.",
                )
            )
    for position in pieces.uncalled:
        passage = passages[position]
        problems.append(
            Problem(
                path,
                passage.line,
                f"note {passage.number} has a text and no mark calls it. It is kept as a footnote; "
                f"write its mark in the text or delete it.",
            )
        )
    for position, passage in enumerate(passages):
        if not passage.text:
            which = pieces.notes[position]
            label = tree.definitions[which][0] if which is not None else ""
            raise UnreadableDocumentError(
                [
                    Problem(
                        path, passage.line, f"note {label} has a mark and an empty text. Write it, or delete the note."
                    )
                ]
            )
    return problems


def _without_code(line: str) -> str:
    return re.sub(r"(`+).*?\1", "", line)


def _near_misses(source: Source, body: list[str], first_line: int, path: str) -> list[Problem]:
    """What was read as text and was perhaps meant otherwise."""
    problems: list[Problem] = []

    def near_miss(line: int, message: str) -> None:
        problems.append(Problem(path, line, message, Severity.NEAR_MISS))

    for marker in source.markers:
        if marker.kind == "id" and not is_noid(marker.value):
            problems.append(
                Problem(
                    path,
                    marker.line,
                    f"{marker.literal} is no passage id (its check character is wrong). It was read as text; "
                    "correct it or delete it.",
                )
            )
    if source.unclosed_fence:
        message = "a fence of code is opened here and never closed. It was read as text; close it."
        near_miss(source.unclosed_fence, message)
    for number, line in enumerate(source.lines, first_line):
        plain = _without_code(line)
        if tag := _TAG.search(_AUTOLINK.sub("", plain)):
            near_miss(number, f"{tag[0]} is shown as typed: HTML is not read. Write Markdown, or leave it.")
        for braces in _BRACES.finditer(plain):
            near_miss(number, f"{braces[0]} was read as text: it is no page, id or annex. Correct it, or write \\{{.")
    return problems + _misplaced_blocks(source, first_line, path)


def _misplaced_blocks(source: Source, first_line: int, path: str) -> list[Problem]:
    """Paragraphs that left their note, and lists that were read as part of a paragraph."""
    problems: list[Problem] = []
    in_note = False
    block_opens = "\n"  # the first line of the block that we are in; a line end alone between blocks
    for number, line in enumerate(source.lines, first_line):
        if not line.strip():
            block_opens = "\n"
            continue
        opens_block = block_opens == "\n"
        if _DEFINITION.match(line):
            in_note = True
        elif in_note and opens_block and line.startswith(" ") and not line.startswith("    "):
            message = "a paragraph indented after a note was read as body text. Indent it by 4 to keep it in the note."
            problems.append(Problem(path, number, message, Severity.NEAR_MISS))
        elif (
            not (opens_block or in_note)
            and _LIST_ITEM.match(line)
            and not _LIST_ITEM.match(block_opens)
            and not block_opens.startswith((" ", ">", "|"))
        ):
            message = "a list right under a paragraph was read as part of it. Leave a blank line before it."
            problems.append(Problem(path, number, message, Severity.NEAR_MISS))
        if opens_block:
            block_opens = line
            in_note = in_note and (line.startswith("    ") or bool(_DEFINITION.match(line)))
    return problems


class _LineFinder:
    """Finds the line that a passage begins on, by its first letters: the tree does not say.

    Passages of the body stand in the order of the source, so one cursor runs through it; a note begins where it is
    defined. Right for messages, which is all that lines are for.
    """

    def __init__(self, lines: list[str], first_line: int) -> None:
        self.first_line = first_line
        self.ends: list[int] = []  # length of the stream at the end of each line
        stream: list[str] = []
        length = 0
        self.definitions: list[int] = []
        for number, line in enumerate(lines, first_line):
            letters = _letters(line)
            stream.append(letters)
            length += len(letters)
            self.ends.append(length)
            if _DEFINITION.match(line):
                self.definitions.append(number)
        self.stream = "".join(stream)
        self.cursor = 0

    def find(self, text: str) -> int:
        key = _letters(text[:80])[:32]
        for length in (32, 12, 5):
            at = self.stream.find(key[:length], self.cursor, self.cursor + 200_000) if key else -1
            if at >= 0:
                self.cursor = at + min(len(key), length)
                return self.line(at)
        return self.line(self.cursor)

    def line(self, at: int) -> int:
        low, high = 0, len(self.ends) - 1
        while low < high:
            middle = (low + high) // 2
            if self.ends[middle] > at:
                high = middle
            else:
                low = middle + 1
        return self.first_line + low

    def sections(self, pieces: Cut) -> tuple[Section, ...]:
        self.cursor = 0
        return tuple(replace(section, line=self.find(section.title)) for section in pieces.sections)

    def passages(self, pieces: Cut) -> tuple[Passage, ...]:
        self.cursor = 0
        found: list[Passage] = []
        for passage, note in zip(pieces.passages, pieces.notes, strict=True):
            if note is None:
                line = self.find(passage.text)
            else:
                line = self.definitions[note] if note < len(self.definitions) else self.first_line
            found.append(replace(passage, line=line))
        return tuple(found)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
