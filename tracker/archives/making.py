"""Making an archive: gather its files, number them, and write the ZIP into the store without holding it in memory."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from tracker.archives import papers, queries
from tracker.archives.gathering import LIMIT_BYTES, Gatherer, gather, numbers_of
from tracker.archives.models import Archive
from tracker.archives.rules import MATERIAL_FOLDER, Placed, folder_of, place_all
from tracker.core import clock, files
from tracker.core.db import take_time
from tracker.core.files import StoredFile
from tracker.core.i18n import force_locale
from tracker.core.zipping import Joined, Member, zipped
from tracker.exports.files import Handing
from tracker.settings.queries import load


def make(
    session: Session, archive: Archive, tell: Callable[[int, int], None]
) -> tuple[list[Placed], StoredFile, dict[str, int]]:
    """The files in their places, the ZIP as it lies in the store, and the ids of the items by number."""
    take_time(session)
    settings, made_at = load(session), clock.local(archive.archived_at)
    organ = settings["organ.name"] or settings["organ.short_name"]
    handing = Handing(organ, archive.archived_on, archive.by_name, made_at)
    with force_locale("zh"):
        material = queries.load_material(session, archive.source)
        pieces = gather(Gatherer(material, handing, made_at), tell)
        source = archive.source
        folders = {
            row.item.number: folder_of(row.item.number, source.number, row.item.finding) for row in material.rows
        }
        placed = place_all(pieces, number=archive.number, source_number=source.number, folders=folders)
        parts = zipped(_members(archive, handing, placed, folders), made_at=made_at)
        stored = files.store(cast(BinaryIO, Joined(parts)), limit_bytes=LIMIT_BYTES)
    return placed, stored, numbers_of(material.rows)


def _members(archive: Archive, handing: Handing, placed: Sequence[Placed], folders: dict[str, str]) -> Iterator[Member]:
    """The index and the cover on top, then each folder with its own list."""
    made_at, organ, title = handing.taken_at, handing.organ, archive.source.title
    yield (
        f"{papers.LIST_TITLE}.xlsx",
        papers.workbook(archive, organ, placed, footer=handing.footer, made_at=made_at),
    )
    yield "封面.docx", papers.cover(archive, organ, folders=len(folders), files=len(placed), made_at=made_at)
    subject = f"档号：{archive.number}　来源：{title}"
    yield f"{papers.LIST_TITLE}.docx", papers.list_of_files(f"{organ}{papers.LIST_TITLE}", subject, placed, made_at)
    by_item = {number: list(own) for number, own in groupby(placed, key=lambda each: each.piece.item_number)}
    for number, folder in [("", MATERIAL_FOLDER), *folders.items()]:
        own = by_item[number]
        subject = f"档号：{archive.number}　{f'事项编号：{number}' if number else f'来源：{title}'}"
        lists = papers.list_of_files(papers.FOLDER_LIST_TITLE, subject, own, made_at)
        yield f"{folder}/{papers.FOLDER_LIST_TITLE}.docx", lists
        for each in own:
            if each.piece.remark != papers.MISSING:
                yield each.path, files.path_of(each.piece.sha256)
