"""Two reports: one of last month, issued; one of a week ago that is still written, while the ledger has moved on."""

from io import BytesIO

from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.core.files import store
from tracker.demo.life import OFFICE
from tracker.demo.script import Act, Cast, Script
from tracker.reports import operations as reports
from tracker.reports.kinds import ReportKind
from tracker.reports.models import Report
from tracker.reports.operations import Order

_LIMIT_BYTES = 10 << 20
ISSUED, WRITTEN = "整改进展情况报告（月报）", "年度述职报告（整改部分）"


def report(script: Script) -> None:
    """Write and issue one, begin the other."""
    script.at(-30, 16, _issued(ISSUED))
    script.at(-7, 10, _drafted(WRITTEN, ReportKind.ANNUAL))


def _draft(cast: Cast, title: str, kind: ReportKind) -> Report:
    actor, today = cast.actor(OFFICE), clock.today()
    order = Order(kind, title, today.replace(month=1, day=1), today, 1, kind.value)
    seen, known_at = reach(actor, Action.WRITE_REPORT), reports.moment()
    facts = reports.collect(db.session(), order, known_at=known_at, seen=seen, actor=actor)
    return reports.draft(order, facts, actor=actor)


def _drafted(title: str, kind: ReportKind) -> Act:
    def act(cast: Cast) -> None:
        _draft(cast, title, kind)

    return act


def _issued(title: str) -> Act:
    def act(cast: Cast) -> None:
        made = _draft(cast, title, ReportKind.PROGRESS)
        number, today = f"市直工委〔{clock.today().year}〕9号", clock.today()
        imprint = reports.Imprint(today, number)
        content = reports.printable(db.session(), made, imprint).print()
        kept = store(BytesIO(content), limit_bytes=_LIMIT_BYTES)
        reports.issue(made, imprint, sha256=kept.sha256, actor=cast.actor(OFFICE))

    return act
