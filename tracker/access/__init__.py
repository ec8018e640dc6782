"""Who may do what: one table, one word, over a plain Actor."""
