"""Questions of every kind the syntax knows, made from a generation's own words: the same ones for a seed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from index.snapshot import Snapshot
from search.results import SearchRequest, Sort
from search.selection import Selection

_WORD = re.compile(r"\w+")


class Questions:
    """Makes questions about *snapshot*."""

    def __init__(self, snapshot: Snapshot, seed: int) -> None:
        self._snapshot = snapshot
        self._random = Random(seed)

    def __iter__(self) -> Iterator[SearchRequest]:
        kinds = (
            self._words,
            self._phrase,
            self._near,
            self._begun,
            self._misspelt,
            self._without,
            self._either,
            self._field,
            self._pasted,
            self._nonsense,
            self._name,
            self._nothing,
        )
        while True:
            for kind in kinds:
                yield self._request(kind())

    def _request(self, query: str) -> SearchRequest:
        random = self._random
        return SearchRequest(
            query=query,
            selection=self._selection() if random.random() < 0.3 else Selection(),
            as_printed=random.random() < 0.15,
            sort=random.choice((Sort.DOCUMENT, Sort.DATE, Sort.DOCUMENT)),
            limit=random.choice((1, 20, 20, 100)),
            offset=random.choice((0, 0, 0, 7, 40)),
            facet_limit=random.choice((2, 100)),
        )

    def _selection(self) -> Selection:
        def some(column: str, share: float) -> tuple[str, ...]:
            values = self._snapshot.column(column).values
            if not values or self._random.random() > share:
                return ()
            return tuple(sorted(self._random.sample(values, min(len(values), self._random.randint(1, 2)))))

        return Selection(
            some("source_type", 0.4),
            some("official", 0.3),
            some("month", 0.3),
            some("kind", 0.3),
            some("document", 0.2),
        )

    # --- what is asked

    def _run(self, most: int) -> list[str]:
        """Neighbouring words of some passage."""
        while True:
            at = self._random.randrange(self._snapshot.passage_count)
            words = _WORD.findall(self._snapshot.text(at))
            if words:
                begin = self._random.randrange(len(words))
                return words[begin : begin + self._random.randint(1, most)]

    def _some(self, most: int) -> list[str]:
        return [word for _ in range(self._random.randint(1, most)) for word in self._run(1)]

    def _words(self) -> str:
        return " ".join(self._some(3))

    def _phrase(self) -> str:
        return f'"{" ".join(self._run(5))}"' + ("" if self._random.random() < 0.6 else f" {self._words()}")

    def _near(self) -> str:
        words = self._run(6)
        self._random.shuffle(words)
        return f'"{" ".join(words[: self._random.randint(2, 4)])}"~{self._random.randint(0, 9)}'

    def _begun(self) -> str:
        word = self._run(1)[0]
        return f"{word[: self._random.randint(2, 5)]}*" + ("" if self._random.random() < 0.5 else f" {self._words()}")

    def _misspelt(self) -> str:
        word = list(self._run(1)[0])
        at = self._random.randrange(len(word))
        word[at : at + 1] = self._random.choice(("", "e", word[at] * 2))
        return "".join(word) + self._random.choice(("", "~", "~1"))

    def _without(self) -> str:
        return f"{self._words()} -{self._run(1)[0]}"

    def _either(self) -> str:
        one, two, three = (self._random.choice((self._words, self._phrase, self._begun))() for _ in range(3))
        return self._random.choice((f"{one} OR {two}", f"({one} OR {two}) {three}", f"{one} AND NOT ({two} {three})"))

    def _field(self) -> str:
        name, column = self._random.choice(
            (
                ("kind", "kind"),
                ("official", "official"),
                ("source", "source_type"),
                ("month", "month"),
                ("section", "section"),
                ("document", "document"),
                ("page", "page"),
                ("note", "note"),
                ("lang", "language"),
            )
        )
        values = self._snapshot.column(column).values
        asked = f"{name}:{self._random.choice(values)}" if values else "kind:body"
        month = self._random.choice(self._snapshot.column("month").values or ("1988-11",))
        return self._random.choice(
            (
                asked,
                f"{asked} {self._words()}",
                f"-{asked} {self._words()}",
                f"date:{month}..{month[:5]}12",
                f"date:{month}-1{self._random.randint(0, 9)}",
                f'section:"{" ".join(self._run(1))}"',
                f"cites:{self._run(1)[0]}",
            )
        )

    def _pasted(self) -> str:
        return " ".join(self._run(60))

    def _nonsense(self) -> str:
        return "".join(self._random.choice("ab \"()-*~:'\u0627 \u064b\u200f1.,/ANDOR") for _ in range(20))

    def _name(self) -> str:
        officials = self._snapshot.authorities.officials
        return self._random.choice(self._random.choice(officials).names()) if officials else self._words()

    def _nothing(self) -> str:
        return self._random.choice(("", "*", "zzyzzyx", f"zzyzzyx {self._words()}", "the of and"))
