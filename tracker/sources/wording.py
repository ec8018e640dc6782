"""Milestones, steps and the 口径 of sources in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.core.i18n import gettext as _
from tracker.sources.models import ClosingStep, HandedIn, SourceMilestone
from tracker.sources.rules import COUNTING_LABELS, MILESTONE_LABELS, STEP_LABELS, Standing, standing_of


@dataclass(frozen=True)
class ShownMilestone:
    """A milestone as pages draw it: ``code`` is that of its light."""

    id: int
    title: str
    due_on: date
    who: str
    code: Standing
    words: str
    handed_in: HandedIn


def words_of(key: str, value: Any) -> object | None:
    """The word for a code of a milestone or of the 口径 in the trail."""
    if key == "counting":
        return COUNTING_LABELS.get(value)
    return MILESTONE_LABELS.get(value) if key == "kind" else None


def step_words(step: ClosingStep) -> str:
    """A step of a chain, with who is named for it, e.g. 责任领导审批（李强）."""
    label = str(STEP_LABELS[step.kind])
    return str(_("%(step)s（%(name)s）", step=label, name=step.named.name)) if step.named else label


def standing_words(due_on: date, handed_in_on: date | None, today: date) -> str:
    """How a milestone stands, e.g. 还剩 5 天."""
    days = (due_on - today).days
    if handed_in_on is not None:
        return str(_("已报送"))
    if days < 0:
        return str(_("逾期 %(days)d 天", days=-days))
    return str(_("还剩 %(days)d 天", days=days) if days else _("今天到期"))


def shown(milestone: Any, title: str, who: str, today: date) -> ShownMilestone:
    """A milestone of a source or an item, as it stands today."""
    due_on, handed_in_on = milestone.due_on, milestone.handed_in_on
    code, words = standing_of(due_on, handed_in_on, today), standing_words(due_on, handed_in_on, today)
    return ShownMilestone(milestone.id, title, due_on, who, code, words, milestone)


def title_of(milestone: SourceMilestone) -> str:
    """The name of a source's milestone: that of its kind, or its own."""
    return milestone.title or str(MILESTONE_LABELS[milestone.kind])


def show_milestones(milestones: Sequence[SourceMilestone], today: date) -> list[ShownMilestone]:
    """The dates of a source; where nobody is named the office answers."""
    return [shown(each, title_of(each), _("、").join(_names(each)) or str(_("整改办")), today) for each in milestones]


def _names(milestone: SourceMilestone) -> list[str]:
    return [named.name for named in (milestone.unit, milestone.owner) if named is not None]
