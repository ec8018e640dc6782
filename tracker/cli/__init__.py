"""Commands: each an entry point with one transaction, JSON on standard output, messages on standard error."""
