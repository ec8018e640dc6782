"""Pressing by hand: nudges with receipt and reply, and supervision notices on paper."""
