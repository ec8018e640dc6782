"""Reporting rounds: who owes a text on each item by when, who gave one, and which texts the office accepted."""
