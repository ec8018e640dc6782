"""Putting wrong decisions right (冲正), taking closed items up again: the office asks, somebody else approves."""
