"""Files by content: streamed to a temporary name, synced, renamed to their hash. Names live in the database.

Where an object store is configured it holds them all, and the folder keeps copies: a hash is never another file's, so
no copy is ever old, and each may be deleted at any time.
"""

import hashlib
import logging
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from flask import current_app, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from tracker.core import object_store
from tracker.core.db import DISK_FULL, is_disk_full
from tracker.core.errors import Busy, Conflict, DomainError, NotFound, TooLarge
from tracker.core.filetypes import HEAD_BYTES, UNKNOWN_TYPE, FileType, told_by_content
from tracker.core.i18n import lazy_gettext as _l

log = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 20
NAME_LIMIT = 255
INCOMING = ".incoming-"
HASH = re.compile(r"[0-9a-f]{64}")
LOST = _l("文件不在存储中，请联系系统管理员。")


@dataclass(frozen=True)
class StoredFile:
    """A file in the store: ``sha256`` is 64 hexadecimal digits, ``media_type`` what its content tells."""

    sha256: str
    size_bytes: int
    media_type: str = UNKNOWN_TYPE


def folder() -> Path:
    """The folder of the store; made when it is missing."""
    path = Path(current_app.config["TRACKER_DATA_DIR"]) / "files"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie, fetched when only the object store has them.

    Raises NotFound when nobody has them, Busy when the object store does not answer, Conflict when what it holds under
    this hash is something else.
    """
    path = _place(sha256)
    if object_store.find() and HASH.fullmatch(sha256):
        with suppress(OSError):
            # Whoever clears copies away by their age sees that this one is wanted.
            os.utime(path)
    if not path.is_file():
        with _fetched(sha256) as temporary:
            _keep(temporary, sha256)
    return path


@contextmanager
def lent(sha256: str) -> Iterator[Path]:
    """The same for who reads each file once: what had to be fetched is gone afterwards. Raises as ``path_of`` does."""
    path = _place(sha256)
    if path.is_file():
        yield path
    else:
        with _fetched(sha256) as temporary:
            yield temporary


def sizes(named: Collection[str]) -> Mapping[str, int]:
    """How many bytes each of these files has, by hash; what is lost is left out. Raises Busy as ``path_of`` does."""
    store = object_store.find()
    held = store.sizes() if store else {}
    here = {sha256: _place(sha256).stat().st_size for sha256 in named if _place(sha256).is_file()}
    return {sha256: size for sha256, size in held.items() if sha256 in named} | here


def hand_over(path: Path, sha256: str) -> None:
    """Copy a file into the object store, where one is configured. Raises Busy when it does not take it."""
    if store := object_store.find():
        store.put(sha256, path)


@contextmanager
def _fetched(sha256: str) -> Iterator[Path]:
    """The file out of the object store, whole and checked, in a temporary that is gone afterwards unless kept."""
    store, digest = object_store.find(), hashlib.sha256()
    if store is None or not HASH.fullmatch(sha256):
        raise NotFound(LOST)
    with _temporary(folder()) as (handle, temporary):

        def write(chunk: bytes) -> None:
            digest.update(chunk)
            handle.write(chunk)

        if not store.fetch(sha256, write):
            raise NotFound(LOST)
        if digest.hexdigest() != sha256:
            log.error("object store: what lies under %s is not what it says", sha256)
            raise Conflict(_l("对象存储中的文件 %(name)s 已损坏或被改动，没有取用，请联系系统管理员。", name=sha256))
        handle.flush()
        os.fsync(handle.fileno())
        yield temporary


def _place(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def handed_out(path: Path, name: str) -> Response:
    """A file of the store as a download: as it came, never shown by the browser, kept by no cache."""
    answer = send_file(path, UNKNOWN_TYPE, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def bare_name(uploaded: str | None, *, otherwise: str = "文件") -> str:
    """A file's name as uploaded, without path parts and invisible characters, at most 255 characters.

    The ending is kept when the name is cut; ``otherwise`` stands for a name of which nothing remains.
    """
    last = re.split(r"[/\\]", uploaded or "")[-1]
    name = "".join(char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    name = name.replace("\ufffe", "").replace("\uffff", "").strip()
    if not name.strip("."):
        return otherwise
    stem, dot, ending = name.rpartition(".")
    if dot and stem and len(ending) <= 20:
        return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
    return name[:NAME_LIMIT]


def store(stream: BinaryIO, *, limit_bytes: int, check: Callable[[FileType], object] | None = None) -> StoredFile:
    """Write a stream into the store, whole or not at all; equal bytes are kept once.

    ``check`` is asked before anything is kept, and raises to refuse what the content turns out to be. Raises TooLarge
    past ``limit_bytes``, DomainError when the stream is empty and Busy when the disk is full or the object store does
    not take it.
    """
    with _temporary(folder()) as (handle, temporary):
        digest, size, head = hashlib.sha256(), 0, b""
        while chunk := stream.read(CHUNK_BYTES):
            head = head or chunk[:HEAD_BYTES]
            size += len(chunk)
            if size > limit_bytes:
                limit_mb = limit_bytes / (1 << 20)
                raise TooLarge(_l("文件超过 %(limit)s MB 的上限，请压缩或拆分后再上传。", limit=f"{limit_mb:g}"))
            digest.update(chunk)
            handle.write(chunk)
        if size == 0:
            raise DomainError(_l("文件是空的（0 字节），请检查后重新选择。"), field="file")
        found = told_by_content(head)
        if check is not None:
            check(found)
        handle.flush()
        os.fsync(handle.fileno())
        sha256 = digest.hexdigest()
        hand_over(temporary, sha256)
        _keep(temporary, sha256)
    return StoredFile(sha256, size, found.media_type)


def _keep(temporary: Path, sha256: str) -> None:
    target = _place(sha256)
    if not target.parent.is_dir():
        target.parent.mkdir(exist_ok=True)
        sync_folder(folder())
    os.replace(temporary, target)
    sync_folder(target.parent)


def receive(upload: object, *, limit_bytes: int) -> tuple[StoredFile, str] | None:
    """Keep what a file field got: the file and its bare name; None when none was chosen. Raises as ``store`` does."""
    if not isinstance(upload, FileStorage) or not upload.filename:
        return None
    return store(cast(BinaryIO, upload.stream), limit_bytes=limit_bytes), bare_name(upload.filename)


@contextmanager
def _temporary(where: Path) -> Iterator[tuple[BinaryIO, Path]]:
    descriptor, name = tempfile.mkstemp(prefix=INCOMING, dir=where)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle, path
    except OSError as error:
        if is_disk_full(error):
            raise Busy(DISK_FULL) from error
        raise
    finally:
        path.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Make sure that what was renamed into a folder is still there after a power cut; Windows opens no folder."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
