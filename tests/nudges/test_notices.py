"""A supervision notice goes to one unit, is numbered when it is signed, and waits for an answer."""

import io
import threading
from datetime import date, timedelta

import docx
import pytest
from factories import actor_of, by_date
from flask import Flask

from tests.nudges.papers import a_scan, answer, draft, held, notice_of, notices, send, sign, trim
from tests.nudges.pressing import MONDAY, PressingOffice, deliver_now, on
from tracker.access.rules import SYSTEM
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, NotFound, Stale
from tracker.items import operations as items
from tracker.items.rules import Event, Light
from tracker.jobs.registry import remind
from tracker.nudges import operations, queries
from tracker.nudges.queries import NoticeFilter
from tracker.nudges.rules.notices import NoticeState, feedback_light, notice_number, overdue_days
from tracker.nudges.writing import Paper, write_docx
from tracker.settings import operations as settings


@pytest.fixture
def office(app: Flask) -> PressingOffice:
    with on(date(2026, 5, 4)), writing():
        settings.put({"reminders.notice_prefix": "市直工委督", "organ.name": "中共××市委市直机关工委"}, actor=SYSTEM)
        return PressingOffice()


def test_from_the_draft_to_the_answer(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
        assert notice_of(notice_id).number is None
        assert sign(office, notice_id) == "市直工委督〔2026〕1号"
        send(office, notice_id)
        deliver_now()
        for name in ("王敏", "李磊"):
            (message,) = office.inbox(name, "supervision_notice")
            assert "市直工委督〔2026〕1号" in message.subject
        assert office.inbox("赵丽", "supervision_notice") == []
        answer(office, notice_id, "李磊")
        deliver_now()
        assert "已逐项整改" in office.inbox("陈静", "notice_answered")[0].body_html
        assert notice_of(notice_id).state is NoticeState.ANSWERED


def test_the_items_of_one_notice_are_led_by_one_unit(office: PressingOffice) -> None:
    with pytest.raises(DomainError, match="只发给一个单位"):
        draft(office, [office.numbers[0], office.foreign])


def test_an_item_stands_on_one_notice_at_a_time(office: PressingOffice) -> None:
    draft(office, office.numbers[:2])
    with pytest.raises(Conflict, match=f"{office.numbers[1]} 已在另一份督办单上"):
        draft(office, office.numbers[1:])


def test_what_runs_no_more_is_not_supervised(office: PressingOffice) -> None:
    with writing():
        items.move_on(office.held(office.numbers[:1])[0], Event.WITHDRAW, actor=SYSTEM, reason="同意核减")
    with pytest.raises(Conflict, match=office.numbers[0]):
        draft(office)


@pytest.mark.parametrize("name", ["李强", "王敏", "李磊"])
def test_only_the_office_drafts(office: PressingOffice, name: str) -> None:
    with pytest.raises(Forbidden):
        draft(office, name=name)


def test_numbers_run_through_a_year_begin_anew_and_are_not_given_again(office: PressingOffice) -> None:
    with on(MONDAY):
        first = draft(office, office.numbers[:1])
        assert sign(office, first) == "市直工委督〔2026〕1号"
        with writing():
            operations.void(held(office, first, "陈静"), actor=actor_of(office.person("陈静")))
        again = draft(office, office.numbers[:1])
        assert sign(office, again) == "市直工委督〔2026〕2号"
    with on(date(2027, 1, 4)):
        assert sign(office, draft(office, office.numbers[1:2]), date(2027, 1, 4)) == "市直工委督〔2027〕1号"
    assert notice_of(first).number == notice_number("市直工委督", 2026, 1)


def test_those_who_sign_at_once_get_numbers_of_their_own(app: Flask, office: PressingOffice) -> None:
    with on(MONDAY):
        ids = [draft(office, [number]) for number in [*office.numbers, office.foreign]]
    numbers: list[str] = []

    def press(notice_id: int) -> None:
        with app.app_context(), on(MONDAY):
            numbers.append(sign(office, notice_id, date(2026, 6, 8)))

    db.session.remove()
    threads = [threading.Thread(target=press, args=(notice_id,)) for notice_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(numbers) == [notice_number("市直工委督", 2026, serial) for serial in (1, 2, 3, 4)]


def test_one_notice_signed_twice_at_once_takes_one_number(app: Flask, office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
    outcomes: list[str] = []

    def press() -> None:
        with app.app_context(), on(MONDAY):
            try:
                outcomes.append(sign(office, notice_id, date(2026, 6, 8)))
            except Conflict:
                outcomes.append("refused")

    db.session.remove()
    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["refused", "refused", "市直工委督〔2026〕1号"]
    with on(MONDAY):
        assert sign(office, draft(office, [office.foreign])) == "市直工委督〔2026〕2号"


def test_a_leader_signs_with_an_own_click_and_a_unit_head_does_not(office: PressingOffice) -> None:
    notice_id = draft(office)
    for name, refusal in (("陈静", Forbidden), ("王敏", NotFound)):
        with pytest.raises(refusal), writing():
            operations.sign_here(held(office, notice_id, name), actor=actor_of(office.person(name)))
    with writing():
        operations.sign_here(held(office, notice_id, "李强"), actor=actor_of(office.person("李强")))
    notice = notice_of(notice_id)
    assert (notice.signer_id, notice.signature_by_id, notice.scan_name) == (office.ids["李强"], office.ids["李强"], "")


def test_a_signature_on_paper_names_the_signer_who_entered_it_and_its_scan(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
        sign(office, notice_id)
    notice = notice_of(notice_id)
    assert (notice.signer_id, notice.signature_by_id) == (office.ids["李强"], office.ids["陈静"])
    assert (notice.scan_name, files.path_of(notice.scan_sha256).read_bytes()) == ("签批.pdf", b"signed")


def test_an_unknown_signer_and_a_signature_of_tomorrow_or_before_the_draft_are_refused(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id, scan = draft(office), a_scan()
    for signer, day, words in (
        ("无此人", MONDAY, "无此人"),
        ("李强", MONDAY + timedelta(days=1), "晚于今天"),
        ("李强", MONDAY - timedelta(days=365), "早于拟稿日期 2026-06-08"),
    ):
        with on(MONDAY), pytest.raises(DomainError, match=words), writing():
            notice, actor = held(office, notice_id, "陈静"), actor_of(office.person("陈静"))
            operations.sign_on_paper(notice, signer=signer, on=day, scan=scan, scan_name="x.pdf", actor=actor)
    assert notice_of(notice_id).number is None


def test_a_notice_whose_feedback_day_has_passed_is_neither_signed_nor_sent(office: PressingOffice) -> None:
    with on(MONDAY):
        drafted, signed = draft(office), draft(office, [office.foreign])
        sign(office, signed)
    with on(MONDAY + timedelta(days=30)):
        for press in (lambda: sign(office, drafted, MONDAY + timedelta(days=30)), lambda: send(office, signed)):
            with pytest.raises(DomainError, match="反馈时限早于今天"):
                press()


def test_what_runs_no_more_is_not_sent(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
        sign(office, notice_id)
        with writing():
            items.move_on(office.held(office.numbers[:1])[0], Event.WITHDRAW, actor=SYSTEM, reason="同意核减")
        with pytest.raises(Conflict, match=office.numbers[0]):
            send(office, notice_id)


def test_nothing_is_sent_unsigned_and_nothing_signed_is_edited(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
        with pytest.raises(Conflict, match="待签发"):
            send(office, notice_id)
        sign(office, notice_id)
        with pytest.raises(Conflict), writing():
            operations.edit(
                held(office, notice_id, "陈静"),
                demand="改一改",
                feedback_due_on=MONDAY,
                actor=actor_of(office.person("陈静")),
            )


def test_an_older_page_does_not_overwrite_a_draft(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
        actor = actor_of(office.person("陈静"))
        with writing():
            notice = held(office, notice_id, "陈静")
            operations.edit(notice, demand="第1次修改", feedback_due_on=MONDAY, actor=actor, version=1)
        with pytest.raises(Stale) as refusal, writing():
            notice = held(office, notice_id, "陈静")
            operations.edit(notice, demand="第2次修改", feedback_due_on=MONDAY, actor=actor, version=1)
        assert "第2次修改" in refusal.value.typed.values()
    assert notice_of(notice_id).demand == "第1次修改"


def test_what_a_person_put_on_a_draft_stays_whatever_its_deadline_but_not_when_it_is_done(
    office: PressingOffice,
) -> None:
    with on(MONDAY):
        mine = draft(office, office.numbers[:2])
        with writing():
            withdrawn, extended = office.held(office.numbers[:2])
            items.move_on(withdrawn, Event.WITHDRAW, actor=SYSTEM, reason="同意核减")
            extended.due_on = MONDAY
        with pytest.raises(Conflict, match=office.numbers[0]):
            sign(office, mine)
        remind(clock.instant_at(MONDAY, 9))
        assert [len(each.lines) for each in notices()] == [1], "the sweep does it"
        assert sign(office, mine) == "市直工委督〔2026〕1号"
        assert trim() == 0, "what is signed stays as it was signed"


def test_a_unit_sees_what_was_sent_to_it_and_no_draft_and_no_other_unit(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
        sign(office, notice_id)

        def seen(name: str) -> int:
            query = queries.select_notices(actor_of(office.person(name)), NoticeFilter())
            return len(queries.list_notices(db.session(), query))

        assert [seen(name) for name in ("陈静", "李强", "王敏", "李磊", "赵丽")] == [1, 1, 0, 0, 0]
        send(office, notice_id)
        assert [seen(name) for name in ("陈静", "李强", "王敏", "李磊", "赵丽")] == [1, 1, 1, 1, 0]


def test_the_office_enters_an_answer_on_paper_and_is_marked(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office)
        sign(office, notice_id)
        send(office, notice_id)
        with pytest.raises(NotFound):
            answer(office, notice_id, "赵倩")
        answer(office, notice_id, "陈静")
    assert notice_of(notice_id).is_feedback_for_others


def test_a_late_answer_lights_up() -> None:
    due = MONDAY + timedelta(days=5)
    lights = [feedback_light(NoticeState.SENT, due, due + timedelta(days=days)) for days in (-3, -2, 0, 1)]
    assert lights == [Light.OK, Light.NEAR, Light.NEAR, Light.LATE]
    assert feedback_light(NoticeState.ANSWERED, due, due + timedelta(days=9)) is Light.CLOSED
    assert feedback_light(NoticeState.DRAFT, due, due + timedelta(days=9)) is None
    assert [overdue_days(MONDAY, MONDAY + timedelta(days=days)) for days in (-1, 0, 1)] == [0, 0, 1]
    assert overdue_days(None, MONDAY) == 0


def paper_of(notice_id: int) -> str:
    with on(date(2026, 7, 1)):
        notice = notice_of(notice_id)
        content = write_docx(notice, Paper("中共××市委市直机关工委", date(2026, 7, 1), notice.drafted_at))
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_paper_names_all_that_is_asked_and_stays_as_it_was_signed(office: PressingOffice) -> None:
    with on(MONDAY):
        notice_id = draft(office, office.numbers[:1])
        assert "（送审稿）" in paper_of(notice_id)
        sign(office, notice_id)
        with writing():
            item = office.held(office.numbers[:1])[0]
            items.amend(item, items.Assignment(deadline=by_date(date(2026, 12, 31))), reason="经批准", actor=SYSTEM)
    text = paper_of(notice_id)
    for words in (
        "督办通知单",
        "编号：市直工委督〔2026〕1号",
        "签发人：李强",
        "组织部：",
        office.numbers[0],
        "第一议题制度坚持不够经常",
        "2026年5月20日",
        "19天",
        "二、督办要求",
        "请于2026年6月13日前",
        "中共××市委市直机关工委",
        "2026年6月8日",
    ):
        assert words in text, words
    assert "送审稿" not in text
