"""Packs a folder so that the same content gives the same bytes: sorted names, one time for all, nobody's files."""

import gzip
import hashlib
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from deploy.bundle.platforms import Kind

SUMS = "SHA256SUMS"


def write_sums(folder: Path, paths: Iterator[Path]) -> None:
    """Write the list of hashes that ``sha256sum -c`` reads."""
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in sorted(paths)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def sha256_of(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_of(folder: Path) -> Iterator[Path]:
    """All files below a folder, in the order of their names."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def pack(folder: Path, target: Path, kind: Kind, made_at: datetime) -> None:
    """Write an archive with one folder in it; it bears its name only when it is whole. ``made_at`` is aware."""
    unfinished = target.with_name(f".{target.name}")
    (_pack_tar if kind is Kind.TAR_GZ else _pack_zip)(folder, unfinished, made_at)
    unfinished.replace(target)


def _pack_tar(folder: Path, target: Path, made_at: datetime) -> None:
    seconds = int(made_at.timestamp())
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=seconds) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in files_of(folder):
            member = tarfile.TarInfo(_name(path, folder))
            member.size, member.mtime, member.mode = path.stat().st_size, seconds, _mode(path)
            with path.open("rb") as stream:
                archive.addfile(member, stream)


def _pack_zip(folder: Path, target: Path, made_at: datetime) -> None:
    when = made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(target, "w") as archive:
        for path in files_of(folder):
            member = zipfile.ZipInfo(_name(path, folder), when)
            member.external_attr = (stat.S_IFREG | _mode(path)) << 16
            # Wheels are compressed already.
            member.compress_type = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
            archive.writestr(member, path.read_bytes())


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder.parent).as_posix()


def _mode(path: Path) -> int:
    return 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
