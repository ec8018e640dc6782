"""Supervision notices on their way, as an office handles them."""

import io
from collections.abc import Sequence
from datetime import date

from factories import actor_of
from sqlalchemy import select

from tests.nudges.pressing import MONDAY, PressingOffice
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.files import StoredFile
from tracker.nudges import operations, queries
from tracker.nudges.models import SupervisionNotice


def a_scan() -> StoredFile:
    """The scan of a signed paper."""
    return files.store(io.BytesIO(b"signed"), limit_bytes=100)


def draft(office: PressingOffice, numbers: Sequence[str] = (), name: str = "陈静") -> int:
    """The office drafts; the id of the notice."""
    with writing():
        held = office.held(numbers or office.numbers, "陈静")
        return operations.draft(held, actor=actor_of(office.person(name))).id


def held(office: PressingOffice, notice_id: int, name: str) -> SupervisionNotice:
    """A notice as somebody acts on it, within the transaction that is open."""
    return queries.get_notice(db.session(), notice_id, actor_of(office.person(name)), lock=True)


def sign(office: PressingOffice, notice_id: int, day: date = MONDAY) -> str:
    """The office enters the leader's signature of a day; the number."""
    scan = a_scan()
    with writing():
        notice = held(office, notice_id, "陈静")
        actor = actor_of(office.person("陈静"))
        operations.sign_on_paper(notice, signer="李强", on=day, scan=scan, scan_name="签批.pdf", actor=actor)
        return notice.number or ""


def send(office: PressingOffice, notice_id: int) -> None:
    """The office sends it."""
    with writing():
        operations.send(held(office, notice_id, "陈静"), actor=actor_of(office.person("陈静")))


def answer(office: PressingOffice, notice_id: int, name: str, text: str = "已逐项整改。") -> None:
    """Somebody answers it."""
    with writing():
        operations.answer(held(office, notice_id, name), text, actor=actor_of(office.person(name)))


def notice_of(notice_id: int) -> SupervisionNotice:
    """A notice as it is stored."""
    db.session().rollback()
    return db.session.get_one(SupervisionNotice, notice_id, populate_existing=True)


def notices() -> list[SupervisionNotice]:
    """All supervision notices there are."""
    session = db.session()
    session.rollback()
    return list(session.scalars(select(SupervisionNotice).order_by(SupervisionNotice.id)))


def trim() -> int:
    """Take off drafts what needs no supervision on MONDAY; how many."""
    with writing():
        return operations.trim_drafts(MONDAY)
