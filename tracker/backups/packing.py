"""The one file: a tar of the database, each file under its hash, and the manifest last, so that a cut one is found."""

import errno
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, BinaryIO

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l

DATABASE, MANIFEST, FILES = "database", "manifest.json", "files/"
CHUNK_BYTES = 1 << 20
MANIFEST_BYTES = 64 << 20


def sha256_of(path: Path) -> str:
    """The hash of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def pack(
    target: BinaryIO,
    database: Path,
    stored: Iterable[str],
    manifest: bytes,
    *,
    lent: Callable[[str], AbstractContextManager[Path]],
) -> None:
    """Write a backup; nothing of it is ever whole in memory. ``lent`` lends each file by its hash, one at a time."""
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        archive.add(database, DATABASE, filter=_plain)
        for sha256 in stored:
            with lent(sha256) as path:
                archive.add(path, FILES + sha256, filter=_plain)
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(manifest)
        archive.addfile(member, io.BytesIO(manifest))


def unpack(source: BinaryIO, folder: Path, *, keeps_files: bool = True) -> tuple[bytes, dict[str, int]]:
    """Write what a backup holds into a folder; its manifest, and the bytes of each file that is what its name says.

    The database becomes ``database``, the files lie in ``files`` as in the store, or are only read when they are not
    kept. Raises DomainError for whatever is not a whole backup.
    """
    manifest, sizes = b"", dict[str, int]()
    try:
        with tarfile.open(fileobj=_Source(source), mode="r|") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isreg() else None
                if stream is None:
                    raise DomainError(_l("这不是本系统的备份文件，或已损坏。"))
                if member.name == MANIFEST and member.size <= MANIFEST_BYTES:
                    manifest = stream.read()
                elif member.name == DATABASE:
                    _write(stream, folder / DATABASE)
                else:
                    sha256 = _hash_named(member.name)
                    target = folder / FILES / sha256[:2] / sha256 if keeps_files else None
                    sizes[sha256] = _keep(stream, target, sha256)
    except (tarfile.TarError, EOFError) as error:
        raise DomainError(_l("这不是本系统的备份文件，或已损坏。")) from error
    if not manifest or not (folder / DATABASE).exists():
        raise DomainError(_l("备份文件不完整，可能没有复制完。"))
    return manifest, sizes


class _Source(io.RawIOBase):
    """A backup that is read: where its disk lost a part, that is damage, and no trouble of the place it is put into."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises DomainError where they are lost."""
        try:
            return self._stream.read(size)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise DomainError(_l("这不是本系统的备份文件，或已损坏。")) from error


def _keep(stream: IO[bytes], target: Path | None, sha256: str) -> int:
    """Write a file, or with no target only read it; its size. Raises DomainError when it is not what its name says."""
    found, size = _copy(stream, len) if target is None else _write(stream, target)
    if found != sha256:
        raise DomainError(_l("备份中的文件 %(name)s 已损坏。", name=sha256))
    return size


def _write(stream: IO[bytes], target: Path) -> tuple[str, int]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as handle:
        told = _copy(stream, handle.write)
        handle.flush()
        os.fsync(handle.fileno())
    target.chmod(0o600)
    return told


def _copy(stream: IO[bytes], write: Callable[[bytes], object]) -> tuple[str, int]:
    """Hand a stream over piece by piece; the hash and the number of its bytes."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        write(chunk)
    return digest.hexdigest(), size


def _hash_named(name: str) -> str:
    sha256 = name.removeprefix(FILES)
    is_hash = len(sha256) == 64 and all(char in "0123456789abcdef" for char in sha256)
    if not name.startswith(FILES) or not is_hash:
        raise DomainError(_l("备份中有不认识的内容：%(name)s。", name=name[:100]))
    return sha256


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of users of this machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
