"""From the arguments of an address to a request, and back: one form for the search, strict for programs, lenient for
people.

A program is told of every argument that is unknown, repeated or malformed. A page leaves unknown and empty ones aside
and takes the first of a repeated one, for addresses get mangled on their way; a malformed value is told there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.problems import PinciteError
from search.limits import FACET_VALUES_AT_MOST, FACET_VALUES_DEFAULT, HITS_AT_MOST, HITS_DEFAULT, OFFSET
from search.results import SearchRequest, Sort
from search.selection import FacetName, Selection

# The name of each facet in an address.
FACET_ARGUMENTS = {
    FacetName.SOURCE_TYPE: "source",
    FacetName.OFFICIAL: "official",
    FacetName.MONTH: "month",
    FacetName.KIND: "kind",
    FacetName.DOCUMENT: "document",
}
SCALARS = ("q", "as_printed", "sort", "limit", "offset", "g", "facet_limit")
VALUES_AT_MOST = 200  # values of one filter; each is looked up

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_NAME = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff](?:[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{0,199})")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_KINDS = ("body", "annex", "footnote")
_GENERATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

Arguments = Mapping[str, Sequence[str]]


class BadParameterError(PinciteError):
    """An argument of the address cannot be read; *name* is the parameter."""

    status = 400

    def __init__(self, name: str, value: str, *, remedy: str) -> None:
        shown = value if len(value) <= 60 else value[:60] + "…"
        super().__init__(f"{name}={shown} is not understood. {remedy}")
        self.name = name


class NotKeptError(PinciteError):
    """An argument names a generation that is kept no more, or never was; *name* is the parameter."""

    status = 404

    def __init__(self, name: str, value: str, kept: Iterable[str]) -> None:
        super().__init__(f"{value} is not kept. Kept are: {', '.join(kept) or 'none'}.")
        self.name = name


class UnknownParameterError(PinciteError):
    """The address has an argument that nothing here reads."""

    status = 400

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no parameter {name[:60]}. Those known are {', '.join(sorted(known))}.")
        self.name = name


class RepeatedParameterError(PinciteError):
    """An argument that has one value was given more often."""

    status = 400

    def __init__(self, name: str, times: int) -> None:
        super().__init__(f"{name} is given {times} times. Give it once.")
        self.name = name


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What the search page and the API are asked. *generation* is the one that the reader was paging through."""

    query: str = ""
    selection: Selection = field(default_factory=Selection)
    as_printed: bool = False
    sort: Sort = Sort.RELEVANCE
    limit: int = int(HITS_DEFAULT)
    offset: int = 0
    facet_limit: int = int(FACET_VALUES_DEFAULT)
    generation: str | None = None

    @classmethod
    def from_page(cls, arguments: Arguments) -> SearchForm:
        """The form as a page reads it. Raises BadParameterError for a value that cannot be meant."""
        given = {
            name: [value for value in values if value != ""]
            for name, values in arguments.items()
            if name in SCALARS or name in FACET_ARGUMENTS.values()
        }
        return cls._read({name: values for name, values in given.items() if values})

    @classmethod
    def from_api(cls, arguments: Arguments) -> SearchForm:
        """The form as the API reads it. Raises an error with status 400 that names the first argument at fault."""
        known = (*SCALARS, *FACET_ARGUMENTS.values())
        for name, values in arguments.items():
            if name not in known:
                raise UnknownParameterError(name, known)
            if name in SCALARS and len(values) > 1:
                raise RepeatedParameterError(name, len(values))
        return cls._read(arguments)

    @classmethod
    def _read(cls, arguments: Arguments) -> SearchForm:
        def scalar(name: str, default: str) -> str:
            return arguments[name][0] if arguments.get(name) else default

        chosen = {facet: _values(name, arguments.get(name, ())) for facet, name in FACET_ARGUMENTS.items()}
        return cls(
            query=scalar("q", ""),
            selection=Selection(
                source_types=chosen[FacetName.SOURCE_TYPE],
                officials=chosen[FacetName.OFFICIAL],
                months=chosen[FacetName.MONTH],
                kinds=chosen[FacetName.KIND],
                documents=chosen[FacetName.DOCUMENT],
            ),
            as_printed=_switch("as_printed", scalar("as_printed", "0")),
            sort=_sort(scalar("sort", Sort.RELEVANCE)),
            limit=number("limit", scalar("limit", str(int(HITS_DEFAULT))), 1, HITS_AT_MOST),
            offset=number("offset", scalar("offset", "0"), 0, OFFSET),
            facet_limit=number(
                "facet_limit", scalar("facet_limit", str(int(FACET_VALUES_DEFAULT))), 1, FACET_VALUES_AT_MOST
            ),
            generation=generation_named("g", scalar("g", "")) if arguments.get("g") else None,
        )

    def to_request(self) -> SearchRequest:
        """The question for the searcher."""
        return SearchRequest(
            query=self.query,
            selection=self.selection,
            as_printed=self.as_printed,
            sort=self.sort,
            limit=self.limit,
            offset=self.offset,
            facet_limit=self.facet_limit,
        )

    def arguments(self) -> list[tuple[str, str]]:
        """The arguments of an address that says the same; what is as usual is left out."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(FACET_ARGUMENTS[facet], value) for facet, value in self.selection.items()]
        usual = _USUAL
        if self.as_printed:
            pairs.append(("as_printed", "1"))
        if self.sort is not usual.sort:
            pairs.append(("sort", str(self.sort)))
        if self.limit != usual.limit:
            pairs.append(("limit", str(self.limit)))
        if self.facet_limit != usual.facet_limit:
            pairs.append(("facet_limit", str(self.facet_limit)))
        if self.offset:
            pairs.append(("offset", str(self.offset)))
            if self.generation:
                pairs.append(("g", self.generation))
        return pairs

    def selecting(self, selection: Selection) -> SearchForm:
        """The first page of the same question under *selection*."""
        return replace(self, selection=selection, offset=0, generation=None)

    def toggled(self, facet: str, value: str) -> SearchForm:
        """With *value* chosen in *facet*, or dropped where it was chosen."""
        chosen = value in self.selection.chosen(facet)
        return self.selecting(self.selection.without(facet, value) if chosen else self.selection.with_(facet, value))

    def asking(self, query: str, selection: Selection | None = None) -> SearchForm:
        """Another question, under the same filters or under *selection*."""
        return replace(self.selecting(self.selection if selection is None else selection), query=query)

    def sorted_by(self, sort: Sort) -> SearchForm:
        """The first page in another order."""
        return replace(self, sort=sort, offset=0, generation=None)

    def printed(self, as_printed: bool) -> SearchForm:
        """The first page with or without the search's help."""
        return replace(self, as_printed=as_printed, offset=0, generation=None)

    def at(self, offset: int, generation: str) -> SearchForm:
        """Another page of the same list in *generation*."""
        return replace(self, offset=offset, generation=generation)


_USUAL = SearchForm()


def number(name: str, value: str, least: int, most: int) -> int:
    """*value* as a whole number from *least* to *most*, or BadParameterError."""
    if not _NUMBER.fullmatch(value) or not least <= int(value) <= most:
        raise BadParameterError(name, value, remedy=f"Give a number from {least} to {int(most)}.")
    return int(value)


def _switch(name: str, value: str) -> bool:
    if value not in ("0", "1"):
        raise BadParameterError(name, value, remedy="Give 1 for yes or 0 for no.")
    return value == "1"


def _sort(value: str) -> Sort:
    try:
        return Sort(value)
    except ValueError:
        raise BadParameterError("sort", value, remedy=f"Give one of {', '.join(Sort)}.") from None


def generation_named(name: str, value: str) -> str:
    """*value*, given for *name*, if it can be the name of a generation. Raises BadParameterError."""
    if not _GENERATION.fullmatch(value):
        raise BadParameterError(name, value, remedy="Give a generation's name as an answer gave it, or leave it out.")
    return value


def _values(name: str, values: Sequence[str]) -> tuple[str, ...]:
    if len(values) > VALUES_AT_MOST:
        raise BadParameterError(name, f"({len(values)} values)", remedy=f"Give at most {VALUES_AT_MOST}.")
    for value in values:
        if name == "month":
            if not _MONTH.fullmatch(value):
                raise BadParameterError(name, value, remedy="Give a month as 1988-11.")
        elif name == "kind":
            if value not in _KINDS:
                raise BadParameterError(name, value, remedy=f"Give one of {', '.join(_KINDS)}.")
        elif name == "document":
            if not _SLUG.fullmatch(value):
                raise BadParameterError(name, value, remedy="Give a document's name as its address has it.")
        elif not _NAME.fullmatch(value):
            raise BadParameterError(name, value, remedy="Give one of the values that the facet offers.")
    return tuple(values)
