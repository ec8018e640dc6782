"""Who may be nudged when, and the life of a supervision notice."""
