"""One file a format: bytes become text with its headings, notes and pages."""
