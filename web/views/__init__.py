"""One file a group of pages: each view reads its form, asks the searcher, renders one template."""
