"""A cited passage on a page of its own: the verdict on its words, what changed, and how to cite it now."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from index.record import DocumentRecord, PassageRecord
from index.snapshot import Snapshot
from search.differences import Change, Piece
from search.landings import Landing, Stand, Verdict
from web import links
from web.citations import sentence, where
from web.directions import direction, isolated
from web.labels import Edition, Labels, PathStep, cut, passage_html, path_to
from web.wording import counted, date_said, listed, months_said, number_said, page_said, place_said

_HEADINGS = {
    Verdict.GONE: "Gone from this edition",
    Verdict.MERGED: "Joined with another passage",
    Verdict.SPLIT: "Split since it was cited",
    Verdict.REWORDED: "Reworded since it was cited",
    Verdict.MOVED: "Moved, its words unchanged",
    Verdict.SAME: "Same as cited",
    Verdict.MISTYPED: "This address is mistyped",
    Verdict.UNKNOWN: "No passage was ever given this address",
}
_STATUSES = {Verdict.GONE: 410, Verdict.MISTYPED: 404, Verdict.UNKNOWN: 404}
_SHORT = 160


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A footnote beside the passage that calls it."""

    id: str
    number: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a passage that was split."""

    id: str
    html: Markup
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that reads alike."""

    place: str
    address: str
    text: Markup


@dataclass(frozen=True)
class PermalinkPage:
    """One passage under the address that was followed. Without a *record* nothing stands to be shown."""

    pinpoint: str
    status: int
    heading: str
    sentences: list[str]
    document: DocumentRecord | None
    record: PassageRecord | None
    html: Markup
    path: list[PathStep]
    page: str
    about: list[Markup]
    notes: list[NoteShown]
    calling: Markup
    aliases: list[str]
    difference: Markup
    direction: Markup
    parts: list[Part]
    wordings: list[tuple[str, Markup]]
    candidates: list[Candidate]
    in_context: str
    previous: str
    following: str
    canonical: str
    citation: Markup
    cited_address: str
    original: str  # where the original can be read, "" where that is not known
    document_title: str
    document_address: str

    @property
    def number(self) -> str:
        """The printed number of a paragraph or item, as it opens its words."""
        return number_said(self.record.number) if self.record and self.record.number else ""

    @property
    def title(self) -> str:
        """The verdict first: it is what a reader with twenty tabs looks for."""
        place = f": {self.document.title}, {where(self.record, self.document)}" if self.record and self.document else ""
        return f"{self.heading}{place}"

    @classmethod
    def of(
        cls,
        landing: Landing,
        pinpoint: str,
        snapshot: Snapshot,
        labels: Labels,
        edition: Edition,
        site_url: str,
    ) -> PermalinkPage:
        """The page for *landing*, in the words of *snapshot*."""
        record = document = None
        position: int | None = None
        if landing.now is not None:
            position = snapshot.position_of(landing.now.document, landing.now.id)
            if position is not None:
                record = snapshot.record(position)
                document = snapshot.document(record.document)
        if document is None and landing.document is not None:
            document = snapshot.document(landing.document)
        shown = document is not None and record is not None and position is not None
        aliases = [landing.id] if record is not None and landing.id not in (None, record.id) else []
        return cls(
            pinpoint=pinpoint,
            status=_STATUSES.get(landing.verdict, 200),
            heading=_heading(landing),
            sentences=_sentences(landing),
            document=document,
            record=record,
            html=Markup(passage_html(snapshot, document, position))
            if document and position is not None
            else Markup(""),
            path=_path(document, record) if document and record else [],
            page=page_said(record.page) if record else "",
            about=_about(record, labels) if record else [],
            notes=_notes(record, document, snapshot) if record and document else [],
            calling=_calling(record, snapshot) if record else Markup(""),
            aliases=[alias for alias in aliases if alias],
            difference=_difference(landing),
            direction=direction(record.text) if record else Markup(""),
            parts=_parts(landing, snapshot),
            wordings=_wordings(landing),
            candidates=[_candidate(stand, snapshot) for stand in landing.candidates],
            in_context=links.in_document(record.document, record.id) if record else "",
            previous=_neighbour(snapshot, position, -1),
            following=_neighbour(snapshot, position, 1),
            canonical=record.permalink if record else "",
            citation=isolated(sentence(record, document, edition)) if shown and record and document else Markup(""),
            cited_address=links.absolute(site_url, record.permalink) if record else "",
            original=links.original(document.address) if document else "",
            document_title=document.title if document else "All documents",
            document_address=links.document(document.document) if document else links.DOCUMENTS,
        )


def _path(document: DocumentRecord, record: PassageRecord) -> list[PathStep]:
    whole = PathStep(isolated(cut(document.title)), links.document(document.document))
    return [whole, *path_to(document, record)]


def _heading(landing: Landing) -> str:
    if landing.verdict is Verdict.SAME and landing.cited is None:
        return "The passage as it stands"
    if landing.verdict is Verdict.REWORDED and landing.typography_alone:
        return "Same words, other typography"
    if landing.verdict is Verdict.REWORDED and landing.cited is not None and landing.cited.since is None:
        # Nothing is known to have changed: the address may as well have been copied wrong.
        return "Not a wording known here"
    return _HEADINGS[landing.verdict]


def _sentences(landing: Landing) -> list[str]:
    said = [landing.reason]
    if landing.when:
        day = landing.when[:10]
        said = [landing.reason.replace(f"since {day}", f"since {date_said(day)}")]
    pieces = landing.differences()
    if landing.verdict is Verdict.REWORDED and pieces:
        out, came = (
            sum(len(piece.text.split()) for piece in pieces if piece.change is change)
            for change in (Change.OUT, Change.IN)
        )
        said.append(f"{counted(out, 'word')} taken out, {came:,} put in.")
    others = [str(change) for change in landing.changes if change is not landing.verdict]
    if others:
        said.append(f"It was also {listed(others)}.")
    if landing.cited is not None and landing.cited.since and landing.verdict is not Verdict.SAME:
        since, until = landing.cited.since[:10], (landing.cited.until or "")[:10]
        if since == until:
            said.append(f"The wording cited stood on {date_said(since)}, for less than a day.")
        else:
            upto = f" until {date_said(until)}" if until else ""
            said.append(f"The wording cited stood from {date_said(since)}{upto}.")
    return said


def _difference(landing: Landing) -> Markup:
    """The two wordings in one, word by word, where they differ."""
    if Verdict.REWORDED not in landing.changes or landing.verdict not in (Verdict.REWORDED, Verdict.MOVED):
        return Markup("")
    return Markup("").join(_piece(piece) for piece in landing.differences())


def _piece(piece: Piece) -> Markup:
    if piece.change is Change.SAME:
        return isolated(piece.text)
    words = piece.text.strip()
    before, _, after = piece.text.partition(words) if words else ("", "", piece.text)
    tag = "del" if piece.change is Change.OUT else "ins"
    # A blank at the end stays outside: a line under nothing would look like a word.
    return Markup("{0}<{1}>{2}</{1}>{3}").format(before, tag, isolated(words or after), after if words else "")


def _wordings(landing: Landing) -> list[tuple[str, Markup]]:
    """The wordings alone, each under what it is."""
    if landing.verdict is Verdict.SAME or landing.cited is None or landing.cited.text is None:
        return []
    since = f" (since {date_said(landing.cited.since[:10])})" if landing.cited.since else ""
    said = [(f"As cited, alone{since}", isolated(landing.cited.text))]
    if landing.now is not None and landing.now.text != landing.cited.text:
        said.append((f"As it stands, alone (since {date_said(landing.now.since[:10])})", isolated(landing.now.text)))
    return said


def _about(record: PassageRecord, labels: Labels) -> list[Markup]:
    said = [
        isolated(months_said(record.months)),
        labels.officials_linked(record),
        isolated(labels.source_types(record.source_types)),
    ]
    return [one for one in said if one]


def _notes(record: PassageRecord, document: DocumentRecord, snapshot: Snapshot) -> list[NoteShown]:
    shown = []
    for note in dict.fromkeys(call.id for call in record.calls):
        position = snapshot.position_of(record.document, note)
        if position is not None:
            number = snapshot.record(position).number or ""
            shown.append(NoteShown(note, number, Markup(passage_html(snapshot, document, position))))
    return shown


def _calling(record: PassageRecord, snapshot: Snapshot) -> Markup:
    """For a footnote, the passage that calls it, up to the mark."""
    for caller in record.called_from[:1]:
        position = snapshot.position_of(record.document, caller)
        if position is None:
            continue
        calling = snapshot.record(position)
        at = next((call.at for call in calling.calls if call.id == record.id), None)
        before = calling.text[:at] if at is not None else ""
        if len(before) > 2 * _SHORT:
            before = "[…] " + before[-2 * _SHORT :].partition(" ")[2]
        return isolated(before)
    return Markup("")


def _parts(landing: Landing, snapshot: Snapshot) -> list[Part]:
    parts = []
    for stand in landing.ends[1:]:
        position = snapshot.position_of(stand.document, stand.id)
        document = snapshot.document(stand.document)
        if position is not None and document is not None:
            record, html = snapshot.record(position), passage_html(snapshot, document, position)
            parts.append(Part(stand.id, Markup(html), place_said(record), record.permalink))
    return parts


def _candidate(stand: Stand, snapshot: Snapshot) -> Candidate:
    document = snapshot.document(stand.document)
    title = document.title if document else stand.document
    text = stand.text if len(stand.text) <= _SHORT else stand.text[:_SHORT].rsplit(" ", 1)[0] + " […]"
    return Candidate(f"{title}, {stand.label}", stand.permalink, isolated(text))


def _neighbour(snapshot: Snapshot, position: int | None, step: int) -> str:
    """The permalink of the passage before or after in the same document, "" where there is none."""
    if position is None or not 0 <= position + step < snapshot.passage_count:
        return ""
    here, there = snapshot.record(position), snapshot.record(position + step)
    return there.permalink if there.document == here.document else ""
