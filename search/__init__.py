"""Questions and answers: a text becomes a query, a query becomes hits, facets, snippets and reasons."""
