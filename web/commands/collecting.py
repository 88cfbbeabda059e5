"""`init` and `import`: how a collection and its documents come to be."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from corpus.collection import DOCUMENTS, fit_slug, is_slug
from corpus.layout.importing import Imported, import_text
from corpus.new_collection import write_new_collection
from corpus.problems import PinciteError
from corpus.readers.printed_text import MAX_TEXT_BYTES
from index.disk import write_atomically
from web.config import Folders
from web.imports import read_imports, write_imports
from web.wording import counted

STDIN = Path("-")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--bare", is_flag=True, help="No sample document.")
def init(folder: Path, bare: bool) -> None:
    """Makes a new collection in DIR: commented authority files and one small document."""
    for path in write_new_collection(folder, bare=bare):
        click.echo(path)
    click.echo(f"Build it: pincite --collection {folder} build", err=True)


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="The collection; made if it is missing.")
@click.option("--slug", help="The document's name in addresses; for one FILE only.  [default: from the file's name]")
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="Where to write what was done and doubted."
)
@click.option("--replace", is_flag=True, help="Overwrite a document that was changed by hand since its import.")
@click.pass_obj
@click.pass_context
def import_(
    ctx: click.Context,
    folders: Folders,
    files: tuple[Path, ...],
    into: Path | None,
    slug: str | None,
    report: Path | None,
    replace: bool,
) -> None:
    """Turns extracted texts into Markdown documents of a collection, and says what it did and what it doubts.

    A document that exists becomes a new edition, and its passages keep their ids. Every line of a FILE is in the
    document, or in the report with the reason why not.
    """
    if into is None and not ctx.meta["pincite.collection_given"]:
        raise click.UsageError("name the collection to import into: --into DIR, or pincite --collection DIR import ...")
    if STDIN in files and slug is None:
        raise click.UsageError("a text from standard input has no name of its own: give it one with --slug")
    if slug is not None and len(files) > 1:
        raise click.UsageError("--slug names one document; give one FILE with it")
    if slug is not None and not is_slug(slug):
        raise click.UsageError(f"--slug {slug}: an address cannot hold it. Perhaps {fit_slug(slug)}")
    folder = into or folders.collection
    if report is not None and _is_needed(report, files, folder):
        raise click.UsageError(f"--report {report} is a text, or a file of the collection. Give another name")
    reported: list[str] = []
    failed = False
    taken: dict[str, Path] = {}
    for file in files:
        name = slug or fit_slug(file.stem)
        try:
            if name in taken:
                raise SameSlugError(file, taken[name], name)
            data = _bytes_of(file)
            imported = import_text(data, file.name)
        except PinciteError as error:
            click.echo(str(error), err=True)
            failed = True
            continue
        taken[name] = file
        if not (folder / "collection.toml").exists():
            write_new_collection(folder, bare=True)
        _write(folder, name, imported, replace)
        _tell(file, imported)
        reported += [f"{file}:{line.line}: {line.kind}: {line.message}" for line in imported.report]
    if report is not None:
        report.write_text("".join(f"{line}\n" for line in reported), encoding="utf-8")
        click.echo(f"report: {report}", err=True)
    ctx.exit(1 if failed else 0)


class UnreadableFileError(PinciteError):
    """A FILE of `import` cannot be read at all."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: cannot be read ({reason}). It was left out")


class SameSlugError(PinciteError):
    """Two FILEs would become one document."""

    def __init__(self, file: Path, other: Path, slug: str) -> None:
        super().__init__(f"{file}: would become the document {slug}, as {other} did. Import it by itself with --slug")


def _bytes_of(file: Path) -> bytes:
    """What *file* holds, at most one byte more than a text may have; `-` is standard input.

    Raises UnreadableFileError.
    """
    if file == STDIN:
        return sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
    try:
        if file.is_dir():
            raise UnreadableFileError(file, "it is a folder; name the files in it")
        if file.exists() and not file.is_file():
            raise UnreadableFileError(file, "it is no regular file; save the text in one")
        with file.open("rb") as opened:
            return opened.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise UnreadableFileError(file, error.strerror or "unknown reason") from None


def _is_needed(report: Path, sources: Sequence[Path], folder: Path) -> bool:
    """Whether a report in *report* would go over a source, or be taken for a file of the collection."""
    path = report.resolve()
    if any(path == source.resolve() for source in sources):
        return True
    return path.is_relative_to(folder.resolve()) and path.suffix in (".md", ".new", ".toml", ".json", ".jsonl")


def _write(folder: Path, slug: str, imported: Imported, replace: bool) -> None:
    """Writes the document, or beside it when a person's changes would be lost."""
    documents = folder / DOCUMENTS
    documents.mkdir(exist_ok=True)
    path = documents / f"{slug}.md"
    content = imported.markdown.encode()
    known = read_imports(folder)
    if path.exists() and not replace:
        present = hashlib.sha256(path.read_bytes()).hexdigest()
        if present != known.get(slug) and path.read_bytes() != content:
            beside = path.with_suffix(".md.new")
            write_atomically(beside, content)
            click.echo(
                f"{path} was changed by hand since its import and stays as it is; the new reading is in {beside}. "
                "Merge the two, or import again with --replace",
                err=True,
            )
            return
    write_atomically(path, content)
    known[slug] = hashlib.sha256(content).hexdigest()
    write_imports(folder, known)
    click.echo(path)


def _tell(file: Path, imported: Imported) -> None:
    """What a person must know at once: each doubt, with the lines it holds for; the report has all the rest."""
    doubts: dict[str, list[int]] = {}
    for line in imported.report:
        if line.kind == "doubt":
            doubts.setdefault(line.message, []).append(line.line)
    for message, lines in doubts.items():
        also = f" (also line{'s' * (len(lines) > 2)} {', '.join(map(str, lines[1:]))})" if len(lines) > 1 else ""
        place = f"{file}:{lines[0]}" if lines[0] else str(file)
        click.echo(f"{place}: doubt: {message}{also}", err=True)
    kinds = Counter(line.kind for line in imported.report)
    counts = [counted(len(imported.report) - kinds["left-out"] - kinds["doubt"], "thing") + " done"]
    counts += [counted(kinds["doubt"], "doubt"), counted(kinds["left-out"], "line") + " left out, belonging to no text"]
    click.echo(f"{file}: {', '.join(counts)}; --report FILE lists them", err=True)
