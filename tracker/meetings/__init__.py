"""Meetings: an agenda that proposes itself, data that stand still, decisions that become items, papers of it all."""
