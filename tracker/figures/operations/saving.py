"""Keeping questions under a name, and sharing them with everybody who may read figures."""

from tracker.access.rules import Action, Actor, ensure_may, may
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.figures import queries
from tracker.figures.models import SavedQuestion
from tracker.figures.questions import SAVED_MAX


def save(name: str, conditions: str, *, actor: Actor) -> SavedQuestion:
    """Keep a question. Raises AlreadyThere for the same again, Conflict for a taken name, DomainError for too many."""
    ensure_may(actor, Action.READ_FIGURES)
    session, owner_id = db.session(), _owner(actor)
    same = queries.find_saved(session, owner_id, name)
    if same is not None and same.conditions == conditions:
        raise AlreadyThere(_l("这个查询已经保存过了。"))
    _check_free(same, name)
    if queries.count_saved(session, owner_id) >= SAVED_MAX:
        raise DomainError(_l("每人最多保存%(max)d个查询，请先删除不用的。", max=SAVED_MAX), field="name")
    saved = SavedQuestion(owner_id=owner_id, name=name, conditions=conditions, is_shared=False)
    session.add(saved)
    session.flush()
    record(actor, "question.save", name, conditions=conditions)
    return saved


def rename(saved: SavedQuestion, name: str, *, actor: Actor, version: int | None = None) -> None:
    """Give one's question another name. Raises Conflict for a name in use, Stale for an older ``version``."""
    _ensure_own(saved, actor)
    label = str(_l("名称"))
    check_version(saved, version, typed={label: name}, stored={label: saved.name})
    if saved.name == name:
        return
    _check_free(queries.find_saved(db.session(), saved.owner_id, name), name)
    record(actor, "question.rename", name, changed={"name": [saved.name, name]})
    saved.name = name


def share(saved: SavedQuestion, *, actor: Actor) -> None:
    """Show one's question to everybody who may read figures; each sees it within their own reach."""
    ensure_may(actor, Action.SHARE_FIGURES)
    _ensure_own(saved, actor)
    if not saved.is_shared:
        saved.is_shared = True
        record(actor, "question.share", saved.name, conditions=saved.conditions)


def unshare(saved: SavedQuestion, *, actor: Actor) -> None:
    """Keep a shared question to its owner again."""
    ensure_may(actor, Action.SHARE_FIGURES)
    if saved.is_shared:
        saved.is_shared = False
        record(actor, "question.unshare", saved.name)


def remove(saved: SavedQuestion, *, actor: Actor) -> None:
    """Forget one's question."""
    _ensure_own(saved, actor)
    record(actor, "question.remove", saved.name, conditions=saved.conditions)
    db.session().delete(saved)


def is_own(saved: SavedQuestion, actor: Actor) -> bool:
    """Whether a question is this person's."""
    return saved.owner_id == actor.stands_as


def may_share(actor: Actor) -> bool:
    """Whether a person may share questions."""
    return may(actor, Action.SHARE_FIGURES)


def _ensure_own(saved: SavedQuestion, actor: Actor) -> None:
    if not is_own(saved, actor):
        raise Forbidden(_l("这是别人保存的查询，只能查看。"))


def _check_free(same: SavedQuestion | None, name: str) -> None:
    if same is not None:
        raise Conflict(_l("您已有一个查询叫“%(name)s”，请换一个名称。", name=name), field="name")


def _owner(actor: Actor) -> int:
    if actor.stands_as is None:
        raise Forbidden(_l("只有登录的人可以保存查询。"))
    return actor.stands_as
