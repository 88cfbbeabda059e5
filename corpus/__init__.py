"""What the record says: files become documents, passages, footnotes, officials, dates and citations."""
