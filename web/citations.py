"""Citations of a passage: a sentence for people, and BibTeX, RIS and CSL-JSON for their programs.

BibTeX: the entry types of btxdoc (O. Patashnik, 1988) with `url` and `date` as biblatex reads them. RIS: the tags of
the format's specification (Research Information Systems, 2001). CSL-JSON: the schema of citationstyles.org, 1.0.2.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import msgspec
from flask import Response, current_app

from corpus.edtf import edtf_bounds
from index.record import DocumentRecord, PassageRecord, SectionRecord
from web import links
from web.labels import Edition, cut
from web.wording import date_said, page_said, place_said

FORMATS = ("csl.json", "bib", "ris")
_TYPES = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems", "csl.json": "application/json"}
_PLAIN_HEADING = 30  # characters of a heading that needs no quotation marks in a sentence
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_SPECIAL = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    '"': '{"}',
}
# BibTeX counts braces whatever stands before them: one without its fellow must not be written as a brace.
_ALONE = {"{": "\\textbraceleft{}", "}": "\\textbraceright{}"}
_LIGATURES = {
    "--",
    "``",
    "''",
    ",,",
    "<<",
    ">>",
    "?`",
    "!`",
}  # what LaTeX sets as one sign that the title does not have


def sentence(record: PassageRecord, document: DocumentRecord, edition: Edition) -> str:
    """How to cite a passage in prose: who, what, when, where in it, and in which edition it was read."""
    said = [
        document.issuer or "",
        document.title,
        document.symbol or "",
        date_said(document.date),
        where(record, document),
    ]
    said.append(f"in {edition.collection}, edition {edition.number} of {date_said(edition.built)}")
    return ", ".join(part for part in said if part) + "."


def where(record: PassageRecord, document: DocumentRecord) -> str:
    """Where a passage stands: `section 2.1, passage 4 (page 6)`, `annex, December 1988, passage 4 (page 16)`.

    The nearest numbered heading goes by its number, headings without one under it by their words as printed.
    """
    steps: list[str] = []
    at = record.section_at
    while at is not None:
        section = document.sections[at]
        if section.kind == "annex" and _is_top_annex(section, document):
            steps.append(_annex(section, document))
            break
        if section.number:
            steps.append(f"{'section' if section.kind == 'body' else 'part'} {section.number}")
            if section.kind == "body":
                break
        else:
            steps.append(_quoted(section.title))
        at = section.parent
    page = page_said(record.page)
    return ", ".join([*reversed(steps), place_said(record)]) + (f" ({page})" if page else "")


def _is_top_annex(section: SectionRecord, document: DocumentRecord) -> bool:
    return section.parent is None or document.sections[section.parent].kind != "annex"


def _annex(section: SectionRecord, document: DocumentRecord) -> str:
    """`annex` where the document has one alone, else the annex by its heading."""
    annexes = sum(one.kind == "annex" and _is_top_annex(one, document) for one in document.sections)
    if annexes == 1:
        return "annex"
    named = section.title.casefold().startswith("annex")
    return _quoted(section.title) if named else f"annex {_quoted(section.title)}"


def _quoted(title: str) -> str:
    """A heading inside a sentence: one of many words, or with a comma, in quotation marks, and cut where it is long."""
    return f"\u201c{cut(title)}\u201d" if len(title) > _PLAIN_HEADING or "," in title else title


def cited_as(form: str, record: PassageRecord, document: DocumentRecord, edition: Edition) -> Response:
    """The citation as a file of the given *form*."""
    address = links.absolute(current_app.config["SITE_URL"], record.permalink)
    written = {"bib": bibtex, "ris": ris, "csl.json": csl_json}[form]
    response = Response(written(record, document, edition, address), mimetype=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{record.document}-{record.id}.{form}"'
    return response


def _line(text: str) -> str:
    """*text* in one line without what no citation manager reads."""
    return " ".join("".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text).split())


def _latex(text: str) -> str:
    """*text* in one line of LaTeX that shows it sign for sign."""
    line = _line(text)
    alone = _braces_alone(line)
    out: list[str] = []
    for at, sign in enumerate(line):
        if line[at - 1 : at + 1] in _LIGATURES:
            out.append("{}")
        out.append(_ALONE[sign] if at in alone else _SPECIAL.get(sign, sign))
    return "".join(out)


def _braces_alone(line: str) -> set[int]:
    """Where *line* has a brace without its fellow."""
    opened: list[int] = []
    alone: set[int] = set()
    for at, sign in enumerate(line):
        if sign == "{":
            opened.append(at)
        elif sign == "}" and opened:
            opened.pop()
        elif sign == "}":
            alone.add(at)
    return alone.union(opened)


def bibtex(record: PassageRecord, document: DocumentRecord, edition: Edition, address: str) -> str:
    """The passage as a BibTeX entry; the issuer stays one name."""

    fields = {
        "author": f"{{{_latex(document.issuer)}}}" if document.issuer else "",
        "title": f"{{{_latex(document.title)}}}",
        "date": document.date if document.date and _DAY.fullmatch(document.date) else "",
        "year": _year(document.date),
        "number": _latex(document.symbol or ""),
        "pages": _pages(record),
        "note": _latex(
            f"{where(record, document)}, in {edition.collection}, edition {edition.number} of {edition.built}"
        ),
        "url": address,
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{record.document}-{record.id},\n{body}}}\n"


def _pages(record: PassageRecord, dash: str = "--") -> str:
    """`6--7`, `7`, "" where the original's pages are not known."""
    if record.page is None:
        return ""
    first, last = record.page.first, record.page.last
    return f"{first}" if first == last else f"{first}{dash}{last}"


def _year(edtf: str | None) -> str:
    """The year in which all of *edtf* lies, "" where it is open or touches two."""
    first, last = (edtf_bounds(edtf) if edtf else None) or (None, None)
    return f"{first.year:04}" if first and last and first.year == last.year else ""


def ris(record: PassageRecord, document: DocumentRecord, edition: Edition, address: str) -> str:
    """The passage as a RIS record."""
    found = _DAY.fullmatch(document.date or "")
    lines = [
        ("TY", "GEN"),
        ("AU", document.issuer or ""),
        ("TI", document.title),
        ("PY", _year(document.date)),
        ("DA", "/".join(part or "" for part in found.groups()) + "/" if found else ""),
        ("M1", document.symbol or ""),
        ("SP", str(record.page.first) if record.page else ""),
        ("EP", str(record.page.last) if record.page else ""),
        ("N1", where(record, document)),
        ("T2", edition.collection),
        ("ET", f"{edition.number} ({edition.built})"),
        ("UR", address),
        ("ID", f"{record.document}-{record.id}"),
    ]
    body = "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines if value)
    return f"{body}ER  - \r\n"


def csl_json(record: PassageRecord, document: DocumentRecord, edition: Edition, address: str) -> str:
    """The passage as CSL-JSON, a list of one."""
    item: dict[str, Any] = {
        "id": f"{record.document}-{record.id}",
        "type": "document",
        "title": document.title,
        "container-title": edition.collection,
        "edition": f"{edition.number} ({edition.built})",
        "note": where(record, document),
        "URL": address,
    }
    if document.issuer:
        item["author"] = [{"literal": document.issuer}]
    if document.symbol:
        item["number"] = document.symbol
    if record.page:
        item["page"] = _pages(record, "-")
    ends = [_DAY.fullmatch(end) for end in (document.date or "").split("/")]
    days = [[int(part) for part in end.groups() if part] for end in ends if end]
    if days and len(days) == len(ends):
        item["issued"] = {"date-parts": days}
    elif document.date:
        item["issued"] = {"literal": date_said(document.date)}
    return msgspec.json.encode([item]).decode()
