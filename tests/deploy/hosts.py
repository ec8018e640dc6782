"""Hosts of our own: network namespaces on one switch, without a route to anywhere else."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

NETWORK = "10.77.0."


class Host:
    """One machine of the network, with processes that can be killed and a link that can be cut."""

    def __init__(self, prefix: str, name: str, number: int) -> None:
        self.namespace, self.address = f"{prefix}-{name}", f"{NETWORK}{number}"
        self.link = f"l{number}"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, log: Path, user: str | None = None, **environment: str) -> subprocess.Popen[bytes]:
        """Start something on it; it is the leader of a group of its own."""
        with log.open("ab") as stream:
            process = subprocess.Popen(
                self._inside(command, user),
                env={**os.environ, **environment},
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def run(self, *command: str, user: str | None = None, **environment: str) -> str:
        """Run something on it to its end; what it printed. Raises AssertionError when it fails."""
        done = subprocess.run(
            self._inside(command, user),
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def _inside(self, command: tuple[str, ...], user: str | None) -> list[str]:
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        return ["ip", "netns", "exec", self.namespace, *as_user, *command]

    def kill(self) -> None:
        """As a power cut: everything on it ends at once."""
        kill_all(self.processes)
        self.processes.clear()

    def cut(self) -> None:
        """Pull its cable; nobody is told."""
        _ip("-n", self.namespace, "link", "set", "eth0", "down")

    def mend(self) -> None:
        """Put its cable back."""
        _ip("-n", self.namespace, "link", "set", "eth0", "up")


def kill_all(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """End processes and all that they started at one blow: no one of them sees another go."""
    everything: list[psutil.Process] = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            # Who stands still starts nothing more; servers of PostgreSQL are in no group of their parent's.
            parent.suspend()
            everything += [parent, *parent.children(recursive=True)]
    for each in everything:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    _gone, alive = psutil.wait_procs(everything, timeout=30)
    assert not alive


@contextmanager
def network(numbers: Mapping[str, int]) -> Iterator[dict[str, Host]]:
    """Hosts on one switch, by name the last part of their address; gone with all their processes afterwards."""
    prefix = f"rectify{os.getpid()}"
    switch = f"{prefix}-switch"
    if subprocess.run(["ip", "netns", "add", switch], capture_output=True, check=False).returncode:
        pytest.skip("network namespaces take root and the command ip")
    hosts = {name: Host(prefix, name, number) for name, number in numbers.items()}
    made = [switch]
    try:
        _ip("-n", switch, "link", "add", "br0", "type", "bridge")
        _ip("-n", switch, "link", "set", "br0", "up")
        for host in hosts.values():
            _ip("netns", "add", host.namespace)
            made.append(host.namespace)
            _plug_in(host, switch)
        yield hosts
    finally:
        for host in hosts.values():
            host.kill()
        for namespace in reversed(made):
            _ip("netns", "del", namespace)


def _plug_in(host: Host, switch: str) -> None:
    peer = ("peer", "name", host.link, "netns", switch)
    _ip("-n", host.namespace, "link", "add", "eth0", "type", "veth", *peer)
    _ip("-n", switch, "link", "set", host.link, "master", "br0", "up")
    _ip("-n", host.namespace, "addr", "add", f"{host.address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        _ip("-n", host.namespace, "link", "set", device, "up")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=30)


def wait_for(holds: Callable[[], bool], what: str, seconds: float = 60) -> float:
    """Wait for something; how long it took. Raises AssertionError when it never comes."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began
