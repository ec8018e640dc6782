"""``make run`` and ``make start``: bring the database up to date, start the web server and the scheduler, stop both."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from tracker.office.drawing import has_chinese_font, no_font

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 15


def main() -> int:
    """Serve until Ctrl-C; the exit code is 0 then, 1 when a part could not start or died."""
    arguments = _arguments()
    environment = _environment(is_demo=arguments.demo)
    if taken := _taken(arguments.address):
        print(taken, file=sys.stderr)
        return 1
    for command in (("db", "upgrade"), *((("demo", "load"),) if arguments.demo else ())):
        if code := subprocess.call([*_flask(), *command], cwd=ROOT, env=environment, stdout=sys.stderr):
            return code
    about = subprocess.run(
        [*_flask(), *_about(arguments.demo)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        for command in (_web(arguments.address), [*_flask(), "scheduler"])
    ]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _greet(arguments.address, about.stdout)
        return _wait(children)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)
        print("已停止 / stopped")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="整改台账 / Rectify")
    parser.add_argument("--demo", action="store_true", help="a made-up office in the folder demo/")
    parser.add_argument(
        "--address", default="127.0.0.1:8000", help="HOST:PORT, e.g. 0.0.0.0:8000 for the whole intranet"
    )
    return parser.parse_args()


def _environment(*, is_demo: bool) -> dict[str, str]:
    environment = dict(os.environ)
    environment.setdefault("TRACKER_DATA_DIR", str(ROOT / ("demo" if is_demo else "instance")))
    if sys.stderr.isatty():
        # A line for each request is for the log of a server, not for whoever looks on.
        environment.setdefault("TRACKER_LOG_LEVEL", "WARNING")
    if is_demo:
        environment["TRACKER_DEMO"] = "1"
    return environment


def _flask() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi"]


def _web(address: str) -> list[str]:
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", address, "--workers", "2", "--threads", "4"]
    return [*gunicorn, "--timeout", "120", "--log-level", "warning", "wsgi:app"]


def _taken(address: str) -> str:
    """What to tell when something else already listens there; empty when the address is free."""
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        return f"地址应写成 主机:端口 / the address must be HOST:PORT, not {address}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host or "127.0.0.1", int(port)))
        except OSError as error:
            return f"无法使用地址 {address}：{error.strerror}。可换一个：make run ADDRESS=127.0.0.1:8080"
    return ""


def _about(is_demo: bool) -> tuple[str, ...]:
    """The command that tells how to get in."""
    return ("demo", "people") if is_demo else ("setup-code",)


def _greet(address: str, about: str) -> None:
    _wait_for(address)
    print(f"\n整改台账 / Rectify: http://{address}/    Ctrl-C 停止 / stops\n{about}", flush=True)
    if not has_chinese_font():
        print(no_font(), file=sys.stderr)


def _wait_for(address: str, seconds: float = 30) -> None:
    host, _, port = address.rpartition(":")
    reachable = "127.0.0.1" if host in {"", "0.0.0.0"} else host
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((reachable, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    print("一个进程意外结束，请查看上面的信息 / a part has died, see above", file=sys.stderr)
    return 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
