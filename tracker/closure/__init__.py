"""Closing an item: application, review step by step, closed or returned."""
