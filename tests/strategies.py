"""Random passages, plans and choices for property tests, with few words so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

from index.record import CitationRecord, MonthsRecord, PassageRecord
from index.schema import TermField
from search.plan import AllOf, AnyOf, AnyTerm, ButNot, Everything, InOrder, Near, Nothing, OneOf, Plan

# Words that are one place and several terms are among them, and what separates words.
WORDS = ("ash", "bay", "cat", "ash's", "bay[cat]", "cat'ash", "1,200", "Bays", "A/43/705", "شب‌ها")
MONTHS = ("1988-07", "1988-08", "1988-11", "1989-01")
OFFICIALS = tuple(f"official-{number}" for number in range(7))
SOURCES = ("un", "ngo", "media")

_texts = st.lists(st.sampled_from(WORDS), max_size=12).flatmap(
    lambda words: st.lists(
        st.sampled_from((" ", " – ", "-", ", ", " “", "… ")), min_size=len(words), max_size=len(words)
    ).map(lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True)).strip())
)


@st.composite
def records(draw: st.DrawFn, *, texts: st.SearchStrategy[str] = _texts, max_size: int = 9) -> list[PassageRecord]:
    """Passages of up to three documents, in order."""
    number = draw(st.integers(1, max_size))
    cuts = sorted((draw(st.integers(0, number)), draw(st.integers(0, number))))
    return [draw(_record(position, f"d{sum(position >= cut for cut in cuts)}", texts)) for position in range(number)]


@st.composite
def _record(draw: st.DrawFn, position: int, document: str, texts: st.SearchStrategy[str]) -> PassageRecord:
    months = draw(st.lists(st.sampled_from(MONTHS), unique=True, max_size=3).map(sorted))
    cut = draw(st.integers(0, len(months)))
    return PassageRecord(
        document=document,
        id=f"i{position:05}",
        label=f"p{position}",
        kind=draw(st.sampled_from(("body", "annex", "footnote"))),
        form="paragraph",
        page=None,
        section="",
        section_path=draw(st.sampled_from(((), ("1. Ash",), ("1. Ash", "Bays and cats")))),
        number=None,
        text=draw(texts),
        calls=(),
        called_from=(),
        officials=tuple(draw(st.lists(st.sampled_from(OFFICIALS), unique=True))),
        source_types=tuple(draw(st.lists(st.sampled_from(SOURCES), unique=True))),
        months=MonthsRecord(tuple(months[:cut]), tuple(months[cut:])),
        dates=(),
        date_flags=(),
        cites=draw(st.sampled_from(((), (CitationRecord("Cats of the bay", "A/43/705"),)))),
        refers_to=(),
        permalink=f"/documents/{document}/p/p{position}~i{position:05}.00000",
    )


_TERMS = {
    TermField.TEXT: ("ash", "bay", "cat", "baycat", "catash", "1200", "200", "1", "شبها", "absent"),
    TermField.EXACT: ("ash", "bay", "bays", "cat", "ashs", "baycat", "catash", "1200", "200", "1", "a", "43", "absent"),
    TermField.PRINTED: ("ash", "bay", "bays", "cat", "s", "1", "200", "a", "43", "شب", "absent"),
    TermField.HEADING: ("ash", "bay", "cat", "and", "1"),
    TermField.CITED: ("cats", "cat", "A/43/705", "of"),
    TermField.SYMBOL: ("A/43/705", "A/43/706"),
}


@st.composite
def leaves(draw: st.DrawFn) -> Plan:
    """A plan of one part."""
    field = draw(st.sampled_from(TermField))
    terms = st.lists(st.sampled_from(_TERMS[field]), max_size=3).map(tuple)
    match draw(st.integers(0, 6)):
        case 0:
            return draw(st.sampled_from((Nothing(), Everything())))
        case 1:
            return OneOf("month", tuple(draw(st.lists(st.sampled_from((*MONTHS, "1999-01"))))))
        case 2:
            return OneOf("official", tuple(draw(st.lists(st.sampled_from(OFFICIALS)))))
        case 3:
            return InOrder(field, tuple(draw(st.lists(terms, max_size=4))))
        case 4:
            return Near(field, tuple(draw(st.lists(terms, min_size=1, max_size=3))), draw(st.integers(0, 4)))
        case _:
            return AnyTerm(field, draw(terms), draw(st.sampled_from((1.0, 2.0))))


def plans() -> st.SearchStrategy[Plan]:
    """Plans of all kinds, some parts deep."""
    return st.recursive(
        leaves(),
        lambda parts: st.one_of(
            st.lists(parts, max_size=3).map(lambda some: AllOf(tuple(some))),
            st.lists(parts, max_size=3).map(lambda some: AnyOf(tuple(some))),
            st.tuples(parts, parts).map(lambda two: ButNot(*two)),
        ),
        max_leaves=6,
    )
