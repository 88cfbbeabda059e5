"""Takes a text down: out of the ledgers, the index and every kept generation, so that no file holds it afterwards.

A takedown names ids. All their wordings go, with the salts without which a digest cannot be guessed at; so do the
wordings of ids that were merged into them, and any wording that no longer stands and holds one of the texts, or is held
by one. The ids stay, gone, with the reason: their links go on answering. Where the source still holds a text nothing is
done, since the next build would bring it back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from corpus.collection import DOCUMENTS, Collection
from corpus.labels import heading_of, tells_words, without_words
from corpus.noid import is_noid
from corpus.plain_files import beginning_of
from corpus.problems import PinciteError
from corpus.readers.markdown_text import MAX_FILE_BYTES
from corpus.removal import Source, without_passages
from corpus.text import fold
from index.contents import Contents
from index.disk import fsync_path, write_atomically
from index.ledger import DocumentLedger, History, Standing, State, Wording
from index.ledger_lines import ReviewLine
from index.planning import Plans
from index.reading import Reading

TELLING_WORDS = 6  # a shorter text stands by chance in other places, and is looked for under its own id alone
PART_WORDS = 4  # a former wording of fewer words is not taken for a part of the text
TAKEN_DOWN = "taken down"
_WORD = re.compile(r"\w+")
_PERMALINK = re.compile(r"(?P<before>/documents/(?P<slug>[^/]+)/p/)(?P<label>[^~]*)(?P<after>~(?P<id>\w+).*)")


class UnknownTargetError(PinciteError):
    """Nothing was ever given the name."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"{target}: no document and no passage ever had this name. pincite links lists every id ever given"
        )


class AmbiguousTargetError(PinciteError):
    """A name means several things."""

    def __init__(self, target: str, meanings: Iterable[str]) -> None:
        super().__init__(f"{target} may mean {', '.join(meanings)}. Write one of these")


class StillHeldError(PinciteError):
    """The source still holds a text that is to be taken down."""

    def __init__(self, places: Sequence[str]) -> None:
        listed = "".join(f"\n  {place}" for place in places[:20]) + ("\n  ..." if len(places) > 20 else "")
        super().__init__(
            "nothing was taken down, since the source still holds the text and the next build would bring it back. "
            "Take it out, or say --source (which takes out the passages that are named), or --former (where only "
            f"an earlier wording is meant):{listed}"
        )
        self.places = tuple(places)


class Texts:
    """Texts that are looked for as rows of folded words, whatever stands between the words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.rows = frozenset(row for text in texts if (row := row_of(text)))
        self._beginnings: dict[str, list[str]] = defaultdict(list)  # the first words of each telling one
        for row in self.rows:
            words = row.split(" ")
            if len(words) >= TELLING_WORDS:
                self._beginnings[" ".join(words[:TELLING_WORDS])].append(f" {row} ")

    def held_in(self, text: str) -> bool:
        """Whether *text* holds a telling one of them. Time grows with *text*, not with how many there are."""
        words = row_of(text).split(" ")
        joined = f" {' '.join(words)} "
        return bool(self._beginnings) and any(
            row in joined
            for at in range(len(words) - TELLING_WORDS + 1)
            for row in self._beginnings.get(" ".join(words[at : at + TELLING_WORDS]), ())
        )

    def hold(self, text: str, words: int = PART_WORDS) -> bool:
        """Whether one of them holds all of *text*, if it has so many words or more."""
        row = row_of(text)
        return row.count(" ") >= words - 1 and any(f" {row} " in f" {one} " for one in self.rows)

    def short_held_in(self, text: str) -> bool:
        """Whether *text* holds one of two words or more that is too short to tell."""
        words = row_of(text).split(" ")
        return any(
            " ".join(words[at : at + count]) in self.rows
            for count in range(2, TELLING_WORDS)
            for at in range(len(words) - count + 1)
        )


def row_of(text: str) -> str:
    """The folded words of *text*, joined by blanks."""
    return " ".join(_WORD.findall(fold(text)))


@dataclass(frozen=True, slots=True)
class Takedown:
    """What is to be taken down, and why."""

    ids: Mapping[str, frozenset[str]]  # by document
    documents: frozenset[str]  # those that go as a whole
    texts: Texts
    why: str

    @classmethod
    def of(
        cls, ledgers: Mapping[str, DocumentLedger], targets: Iterable[str], reason: str | None, *, former: bool
    ) -> Takedown:
        """The takedown of *targets*: documents, ids, or `document/id` where an id stands in several.

        With *former*, only of wordings that no longer stand, nor stand as a part of the one that does.

        Raises UnknownTargetError, AmbiguousTargetError.
        """
        ids: dict[str, set[str]] = defaultdict(set)
        documents: set[str] = set()
        for target in targets:
            slug, identifier = _meant(ledgers, target)
            if identifier is None:
                documents.add(slug)
                ids[slug] |= ledgers[slug].histories.keys()
            else:
                ids[slug] |= _with_aliases(ledgers[slug], identifier)
        texts = [
            wording.text
            for slug, named in ids.items()
            for (identifier, number), wording in ledgers[slug].wordings.items()
            if identifier in named and not (former and _stands_in(ledgers[slug], identifier, number))
        ]
        if former:
            standing = [one.text for slug, named in ids.items() for one in _standing(ledgers[slug], named)]
            texts = [text for text in texts if not any(f" {row_of(text)} " in f" {row_of(one)} " for one in standing)]
        why = f"{TAKEN_DOWN}: {reason}" if reason else TAKEN_DOWN
        named = {slug: frozenset(found) for slug, found in ids.items()}
        return cls(named, frozenset(documents), Texts(texts), why)

    def names(self, document: str, identifier: str) -> bool:
        """Whether a passage is one of those to be taken down."""
        return identifier in self.ids.get(document, ())

    def refuse_held(self, collection: Collection, contents: Contents, *, but: Container[str] = ()) -> None:
        """Raises StillHeldError where a passage, or any file beside the ledgers, holds one of the texts.

        With --source, what it takes out counts as gone: passages that are named, and the files *but* (by name).
        """
        places: dict[str, None] = {}
        for content in contents.documents:
            for record in content.records:
                name = f"documents/{record.document}.md"
                named = self.names(record.document, record.id)
                if named and name in but:
                    continue
                if (named and row_of(record.text) in self.texts.rows) or self.texts.held_in(record.text):
                    places[f"{name}: {record.label}~{record.id}"] = None
        for path in _files(collection.folder):
            name = path.relative_to(collection.folder).as_posix()
            listed = any(place.startswith(f"{name}: ") for place in places)
            if name not in but and not listed and self._file_holds(path):
                places[name] = None
        if places:
            raise StillHeldError(list(places))

    def _file_holds(self, path: Path) -> bool:
        if path.stat().st_size > MAX_FILE_BYTES:
            return False  # no document; it is named among what cannot be reached
        return self.texts.held_in(beginning_of(path, MAX_FILE_BYTES).decode("utf-8", "replace"))

    def cleared(self, plans: Plans, moment: datetime) -> Plans:
        """The plans with the wordings gone from all ledgers, and the ids gone for the reason given."""
        anew: dict[str, DocumentLedger] = {}
        for slug, ledger in plans.ledgers().items():
            wordings = {key: wording for key, wording in ledger.wordings.items() if not self._clears(ledger, *key)}
            when = max(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), *(one.last.when for one in ledger.histories.values()), "")
            headings = _headings_in_use(ledger)
            histories = {
                identifier: _unlabelled(self._gone(history, when), headings)
                if self.names(slug, identifier)
                else history
                for identifier, history in ledger.histories.items()
            }
            if len(wordings) < len(ledger.wordings) or histories != ledger.histories:
                anew[slug] = replace(ledger, histories=histories, wordings=wordings)
        return replace(plans, anew=anew)

    def cleared_review(self, lines: Iterable[ReviewLine], plans: Plans) -> tuple[ReviewLine, ...]:
        """The matches in doubt without those of passages that are gone, and without words of erased headings."""
        ledgers = plans.ledgers()
        present = plans.renamed()
        anew: list[ReviewLine] = []
        for line in lines:
            ends: list[str] = []
            for end in (line.from_, line.to):
                found = _PERMALINK.fullmatch(end)
                slug = present.get(found["slug"], found["slug"]) if found else ""
                named = found is not None and self.names(slug, found["id"])
                if found is None or not named:
                    ends.append(end)
                elif ledgers[slug].histories[found["id"]].stands:
                    headings = _headings_in_use(ledgers[slug])
                    ends.append(f"{found['before']}{_neutral(found['label'], headings)}{found['after']}")
            if len(ends) == 2:
                anew.append(msgspec.structs.replace(line, from_=ends[0], to=ends[1]))
        return tuple(anew)

    def namesakes(self, contents: Contents, cleared: Plans) -> tuple[str, ...]:
        """Other places that hold the few words of a short text: by chance, perhaps, so that a person must judge."""
        places: dict[str, None] = {}
        for content in contents.documents:
            document = content.document
            if any(map(self.texts.short_held_in, (document.title, *(one.title for one in document.sections)))):
                places[f"documents/{document.document}.md, in its title or a heading"] = None
            for record in content.records:
                if self.texts.short_held_in(record.text):
                    places[f"documents/{document.document}.md: {record.label}~{record.id}"] = None
        for slug, ledger in cleared.ledgers().items():
            for (identifier, number), wording in ledger.wordings.items():
                former = not _stands_in(ledger, identifier, number)
                if former and (self.texts.short_held_in(wording.text) or self.texts.hold(wording.text, 2)):
                    places[f"{slug}/{identifier}, in an earlier wording"] = None
        return tuple(places)

    def _clears(self, ledger: DocumentLedger, identifier: str, number: int) -> bool:
        if _stands_in(ledger, identifier, number):
            return False
        text = ledger.wordings[identifier, number].text
        return self.names(ledger.slug, identifier) or self.texts.held_in(text) or self.texts.hold(text)

    def _gone(self, history: History, when: str) -> History:
        if history.stands:
            return history  # other words stand under it: those cited before are erased
        last = history.last
        if last.why.startswith(TAKEN_DOWN) and self.why == TAKEN_DOWN:
            return history  # said before, perhaps with a reason
        if last.standing is Standing.GONE:
            return History(history.id, (*history.states[:-1], replace(last, why=self.why)))
        return History(
            history.id, (*history.states, State(last.number + 1, Standing.GONE, None, (), (), when, self.why, ()))
        )


def _meant(ledgers: Mapping[str, DocumentLedger], target: str) -> tuple[str, str | None]:
    """The present slug, and the id where not the whole document is meant."""
    name, _, identifier = target.partition("/")
    meanings: dict[str, tuple[str, str | None]] = {}
    if identifier:
        for slug in _present(ledgers, name):
            if identifier in ledgers[slug].histories:
                return slug, identifier
        raise UnknownTargetError(target)
    for slug in _present(ledgers, name):
        meanings[f"the document {slug}"] = (slug, None)
    if is_noid(name):
        for slug, ledger in ledgers.items():
            if name in ledger.histories:
                meanings[f"{slug}/{name}"] = (slug, name)
    if not meanings:
        raise UnknownTargetError(target)
    if len(meanings) > 1:
        raise AmbiguousTargetError(target, meanings)
    return next(iter(meanings.values()))


def _present(ledgers: Mapping[str, DocumentLedger], name: str) -> list[str]:
    """The documents that have this name, or had it."""
    if name in ledgers:
        return [name]
    return [slug for slug, ledger in ledgers.items() if name in ledger.formerly]


def _with_aliases(ledger: DocumentLedger, identifier: str) -> set[str]:
    """An id and those that were ever merged into it: their words were its own."""
    found = {identifier}
    while more := {
        history.id
        for history in ledger.histories.values()
        if history.id not in found
        and any(state.standing is Standing.MERGED and state.into[0] in found for state in history.states)
    }:
        found |= more
    return found


def _stands_in(ledger: DocumentLedger, identifier: str, number: int) -> bool:
    """Whether the wording of a state is the one that stands now."""
    history = ledger.histories[identifier]
    return history.stands and history.states[number - 1].digest == history.last.digest


def _headings_in_use(ledger: DocumentLedger) -> frozenset[str]:
    """What stands for a section in the labels of passages that stand."""
    return frozenset(
        heading_of(history.last.places[-1].label)
        for history in ledger.histories.values()
        if history.stands and history.last.places
    )


def _neutral(label: str, headings: frozenset[str]) -> str:
    return without_words(label) if tells_words(label) and heading_of(label) not in headings else label


def _unlabelled(history: History, headings: frozenset[str]) -> History:
    """The history without the words of headings that stand no more: they are text as well."""
    states = tuple(
        replace(state, places=tuple(replace(place, label=_neutral(place.label, headings)) for place in state.places))
        for state in history.states
    )
    return History(history.id, states) if states != history.states else history


def _standing(ledger: DocumentLedger, identifiers: Iterable[str]) -> Iterator[Wording]:
    for identifier in identifiers:
        wording = ledger.standing_wording(identifier)
        if ledger.histories[identifier].stands and wording is not None:
            yield wording


def _files(folder: Path) -> Iterator[Path]:
    """What a person may have written in a collection, and `import`; the ledgers are cleared otherwise."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if parts[0] not in ("permalinks", ".git") and path.is_file():
            yield path


# ---- the source


@dataclass(frozen=True, slots=True)
class SourceCut:
    """What --source takes out: files as they will be, None for those that go."""

    files: Mapping[Path, bytes | None]

    def names(self, folder: Path) -> frozenset[str]:
        """The files, as problems call them."""
        return frozenset(path.relative_to(folder).as_posix() for path in self.files)

    def carry_out(self) -> None:
        """Writes and deletes, so that it lasts."""
        for path, content in self.files.items():
            if content is None:
                path.unlink(missing_ok=True)
                fsync_path(path.parent)
            else:
                write_atomically(path, content)


def source_cut(takedown: Takedown, collection: Collection, readings: Mapping[str, Reading], plans: Plans) -> SourceCut:
    """What --source would take out of the files of *collection*. Touches nothing.

    A document that goes as a whole takes with it what `import` laid beside it. Raises CannotCutError, and
    UnreadableDocumentError for a document that cannot be read.
    """
    files: dict[Path, bytes | None] = {}
    for slug in takedown.documents:
        for suffix in (".md", ".md.new"):
            path = collection.folder / DOCUMENTS / f"{slug}{suffix}"
            if path.is_file():
                files[path] = None
    for file in collection.files:
        plan = plans.editions.get(file.slug)
        if file.slug in takedown.documents or file.slug not in takedown.ids or plan is None:
            continue
        positions = [at for at, identifier in enumerate(plan.ids) if takedown.names(file.slug, identifier)]
        if positions and readings[file.slug].document is not None:
            source = Source(beginning_of(file.path, MAX_FILE_BYTES + 1), file.name, file.slug, collection.source_types)
            files[file.path] = without_passages(source, positions)
    return SourceCut(files)
