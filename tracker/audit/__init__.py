"""Who did what to which, before and after; append-only and chained by hashes."""
