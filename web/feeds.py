"""Any search as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from flask import Response

from search.results import Results
from web import links
from web.forms import SearchForm
from web.labels import Edition
from web.wording import place_said

FEED_ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 forbids (section 2.2); ElementTree would write it.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_feed(
    form: SearchForm, results: Results, edition: Edition, built: str, collection: str, site_url: str
) -> Response:
    """The first passages of the search; ids are the passages' own, whatever the site is called."""
    feed = ET.Element("feed", {"xmlns": _ATOM})
    asked = form.query.strip() or "everything"
    _add(feed, "title", f"{edition.collection}: {asked}")
    _add(feed, "id", f"urn:pincite:{collection}:search:{links.search(form.arguments())}")
    _add(feed, "updated", built)
    ET.SubElement(ET.SubElement(feed, "author"), "name").text = _clean(edition.collection)
    for rel, address in (
        ("self", links.search(form.arguments(), "atom")),
        ("alternate", links.search(form.arguments())),
    ):
        ET.SubElement(feed, "link", {"rel": rel, "href": links.absolute(site_url, address)})
    for hit in results.hits:
        record = hit.record
        entry = ET.SubElement(feed, "entry")
        place = " › ".join([*record.section_path, place_said(record)])
        _add(entry, "title", f"{record.document}: {place}")
        _add(entry, "id", f"urn:pincite:{collection}:{record.document}:{record.id}")
        _add(entry, "updated", built)
        ET.SubElement(entry, "link", {"rel": "alternate", "href": links.absolute(site_url, record.permalink)})
        _add(entry, "summary", record.text)
    body = ET.tostring(feed, encoding="unicode")
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', mimetype="application/atom+xml")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
