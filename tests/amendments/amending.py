"""An office in which what was issued is changed by request."""

import io
from datetime import date

from tests.closure.closing_office import ClosingOffice
from tracker.access.rules import reach
from tracker.amendments import operations
from tracker.amendments.models import Amendment
from tracker.amendments.rules import Amended
from tracker.core import files
from tracker.core.db import db, writing
from tracker.items.operations import Paper
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.requests import queries
from tracker.requests.rules import RequestEvent

APPROVE, REFUSE = RequestEvent.APPROVE, RequestEvent.REFUSE
MEASURES = ("召开部署会", "印发办法")


class AmendingOffice(ClosingOffice):
    """Make it inside ``writing()``; every method opens its own transaction."""

    def plan(self) -> None:
        with writing():
            first, _second = progress.add_measures(self.item(lock=True), MEASURES, actor=self.acts(self.liaison))
            progress.tick(first, actor=self.acts(self.liaison))

    def ask(self, person: Person | None = None, reason: str = "机构改革，职责调整", **wanted: str) -> int:
        with writing():
            item = self.item(lock=True)
            told = operations.standing(item) | {Amended(name): text for name, text in wanted.items()}
            return operations.ask(item, told, reason, actor=self.acts(person or self.liaison)).id

    def amendment(self, amendment_id: int, person: Person | None = None, *, lock: bool = False) -> Amendment:
        seen_by = reach(self.acts(person or self.clerk))
        return queries.get_request(db.session(), Amendment, amendment_id, seen_by, lock=lock)

    def rule(
        self, amendment_id: int, person: Person, verdict: RequestEvent = APPROVE, opinion: str = "", version: int = 1
    ) -> None:
        with writing():
            held = self.amendment(amendment_id, person, lock=True)
            operations.decide(held, verdict, opinion, actor=self.acts(person), version=version)

    def enter(self, amendment_id: int, signer: str, on: date, person: Person) -> None:
        scan = files.store(io.BytesIO(b"signed"), limit_bytes=1 << 20)
        with writing():
            held, told = self.amendment(amendment_id, lock=True), Paper(signer, "", on, scan, "签批件.jpg")
            operations.decide_on_paper(held, APPROVE, "同意", told, actor=self.acts(person))
