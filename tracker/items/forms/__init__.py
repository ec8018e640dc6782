"""Forms of items."""
