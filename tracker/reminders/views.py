"""The rules by which the system reminds, in sets, which set speaks of a source, and what each person chooses."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.addresses import read_id
from tracker.core.db import db, trying
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.reminders import operations, queries
from tracker.reminders.forms import ChooseForm, CopyForm, PreferenceForm, RuleForm
from tracker.reminders.models import ReminderRule, RuleSet
from tracker.reminders.people import people_named
from tracker.reminders.queries import Foreseen
from tracker.reminders.rules import DEFAULT_SET, PRESETS
from tracker.reminders.wording import LIGHT_LABELS, SHOWN_LIGHTS, recipient_words, rule_words
from tracker.sources import queries as sources

blueprint = Blueprint("reminders", __name__, url_prefix="/reminder-rules")

Answer = str | tuple[str, int] | Response
NOTES: dict[str, object] = {preset.key: preset.note for preset in PRESETS}


@blueprint.get("")
@allow(Action.MANAGE_SETTINGS)
def rule_list() -> Answer:
    """The sets, and all rules of one of them in words: when, whom, light, on or off, since when."""
    session = db.session()
    sets = queries.list_sets(session)
    asked = request.args.get("set", DEFAULT_SET)
    shown = next((each for each in sets if each.key == asked), None)
    if shown is None and asked != DEFAULT_SET:
        abort(404)
    return render_template(
        "reminders/rule_list.html",
        sets=sets,
        shown=shown,
        note=NOTES.get(asked),
        light_labels=LIGHT_LABELS,
        counts=queries.count_sources(session),
        rows=[_row(rule) for rule in queries.list_rules(session, asked)],
    )


def _row(rule: ReminderRule) -> tuple[ReminderRule, object, list[str], str]:
    names = [each.person.name for each in rule.people]
    told = [recipient_words(each, begins_at, names) for each, begins_at in rule.tells.items()]
    return rule, rule_words(rule.trigger, rule.days, rule.counts), told, SHOWN_LIGHTS[rule.light].value


@blueprint.route("/new", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def add_rule() -> Answer:
    """Add a rule to a set."""
    key = request.args.get("set", DEFAULT_SET)
    found = queries.get_set(db.session(), key)
    form = RuleForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.begin()

    def make(*, is_active: bool) -> ReminderRule:
        locked = queries.get_set(db.session(), key, lock=True)
        said = form.speech(people_named(form.names))
        return operations.add_rule(locked, is_active=is_active, speech=said, actor=present_actor())

    return _answer(form, found, _("新增规则"), make)


@blueprint.route("/mine", methods=["GET", "POST"])
@allow(Action.ENTER)
def my_reminders() -> Answer:
    """The hour of one's own digest, and whether overdue items come one by one."""
    session, actor, form = db.session(), present_actor(), PreferenceForm()
    form.offer(queries.load_hours(session))
    if not form.is_submitted():
        form.fill(queries.find_preference(session, actor.person_id or 0))

    def act() -> None:
        operations.choose(
            digest_hour=form.hour,
            overdue_singly=bool(form.overdue_singly.data),
            actor=present_actor(),
            version=form.seen_version,
        )

    status = submit(form, act, done=_("提醒设置已保存，从下一份提醒起生效。"))
    if status == DONE:
        return redirect(url_for("reminders.my_reminders"), DONE)
    return render_template("reminders/my_reminders.html", form=form), status


@blueprint.route("/<key>", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def change_rule(key: str) -> Answer:
    """Switch a rule on or off, or change what it says."""
    rule = queries.get_rule(db.session(), key)
    rule_set, title = rule.rule_set, str(rule_words(rule.trigger, rule.days, rule.counts))
    form = RuleForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.show(rule)

    def make(*, is_active: bool) -> ReminderRule:
        changed = queries.get_rule(db.session(), key)
        said = form.speech(people_named(form.names))
        operations.change_rule(
            changed, is_active=is_active, speech=said, actor=present_actor(), version=form.seen_version
        )
        return changed

    foreseen = None
    if request.method == "GET" and not rule.is_active:
        with trying():
            foreseen = operations.foresee(lambda: queries.get_rule(db.session(), key))
    return _answer(form, rule_set, title, make, foreseen)


def _answer(
    form: RuleForm,
    rule_set: RuleSet,
    title: str,
    make: operations.Make,
    foreseen: Sequence[Foreseen] | None = None,
) -> Answer:
    """Save the rule, or show what it would do; a rule that is switched off shows it by itself."""
    status = 200
    if "foresee" in request.form:
        foreseen, status = _foreseen(form, make)
    elif request.method == "POST":
        status = submit(form, lambda: make(is_active=form.is_active.data), done=_("提醒规则已保存。"))
    if status == DONE:
        return redirect(url_for("reminders.rule_list", set=rule_set.key), DONE)
    page = render_template(
        "reminders/rule.html",
        form=form,
        title=title,
        rule_set=rule_set,
        foreseen=foreseen,
        told=len({each.person for each in foreseen or ()}),
    )
    return page, status


def _foreseen(form: RuleForm, make: operations.Make) -> tuple[Sequence[Foreseen] | None, int]:
    """What the rule as typed would tell today; the refusals of saving it become the form's."""
    if not form.validate():
        return None, DomainError.status
    try:
        with trying():
            return operations.foresee(lambda: make(is_active=True)), 200
    except DomainError as error:
        form.refuse(error)
        return None, error.status


@blueprint.route("/sets/<key>/copy", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def copy_set(key: str) -> Answer:
    """Copy a set, so that it can be changed."""
    found = queries.get_set(db.session(), key)
    name, form = found.name, CopyForm()
    made: list[str] = []

    def act() -> None:
        copied = operations.copy_set(queries.get_set(db.session(), key), form.name.data, actor=present_actor())
        made.append(copied.key)

    status = submit(form, act, done=_("已复制，可以修改副本了。"))
    if status == DONE:
        return redirect(url_for("reminders.rule_list", set=made[0]), DONE)
    return render_template("reminders/copy_set.html", form=form, name=name, key=key), status


@blueprint.route("/choose", methods=["GET", "POST"])
@allow(Action.INTAKE)
def choose_set() -> Answer:
    """Choose the set that speaks of a source and its items."""
    session = db.session()
    source_id = read_id(request.args.get("source")) or 0
    source = sources.get_source(session, source_id)
    choice = queries.find_choice(session, source_id)
    chosen = {"rule_set": choice.rule_set.key if choice else DEFAULT_SET, "version": choice.version if choice else 0}
    form = ChooseForm(data=chosen)
    form.offer(queries.list_sets(session), NOTES)

    def act() -> None:
        locked = sources.get_source(db.session(), source_id, lock=True)
        wanted = queries.get_set(db.session(), form.rule_set.data)
        operations.choose_set(locked, wanted, actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("提醒规则已选定，从今天起生效。"))
    if status == DONE:
        return redirect(url_for("sources.source", source_id=source_id), DONE)
    return render_template("reminders/choose_set.html", form=form, source=source), status
