"""Forms of closing."""
