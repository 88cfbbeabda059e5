"""One authority file: TOML read with care, so that a fault has its line and a bad entry leaves the others alone.

tomllib keeps no places of values. The line of a fault is looked for in the text: the n-th `[[officials]]` header,
within it the m-th `[[officials.offices]]`, then the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from corpus.edtf import edtf_bounds
from corpus.plain_files import read_plain
from corpus.problems import PinciteError, Problem, Severity

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_Value = TypeVar("_Value")


AUTHORITY_BYTES = 32 << 20  # of one file; a thousand officials with their spellings take less than one


class AuthorityFileError(PinciteError):
    """An authority file cannot be read at all; *line* is 1-based, 0 where unknown."""

    def __init__(self, path: str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class AuthorityFile:
    """One TOML file: its values, its lines, and where to put what is amiss."""

    path: str
    values: Mapping[str, Any]
    lines: tuple[str, ...]
    headers: Mapping[str, list[int]]  # 0-based lines of each `[name]` and `[[name]]`
    problems: list[Problem]

    @classmethod
    def read(cls, folder: Path, name: str, problems: list[Problem]) -> AuthorityFile:
        try:
            data = read_plain(folder / name, AUTHORITY_BYTES)
        except FileNotFoundError:
            return cls(name, {}, (), {}, problems)
        except OSError as error:
            raise AuthorityFileError(name, 0, f"cannot be read: {error.strerror}.") from error
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise AuthorityFileError(name, line, "is not UTF-8. Save it as UTF-8.") from error
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found.group(1)) if found else text.count("\n") + 1
            raise AuthorityFileError(name, line, f"is no TOML: {error}.") from error
        except RecursionError as error:
            raise AuthorityFileError(name, 0, "has values nested too deep.") from error
        lines = tuple(text.split("\n"))
        headers: dict[str, list[int]] = {}
        for number, content in enumerate(lines):
            header = _HEADER.match(content)
            if header:
                headers.setdefault(header.group(1), []).append(number)
        return cls(name, values, lines, headers, problems)

    def line_of(self, table: tuple[tuple[str, int], ...], key: str = "") -> int:
        """The line of *key* in the table that is the n-th `[[name]]` within the one before it; 0 if not found."""
        at, end, found = 0, len(self.lines), 0
        for name, nth in table:
            heads = [line for line in self.headers.get(name, ()) if at <= line < end]
            if nth >= len(heads):
                break
            found = at = heads[nth] + 1
            end = heads[nth + 1] if nth + 1 < len(heads) else end
        if key:
            pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
            for number in range(at, end):
                if pattern.match(self.lines[number]):
                    return number + 1
                if _HEADER.match(self.lines[number]):
                    break
        return found

    def tell(self, line: int, message: str, severity: Severity = Severity.FAULT) -> None:
        self.problems.append(Problem(self.path, line, message, severity))


class BadEntryError(Exception):
    """An entry has to be left out; the problem has been told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a file, and how to speak of it."""

    file: AuthorityFile
    table: tuple[tuple[str, int], ...]
    values: Mapping[str, Any]

    @property
    def line(self) -> int:
        return self.file.line_of(self.table)

    @property
    def what(self) -> str:
        if not self.table:
            return "the file"
        name = self.values.get("id") or self.values.get("name") or self.values.get("title")
        kind = self.table[-1][0]
        return f"{kind} entry {name}" if isinstance(name, str) and name else f"{kind} entry {self.table[-1][1] + 1}"

    def tell(self, key: str, message: str, severity: Severity = Severity.FAULT) -> None:
        self.file.tell(self.file.line_of(self.table, key), f"{self.what}: {message}", severity)

    def known(self, allowed: Iterable[str]) -> None:
        """Tell of keys that mean nothing here."""
        allowed = list(allowed)
        for key in self.values:
            if key not in allowed:
                near = get_close_matches(key, allowed, 1, 0.5)
                advice = f"Did you mean {near[0]}?" if near else f"Allowed: {', '.join(allowed)}."
                self.tell(key, f"{key} is no key here and was not read. {advice}", Severity.NEAR_MISS)

    def text(self, key: str, *, needed: bool = True) -> str | None:
        value = self.values.get(key)
        if value is None and not needed:
            return None
        if not isinstance(value, str) or not value.strip():
            found = "is missing" if value is None else "must be a text in quotes, not empty"
            self.tell(key, f"{key} {found}. The entry was left out.")
            raise BadEntryError
        return " ".join(value.split())

    def needed(self, key: str) -> str:
        return self.text(key) or ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self.tell(key, f"{key} must be a list of texts. It was not read.")
            return ()
        good = [" ".join(one.split()) for one in value if isinstance(one, str) and one.strip()]
        if len(good) < len(value):
            self.tell(key, f"{key} holds something else than texts, or an empty one. The others were read.")
        return tuple(dict.fromkeys(good))

    def identifier(self) -> str:
        value = self.needed("id")
        if not IDENTIFIER.fullmatch(value):
            allowed = "Use A-Z a-z 0-9 . _ -, a letter or digit first."
            self.tell("id", f"id = {value!r} cannot stand in an address. The entry was left out. {allowed}")
            raise BadEntryError
        return value

    def date(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None:
            return None
        if hasattr(value, "isoformat"):  # TOML has dates of its own
            value = value.isoformat()[:10]
        value = str(value)
        if edtf_bounds(value) is None or "/" in value or "[" in value:
            self.tell(key, f"{key} = {value!r} is no date. Write 1988, 1988-08 or 1988-08-17. It was taken as open.")
            return None
        return value


@dataclass(frozen=True, slots=True)
class Placed(Generic[_Value]):
    """An entry read, with its place for what is still to be told about it."""

    value: _Value
    entry: Entry


def tables(
    file: AuthorityFile, values: Mapping[str, Any], name: str, above: tuple[tuple[str, int], ...] = ()
) -> Iterator[Entry]:
    """The tables of the list *name* in *values*; what is no list of tables is told and skipped."""
    full = f"{above[-1][0]}.{name}" if above else name
    listed = values.get(name, [])
    if not isinstance(listed, list):
        file.tell(
            file.line_of(((full, 0),)) or file.line_of(above, name),
            f"write each entry under [[{full}]]. They were not read.",
        )
        return
    for nth, table in enumerate(listed):
        place = (*above, (full, nth))
        if isinstance(table, Mapping):
            yield Entry(file, place, table)
        else:
            file.tell(file.line_of(place), f"[[{full}]] entry {nth + 1} is no table. It was left out.")


def entries(file: AuthorityFile, name: str, read: Callable[[Entry], _Value]) -> list[Placed[_Value]]:
    """What *read* makes of each `[[name]]` table of *file*; of entries with one id the first is kept."""
    kept: list[Placed[_Value]] = []
    seen: dict[str, int] = {}
    for key in file.values:
        if key != name:
            line = file.line_of(((key, 0),)) or file.line_of((), key)
            file.tell(line, f"{key} is not read here. Entries stand under [[{name}]].", Severity.NEAR_MISS)
    for entry in tables(file, file.values, name):
        try:
            value = read(entry)
        except BadEntryError:
            continue
        identifier = getattr(value, "id", None)
        if identifier is not None:
            if identifier in seen:
                entry.tell(
                    "id", f"the id stands at line {seen[identifier]} already. The entry was left out; give it another."
                )
                continue
            seen[identifier] = entry.line
        kept.append(Placed(value, entry))
    return kept
