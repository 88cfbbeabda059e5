"""Month bars as inline SVG: certain solid, possible hatched with a plus, every bar a link; told again in a table.

Widths are in per cent and heights in rem, so that nothing scales but the widths and letters stay as large as elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

import msgspec
from markupsafe import Markup, escape

from web.wording import MONTHS, month_name

LEAST_MONTHS = 12  # a single bar as wide as the page would look like more than it is
NAMED_MONTHS = 18  # up to here three letters of each month have room, beyond it stands its first letter
FULL_MONTHS = 24  # up to here each bar has its numbers and a name
FULL_COUNT = 999  # numbers of more digits have no room above the bars of more than a year
EMPTY_MONTHS = 6  # of a time too long for full bars, what lies beyond so many empty months is left to the table
THIN_MONTHS = 132  # up to here each month has a thin bar; of a longer time the part with most passages is drawn

_TOP, _FLOOR, _NAMES, _YEARS = 1.0, 5.5, 6.5625, 7.625  # rem from the top: highest bar, axis, names of months, years
_HEIGHT = _FLOOR - _TOP
_LEAST = 0.14  # rem: height of a bar that is not empty


class Bar(msgspec.Struct, frozen=True, gc=False):
    """One month: passages that state it, and those that may mean it."""

    month: str  # "YYYY-MM"
    certain: int
    possible: int
    address: str  # escaped for an attribute; "" in a private search, whose words stand in no address
    chosen: bool = False
    then: str = ""  # escaped too: what the button of a private search sends, which the table has instead of a link

    @property
    def count(self) -> int:
        """Both together."""
        return self.certain + self.possible


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn: *drawn* in order of time without gaps (None where a month has nothing), *all* for the table."""

    drawn: tuple[Bar | None, ...]
    first: int  # number of the first month drawn: year * 12 + month - 1
    all: tuple[Bar, ...]

    @property
    def left_out(self) -> int:
        """How many months with passages lie outside what is drawn."""
        return len(self.all) - sum(bar is not None for bar in self.drawn)


@lru_cache(4_096)
def _at(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


@lru_cache(4_096)
def _named(month: str) -> str:
    return str(escape(month_name(month)))


def laid_out(bars: Sequence[Bar]) -> Bars:
    """The bars of a search, put in order of time, with the months between them."""
    ordered = tuple(sorted(bars, key=attrgetter("month")))
    if not any(bar.certain or bar.possible for bar in ordered):
        return Bars((), 0, ordered)
    places = {_at(bar.month): bar for bar in ordered}
    first, last = min(places), max(places)
    if last - first >= FULL_MONTHS:
        first, last = _fullest(places)
    first -= max(0, LEAST_MONTHS - 1 - (last - first)) // 2
    last = max(last, first + LEAST_MONTHS - 1)
    return Bars(tuple([places.get(at) for at in range(first, last + 1)]), first, ordered)


def _fullest(places: Mapping[int, Bar]) -> tuple[int, int]:
    """First and last of the months to draw: what is chosen, or else most passages, without a long emptiness in it.

    *places* are in order of time.
    """
    at = list(places)
    # Passages, and far above them whether anything is chosen: that must be in sight.
    weights = [bar.certain + bar.possible + (10**9 if bar.chosen else 0) for bar in places.values()]
    begins = [0, *(here for here in range(1, len(at)) if at[here] - at[here - 1] > EMPTY_MONTHS), len(at)]
    begin, end = max(pairwise(begins), key=lambda run: sum(weights[run[0] : run[1]]))
    best, weight, start = 0, 0, begin
    drawn_from = drawn_to = begin
    for here in range(begin, end):
        weight += weights[here]
        while at[here] - at[start] >= THIN_MONTHS:
            weight -= weights[start]
            start += 1
        if weight > best:
            best, drawn_from, drawn_to = weight, start, here
    return at[drawn_from], at[drawn_to]


def rows(bars: Bars) -> Markup:
    """The rows of the table that tells the same numbers. Written here and not by a template: there may be hundreds."""
    out: list[str] = []
    for bar in bars.all:
        on = _ON if bar.chosen else ""
        name = _named(bar.month)
        if bar.address:
            name = f'<a href="{bar.address}"{on}>{name}</a>'
        elif bar.then:
            name = f'<button form="private" name="then" value="{bar.then}"{on}>{name}</button>'
        out.append(
            f'<tr><th scope="row">{name}</th><td>{bar.certain}</td><td>{bar.possible}</td>'
            f"<td>{bar.certain + bar.possible}</td></tr>"
        )
    return Markup("".join(out))


_ON = ' aria-current="true"'


def drawn(bars: Bars, label: str) -> Markup:
    """The SVG; nothing where there is no month."""
    if not bars.drawn:
        return Markup("")
    count = len(bars.drawn)
    thin = count > FULL_MONTHS
    highest = max([1, *[bar.certain + bar.possible for bar in bars.drawn if bar]])  # one chosen may have no passage
    many = count > LEAST_MONTHS or highest > FULL_COUNT
    kind = " thin" if thin else f" many{' letters' if count > NAMED_MONTHS else ''}" if many else ""
    numbered = not thin and (count <= LEAST_MONTHS or highest <= FULL_COUNT)
    out = [
        f'<svg class="bars{kind}" role="group" aria-label="{escape(label)}">'
        '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M1 0v4" stroke-width="1.3"/></pattern></defs>'
    ]
    for place, (bar, x) in enumerate(zip(bars.drawn, _places(count), strict=True)):
        name = "" if thin else _text(_NAMES, _short(MONTHS[(bars.first + place) % 12]))
        if bar is not None:
            out.append(_bar(bar, x, name, highest, thin=thin, numbered=numbered))
        elif name:
            out.append(f'<svg {x} aria-hidden="true">{name}</svg>')
    out.append(f'<line class="axis" x1="0" x2="100%" y1="{_FLOOR}rem" y2="{_FLOOR}rem"/>')
    out.append(_years(bars.first, count, thin))
    out.append("</svg>")
    return Markup("".join(out))


@lru_cache(THIN_MONTHS)
def _places(count: int) -> list[str]:
    """Where each of *count* bars stands."""
    width = 100 / count
    return [f'x="{place * width:.3f}%" width="{width:.3f}%" height="100%"' for place in range(count)]


def _bar(bar: Bar, x: str, name: str, highest: int, *, thin: bool, numbered: bool) -> str:
    rem = _HEIGHT / highest * (1 if thin else 0.78)
    inset = 'x="12%" width="76%"' if thin else 'x="22%" width="56%"'
    certain, possible = bar.certain, bar.possible
    inner = '<rect class="area" width="100%" height="100%"/>'
    y = _FLOOR
    # A bar of one passage beside one of thousands is still seen.
    if certain:
        tall = max(certain * rem, _LEAST)
        y -= tall
        inner += f'<rect class="certain" {inset} y="{y:.4g}rem" height="{tall:.4g}rem"/>'
    if possible:
        tall = max(possible * rem, _LEAST)
        y -= tall + 0.06
        inner += f'<rect class="possible" {inset} y="{y:.4g}rem" height="{tall:.4g}rem"/>'
    said = f"{_named(bar.month)}: {certain} certain, {possible} possible{', chosen' if bar.chosen else ''}"
    title = "" if numbered else f"<title>{said}</title>"
    words = name
    if numbered:
        numbers = ([str(certain)] if certain else []) + ([f"+{possible}"] if possible else [])
        for at, number in enumerate(numbers):
            words += _text(y - 0.3 - 0.8 * at, f"<tspan>{number}</tspan>")
    on = ' class="on"' if bar.chosen else ""
    whole = f"<svg {x}{on}>{title}{inner}</svg>"
    if bar.address:
        whole = f'<a href="{bar.address}" aria-label="{said}">{whole}</a>'
    # The link says all of it in words: what is written on it stands beside it, and no screen reader reads it as well.
    return f'{whole}<svg {x}{on} aria-hidden="true">{words}</svg>' if words else whole


def _short(month: str) -> str:
    """`Nov`, of which only the first letter is shown where there is no room."""
    return f'{month[0]}<tspan class="rest">{month[1:3]}</tspan>'


def _text(y: float, words: str) -> str:
    return f'<text x="50%" y="{y:.4g}rem">{words}</text>'


def _years(first: int, count: int, thin: bool) -> str:
    """The years below the axis: at each January with room after the one before, and at the first month if that has."""
    y = _NAMES if thin else _YEARS
    room = 10.5 if thin else 8.5  # per cent: four digits on a telephone, and a gap
    januaries = range(-first % 12, count, 12)
    places = list(januaries) if januaries and 100 * januaries[0] / count < room else [0, *januaries]
    out: list[str] = []
    free = -1.0
    for place in places:
        x = 100 * place / count
        if x > 100 - room + 2 and free <= 100 - room:
            out.append(f'<text class="year last" x="100%" y="{y}rem">{(first + place) // 12}</text>')
        elif free <= x <= 100 - room + 2:
            out.append(f'<text class="year" x="{x:.3f}%" y="{y}rem">{(first + place) // 12}</text>')
            free = x + room
    return "".join(out)
