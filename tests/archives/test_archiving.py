"""A source whose items are all closed is filed away: folders, lists of files, one ZIP; what is open is named."""

import io
import time
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest import mock
from urllib.parse import unquote

import docx
import openpyxl
import pytest
import time_machine
from archives.worlds import a_world, actor, archived, opened, person, stored, the_source
from factories import a_source, a_working_item
from flask import Flask

from tests.databases import impatient_server
from tracker.access.rules import SYSTEM
from tracker.archives import operations, queries
from tracker.archives.models import Archive, ArchiveFile
from tracker.audit.models import AuditEntry
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.zipping import zipped
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.jobs.tasks import do_tasks
from tracker.sources import operations as sources


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2027-01-08T10:00:00+08:00", tick=False):
        yield


def test_every_item_gets_a_folder_with_its_parts_and_the_index_tells_every_file(app: Flask) -> None:
    a_world(app)
    archive = archived()
    names = opened(archive).namelist()
    assert {name.split("/")[0] for name in names if "/" in name} == {
        "000_来源材料",
        "001_巡察2026-1-001_第一议题制度坚持不够经常",
        "002_巡察2026-1-002_党费收缴不及时",
        "003_巡察2026-1-003_支部换届超期",
        "004_巡察2026-1-004_宣传阵地管理不严",
    }
    folder = "001_巡察2026-1-001_第一议题制度坚持不够经常"
    assert [name.removeprefix(f"{folder}/") for name in names if name.startswith(folder)] == [
        "卷内目录.docx",
        "01反馈/01_反馈问题.docx",
        "02方案和责任/02_整改方案和责任.docx",
        "03进展/03_整改进展.docx",
        "04佐证材料/04_签到表.pdf",
        "04佐证材料/05_学习计划.docx",
    ]
    assert names[:3] == ["归档文件目录.xlsx", "封面.docx", "归档文件目录.docx"]
    assert (archive.folders, archive.files) == (4, db.session.query(ArchiveFile).count())
    assert files.path_of(archive.zip_sha256).stat().st_size == archive.zip_bytes


def test_the_index_has_the_columns_of_an_archive_links_and_only_pages_that_are_known(app: Flask) -> None:
    a_world(app)
    zipped = opened(archived())
    sheet = openpyxl.load_workbook(io.BytesIO(zipped.read("归档文件目录.xlsx"))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heading = next(n for n, row in enumerate(rows) if row[0] == "序号")
    assert rows[heading][:9] == ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]
    listed = {row[1]: row for row in rows[heading + 1 :] if row[1] and row[0] != "合计"}
    evidence, other = listed["ZGB-2026-01-001-04"], listed["ZGB-2026-01-001-05"]
    assert (evidence[3], evidence[4], evidence[5].date(), evidence[7]) == ("陈静", "签到表.pdf", date(2026, 3, 16), 2)
    assert (other[6], other[7], other[8]) == (None, None, "代录")
    links = {unquote(cell.hyperlink.target) for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert "001_巡察2026-1-001_第一议题制度坚持不够经常\\04佐证材料\\04_签到表.pdf" in links
    assert "003_巡察2026-1-003_支部换届超期" in links


def test_the_papers_of_a_folder_tell_what_was_found_planned_and_reported(app: Flask) -> None:
    a_world(app)
    zipped = opened(archived())
    folder = "001_巡察2026-1-001_第一议题制度坚持不够经常"

    def words(name: str) -> str:
        document = docx.Document(io.BytesIO(zipped.read(f"{folder}/{name}")))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])

    assert "第一议题制度坚持不够经常" in words("01反馈/01_反馈问题.docx")
    assert "制定学习计划" in words("02方案和责任/02_整改方案和责任.docx")
    assert "已学习12次。" in words("03进展/03_整改进展.docx")
    assert "ZGB-2026-01-001-04" in words("卷内目录.docx")
    assert zipped.read(f"{folder}/04佐证材料/05_学习计划.docx") == "巡察2026-1-001计划".encode()


@pytest.mark.parametrize("bed", ["postgresql"], indirect=True)
def test_an_archive_may_take_longer_than_a_server_lets_a_transaction_idle(app: Flask) -> None:
    a_world(app)

    def slowly(*words: Any, **more: Any) -> Iterator[bytes]:
        time.sleep(0.4)
        yield from zipped(*words, **more)

    with impatient_server(), mock.patch("tracker.archives.making.zipped", slowly):
        assert archived().is_made


def test_what_is_open_or_kept_up_for_ever_stands_in_the_way_and_is_named(app: Flask) -> None:
    a_world(app, is_open=True)
    with pytest.raises(Conflict, match=r"还有1个事项没有销号.*巡察2026-1-005"), writing():
        operations.archive(the_source(), number="1", actor=actor("陈静"))
    with writing():
        item = db.session.query(Item).filter_by(number="巡察2026-1-005").one()
        items.issue([item], actor=SYSTEM)
        items.accept(item, handler_id=person("郑凯").id, actor=SYSTEM)
        items.move_on(item, Event.SUSTAIN, actor=SYSTEM)
    for leaves_out in (False, True):
        with writing():
            the_source().leaves_out_sustained = leaves_out
        with pytest.raises(Conflict, match="持续整改的也算"), writing():
            operations.archive(the_source(), number="1", actor=actor("陈静"))
    with writing():
        item = db.session.query(Item).filter_by(number="巡察2026-1-005").one()
        items.move_on(item, Event.WITHDRAW, actor=SYSTEM, reason="上级同意")
    assert archived().folders == 5


def test_an_empty_source_a_missing_number_a_second_archive_and_a_used_number_are_refused(app: Flask) -> None:
    a_world(app)
    with writing():
        empty, other = a_source("空来源", date(2026, 5, 1)), a_source("另一来源", date(2026, 6, 1))
        done = a_working_item(person("郑凯"), source=other, lead_unit=person("郑凯").unit, due_on=date(2027, 6, 30))
        items.move_on(done, Event.APPLY, actor=SYSTEM)
        items.move_on(done, Event.CLOSE, actor=SYSTEM, closed_on=clock.today())
    for source, number, words in ((empty, "1", "还没有事项"), (other, "  ", "请填写档号")):
        with pytest.raises(DomainError, match=words), writing():
            operations.archive(db.session.merge(source), number=number, actor=actor("陈静"))
    archived()
    for title, number, words in (("市委第二巡察组反馈", "2", "已经归档"), ("另一来源", "ZGB-2026-01", "已经用过")):
        with pytest.raises(Conflict, match=words), writing():
            source = sources_by_title(title)
            operations.archive(source, number=number, actor=actor("陈静"))


def sources_by_title(title: str) -> object:
    from tracker.sources.models import Source

    return db.session.query(Source).filter_by(title=title).one()


@pytest.mark.parametrize("name", ["李强", "李磊", "吴审"])
def test_only_the_office_of_the_whole_organ_archives_and_lifts(app: Flask, name: str) -> None:
    a_world(app)
    with pytest.raises(Forbidden), writing():
        operations.archive(the_source(), number="1", actor=actor(name))
    archive = archived()
    with pytest.raises(Forbidden), writing():
        operations.lift(archive, reason="补充材料", version=archive.version, actor=actor(name))


def test_a_file_that_the_store_has_lost_is_told_and_not_left_out(app: Flask) -> None:
    a_world(app)
    with writing():
        from tracker.progress.models import Evidence

        evidence = db.session.query(Evidence).filter_by(name="学习计划.docx").first()
        assert evidence is not None
        sha256 = evidence.sha256
    files.path_of(sha256).unlink()
    archive = archived()
    paper = db.session.query(ArchiveFile).filter_by(sha256=sha256).one()
    assert (paper.remark, paper.size_bytes) == ("文件缺失，请联系系统管理员", 0)
    assert paper.path not in opened(archive).namelist()


def test_a_zip_that_could_not_be_made_is_made_again_and_the_source_is_read_only_meanwhile(app: Flask) -> None:
    a_world(app)
    with writing():
        operations.archive(the_source(), number="1", actor=actor("陈静"))
    assert queries.find_present(db.session(), the_source().id) is not None
    with pytest.raises(Conflict, match="已于2027-01-08归档"), writing():
        sources.file_document(the_source(), stored(b"x"), title="扫描件", file_name="x.pdf", actor=actor("陈静"))
    assert do_tasks(clock.now()) == {"done": 1, "refused": 0}
    archive = db.session.query(Archive).one()
    with pytest.raises(Conflict), writing():
        operations.make_again(archive, actor=actor("陈静"))


def test_archiving_making_and_lifting_stand_in_the_trail(app: Flask) -> None:
    a_world(app)
    archive = archived()
    with writing():
        operations.lift(
            db.session.query(Archive).one(), reason="补充材料", version=archive.version, actor=actor("陈静")
        )
    acts = [each.action for each in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts[-3:] == ["source.archive", "archive.keep", "archive.lift"]
    assert queries.find_present(db.session(), the_source().id) is None
    assert archived("ZGB-2026-01-补").folders == 4


def test_of_a_secret_item_the_archive_holds_the_placeholder_only(app: Flask) -> None:
    a_world(app)
    with writing():
        item = items.draw_up_by_hand(the_source(), "", paper_number="12", actor=SYSTEM)
        items.move_on(item, Event.WITHDRAW, actor=SYSTEM, reason="上级同意")
    archive = archived()
    name = next(each for each in opened(archive).namelist() if "01反馈" in each and item.number in each)
    document = docx.Document(io.BytesIO(opened(archive).read(name)))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "涉密事项，详见纸质件第12号" in cells
    assert sum(item.number in each and not each.endswith("卷内目录.docx") for each in opened(archive).namelist()) == 2
