"""Pages of feedback texts: taking one in, correcting what was read, confirming it."""

import json
from collections.abc import Mapping, Sequence
from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Stale
from tracker.core.i18n import gettext as _
from tracker.intake import operations, queries
from tracker.intake.forms import texts as forms
from tracker.intake.models import IntakeDraft
from tracker.intake.rules import corrections
from tracker.intake.rules.lines import Line, LineKind, count_lines
from tracker.intake.rules.outcome import Fault, differences, faults
from tracker.intake.views.blueprint import Answer, blueprint
from tracker.items.likeness import Like
from tracker.items.queries import Closed, load_closed
from tracker.settings.queries import load
from tracker.sources.rules import SourceKind


@blueprint.get("")
@allow(Action.INTAKE)
def begin() -> Answer:
    """Choose what came in; drafts not yet confirmed are listed."""
    return _begin_page(forms.BeginForm(formdata=None))


@blueprint.post("")
@allow(Action.INTAKE)
def take_in() -> Answer:
    """Read what came in and go to its preview; a refusal keeps all that was typed and uploaded."""
    form = forms.BeginForm()
    is_complete = form.validate()
    try:
        received = _received(form)
        if not is_complete:
            return _begin_page(form), 422
        with writing():
            draft = operations.begin(
                SourceKind(form.kind.data),
                form.title.data,
                form.received_on.data,
                received,
                actor=present_actor(),
                issuing_body=form.issuing_body.data,
            )
    except DomainError as error:
        form.refuse(error)
        return _begin_page(form), error.status
    return redirect(url_for("intake.preview", draft_id=draft.id), 303)


def _received(form: forms.BeginForm) -> operations.Received:
    """What came in, read before the transaction: a file, one kept from the last try, or words."""
    limit_bytes = load(db.session())["rules.upload_mb"] << 20
    upload, words, received = form.file.data, form.content.data or "", None
    if isinstance(upload, FileStorage) and upload.filename:
        received = operations.read_upload(cast(BinaryIO, upload.stream), upload.filename, limit_bytes=limit_bytes)
        form.keep(received.file_name, received.file_sha256)
    elif form.without_file.data:
        form.kept.data = ""
    elif kept := form.kept_file:
        received = operations.read_again(sha256=kept[1], name=kept[0])
    if received and words:
        message = _("上传文件和粘贴全文只能用一种：要用文件，请清空粘贴的文字；要用文字，请勾选“不用这个文件”。")
        raise DomainError(message, field="content")
    if not received and not words:
        raise DomainError(_("请上传文件，或粘贴全文。"), field="file")
    return received or operations.read_words(words, limit_bytes=limit_bytes)


def _begin_page(form: forms.BeginForm) -> str:
    session = db.session()
    drafts = queries.list_open_drafts(session, present_actor().person_id)
    limit_mb = load(session)["rules.upload_mb"]
    return render_template("intake/begin.html", form=form, drafts=drafts, limit_mb=limit_mb)


@blueprint.get("/drafts/<int:draft_id>")
@allow(Action.INTAKE)
def preview(draft_id: int) -> Answer:
    """The text beside the outline that was read, to be corrected."""
    draft = queries.get_draft(db.session(), draft_id)
    if draft.source_id is not None:
        return redirect(url_for("sources.source", source_id=draft.source_id), 303)
    return _preview_page(draft, forms.PreviewForm(formdata=None, obj=draft), corrections.parse(draft.lines))


@blueprint.post("/drafts/<int:draft_id>")
@allow(Action.INTAKE)
def correct(draft_id: int) -> Answer:
    """Keep the corrections and carry out the act of the pressed button, e.g. ``up:3``."""
    form, lines, action = forms.PreviewForm(), None, request.form.get("action", "save")
    try:
        lines = forms.typed_lines(request.form)
        with writing():
            draft = queries.get_draft(db.session(), draft_id, lock=True)
            corrected, at = _act(draft, lines, action)
            operations.correct(draft, corrected, actor=present_actor(), version=form.seen_version)
    except DomainError as error:
        return _refused(draft_id, form, lines, error)
    if action == "save":
        flash(_("修改已保存，确认之前不会生成事项。"), "success")
        return redirect(url_for("intake.preview", draft_id=draft_id), 303)
    return redirect(url_for("intake.preview", draft_id=draft_id, _anchor=f"line-{at + 1}"), 303)


def _act(draft: IntakeDraft, lines: Sequence[Line], action: str) -> tuple[list[Line], int]:
    name, _colon, place = action.partition(":")
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else -1
    if name == "take":
        paragraphs = json.loads(draft.paragraphs)
        return corrections.take_paragraph(lines, at, paragraphs[at]) if at < len(paragraphs) else (list(lines), 0)
    if name == "take_all":
        return corrections.take_all_ignored(lines), 0
    return corrections.apply(lines, name, at)


@blueprint.post("/drafts/<int:draft_id>/confirm")
@allow(Action.INTAKE)
def confirm(draft_id: int) -> Answer:
    """Draw up source, outline and items; a second press leads to the source of the first."""
    form, lines, actor = forms.PreviewForm(), None, present_actor()
    try:
        lines = forms.typed_lines(request.form)
        with writing():
            draft = queries.get_draft(db.session(), draft_id, lock=True)
            if draft.source_id is None:
                operations.correct(draft, lines, actor=actor, version=form.seen_version)
            source = operations.confirm(draft, is_checked=form.is_checked.data, actor=actor)
    except DomainError as error:
        return _refused(draft_id, form, lines, error)
    flash(_("已录入 %(number)s，共 %(count)d 个事项。", number=source.number, count=source.last_serial), "success")
    return redirect(url_for("sources.source", source_id=source.id), 303)


def _refused(draft_id: int, form: forms.PreviewForm, lines: Sequence[Line] | None, error: DomainError) -> Answer:
    """The page again with everything as it was typed; unless somebody else was first, the corrections are kept too."""
    if lines is None:
        raise error
    if not isinstance(error, Stale):
        try:
            with writing():
                draft = queries.get_draft(db.session(), draft_id, lock=True)
                operations.correct(draft, lines, actor=present_actor(), version=form.seen_version)
        except Stale as stale:
            error = stale
    draft = queries.get_draft(db.session(), draft_id)
    is_stale = isinstance(error, Stale)
    if is_stale:
        form.form_errors.append(_("别人或您的另一个窗口已先保存了修改。您改的内容都在下面；再次提交将以本页为准。"))
    else:
        form.refuse(error)
    form.version.data = str(draft.version)
    return _preview_page(draft, form, lines, faults(lines), is_stale=is_stale), error.status


def _preview_page(
    draft: IntakeDraft,
    form: forms.PreviewForm,
    lines: Sequence[Line],
    found: Mapping[int, Fault] | None = None,
    *,
    is_stale: bool = False,
) -> str:
    plan = operations.plan_of(draft)
    counted = count_lines(lines)
    return render_template(
        "intake/preview.html",
        draft=draft,
        form=form,
        blocks=forms.blocks(lines, found or {}),
        levels=forms.level_labels(draft.kind),
        paragraphs=forms.source_text(plan.paragraphs, lines),
        comparisons=forms.comparisons(draft.kind, plan.declared, counted),
        differs=bool(differences(plan.declared, counted)),
        problems=counted.problems,
        warnings=json.loads(draft.warnings),
        is_stale=is_stale,
        likely=_likely(lines),
    )


def _likely(lines: Sequence[Line]) -> list[tuple[int, Line, Sequence[Like[Closed]]]]:
    """Problems that may be relapses of closed items, with the number of their line."""
    closed = load_closed(db.session(), present_actor())
    found = [(at, line, closed.like(line.text)) for at, line in enumerate(lines, 1) if line.kind is LineKind.problem]
    return [each for each in found if each[2]]


@blueprint.post("/drafts/<int:draft_id>/discard")
@allow(Action.INTAKE)
def discard(draft_id: int) -> Answer:
    """Throw an unconfirmed draft away."""
    with writing():
        operations.discard(queries.get_draft(db.session(), draft_id, lock=True), actor=present_actor())
    flash(_("草稿已放弃。"), "success")
    return redirect(url_for("intake.begin"), 303)
