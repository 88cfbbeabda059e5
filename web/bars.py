"""Month bars as inline SVG: certain solid, possible hatched with a plus, every bar a link; told again in a table.

Widths are in per cent and heights in rem, so that nothing scales but the widths and letters stay as large as elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from web.wording import MONTHS, month_name

LEAST_MONTHS = 12  # a single bar as wide as the page would look like more than it is
FULL_MONTHS = 24  # up to here each bar has its numbers and the name of its month
EMPTY_MONTHS = 6  # of a time too long for full bars, what lies beyond so many empty months is left to the table
THIN_MONTHS = 132  # up to here each month has a thin bar; of a longer time the part with most passages is drawn

_TOP, _FLOOR, _NAMES, _YEARS = 1.0, 5.5, 6.5625, 7.625  # rem from the top: highest bar, axis, names of months, years
_HEIGHT = _FLOOR - _TOP


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: passages that state it, and those that may mean it."""

    month: str  # "YYYY-MM"
    certain: int
    possible: int
    address: str  # "" in a private search, whose words stand in no address
    chosen: bool = False
    then: str = ""  # what the button of a private search sends, which the table has instead of a link

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


def _at(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def laid_out(bars: Sequence[Bar]) -> Bars:
    """The bars of a search, put in order of time, with the months between them."""
    ordered = tuple(sorted(bars, key=lambda bar: bar.month))
    if not any(bar.count for bar in ordered):
        return Bars((), 0, ordered)
    places = {_at(bar.month): bar for bar in ordered}
    first, last = min(places), max(places)
    if last - first >= FULL_MONTHS:
        first, last = _fullest(ordered)
    first -= max(0, LEAST_MONTHS - 1 - (last - first)) // 2
    last = max(last, first + LEAST_MONTHS - 1)
    return Bars(tuple(places.get(at) for at in range(first, last + 1)), first, ordered)


def _fullest(ordered: Sequence[Bar]) -> tuple[int, int]:
    """First and last of the months to draw: what is chosen, or else most passages, without a long emptiness in it."""
    runs: list[list[Bar]] = []
    for bar in ordered:
        if runs and _at(bar.month) - _at(runs[-1][-1].month) <= EMPTY_MONTHS:
            runs[-1].append(bar)
        else:
            runs.append([bar])
    run = max(runs, key=_weight)
    best, weight, start = 0, 0, 0
    window = run[:1]
    at = [_at(bar.month) for bar in run]
    for end in range(len(run)):
        weight += _weight(run[end : end + 1])
        while at[end] - at[start] >= THIN_MONTHS:
            weight -= _weight(run[start : start + 1])
            start += 1
        if weight > best:
            best, window = weight, run[start : end + 1]
    return _at(window[0].month), _at(window[-1].month)


def _weight(bars: Sequence[Bar]) -> int:
    """Passages, and far above them whether anything is chosen: that must be in sight."""
    return sum(bar.count + (10**9 if bar.chosen else 0) for bar in bars)


def rows(bars: Bars) -> Markup:
    """The rows of the table that tells the same numbers. Written here and not by a template: there may be hundreds."""
    out: list[str] = []
    for bar in bars.all:
        on = ' aria-current="true"' if bar.chosen else ""
        name = month_name(bar.month)
        if bar.address:
            name = f'<a href="{escape(bar.address)}"{on}>{name}</a>'
        elif bar.then:
            name = f'<button form="private" name="then" value="{escape(bar.then)}"{on}>{name}</button>'
        out.append(
            f'<tr><th scope="row">{name}</th><td>{bar.certain}</td><td>{bar.possible}</td><td>{bar.count}</td></tr>'
        )
    return Markup("".join(out))


def drawn(bars: Bars, label: str) -> Markup:
    """The SVG; nothing where there is no month."""
    if not bars.drawn:
        return Markup("")
    count = len(bars.drawn)
    thin = count > FULL_MONTHS
    kind = " thin" if thin else " many" if count > LEAST_MONTHS else ""
    width = 100 / count
    highest = max([1, *(bar.count for bar in bars.drawn if bar)])  # a chosen month may have no passage left
    out = [
        f'<svg class="bars{kind}" role="group" aria-label="{escape(label)}">'
        '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M1 0v4" stroke-width="1.3"/></pattern></defs>'
    ]
    for place, bar in enumerate(bars.drawn):
        x = f'x="{place * width:.3f}%" width="{width:.3f}%" height="100%"'
        name = "" if thin else _text(_NAMES, _short(MONTHS[(bars.first + place) % 12]))
        if bar is None:
            if name:
                out.append(f'<svg {x} aria-hidden="true">{name}</svg>')
            continue
        out.append(_bar(bar, x, name, highest, thin))
    out.append(f'<line class="axis" x1="0" x2="100%" y1="{_FLOOR}rem" y2="{_FLOOR}rem"/>')
    out.append(_years(bars.first, count, thin))
    out.append("</svg>")
    return Markup("".join(out))


def _bar(bar: Bar, x: str, name: str, highest: int, thin: bool) -> str:
    solid = _HEIGHT * bar.certain / highest * (0.78 if not thin else 1)
    hatched = _HEIGHT * bar.possible / highest * (0.78 if not thin else 1)
    # A bar of one passage beside one of thousands is still seen.
    solid, hatched = (max(tall, 0.14) if n else 0.0 for tall, n in ((solid, bar.certain), (hatched, bar.possible)))
    inset = 'x="12%" width="76%"' if thin else 'x="22%" width="56%"'
    parts = ['<rect class="area" width="100%" height="100%"/>']
    y = _FLOOR
    if bar.certain:
        y -= solid
        parts.append(f'<rect class="certain" {inset} y="{y:.4g}rem" height="{solid:.4g}rem"/>')
    if bar.possible:
        y -= hatched + 0.06
        parts.append(f'<rect class="possible" {inset} y="{y:.4g}rem" height="{hatched:.4g}rem"/>')
    if not thin:
        numbers = ([str(bar.certain)] if bar.certain else []) + ([f"+{bar.possible}"] if bar.possible else [])
        for at, number in enumerate(numbers):
            parts.append(_text(y - 0.3 - 0.8 * at, f"<tspan>{number}</tspan>"))
    said = f"{month_name(bar.month)}: {bar.certain} certain, {bar.possible} possible{', chosen' if bar.chosen else ''}"
    title = f"<title>{escape(said)}</title>" if thin else ""
    on = ' class="on"' if bar.chosen else ""
    inner = f"<svg {x}{on}>{title}{''.join(parts)}{name}</svg>"
    if not bar.address:
        return inner
    return f'<a href="{escape(bar.address)}" aria-label="{escape(said)}">{inner}</a>'


def _short(month: str) -> str:
    """`Nov`, of which a narrow screen shows the first letter."""
    return f"{month[0]}<tspan>{month[1:3]}</tspan>"


def _text(y: float, words: str) -> str:
    return f'<text x="50%" y="{y:.4g}rem">{words}</text>'


def _years(first: int, count: int, thin: bool) -> str:
    """The years below the axis: at the first month drawn and at each January with room before the next."""
    out: list[str] = []
    free = -1.0
    for place in range(count):
        at = first + place
        x = 100 * place / count
        if (place == 0 or at % 12 == 0) and x >= free:
            out.append(f'<text class="year" x="{x:.3f}%" y="{_NAMES if thin else _YEARS}rem">{at // 12}</text>')
            free = x + 7
    return "".join(out)
