"""Bring the database up to date, start the web server and the scheduler, stop both.

What ``make run``, ``make start`` and the start script of the offline bundle run.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from tracker.core.environment import ADDRESS, Environment, WrongSettings
from tracker.core.parents import ending_with_parent
from tracker.office.drawing import has_chinese_font, no_font

ROOT = Path(__file__).parents[2]
# A little more than gunicorn gives to what is running (deploy/gunicorn.conf.py).
STOP_SECONDS = 35


def main() -> int:
    """Serve until Ctrl-C; the exit code is 0 then, 1 when a part could not start or died."""
    arguments = _arguments()
    # The ledger is for nobody else who has an account on this machine.
    os.umask(0o077)
    environment = _environment(arguments.address, is_demo=arguments.demo)
    if taken := _taken(arguments.address):
        print(taken, file=sys.stderr)
        return 1
    children: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for command in (("db", "upgrade"), *((("demo", "load"),) if arguments.demo else ())):
            if code := subprocess.call([*_flask(), *command], cwd=ROOT, env=environment, stdout=sys.stderr):
                print(
                    f"没有完成，没有启动 / failed, nothing was started: {' '.join(command)} ({code})", file=sys.stderr
                )
                return 1
        for command in (_web(arguments.address), [*_flask(), "scheduler"]):
            children.append(_started(command, environment))
        if _is_reached(arguments.address, children):
            _greet(arguments, environment)
        return _wait(children)
    except KeyboardInterrupt:
        return 0
    finally:
        # Who presses again must not cut this off: what is left running would hold the address.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _stop(children)
        _forget(arguments.pid_file)
        if children:
            print("已停止 / stopped")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="整改台账 / Rectify")
    parser.add_argument("--demo", action="store_true", help="a made-up office in the folder demo/")
    parser.add_argument(
        "--address",
        default=os.environ.get("TRACKER_ADDRESS", "127.0.0.1:8000"),
        help="HOST:PORT, e.g. 0.0.0.0:8000 for the whole intranet",
    )
    parser.add_argument("--pid-file", type=Path, help="there while pages are served, with the number of this process")
    return parser.parse_args()


def _environment(address: str, *, is_demo: bool) -> dict[str, str]:
    environment = {**os.environ, "TRACKER_ADDRESS": address}
    environment.setdefault("TRACKER_DATA_DIR", str(ROOT / ("demo" if is_demo else "instance")))
    if sys.stderr.isatty():
        # A line for each request is for the log of a server, not for whoever looks on.
        environment.setdefault("TRACKER_LOG_LEVEL", "WARNING")
    if is_demo:
        environment["TRACKER_DEMO"] = "1"
    return environment


def _flask() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi"]


def _web(address: str, platform: str = sys.platform) -> list[str]:
    """The command that serves pages; gunicorn does not run on Windows."""
    if platform == "win32":
        return [sys.executable, "-m", "waitress", f"--listen={address}", "--threads=8", "wsgi:app"]
    return [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A part that stops by itself when this process is killed: it would hold the address, and nobody could tell it."""
    how = ending_with_parent(signal.SIGTERM)
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, preexec_fn=how)


def _taken(address: str) -> str:
    """What to tell when nothing can listen there; empty when the address is free."""
    told = Environment({"TRACKER_ADDRESS": address})
    where = told.get("TRACKER_ADDRESS", ADDRESS)
    try:
        told.close()
    except WrongSettings as error:
        return str(error)
    host, port = where
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host or "127.0.0.1", port))
        except OSError as error:
            return f"无法使用地址 {address}：{error.strerror}。可换一个端口，例如 127.0.0.1:8080"
    return ""


def _about(environment: dict[str, str], *, is_demo: bool) -> str:
    """How to get in: the people of the demo, or the set-up code of an empty system."""
    command = ("demo", "people") if is_demo else ("setup-code",)
    return subprocess.run(
        [*_flask(), *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout


def _greet(arguments: argparse.Namespace, environment: dict[str, str]) -> None:
    """Tell how to get in: on the console, or in the background by the file that is waited for."""
    if arguments.pid_file:
        arguments.pid_file.write_text(f"{os.getpid()}\n")
    else:
        about = _about(environment, is_demo=arguments.demo)
        print(f"\n整改台账 / Rectify: http://{arguments.address}/    Ctrl-C 停止 / stops\n{about}", flush=True)
    if not has_chinese_font():
        print(no_font(), file=sys.stderr)


def _is_reached(address: str, children: list[subprocess.Popen[bytes]], seconds: float = 30) -> bool:
    """Wait until pages are served; False as soon as a part has died."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    reachable = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    deadline = time.monotonic() + seconds
    while all(child.poll() is None for child in children):
        try:
            socket.create_connection((reachable, int(port)), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                return True
            time.sleep(0.2)
        else:
            return True
    return False


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    for child in children:
        if child.returncode is not None:
            ended = f"{' '.join(map(str, child.args))} ({child.returncode})"  # type: ignore[arg-type]
            print(f"一个进程意外结束，请查看上面的信息 / a part has died, see above: {ended}", file=sys.stderr)
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


def _forget(pid_file: Path | None) -> None:
    """Take the file away that tells of this process, and of no other."""
    if pid_file and pid_file.is_file() and pid_file.read_text().strip() == str(os.getpid()):
        pid_file.unlink()


if __name__ == "__main__":
    sys.exit(main())
