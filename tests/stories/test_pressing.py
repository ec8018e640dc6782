"""From the first nudge to a supervision notice that a substitute answers, in the office of the stories."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from stories.office import accept, actor, assign, commit, held, issue, move_in, on, person, receive

from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.jobs.delivery import deliver
from tracker.nudges import operations, queries
from tracker.nudges.models import Nudge, SupervisionNotice
from tracker.nudges.rules.notices import NoticeState
from tracker.nudges.rules.nudging import Told
from tracker.org import operations as org
from tracker.org import queries as people
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel
from tracker.sources.rules import SourceKind

FIRST, SECOND = "巡察2026-1-001", "巡察2026-1-002"


def inbox(name: str, kind: str) -> list[Message]:
    """What somebody was told of a kind; all that is due is delivered first."""
    deliver(clock.now())
    db.session().rollback()
    mine = (Message.person_id == person(name).id, Message.kind == kind, Message.channel == Channel.INBOX)
    return list(db.session().scalars(select(Message).where(*mine, Message.state == "sent")))


def two_items_are_issued() -> None:
    """Mon 16 to Fri 20 March: two of the 27 go to 组织部."""
    move_in()
    with on(2026, 3, 16):
        receive("feedback-typed.docx", SourceKind.INSPECTION, "市委第二巡察组反馈", date(2026, 3, 16))
        for number in (FIRST, SECOND):
            assign(number, "组织部", date(2026, 6, 30))
    with on(2026, 3, 20):
        issue([FIRST, SECOND])


def press(numbers: list[str], who: str, batch: str) -> None:
    told = [Told.LIAISON, Told.UNIT_HEAD]
    commit(lambda: operations.nudge([held(each) for each in numbers], told, "请签收。", batch=batch, actor=actor(who)))


def test_two_not_accepted_are_nudged_once_and_the_unit_answers(app: Flask) -> None:
    two_items_are_issued()
    with on(2026, 3, 23):
        press([FIRST, SECOND], "陈静", "a" * 16)
        assert len(inbox("李磊", "nudge")) == len(inbox("王敏", "nudge")) == 1
    with on(2026, 3, 24), pytest.raises(Conflict, match="陈静已于 2026-03-23"):
        press([FIRST], "李强", "b" * 16)
    with on(2026, 3, 24, 15):
        accept(FIRST, "李磊", "郑凯")
        nudge_id = db.session().scalars(select(Nudge.id).order_by(Nudge.id)).first() or 0
        commit(
            lambda: operations.reply(
                queries.find_nudge(db.session(), nudge_id) or Nudge(), "已签收，经办人郑凯。", actor=actor("李磊")
            )
        )
        (answer,) = inbox("陈静", "nudge_answered")
        assert "经办人郑凯" in answer.body_html


def test_a_late_item_ends_on_a_notice_that_the_substitute_of_the_head_answers(app: Flask) -> None:
    two_items_are_issued()
    with on(2026, 3, 21):
        accept(FIRST, "李磊", "郑凯")
    with on(2026, 7, 6):
        notice = commit(lambda: operations.draft([held(FIRST)], actor=actor("陈静")))
        notice_id = notice.id
        commit(lambda: operations.sign_here(_notice(notice_id, "李强"), actor=actor("李强")))
        commit(lambda: operations.send(_notice(notice_id, "陈静"), actor=actor("陈静")))
        days = {"since": date(2026, 7, 6), "until": date(2026, 7, 10)}
        head, liaison = person("王敏").id, person("刘洋").id
        commit(
            lambda: org.name_substitute(
                people.get_person(db.session(), head),
                people.get_person(db.session(), liaison),
                reason="学习",
                actor=actor("王敏"),
                **days,
            )
        )
        assert len(inbox("王敏", "supervision_notice")) == 1
        assert any("督〔2026〕1号" in message.subject for message in inbox("刘洋", "forwarded"))
    with on(2026, 7, 9):
        acting = people.load_substitute(db.session(), person("刘洋"), person("王敏"))
        commit(lambda: operations.answer(_notice_of(notice_id), "问题已整改，材料随后报送。", actor=acting))
        entry = db.session().scalars(select(AuditEntry).where(AuditEntry.action == "notice.answer")).one()
        assert entry.actor_name == "刘洋（代 王敏）"
        assert _notice_of(notice_id).state is NoticeState.ANSWERED


def _notice(notice_id: int, who: str) -> SupervisionNotice:
    return queries.get_notice(db.session(), notice_id, actor(who), lock=True)


def _notice_of(notice_id: int) -> SupervisionNotice:
    return db.session.get_one(SupervisionNotice, notice_id)
