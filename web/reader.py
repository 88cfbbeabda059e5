"""A document as one page: headings, passages, and beside each passage the notes that it calls.

The page is put together from strings once a generation and document, and kept; a request that marks words replaces only
the passages that have them. A template would take a second for three thousand passages, this some milliseconds.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from index.record import DateFlagRecord, DocumentRecord, PassageRecord, ReferenceRecord
from index.snapshot import Snapshot
from web import links
from web.directions import direction, isolated, leans_right
from web.highlighting import mark_html
from web.labels import Labels
from web.render import anchor_calls, link_calls, row_cells
from web.wording import date_said, month_name, months_said, number_said, page_said, place_said

KEPT_DOCUMENTS = 16  # pages kept in memory, the last read ones
CLAMP_ABOVE = 200  # characters: in a crowded margin a longer note shows its first lines until it is chosen
CROWDED = 1.6  # times as many characters of notes as of text, above which a margin is crowded
DEEPEST_INDENT = 4

Spans = Mapping[int, Sequence[tuple[int, int]]]  # position in the generation -> half-open pieces of its text


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """A document's page in pieces: *parts* joined are the page; *slots* say which of them is which passage's own."""

    contents: Markup
    parts: tuple[str, ...]
    slots: Mapping[int, int]
    text: Callable[[int], str]

    def body(self, spans: Spans) -> Markup:
        """The text of the document, with the words at *spans* marked."""
        if not spans:
            return Markup("".join(self.parts))
        parts = list(self.parts)
        for position, pieces in spans.items():
            if position in self.slots:
                slot = self.slots[position]
                parts[slot] = mark_html(parts[slot], self.text(position), pieces)
        return Markup("".join(parts))


class ReaderPages:
    """The pages of one generation, put together when first asked for."""

    def __init__(
        self, snapshot: Snapshot, labels: Labels, aliases: Callable[[DocumentRecord], Mapping[str, Sequence[str]]]
    ) -> None:
        self._snapshot = snapshot
        self._aliases = aliases
        self._labels = labels
        self._pages: OrderedDict[str, ReaderPage] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def asked(self) -> list[str]:
        """The documents whose pages are ready, the one asked for last first."""
        with self._lock:
            return list(reversed(self._pages))

    def page(self, document: DocumentRecord) -> ReaderPage:
        """The page of *document*."""
        with self._lock:
            if document.document in self._pages:
                self._pages.move_to_end(document.document)
                return self._pages[document.document]
        page = _Assembly(self._snapshot, self._labels, document, self._aliases(document)).page()
        with self._lock:
            self._pages[document.document] = page
            while len(self._pages) > KEPT_DOCUMENTS:
                self._pages.popitem(last=False)
        return page


@dataclass(slots=True)
class _Assembly:
    """One page being put together."""

    snapshot: Snapshot
    labels: Labels
    document: DocumentRecord
    aliases: Mapping[str, Sequence[str]]  # id -> ids that were joined with it
    parts: list[str] = field(default_factory=list)
    slots: dict[int, int] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)  # how often each note has been called so far
    placed: set[str] = field(default_factory=set)
    headings: int = 0  # sections whose heading is written
    places: dict[str, int] = field(default_factory=dict)  # id -> position
    records: dict[int, PassageRecord] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def page(self) -> ReaderPage:
        first, last = self.document.first, self.document.first + self.document.passages
        for position in range(first, last):
            record = self.snapshot.record(position)
            self.records[position] = record
            self.places[record.id] = position
            self.ids.append(record.id)
        wrapped = ""
        page_before: object = None
        for position, record in self.records.items():
            if record.kind == "footnote":
                continue
            wrapper = self._wrapper(record)
            if wrapper != wrapped or self._begins_section(record) or self._heads_table(position, record):
                self.parts.append(_CLOSING[wrapped])
                self._write_headings(record)
                # A table, and the mark of a list item, stand as their words read.
                self.parts.append(_OPENING[wrapper].format(_from_the_right(record)))
                wrapped = wrapper
            new_page = record.page is not None and record.page.first != page_before
            if record.page is not None:
                page_before = record.page.last
            if wrapper == "rows":
                self._write_row(position, record)
            else:
                self._write_passage(position, record, new_page)
        self.parts.append(_CLOSING[wrapped])
        self._write_headings(None)
        self._write_uncalled()
        return ReaderPage(self._contents(), tuple(self.parts), self.slots, self.snapshot.text)

    # ---- headings

    def _begins_section(self, record: PassageRecord) -> bool:
        return record.section_at is not None and record.section_at >= self.headings

    def _heads_table(self, position: int, record: PassageRecord) -> bool:
        """Whether the passage is a row of headings: of two tables that follow one another the second begins there."""
        return record.form == "row" and (row_cells(self.snapshot.html(position)) or "").startswith("<th")

    def _write_headings(self, record: PassageRecord | None) -> None:
        """Every heading up to that of *record*, also of sections without a passage; all that are left for None."""
        if record is None:
            upto = len(self.document.sections)
        else:
            upto = 0 if record.section_at is None else record.section_at + 1
        while self.headings < upto:
            at = self.headings
            section = self.document.sections[at]
            tag = f"h{min(section.level + 1, 6)}"
            marks = ""
            if record is not None and at == record.section_at:
                marks = "".join(
                    f'<a class="call" id="{self._call(call.id)}" href="#{links.passage_anchor(call.id)}">'
                    f"{escape(call.note)}</a>"
                    for call in record.calls
                    if call.heading
                )
            title = isolated(section.title)
            self.parts.append(
                f'<{tag} id="{links.section_anchor(at)}"{direction(section.title)}>{title}{marks}</{tag}>\n'
            )
            self.headings += 1

    def _contents(self) -> Markup:
        out: list[str] = []
        depth = 0
        for at, section in enumerate(self.document.sections):
            level = 1
            parent = section.parent
            while parent is not None:
                level += 1
                parent = self.document.sections[parent].parent
            if level > depth:
                out.append("<ol>" * (level - depth))
            else:
                out.append("</li>" + "</ol></li>" * (depth - level))
            depth = level
            out.append(f'<li><a href="#{links.section_anchor(at)}">{isolated(section.title)}</a>')
        out.append("</li></ol>" * depth)
        return Markup("".join(out))

    # ---- passages

    def _wrapper(self, record: PassageRecord) -> str:
        return {"item": "items", "row": "rows"}.get(record.form, "")

    def _own(self, position: int, record: PassageRecord, html: str) -> None:
        """The passage's own HTML, into a part of its own, with its slips underlined and its marks anchored."""
        slips = [(flag.at, flag.at + len(flag.printed)) for flag in record.date_flags]
        if slips:
            html = mark_html(html, record.text, (), slips)
        self.slots[position] = len(self.parts)
        self.parts.append(anchor_calls(html, self._call))

    def _html(self, position: int) -> str:
        return link_calls(self.snapshot.html(position), self.ids)

    def _call(self, note: str) -> str:
        self.calls[note] += 1
        return links.call_anchor(note, self.calls[note])

    def _write_passage(self, position: int, record: PassageRecord, new_page: bool) -> None:
        item = record.form == "item"
        tag = "li" if item else "div"
        indent = min(record.depth, DEEPEST_INDENT)
        classes = "passage" + (" item" if item else "") + (f" d{indent}" if item and indent > 1 else "")
        anchor = links.passage_anchor(record.id)
        place = place_said(record)
        self.parts.append(
            f'<{tag} class="{classes}" id="{anchor}"><a class="pin" href="#{anchor}">'
            f'<span aria-hidden="true">¶</span>{place.rpartition(" ")[2]}'
            f'<span class="vh">, {place}: link, cite, about</span></a><div class="said"{_from_the_right(record)}>'
        )
        self._write_aliases(record)
        if record.number is not None:
            self.parts.append(f'<span class="number">{escape(number_said(record.number))}</span>')
        elif item:
            self.parts.append('<span class="number dot" aria-hidden="true"></span>')
        self._own(position, record, self._html(position))
        self.parts.append("</div>")
        self._write_side(record, page_said(record.page) if new_page else "")
        self.parts.append(self._tools(record))
        self.parts.append(f"</{tag}>\n")

    def _write_aliases(self, record: PassageRecord) -> None:
        for alias in self.aliases.get(record.id, ()):
            self.parts.append(f'<span id="{links.passage_anchor(alias)}"></span>')

    def _write_row(self, position: int, record: PassageRecord) -> None:
        """A row of a table, its sign inside its first cell; what belongs beside it in a row of its own below.

        A cell more for the notes would make every table too wide for a telephone.
        """
        html = self._html(position)
        anchor = links.passage_anchor(record.id)
        cells = row_cells(html) or f"<td>{html}</td>"
        inside = cells.index(">") + 1  # no attribute of ours holds the sign
        place = place_said(record)
        self.parts.append(
            f'<tr id="{anchor}">{cells[:inside]}<a class="pin" href="{escape(record.permalink)}">'
            f'<span aria-hidden="true">¶</span>{place.rpartition(" ")[2]}'
            f'<span class="vh">, {place}: cite, about</span></a>'
        )
        self._own(position, record, cells[inside:])
        self.parts.append("</tr>\n")
        width = cells.count("<td") + cells.count("<th")
        self._write_side(record, "", f'<tr class="beside"><td colspan="{width}">', "</td></tr>\n")

    def _tools(self, record: PassageRecord) -> str:
        return (
            f'<div class="tools"><p class="set"><b>In context</b><a href="{escape(record.permalink)}">'
            f"Individually, with its citation</a></p>{self._about(record)}</div>"
        )

    def _about(self, record: PassageRecord) -> str:
        """What the passage is about, in a line."""
        said = [escape(months_said(record.months)), self.labels.officials_linked(record)]
        said.append(escape(self.labels.source_types(record.source_types)))
        facts = "".join(f"<span>{one}</span>" for one in said if one)
        return f'<p class="soft dots">{facts}</p>' if facts else ""

    # ---- the margin

    def _write_side(self, record: PassageRecord, page: str, before: str = "", after: str = "") -> None:
        """What stands beside a passage, between *before* and *after*; nothing at all where there is nothing."""
        notes = self._notes_of(record)
        slips = [self._slip(flag) for flag in record.date_flags]
        if not (notes or slips or page):
            return
        self.parts.append(f'{before}<div class="side">')
        if page:
            self.parts.append(f'<p class="soft page">{escape(page)}</p>')
        self.parts.extend(slips)
        long = sum(len(self.records[position].text) for position in notes)
        crowded = long > CROWDED * len(record.text)
        for position in notes:
            self._write_note(position, crowded)
        self.parts.append(f"</div>{after}")

    def _notes_of(self, record: PassageRecord) -> list[int]:
        """The notes that *record* is the first to call, and those that these call, in order of reading."""
        found: list[int] = []
        waiting = [call.id for call in record.calls]
        while waiting:
            note = waiting.pop(0)
            if note in self.placed or note not in self.places:
                continue
            self.placed.add(note)
            found.append(self.places[note])
            waiting.extend(call.id for call in self.records[found[-1]].calls)
        return found

    def _write_note(self, position: int, crowded: bool) -> None:
        record = self.records[position]
        clamp = " clamp" if crowded and len(record.text) > CLAMP_ABOVE else ""
        anchor = links.passage_anchor(record.id)
        back = f"#{links.call_anchor(record.id)}" if record.called_from else f"#{anchor}"
        number = escape(record.number or "")
        self.parts.append(
            f'<div class="note{clamp}" id="{anchor}"><a class="back" href="{back}"'
            f' aria-label="Note {number}, back to the text">{number}</a><div class="body"{_from_the_right(record)}>'
        )
        self._write_aliases(record)
        self._own(position, record, self._html(position))
        self.parts.append("</div>")
        if clamp:
            self.parts.append(f'<a class="cut own" href="#{anchor}">all of note {number}</a>')
        self.parts.extend(self._slip(flag) for flag in record.date_flags)
        self.parts.extend(self._meant(reference) for reference in record.refers_to)
        self.parts.append(
            f'<div class="tools"><p class="set"><a href="{escape(record.permalink)}">Individually, with its citation'
            f"</a></p>{self._about(record)}</div></div>"
        )

    def _slip(self, flag: DateFlagRecord) -> str:
        month = month_name(flag.read_as[:7])
        return (
            f'<p class="ed"><b>Printed so:</b> {isolated(flag.printed)}. Read as {date_said(flag.read_as)}: '
            f"{isolated(flag.evidence.rstrip('. '))}. Found under {month}, as possible.</p>"
        )

    def _meant(self, reference: ReferenceRecord) -> str:
        """The full citation behind a short form, folded, with the doubt where there is one."""
        position = self.places.get(reference.id or "")
        if position is None or reference.note is None:
            return ""
        doubt = "Perhaps note" if reference.certainty == "doubtful" else "Short for note"
        rivals = f" Or note {escape(', '.join(reference.rivals))}." if reference.rivals else ""
        target = self.records[position]
        return (
            f'<details class="own"><summary>{doubt} {escape(reference.note)}</summary>'
            f'<p>{isolated(target.text)}</p><p class="soft"><a href="#{links.passage_anchor(target.id)}">'
            f"Note {escape(reference.note)}</a>: {isolated(reference.reason)}.{rivals}</p></details>"
        )

    def _write_uncalled(self) -> None:
        left = [
            position
            for position, record in self.records.items()
            if record.kind == "footnote" and record.id not in self.placed
        ]
        if not left:
            return
        self.parts.append('<h2 id="uncalled">Notes that no mark calls</h2>')
        for position in left:
            self.parts.append('<div class="passage">')
            self._write_note(position, False)
            self.parts.append("</div>")


def _from_the_right(record: PassageRecord) -> str:
    """The attribute of what holds a passage that reads from the right."""
    return ' dir="rtl"' if leans_right(record.text) else ""


_OPENING = {
    "": "",
    "items": '<ul class="items">',
    "rows": '<div class="passage"><div class="said sheet"{}><table><tbody>',
}
_CLOSING = {"": "", "items": "</ul>\n", "rows": "</tbody></table></div></div>\n"}


def marked_passages(page: ReaderPage, spans: Spans) -> list[int]:
    """The positions of the passages with marks that the page shows, in order."""
    return sorted(position for position, pieces in spans.items() if pieces and position in page.slots)
