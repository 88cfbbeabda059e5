"""Holds answers of the two engines against each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice

from generated import Questions

from search.results import NoticeKind, Results, SearchRequest, Sort, as_json
from search.searcher import Searcher

_WHOLE = 100  # hits on a page; where no more are found, also answers in the order of relevance can be compared whole


@dataclass
class Compared:
    """What was found. *left_out*: questions of which one engine says that it could not search all."""

    asked: int = 0
    left_out: int = 0
    differences: list[str] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)  # of the best twenty, as a share

    def __str__(self) -> str:
        overlap = sum(self.overlaps) / len(self.overlaps) if self.overlaps else 1.0
        return (
            f"{self.asked:,} questions, {len(self.differences)} differences, {self.left_out} not searched whole;"
            f" of the best twenty {overlap:.1%} are the same, in {len(self.overlaps):,} questions with more than twenty"
        )


def compare(local: Searcher, remote: Searcher, count: int, seed: int) -> Compared:
    """Asks both the first *count* questions made with *seed*."""
    compared = Compared()
    for request in islice(Questions(local.snapshot, seed), count):
        here, there = local.search(request), remote.search(request)
        compared.asked += 1
        if _is_cut(here) or _is_cut(there):
            compared.left_out += 1
            continue
        if (difference := _differing(here, there)) is not None:
            compared.differences.append(f"{request}: {difference}")
            continue
        _compare_ranked(local, remote, request, here.total, compared)
    return compared


def _compare_ranked(local: Searcher, remote: Searcher, request: SearchRequest, total: int, compared: Compared) -> None:
    """The same question in the order of relevance: the same passages, as far as the page shows all."""
    ranked = replace(request, sort=Sort.RELEVANCE, offset=0, limit=_WHOLE)
    here, there = ([hit.position for hit in one.search(ranked).hits] for one in (local, remote))
    if total <= _WHOLE and set(here[:total]) != set(there[:total]):
        compared.differences.append(f"{ranked}: other passages by relevance")
    if total > 20:
        compared.overlaps.append(len({*here[:20]} & {*there[:20]}) / 20)


def _differing(here: Results, there: Results) -> str | None:
    """The first part of the answer that is not the same; scores are each engine's own."""
    one, two = as_json(here), as_json(there)
    for results in (one, two):
        for hit in results["hits"]:  # type: ignore[attr-defined]
            hit.pop("score")
    for name in one:
        if one[name] != two[name]:
            return f"{name}: {str(one[name])[:300]} | {str(two[name])[:300]}"
    return None


def _is_cut(results: Results) -> bool:
    """Whether a part of the question was left out for its cost, which each engine counts in its own way."""
    return any(notice.kind is NoticeKind.LEFT_OUT and "left out" in notice.message for notice in results.notices)
