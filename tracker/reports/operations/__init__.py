"""What is done with reports: drafting, editing, taking figures over, editions, issuing; the section by itself."""

from tracker.reports.operations.drafting import (
    Order,
    collect,
    draft,
    drop,
    ensure_writes,
    figures_of,
    make_edition,
    moment,
    order_of,
    order_on,
    question_of,
    wording_text,
)
from tracker.reports.operations.editing import body_of, choose_typical, facts_of, rewrite, save, take_over
from tracker.reports.operations.issuing import Imprint, ensure_issuable, issue, note_report_download, printable
from tracker.reports.operations.leaving import take_in_part
from tracker.reports.operations.section import Section, note_download, to_docx, write
from tracker.reports.operations.wordings import add_wording, change_wording, drop_wording

__all__ = [
    "Imprint",
    "Order",
    "Section",
    "add_wording",
    "body_of",
    "change_wording",
    "choose_typical",
    "collect",
    "draft",
    "drop",
    "drop_wording",
    "ensure_issuable",
    "ensure_writes",
    "facts_of",
    "figures_of",
    "issue",
    "make_edition",
    "moment",
    "note_download",
    "note_report_download",
    "order_of",
    "order_on",
    "printable",
    "question_of",
    "rewrite",
    "save",
    "take_in_part",
    "take_over",
    "to_docx",
    "wording_text",
    "write",
]
