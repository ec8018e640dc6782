"""Adding, changing, switching and removing outside channels."""

import secrets
from dataclasses import dataclass, field

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.places import place_of, read_places
from tracker.core.versions import check_version
from tracker.outlets import queries
from tracker.outlets.models import Outlet
from tracker.outlets.rules import ENDPOINT_MAX, ROBOTS, Kind, check_place, read_body
from tracker.settings.queries import load


@dataclass(frozen=True)
class Details:
    """What is written down of an outside channel. An empty endpoint or secret leaves what is stored alone."""

    name: str
    body: str
    unit_id: int | None = None
    keeper_id: int | None = None
    endpoint: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    tells_more: bool = False

    @property
    def plain(self) -> dict[str, object]:
        """All but the secrets."""
        names = ("name", "body", "unit_id", "keeper_id", "tells_more")
        return {name: getattr(self, name) for name in names}


def add(kind: Kind, details: Details, *, actor: Actor) -> Outlet:
    """Write down a new outside channel, switched off. Raises DomainError for what could never be sent."""
    ensure_may(actor, Action.MANAGE_SETTINGS)
    if not details.endpoint:
        raise DomainError(_l("请填写此项。"), field="endpoint")
    _check(kind, details, None)
    outlet = Outlet(
        key=secrets.token_hex(6), kind=kind, is_on=False, endpoint=details.endpoint, secret=details.secret,
        **details.plain,
    )  # fmt: skip
    session = db.session()
    session.add(outlet)
    session.flush()
    record(actor, "outlet.add", outlet.name, kind=kind, place=str(place_of(outlet.endpoint)))
    return outlet


def change(outlet: Outlet, details: Details, *, actor: Actor, version: int | None = None) -> None:
    """Change an outside channel. Raises DomainError as ``add`` does, Stale for an older ``version``."""
    ensure_may(actor, Action.MANAGE_SETTINGS)
    before = {name: getattr(outlet, name) for name in details.plain}
    check_version(outlet, version, typed={str(_l("名称")): details.name}, stored={str(_l("名称")): outlet.name})
    _check(outlet.kind, details, outlet)
    changed = {name: [before[name], value] for name, value in details.plain.items() if value != before[name]}
    for name, value in details.plain.items():
        setattr(outlet, name, value)
    renewed = [name for name in ("endpoint", "secret") if getattr(details, name)]
    for name in renewed:
        setattr(outlet, name, getattr(details, name))
    if changed or renewed:
        record(actor, "outlet.change", outlet.name, changed=changed, renewed=renewed)


def _check(kind: Kind, details: Details, outlet: Outlet | None) -> None:
    session = db.session()
    with session.no_autoflush:
        same = queries.find_named(session, details.name)
    if same is not None and same is not outlet:
        raise Conflict(_l("已有一个外部渠道叫“%(name)s”，请换一个名称。", name=details.name), field="name")
    read_body(kind, details.body)
    if details.endpoint:
        if len(details.endpoint) > ENDPOINT_MAX:
            raise DomainError(_l("太长了，请缩短。"), field="endpoint")
        place_of(details.endpoint)
    is_robot = kind in ROBOTS
    if is_robot and details.unit_id is None:
        raise DomainError(_l("请填写此项。"), field="unit")
    if is_robot and details.keeper_id is None:
        raise DomainError(_l("请填写此项。"), field="keeper")


def switch_on(outlet: Outlet, *, actor: Actor) -> None:
    """Let it speak. Raises DomainError when its place is not allowed, Conflict for a second gateway."""
    ensure_may(actor, Action.MANAGE_SETTINGS)
    session = db.session()
    check_place(place_of(outlet.endpoint), read_places(load(session)["outlets.allowed"]))
    gateway = queries.find_gateway(session)
    if outlet.kind is Kind.SMS and gateway is not None and gateway is not outlet:
        raise Conflict(_l("已有一个短信网关在用（%(name)s），请先停用它。", name=gateway.name))
    if not outlet.is_on:
        outlet.is_on = True
        record(actor, "outlet.switch_on", outlet.name)


def switch_off(outlet: Outlet, *, actor: Actor) -> None:
    """Silence it; what waits for it is then skipped, with that reason."""
    ensure_may(actor, Action.MANAGE_SETTINGS)
    if outlet.is_on:
        outlet.is_on = False
        record(actor, "outlet.switch_off", outlet.name)
