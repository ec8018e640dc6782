"""The list of sources, one source with its text and outline, drawing up and editing by hand."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, may, reach, reads_whole
from tracker.audit.operations import record
from tracker.core import clock, files, hooks
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Forbidden, NotFound, Stale
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.settings.queries import load
from tracker.sources import forms, operations, queries
from tracker.sources.models import Source
from tracker.sources.rules import COUNTING_LABELS, KIND_LABELS, MILESTONE_LABELS, TASK_KINDS, Counts, Level, SourceKind
from tracker.sources.views.blueprint import Answer, blueprint
from tracker.sources.wording import show_milestones, step_words


@blueprint.get("")
@allow(Action.READ_SOURCE)
def source_list() -> Answer:
    """All sources, the newest first, with what became of their items."""
    session, actor = db.session(), present_actor()
    page = paginate(
        session, queries.select_sources(actor), number=page_number(), rows=lambda query: session.scalars(query).all()
    )
    counts = _counts(actor)
    found = [(source, counts.get(source.id, Counts())) for source in page.rows]
    rows = [(source, _list_of(source), each.total, each.closed, _rate(each)) for source, each in found]
    return render_template(
        "sources/source_list.html", page=page, rows=rows, kinds=KIND_LABELS, may_take_in=may(actor, Action.INTAKE)
    )


def _list_of(found: Source) -> str:
    """The list that shows what the source's figures count."""
    return "tasks" if found.kind in TASK_KINDS else "rectification"


def _milestone_urls(source_id: int) -> dict[str, Callable[[int], str]]:
    """Where a milestone is changed, handed in and downloaded, by its id."""

    def leads_to(endpoint: str) -> Callable[[int], str]:
        return lambda milestone_id: url_for(endpoint, source_id=source_id, milestone_id=milestone_id)

    endpoints = {"edit": "change_milestone", "hand_in": "hand_in", "file": "milestone_file"}
    return {name: leads_to(f"sources.{endpoint}") for name, endpoint in endpoints.items()}


def _counts(actor: Actor) -> Mapping[int, Counts]:
    """The items of each source within reach."""
    counts: Mapping[int, Counts] = hooks.call("count_by_source", db.session(), reach(actor))[0]
    return counts


def _rate(counts: Counts) -> str | None:
    decimals = load(db.session())["rules.rate_decimals"]
    rate: str | None = hooks.call("print_rate", counts.closed, counts.base, decimals)[0]
    return rate


@blueprint.get("/<int:source_id>")
@allow(Action.READ_SOURCE)
def source(source_id: int) -> Answer:
    """One source: what is told of it, its outline with the items, and its text."""
    session, actor = db.session(), present_actor()
    found = queries.get_known(session, source_id, actor)
    items = hooks.call("items_of_source", session, source_id, reach(actor))[0]
    counts = _counts(actor).get(source_id, Counts())
    archived = next((each for each in hooks.call("archive_of", session, source_id) if each), None)
    may_edit = may(actor, Action.INTAKE) and archived is None
    return render_template(
        "sources/source.html",
        source=found,
        kind=KIND_LABELS[found.kind],
        counting=COUNTING_LABELS[found.counting],
        steps=[step_words(step) for step in found.steps],
        comparisons=_comparisons(found, counts.wholes),
        list=_list_of(found),
        counts=counts,
        rate=_rate(counts),
        outline=_outline(queries.list_sections(session, source_id), items),
        milestones=show_milestones(queries.list_milestones(session, source_id), clock.today()),
        milestone_kinds=MILESTONE_LABELS,
        milestone_urls=_milestone_urls(source_id),
        reads_whole=reads_whole(actor),
        paragraphs=_paragraphs(source_id, items, is_whole=reads_whole(actor)),
        may_edit=may_edit,
        links=_links(source_id) if may_edit else [],
        archived=archived,
        may_download=bool(found.file_sha256) and reads_whole(actor),
        documents=queries.list_documents(session, source_id) if reads_whole(actor) else [],
    )


def _comparisons(found: Source, items: int) -> list[tuple[object, int | None, int]]:
    levels = [section.level for section in found.sections]
    return [
        (_("方面"), found.declared_aspects, levels.count(Level.ASPECT)),
        (_("类别"), found.declared_categories, levels.count(Level.CATEGORY)),
        (_("问题或任务"), found.declared_problems, items),
    ]


def _outline(sections: Any, items: Any) -> list[tuple[Any, list[Any]]]:
    """Each heading with the items right below it; items without a heading come first under None."""
    below: dict[int | None, list[Any]] = {}
    for item in items:
        below.setdefault(item.section_id, []).append(item)
    loose = [(None, below[None])] if None in below else []
    return [*loose, *((section, below.get(section.id, [])) for section in sections)]


def _paragraphs(source_id: int, items: Any, *, is_whole: bool) -> list[tuple[Any, list[Any]]]:
    """Each paragraph with the items it became."""
    became: dict[int | None, list[Any]] = {}
    for item in items:
        if item.parent_id is None:
            became.setdefault(item.paragraph, []).append(item)
    paragraphs = queries.list_paragraphs(db.session(), source_id)
    return [(each, became.get(each.index, [])) for each in paragraphs if is_whole or each.index in became]


def _links(source_id: int) -> list[tuple[str, str]]:
    """What is usually done next with a source's items, as far as these pages are there."""
    links = (
        (_("粘贴责任分工"), "items.paste"),
        (_("批量指定"), "items.assign_many"),
        (_("打印送审稿"), "desk.item_print"),
        (_("下发"), "items.issue"),
        (_("填报周期"), "rounds.rhythm"),
        (_("提醒规则"), "reminders.choose_set"),
    )
    of_source = (
        (_("归档"), "archives.archive_source"),
        (_("回避设置"), "closure.of_source"),
        (_("知悉范围"), "items.source_readers"),
    )
    there = current_app.view_functions
    found = [(label, url_for(endpoint, source=source_id)) for label, endpoint in links if endpoint in there]
    return found + [(label, url_for(name, source_id=source_id)) for label, name in of_source if name in there]


@blueprint.get("/<int:source_id>/file")
@allow(Action.READ_SOURCE)
def download(source_id: int) -> Answer:
    """The file the text came in, as it came; the download is noted in the trail."""
    actor = present_actor()
    if not reads_whole(actor):
        raise Forbidden(_("您只能查看本单位事项对应的原文，不能下载整份文件。"))
    with writing():
        found = queries.get_known(db.session(), source_id, actor)
        if not found.file_sha256:
            raise NotFound(_("这个来源没有原始文件。"))
        path = files.path_of(found.file_sha256)
        record(actor, "source.download", found.number, file=found.file_name, sha256=found.file_sha256)
    return files.handed_out(path, found.file_name)


@blueprint.get("/new")
@allow(Action.INTAKE)
def draw_up() -> Answer:
    """A source by hand."""
    days = load(db.session())["rules.at_once_days"]
    form = forms.DrawUpForm(
        formdata=None,
        data={"kind": SourceKind.WORK_PLAN, "at_once_days": days, "check_months": 3, "closes_when_sustained": True},
    )
    return render_template("sources/draw_up.html", form=form)


@blueprint.post("/new")
@allow(Action.INTAKE)
def save_new() -> Answer:
    """Draw the source up."""
    form = forms.DrawUpForm()
    status = 422
    if form.validate():
        try:
            with writing():
                found = operations.draw_up(
                    SourceKind(form.kind.data),
                    received_on=form.received_on.data,
                    actor=present_actor(),
                    **form.told(),
                )
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            flash(_("来源 %(number)s 已建立，可以逐条新增事项。", number=found.number), "success")
            return redirect(url_for("sources.source", source_id=found.id), 303)
    return render_template("sources/draw_up.html", form=form), status


@blueprint.get("/<int:source_id>/edit")
@allow(Action.INTAKE)
def edit(source_id: int) -> Answer:
    """What is told of a source."""
    found = queries.get_source(db.session(), source_id)
    return render_template("sources/edit.html", form=forms.EditForm(formdata=None, obj=found), source=found)


@blueprint.post("/<int:source_id>/edit")
@allow(Action.INTAKE)
def save(source_id: int) -> Answer:
    """Change it; a save against an older version shows both."""
    form, status = forms.EditForm(), 422
    if form.validate():
        try:
            with writing():
                found = queries.get_source(db.session(), source_id, lock=True)
                operations.edit(found, actor=present_actor(), version=form.seen_version, **form.told())
        except Stale as error:
            typed, stored = forms.by_label(form, error.typed), forms.by_label(form, error.stored)
            raise Stale(error.message, typed=typed, stored=stored) from error
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            flash(_("来源已修改。"), "success")
            return redirect(url_for("sources.source", source_id=source_id), 303)
    return render_template("sources/edit.html", form=form, source=queries.get_source(db.session(), source_id)), status
