"""Cuts a parsed Markdown tree into sections, passages and notes, each passage with the element it is rendered from."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, SubElement

from corpus.element_text import HEADINGS, LISTS, ElementText, LabelledCall, read_element, texts_of
from corpus.labels import Labels, section_number
from corpus.model import Call, Form, Kind, Pages, Passage, Section
from corpus.readers.markdown_tree import MARKER, Marker, Tree

_NUMBERED = re.compile(r"(?:(?P<number>\d{1,4}[a-z]?)\.|(?P<bracketed>\(?\d{1,3}[a-z]?\)))\s+(?=\S)")
# What opens an item of a lettered list: (a), a), iv), (12), الف), or a small letter with a stop.
_LETTERED = re.compile(
    r"(?:(?P<bracketed>\(?(?:\d{1,3}[a-z]?|[a-z]{1,2}|[ivxlc]{1,7}|[A-Z]|[IVXLC]{1,5}|الف|[آ-ی])\))"
    r"|(?P<number>[a-z]|[ivx]{2,5})\.(?!\s*[a-z]\.))\s+(?=\S)"
)


@dataclass(slots=True)
class Draft:
    """A passage being made; footnote calls still go by label."""

    form: Form
    element: Element
    text: str
    section: int | None
    kind: Kind
    pages: Pages | None
    calls: list[LabelledCall]
    stated_id: str | None
    number: str | None
    depth: int
    lead_in: int | None
    note: int | None = None  # which definition this is, counted as they stand in the file


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut up: `elements` are as long as `passages`, each holds what its passage shows."""

    title: str | None  # of the heading that is the document's title
    first_heading: str | None
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    elements: tuple[Element, ...]
    notes: tuple[int | None, ...]  # for each passage: which definition it is
    uncalled: tuple[int, ...]  # positions of notes that nothing calls
    lost_calls: tuple[str, ...]  # labels of calls that stand where no passage is
    repeated_ids: tuple[str, ...]


@dataclass(slots=True)
class _Cutter:
    markers: list[Marker]
    drafts: list[Draft] = field(default_factory=list)
    notes: list[Draft] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    title: str | None = None
    page: int | str | None = None
    waiting: list[LabelledCall] = field(default_factory=list)  # calls of headings, for the passage below
    section: int | None = None
    annex_level: int | None = None  # level of the heading that opened the annex we are in

    # ---- blocks in order

    def blocks(self, parent: Element, depth: int, quoted: bool, lead_in: int | None) -> None:
        before: int | None = lead_in
        for child in list(parent):
            tag = child.tag
            if tag in HEADINGS and depth == 0:
                self.heading(child)
                before = None
            elif tag in HEADINGS or tag == "p":
                self.paragraph(child, depth, quoted, before)
                if not quoted:
                    before = len(self.drafts) - 1 if self.drafts else None
            elif tag == "blockquote":
                self.blocks(child, depth + 1, True, before)
            elif tag in LISTS:
                self.items(child, depth, before)
            elif tag == "table":
                for row in child.iter("tr"):
                    self.add(Form.ROW, row, depth, before)
            elif tag == "pre":
                self.add(Form.CODE, child, depth, before)

    def heading(self, element: Element) -> None:
        found = self.read(element)
        title = found.text
        self.waiting += [replace(call, at=None) for call in found.calls]
        if element.get("role") == "title":
            self.title = title
            return
        if not title:
            return
        level = int(element.get("level", "1"))
        if self.annex_level is not None and level <= self.annex_level:
            self.annex_level = None
        if found.annex and self.annex_level is None:
            self.annex_level = level
        kind = Kind.ANNEX if self.annex_level is not None else Kind.BODY
        parent = self.section
        while parent is not None and self.sections[parent].level >= level:
            parent = self.sections[parent].parent
        self.sections.append(Section(section_number(title), title, level, kind, parent, 0))
        self.section = len(self.sections) - 1

    def paragraph(self, element: Element, depth: int, quoted: bool, lead_in: int | None) -> None:
        only = MARKER.fullmatch((element.text or "").strip())
        if only and not len(element) and self.markers[int(only[1])].kind == "code":
            self.add(Form.CODE, _code(self.markers[int(only[1])].value), depth, lead_in)
        elif quoted:
            self.add(Form.QUOTATION, element, depth, lead_in)
        elif element.find("br") is not None and not _has_loose_line_end(element):
            self.add(Form.VERSE, element, depth, None)
        else:
            self.add(Form.PARAGRAPH, element, depth, None)

    def items(self, parent: Element, depth: int, lead_in: int | None) -> None:
        for item in parent.findall("li"):
            own = Element("li")
            own.text = item.text
            inner: list[Element] = []
            for child in list(item):
                if child.tag in (*LISTS, "table", "pre") or self.is_code(child):
                    inner.append(child)
                    if own_tail := (child.tail or "").strip():
                        SubElement(own, "p").text = own_tail
                else:
                    own.append(child)
            self.add(Form.ITEM, own, depth + 1, lead_in, number=item.get("number"))
            nested = Element("div")
            nested.extend(inner)
            self.blocks(nested, depth + 1, False, len(self.drafts) - 1 if self.drafts else None)

    def is_code(self, element: Element) -> bool:
        only = MARKER.fullmatch((element.text or "").strip()) if element.tag == "p" and not len(element) else None
        return bool(only and self.markers[int(only[1])].kind == "code")

    def note(self, element: Element, which: int) -> None:
        # A note stands at the foot of whatever page calls it; its own page is the caller's, unless it says.
        outer, self.page = self.page, None
        self.add(Form.NOTE, element, 0, None, number=element.get("label", "").split("/", 1)[0], into=self.notes)
        if len(self.notes) and self.notes[-1].note is None:
            self.notes[-1].note = which
        self.page = outer

    def add(
        self,
        form: Form,
        element: Element,
        depth: int,
        lead_in: int | None,
        *,
        number: str | None = None,
        into: list[Draft] | None = None,
    ) -> None:
        found = self.read(element)
        drafts = self.drafts if into is None else into
        if not found.text.replace("|", "").strip():
            # Marks without a word of text: they belong to what stands before.
            if found.calls and drafts is self.drafts and drafts:
                drafts[-1].calls += [replace(call, at=len(drafts[-1].text)) for call in found.calls]
            elif found.calls:
                self.waiting += [replace(call, at=None) for call in found.calls]
            if into is None:
                return
        opening = _LETTERED if form is Form.ITEM else _NUMBERED
        numbered = form in (Form.PARAGRAPH, Form.QUOTATION, Form.ITEM)
        if number is None and numbered and (printed := opening.match(found.text)):
            number = printed["number"] or printed["bracketed"]
            found = found.without_start(printed.end())
            _drop_start(element, printed[0])
        calls = (self.waiting if into is None else []) + found.calls
        if into is None:
            self.waiting = []
        kind = Kind.ANNEX if self.annex_level is not None else Kind.BODY
        drafts.append(
            Draft(
                form, element, found.text, self.section, Kind.FOOTNOTE if into is not None else kind,
                found.pages, calls, found.stated_id, number, depth, lead_in,
            )
        )  # fmt: skip

    # ---- one passage

    def read(self, element: Element) -> ElementText:
        """The text, calls and markers of *element*, whose own text is rid of markers; turns the page."""
        found = read_element(element, self.markers, self.page)
        self.page = found.page_after
        return found


def _code(code: str) -> Element:
    pre = Element("pre")
    SubElement(pre, "code").text = code
    return pre


def _has_loose_line_end(element: Element) -> bool:
    """Whether a line of *element* ends otherwise than by a break that its author asked for."""
    pieces = [element.text or ""]
    for child in element:
        pieces.append(child.tail or "")
        pieces += [text for inner in child.iter() for text in (inner.text or "",)]
    return any("\n" in piece.strip("\n") for piece in pieces)


def _drop_start(element: Element, start: str) -> None:
    """Takes the printed number *start* off the element's first words: the reader shows it in its own place."""
    first = element
    while not (first.text or "").strip() and len(first) and first[0].tag == "p":
        first = first[0]
    if first.text and first.text.lstrip().startswith(start.rstrip()):
        first.text = first.text.lstrip()[len(start.rstrip()) :].lstrip()


def cut(tree: Tree, markers: list[Marker], document_title: str | None) -> Cut:
    """The sections and passages of *tree*. *document_title* is what the front matter says, None where it is silent."""
    headings = [child for child in tree.root if child.tag in HEADINGS]
    _settle_levels(tree.root, headings, markers, document_title)
    cutter = _Cutter(markers)
    notes = [child for child in tree.root if child.tag == "note"]
    for note in notes:
        tree.root.remove(note)
    cutter.blocks(tree.root, 0, False, None)
    for which, note in enumerate(notes):
        cutter.note(note, which)
    lost = tuple(call.label for call in cutter.waiting) if not cutter.drafts else ()
    if cutter.waiting and cutter.drafts:
        cutter.drafts[-1].calls += cutter.waiting
    first_heading = None
    if headings:
        first_heading = cutter.title or (cutter.sections[0].title if cutter.sections else None)
    return _assemble(cutter, first_heading, lost)


def _settle_levels(root: Element, headings: list[Element], markers: list[Marker], title: str | None) -> None:
    """Writes on each heading its level, and on the one that is the document's title its role.

    A heading is the title when it stands above everything else in the text and no other heading is as high; with a
    title in the front matter, only when it says the same.
    """
    if not headings:
        return
    levels = [HEADINGS[heading.tag] for heading in headings]
    first = headings[0]
    leads = next((child for child in root if child.tag not in ("hr", "note")), None) is first
    highest = levels[0] < min(levels[1:], default=7)
    printed = " ".join(MARKER.sub("", "".join(texts_of(first))).split())
    is_annex = any(
        markers[int(found[1])].kind == "annex" for text in first.itertext() for found in MARKER.finditer(text)
    )
    as_said = title is None or " ".join(title.split()).casefold() == printed.casefold()
    base = min(levels)
    if leads and highest and as_said and not is_annex:
        first.set("role", "title")
        base = min(levels[1:], default=base + 1)
    for heading, level in zip(headings, levels, strict=True):
        heading.set("level", str(max(level - base + 1, 1)))


def _assemble(cutter: _Cutter, first_heading: str | None, lost: tuple[str, ...]) -> Cut:
    """Puts the notes in the order first called, and turns labels into positions."""
    by_label: dict[str, deque[int]] = {}
    for index, note in enumerate(cutter.notes):
        by_label.setdefault(note.element.get("label", ""), deque()).append(index)
    pairing = {label: list(indexes) for label, indexes in by_label.items()}
    seen: dict[str, int] = {}

    def resolve(label: str) -> int:
        """Which definition a call of *label* means: with several, they are paired in order."""
        nth = seen.get(label, 0)
        seen[label] = nth + 1
        indexes = pairing[label]
        return indexes[min(nth, len(indexes) - 1)]

    order: list[int] = []
    placed: set[int] = set()
    targets: list[list[int]] = []

    def call_all(draft: Draft) -> None:
        found = [resolve(call.label) for call in draft.calls]
        targets.append(found)
        for call, index in zip(draft.calls, found, strict=True):
            note = cutter.notes[index]
            if note.pages is None and call.page is not None:
                note.pages = Pages(call.page, call.page)
            if index not in placed:
                placed.add(index)
                order.append(index)

    for draft in cutter.drafts:
        call_all(draft)
    at = 0
    uncalled_from: int | None = None
    while at < len(order) or len(order) < len(cutter.notes):
        if at == len(order):
            if uncalled_from is None:
                uncalled_from = at
            missing = next(index for index in range(len(cutter.notes)) if index not in placed)
            placed.add(missing)
            order.append(missing)
        call_all(cutter.notes[order[at]])
        at += 1

    drafts = cutter.drafts + [cutter.notes[index] for index in order]
    body = len(cutter.drafts)
    position_of = {index: body + place for place, index in enumerate(order)}
    callers: dict[int, list[int]] = {}
    for position, found in enumerate(targets):
        for index in found:
            listed = callers.setdefault(position_of[index], [])
            if not listed or listed[-1] != position:
                listed.append(position)
    for position in range(body, len(drafts)):
        first = callers.get(position, [None])[0]
        if first is not None:
            drafts[position].section = drafts[first].section

    labels = Labels(cutter.sections)
    ids: dict[str, int] = {}
    repeated: list[str] = []
    passages: list[Passage] = []
    for position, draft in enumerate(drafts):
        stated = draft.stated_id
        if stated is not None and stated in ids:
            repeated.append(stated)
            stated = None
        elif stated is not None:
            ids[stated] = position
        calls = tuple(
            Call(call.mark, position_of[index], call.at, heading=call.at is None)
            for call, index in zip(draft.calls, targets[position], strict=True)
        )
        passages.append(
            Passage(
                kind=draft.kind,
                form=draft.form,
                text=draft.text,
                number=draft.number,
                label=labels.note(draft.element.get("label", ""), position - body)
                if draft.kind is Kind.FOOTNOTE
                else labels.passage(draft.section),
                section=draft.section,
                pages=draft.pages,
                calls=calls,
                called_from=tuple(callers.get(position, ())),
                stated_id=stated,
                line=0,
                depth=draft.depth,
                lead_in=draft.lead_in,
            )
        )
        _write_targets(draft.element, [call.target for call in calls if not call.heading])
    uncalled = tuple(p for p in range(body, len(drafts)) if p not in callers)
    return Cut(
        title=cutter.title,
        first_heading=first_heading,
        sections=tuple(cutter.sections),
        passages=tuple(passages),
        elements=tuple(_shown(draft) for draft in drafts),
        notes=tuple(draft.note for draft in drafts),
        uncalled=uncalled,
        lost_calls=lost,
        repeated_ids=tuple(repeated),
    )


def _shown(draft: Draft) -> Element:
    """What the passage shows: `<passage form="...">` around inline content, blocks, or the cells of a row."""
    shown = Element("passage", {"form": draft.form.value})
    if draft.form is Form.CODE:
        shown.append(draft.element)
    else:
        shown.text = draft.element.text
        shown.extend(list(draft.element))
    return shown


def _write_targets(element: Element, targets: list[int]) -> None:
    remaining: Iterator[int] = iter(targets)
    for call in element.iter("call"):
        target = next(remaining, None)
        if target is not None:
            call.set("target", str(target))
