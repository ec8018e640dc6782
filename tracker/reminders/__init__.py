"""Reminders: derived by a scan of present deadlines, one digest per person and day."""
