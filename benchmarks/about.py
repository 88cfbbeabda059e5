"""CPU time of telling what passages are about, beside stock Whoosh indexing the same text, in one run.

    python benchmarks/about.py COLLECTION DOCUMENT.md [...]

COLLECTION is a folder with authority files (the starter does); a DOCUMENT may be gzipped.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from pathlib import Path

from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in

from corpus.about import describe
from corpus.authorities import load_authorities
from corpus.model import Document
from corpus.readers.markdown_text import read_markdown


def main() -> None:
    """Prints seconds of CPU and their ratio."""
    authorities, _ = load_authorities(Path(sys.argv[1]))
    types = tuple(value for value, _ in authorities.collection.source_types)
    documents: list[Document] = []
    for name in sys.argv[2:]:
        data = Path(name).read_bytes()
        data = gzip.decompress(data) if name.endswith(".gz") else data
        documents.append(read_markdown(data, name, Path(name).name.split(".")[0], types).document)
    passages = sum(len(document.passages) for document in documents)
    characters = sum(len(passage.text) for document in documents for passage in document.passages)

    start = time.process_time()
    for document in documents:
        describe(document, authorities)
    about = time.process_time() - start

    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        writer = create_in(folder, Schema(id=ID(stored=True), text=TEXT(stored=True))).writer()
        for document in documents:
            for place, passage in enumerate(document.passages):
                writer.add_document(id=f"{document.slug}/{place}", text=passage.text)
        writer.commit()
        whoosh = time.process_time() - start

    print(f"{len(documents)} documents, {passages} passages, {characters} characters")
    print(f"about:  {about:6.2f} s CPU  ({characters / about / 1e6:.2f} million characters a second)")
    print(f"Whoosh: {whoosh:6.2f} s CPU")
    print(f"ratio:  {about / whoosh:6.2f}")


if __name__ == "__main__":
    main()
