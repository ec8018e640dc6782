"""Finding what was filed away: archives by year, folders by number or words, and every file of a folder."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, may, reach, reads_whole
from tracker.archives import queries
from tracker.archives.forms import ArchiveQuery
from tracker.archives.models import Archive, ArchiveFile
from tracker.archives.rules import PART_LABELS
from tracker.archives.views.blueprint import archive_of, blueprint
from tracker.audit.operations import record
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.errors import Forbidden, NotFound
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.paging import page_number, paginate
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.work import queries as work
from tracker.work.models import Task
from tracker.work.rules import TASK_LABELS, TaskState


@blueprint.get("")
@allow(Action.READ_ITEM)
def archive_list() -> str:
    """Archives, the newest first; with words those that bear them, and the folders that are meant."""
    session, actor, form = db.session(), present_actor(), ArchiveQuery(request.args)
    chosen = form.chosen()
    archives = paginate(
        session,
        queries.select_archives(actor, chosen),
        number=1 if chosen.words else page_number(),
        rows=lambda query: session.scalars(query).unique().all(),
    )
    values: dict[str, Any] = {"form": form, "archives": archives, "folders": None, "is_narrowed": bool(chosen.year)}
    if chosen.words:
        values["folders"] = paginate(
            session,
            queries.select_folders(actor, chosen),
            number=page_number(),
            rows=lambda query: queries.list_rows(session, query),
        )
    values |= {"may_archive": may(actor, Action.ARCHIVE)}
    return render_template("archives/archive_list.html", **values)


@blueprint.get("/<int:archive_id>")
@allow(Action.READ_ITEM)
def archive(archive_id: int) -> str:
    """One archive: what is told of it, and its folders."""
    session, actor, found, form = db.session(), present_actor(), archive_of(archive_id), ArchiveQuery(request.args)
    page = paginate(
        session,
        queries.select_folders(actor, form.chosen(), found.id),
        number=page_number(),
        rows=lambda query: queries.list_rows(session, query),
    )
    reads_all = queries.reads_all(session, found, actor)
    if not (page.rows or form.words.data or reads_all):
        raise NotFound(_l("没有找到这份档案。"))
    task = work.find_task(session, found.task_id) if found.task_id and not found.is_made else None
    return render_template(
        "archives/archive.html",
        archive=found,
        form=form,
        page=page,
        counts=queries.count_files(session, found.id, [item.id for item, _archive in page.rows]),
        reads_all=reads_all,
        reads_whole=reads_whole(actor),
        may_archive=may(actor, Action.ARCHIVE),
        task=task,
        task_label=TASK_LABELS[task.state] if task else "",
        is_waiting=_is_waiting(task),
        has_failed=task is not None and task.state is TaskState.FAILED,
    )


def _is_waiting(task: Task | None) -> bool:
    return task is not None and task.state in (TaskState.QUEUED, TaskState.RUNNING)


@blueprint.get("/<int:archive_id>/folders/<number>")
@allow(Action.READ_ITEM)
def folder(archive_id: int, number: str) -> str:
    """The folder of an item: its list of files."""
    session, found = db.session(), archive_of(archive_id)
    item = items.get_item(session, number, reach(present_actor()))
    if item.source_id != found.source_id:
        raise NotFound(_l("这份档案里没有这个事项。"))
    return _folder(found, queries.list_papers(session, found.id, item.id), item)


@blueprint.get("/<int:archive_id>/material")
@allow(Action.READ_SOURCE)
def material(archive_id: int) -> str:
    """What belongs to the source itself."""
    session, found = db.session(), archive_of(archive_id)
    # Lists and plan tell of every item, so they are for whoever may read all of them.
    if not queries.reads_all(session, found, present_actor()):
        raise Forbidden(_("您只能查看自己有权查看的事项的卷，不能查看来源材料。"))
    return _folder(found, queries.list_papers(session, found.id, None), None)


def _folder(found: Archive, listed: Sequence[ArchiveFile], item: Item | None) -> str:
    parts = [(PART_LABELS[part], list(rows)) for part, rows in groupby(listed, key=lambda each: each.part)]
    return render_template("archives/folder.html", archive=found, item=item, parts=parts, count=len(listed))


@blueprint.get("/<int:archive_id>/files/<int:file_id>")
@allow(Action.READ_ITEM)
def file(archive_id: int, file_id: int) -> Response:
    """A single file out of the store, noted in the trail."""
    actor = present_actor()
    with writing():
        found = archive_of(archive_id)
        is_whole = queries.reads_all(db.session(), found, actor)
        paper = queries.get_file(db.session(), found, file_id, reach(actor), is_whole=is_whole)
        path = files.path_of(paper.sha256)
        told = {"archive_number": found.number, "file": paper.name, "sha256": paper.sha256}
        record(actor, "archive.read_file", paper.code, **told)
    return files.handed_out(path, paper.name)


@blueprint.get("/<int:archive_id>/archive.zip")
@allow(Action.READ_SOURCE)
def download(archive_id: int) -> Response:
    """The ZIP, for whoever may read all that is in it; noted in the trail."""
    actor = present_actor()
    with writing():
        found = archive_of(archive_id)
        if not queries.reads_all(db.session(), found, actor):
            raise Forbidden(_("档案里有您无权查看的事项，不能下载整份档案。您可以逐卷查看本单位的事项。"))
        if not found.is_made:
            raise NotFound(_("归档文件还在生成，请稍后再下载。"))
        path = files.path_of(found.zip_sha256)
        told = {"archive_number": found.number, "sha256": found.zip_sha256, "size_bytes": found.zip_bytes}
        record(actor, "archive.download", found.source.number, **told)
    return files.handed_out(path, f"{found.source.title}归档（{found.number}）.zip")
