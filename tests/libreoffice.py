"""LibreOffice, as people would open and print a file with it."""

import shutil
import subprocess
from pathlib import Path

import pytest

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="LibreOffice is missing: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui",
)


def converted(source: Path, kind: str, folder: Path) -> Path:
    """A file as LibreOffice saves it as another kind, such as ``pdf`` or ``txt:Text``, in a folder."""
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=120)
    return folder / f"{source.stem}.{kind.partition(':')[0]}"
