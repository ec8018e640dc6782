"""The rules by which the system reminds, for the administrator."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.reminders import operations, queries
from tracker.reminders.forms import RuleForm
from tracker.reminders.wording import RECIPIENT_LABELS, rule_words

blueprint = Blueprint("reminders", __name__, url_prefix="/reminder-rules")


@blueprint.get("")
@allow(Action.MANAGE_SETTINGS)
def rule_list() -> str:
    """All rules in words: when, whom, on or off, since when."""
    rows = [
        (rule, rule_words(rule.trigger, rule.days), [RECIPIENT_LABELS[each] for each in rule.tells])
        for rule in queries.list_rules(db.session())
    ]
    return render_template("reminders/rule_list.html", rows=rows)


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
            actor=present_actor(),
            version=form.seen_version,
        )

    status = submit(form, act, done=_("提醒规则已保存。"))
    if status == DONE:
        return redirect(url_for("reminders.rule_list"), DONE)
    return render_template("reminders/change_rule.html", form=form, words=rule_words(rule.trigger, rule.days)), status
