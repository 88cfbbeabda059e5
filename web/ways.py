"""The ways on from one page of results: addresses, or what the buttons of a private search send.

They differ by little, and a page has hundreds of them: what they have in common is written once.
"""

from __future__ import annotations

from markupsafe import escape

from search.selection import FacetName
from web import links
from web.forms import FACET_ARGUMENTS, SearchForm

_ORDER = {name: place for place, name in enumerate(("q", *FACET_ARGUMENTS.values()))}


class Ways:
    """The ways on from *form*. *private*: its words must stand in no address."""

    def __init__(self, form: SearchForm, *, private: bool) -> None:
        self._first_page = form.selecting(form.selection)
        self._private = private
        self._written = links.Written()

    def to(self, form: SearchForm) -> str:
        """Where *form* is asked."""
        return self._to(self._written.joined(form.arguments()))

    def around(self, facet: FacetName) -> tuple[str, str]:
        """What stands before and after one more value of *facet*, `links.quoted`, both escaped for an attribute."""
        arguments = self._first_page.arguments()
        name = FACET_ARGUMENTS[facet]
        # Where SearchForm has it: after the words and the values chosen already.
        place = sum(_ORDER.get(other, len(_ORDER)) <= _ORDER[name] for other, _ in arguments)
        before, after = (self._written.joined(part) for part in (arguments[:place], arguments[place:]))
        value = f"{before}&{name}=" if before else f"{name}="
        return str(escape(self._to(value))), str(escape(f"&{after}" if after else ""))

    def _to(self, joined: str) -> str:
        return joined if self._private else links.asked(joined)
