"""The three lists and the list of tasks: views of the same rows, and the narrower views a tab gives."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import ItemKind


class ListName(StrEnum):
    """The first three show the same problems, each with columns of its own."""

    PROBLEMS = "problems"
    RESPONSIBILITY = "responsibility"
    RECTIFICATION = "rectification"
    TASKS = "tasks"


class View(StrEnum):
    """What a tab of a list narrows it to."""

    ALL = "all"
    MINE = "mine"
    DRAFT = "draft"
    NOT_ACCEPTED = "not_accepted"
    DUE_THIS_WEEK = "due_this_week"
    OVERDUE = "overdue"


class Order(StrEnum):
    """What a list may be sorted by; NUMBER is the order of the outline."""

    NUMBER = "number"
    UNIT = "unit"
    LEADER = "leader"
    DUE = "due"
    STATE = "state"


LIST_LABELS: Mapping[ListName, object] = {
    ListName.PROBLEMS: _l("问题清单"),
    ListName.RESPONSIBILITY: _l("责任清单"),
    ListName.RECTIFICATION: _l("整改清单"),
    ListName.TASKS: _l("任务清单"),
}

VIEW_LABELS: Mapping[View, object] = {
    View.ALL: _l("全部"),
    View.MINE: _l("我的"),
    View.DRAFT: _l("待下发"),
    View.NOT_ACCEPTED: _l("待签收"),
    View.DUE_THIS_WEEK: _l("本周到期"),
    View.OVERDUE: _l("逾期"),
}


def kind_of(name: ListName) -> ItemKind:
    """What stands in a list."""
    return ItemKind.TASK if name is ListName.TASKS else ItemKind.PROBLEM
