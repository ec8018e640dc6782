"""The rectification section of the yearly report: its facts, its wording, its Word file."""
