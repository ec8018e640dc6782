"""An office in which wrong decisions are put right."""

import io
from datetime import date
from typing import Any

from tests.extensions.extending import ExtendingOffice
from tracker.access.rules import reach
from tracker.closure.rules import Decision
from tracker.core import files
from tracker.core.db import db, writing
from tracker.corrections import operations
from tracker.corrections.models import Correction
from tracker.corrections.rules import CorrectionKind
from tracker.items.operations import Paper
from tracker.org.models import Person
from tracker.requests import queries
from tracker.requests.rules import RequestEvent

UNDO, REOPEN = CorrectionKind.UNDO, CorrectionKind.REOPEN
APPROVE, REFUSE = RequestEvent.APPROVE, RequestEvent.REFUSE
WHY = "签到表系伪造，销号依据有误"


class CorrectingOffice(ExtendingOffice):
    """Make it inside ``writing()``; every method opens its own transaction."""

    def close(self) -> None:
        self.proved_and_applied()
        for position, person in enumerate((self.head, self.clerk, self.leader), start=1):
            self.decide(person, position, Decision.PASS)

    def ask_correction(self, kind: CorrectionKind = UNDO, reason: str = WHY, person: Person | None = None) -> int:
        with writing():
            return operations.ask(self.item(lock=True), kind, reason, actor=self.acts(person or self.clerk)).id

    def correction(self, correction_id: int, person: Person | None = None, *, lock: bool = False) -> Correction:
        seen_by = reach(self.acts(person or self.clerk))
        return queries.get_request(db.session(), Correction, correction_id, seen_by, lock=lock)

    def approve(
        self, correction_id: int, person: Person, verdict: RequestEvent = APPROVE, opinion: str = "", **more: Any
    ) -> None:
        with writing():
            held = self.correction(correction_id, person, lock=True)
            operations.decide(held, verdict, opinion, actor=self.acts(person), **more)

    def approve_on_paper(self, correction_id: int, signer: str, on: date, person: Person | None = None) -> None:
        scan = files.store(io.BytesIO(b"signed"), limit_bytes=1 << 20)
        with writing():
            held, told = self.correction(correction_id, lock=True), Paper(signer, "", on, scan, "签批件.jpg")
            operations.decide_on_paper(held, APPROVE, "同意", told, actor=self.acts(person or self.clerk2))
