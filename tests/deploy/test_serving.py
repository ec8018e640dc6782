"""``make start``: web server and scheduler together, over a folder that is its owner's alone."""

import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest
from conftest import ROOT

from tests.jobs.trials import wait_until
from tests.outbox.sinks import free_port
from tracker.cli import serve


@contextmanager
def serving_pages(
    data: Path, port: int, host: str = "127.0.0.1", ends: int = 0, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """The program as ``make start`` runs it, once it serves; it has ended as it should before the block is left."""
    environment = os.environ | {"TRACKER_DATA_DIR": str(data)} | environment
    command = [sys.executable, "-m", "tracker.cli.serve", "--address", f"{host}:{port}"]
    # What a shell runs in the background would not hear Ctrl-C.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    serving = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, umask=0o022, preexec_fn=heard
    )
    try:
        assert serving.stdout
        assert any("http://" in line for line in serving.stdout)
        yield serving
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(60) == ends


def test_what_it_lays_down_may_be_read_by_nobody_else(tmp_path: Path) -> None:
    data = tmp_path / "instance"
    with serving_pages(data, free_port()):
        laid = [path for path in data.rglob("*") if path.is_file()]
        assert data / "tracker.db" in laid
        assert [path.name for path in laid if path.stat().st_mode & 0o077] == []


def test_it_opens_no_way_in_but_its_address(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with serving_pages(tmp_path / "data", free_port(), HOME=str(home), XDG_RUNTIME_DIR=str(home)) as serving:
        opened = [each.laddr for each in of_all(serving.pid) if each.laddr]
        assert opened
        assert all(isinstance(each, tuple) for each in opened), "sockets of the network alone"
    assert list(home.rglob("*gunicorn*")) == []


def of_all(pid: int) -> list[Any]:
    """The sockets of a process and of all that it started and is still there."""
    process, found = psutil.Process(pid), []
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            found += each.net_connections("all")
    return found


def server_of(serving: subprocess.Popen[str]) -> psutil.Process:
    """The web server that ``make start`` started."""
    found = []
    for each in psutil.Process(serving.pid).children():
        # What tells how to get in may just be ending.
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            found += [each] if "gunicorn" in " ".join(each.cmdline()) else []
    [server] = found
    return server


def counted(server: int, elsewhere: Path) -> list[Path]:
    """The folders in which workers of this server count: in memory where there is some, else among temporary files."""
    return [each for place in (Path("/dev/shm"), elsewhere) for each in place.glob(f"rectify-{server}-*")]


def test_what_its_workers_count_together_lies_in_a_folder_that_goes_with_them(tmp_path: Path) -> None:
    temporary, port = tmp_path / "tmp", free_port()
    temporary.mkdir()
    with serving_pages(tmp_path / "data", port, TMPDIR=str(temporary)) as serving:
        server = server_of(serving).pid
        with urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.status == 200
        [folder] = counted(server, temporary)
        assert list(folder.glob("histogram_*.db")), "it counts there"
    assert [*counted(server, temporary), *temporary.iterdir()] == []


def test_that_folder_goes_too_when_the_web_server_is_killed_and_its_workers_end_by_themselves(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with serving_pages(tmp_path / "data", free_port(), ends=1, TMPDIR=str(temporary)) as serving:
        server = server_of(serving)
        assert counted(server.pid, temporary)
        server.kill()
        wait_until(lambda: [*counted(server.pid, temporary), *temporary.iterdir()] == [], 30)
        serving.wait(60)


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="this machine keeps no files in memory")
def test_a_full_disk_of_temporary_files_kills_no_worker_and_pages_are_read(tmp_path: Path) -> None:
    temporary, port = tmp_path / "tmp", free_port()
    temporary.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(temporary)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("a disk of its own takes root")
    try:
        with serving_pages(tmp_path / "data", port, TMPDIR=str(temporary)) as serving:
            workers = server_of(serving).children()
            with (temporary / "filler").open("wb", buffering=0) as filler, suppress(OSError):
                while filler.write(bytes(4096)):
                    continue
            for path in ("/healthz", "/sign-in", "/readyz", "/", "/metrics") * 4:
                with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                    assert answer.status == 200
            assert [each for each in workers if not each.is_running()] == []
    finally:
        subprocess.run(["umount", "--lazy", str(temporary)], check=True)


@pytest.mark.parametrize(("memory", "room"), [("/dev/none", 0), ("/dev/shm", 1 << 60)])
def test_without_room_in_memory_workers_count_among_temporary_files(memory: str, room: int) -> None:
    settings = runpy.run_path(str(ROOT / "deploy/gunicorn.conf.py"))
    choose = settings["_folder_in_memory"]
    choose.__globals__.update(MEMORY=memory, ROOM_BYTES=room)
    assert choose() is None


def test_whoever_stops_it_impatiently_leaves_nothing_running(tmp_path: Path) -> None:
    port = free_port()
    with serving_pages(tmp_path, port) as serving:
        for _press in range(20):
            serving.send_signal(signal.SIGINT)
            try:
                serving.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        assert serving.wait(60) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_when_it_is_killed_nothing_that_it_started_holds_the_address(tmp_path: Path) -> None:
    port = free_port()
    with serving_pages(tmp_path, port, ends=-signal.SIGKILL) as serving:
        started = psutil.Process(serving.pid).children(recursive=True)
        assert len(started) >= 4, "web server, its two workers, scheduler"
        serving.kill()
        _gone, alive = psutil.wait_procs(started, timeout=30)
        for each in alive:
            each.kill()
        assert alive == []
        assert serve._taken(f"127.0.0.1:{port}") == ""


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["[::1]", "[::]"])
def test_it_serves_by_ipv6_as_well_and_refuses_an_address_that_is_taken(host: str, tmp_path: Path) -> None:
    port = free_port()
    with serving_pages(tmp_path, port, host):
        with urlopen(f"http://[::1]:{port}/") as answer:
            assert answer.status == 200
        assert "无法使用地址" in serve._taken(f"{host}:{port}")


def test_what_was_never_started_is_not_said_to_have_stopped(tmp_path: Path) -> None:
    environment = os.environ | {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_ZONE": "Nowhere"}
    command = [sys.executable, "-m", "tracker.cli.serve", "--address", f"127.0.0.1:{free_port()}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "没有启动" in done.stderr
