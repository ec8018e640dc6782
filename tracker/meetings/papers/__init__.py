"""Papers of a meeting, made of frozen data alone; always Chinese, since they are handed in."""
