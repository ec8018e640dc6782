"""Pages that need everything: my desk, the lists, the item page, search."""
