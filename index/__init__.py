"""A searchable copy of the record: passages become a generation on disk, opened read-only by the search."""
