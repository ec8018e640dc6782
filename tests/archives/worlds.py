"""A source with closed items, whose office archives it: what the tests of archives begin with."""

from io import BytesIO
from zipfile import ZipFile

import time_machine
from factories import a_source, a_unit, a_working_item, actor_of, an_account, an_item
from flask import Flask

from tracker.access.rules import SYSTEM, Actor, Role
from tracker.archives import operations
from tracker.archives.models import Archive
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.jobs.tasks import do_tasks
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.sources.models import Source

NUMBER = "巡察2026-1"


def a_pdf(pages: int = 2) -> bytes:
    """A PDF of so many empty pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(595, 842)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def stored(content: bytes) -> files.StoredFile:
    """A file in the store."""
    return files.store(BytesIO(content), limit_bytes=1 << 24)


def people() -> None:
    """The office, a leader of everything, a unit's liaison and its handler, another unit's liaison, an auditor."""
    root, unit, other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
    an_account("陈静", Role.OFFICE, root)
    an_account("李强", Role.LEADER, root)
    an_account("李磊", Role.LIAISON, unit)
    an_account("郑凯", Role.HANDLER, unit)
    an_account("周宁", Role.LIAISON, other)
    an_account("吴审", Role.AUDITOR, root)


def person(name: str) -> Person:
    """The only person of that name."""
    return db.session.query(Person).filter_by(name=name).one()


def actor(name: str) -> Actor:
    """Who acts."""
    return actor_of(person(name))


def a_closed_item(source: Source, finding: str, unit: str = "组织部") -> Item:
    """A closed item with a measure, a report and two files."""
    item = a_working_item(person("郑凯"), source=source, lead_unit=a_or_the(unit), finding=finding)
    progress.add_measures(item, ["制定学习计划"], actor=SYSTEM)
    progress.write_entry(item, "已学习12次。", actor=actor("陈静"))
    for name, content in (("签到表.pdf", a_pdf()), ("学习计划.docx", f"{item.number}计划".encode())):
        progress.add_evidence(item, stored(content), name, actor=actor("陈静"))
    items.move_on(item, Event.APPLY, actor=SYSTEM)
    items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=clock.today())
    return item


def a_or_the(unit: str) -> object:
    """The unit of that name."""
    from tracker.org.models import Unit

    return db.session.query(Unit).filter_by(name=unit).one()


def a_world(app: Flask, *, is_open: bool = False) -> None:
    """Three closed items of one unit and one of another; ``is_open`` leaves a fifth to do."""
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False), writing():
        people()
        source = a_source(issuing_body="市委第二巡察组")
        for finding in ("第一议题制度坚持不够经常", "党费收缴不及时", "支部换届超期"):
            a_closed_item(source, finding)
        a_closed_item(source, "宣传阵地管理不严", "宣传部")
        if is_open:
            an_item(source=source, lead_unit=a_or_the("组织部"), finding="联系群众不够")


def the_source() -> Source:
    """The only source."""
    return db.session.query(Source).order_by(Source.id).first()  # type: ignore[return-value]


def archived(number: str = "ZGB-2026-01") -> Archive:
    """The source archived by the office, its ZIP made."""
    with writing():
        operations.archive(the_source(), number=number, actor=actor("陈静"))
    assert do_tasks(clock.now())["done"] == 1
    return db.session.query(Archive).filter_by(number=number).one()


def opened(archive: Archive) -> ZipFile:
    """The ZIP."""
    return ZipFile(files.path_of(archive.zip_sha256))
