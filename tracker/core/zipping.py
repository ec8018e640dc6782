"""One ZIP written while it is sent: never whole in memory or on disk, names in UTF-8 and marked so."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

CHUNK_BYTES = 1 << 20
# What some system takes for a path, a wildcard or nothing at all.
FORBIDDEN = {ord(char): "_" for char in '<>:"/\\|?*'} | dict.fromkeys(range(32), None)
PART_LIMIT = 120

Member = tuple[str, Path | bytes]


class Joined:
    """Parts that come one after the other, read as one stream."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._rest = iter(parts), b""

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        while len(self._rest) < size:
            part = next(self._parts, None)
            if part is None:
                break
            self._rest += part
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def part_of_path(text: str) -> str:
    """A text as the name of a file or folder on any system, its ending kept when it is cut."""
    name = text.translate(FORBIDDEN).strip(" .") or "_"
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: PART_LIMIT - len(ending) - 1].rstrip(' .')}.{ending}"
    return name[:PART_LIMIT].rstrip(" .")


class _Sink(RawIOBase):
    """Where ZipFile writes: it holds what was not yet sent."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object) -> int:
        """Keep a copy."""
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def take(self) -> bytes:
        """What came since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def zipped(members: Iterable[Member], *, made_at: datetime) -> Iterator[bytes]:
    """The parts of a ZIP with these members, each a name with slashes and its bytes or where they lie.

    Nothing is packed smaller: pictures and office files are packed already. ``made_at`` is local.
    """
    sink = _Sink()
    stamp = made_at.timetuple()[:6]
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for name, source in members:
            info = ZipInfo(name, stamp)
            info.external_attr = 0o644 << 16
            if isinstance(source, bytes):
                archive.writestr(info, source)
            else:
                with source.open("rb") as stream, archive.open(info, "w", force_zip64=True) as member:
                    while chunk := stream.read(CHUNK_BYTES):
                        member.write(chunk)
                        yield sink.take()
            yield sink.take()
    yield sink.take()
