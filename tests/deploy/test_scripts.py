"""The scripts of an installation tell in words what keeps them from doing anything."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from deploy.bundle.archives import files_of, write_sums
from deploy.bundle.contents import FILES
from tests.deploy.bundles import HERE, PYTHON

SCRIPTS = ("start.sh", "stop.sh", "backup.sh", "rectify")


@pytest.fixture
def archive() -> Iterator[Path]:
    """An unpacked archive without the program, in a folder that every account of the machine may enter."""
    with tempfile.TemporaryDirectory(prefix="scripts") as name:
        folder = Path(name, "rectify-1.0-linux")
        shutil.copytree(FILES, folder)
        (folder / "VERSION").write_text(f"1.0\n{HERE}\n{PYTHON}\n")
        folder.parent.chmod(0o755)
        yield folder


@pytest.fixture
def home(archive: Path) -> Path:
    """An installation of the one who runs the tests, whose program says as whom it runs."""
    folder = archive.parent / "rectify"
    release = folder / "releases/1.0"
    shutil.copytree(archive, release)
    (release / ".venv/bin").mkdir(parents=True)
    (release / ".venv/bin/python").write_text("#!/bin/sh\nid -un\n")
    (release / ".venv/bin/python").chmod(0o755)
    (folder / "current").symlink_to("releases/1.0")
    for name in ("settings.sh", *SCRIPTS):
        (folder / name).symlink_to(f"current/{name}")
    for name in ("data", "backups", "run", "logs"):
        (folder / name).mkdir(0o700)
    (folder / "rectify.env").write_text("TRACKER_ADDRESS='127.0.0.1:8000'\n")
    (folder / "rectify.env").chmod(0o600)
    return folder


def run(script: Path, *arguments: str | Path, user: str | None = None) -> subprocess.CompletedProcess[str]:
    """What a script said, and how it ended."""
    return subprocess.run(
        ["sh", script, *arguments], cwd=script.parent, user=user, capture_output=True, text=True, timeout=60
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="another account takes root")
@pytest.mark.parametrize("script", SCRIPTS)
def test_another_account_is_told_whose_the_installation_is(home: Path, script: str) -> None:
    done = run(home / script, user="nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert "属于账号 root" in done.stderr
    assert done.stderr.count("\n") == 1, "no word of what else failed"


@pytest.mark.skipif(os.geteuid() != 0, reason="another account takes root")
@pytest.mark.parametrize("user", ["nobody", None])
def test_the_owner_of_the_data_and_root_may_run_it_also_where_the_data_lie_elsewhere(
    home: Path, user: str | None
) -> None:
    (home / "data").rename(home.parent / "disk")
    (home / "data").symlink_to(home.parent / "disk")
    for path in (home.parent / "disk", home / "backups", home / "rectify.env"):
        shutil.chown(path, "nobody")
    done = run(home / "backup.sh", user=user)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nobody\n备份已写入")


@pytest.mark.skipif(os.geteuid() != 0, reason="another account takes root")
def test_what_root_tried_to_start_its_owner_may_start(home: Path) -> None:
    subprocess.run(["chown", "-R", "nobody", home], check=True)
    for user in (None, "nobody"):
        done = run(home / "start.sh", user=user)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("nobody\n没有启动成功"), done.stderr
    assert (home / "logs/rectify.log").read_text() == "nobody\n" * 2


@pytest.mark.skipif(os.geteuid() != 0, reason="another account takes root")
def test_what_root_lays_down_in_an_installation_is_its_owner_s(
    home: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "run").rmdir()
    subprocess.run(["chown", "-R", "nobody", home], check=True)
    for name in ("program/tracker/__init__.py", "program/wsgi.py", "program/requirements.lock", "guide.docx"):
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).touch()
    (archive / "VERSION").write_text(f"2.0\n{HERE}\n{PYTHON}\n")
    write_sums(archive, files_of(archive))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    done = run(archive / "install.sh", home)
    # The program is an empty one, but all was laid down by then.
    assert (done.returncode, "没有改动，原版本不受影响" in done.stderr) == (1, True), done.stderr
    assert {"run", "logs/upgrade.log", f"releases/2.0-py{PYTHON}/VERSION"} <= {
        str(path.relative_to(home)) for path in home.rglob("*")
    }
    assert [path for path in home.rglob("*") if path.lstat().st_uid != home.stat().st_uid] == []


@pytest.mark.parametrize("script", ["start.sh", "backup.sh", "rectify"])
def test_a_relative_data_folder_which_would_lie_in_the_version_that_runs_is_refused(home: Path, script: str) -> None:
    with (home / "rectify.env").open("a") as settings:
        settings.write("TRACKER_DATA_DIR='data'\n")
    done = run(home / script)
    assert (done.returncode, done.stdout) == (1, "")
    assert "TRACKER_DATA_DIR=data: 应写完整路径" in done.stderr


@pytest.mark.parametrize("script", ["start.sh", "backup.sh", "rectify"])
def test_a_data_folder_that_is_gone_is_told_by_its_name(home: Path, script: str) -> None:
    (home / "data").rmdir()
    done = run(home / script)
    assert (done.returncode, done.stdout) == (1, "")
    assert "数据文件夹不在了" in done.stderr
    assert f"{home}/data\n" in done.stderr
    assert done.stderr.count("\n") == 1, "no word of what else failed"


def test_what_serves_can_be_stopped_also_when_its_data_folder_is_gone(home: Path) -> None:
    (home / "data").rmdir()
    with subprocess.Popen(
        ["sh", "-c", f"read line # --pid-file {home}/run/rectify.pid"], stdin=subprocess.PIPE
    ) as serving:
        (home / "run/rectify.pid").write_text(f"{serving.pid}\n")
        Thread(target=serving.wait).start()
        done = run(home / "stop.sh")
    assert (done.returncode, done.stdout) == (0, "已停止 / stopped\n")
    assert serving.returncode == -signal.SIGTERM


@pytest.mark.parametrize("script", ["install.sh", "start.sh", "stop.sh", "backup.sh"])
def test_help_tells_the_usage_and_does_nothing(archive: Path, script: str) -> None:
    for word in ("--help", "-h"):
        done = run(archive / script, word)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"用法 / usage: ./{script}")


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        ("install.sh", ["--nothing"]),
        ("install.sh", ["one", "two"]),
        ("start.sh", ["now"]),
        ("stop.sh", ["--now"]),
        ("backup.sh", ["--now"]),
        ("backup.sh", ["one", "two"]),
    ],
)
def test_what_a_script_does_not_understand_is_answered_with_the_usage(
    archive: Path, script: str, arguments: list[str]
) -> None:
    done = run(archive / script, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"用法 / usage: ./{script}")


@pytest.mark.parametrize("name", ["rectify.env", "nowhere"])
def test_a_backup_goes_into_a_folder_and_not_into_a_file(home: Path, name: str) -> None:
    done = run(home / "backup.sh", home / name)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"不是可以进入的文件夹 / no folder that can be entered: {home / name}\n" in done.stderr
    assert done.stderr.endswith("用法 / usage: ./backup.sh [文件夹 / FOLDER]\n")


@pytest.mark.parametrize("name", [".", "here"])
def test_nothing_is_installed_into_the_folder_of_the_archive(archive: Path, name: str) -> None:
    done = run(archive / "install.sh", "--no-service", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert "不能安装到安装包解压出的文件夹里" in done.stderr
    assert not list(archive.rglob("releases"))
