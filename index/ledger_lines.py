"""The lines of the ledger's three kinds of files: how they are written, read, checked and put together.

All files are JSON Lines in UTF-8. `permalinks/<slug>.jsonl`:

    {"slug": "report", "formerly": ["draft"]}       the first line, perhaps again after a merge
    {"id", "state", "is": "live", "label", "kind", "order", "digest", "when", "why"}
    {"id", "state", "is": "split", "into": [own id, part, ...], ...as live}
    {"id", "state", "is": "merged", "into": [survivor], "when", "why"}
    {"id", "state", "is": "doubled", "into": [ids], "when", "why"}
    {"id", "state", "is": "gone", "near": [ids], "when", "why"}
    {"id", "state", "place": 2, "label", "kind", "order", "when"}     the state's passage stands there now

`permalinks/wordings/<slug>.jsonl`: {"id", "state", "text", "salt" (hexadecimal)}.
`permalinks/review.jsonl`: {"id", "from", "to", "score", "decision": null, "same" or "gone"}, `from` and `to` being
permalinks: a lost passage and one that may be what became of it.

Every line but a person's decision is covered by its `sum`, five characters of a SHA-256, so that a flipped bit is
found. A line without one is accepted: people may write lines too. Neither the order of lines nor repeats matter; two
lines that say different things of one state are a clash and refused.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from corpus.model import Kind
from corpus.noid import is_noid
from corpus.problems import PinciteError
from index.ledger import DocumentLedger, History, Place, Standing, State, Wording, is_wording_of
from index.noid import in_alphabet, is_digest

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ORDER = re.compile(r"[0-9b-df-hj-kmnp-tv-xz]{1,512}")
_SALT = re.compile(r"([0-9a-f]{2}){8,64}")
_DECISIONS = (None, "same", "gone")
_REMEDY = "Take the file from version control, or run `pincite build --restore-ledger`."


class DamagedLedgerError(PinciteError):
    """A line of the ledger cannot be what was written there; *line* is 1-based, 0 where the whole file is meant."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{f'{path}:{line}' if line else path}: {message} {_REMEDY}")
        self.path = path
        self.line = line


class LedgerClashError(PinciteError):
    """Two lines say different things of one state of one id."""

    def __init__(self, path: str, line: int, other: int, identifier: str, state: int) -> None:
        super().__init__(
            f"{path}:{line}: state {state} of {identifier} was told otherwise in line {other}. "
            "Two copies of the collection went different ways: keep the line that fits the text and remove the other."
        )
        self.path = path
        self.line = line
        self.other = other


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line of a document's ledger."""

    slug: str
    formerly: tuple[str, ...] = ()
    sum: str | None = None


class StateLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A state of an id, or (without *standing*) a new place of a state's passage."""

    id: str
    state: int
    standing: Standing | None = msgspec.field(default=None, name="is")
    into: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    place: int = 1
    label: str | None = None
    kind: Kind | None = None
    order: str | None = None
    digest: str | None = None
    when: str = ""
    why: str | None = None
    sum: str | None = None

    def says(self) -> tuple[Standing | None, str | None, tuple[str, ...]]:
        """What must be the same in every line about one state."""
        return self.standing, self.digest, self.into


class WordingLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """The text of a state and its salt."""

    id: str
    state: int
    text: str
    salt: str
    sum: str | None = None


class ReviewLine(msgspec.Struct, frozen=True):
    """A match in doubt: is the passage at *to* what became of the one at *from_*? A person decides."""

    id: str
    from_: str = msgspec.field(name="from")
    to: str
    score: float
    decision: str | None = None
    sum: str | None = None


Lines = TypeVar("Lines", Header, StateLine, WordingLine, ReviewLine)


def written(line: Lines) -> bytes:
    """A line as it stands in a file, with its sum and the line's end."""
    return msgspec.json.encode(msgspec.structs.replace(line, sum=_sum(line))) + b"\n"


def _sum(line: Header | StateLine | WordingLine | ReviewLine) -> str:
    covered = msgspec.structs.replace(line, sum=None)
    if isinstance(covered, ReviewLine):
        covered = msgspec.structs.replace(covered, decision=None)
    return in_alphabet(int.from_bytes(hashlib.sha256(msgspec.json.encode(covered)).digest()[:8], "big"), 5)


def read_lines(data: bytes, path: str, kind: type[Lines]) -> Iterator[tuple[int, Lines]]:
    """The lines of one kind in a file, with their numbers; the header's kind and the others' are told apart by `slug`.

    Raises DamagedLedgerError for the first line that is no such line or does not fit its sum.
    """
    if data and not data.endswith(b"\n"):
        raise DamagedLedgerError(path, data.count(b"\n") + 1, "the last line has no end: the file was cut off.")
    for number, raw in enumerate(data.split(b"\n")[:-1], 1):
        if not raw.strip():
            continue
        if raw.startswith((b"<<<<<<<", b"=======", b">>>>>>>")):
            raise DamagedLedgerError(path, number, "a merge left its conflict marks here.")
        try:
            content = msgspec.json.decode(raw)
            if not isinstance(content, dict):
                raise DamagedLedgerError(path, number, "this is no JSON object.")
            if (kind is Header) != ("slug" in content) and kind in (Header, StateLine):
                continue
            line = msgspec.convert(content, kind)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
            raise DamagedLedgerError(path, number, f"this is no line of a ledger ({error}).") from error
        if line.sum is not None and line.sum != _sum(line):
            raise DamagedLedgerError(path, number, "the line does not fit its sum: it was altered or damaged.")
        if (fault := _fault(line)) is not None:
            raise DamagedLedgerError(path, number, fault)
        yield number, line


def _fault(line: Header | StateLine | WordingLine | ReviewLine) -> str | None:
    """What is impossible in a line, as a sentence."""
    if isinstance(line, Header):
        wrong = next((slug for slug in (line.slug, *line.formerly) if not _SLUG.fullmatch(slug)), None)
        return None if wrong is None else f"{wrong!r} is no name of a document."
    if not is_noid(line.id):
        return f"{line.id!r} is no id."
    if isinstance(line, ReviewLine):
        known = line.decision in _DECISIONS
        return None if known else f'the decision {line.decision!r} is none of null, "same" and "gone".'
    if line.state < 1:
        return f"states count from 1, and this is {line.state}."
    if isinstance(line, WordingLine):
        return None if _SALT.fullmatch(line.salt) else "the salt is not written in hexadecimal."
    return _fault_of_state(line)


def _fault_of_state(line: StateLine) -> str | None:
    if not _WHEN.fullmatch(line.when):
        return f"{line.when!r} is no time."
    if not all(is_noid(identifier) for identifier in (*line.into, *line.near)):
        return "it names what is no id."
    if line.standing in (None, Standing.LIVE, Standing.SPLIT):
        if line.label is None or not _SLUG.fullmatch(line.label):
            return f"{line.label!r} is no label."
        if line.place < 1 or (line.place == 1) != (line.standing is not None):
            return f"{line.place} is no number of a place."
        if line.kind is None or line.order is None or not _ORDER.fullmatch(line.order):
            return "kind or order is missing."
    if line.standing in (Standing.LIVE, Standing.SPLIT) and not is_digest(line.digest or "", full=True):
        return "the digest is missing or cut off."
    if line.standing is Standing.MERGED and (len(line.into) != 1 or line.into[0] == line.id):
        return "a merged id leads to exactly one other."
    if line.standing is Standing.SPLIT and (len(line.into) < 2 or line.into[0] != line.id):
        return "a split id leads to itself and to others."
    if line.standing is Standing.DOUBLED and (len(line.into) < 2 or line.id in line.into):
        return "a doubled id leads to several others."
    return None


def assemble(
    slug: str, states: bytes, wordings: bytes, *, path: str, wordings_path: str, forgive: bool = False
) -> DocumentLedger:
    """The ledger that two files tell of. The name of the file, *slug*, is the document's present one.

    Raises DamagedLedgerError or LedgerClashError. With *forgive*, what does not fit is left out instead: what a
    restoration starts from.
    """
    headers = _lenient(states, path, Header) if forgive else list(read_lines(states, path, Header))
    lines = _lenient(states, path, StateLine) if forgive else list(read_lines(states, path, StateLine))
    texts = (
        _lenient(wordings, wordings_path, WordingLine)
        if forgive
        else list(read_lines(wordings, wordings_path, WordingLine))
    )
    if not headers and not forgive:
        what = "there is no ledger, though there are wordings." if not states else "the first line is missing."
        raise DamagedLedgerError(path, 1, what)
    histories = _histories(lines, path, forgive=forgive)
    slugs = {name for _, header in headers for name in (header.slug, *header.formerly)}
    return DocumentLedger(
        slug,
        tuple(sorted(slugs - {slug})),
        histories,
        _wordings(texts, histories, wordings_path, forgive=forgive),
    )


def _lenient(data: bytes, path: str, kind: type[Lines]) -> list[tuple[int, Lines]]:
    found: list[tuple[int, Lines]] = []
    for number, raw in enumerate(data.split(b"\n"), 1):
        try:
            found += [(number, line) for _, line in read_lines(raw + b"\n", path, kind)]
        except DamagedLedgerError:
            continue  # what a restoration is for: the lines that remain are joined with a generation's copy
    return found


def _histories(lines: list[tuple[int, StateLine]], path: str, *, forgive: bool) -> dict[str, History]:
    told: dict[tuple[str, int], list[tuple[int, StateLine]]] = defaultdict(list)
    places: dict[tuple[str, int], set[Place]] = defaultdict(set)
    first_line: dict[str, int] = {}
    for number, line in lines:
        first_line.setdefault(line.id, number)
        key = (line.id, line.state)
        if line.standing is not None:
            if told[key] and told[key][0][1].says() != line.says():
                if forgive:
                    continue
                raise LedgerClashError(path, number, told[key][0][0], line.id, line.state)
            told[key].append((number, line))
        if line.label is not None and line.kind is not None and line.order is not None:
            places[key].add(Place(line.place, line.label, line.kind.value, line.order, line.when))
    numbers: dict[str, list[int]] = defaultdict(list)
    for identifier, state in told.keys() | places.keys():
        numbers[identifier].append(state)
    histories: dict[str, History] = {}
    for identifier in first_line:
        states: list[State] = []
        for state in range(1, max(numbers[identifier]) + 1):
            if not told.get((identifier, state)):
                break
            states.append(_state(told[identifier, state], places.get((identifier, state), set())))
        if len(states) < max(numbers[identifier]) and not forgive:
            lost = f"state {len(states) + 1} of {identifier} is missing."
            raise DamagedLedgerError(path, first_line[identifier], lost)
        if states and states[0].stands:
            histories[identifier] = History(identifier, tuple(states))
        elif not forgive:
            raise DamagedLedgerError(path, first_line[identifier], f"{identifier} never stood in any edition.")
    if not forgive:
        for history in histories.values():
            if not set(history.last.into) <= histories.keys():
                raise DamagedLedgerError(path, first_line[history.id], f"{history.id} leads to an id that is missing.")
    return histories


def _state(lines: Iterable[tuple[int, StateLine]], places: set[Place]) -> State:
    """One state from all lines about it: the earliest that told it says when and why."""
    first = min((line for _, line in lines), key=lambda line: (line.when, line.why or "", line.near))
    return State(
        first.state,
        first.standing or Standing.LIVE,
        first.digest,
        first.into,
        first.near,
        first.when,
        first.why or "",
        tuple(sorted(places, key=lambda place: (place.number, place.when, place.label, place.order, place.kind))),
    )


def _wordings(
    lines: list[tuple[int, WordingLine]], histories: dict[str, History], path: str, *, forgive: bool
) -> dict[tuple[str, int], Wording]:
    found: dict[tuple[str, int], Wording] = {}
    seen: dict[tuple[str, int], int] = {}
    for number, line in lines:
        key = (line.id, line.state)
        wording = Wording(line.text, bytes.fromhex(line.salt))
        history = histories.get(line.id)
        if history is None or line.state > len(history.states):
            if not forgive:
                raise DamagedLedgerError(
                    path, number, f"the ledger lacks state {line.state} of {line.id}, whose wording is here."
                )
        elif key in found:
            if wording != found[key] and not forgive:
                raise LedgerClashError(path, number, seen[key], line.id, line.state)
        elif not is_wording_of(wording, history.states[line.state - 1].digest or ""):
            if not forgive:
                raise DamagedLedgerError(path, number, "text and salt do not fit the digest in the ledger.")
        else:
            found[key] = wording
            seen[key] = number
    return found


def lines_of(ledger: DocumentLedger) -> tuple[list[StateLine], list[WordingLine]]:
    """A whole ledger as lines, by id: what a restoration writes and a generation keeps."""
    states: list[StateLine] = []
    wordings: list[WordingLine] = []
    for identifier, history in sorted(ledger.histories.items()):
        for state in history.states:
            states.append(state_line(identifier, state))
            states += [place_line(identifier, state.number, place) for place in state.places[1:]]
            if (wording := ledger.wordings.get((identifier, state.number))) is not None:
                wordings.append(WordingLine(identifier, state.number, wording.text, wording.salt.hex()))
    return states, wordings


def state_line(identifier: str, state: State) -> StateLine:
    """The line that tells a state, with its first place."""
    line = StateLine(
        identifier,
        state.number,
        state.standing,
        state.into,
        state.near,
        digest=state.digest,
        when=state.when,
        why=state.why,
    )
    if not state.places:
        return line
    first = state.places[0]
    return msgspec.structs.replace(line, label=first.label, kind=Kind(first.kind), order=first.order)


def place_line(identifier: str, state: int, place: Place) -> StateLine:
    """The line that tells where the passage of a state stands since *place*."""
    return StateLine(
        identifier,
        state,
        place=place.number,
        label=place.label,
        kind=Kind(place.kind),
        order=place.order,
        when=place.when,
    )


def extended(
    ledger: DocumentLedger, slug: str, states: Sequence[StateLine], wordings: Sequence[WordingLine]
) -> DocumentLedger:
    """The ledger with lines added: what reading it again would give."""
    if not states and not wordings:
        return ledger
    before, _ = lines_of(ledger)
    path = f"permalinks/{slug}.jsonl"
    histories = _histories(list(enumerate([*before, *states], 1)), path, forgive=False)
    added = {(line.id, line.state): Wording(line.text, bytes.fromhex(line.salt)) for line in wordings}
    return DocumentLedger(slug, ledger.formerly, histories, {**ledger.wordings, **added})
