"""The tree of units: planting, renaming, moving, shutting."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, update

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.org import queries
from tracker.org.models import Unit, UnitAncestor
from tracker.org.rules import UNIT_PATH_MAX, check_unit_name, managed_units, path_of

PINYIN_MAX = 200
LINK_COLUMNS = ["unit_id", "ancestor_id", "distance"]


def pinyin_key(name: str) -> str:
    """What a name is sorted and searched by: full pinyin, a space, the first letters; cut where a column ends."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(name)
    return f"{''.join(syllables)} {''.join(each[:1] for each in syllables)}".lower()[:PINYIN_MAX]


def ensure_manages_unit(actor: Actor, unit: Unit) -> None:
    """Raise Forbidden unless this administrator's grant reaches the unit."""
    if unit.id not in managed_units(actor):
        raise Forbidden(_l("您只能管理本单位和下级单位。"))


def add_unit(name: str, *, parent: Unit | None, actor: Actor, position: int | None = None) -> Unit:
    """Add a unit below another, last among its sisters unless a position is given.

    Only the first one, the organ itself, has no parent.
    """
    name = check_unit_name(name)
    session = db.session()
    root = queries.lock_tree(session)
    if parent is None:
        if root is not None:
            raise Conflict(_l("本机关“%(name)s”已经建立，其他单位都在它下面。", name=root.name))
        unit = Unit(name=name, pinyin=pinyin_key(name), path=name, position=position or 0)
    else:
        session.refresh(parent)
        _refuse_namesake(parent, name)
        path = path_of(name, parent_path=parent.path)
        place = queries.last_position(session, parent.id) + 1 if position is None else position
        unit = Unit(name=name, pinyin=pinyin_key(name), parent=parent, path=path, position=place)
    session.add(unit)
    session.flush()
    session.add(UnitAncestor(unit_id=unit.id, ancestor_id=unit.id, distance=0))
    if parent is not None:
        links = queries.select_links_of(unit.id, parent_id=parent.id)
        session.execute(insert(UnitAncestor).from_select(LINK_COLUMNS, links))
    session.flush()
    record(actor, "unit.add", unit.path)
    return unit


def grow_units(path: Sequence[str], *, actor: Actor) -> Unit:
    """The unit at a path below the organ, with every missing unit on the way; the organ itself when it is empty.

    On an empty system the first name becomes the organ.
    """
    session = db.session()
    unit = queries.find_root(session)
    names = list(path)
    if unit is None:
        unit = add_unit(names.pop(0), parent=None, actor=actor)
    elif names and names[0] == unit.name:
        names.pop(0)
    for name in names:
        below = queries.find_below(session, unit.id, name)
        unit = below if below is not None else add_unit(name, parent=unit, actor=actor)
    return unit


def find_unit(text: str) -> Unit:
    """The one open unit of that name, or at that path with or without the organ before it; raises DomainError."""
    unit = _find(text)
    if unit is None:
        raise DomainError(_l("没有单位“%(unit)s”。", unit=text), field="unit")
    return unit


def find_or_grow_unit(text: str, *, actor: Actor) -> Unit:
    """The same as ``find_unit``, but a missing unit is made, with every unit above it."""
    return _find(text) or grow_units([name for name in text.split("/") if name.strip()], actor=actor)


def _find(text: str) -> Unit | None:
    session = db.session()
    found = queries.list_called(session, text)
    if len(found) > 1:
        raise DomainError(_l("有 %(n)d 个单位叫“%(unit)s”，请写全路径。", n=len(found), unit=text), field="unit")
    return found[0] if found else None


def change_unit(
    unit: Unit, *, name: str, parent: Unit | None, position: int, actor: Actor, seen_version: int | None = None
) -> None:
    """Rename a unit, move it with all below it under another one, or give it another place among its sisters.

    ``parent`` None stands for the organ itself, which can't be moved.
    """
    session = db.session()
    queries.lock_tree(session)
    for each in filter(None, (unit, parent)):
        session.refresh(each)
        ensure_manages_unit(actor, each)
    labels = {_l("单位名称"): name, _l("上级单位"): parent.name if parent else ""}
    stored = {_l("单位名称"): unit.name, _l("上级单位"): unit.parent.name if unit.parent else ""}
    check_version(
        unit,
        seen_version,
        typed={str(label): text for label, text in labels.items()},
        stored={str(label): text for label, text in stored.items()},
    )
    name = check_unit_name(name)
    _refuse_place(unit, name, parent)
    before = unit.path
    if (unit.parent_id or 0) != (parent.id if parent else 0):
        assert parent is not None
        _hang_below(unit, parent)
    unit.name, unit.pinyin, unit.position = name, pinyin_key(name), position
    _write_paths(unit, path_of(name, parent_path=parent.path if parent else ""))
    session.flush()
    if unit.path != before:
        record(actor, "unit.change", unit.path, before=before, after=unit.path)


def shut_unit(unit: Unit, *, actor: Actor) -> None:
    """Shut a unit, so that nothing new is given to it; what it has and who is in it stays."""
    ensure_manages_unit(actor, unit)
    if unit.parent_id is None:
        raise Conflict(_l("本机关不能停用。"))
    if queries.has_open_below(db.session(), unit.id):
        raise Conflict(_l("“%(name)s”还有启用中的下级单位，请先停用或移走下级单位。", name=unit.name))
    if unit.is_active:
        unit.is_active = False
        record(actor, "unit.shut", unit.path)


def reopen_unit(unit: Unit, *, actor: Actor) -> None:
    """Open a shut unit again."""
    ensure_manages_unit(actor, unit)
    if unit.parent is not None and not unit.parent.is_active:
        raise Conflict(_l("上级单位“%(name)s”已停用，请先启用上级单位。", name=unit.parent.name))
    if not unit.is_active:
        unit.is_active = True
        record(actor, "unit.reopen", unit.path)


def _refuse_namesake(parent: Unit, name: str, *, besides: Unit | None = None) -> None:
    if not parent.is_active:
        raise DomainError(_l("上级单位“%(name)s”已停用。", name=parent.name), field="parent")
    there = queries.find_below(db.session(), parent.id, name)
    if there is not None and there is not besides:
        message = _l("“%(parent)s”下面已有“%(name)s”。", parent=parent.name, name=name)
        raise DomainError(message, field="name")


def _refuse_place(unit: Unit, name: str, parent: Unit | None) -> None:
    if (parent is None) != (unit.parent_id is None):
        message = _l("请选择上级单位。") if parent is None else _l("本机关没有上级单位，不能移动。")
        raise DomainError(message, field="parent")
    if parent is None:
        return
    if queries.is_below(db.session(), parent.id, above_id=unit.id):
        raise DomainError(_l("不能移到自己或自己的下级单位下面。"), field="parent")
    _refuse_namesake(parent, name, besides=unit)


def _hang_below(unit: Unit, parent: Unit) -> None:
    """Cut the links from the subtree to all that was above it, and tie it to the new parent."""
    session = db.session()
    subtree = queries.select_subtree(unit.id)
    link = UnitAncestor
    cut = delete(link).where(link.unit_id.in_(subtree), link.ancestor_id.not_in(subtree))
    session.execute(cut, execution_options={"synchronize_session": False})
    links = queries.select_links_between(unit.id, parent_id=parent.id)
    session.execute(insert(link).from_select(LINK_COLUMNS, links))
    unit.parent = parent


def _write_paths(unit: Unit, path: str) -> None:
    session = db.session()
    before, unit.path = unit.path, path
    session.flush()
    if path == before:
        return
    if queries.longest_path(session, unit.id) + len(path) - len(before) > UNIT_PATH_MAX:
        raise DomainError(_l("单位层级过深，请减少层级或缩短名称。"), field="name")
    below = Unit.id.in_(queries.select_subtree(unit.id)) & (Unit.id != unit.id)
    change = update(Unit).where(below).values(path=queries.path_below(before, path), version=Unit.version + 1)
    session.execute(change, execution_options={"synchronize_session": False})
    session.expire_all()
