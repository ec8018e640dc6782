"""Reading a roster: the units and the people of an organ out of one workbook."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.access.rules import Role
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules.ledger.cells import is_note, is_sum, names_in, on_one_line, words_of
from tracker.intake.rules.ledger.rows import Fault
from tracker.items.headings import heading_key
from tracker.office.sheets import Row, Sheet, letters
from tracker.org.rules import check_login, check_mail, check_name, check_unit_name

SEARCHED_ROWS = 20
ROLE_WORDS: Mapping[str, Role] = {
    "联络员": Role.LIAISON,
    "单位联络员": Role.LIAISON,
    "单位负责人": Role.UNIT_HEAD,
    "负责人": Role.UNIT_HEAD,
    "经办人": Role.HANDLER,
    "领导": Role.LEADER,
    "整改办": Role.OFFICE,
    "查阅": Role.VIEWER,
    "系统管理员": Role.ADMINISTRATOR,
    "管理员": Role.ADMINISTRATOR,
    "安全审计员": Role.AUDITOR,
    "审计员": Role.AUDITOR,
}
_COLUMNS: Mapping[str, str] = {
    "name": "姓名 人员姓名",
    "login": "登录名 账号 用户名 登录账号",
    "unit": "单位 所在单位 部门 所在部门 工作单位 处室",
    "roles": "角色 岗位角色 系统角色",
    "title": "职务 岗位",
    "mail": "邮箱 电子邮箱 邮件 邮件地址",
    "phone": "手机 手机号 联系电话 电话 办公电话",
    "unit_name": "单位名称 部门名称 处室名称",
    "parent": "上级单位 上级部门 上级",
}
_COLUMN_OF = {heading_key(word): column for column, words in _COLUMNS.items() for word in words.split()}


@dataclass(frozen=True)
class RosterUnit:
    """A unit and the one above it; no parent means below the organ itself."""

    sheet: str
    row: int
    name: str
    parent: str = ""


@dataclass(frozen=True)
class RosterPerson:
    """A person as the roster tells of them; without ``login`` only the name is written down."""

    sheet: str
    row: int
    name: str
    unit: str
    login: str = ""
    roles: Sequence[Role] = ()
    title: str = ""
    mail: str = ""
    phone: str = ""


@dataclass
class Roster:
    """All that was read, with what is wrong with which cell."""

    units: list[RosterUnit] = field(default_factory=list)
    people: list[RosterPerson] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_roster(sheets: Sequence[Sheet]) -> Roster:
    """Read every sheet that has a heading with 姓名 or with 单位名称; both may stand in one workbook."""
    roster = Roster()
    for sheet in sheets:
        found = _heading(sheet)
        if found is None or sheet.is_hidden:
            continue
        last_row, columns = found
        for row in sheet.rows:
            texts = [words_of(cell) for cell in row.cells]
            if row.number > last_row and not is_sum(texts) and not is_note(texts):
                _read_row(roster, sheet, row, columns)
    roster.faults += [*_doubled(roster.units, "name"), *_doubled(roster.people, "login")]
    return roster


def _heading(sheet: Sheet) -> tuple[int, Mapping[str, int]] | None:
    for row in sheet.rows[:SEARCHED_ROWS]:
        columns: dict[str, int] = {}
        for number, cell in enumerate(row.cells, start=1):
            column = _COLUMN_OF.get(heading_key(words_of(cell)))
            if column is not None:
                columns.setdefault(column, number)
        if ("name" in columns and len(columns) > 1) or "unit_name" in columns:
            return row.number, columns
    return None


def _read_row(roster: Roster, sheet: Sheet, row: Row, columns: Mapping[str, int]) -> None:
    told = {column: on_one_line(words_of(row.value(number))) for column, number in columns.items()}
    faults: list[tuple[str, object]] = []
    if "name" in columns:
        person = _person(sheet, row, told, faults)
        if not faults:
            roster.people.append(person)
    else:
        faults += _checked("unit_name", check_unit_name, told["unit_name"])
        if not faults:
            roster.units.append(RosterUnit(sheet.name, row.number, told["unit_name"], told.get("parent", "")))
    for column, message in faults:
        roster.faults.append(Fault(sheet.name, row.number, letters(columns.get(column, 0)), message))


def _person(sheet: Sheet, row: Row, told: Mapping[str, str], faults: list[tuple[str, object]]) -> RosterPerson:
    faults += _checked("name", check_name, told["name"])
    login = told.get("login", "")
    if login:
        faults += _checked("login", check_login, login)
    faults += _checked("mail", check_mail, told.get("mail", ""))
    roles = []
    for word in names_in(re.sub(r"[/+]", "、", told.get("roles", ""))):
        if word in ROLE_WORDS:
            roles.append(ROLE_WORDS[word])
        else:
            known = "、".join(dict.fromkeys(ROLE_WORDS))
            faults.append(("roles", _l("没有角色“%(word)s”，可以写：%(known)s。", word=word[:20], known=known)))
    if not told.get("unit"):
        faults.append(("unit", _l("请填写单位。")))
    if roles and not login:
        faults.append(("login", _l("有角色的人要有登录名。")))
    details = {column: told.get(column, "")[:80] for column in ("title", "mail", "phone")}
    return RosterPerson(sheet.name, row.number, told["name"], told.get("unit", ""), login.lower(), roles, **details)


def _checked(column: str, check: Callable[[str], object], text: str) -> Iterator[tuple[str, object]]:
    try:
        check(text)
    except DomainError as error:
        yield column, error.message


def _doubled(rows: Sequence[RosterUnit] | Sequence[RosterPerson], name: str) -> Iterator[Fault]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (getattr(row, name), getattr(row, "parent", ""))
        if key[0] and key in first:
            message = _l("“%(name)s”在第 %(row)d 行已出现过。", name=key[0], row=first[key])
            yield Fault(row.sheet, row.row, "", message)
        first.setdefault(key, row.row)
