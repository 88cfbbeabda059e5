"""The engine that asks an OpenSearch cluster, which holds the same generation (index.cluster)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.cluster.client import Cluster
from index.cluster.mapping import CERTAIN_MONTHS, index_name, token
from index.cluster.standing import NotFedError, described
from index.feeding import EngineError
from index.forward import text_places
from index.schema import TermField
from index.snapshot import Snapshot
from search.cluster_query import CLAUSES_MAX, Asked, Translation, clauses
from search.engine import Answer, Page
from search.labels import Labels
from search.nearness import near
from search.plan import Near, Plan
from search.results import Facet, FacetValue, Sort
from search.selection import COUNTED, FacetName, Selection

_SORTS: dict[Sort, list[dict[str, str]]] = {
    Sort.RELEVANCE: [{"_score": "desc"}, {"position": "asc"}],
    Sort.DATE: [{"day": "asc"}, {"position": "asc"}],
    Sort.DOCUMENT: [{"position": "asc"}],
}
_LEVELS_KEPT = 50_000  # terms whose levels are remembered
_ASKED_AT_ONCE = 200  # terms whose levels are asked for
_SETTLED_KEPT = 100  # questions of nearness
_LOOKED_AT = 2_000  # passages of one of these: half a second


class IncompleteAnswerError(EngineError):
    """A shard did not answer, or not in time."""

    def __init__(self, name: str) -> None:
        super().__init__(f"part of the index {name} does not answer, so the whole answer cannot be known")


class ClusterEngine:
    """Searches one generation in a cluster. *manifest* is the sha256 of its manifest.

    Every question raises NotFedError where the cluster does not hold it, and what asking the cluster raises.
    """

    def __init__(self, snapshot: Snapshot, cluster: Cluster, collection: str, generation: str, manifest: str) -> None:
        self._snapshot = snapshot
        self._cluster = cluster
        self._collection, self._generation = collection, generation
        self._name = index_name(collection, generation)
        self._labels = Labels(snapshot)
        self._manifest = manifest
        self._known = lru_cache(maxsize=_LEVELS_KEPT)(self._ask_levels)
        self._settled = lru_cache(maxsize=_SETTLED_KEPT)(self._settle)

    def round(self) -> ClusterEngine:
        """The cluster bounds what it reads by time, for each request by itself."""
        return self

    def ask(
        self,
        plan: Plan,
        selection: Selection,
        page: Page,
        *,
        limits: Mapping[FacetName, int] | None = None,
        but: Answer | None = None,
    ) -> Answer:
        """See search.engine.Round."""
        plain = Translation(self._snapshot, self._levels, self._settled, plain=True)
        key = asked = plain.query(plan)
        left_out = plain.left_out
        if not left_out and page.sort is Sort.RELEVANCE and page.first < page.last:
            scored = Translation(self._snapshot, self._levels, self._settled)
            found = scored.query(plan)
            if scored.left_out or clauses(found) <= CLAUSES_MAX:
                asked, left_out = found, scored.left_out
        query: Asked = {"bool": {"must": [asked]}}
        if but is not None:
            query["bool"]["must_not"] = [but.key]
        body: Asked = {
            "query": query,
            "from": page.first if page.first < page.last else 0,
            "size": max(0, page.last - page.first),
            "sort": _SORTS[page.sort],
            "track_scores": True,
        }
        if limits is None:
            query["bool"]["filter"] = _chosen(selection)
        else:
            # The choice of a facet does not count for its own values: it narrows the hits after all are counted.
            body["post_filter"] = {"bool": {"filter": _chosen(selection)}}
            body["aggs"] = {facet.value: self._counting(facet, selection) for facet in COUNTED}
        answer = self._search(body)
        hits = tuple((int(hit["sort"][-1]), float(hit["_score"] or 0.0)) for hit in answer["hits"]["hits"])
        facets = () if limits is None else tuple(self._facets(answer["aggregations"], selection, limits))
        total = int(answer["hits"]["total"]["value"])
        return Answer(total, hits, facets, tuple(left_out), key)

    def total(self, plan: Plan, selection: Selection) -> int | None:
        """See search.engine.Round."""
        found = self.ask(plan, selection, Page(Sort.DOCUMENT, 0, 0))
        return None if found.left_out else found.total

    def standing(self, plans: Sequence[Plan], positions: Sequence[int]) -> NDArray[np.bool_]:
        """See search.engine.Round."""
        held = np.zeros((len(plans), len(positions)), bool)
        places = {position: place for place, position in enumerate(positions)}
        asked = [Translation(self._snapshot, self._levels, self._settled, plain=True).query(plan) for plan in plans]
        begin = 0
        while begin < len(plans):
            end, count = begin + 1, clauses(asked[begin])
            while end < len(plans) and count + clauses(asked[end]) <= CLAUSES_MAX:
                count += clauses(asked[end])
                end += 1
            named = [{"bool": {"filter": [asked[at]], "_name": str(at)}} for at in range(begin, end)]
            query = {"bool": {"filter": [{"terms": {"position": list(positions)}}], "should": named}}
            answer = self._search({"query": query, "size": len(positions), "sort": ["position"]})
            for hit in answer["hits"]["hits"]:
                held[[int(name) for name in hit.get("matched_queries", ())], places[hit["sort"][0]]] = True
            begin = end
        return held

    # --- asking

    @cached_property
    def _depths(self) -> dict[str, int]:
        """How many terms stand at one place at most, by field. Read before anything is asked."""
        meta = described(self._cluster, self._collection, self._generation)
        if meta.manifest != self._manifest:
            raise NotFedError(self._name, "was made from another generation of that name")
        return meta.levels

    def _search(self, body: Asked) -> Any:
        _ = self._depths
        answer = self._cluster.ask(
            "POST",
            f"{self._name}/_search",
            {**body, "_source": False, "track_total_hits": True},
            what="a search",
            search_type="dfs_query_then_fetch",  # words are weighed over all shards alike
            preference="pincite",  # the same copies each time, so that equal scores are
            allow_partial_search_results="false",
        )
        shards = answer["_shards"]
        if answer["timed_out"] or shards["failed"] or shards["successful"] != shards["total"]:
            raise IncompleteAnswerError(self._name)
        return answer

    # --- at which levels terms stand

    def _levels(self, field: TermField, terms: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """At which levels each of *terms* stands in *field*; of many terms at which it may."""
        depth = self._depths[field]
        if depth == 1 or len(terms) > _ASKED_AT_ONCE:
            return dict.fromkeys(terms, tuple(range(depth)))
        return dict(self._known(field, tuple(sorted(set(terms)))))

    def _ask_levels(self, field: TermField, terms: tuple[str, ...]) -> tuple[tuple[str, tuple[int, ...]], ...]:
        names = [(term, level) for term in terms for level in range(self._depths[field])]
        lookups = [{"term": {f"{field}_{level}": token(term)}} for term, level in names]
        aggs = {"at": {"filters": {"filters": lookups}}}
        buckets = self._search({"size": 0, "aggs": aggs})["aggregations"]["at"]["buckets"]
        found: dict[str, tuple[int, ...]] = dict.fromkeys(terms, ())
        for (term, level), bucket in zip(names, buckets, strict=True):
            if bucket["doc_count"]:
                found[term] = (*found[term], level)
        return tuple(found.items())

    def _settle(self, plan: Near) -> tuple[int, ...] | None:
        """Where *plan* holds, found by looking at each passage where it may; None where those are too many."""
        query = Translation(self._snapshot, self._levels, self._settled).loosely(plan)
        answer = self._search({"query": {"bool": {"filter": [query]}}, "size": _LOOKED_AT, "sort": ["position"]})
        if answer["hits"]["total"]["value"] > _LOOKED_AT:
            return None
        positions = [int(hit["sort"][0]) for hit in answer["hits"]["hits"]]
        slots = [frozenset(slot) for slot in plan.slots]
        return tuple(
            position
            for position, record in zip(positions, self._snapshot.records(positions), strict=True)
            if near(text_places(record)[plan.field], slots, plan.between)
        )

    # --- facets

    def _counting(self, facet: FacetName, selection: Selection) -> Asked:
        values = max(1, len(self._snapshot.column(facet.value).values))
        counted = {"all": facet.value} | ({"certain": CERTAIN_MONTHS} if facet is FacetName.MONTH else {})
        # As many as there are, of each shard too: then no count is approximate.
        terms = {
            name: {"terms": {"field": field, "size": values, "shard_size": values}} for name, field in counted.items()
        }
        return {"filter": {"bool": {"filter": _chosen(selection, but=facet)}}, "aggs": terms}

    def _facets(self, counted: Any, selection: Selection, limits: Mapping[FacetName, int]) -> list[Facet]:
        facets = []
        for facet in COUNTED:
            found = counted[facet.value]
            totals = {bucket["key"]: bucket["doc_count"] for bucket in found["all"]["buckets"]}
            certain = totals
            if facet is FacetName.MONTH:
                certain = {bucket["key"]: bucket["doc_count"] for bucket in found["certain"]["buckets"]}
            facets.append(self._facet(facet, totals, certain, selection.chosen(facet), limits.get(facet)))
        return facets

    def _facet(
        self,
        facet: FacetName,
        totals: Mapping[str, int],
        certain: Mapping[str, int],
        chosen: Sequence[str],
        limit: int | None,
    ) -> Facet:
        """The values in the order of search.facets, with the chosen ones whatever their count."""
        ordered = sorted(totals, key=lambda value: (-totals[value], value))
        shown = ordered if limit is None else [*ordered[:limit], *(one for one in ordered[limit:] if one in chosen)]
        left_out = len(ordered) - len(shown)
        shown += [value for value in chosen if value not in totals]
        if facet is FacetName.MONTH:
            shown.sort()
        elif chosen:
            shown.sort(key=lambda value: (-totals.get(value, 0), value))
        values = [
            FacetValue(
                value, self._labels.of(facet, value), totals.get(value, 0), certain.get(value, 0), value in chosen
            )
            for value in shown
        ]
        return Facet(facet, tuple(values), left_out)


def _chosen(selection: Selection, but: FacetName | None = None) -> list[Asked]:
    """What is chosen in each facet, all of it; *but* for one facet."""
    return [
        {"terms": {facet.value: list(selection.chosen(facet))}}
        for facet in FacetName
        if facet is not but and selection.chosen(facet)
    ]
