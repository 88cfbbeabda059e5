"""An invented record for tests: a state with three namesakes, its press, an NGO and the UN."""

from __future__ import annotations

from corpus.about import describe
from corpus.authorities import Authorities, CollectionInfo, Office, Official, Source
from corpus.model import Document
from corpus.readers.markdown_text import read_markdown

OFFICIALS = (
    Official(
        "lahouti",
        "Javad Kamal Lahouti",
        ("Javad Kamal Lahouti", "Javad Lahouti", "Lahouti"),
        ("جواد کمال لاهوتی", "جواد لاهوتی", "لاهوتی"),
        (
            Office(
                "Permanent Representative to the UN in Geneva",
                (
                    "Permanent Representative to the United Nations in Geneva",
                    "Norland’s Permanent Representative to the UN",
                ),
                "1987",
                "1989",
            ),
        ),
    ),
    Official(
        "sina-golshan",
        "Sina Golshan",
        (),
        ("سینا گلشن",),
        (Office("Prime Minister", ("Prime Minister of Norland", "Norland’s prime minister"), "1986", "1988"),),
        ("Reza Golshan, chargé d’affaires",),
    ),
    Official(
        "reza-golshan",
        "Reza Golshan",
        ("Mohammad Reza Golshan",),
        ("رضا گلشن",),
        (Office("Chargé d’affaires in Lisbon", ("Norland’s chargé d’affaires in Lisbon",), "1988", "1988"),),
    ),
    Official("golshan-teymouri", "Karim Golshan Teymouri", ("Golshan Teymouri", "Teymouri"), (), ()),
    Official(
        "nouri",
        "Abdollah Nouri",
        ("Abdollah Noori", "Nouri", "Noori"),
        ("عبدالله نوری",),
        (Office("Minister of the Interior", ("interior minister", "Minister of the Interior"), "1988-08", "1989"),),
        ("Hamid Nouri, prison clerk",),
    ),
    Official(
        "raisi",
        "Ebrahim Raisi",
        ("Raisi",),
        ("ابراهیم رئیسی",),
        (Office("Minister of the Interior", ("interior minister", "Minister of the Interior"), "1985", "1988-07"),),
        ("Raeisinia",),
    ),
)
SOURCES = (
    Source("watch", "Rights Watchers", "ngo", ("Rights Watchers", "RW"), ("RWX *",), ("rightswatchers.example",)),
    Source("un-ga", "UN General Assembly", "un", ("UN General Assembly", "General Assembly"), ("A/*",), ("un.org",)),
    Source("un-sr", "UN Special Rapporteur", "un", ("UN Special Rapporteur", "Special Rapporteur"), ("E/CN.4/*",)),
    Source("gazette", "The Gazette", "media", ("The Gazette", "Gazette")),
    Source("wire", "World Wire", "media", ("World Wire",)),
    Source("herald", "Norland Herald", "state-media", ("Norland Herald",)),
    Source(
        "mission",
        "Permanent Mission of Norland",
        "government",
        ("Permanent Mission of Norland", "Permanent Representative of Norland to the United Nations"),
        ("A/44/999",),
    ),
    Source("congress", "Members of Congress", "parliament", ("members of Congress",)),
)
AUTHORITIES = Authorities(CollectionInfo("test", "Test"), OFFICIALS, SOURCES)
TYPES = tuple(value for value, _ in AUTHORITIES.collection.source_types)


def described(markdown: str, *, date: str = "", source_type: str = "other") -> Document:
    """The document that *markdown* (without front matter) is, described with the invented authorities."""
    front = f'---\ntitle: "A test"\nsource_type: "{source_type}"\n' + (f'date: "{date}"\n' if date else "") + "---\n\n"
    read = read_markdown((front + markdown).encode(), "documents/test.md", "test", TYPES)
    return describe(read.document, AUTHORITIES)


def officials_of(text: str, *, date: str = "") -> tuple[str, ...]:
    """Whom a document of one paragraph names."""
    return described(text + "\n", date=date).about[0].officials


def source_types_of(text: str) -> tuple[str, ...]:
    """The source types of a document of one paragraph, of type "other" itself."""
    return described(text + "\n").about[0].source_types
