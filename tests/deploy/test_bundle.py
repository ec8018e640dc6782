"""What goes into an archive, for which platform, and that the same content gives the same bytes."""

import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.bundle import archives, contents, wheels
from deploy.bundle.__main__ import main
from deploy.bundle.platforms import PLATFORMS, PYTHONS, Kind, Platform
from tests.deploy.bundles import bundle
from tests.deploy.fetching import fetched

MADE_AT = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
LOCK = """# made by hand
both==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
waitress==3.0.2 ; sys_platform == 'win32' \\
    --hash=sha256:cc
gunicorn==27.0.1 ; sys_platform != 'win32' \\
    --hash=sha256:dd
older==1 ; python_full_version < '3.12' and platform_machine == 'x86_64' \\
    --hash=sha256:ee
"""
NEEDED = {
    ("linux-x86_64", "3.11"): ["both", "gunicorn", "older"],
    ("linux-x86_64", "3.13"): ["both", "gunicorn"],
    ("linux-aarch64", "3.11"): ["both", "gunicorn"],
    ("windows-x86_64", "3.13"): ["both", "waitress"],
}


@pytest.mark.parametrize(("name", "python"), NEEDED)
def test_markers_are_held_against_the_machine_that_the_archive_is_for(name: str, python: str) -> None:
    [platform] = [each for each in PLATFORMS if each.name == name]
    lines = list(wheels.needed(LOCK, platform.environment(python)))
    assert [line.partition("==")[0] for line in lines] == NEEDED[name, python]
    assert lines[0].split() == ["both==1.0", "--hash=sha256:aa", "--hash=sha256:bb"]


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_each_platform_has_a_web_server_for_every_python(platform: Platform) -> None:
    lock = (contents.ROOT / "requirements.lock").read_text()
    for python in PYTHONS:
        names = {line.partition("==")[0] for line in wheels.needed(lock, platform.environment(python))}
        assert names & {"gunicorn", "waitress"} == {"waitress" if platform.is_windows else "gunicorn"}


@pytest.mark.parametrize(
    ("option", "known"), [("--platform", "linux-x86_64 linux-aarch64 windows-x86_64"), ("--python", "3.11 3.13")]
)
def test_what_no_archive_is_made_for_is_answered_with_what_there_is(
    option: str, known: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "dist"
    monkeypatch.setattr(sys, "argv", ["bundle", option, known.split()[0], "solaris", "--into", str(into)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"没有 solaris，可选的有 / no solaris, there are: {known}\n"
    assert not into.exists()


@pytest.mark.parametrize("kind", Kind)
def test_the_same_content_gives_the_same_bytes_whatever_the_times_of_its_files(kind: Kind, tmp_path: Path) -> None:
    made = []
    for number, names in enumerate((("start.sh", "程序/wsgi.py"), ("程序/wsgi.py", "start.sh"))):
        folder = tmp_path / str(number) / "rectify"
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
            path.chmod(0o700 if name == "start.sh" else 0o600 + number * 0o44)
            os.utime(path, (number * 1000 + 315_532_800,) * 2)
        archives.pack(folder, target := tmp_path / f"{number}.{kind}", kind, MADE_AT)
        made.append(target.read_bytes())
    assert made[0] == made[1]
    shutil.unpack_archive(target, tmp_path / "out")
    assert (tmp_path / "out/rectify/程序/wsgi.py").read_text() == "程序/wsgi.py"


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_the_program_in_it_is_what_git_tracks_without_tests_and_with_what_was_built() -> None:
    names = {path.relative_to(contents.ROOT).as_posix() for path in contents.program()}
    assert {"wsgi.py", "tracker/cli/serve.py", "deploy/gunicorn.conf.py", "build/vega.js"} <= names
    assert "translations/en/LC_MESSAGES/messages.mo" in names
    assert [name for name in names if name.startswith(("tests/", "deploy/bundle/", ".", "demo/", "instance/"))] == []
    assert [name for name in names if name.endswith((".pyc", ".db", ".key"))] == []


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_the_archive_for_windows_holds_its_wheels_and_a_server_that_serves(tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle(tmp_path, "windows-x86_64")) as archive:
        archive.extractall(tmp_path / "out")
    [content] = (tmp_path / "out").iterdir()
    found = {path.name.partition("-")[0]: path for path in (content / "wheels").iterdir()}
    assert {"waitress", "tzdata"} <= set(found)
    assert "gunicorn" not in found
    assert all(path.name.endswith(("any.whl", "win_amd64.whl")) for path in found.values())
    assert {path.name for path in content.iterdir() if path.is_file()} >= {"install.bat", "start.bat", "check.py"}
    assert not list(content.glob("*.sh"))
    for name in ("install.bat", "start.bat", "VERSION"):
        assert b"\r\n" in (content / name).read_bytes()
        assert b"\n" not in (content / name).read_bytes().replace(b"\r\n", b"")
    assert subprocess.run([sys.executable, content / "check.py"]).returncode == 0
    # Here it runs out of its wheel, with the program of the archive.
    assert served(content / "program", found["waitress"], tmp_path).startswith("200 text/html")


def served(program: Path, wheel: Path, tmp_path: Path) -> str:
    """The first page as waitress serves it."""
    environment = {**os.environ, "PYTHONPATH": str(wheel), "TRACKER_DATA_DIR": str(tmp_path / "data")}
    environment.pop("TRACKER_DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=program, env=environment,
                   check=True, capture_output=True)  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "waitress", f"--listen={address}", "--threads=8", "wsgi:app"]
    server = subprocess.Popen(command, cwd=program, env=environment)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                return fetched(f"http://{address}/")
            except OSError:
                time.sleep(0.2)
        raise AssertionError("waitress does not serve")
    finally:
        server.terminate()
        server.wait(20)
