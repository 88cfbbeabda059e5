"""What the page of results may use, every value ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import msgspec
from markupsafe import Markup, escape

from search.limits import OFFSET
from search.results import Results, Sort, Suggestion, SuggestionKind
from search.selection import FacetName, Selection
from web import links
from web.bars import Bar, Bars, drawn, laid_out
from web.directions import isolated
from web.examples import Example
from web.forms import SearchForm
from web.hits import Around, HitPages
from web.labels import Labels, PathStep
from web.shortcuts import Shortcut
from web.ways import Ways
from web.wording import counted, listed, month_name

SHOWN_PER_FACET = 8  # values of a facet that stand open


class Choice(msgspec.Struct, frozen=True, gc=False):
    """A value that can be chosen, or dropped where it is chosen."""

    label: Markup
    told: str  # the count
    way: str  # the address where it is chosen or dropped, or what the button of a private search sends; escaped
    chosen: bool = False


# What stands in an item of what is chosen, before and after its count.
_CHOSEN = (
    ' aria-current="true"',
    '<span class="vh">chosen, </span>',
    ' <span aria-hidden="true">×</span><span class="vh">, remove</span>',
)

_label = lru_cache(16_384)(isolated)  # the labels of facets are the same hundreds on every page


@dataclass(frozen=True, slots=True)
class Group:
    """One facet."""

    title: str
    open: list[Choice]
    folded: list[Choice]
    chosen: int
    unfold: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """Another question that has hits."""

    text: Markup
    form: SearchForm
    total: int


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page of the results; without a form the present one, without a number a gap."""

    number: int | None
    form: SearchForm | None = None


@dataclass(frozen=True)
class SearchPage:
    """Hits and facets for what was asked."""

    form: SearchForm
    results: Results
    hits: HitPages
    labels: Labels
    passed: str = ""  # the generation that a link named and that is no longer served
    private: bool = False  # whether the words must stand in no address: every way on is a button then
    shortcuts: Sequence[Shortcut] = ()
    examples: Sequence[Example] = ()

    @cached_property
    def _ways(self) -> Ways:
        return Ways(self.form, private=self.private)

    def way(self, form: SearchForm) -> str:
        """Where *form* is asked: its address, or what the button of a private search sends."""
        return self._ways.to(form)

    def go(self, form: SearchForm, label: object, attributes: str = "") -> Markup:
        """A way to *form*: a link, or where no address may hold the words a button of the form "private"."""
        return self.go_way(str(escape(self.way(form))), label, attributes)

    def go_way(self, way: str, label: object, attributes: str = "") -> Markup:
        """The same where *way*, escaped, leads."""
        if self.private:
            return Markup(f'<button form="private" name="then" value="{way}" {attributes}>{escape(label)}</button>')
        return Markup(f'<a href="{way}" {attributes}>{escape(label)}</a>')

    def _toward(self, facet: FacetName) -> Callable[[str, bool], str]:
        """What gives the way to a value of *facet*, escaped; the bool says whether it is chosen now."""
        before, after = self._ways.around(facet)

        def way(value: str, chosen: bool) -> str:
            if chosen:
                return str(escape(self.way(self.form.toggled(facet, value))))
            return f"{before}{links.quoted(value)}{after}"

        return way

    @property
    def title(self) -> str:
        """The words first: browsers cut titles at their end. They keep them too, so a private search has none."""
        if self.private:
            return "Private search"
        return f"{self.asked or 'Everything'}: {counted(self.results.total, 'passage')}"

    @property
    def asked(self) -> str:
        return self.form.query.strip()

    @property
    def range(self) -> str:
        """Which hits this page shows, where it does not show all."""
        total = self.results.total + self.results.total_partial
        first, last = self.form.offset + 1, self.form.offset + len(self.results.hits)
        if not self.results.hits or (first == 1 and last == total):
            return ""
        return f"Passages {first:,} to {last:,} of {total:,} on this page."

    @property
    def months_line(self) -> str:
        """How sure the months chosen are: counts that tell certain from possible."""
        chosen = [value for value in self.results.facet(FacetName.MONTH).values if value.chosen]
        if not any(one.count for one in chosen):
            return ""
        said = [f"{month_name(one.value)}: {one.certain:,} certain, {one.possible:,} possible" for one in chosen]
        return "; ".join(said) + "."

    @property
    def notices(self) -> list[str]:
        first = [f"Edition {self.passed} is no longer served: this is the first page of the present one."]
        return (first if self.passed else []) + [notice.message for notice in self.results.notices]

    @cached_property
    def chips(self) -> list[Choice]:
        """What is chosen, each with the search without it."""
        return [
            Choice(isolated(self.labels.of(facet, value)), "", self._toward(facet)(value, True), chosen=True)
            for facet, value in self.form.selection.items()
        ]

    @property
    def cleared(self) -> SearchForm:
        """The same words without any filter."""
        return self.form.selecting(Selection())

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays chosen when other words are typed."""
        return [pair for pair in self.form.asking("").arguments() if pair[0] != "sort"]

    @property
    def first_page(self) -> SearchForm:
        """The beginning of the list."""
        return self.form.selecting(self.form.selection)

    @cached_property
    def groups(self) -> list[Group]:
        shown = [
            (FacetName.SOURCE_TYPE, "Source type", "source types"),
            (FacetName.OFFICIAL, "Official", "officials"),
            (FacetName.KIND, "Kind of passage", "kinds"),
        ]
        return [group for facet, title, many in shown if (group := self._group(facet, title, many))]

    def _group(self, name: FacetName, title: str, many: str) -> Group | None:
        facet = self.results.facet(name)
        way = self._toward(name)
        choices = [
            Choice(_label(one.label), f"{one.count:,}", way(one.value, one.chosen), one.chosen) for one in facet.values
        ]
        if not choices:
            return None
        chosen = sum(choice.chosen for choice in choices)
        # One value too many is no reason to fold: the fold would take its line.
        cut = len(choices) if len(choices) <= SHOWN_PER_FACET + 1 else SHOWN_PER_FACET
        first = choices[:cut] + [choice for choice in choices[cut:] if choice.chosen]
        rest = [choice for choice in choices[cut:] if not choice.chosen]
        return Group(title, first, rest, chosen, f"{counted(len(rest), 'more', 'more')} {many}", facet.left_out)

    def told(self, choices: Sequence[Choice]) -> Markup:
        """The choices as items of a list. Written here and not by a template: there may be more than a hundred."""
        tag, way = ("button", 'form="private" name="then" value') if self.private else ("a", "href")
        out: list[str] = []
        for choice in choices:
            on, before, after = _CHOSEN if choice.chosen else ("", "", "")
            out.append(
                f'<li><{tag} {way}="{choice.way}"{on}><span>{choice.label}</span>'
                f"<span>{before}{choice.told}{after}</span></{tag}></li>"
            )
        return Markup("".join(out))

    @cached_property
    def bars(self) -> Bars:
        way = self._toward(FacetName.MONTH)
        ways = ((one, way(one.value, one.chosen)) for one in self.results.facet(FacetName.MONTH).values)
        if self.private:
            return laid_out([Bar(one.value, one.certain, one.possible, "", one.chosen, to) for one, to in ways])
        return laid_out([Bar(one.value, one.certain, one.possible, to, one.chosen) for one, to in ways])

    @property
    def months_drawn(self) -> Markup:
        return drawn(self.bars, "Passages by month; each bar narrows the search to its month")

    @property
    def has_possible(self) -> bool:
        return any(bar.possible for bar in self.bars.all)

    @property
    def orders(self) -> list[tuple[str, SearchForm | None]]:
        """The orders, each with its form; None for the present one."""
        return [
            (str(sort), None if sort is self.form.sort else self.form.sorted_by(sort))
            for sort in Sort
            if self.asked or sort is not Sort.RELEVANCE
        ]

    @property
    def other_help(self) -> SearchForm:
        """The same search with the help switched."""
        return self.form.printed(not self.form.as_printed)

    @property
    def documents(self) -> Markup:
        """The hits of the page under their documents."""
        marked = "" if self.private or not self.results.words else self.asked
        marks = links.marks(marked, as_printed=self.form.as_printed)
        return self.hits.told(self.results.hits, Around(self._ways, marks, self.private, self.form.selection.documents))

    @property
    def sections(self) -> list[PathStep]:
        """Sections whose headings hold the words."""
        return [PathStep(isolated(one.title), one.permalink) for one in self.results.sections]

    @property
    def spellings(self) -> list[Offer]:
        return self._offers(SuggestionKind.SPELLING)

    @property
    def single_words(self) -> list[Offer]:
        return self._offers(SuggestionKind.WORD)

    @property
    def dropped(self) -> list[Offer]:
        """Each facet chosen, and all, with what the question finds without it, be it nothing."""
        found = {one.facet: one for one in self.results.suggestions if one.kind is SuggestionKind.FILTER}
        query, selection = self.results.query, self.form.selection
        for facet in FacetName:
            if values := selection.chosen(facet):
                value = values[0] if len(values) == 1 else None
                none = Suggestion(query, 0, SuggestionKind.FILTER, selection.without(facet), "", facet, value)
                found.setdefault(facet, none)
        order = [*FacetName, None]
        return [self._offer(one) for one in sorted(found.values(), key=lambda one: order.index(one.facet))]

    @property
    def ways_of_asking(self) -> list[tuple[str, Offer]]:
        """Questions that find something, for a page that found nothing."""
        return [
            (one.title, Offer(isolated(one.query), SearchForm(query=one.query), one.total)) for one in self.examples
        ]

    def _offers(self, kind: SuggestionKind) -> list[Offer]:
        return [self._offer(one) for one in self.results.suggestions if one.kind is kind]

    def _offer(self, one: Suggestion) -> Offer:
        return Offer(self._offered(one), self.form.asking(one.query, one.selection), one.total)

    def _offered(self, one: Suggestion) -> Markup:
        if one.kind is SuggestionKind.FILTER:
            if one.facet is None:
                return Markup("without any filter")
            if one.value is None:
                return Markup("without any {}").format(str(one.facet).replace("_", " "))
            return Markup("without {}").format(isolated(self.labels.of(one.facet, one.value)))
        before, changed, after = one.query.partition(one.changed) if one.changed else (one.query, "", "")
        return Markup("{}<b>{}</b>{}").format(isolated(before), isolated(changed), isolated(after))

    @property
    def filters_said(self) -> str:
        """The filters in words, for a page that found nothing."""
        return listed([self.labels.of(facet, value) for facet, value in self.form.selection.items()])

    @cached_property
    def pages(self) -> list[PageLink]:
        """Links to the pages of the list, the present one and its neighbours, first and last."""
        total, limit = self.results.total + self.results.total_partial, self.form.limit
        last = min((total - 1) // limit, OFFSET // limit) if total else 0
        if not last:
            return []
        here = self.form.offset // limit
        wanted = sorted({0, last, *range(max(0, here - 2), min(last, here + 2) + 1)})
        links_: list[PageLink] = []
        for before, at in zip([-1, *wanted], wanted, strict=False):
            if at - before > 1:
                links_.append(PageLink(None))
            links_.append(PageLink(at + 1, None if at == here else self._page(at)))
        return links_

    def _page(self, at: int) -> SearchForm:
        return self.form.at(at * self.form.limit, self.results.generation)

    @property
    def previous(self) -> SearchForm | None:
        here = self.form.offset // self.form.limit
        return self._page(here - 1) if self.pages and here else None

    @property
    def next(self) -> SearchForm | None:
        here = self.form.offset // self.form.limit
        return next((page.form for page in self.pages if page.number == here + 2), None)

    def machine(self, form: str) -> str:
        """The same search as `csv`, `json` or `atom`."""
        return links.search(self.form.selecting(self.form.selection).arguments(), form)
