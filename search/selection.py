"""What a reader has chosen beside the words: values of facets, each choice a new value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class FacetName(StrEnum):
    """What can be chosen, in the words of the index's columns. A document can be chosen and is not counted."""

    SOURCE_TYPE = "source_type"
    OFFICIAL = "official"
    MONTH = "month"
    KIND = "kind"
    DOCUMENT = "document"


COUNTED = (FacetName.SOURCE_TYPE, FacetName.OFFICIAL, FacetName.MONTH, FacetName.KIND)

_ATTRIBUTE: dict[str, str] = {
    FacetName.SOURCE_TYPE: "source_types",
    FacetName.OFFICIAL: "officials",
    FacetName.MONTH: "months",
    FacetName.KIND: "kinds",
    FacetName.DOCUMENT: "documents",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Values chosen: any of them within a facet, all facets together. Sorted, each once."""

    source_types: tuple[str, ...] = ()
    officials: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in _ATTRIBUTE.values():
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values chosen in *facet*. Raises ValueError where there is no such facet."""
        values: tuple[str, ...] = getattr(self, _ATTRIBUTE.get(facet) or _ATTRIBUTE[FacetName(facet)])
        return values

    def with_(self, facet: str, value: str) -> Selection:
        """The same and *value* of *facet*."""
        return self._set(facet, (*self.chosen(facet), value))

    def without(self, facet: str, value: str | None = None) -> Selection:
        """The same but for *value* of *facet*; for all its values where none is given."""
        return self._set(facet, tuple(one for one in self.chosen(facet) if value not in (one, None)))

    def facets(self) -> list[FacetName]:
        """Those in which something is chosen."""
        return [facet for facet in FacetName if self.chosen(facet)] if self else []

    def items(self) -> Iterator[tuple[FacetName, str]]:
        """Each chosen value with its facet."""
        for facet in self.facets():
            for value in self.chosen(facet):
                yield facet, value

    def __bool__(self) -> bool:
        return bool(self.source_types or self.officials or self.months or self.kinds or self.documents)

    def _set(self, facet: str, values: tuple[str, ...]) -> Selection:
        return replace(self, **{_ATTRIBUTE[FacetName(facet)]: values})


NOTHING_CHOSEN = Selection()
