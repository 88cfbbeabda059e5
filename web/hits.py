"""The hits of a page as HTML, under their documents. Written here and not by a template: there may be a hundred.

What is the same on every page of a generation, such as titles and headings, is written once and kept, within bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from index.record import MonthsRecord, PassageRecord
from index.snapshot import Snapshot
from search.results import By, Fragment, Hit, Reason
from search.selection import FacetName
from web import links
from web.directions import direction_attributes, isolated
from web.highlighting import mark
from web.labels import Labels, PathStep, document_facts, headings_above
from web.ways import Ways
from web.wording import counted, months_said, page_said, place_said

_UNBROKEN = "\N{NO-BREAK SPACE}"
SHOWN_PER_DOCUMENT = 3  # hits of one document that stand open; the others on the page are one click away
KEPT = 4_096  # documents, and sections, of which what is shown above a hit is kept

_REASONS = {
    By.WORD: "as typed",
    By.STEM: "same stem as",
    By.SPELLING: "another spelling of",
    By.NAME: "the same name as",
    By.SCRIPT: "in another script for",
    By.SYMBOL: "the same symbol as",
    By.SHORT_FORM: "the short form of",
    By.MONTH: "the month",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What the hits of one page have in common. *marks* follows the address of a document (`links.marks`)."""

    ways: Ways
    marks: str
    private: bool
    documents: tuple[str, ...]  # those that the search is narrowed to


class HitPages:
    """Writes the hits of one generation."""

    def __init__(self, snapshot: Snapshot, labels: Labels) -> None:
        self._snapshot = snapshot
        self._labels = labels
        self._document = lru_cache(KEPT)(self._write_document)
        self._headings = lru_cache(KEPT)(self._write_headings)
        self._types = lru_cache(KEPT)(self._write_types)

    def told(self, hits: Sequence[Hit], around: Around) -> Markup:
        """The documents with hits, in the order of the best; of each its hits."""
        by_document: dict[str, list[Hit]] = {}
        for hit in hits:
            by_document.setdefault(hit.record.document, []).append(hit)
        marks = escape(around.marks)
        before, after = around.ways.around(FacetName.DOCUMENT)
        out: list[str] = []
        for slug, here in by_document.items():
            address, title, facts = self._document(slug)
            only = ""
            if slug not in around.documents:
                only = f'<span class="way-on">{_go(f"{before}{links.quoted(slug)}{after}", around.private)}</span>'
            out.append(
                f'<article class="doc">\n<h2 class="title"><a href="{address}{marks}">{title}</a></h2>\n'
                f'<p class="soft dots">{facts}<span>{len(here)} on this page</span>{only}</p>\n<ol>'
            )
            out += [self._hit(hit, f"{address}{marks}") for hit in here[:SHOWN_PER_DOCUMENT]]
            out.append("</ol>\n")
            if folded := here[SHOWN_PER_DOCUMENT:]:
                many = counted(len(folded), "more passage")
                out.append(
                    f'<details class="more"><summary>{many} of this document on this page</summary><ol>'
                    f"{''.join([self._hit(hit, f'{address}{marks}') for hit in folded])}</ol></details>"
                )
            out.append("</article>\n")
        return Markup("".join(out))

    def _write_document(self, slug: str) -> tuple[str, str, str]:
        """Address, title and facts of a document."""
        document = self._snapshot.document(slug)
        assert document is not None, "a hit's document is in its generation"
        facts = "".join(f"<span>{escape(fact)}</span>" for fact in document_facts(document))
        return str(escape(links.document(slug))), str(isolated(document.title)), facts

    def _write_headings(self, slug: str, at: int) -> str:
        """The headings down to that at position *at* of a document's sections, each with its way into the reader."""
        document = self._snapshot.document(slug)
        assert document is not None, "a hit's document is in its generation"
        return "".join(f"{_linked(step)} › " for step in headings_above(document, at))

    def _hit(self, hit: Hit, address: str) -> str:
        record = hit.record
        headings = "" if record.section_at is None else self._headings(record.document, record.section_at)
        page = f" ·&nbsp;{escape(page_said(record.page).replace(' ', _UNBROKEN))}" if record.page is not None else ""
        anchor, place = escape(links.passage_anchor(record.id)), isolated(place_said(record))
        return (
            f'<li class="hit">\n<h3 class="path">{headings}<a href="{address}#{anchor}">{place}</a>{page}</h3>\n'
            f'{_text(hit)}<div class="side">{self._about(record, place)}{_missing(hit)}{_why(hit)}</div>\n</li>'
        )

    def _about(self, record: PassageRecord, place: str) -> str:
        """Months, source types, and the way to the citation: who must cite has come for that."""
        spans = _months(record.months) + self._types(record.source_types)
        cite = f'<a href="{escape(record.permalink)}">cite<span class="vh"> {place}</span></a>'
        return f'<p class="soft dots">{spans}<span class="way-on">{cite}</span></p>'

    def _write_types(self, types: tuple[str, ...]) -> str:
        return _span(self._labels.source_types(types))


def _span(said: str) -> str:
    return f"<span>{escape(said)}</span>" if said else ""


@lru_cache(KEPT)
def _months(months: MonthsRecord) -> str:
    return _span(months_said(months))


def _go(way: str, private: bool) -> str:
    if private:
        return f'<button form="private" name="then" value="{way}" >only this document</button>'
    return f'<a href="{way}" >only this document</a>'


def _linked(step: PathStep) -> str:
    return f'<a href="{escape(step.address)}">{step.title}</a>'


def _text(hit: Hit) -> str:
    """The snippet; of a footnote with its mark, below the sentence that calls it."""
    turned = direction_attributes("".join([piece.text for piece in hit.snippet]))
    snippet = with_gaps(hit.snippet)
    if hit.record.kind != "footnote":
        return f"<p{turned}>{snippet}</p>"
    number = escape(hit.record.number or "")
    calling = with_gaps(hit.calling)
    calls = f'<p class="calls">{calling}<b><sup>{number}</sup></b></p>' if calling else ""
    return f'<div>{calls}<p class="fn"{turned}><span class="no">{number}</span>{snippet}</p></div>'


def _missing(hit: Hit) -> str:
    return f'<p class="soft">Without: <b>{escape(", ".join(hit.missing))}</b></p>' if hit.missing else ""


def _why(hit: Hit) -> str:
    if not hit.why:
        return ""
    lines = "".join([f"<li>{line}</li>" for line in reasons_said(hit.why)])
    calling = "<li>shown with the sentence that calls it</li>" if hit.calling else ""
    return f'<details class="why"><summary>Why this passage</summary><ul>{lines}{calling}</ul></details>'


def reasons_said(why: Iterable[Reason]) -> Iterator[str]:
    """Reasons of one kind together: all words found as typed are one line."""
    lines: dict[tuple[By, str], dict[str, None]] = {}
    for reason in why:
        lines.setdefault((reason.by, "" if reason.by is By.WORD else reason.word), {})[reason.found] = None
    for (by, word), found in lines.items():
        said = ", ".join([f'<b dir="auto">{escape(one)}</b>' for one in found])
        yield f"{said} {_REASONS[by]}" + (f' <i dir="auto">{escape(word)}</i>' if word else "")


def with_gaps(pieces: Sequence[Fragment]) -> Markup:
    """A snippet with "[…]" once wherever text was left out."""
    parts: list[str] = []
    run: list[Fragment] = []
    for piece in pieces:
        if piece.gap_before and not (parts and parts[-1] is _GAP and not run):
            parts += [mark(run), _GAP] if run else [_GAP]
            run = []
        run.append(piece)
        if piece.gap_after:
            parts += [mark(run), _GAP]
            run = []
    if run:
        parts.append(mark(run))
    return Markup(" ".join(parts))


_GAP = '<span class="gap">[…]</span>'
