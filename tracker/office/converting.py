"""Turning old office files (.doc, .wps, .xls, .et) into present ones, where LibreOffice is installed."""

import os
import shutil
import signal
import struct
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from olefile import OleFileIO

from tracker.office.unreadable import DOCX, XLSX, Wanted

PROGRAM = "soffice"
# Named, for otherwise the program takes what is broken for plain text.
FILTERS = {DOCX: "MS Word 97", XLSX: "MS Excel 97"}
SECONDS = 90
# Of the child: seconds of work, KiB of memory, blocks of 512 bytes that a file may have. A shell sets them, since a
# process with threads must not run code of its own between fork and exec.
LIMITS = 'ulimit -t 60 && ulimit -v 4194304 && ulimit -f 204800 && exec "$@"'


def convert(stream: BinaryIO, wanted: Wanted) -> BytesIO | None:
    """The file in the wanted form; None where LibreOffice is missing, gives up or takes too long.

    It works in a folder and with a profile of its own, both thrown away; macros do not run.
    """
    program = shutil.which(PROGRAM)
    if program is None or not _is_old_office(stream):
        return None
    with tempfile.TemporaryDirectory(prefix="convert-") as name:
        folder = Path(name)
        stream.seek(0)
        (folder / "in").write_bytes(stream.read())
        command = [
            program,
            f"-env:UserInstallation=file://{name}/profile",
            "--headless",
            "--norestore",
            "--nolockcheck",
        ]
        command += ["--convert-to", wanted.suffix.lstrip("."), "--outdir", name, str(folder / "in")]
        _run(["sh", "-c", LIMITS, "sh", *command], folder)
        made = folder / f"in{wanted.suffix}"
        return BytesIO(made.read_bytes()) if made.is_file() else None


def _is_old_office(stream: BinaryIO) -> bool:
    """Whether the file is what it seems: LibreOffice makes a document of anything."""
    stream.seek(0)
    try:
        with OleFileIO(stream.read()) as package:
            return any(package.exists(name) for name in ("WordDocument", "Workbook", "Book"))
    except (OSError, ValueError, IndexError, struct.error):
        return False


def _run(command: list[str], folder: Path) -> None:
    """Run to its end or for so long, with all that it has started."""
    environment = {"HOME": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
