"""Cross-references inside a document: "see Section 2.1 above", "subsection 2 above", "see annex", "note 12 above".

Only what the document says of itself: not inside quotation marks or a quotation set apart (there it is another
document that speaks), except in an editor's square brackets; and not "section 5 of the Penal Code".
"""

from __future__ import annotations

import re

from corpus.model import Confidence, Document, Form, Kind, Passage, Reference
from corpus.sources import quotations
from corpus.text import fold

_NUMBER = r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,7}(?:\.\d{1,3}){0,3}|[A-Z](?:\.\d{1,3}){0,3})(?![\w]|\.\d)"
_SECTION = re.compile(
    rf"(?P<see>\b(?:[Ss]ee\s+(?:also\s+)?(?:infra\s+|supra\s+)?|[Ii]nfra\s+|[Ss]upra\s+))?"
    rf"\b(?P<kind>[Ss]ub-?section|[Ss]ection|[Cc]hapter|[Pp]art)s?\s+{_NUMBER}"
    r"(?P<place>,?\s+(?:above|below|supra|infra))?"
)
_ANNEX = re.compile(
    r"(?P<see>\b[Ss]ee\s+(?:also\s+)?)?(?:\b(?P<article>the|an|our)\s+)?"
    r"\b(?P<kind>[Aa]nnex|[Aa]ppendix|[Aa]ttachment)(?:\s+(?P<number>[IVXLC]{1,5}|\d{1,2}|[A-Z]))?(?![\w])"
    r"(?P<place>,?\s+(?:above|below))?"
)
_PARAGRAPH = re.compile(
    r"(?:\b[Ss]ee\s+(?:also\s+)?)?\b[Pp]ara(?:graph|\.)?\s+(?P<number>\d{1,4})(?!\d|[.,]\d)\s*,?\s+(?:above|below)\b"
)
_OF_ANOTHER = re.compile(
    r"\s+(?:\([^()]{1,20}\)\s+)?(?:of|to|in)\s+(?!this\b|the\s+(?:present|current)\b)(?:the|its|his|her|their|a|an|Iran|[A-Z])"
)
_OF_THIS = re.compile(r"\s+(?:of|to|in)\s+(?:this|the\s+(?:present|current))\b")
_CUE = re.compile(
    r"(?:\b(?:see|in|discussed|described|detailed|mentioned|outlined|explained|noted|under|reference\s+to|refer\s+to|"
    r"from|per|cf\.?)(?:\s+(?:also|in|under|detail|the|this))*|\()\s*$",
    re.IGNORECASE,
)
_ITSELF = re.compile(r"\bthis\s*$", re.IGNORECASE)
_NOTE = re.compile(
    r"\b(?:[Ss]ee\s+)?(?:(?:foot|end)?notes?\s+(?P<before>\d{1,4}[a-z]?),?\s+(?:above|below|supra|infra)"
    r"|(?:supra|infra),?\s+(?:foot)?n(?:otes?|\.)?\s*(?P<after>\d{1,4}[a-z]?))\b"
)
_BRACKETED = re.compile(r"\[[^\[\]]{0,400}\]")


class CrossReferences:
    """The parts of one document, as its own text may name them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._sections: dict[str, int] = {}
        self._first: list[int | None] = [None] * len(document.sections)
        self._notes: dict[str, list[int]] = {}
        self._paragraphs: dict[str, list[int]] = {}
        for at, section in enumerate(document.sections):
            if section.number:
                self._sections.setdefault(section.number.rstrip(".)").upper(), at)
        for place, passage in enumerate(document.passages):
            if passage.kind is Kind.FOOTNOTE:
                self._notes.setdefault(passage.number or "", []).append(place)
                continue
            if passage.number:
                self._paragraphs.setdefault(passage.number.strip(".()"), []).append(place)
            above = passage.section
            while above is not None and self._first[above] is None:
                self._first[above] = place
                above = document.sections[above].parent
        self._annexes = [
            at
            for at, section in enumerate(document.sections)
            if section.kind is Kind.ANNEX
            and (section.parent is None or document.sections[section.parent].kind is not Kind.ANNEX)
        ]

    def of(self, place: int) -> tuple[Reference, ...]:
        """What the passage at *place* says about other parts of its document, in order."""
        passage = self._document.passages[place]
        if not _may_refer(passage.text):
            return ()
        masked = _own_words(passage)
        found = [self._section(passage, match) for match in _SECTION.finditer(masked)]
        found += [self._annex(passage, match) for match in _ANNEX.finditer(masked)]
        found += [self._paragraph(passage, match) for match in _PARAGRAPH.finditer(masked)]
        if passage.kind is not Kind.FOOTNOTE:
            found += [self._note(passage, match) for match in _NOTE.finditer(masked)]
        return tuple(sorted((one for one in found if one is not None), key=lambda reference: reference.at))

    def _section(self, passage: Passage, match: re.Match[str]) -> Reference | None:
        text, number = match.string, match.group("number")
        if _OF_ANOTHER.match(text, match.end()):
            return None
        own = bool(match.group("see") or match.group("place") or _OF_THIS.match(text, match.end()))
        if not own and not _CUE.search(text, max(0, match.start() - 40), match.start()):
            return None
        if match.group("kind").lower().startswith("sub"):
            section, reason = self._subsection(passage, number)
        else:
            section, reason = self._numbered(number), f"the section numbered {number}"
        if section is None:
            # A part that the document does not have: another document's, or one that was left out.
            return None
        return self._reference(
            passage, match, section, self._document.sections[section].number.rstrip(".") or number, reason
        )

    def _numbered(self, number: str) -> int | None:
        return self._sections.get(number.upper())

    def _subsection(self, passage: Passage, number: str) -> tuple[int | None, str]:
        """Subsection 2 within section 4 is 4.2; where there is none, what is called 2 in the whole document."""
        section = passage.section
        while section is not None:
            outer = self._document.sections[section].number.rstrip(".)")
            if outer:
                within = self._numbered(f"{outer}.{number}")
                if within is not None:
                    return within, f"the subsection numbered {outer}.{number}"
            section = self._document.sections[section].parent
        return self._numbered(number), f"the section numbered {number}: there is no such subsection here"

    def _annex(self, passage: Passage, match: re.Match[str]) -> Reference | None:
        text = match.string
        if not self._annexes or _ITSELF.search(text, max(0, match.start() - 10), match.start()):
            return None
        of_this = _OF_THIS.match(text, match.end())
        if not of_this and _OF_ANOTHER.match(text, match.end()):
            return None
        cued = match.group("see") or match.group("place") or of_this
        if not cued and not _CUE.search(
            text, max(0, match.start() - 40), match.start() + len(match.group("article") or "")
        ):
            return None
        if match.group("article") == "an" and not of_this:
            return None
        number = match.group("number")
        wanted = fold(f"{match.group('kind')} {number}") if number else None
        named = [at for at in self._annexes if wanted and fold(self._document.sections[at].title).startswith(wanted)]
        if number and not named:
            return None
        choice = named or self._annexes
        target = self._document.sections[choice[0]].title if len(self._annexes) > 1 else "annex"
        sure = len(choice) == 1
        reason = "the document's annex" if sure else f"the first of {len(choice)} annexes"
        return self._reference(passage, match, choice[0], target, reason, sure=sure)

    def _paragraph(self, passage: Passage, match: re.Match[str]) -> Reference | None:
        """A numbered paragraph of the document, where only one bears that number."""
        number = match.group("number")
        found = self._paragraphs.get(number, [])
        if len(found) != 1:
            return None
        return Reference(
            printed=passage.text[match.start() : match.end()],
            at=match.start(),
            target=found[0],
            note=None,
            section=number,
            confidence=Confidence.SURE,
            rivals=(),
            reason=f"the paragraph numbered {number}",
        )

    def _reference(
        self,
        passage: Passage,
        match: re.Match[str],
        section: int,
        name: str,
        reason: str,
        *,
        sure: bool = True,
    ) -> Reference:
        return Reference(
            printed=passage.text[match.start() : match.end()],
            at=match.start(),
            target=self._first[section],
            note=None,
            section=name,
            confidence=Confidence.SURE if sure else Confidence.DOUBTFUL,
            rivals=(),
            reason=reason,
        )

    def _note(self, passage: Passage, match: re.Match[str]) -> Reference | None:
        number = match.group("before") or match.group("after")
        found = self._notes.get(number, [])
        if not found:
            return None
        return Reference(
            printed=passage.text[match.start() : match.end()],
            at=match.start(),
            target=found[0],
            note=number,
            section=None,
            confidence=Confidence.SURE if len(found) == 1 else Confidence.DOUBTFUL,
            rivals=(),
            reason=f"names note {number}",
        )


def _may_refer(text: str) -> bool:
    lowered = text.lower()
    return any(
        word in lowered for word in ("section", "chapter", "par", "annex", "appendi", "attachment", "note", "supra")
    )


def _own_words(passage: Passage) -> str:
    """The passage's text with blanks where others speak: in quotations, but for what an editor put in brackets."""
    text = passage.text
    spans = [(0, len(text))] if passage.form in (Form.QUOTATION, Form.CODE) else quotations(text)
    if not spans:
        return text
    pieces, done = [], 0
    for start, end in spans:
        pieces.append(text[done:start])
        kept = start
        for editor in _BRACKETED.finditer(text, start, end):
            pieces += [" " * (editor.start() - kept), editor.group()]
            kept = editor.end()
        pieces.append(" " * (end - kept))
        done = end
    return "".join([*pieces, text[done:]])
