"""Changing a draft: the writer's words, the figures taken anew, the text written anew. What was before is kept."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import force_locale
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.reports import drift, facts_text, queries, texts
from tracker.reports.kinds import TYPICAL_LIMIT, check_draft, check_text
from tracker.reports.models import Report, ReportText
from tracker.reports.naming import Named, catalogue
from tracker.reports.operations.drafting import ensure_writes, keep_items, told_refused, wording_text, write_by
from tracker.reports.rules import Facts, Figure
from tracker.reports.wording import draft as as_draft
from tracker.reports.wording import level_of


def shown_figures(report: Report) -> dict[str, Figure]:
    """The figures as the text of a report shows them: those of its facts, and the old ones that were held back."""
    return _with_held(catalogue(facts_of(report), report.decimals), report)


def _with_held(taken: Mapping[str, Named], report: Report) -> dict[str, Figure]:
    return {name: named.figure for name, named in taken.items()} | facts_text.read_figures(report.held)


def body_of(report: Report) -> tuple[str, ...]:
    """The paragraphs of a report as they are printed, without headings."""
    lines = texts.printed(report.text, shown_figures(report)).split("\n")
    return tuple(line for line in lines if line.strip() and not level_of(line))


def facts_of(report: Report) -> Facts:
    """What a report was written from."""
    return facts_text.read(report.facts)


def save(
    report: Report, *, title: str, text: str, template: str | None = None, actor: Actor, version: int | None = None
) -> None:
    """Keep what the writer typed; ``report`` must have been read with a lock. ``template`` None leaves that as it is.

    Figures show the values of the report whatever was typed in their place, and those of unknown names become words.
    Raises Stale for an older ``version``, Conflict for a report that is no draft, DomainError for a text too long.
    """
    _ensure_open(report, actor)
    typed, stored = {str(_l("正文")): texts.printed(text)}, {str(_l("正文")): texts.printed(report.text)}
    check_version(report, version, typed=typed, stored=stored)
    figures = shown_figures(report)
    cleaned = texts.refilled(texts.edited(text, lambda name: name in figures), figures)
    check_text(cleaned)
    template = report.template if template is None else template
    if (title, cleaned, template) == (report.title, report.text, report.template):
        return
    if cleaned != report.text:
        _keep_text(report, actor)
    report.title, report.text, report.template = title, cleaned, template
    _forget_unused(report)
    db.session().flush()
    record(actor, "report.write", report.title, length=len(texts.printed(cleaned)))


def take_over(
    report: Report, facts: Facts, *, accepted: Collection[str] | None = None, actor: Actor, version: int | None = None
) -> None:
    """Take the figures anew; None accepts all that moved, else those of other names keep their old value.

    Words stay as they are. ``report`` must have been read with a lock. Raises Stale and Conflict as ``save`` does.
    """
    _ensure_open(report, actor)
    check_version(report, version)
    # What is named in the trail has one name, whatever the language of the page.
    with force_locale("zh"):
        taken, now = (catalogue(each, report.decimals) for each in (facts_of(report), facts))
        moved = drift.compare(report.text, _with_held(taken, report), now, told=taken)
        words = {each.name: each.words for each in moved}
    held = {} if accepted is None else drift.held_back(moved, accepted)
    text = texts.refilled(report.text, {name: named.figure for name, named in now.items()} | held)
    check_text(text)
    if text != report.text:
        _keep_text(report, actor)
    report.text, report.held = text, facts_text.write_figures(held)
    report.facts, report.as_of, report.known_at = facts_text.write(facts), facts.as_of, facts.known_at
    report.first_on = min(report.first_on, facts.as_of)
    db.session().flush()
    keep_items(report, facts)
    changed = {words[each.name]: [each.before.value, each.after.value if each.after else None] for each in moved}
    told = {"as_of": facts.as_of, "known_at": facts.known_at, "held": sorted(words[name] for name in held)}
    record(actor, "report.take_over", report.title, changed=changed, **told)


def choose_typical(
    report: Report, facts: Facts, *, chosen: Collection[str], actor: Actor, version: int | None = None
) -> None:
    """Tell these items as typical; none lets the rule choose. Of ``facts`` only what is told of them is taken.

    The text stays until it is written anew. Raises DomainError for more than a report can tell of.
    """
    _ensure_open(report, actor)
    check_version(report, version)
    if len(chosen) > TYPICAL_LIMIT:
        raise DomainError(_l("典型事项最多选 %(max)d 个。", max=TYPICAL_LIMIT), field="chosen")
    report.typical = json.dumps(sorted(chosen), ensure_ascii=False)
    report.facts = facts_text.write(replace(facts_of(report), typical=facts.typical))
    db.session().flush()
    record(actor, "report.choose_typical", report.title, numbers=sorted(chosen))


def rewrite(report: Report, *, wording: str, actor: Actor, version: int | None = None) -> None:
    """Write the text anew by a wording from the facts that the report holds; the text before is kept."""
    _ensure_open(report, actor)
    check_version(report, version)
    passage = write_by(wording_text(db.session(), wording), facts_of(report), report.decimals)
    text = as_draft(passage)
    check_text(text)
    _keep_text(report, actor)
    report.wording, report.text = wording, text
    report.held, report.refused = "{}", told_refused(passage)
    db.session().flush()
    record(actor, "report.rewrite", report.title, wording=wording)


def _ensure_open(report: Report, actor: Actor) -> None:
    ensure_writes(actor, report.unit_id)
    check_draft(report.state)


def _keep_text(report: Report, actor: Actor) -> None:
    session = db.session()
    serial = queries.last_serial(session, report.id) + 1
    told = {"text": report.text, "changed_at": clock.now(), "changed_by_name": actor.signature[:80]}
    session.add(ReportText(report_id=report.id, serial=serial, **told))


def _forget_unused(report: Report) -> None:
    """Old figures that the text does not show any more are not held back any more."""
    held, there = facts_text.read_figures(report.held), set(texts.names(report.text))
    report.held = facts_text.write_figures({name: figure for name, figure in held.items() if name in there})
