"""Everything that faces a person: pages, the API, exports, and the `pincite` command."""
