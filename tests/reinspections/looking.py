"""An office in which closed items are drawn and looked at again."""

from datetime import date, timedelta
from typing import Any

from factories import an_account

from tests.corrections.correcting import CorrectingOffice
from tracker.access.rules import Action, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.org.models import Person, Unit
from tracker.reinspections import operations, queries
from tracker.reinspections.models import Reinspection
from tracker.reinspections.operations import Result, Wish
from tracker.reinspections.rules import LookEvent, Population, Size

ALL, SEED = Size(share=100), "2026-7-15"
PASS, REBOUND = LookEvent.PASS, LookEvent.REBOUND
SEEN, WORSE = "查看了4至6月会议记录，均落实第一议题。", "7月起又有两次会议没有落实第一议题制度。"


class LookingOffice(CorrectingOffice):
    """Make it inside ``writing()``; every method opens its own transaction. The viewer had no part in anything."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        root = db.session.get_one(Unit, self.clerk.unit_id)
        self.viewer = an_account("赵敏", Role.VIEWER, root)

    def draw(self, size: Size = ALL, seed: str = SEED, person: Person | None = None, **population: Any) -> int:
        with writing():
            wish = Wish(Population(**population), size, seed)
            return operations.draw(wish, actor=self.acts(person or self.clerk2)).id

    def looks(self, draw_id: int) -> list[Reinspection]:
        return list(queries.list_of_draw(db.session(), draw_id, self.acts(self.clerk2)))

    def look(self, look_id: int, person: Person | None = None, *, lock: bool = False) -> Reinspection:
        return queries.get_look(db.session(), look_id, self.acts(person or self.clerk2), lock=lock)

    def assign(self, look_id: int, inspector: Person, person: Person | None = None, **more: Any) -> None:
        with writing():
            actor = self.acts(person or self.clerk2)
            held = queries.list_held(db.session(), [look_id], reach(actor, Action.REINSPECT), lock=True)
            until = more.pop("until", clock.today() + timedelta(days=30))
            operations.assign(held, self.id_of(inspector), until, actor=actor, **more)

    def record(
        self,
        look_id: int,
        event: LookEvent = PASS,
        findings: str = SEEN,
        person: Person | None = None,
        on: date | None = None,
        **more: Any,
    ) -> None:
        with writing():
            actor = self.acts(person or self.viewer)
            held = queries.get_look(db.session(), look_id, actor, lock=True)
            operations.record_result(held, Result(event, on or clock.today(), findings), actor=actor, **more)

    def drawn_and_given(self) -> int:
        """Close the item, draw it, and give it to the viewer."""
        self.close()
        look_id = self.looks(self.draw())[0].id
        self.assign(look_id, self.viewer)
        return look_id
