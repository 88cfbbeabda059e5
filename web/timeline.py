"""What the timeline's page may use; made once a generation, for it asks one question a month."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from search.results import SearchRequest, Sort
from search.searcher import Searcher
from search.selection import FacetName, Selection
from web import links
from web.bars import FULL_MONTHS, Bar, Bars, drawn, laid_out
from web.chronicle import Span, ordered
from web.forms import SearchForm
from web.labels import Labels
from web.wording import month_name

ENTRIES_A_MONTH = 12  # the search has all
ASKED_A_MONTH = 60  # passages looked at for them


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Months as bars, and the months with most passages told one by one."""

    title: str
    bars: Bars
    months: list[Span]
    answers: bool
    left_out: int  # months that are not told one by one

    @property
    def months_drawn(self) -> Markup:
        return drawn(self.bars, "Passages by month; each bar leads to its month")

    @property
    def has_possible(self) -> bool:
        return any(bar.possible for bar in self.bars.all)

    @classmethod
    def of(cls, searcher: Searcher, labels: Labels) -> TimelinePage:
        """The timeline of everything that *searcher* finds."""
        values = searcher.search(SearchRequest(limit=1)).facet(FacetName.MONTH).values
        told = {one.value for one in sorted(values, key=lambda one: (-one.count, one.value))[:FULL_MONTHS]}
        spans = []
        for value in sorted(told):
            # Body and annex tell what happened; a footnote's months are mostly those of what it cites.
            kinds = ("annex", "body")
            selection = Selection(months=(value,), kinds=kinds)
            results = searcher.search(SearchRequest(selection=selection, sort=Sort.DATE, limit=ASKED_A_MONTH))
            hits = [hit for hit in results.hits if value in hit.record.months.certain] or list(results.hits)
            if not hits:
                continue
            more = links.search(SearchForm(selection=Selection(months=(value,))).arguments())
            entries = ordered(hits, labels, value)[:ENTRIES_A_MONTH]
            total = next(one.count for one in values if one.value == value)
            spans.append(Span(links.month_anchor(value), month_name(value), tuple(entries), more, total))
        anchors = {span.anchor for span in spans}
        bars = [Bar(one.value, one.certain, one.possible, str(escape(_address(one.value, anchors)))) for one in values]
        answers = any(entry.answer for span in spans for entry in span.entries)
        return cls("Timeline", laid_out(bars), spans, answers, len(values) - len(spans))


def _address(month: str, anchors: set[str]) -> str:
    anchor = links.month_anchor(month)
    if anchor in anchors:
        return f"#{anchor}"
    return links.search(SearchForm(selection=Selection(months=(month,))).arguments())
