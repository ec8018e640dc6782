"""Tallies, rates and what they mean, as of any day."""
