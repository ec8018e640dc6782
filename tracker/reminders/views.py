"""The rules by which the system reminds, for the administrator, and what each person chooses of the own mails."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.reminders import operations, queries
from tracker.reminders.forms import PreferenceForm, RuleForm
from tracker.reminders.rules import Counts
from tracker.reminders.wording import RECIPIENT_LABELS, rule_words

blueprint = Blueprint("reminders", __name__, url_prefix="/reminder-rules")


@blueprint.get("")
@allow(Action.MANAGE_SETTINGS)
def rule_list() -> str:
    """All rules in words: when, whom, on or off, since when."""
    rows = [
        (rule, rule_words(rule.trigger, rule.days, rule.counts), [RECIPIENT_LABELS[each] for each in rule.tells])
        for rule in queries.list_rules(db.session())
    ]
    return render_template("reminders/rule_list.html", rows=rows)


@blueprint.route("/mine", methods=["GET", "POST"])
@allow(Action.ENTER)
def my_reminders() -> tuple[str, int] | Response:
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
def change_rule(key: str) -> tuple[str, int] | Response:
    """Switch a rule on or off, or change its days."""
    rule = queries.get_rule(db.session(), key)
    form = RuleForm(obj=rule)

    def act() -> None:
        operations.change_rule(
            queries.get_rule(db.session(), key),
            is_active=form.is_active.data,
            days=form.days.data or 0,
            counts=Counts(form.counts.data),
            actor=present_actor(),
            version=form.seen_version,
        )

    status = submit(form, act, done=_("提醒规则已保存。"))
    if status == DONE:
        return redirect(url_for("reminders.rule_list"), DONE)
    return render_template(
        "reminders/change_rule.html", form=form, words=rule_words(rule.trigger, rule.days, rule.counts)
    ), status
