"""A bundle of this machine's kind, unpacked and tried where no network is."""

import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.bundle import archives
from deploy.bundle.__main__ import make
from deploy.bundle.contents import version
from deploy.bundle.platforms import PLATFORMS, PYTHONS
from tests.deploy import fetching

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
HERE = f"linux-{platform.machine()}"
ASKED = "http://127.0.0.1:8000"


def needs_a_cage() -> None:
    """Skip where no network namespace can be made."""
    missing = [name for name in ("unshare", "nsenter", "ip", "git") if shutil.which(name) is None]
    if os.geteuid() != 0 or missing:
        pytest.skip(f"needs root and util-linux, iproute2, git; missing: {missing}")
    if PYTHON not in PYTHONS or HERE not in {each.name for each in PLATFORMS}:
        pytest.skip(f"no bundle is made for Python {PYTHON} on {HERE}")
    if subprocess.run(["unshare", "-n", "-m", "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a network namespace")


def bundle(folder: Path, name: str = HERE) -> Path:
    """Make the archive of a platform, for the Python of the tests alone."""
    [target] = [each for each in PLATFORMS if each.name == name]
    return make(target, [PYTHON], folder, version())


def unpacked(archive: Path, folder: Path) -> Path:
    """Unpack an archive as people do; the one folder that is in it."""
    folder.mkdir()
    subprocess.run(["tar", "xzf", archive, "-C", folder], check=True)
    [content] = folder.iterdir()
    return content


def another(content: Path, folder: Path, version: str, **changed: str) -> Path:
    """The same content as another version with some files changed, its list of hashes written anew."""
    copy = folder / version
    subprocess.run(["cp", "-al", content, copy], check=True)
    told = (copy / "VERSION").read_text().split("\n")
    for name, text in {"VERSION": "\n".join([version, *told[1:]]), **changed}.items():
        # The other content has the same file under its name.
        (copy / name).unlink(missing_ok=True)
        (copy / name).write_text(text)
    (copy / archives.SUMS).unlink()
    archives.write_sums(copy, archives.files_of(copy))
    return copy


@dataclass(frozen=True)
class Cage:
    """Namespaces of its own for the network, with nothing but itself in it, and for what is mounted."""

    pid: int

    def run(self, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """What a command in there said, and how it ended."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "TRACKER_"))}
        return subprocess.run(
            [shutil.which("nsenter") or "nsenter", "-t", str(self.pid), "-n", "-m", "--", *map(str, command)],
            env={**inherited, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
        )

    def fetch(self, address: str) -> str:
        """The page at an address, asked for by a program of this machine: first line status and type."""
        done = Cage.run(self, sys.executable, fetching.__file__, address)
        assert done.returncode == 0, done.stdout
        return done.stdout


@contextmanager
def cage(furnish: str = "true") -> Iterator[Cage]:
    """Make the namespaces and do in there what a line of shell says; gone afterwards with all that runs in there."""
    script = f"set -e; ip link set lo up; {furnish}; echo up; exec sleep 3600"
    holder = subprocess.Popen(["unshare", "-n", "-m", "sh", "-c", script], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"up\n"
    try:
        yield Cage(holder.pid)
    finally:
        for pid in _beside(holder.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        holder.wait()


def _beside(holder: int) -> list[int]:
    """The processes that share a network namespace, the holder included."""
    own, found = os.readlink(f"/proc/{holder}/ns/net"), []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.readlink(process / "ns/net") == own:
                found.append(int(process.name))
    return found


def processes_of(folder: Path) -> dict[int, Path]:
    """Where each process works that runs out of a folder."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().decode()
            where = Path(os.readlink(process / "cwd"))
        except OSError:
            continue
        if line and (str(folder) in line or where.is_relative_to(folder)):
            found[int(process.name)] = where
    return found
