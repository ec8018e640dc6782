"""A machine of its own with systemd as its first process: this machine's files, which it changes for itself alone."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.deploy.bundles import Cage

SYSTEMD = Path("/lib/systemd/systemd")
# Where the folder that the machine is given lies in it.
GIVEN = Path("/srv/given")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# As whoever boots a container does: a group of processes of its own, then namespaces, then file systems, then systemd.
GROUP = """
set -e
mount -t cgroup2 none /mnt
mkdir -p /mnt/$NAME
echo $$ >/mnt/$NAME/cgroup.procs
umount /mnt
exec unshare --fork --kill-child --pid --ipc --uts --net --cgroup sh -c "$BOOT"
"""
BOOT = """
set -e
ip link set lo up
mount -t tmpfs none /mnt
mkdir /mnt/up /mnt/work /mnt/root
mount -t overlay none -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work /mnt/root
cd /mnt/root
mount -t proc none proc
mount -t sysfs -o ro none sys
mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs none dev
for name in null zero full random urandom tty; do touch dev/$name; mount --bind /dev/$name dev/$name; done
ln -s /proc/self/fd dev/fd
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 none dev/pts
ln -s pts/ptmx dev/ptmx
for name in dev/shm run srv; do mount -t tmpfs none $name; done
mkdir srv/given
mount --bind "$GIVE" srv/given
# Of the machine below only its programs and accounts are wanted, and its temporary files are left alone.
rm -rf etc/systemd/system/*.wants
ln -sf /dev/null etc/systemd/system/systemd-tmpfiles-setup.service
exec chroot . env -i container=other PATH=$SYSTEM_PATH LANG=C.UTF-8 $SYSTEMD --system --unit=basic.target
"""
FORGET = 'mount -t cgroup2 none /mnt && find "/mnt/$NAME" -depth -type d -exec rmdir {} +'


class Machine(Cage):
    """What was booted; ``pid`` is its first process."""

    def run(self, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """What a command in there said, and how it ended."""
        return subprocess.run(
            [
                *(shutil.which("nsenter") or "nsenter", "-t", str(self.pid), "-p", "-m", "-i", "-u", "-n", "-C", "-r"),
                *("-w", "--", "env", "-i", f"PATH={SYSTEM_PATH}", "HOME=/root"),
                *(f"{name}={value}" for name, value in environment.items()),
                *map(str, command),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
        )


def needs_systemd() -> None:
    """Skip where no such machine can be booted."""
    missing = [name for name in ("unshare", "nsenter", "ip", "chroot") if shutil.which(name) is None]
    if os.geteuid() != 0 or missing or not SYSTEMD.exists():
        pytest.skip(f"needs root, systemd, util-linux and iproute2; missing: {missing}")


@contextmanager
def booted(given: Path) -> Iterator[Machine]:
    """Boot it with a folder of ours at GIVEN; at the end it is switched off at once and forgotten."""
    name = f"rectify-{os.getpid()}"
    told = {"NAME": name, "BOOT": BOOT, "GIVE": str(given), "SYSTEM_PATH": SYSTEM_PATH, "SYSTEMD": str(SYSTEMD)}
    quiet = subprocess.DEVNULL
    holder = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", GROUP], env=os.environ | told, stdin=quiet, stdout=quiet
    )
    try:
        machine = Machine(_first_process(holder))
        state = machine.run("systemctl", "is-system-running", "--wait").stdout.strip()
        assert state == "running", machine.run("systemctl", "--failed", "--no-legend").stdout
        yield machine
    finally:
        if holder.poll() is None:
            for each in psutil.Process(holder.pid).children():
                each.kill()
            holder.wait()
        subprocess.run(["unshare", "--mount", "sh", "-c", FORGET], env=os.environ | told, check=True)


def _first_process(holder: subprocess.Popen[bytes]) -> int:
    """The process that systemd is, once it is; raises AssertionError when it never comes to that."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert holder.poll() is None, "no machine could be booted, see above"
        for child in psutil.Process(holder.pid).children():
            if child.name() == "systemd" and Path(f"/proc/{child.pid}/root/run/systemd/private").exists():
                return child.pid
        time.sleep(0.1)
    raise AssertionError("no machine could be booted, see above")
