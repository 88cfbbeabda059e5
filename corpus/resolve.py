"""Which footnote a short form means: "Interim report (previously cited)", "ibid.", "op. cit.", "see note 12 above".

A named short form is held against every work cited in full before it. What counts, in this order: title and author;
whether the work can already have existed at the dates that the calling passage speaks of; and nearness, counted in
passages of the text and not in notes, so that notes added or renumbered change nothing. Where works fit equally well,
or only a vague title fits from afar, the answer is doubtful and names the rivals. A work whose full citation is not
there is never replaced by another in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from corpus.citation_parts import ShortKind
from corpus.citations import NoteCitation
from corpus.edtf import edtf_bounds
from corpus.model import Confidence, Form, Kind, Passage, Reference
from corpus.names import words_of
from corpus.surroundings import lead_in
from corpus.symbols import canonical

_NEAR = 4  # passages of the text within which a vague title still goes to the work cited last
_APART = 3  # by how many passages the next work must be farther away
_NOTES_BACK = 10  # how far back "ibid." may look when the notes between only explain
_VAGUE = 3  # a title of so many words or fewer may be that of many works
_INITIAL = re.compile(r"(?:^|[\s,&.])[A-Z]\.|^[A-Z]\w+\s[A-Z]\w+$")  # a person: "M. Ferro", "Ann Author"
_PERSONS = re.compile(r",\s(?!Jr)|\s(?:and|&)\s|,\sand\s")
_ARTICLES = frozenset(("the", "a", "an"))
_EMPTY = frozenset(("the", "of", "on", "and", "a", "an", "in", "to", "for", "or"))


@dataclass(slots=True)
class _Work:
    """A work cited in full, wherever: its latest full citation and where it was meant last."""

    key: tuple[str, ...]
    title: tuple[str, ...]
    author: frozenset[str]
    published: str | None  # EDTF
    first: date | None
    last: date | None
    note: int  # position of the footnote that cites it in full, the latest so far
    place: int  # where in the text it was meant last
    reports: str | None = None  # volume, series and first page of a decision, or a symbol as printed
    surnames: frozenset[str] = frozenset()
    main: tuple[str, ...] = ()  # what stands before the colon of its title
    aliases: set[tuple[str, ...]] = field(default_factory=set)
    pinpoints: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a work fits a short form."""

    work: _Work
    title: int  # 3 the same, 2 one begins or ends the other, 1 one holds the other, 0 no title given
    author: int  # 2 the same, 1 alike, 0 not given
    distance: int  # passages since it was meant last
    begins: bool  # the short title begins the full one
    time: int  # 1: of the very date spoken of; -1: older than what is spoken of; 0: nothing said

    @property
    def score(self) -> int:
        return self.title * 10 + self.author * 4 + max(0, 6 - self.distance) + (4 if self.time > 0 else 5 * self.time)


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """Days that a passage speaks of, both included; *at* is the offset of their words."""

    first: date
    last: date
    at: int


def resolve(
    passages: Sequence[Passage],
    notes: Mapping[int, Sequence[NoteCitation]],
    dates: Sequence[Sequence[SpokenDate]],
) -> dict[int, tuple[Reference, ...]]:
    """The short forms of each footnote, by its position. *notes* are the citations of each; *dates* those spoken of."""
    return _Resolver(passages, notes, dates).resolved()


class _Resolver:
    def __init__(
        self,
        passages: Sequence[Passage],
        notes: Mapping[int, Sequence[NoteCitation]],
        dates: Sequence[Sequence[SpokenDate]],
    ) -> None:
        self._passages = passages
        self._notes = notes
        self._dates = dates
        self._works: dict[tuple[str, ...], _Work] = {}
        self._by_word: dict[str, list[_Work]] = {}
        self._footnotes = [at for at, passage in enumerate(passages) if passage.kind is Kind.FOOTNOTE]
        self._order = {position: nth for nth, position in enumerate(self._footnotes)}
        self._numbers: dict[str, list[int]] = {}
        for position in self._footnotes:
            self._numbers.setdefault(passages[position].number or "", []).append(position)
        self._meant: dict[int, list[Reference]] = {}

    def resolved(self) -> dict[int, tuple[Reference, ...]]:
        for position in self._footnotes:
            place = self._place(position)
            for nth, cited in enumerate(self._notes.get(position, ())):
                if cited.short is None:
                    self._cite(position, place, cited)
                    continue
                reference: Reference | None
                if cited.short.kind is ShortKind.NUMBERED:
                    reference = self._numbered(position, cited)
                elif cited.short.kind is ShortKind.SAME:
                    reference = self._same(position, nth, cited)
                else:
                    reference = self._named(position, place, cited)
                if reference is not None:
                    self._meant.setdefault(position, []).append(reference)
        return {position: tuple(references) for position, references in self._meant.items()}

    def _place(self, position: int) -> int:
        """Where in the text the note is called; a quotation stands where its lead-in does."""
        callers = self._passages[position].called_from
        if not callers:
            return position
        caller = callers[0]
        opener = lead_in(self._passages[caller])
        return caller if opener is None or self._passages[caller].form is Form.ITEM else opener

    def _cite(self, position: int, place: int, cited: NoteCitation) -> None:
        citation = cited.citation
        title = _words(citation.title)
        symbol = canonical(citation.symbol) if citation.symbol else None
        key = ("symbol", symbol) if symbol else ("title", *title, citation.date or "", *_words(citation.author))
        bounds = (edtf_bounds(citation.date) if citation.date else None) or (None, None)
        work = self._works.get(key)
        if work is None:
            work = _Work(
                key, title, _author(citation.author), citation.date, bounds[0], bounds[1], position, place,
                reports=citation.symbol, surnames=_surnames(citation.author),
                main=_words((citation.title or "").split(": ")[0]),
            )  # fmt: skip
            self._works[key] = work
            for word in {*title, *work.author}:
                self._by_word.setdefault(word, []).append(work)
        work.note, work.place = position, place
        if cited.alias:
            work.aliases.add(_words(cited.alias))
            for word in _words(cited.alias):
                self._by_word.setdefault(word, []).append(work)
        if citation.pinpoint:
            work.pinpoints.add(citation.pinpoint)

    def _named(self, position: int, place: int, cited: NoteCitation) -> Reference | None:
        symbol = canonical(cited.citation.symbol) if cited.citation.symbol else None
        if symbol is not None:
            return self._by_symbol(position, place, cited, symbol)
        matches = sorted(self._matches(position, place, cited), key=lambda match: (-match.score, match.distance))
        titled = cited.short is not None and cited.short.kind is ShortKind.TITLED
        if titled:
            matches = [match for match in matches if match.author == 2 and match.title]
        if not matches:
            if titled:
                return None  # names and a number, and no short form at all
            return self._reference(
                position, cited, None, Confidence.DOUBTFUL, (), "no work of that name is cited in full before"
            )
        best, rivals = matches[0], matches[1:]
        # A title in quotation marks is a title in full, however short; "Report" without them is a kind of document.
        text, title = self._passages[position].text, cited.title
        quoted = title is not None and text[title[0] - 1 : title[0]] in ("“", '"', "«", "‘")
        asked = _words(cited.citation.title or cited.citation.author)
        words = len(asked) + (_VAGUE if cited.citation.symbol else 0)
        # All that stands before the colon of "Ashes of May: The Burning of Norville" names it well enough.
        whole = words == _VAGUE and asked == best.work.main
        confidence, reason = _verdict(best, rivals, specific=quoted or titled or whole or words > _VAGUE)
        if confidence is Confidence.SURE:  # a doubt must not grow into a certainty by being repeated
            best.work.place = place
        return self._reference(
            position, cited, best.work.note, confidence, rivals if confidence is Confidence.DOUBTFUL else (), reason
        )

    def _by_symbol(self, position: int, place: int, cited: NoteCitation, symbol: str) -> Reference:
        work = self._works.get(("symbol", symbol))
        if work is None:
            reason = f"{symbol} is not cited in full before"
            return self._reference(position, cited, None, Confidence.DOUBTFUL, (), reason)
        work.place = place
        return self._reference(position, cited, work.note, Confidence.SURE, (), f"names {symbol} itself")

    def _matches(self, position: int, place: int, cited: NoteCitation) -> list[_Match]:
        title, author = _words(cited.citation.title), _author(cited.citation.author)
        wanted = [word for word in (title or tuple(author)) if word not in _EMPTY]
        if not wanted:
            return []
        # Every work that fits shares the rarest word of what is asked; when titles differ by one word, another does.
        lists = sorted((self._by_word.get(word, []) for word in wanted), key=len)
        works = {
            id(work): work
            for found in lists[: 1 + (len(wanted) > 2)] + ([lists[-1]] if len(lists[-1]) < 50 else [])
            for work in found
        }
        matches = []
        for work in works.values():
            by_title, by_author = _title_match(title, work), _author_match(author, work.author)
            if author and author == work.surnames:
                by_author = 2
            if not title:  # "Smith, op. cit.", or a title alone
                alone = _title_match(_words(cited.citation.author), work)
                if alone < 2 and by_author < 1:
                    continue
                by_title, by_author = (alone, 0) if alone >= 2 else (0, by_author)
            elif by_title == 0 or (by_author < 0 and not (by_title == 3 and len(title) > _VAGUE)):
                continue
            begins = bool(title) and work.title[: len(title)] == title
            distance = abs(place - work.place)
            matches.append(_Match(work, by_title, max(by_author, 0), distance, begins, self._time(position, work)))
        volume = cited.citation.symbol
        if volume:  # "Roe, 410 U.S. at 125": the volume is the one of the decision meant
            matches = [one for one in matches if one.work.reports and one.work.reports.startswith(f"{volume} ")]
        dated = [one for one in matches if cited.citation.date and one.work.published == cited.citation.date]
        return dated or matches

    def _time(self, position: int, work: _Work) -> int:
        """Whether the work can have existed at what the calling passage speaks of before the call."""
        if work.first is None or work.last is None:
            return 0
        verdict = 0
        for caller in self._passages[position].called_from[:1]:
            calls = [
                call.at for call in self._passages[caller].calls if call.target == position and call.at is not None
            ]
            until = max(calls, default=len(self._passages[caller].text))
            opener = lead_in(self._passages[caller])
            spoken = [one for one in self._dates[caller] if one.at < until]
            if opener is not None and self._passages[caller].form is not Form.ITEM:
                spoken += self._dates[opener]
            for one in spoken:
                if one.first == work.first and one.last == work.last:
                    return 1
                if one.first > work.last:
                    verdict = -1
        return verdict

    def _same(self, position: int, nth: int, cited: NoteCitation) -> Reference:
        before = self._notes[position][:nth]
        source, back = position, 0
        while not before:
            back += 1
            order = self._order[position] - back
            source = self._footnotes[order] if order >= 0 else position
            if order < 0 or back > _NOTES_BACK or self._section(source) != self._section(position):
                return self._reference(
                    position, cited, None, Confidence.DOUBTFUL, (), "no note just before it cites anything"
                )
            before = self._notes.get(source, ())
        if before[-1].short is None:
            target: int | None = source
            sure = len(before) == 1 or source == position
        else:
            meant = self._meant.get(source, [])
            target = meant[-1].target if meant else None
            sure = bool(meant) and meant[-1].confidence is Confidence.SURE and len(before) == 1
        if target is None:
            return self._reference(
                position, cited, None, Confidence.DOUBTFUL, (), "what the note before means is not found"
            )
        if back > 1:
            reason = "the source cited last; the note just before it cites none"
        elif sure:
            reason = "the source cited just before"
        else:
            reason = "the note before cites several sources, or one that is in doubt; the last is taken"
        confidence = Confidence.SURE if sure and back <= 1 else Confidence.DOUBTFUL
        return self._reference(position, cited, target, confidence, (), reason)

    def _section(self, position: int) -> int | None:
        callers = self._passages[position].called_from
        return self._passages[callers[0]].section if callers else None

    def _with_number(self, number: str, position: int) -> list[int]:
        """The notes that bear a mark: in full, or after the part that this note's own mark shares with them (d27-2)."""
        found = [one for one in self._numbers.get(number, ()) if one != position]
        own = self._passages[position].number or ""
        if not found and "-" in own:
            found = [one for one in self._numbers.get(f"{own.rpartition('-')[0]}-{number}", ()) if one != position]
        if len(found) > 1:  # marks begin anew in each chapter
            here = [one for one in found if self._section(one) == self._section(position)]
            found = here or found
        return found

    def _numbered(self, position: int, cited: NoteCitation) -> Reference:
        number = cited.short.number if cited.short else None
        found = self._with_number(number or "", position)
        if not found:
            return self._reference(position, cited, None, Confidence.DOUBTFUL, (), f"there is no note {number}")
        nearest = min(found, key=lambda one: (one > position, abs(self._order[one] - self._order[position])))
        target, confidence, reason = nearest, Confidence.SURE, f"names note {number}"
        full = [one for one in self._notes.get(nearest, ()) if one.short is None]
        meant = self._meant.get(nearest, [])
        if not full and meant and meant[0].target is not None:
            target, confidence = meant[0].target, meant[0].confidence
            reason = f"names note {number}, which means this one"
        elif full and cited.citation.author:
            authors = [_author_match(_author(cited.citation.author), _author(one.citation.author)) for one in full]
            titles = [_common(_words(cited.citation.author), _words(one.citation.title)) for one in full]
            if max(authors) < 0 and max(titles) < 1:
                confidence, reason = Confidence.DOUBTFUL, f"names note {number}, which cites somebody else"
        if len(found) > 1:
            confidence, reason = Confidence.DOUBTFUL, f"{len(found)} notes bear the mark {number}; the nearest is taken"
        return self._reference(position, cited, target, confidence, (), reason)

    def _reference(
        self,
        position: int,
        cited: NoteCitation,
        target: int | None,
        confidence: Confidence,
        rivals: Sequence[_Match],
        reason: str,
    ) -> Reference:
        text = self._passages[position].text
        short = cited.short
        end = short.end if short else cited.end
        start = cited.title[0] if cited.title and cited.title[0] < end else cited.start
        if start and text[start - 1] in '“"«‘':
            start -= 1
        marks = [self._passages[match.work.note].number or "" for match in rivals]
        return Reference(
            printed=text[start:end],
            at=start,
            target=target,
            note=self._passages[target].number if target is not None else None,
            section=None,
            confidence=confidence,
            rivals=tuple(dict.fromkeys(mark for mark in marks if mark)),
            reason=reason,
            pinpoint=cited.citation.pinpoint,
        )


def _verdict(best: _Match, rivals: Sequence[_Match], *, specific: bool) -> tuple[Confidence, str]:
    """Whether the best match is beyond doubt, and why; *specific*: the title is hardly that of many works."""
    if not rivals:
        if best.title == 3 and specific:
            return Confidence.SURE, "the only work of that title cited before"
        if best.title == 2 and specific and best.author > 0 and (best.begins or best.distance <= _NEAR):
            return Confidence.SURE, "the only work cited before whose author and title fit"
        if best.title == 0:
            return (
                (Confidence.SURE, "the only work of that author cited before")
                if best.author == 2 and best.time >= 0
                else (
                    Confidence.DOUBTFUL,
                    "the only work of that author, older than what is spoken of",
                )
                if best.author == 2
                else (Confidence.DOUBTFUL, "the only work cited before that fits, by a part of the author's name")
            )
        if best.distance <= _NEAR and best.time >= 0:
            return Confidence.SURE, "the only such title cited before, and close by"
        if best.time > 0 or (best.title == 3 and best.author == 2 and best.time == 0):
            return Confidence.SURE, "the only work of that name cited before"
        why = "it is older than what the passage speaks of" if best.time < 0 else "it is cited far before"
        return Confidence.DOUBTFUL, f"the only work cited before that fits, but {why}"
    least = min(rival.distance for rival in rivals)
    higher = any(rival.title > best.title for rival in rivals)
    if higher:
        return Confidence.DOUBTFUL, "cited just before, but another work's title fits better"
    if best.title == 3 and specific and best.time >= 0 and all(rival.title < 3 for rival in rivals):
        return Confidence.SURE, "the only work of exactly that title cited before"
    if best.title < 2:
        return Confidence.DOUBTFUL, "several works cited before fit"
    if best.time >= 0 and best.distance <= _NEAR and all(rival.time < 0 or rival.time < best.time for rival in rivals):
        return Confidence.SURE, "of the works that fit, the only one that the dates spoken of allow, and the nearest"
    if best.time >= 0 and best.distance <= _NEAR and least - best.distance >= _APART:
        return Confidence.SURE, "of the works that fit, the one cited just before"
    return Confidence.DOUBTFUL, "several works cited before fit; the nearest is taken"


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(words_of(text).words) if text else ()


def _author(text: str | None) -> frozenset[str]:
    return frozenset(word for word in _words(text) if word not in _EMPTY)


def _surnames(text: str | None) -> frozenset[str]:
    """The last words of the persons who wrote a work: "L. Anders and P. Quist" are Anders and Quist."""
    if not text or not _INITIAL.search(text):
        return frozenset()
    return frozenset(_words(one)[-1] for one in _PERSONS.split(text) if _words(one))


def _title_match(title: tuple[str, ...], work: _Work) -> int:
    return 3 if title and title in work.aliases else _common(title, work.title)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """3 the same, 2 one begins or ends the other, 1 one of three words or more stands inside the other, else 0."""
    if not one or not other:
        return 0
    if one == other:
        return 3
    one, other = (words[1:] if len(words) > 1 and words[0] in _ARTICLES else words for words in (one, other))
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if long[: len(short)] == short or long[-len(short) :] == short:
        # A title begun is a usual short form; one whose *end* is a single word is chance.
        return 2 if long[: len(short)] == short or len(short) > 1 else 0
    if len(short) >= 3 and any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1)):
        return 1
    return 0


def _author_match(one: frozenset[str], other: frozenset[str]) -> int:
    """2 the same, 1 one part of the other or mostly alike, 0 not given, -1 another."""
    if not one or not other:
        return 0
    if one == other:
        return 2
    if one <= other or other <= one:
        return 1
    return 1 if len(one & other) / len(one | other) >= 0.6 else -1
