"""An office in which extensions are asked for and decided."""

import io
from datetime import date
from typing import Any

from tests.closure.closing_office import ClosingOffice
from tracker.access.rules import reach
from tracker.core import files
from tracker.core.db import db, writing
from tracker.extensions import operations, queries
from tracker.extensions.models import Extension
from tracker.extensions.operations import Ruling, Wish
from tracker.extensions.rules import Verdict
from tracker.items.operations import Paper
from tracker.org.models import Person

ASKED_ON, DUE, UNTIL = "2026-06-24T09:00:00+08:00", date(2026, 6, 30), date(2026, 8, 31)
WISH = Wish(UNTIL, "两项制度还在征求意见", "三项措施完成两项", "每周调度一次")
GRANT, REFUSE = Verdict.GRANT, Verdict.REFUSE


class ExtendingOffice(ClosingOffice):
    """Make it inside ``writing()``; every method opens its own transaction."""

    def ask(self, person: Person | None = None, wish: Wish = WISH) -> int:
        with writing():
            return operations.ask(self.item(lock=True), wish, actor=self.acts(person or self.liaison)).id

    def extension(self, extension_id: int, person: Person | None = None, *, lock: bool = False) -> Extension:
        seen_by = reach(self.acts(person or self.clerk))
        return queries.get_extension(db.session(), extension_id, seen_by, lock=lock)

    def rule(
        self,
        extension_id: int,
        person: Person,
        verdict: Verdict,
        until: date | None = UNTIL,
        opinion: str = "",
        **more: Any,
    ) -> None:
        with writing():
            held = self.extension(extension_id, person, lock=True)
            operations.decide(held, Ruling(verdict, until, opinion), actor=self.acts(person), **more)

    def enter(self, extension_id: int, person: str = "", body: str = "", on: date = DUE, **ruling: Any) -> None:
        scan = files.store(io.BytesIO(b"signed"), limit_bytes=1 << 20)
        with writing():
            held = self.extension(extension_id, lock=True)
            told = Paper(person, body, on, scan, "签批件.jpg")
            said = Ruling(**{"verdict": GRANT, "until": UNTIL, **ruling})
            operations.decide_on_paper(held, said, told, actor=self.acts(self.clerk))

    def retract(self, extension_id: int, person: Person | None = None) -> None:
        with writing():
            actor = self.acts(person or self.liaison)
            operations.retract(self.extension(extension_id, lock=True), actor=actor)
