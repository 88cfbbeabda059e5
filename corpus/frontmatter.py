"""The YAML between two lines of three dashes at the head of a document: read strictly, every scalar a string.

PyYAML's events are used rather than its loaders: they say where each value stands, and what YAML allows but a document
has no use for (anchors, aliases, tags, merge keys, nesting, one key twice) can be refused before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from corpus.edtf import is_edtf
from corpus.problems import Problem, Severity

MAX_FRONT_MATTER_BYTES = 64 * 1024
MAX_FRONT_MATTER_LINES = 400
MAX_NESTING = 8  # a list in a mapping is 2; more is a slip or an attack

KEYS = ("title", "issuer", "source_type", "date", "symbol", "language", "address", "officials")
LISTS = ("officials",)
FURTHER_KEYS = ("statement_section", "statement_footnotes", "note")  # kept for maintainers, read by nobody

_KEY = re.compile(r"[A-Za-z_][\w-]*\s*:")


class FrontMatterError(Exception):
    """The front matter cannot be read; *line* is the line of the file (1-based)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the front matter and the line that it stands on."""

    value: str | tuple[str, ...]
    line: int
    lines: tuple[int, ...] = ()  # of a list, the line of each value


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a document says of itself. None where it says nothing."""

    title: str | None = None
    issuer: str | None = None
    source_type: str | None = None
    date: str | None = None
    symbol: str | None = None
    language: str | None = None
    address: str | None = None
    officials: tuple[str, ...] = ()
    official_lines: tuple[int, ...] = ()  # where each of them stands


def split_front_matter(lines: list[str]) -> tuple[list[str] | None, int]:
    """The lines between the dashes (None: there are none) and the index of the first line of the text.

    Raises FrontMatterError when the block is opened and not closed. Three dashes with no key under them are a rule.
    """
    if not lines or lines[0].rstrip() != "---":
        return None, 0
    for index in range(1, min(len(lines), MAX_FRONT_MATTER_LINES)):
        if lines[index].rstrip() in ("---", "..."):
            return lines[1:index], index + 1
    if len(lines) < 2 or not _KEY.match(lines[1]):
        return None, 0
    raise FrontMatterError(
        1, "the front matter is opened by --- and never closed. Add a line of --- after its last key"
    )


def read_front_matter(block: list[str], path: str, source_types: tuple[str, ...]) -> tuple[FrontMatter, list[Problem]]:
    """The front matter in *block*, which starts on the file's second line, and what is amiss in its values.

    Raises FrontMatterError when it is no plain mapping of strings and lists of strings.
    """
    text = "\n".join(block) + "\n"
    if len(text.encode("utf-8", "surrogatepass")) > MAX_FRONT_MATTER_BYTES:
        raise FrontMatterError(2, f"the front matter is longer than {MAX_FRONT_MATTER_BYTES // 1024} kB. Shorten it")
    entries = _entries(text)
    problems: list[Problem] = []

    def problem(line: int, message: str, severity: Severity = Severity.FAULT) -> None:
        problems.append(Problem(path, line, message, severity))

    values: dict[str, str | None] = dict.fromkeys(KEYS)
    officials: tuple[tuple[str, int], ...] = ()
    for key, entry in entries.items():
        if key not in KEYS:
            if key not in FURTHER_KEYS:
                near = get_close_matches(key, KEYS, 1)
                hint = f"Perhaps {near[0]} is meant" if near else f"Known keys: {', '.join(KEYS)}"
                problem(entry.line, f"the key {key} is not known; it was left out. {hint}", Severity.NEAR_MISS)
            continue
        if key in LISTS:
            one = isinstance(entry.value, str)
            listed = ((str(entry.value), entry.line),) if one else zip(entry.value, entry.lines, strict=True)
            officials = tuple((value, line) for value, line in listed if value)
        elif isinstance(entry.value, tuple):
            raise FrontMatterError(entry.line, f"{key} is a list; it takes one value. Write {key}: VALUE")
        else:
            values[key] = " ".join(entry.value.split()) or None
    kind = values["source_type"]
    if kind is not None and kind not in source_types:
        near = get_close_matches(kind, source_types, 1)
        hint = f"Perhaps {near[0]} is meant. " if near else ""
        problem(
            entries["source_type"].line,
            f"source_type {kind} is not in the collection's vocabulary; it was left out. {hint}"
            f"Known: {', '.join(source_types)}",
        )
        values["source_type"] = None
    day = values["date"]
    if day is not None and not is_edtf(day):
        problem(
            entries["date"].line,
            f"date {day} is no date; it was left out. Write 1988-08-16, 1988-08, 1988, an interval "
            "1988-08/1988-12 or, for one of several, [1988-08-24,1988-08-26]",
        )
        values["date"] = None
    front = FrontMatter(
        officials=tuple(value for value, _ in officials),
        official_lines=tuple(line for _, line in officials),
        **{key: values[key] for key in KEYS if key not in LISTS},
    )
    return front, problems


def _entries(text: str) -> dict[str, Entry]:
    """The top mapping of *text*: key -> value and line of the file."""
    events = _events(text)
    entries: dict[str, Entry] = {}
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            break
        if isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent):
            raise FrontMatterError(_line(event), "the front matter is no list of keys. Write one KEY: VALUE a line")
    else:
        return {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        if not isinstance(event, yaml.ScalarEvent):
            raise FrontMatterError(_line(event), "a key is no plain word. Write KEY: VALUE")
        key = event.value
        if key in entries:
            raise FrontMatterError(
                _line(event), f"the key {key} stands twice (first on line {entries[key].line}). Keep one of them"
            )
        value, lines = _value(next(events), events, key)
        entries[key] = Entry(value, _line(event), lines)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            raise FrontMatterError(_line(event), "a second YAML document begins here. Keep one")
    return entries


def _value(event: yaml.Event, events: Iterator[yaml.Event], key: str) -> tuple[str | tuple[str, ...], tuple[int, ...]]:
    """The value that begins with *event*, and of a list the line of each."""
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event), ()
    if isinstance(event, yaml.SequenceStartEvent):
        values: list[str] = []
        lines: list[int] = []
        for item in events:
            if isinstance(item, yaml.SequenceEndEvent):
                return tuple(values), tuple(lines)
            if not isinstance(item, yaml.ScalarEvent):
                raise FrontMatterError(_line(item), f"{key} holds more than plain values. Write a list of words")
            values.append(_scalar(item))
            lines.append(_line(item))
    raise FrontMatterError(_line(event), f"{key} holds keys of its own. Write one value, or a list")


def _scalar(event: yaml.ScalarEvent) -> str:
    value = str(event.value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise FrontMatterError(_line(event), "a value holds half a character (a lone surrogate). Retype it") from None
    if event.style is None and value in ("~", "null"):
        return ""
    return value


def _events(text: str) -> Iterator[yaml.Event]:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise FrontMatterError(_line(event), "an anchor or alias (& or *) stands here. Put the value in quotes")
            if getattr(event, "tag", None):
                raise FrontMatterError(_line(event), "a tag (!) stands here. Put the value in quotes")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_NESTING:
                    message = f"brackets are nested more than {MAX_NESTING} deep. Put the value in quotes"
                    raise FrontMatterError(_line(event), message)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + 2
        raise FrontMatterError(
            line, f"the front matter is not understood ({error.problem}). A value with a colon or sign needs quotes"
        ) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 2
        raise FrontMatterError(line, "a control character stands in the front matter. Delete it") from None
    except yaml.YAMLError as error:
        raise FrontMatterError(2, f"the front matter is not understood ({error})") from None
    except RecursionError:
        raise FrontMatterError(2, "the front matter is nested too deep. Put the value in quotes") from None


def _line(event: yaml.Event) -> int:
    return (event.start_mark.line if event.start_mark else 0) + 2  # the block starts on the second line of the file
