"""The reader of feedback texts: pure functions from paragraphs to aspects, categories and problems."""

from tracker.intake.rules.declared import compare
from tracker.intake.rules.lines import Counts, Line, LineKind, Reading, as_json, count_lines
from tracker.intake.rules.reading import read_outline

__all__ = ["Counts", "Line", "LineKind", "Reading", "as_json", "compare", "count_lines", "read_outline"]
