"""The left menu as a table; everybody sees the entries whose action they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for

from tracker.access.rules import Action, Actor, Role, may
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext


@dataclass(frozen=True)
class Line:
    """One line of the table: label, endpoint with its arguments, and who sees it."""

    label: object
    endpoint: str
    action: Action
    in_bottom_bar: bool = False
    arguments: tuple[tuple[str, str], ...] = ()
    counter: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry as a page shows it."""

    label: object
    url: str
    count: str | None
    is_current: bool
    in_bottom_bar: bool


@dataclass(frozen=True)
class Group:
    """Entries under a heading."""

    title: object
    entries: tuple[Entry, ...]


def _list(label: object, name: str, *, in_bottom_bar: bool = False) -> Line:
    return Line(label, "desk.item_list", Action.READ_ITEM, in_bottom_bar, (("list", name),))


def _requests(label: object, kind: str) -> Line:
    return Line(label, "requests.request_list", Action.READ_ITEM, arguments=(("kind", kind),))


TABLE: tuple[tuple[object, tuple[Line, ...]], ...] = (
    (
        _l("工作台"),
        (
            Line(_l("待办"), "desk.my_desk", Action.ENTER, True),
            Line(_l("消息"), "outbox.inbox", Action.ENTER, True, counter="unread"),
        ),
    ),
    (
        _l("台账"),
        (
            _list(_l("问题清单"), "problems"),
            _list(_l("责任清单"), "responsibility"),
            _list(_l("整改清单"), "rectification", in_bottom_bar=True),
            _list(_l("任务清单"), "tasks"),
            Line(_l("反馈来源"), "sources.source_list", Action.READ_SOURCE),
            Line(_l("档案"), "archives.archive_list", Action.READ_ITEM),
            Line(_l("反馈意见录入"), "intake.begin", Action.INTAKE),
            Line(_l("导入台账"), "intake.begin_ledger", Action.IMPORT_LIST),
        ),
    ),
    (
        _l("督办"),
        (
            Line(_l("待审核"), "closure.waiting", Action.ENTER),
            Line(_l("延期申请"), "extensions.extension_list", Action.READ_ITEM),
            _requests(_l("变更申请"), "amendment"),
            _requests(_l("冲正与重新整改"), "correction"),
            Line(_l("回头看"), "reinspections.look_list", Action.READ_ITEM),
            Line(_l("进展填报"), "rounds.report", Action.REPORT_OWN_LINE),
            Line(_l("填报情况"), "rounds.overview", Action.REVIEW_REPORT),
            Line(_l("督办单"), "nudges.notice_list", Action.READ_ITEM),
            Line(_l("催办记录"), "nudges.nudge_list", Action.READ_ITEM),
            Line(_l("工作交接"), "handovers.overview", Action.HAND_OVER),
            Line(_l("提醒规则"), "reminders.rule_list", Action.MANAGE_SETTINGS),
        ),
    ),
    (
        _l("统计与报告"),
        (
            Line(_l("统计"), "figures.overview", Action.READ_FIGURES, True),
            Line(_l("会议"), "meetings.meeting_list", Action.READ_MEETING),
            Line(_l("报告"), "reports.report_list", Action.READ_REPORT),
            Line(_l("套用往年报告"), "own_files.file_list", Action.WRITE_REPORT),
            Line(_l("上级报表"), "submissions.form_list", Action.SUBMIT),
        ),
    ),
    (
        _l("管理"),
        (
            Line(_l("人员"), "org.people", Action.MANAGE_PEOPLE),
            Line(lazy_pgettext("menu", "单位"), "org.units", Action.MANAGE_PEOPLE),
            Line(_l("设置"), "settings.overview", Action.MANAGE_SETTINGS),
            Line(_l("工作日历"), "workdays.this_year", Action.MANAGE_SETTINGS),
            Line(_l("外部渠道"), "outlets.outlet_list", Action.MANAGE_SETTINGS),
            Line(_l("运行状况"), "jobs.overview", Action.MANAGE_JOBS),
            Line(_l("系统状态"), "monitoring.system", Action.MANAGE_JOBS),
            Line(_l("操作日志"), "audit.trail", Action.READ_TRAIL),
        ),
    ),
)

# Roles with no items of their own see no ledger: the administrator manages people, the auditor reads the trail.
WITHOUT_LEDGER = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
ABOUT_ITEMS = frozenset(
    {"desk", "closure", "extensions", "requests", "reinspections", "rounds", "figures", "nudges", "archives"}
)


def menu(actor: Actor, counts: Mapping[str, int]) -> list[Group]:
    """The groups this person sees; empty groups are left out."""
    groups = []
    for title, lines in TABLE:
        entries = tuple(_entry(line, counts) for line in lines if _is_shown(line, actor))
        if entries:
            groups.append(Group(title, entries))
    return groups


def _is_shown(line: Line, actor: Actor) -> bool:
    if line.endpoint not in current_app.view_functions or not may(actor, line.action):
        return False
    is_about_items = line.endpoint.split(".")[0] in ABOUT_ITEMS and line.endpoint != "desk.my_desk"
    return not (is_about_items and actor.grants and set(actor.grants) <= WITHOUT_LEDGER)


def _entry(line: Line, counts: Mapping[str, int]) -> Entry:
    arguments: dict[str, Any] = dict(line.arguments)
    is_current = request.endpoint == line.endpoint and (
        arguments.items() <= {**request.args, **(request.view_args or {})}.items()
    )
    count = counts.get(line.counter, 0)
    return Entry(
        line.label, url_for(line.endpoint, **arguments), str(count) if count else None, is_current, line.in_bottom_bar
    )
