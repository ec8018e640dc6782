"""Reading what reports are made of, and reports themselves."""

from tracker.reports.queries.facts import Days, count_asked, days_of, gather_facts, list_tellable
from tracker.reports.queries.reports import (
    Happened,
    get_report,
    get_wording,
    last_serial,
    list_annual,
    list_editions,
    list_happened,
    list_texts,
    list_withheld,
    list_wordings,
    lock_editions,
    lock_report,
    manages,
    select_reports,
    select_told,
)
from tracker.reports.queries.templates import find_template, get_template, list_templates

__all__ = [
    "Days",
    "Happened",
    "count_asked",
    "days_of",
    "find_template",
    "gather_facts",
    "get_report",
    "get_template",
    "get_wording",
    "last_serial",
    "list_annual",
    "list_editions",
    "list_happened",
    "list_tellable",
    "list_templates",
    "list_texts",
    "list_withheld",
    "list_wordings",
    "lock_editions",
    "lock_report",
    "manages",
    "select_reports",
    "select_told",
]
