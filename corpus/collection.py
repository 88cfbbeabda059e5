"""A collection on disk: its authority files and the documents in it, found and fingerprinted."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from corpus.authorities import Authorities, load_authorities
from corpus.authority_files import AUTHORITY_BYTES
from corpus.labels import slugified
from corpus.plain_files import read_plain
from corpus.problems import PinciteError, Problem, Severity

DOCUMENTS = "documents"
AUTHORITY_FILES = ("collection.toml", "officials.toml", "sources.toml", "terms.toml")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


class NotACollectionError(PinciteError):
    """The folder is no collection; the sentence says what is missing and how one is made."""

    def __init__(self, folder: Path, missing: str) -> None:
        super().__init__(f"{folder}: {missing}. Name a collection by --collection, or make one: pincite init {folder}")
        self.folder = folder


class UnreadableFolderError(PinciteError):
    """The folder of the documents cannot be listed: what it holds is not known, which is not the same as nothing."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: cannot be read ({reason}). Give whoever runs pincite the right to list it")


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """One document's file; *name* is what problems call it."""

    path: Path
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as its folder holds it now."""

    folder: Path
    authorities: Authorities
    files: tuple[DocumentFile, ...]  # by slug
    problems: tuple[Problem, ...]
    fingerprint: str  # sha256 of the authority files: what every document's reading depends on

    @property
    def source_types(self) -> tuple[str, ...]:
        """The source types of this collection's vocabulary, in its order."""
        return tuple(value for value, _ in self.authorities.collection.source_types)


def is_slug(text: str) -> bool:
    """Whether *text* can name a document: A-Za-z0-9._-, a letter or digit first, at most 120 characters."""
    return bool(_SLUG.fullmatch(text))


def fit_slug(text: str) -> str:
    """A slug for a file named *text*: what can be kept of it, "document" where nothing can."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._")[:120]
    return kept if is_slug(kept) else slugified(text) or "document"


def open_collection(folder: Path) -> Collection:
    """The collection in *folder*.

    Raises NotACollectionError when it is none, UnreadableFolderError when its documents cannot be listed,
    and what load_authorities raises when collection.toml cannot be read.
    """
    if not folder.is_dir():
        raise NotACollectionError(folder, "there is no such folder")
    if not (folder / "collection.toml").is_file():
        raise NotACollectionError(folder, "it holds no collection.toml")
    authorities, problems = load_authorities(folder)
    files: list[DocumentFile] = []
    taken: dict[str, str] = {}
    documents = folder / DOCUMENTS
    if documents.is_dir():
        try:
            next(documents.iterdir(), None)  # rglob passes over what it cannot list in silence
        except OSError as error:
            raise UnreadableFolderError(documents, error.strerror or "unknown reason") from None
    for path in sorted(documents.rglob("*")) if documents.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if path.name.startswith(".") or (path.is_dir() and (path.suffix != ".md" or path.parent != documents)):
            continue
        if path.is_symlink() and path.exists() and not path.resolve().is_relative_to(folder.resolve()):
            message = "this link leads out of the collection; it was left out. Put the text itself here."
            problems.append(Problem(name, 0, message))
            continue
        if path.suffix != ".md":
            if path.suffix.lower() in (".md", ".markdown", ".mdown", ".txt"):
                message = f"only files that end in .md are read. Rename it {fit_slug(path.stem)}.md, or import it."
                problems.append(Problem(name, 0, message, Severity.NEAR_MISS))
            continue
        if path.parent != documents:
            message = f"documents stand in {DOCUMENTS}/ itself; this one was left out. Move it up."
            problems.append(Problem(name, 0, message))
        elif not is_slug(path.stem):
            message = (
                "the file's name cannot stand in an address (A-Za-z0-9._-, a letter or digit first); it was left out. "
                f"Rename it {fit_slug(path.stem)}.md."
            )
            problems.append(Problem(name, 0, message))
        elif path.stem.lower() in taken:
            message = f"differs from {taken[path.stem.lower()]} in capitals only; it was left out. Rename one of them."
            problems.append(Problem(name, 0, message))
        else:
            taken[path.stem.lower()] = name
            files.append(DocumentFile(path, path.stem, name))
    digest = hashlib.sha256()
    for authority in AUTHORITY_FILES:
        path = folder / authority
        digest.update(
            authority.encode() + b"\0" + (read_plain(path, AUTHORITY_BYTES) if path.is_file() else b"") + b"\0"
        )
    files.sort(key=lambda file: file.slug)
    return Collection(folder, authorities, tuple(files), tuple(problems), digest.hexdigest())
