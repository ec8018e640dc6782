"""Pages of a PDF as pictures, drawn by a child process with limits: what others made is read at arm's length.

Browsers show no PDF inside a sandbox, and outside of one a PDF may run programs of its own.
"""

import os
import signal
import struct
import subprocess
import sys
import zlib
from pathlib import Path

SECONDS = 20
# Of the child: seconds of work, KiB of memory; a shell sets them, as in ``converting``.
LIMITS = 'ulimit -t 15 && ulimit -v 2097152 && ulimit -f 0 && exec "$@"'
WIDTH, LONGEST = 1200, 4000


def count_pages(path: Path) -> int:
    """How many pages there are; 0 when it cannot be read, is locked or takes too long."""
    told = _ask(path, 0)
    return int(told) if told is not None and told.isdigit() else 0


def draw_page(path: Path, page: int) -> bytes | None:
    """A page, counted from 1, as PNG; None when there is none or it cannot be drawn."""
    return _ask(path, page) or None


def _ask(path: Path, page: int) -> bytes | None:
    command = ["sh", "-c", LIMITS, "sh", sys.executable, "-I", __file__, str(path), str(page)]
    process = subprocess.Popen(
        command,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        told, _nothing = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return told if process.returncode == 0 else None


def main(path: str, page: int) -> None:
    """In the child: write the number of pages for page 0, else the page."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        if page == 0:
            sys.stdout.buffer.write(str(len(document)).encode())
            return
        drawn = document[page - 1]
        width, height = drawn.get_size()
        scale = min(WIDTH / max(width, 1), LONGEST / max(height, 1))
        bitmap = drawn.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        rows = memoryview(bitmap.buffer).cast("B")
        lines = [
            bytes(rows[at : at + bitmap.width * bitmap.n_channels])
            for at in range(0, bitmap.stride * bitmap.height, bitmap.stride)
        ]
        sys.stdout.buffer.write(_png(bitmap.width, bitmap.n_channels, lines))


def _png(width: int, channels: int, lines: list[bytes]) -> bytes:
    """Lines of dots, each of 1 (grey), 3 or 4 bytes, as PNG."""
    colour = {1: 0, 3: 2, 4: 6}[channels]
    head = struct.pack(">IIBBBBB", width, len(lines), 8, colour, 0, 0, 0)
    dots = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    chunks = ((b"IHDR", head), (b"IDAT", dots), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
