"""The offline bundle is installed, started, upgraded and stopped on a machine without any network."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.booted import GIVEN, booted, needs_systemd
from tests.deploy.bundles import ASKED, Cage, another, bundle, cage, needs_a_cage, processes_of, unpacked
from tests.jobs.trials import wait_until

BROKEN_MIGRATION = '''"""Goes wrong on purpose."""

revision, down_revision, branch_labels, depends_on = "broken", "{head}", None, None


def upgrade() -> None:
    raise RuntimeError("no room on the disk")
'''
NEWER_MIGRATION = '''"""Something that only the newer version knows."""

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    pass
'''


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of this platform, made and unpacked once."""
    needs_a_cage()
    folder = tmp_path_factory.mktemp("bundle")
    return unpacked(bundle(folder), folder / "unpacked")


@pytest.fixture(scope="module")
def alone() -> Iterator[Cage]:
    """Where no other machine can be reached."""
    needs_a_cage()
    with cage() as made:
        yield made


@pytest.fixture(scope="module")
def office(content: Path, alone: Cage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation in a folder whose name has a blank and Chinese letters."""
    home = tmp_path_factory.mktemp("office") / "整改 台账"
    done = alone.run(content / "install.sh", "--no-service", home)
    assert done.returncode == 0, done.stdout
    assert "start.sh" in done.stdout
    yield home
    alone.run(home / "stop.sh")


@pytest.fixture
def running(office: Path, alone: Cage) -> Path:
    """The same, started."""
    if not (office / "run/rectify.pid").exists():
        done = alone.run(office / "start.sh")
        assert done.returncode == 0, done.stdout
    return office


def placed(version: str, home: Path) -> Path:
    """The program of another version as a first attempt has placed it already, which takes long."""
    old = (home / "current").resolve()
    release = home / f"releases/{version}-{old.name.rpartition('-')[2]}"
    subprocess.run(["cp", "-al", old, release], check=True)
    rewrite(release / "VERSION", "\n".join([version, *(old / "VERSION").read_text().split("\n")[1:]]))
    return release


def rewrite(path: Path, text: str) -> None:
    """Write a file anew that has the same bytes as another under another name."""
    path.unlink()
    path.write_text(text)


def test_pages_and_assets_are_served_where_no_route_leads_anywhere(running: Path, alone: Cage) -> None:
    assert alone.run("ip", "route").stdout == ""
    page = alone.fetch(f"{ASKED}/")
    assert page.startswith("200 text/html")
    assert "初始化码" in page
    assets = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg)[^"]*)"', page)
    assert len(assets) >= 4
    for address in (*assets, "/assets/vega.js"):
        assert alone.fetch(ASKED + address).startswith("200 ")


def test_start_tells_address_and_code_and_a_second_one_leaves_it_running(running: Path, alone: Cage) -> None:
    before = (running / "run/rectify.pid").read_text()
    done = alone.run(running / "start.sh")
    assert "已在运行" in done.stdout
    assert (running / "data/setup.code").read_text().strip() in done.stdout
    assert (running / "run/rectify.pid").read_text() == before
    assert (running / "data/setup.code").read_text().strip() not in (running / "logs/rectify.log").read_text()


def test_of_two_starts_at_once_one_waits_and_finds_the_other_running(running: Path, alone: Cage) -> None:
    alone.run(running / "stop.sh")
    done = alone.run("sh", "-c", f"'{running}/start.sh' & sleep 0.4; '{running}/start.sh'; wait")
    assert done.stdout.count("已在运行") == 1, done.stdout
    # The file tells of the one that serves: stop.sh finds it.
    assert "已停止" in alone.run(running / "stop.sh").stdout
    assert processes_of(running) == {}


def test_a_number_left_by_a_power_cut_that_another_installation_has_now_is_nobody_s(
    running: Path, alone: Cage, tmp_path: Path
) -> None:
    pid_file = running / "run/rectify.pid"
    pid = pid_file.read_text()
    other = f"import time; time.sleep(60)  # tracker.cli.serve --pid-file {tmp_path}/run/rectify.pid"
    with subprocess.Popen([sys.executable, "-c", other]) as foreign:
        pid_file.write_text(f"{foreign.pid}\n")
        try:
            assert "没有在运行" in alone.run(running / "stop.sh").stdout
            assert foreign.poll() is None
        finally:
            pid_file.write_text(pid)
            foreign.kill()


def test_what_is_private_is_readable_by_its_owner_alone(running: Path) -> None:
    private = [running / name for name in ("data", "backups", "logs", "run", "rectify.env", "data/tracker.db")]
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []


def test_a_backup_is_made_while_people_work(running: Path, alone: Cage) -> None:
    done = alone.run(running / "backup.sh")
    assert done.returncode == 0, done.stdout
    # That of the day may lie beside it.
    assert any(str(path) in done.stdout for path in (running / "backups").glob("2*.rectify-backup"))


def test_a_command_finds_files_from_where_one_stands(running: Path, alone: Cage, tmp_path: Path) -> None:
    done = alone.run("sh", "-c", f"cd {tmp_path} && '{running}/rectify' backup here.backup")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "here.backup").exists()


def test_help_and_refusals_name_the_command_that_is_there(running: Path, alone: Cage) -> None:
    assert "./rectify users [OPTIONS]" in alone.run(running / "rectify", "users", "--help").stdout
    offered = re.findall(r"^  (\w[\w-]+) ", alone.run(running / "rectify", "--help").stdout, re.MULTILINE)
    assert {"backup", "db", "jobs"} <= {*offered}
    assert not {"run", "shell", "routes"} & {*offered}
    assert "./rectify users add --help" in alone.run(running / "rectify", "users", "add").stdout


def test_a_start_on_an_address_that_is_taken_says_so(running: Path, alone: Cage) -> None:
    environment = running / "rectify.env"
    told = environment.read_text()
    pid_file = running / "run/rectify.pid"
    pid = pid_file.read_text()
    pid_file.unlink()
    try:
        done = alone.run(running / "start.sh")
    finally:
        pid_file.write_text(pid)
    assert done.returncode == 1
    assert "无法使用地址 0.0.0.0:8000" in done.stdout
    assert environment.read_text() == told


def test_an_upgrade_keeps_data_and_settings_saves_before_and_serves_again(
    running: Path, alone: Cage, content: Path, tmp_path: Path
) -> None:
    key = (running / "data/secret.key").read_text()
    with (running / "rectify.env").open("a") as settings:
        settings.write("TRACKER_ZONE='Asia/Urumqi'\n")
    alone.run(running / "rectify", "users", "add", "王敏")
    old = (running / "current").resolve()
    placed("9.0.0", running)
    done = alone.run(another(content, tmp_path, "9.0.0") / "install.sh", "--no-service", running)
    assert done.returncode == 0, done.stdout
    assert (running / "current").resolve().name.startswith("9.0.0")
    assert old.is_dir()
    assert list((running / "backups").glob("before-9.0.0-*.backup"))
    assert (running / "data/secret.key").read_text() == key
    assert "TRACKER_ZONE='Asia/Urumqi'" in (running / "rectify.env").read_text()
    assert alone.fetch(f"{ASKED}/").startswith("200 ")
    assert set(processes_of(running).values()) == {(running / "current").resolve()}


def test_an_upgrade_that_fails_leaves_the_old_version_serving(
    running: Path, alone: Cage, content: Path, tmp_path: Path
) -> None:
    old, pid = (running / "current").resolve(), (running / "run/rectify.pid").read_text()
    heads = alone.run(running / "rectify", "db", "heads").stdout.split()
    release = placed("9.9.9", running)
    (release / "migrations/versions/broken.py").write_text(BROKEN_MIGRATION.format(head=heads[0]))
    done = alone.run(another(content, tmp_path, "9.9.9") / "install.sh", "--no-service", running)
    assert done.returncode == 1
    assert "no room on the disk" in done.stdout
    assert "没有切换版本" in done.stdout
    assert (running / "current").resolve() == old
    assert (running / "run/rectify.pid").read_text() == pid
    assert alone.fetch(f"{ASKED}/").startswith("200 ")


def test_the_version_before_takes_no_newer_schema_and_goes_on_with_the_backup_from_before_the_upgrade(
    running: Path, alone: Cage, content: Path, tmp_path: Path
) -> None:
    old = (running / "current").resolve()
    heads = alone.run(running / "rectify", "db", "heads").stdout.split()
    release = placed("9.1.0", running)
    (release / "migrations/versions/newer.py").write_text(NEWER_MIGRATION.format(head=heads[0]))
    done = alone.run(another(content, tmp_path, "9.1.0") / "install.sh", "--no-service", running)
    assert done.returncode == 0, done.stdout
    [before] = (running / "backups").glob("before-9.1.0-*.backup")
    saved = sorted((running / "backups").iterdir())
    older = another(content, tmp_path, (old / "VERSION").read_text().split("\n")[0])
    done = alone.run(older / "install.sh", "--no-service", running)
    assert (done.returncode, "数据库已由较新的版本升级（表结构 9999）" in done.stdout) == (1, True), done.stdout
    assert sorted((running / "backups").iterdir()) == saved, "nothing lies there that could be taken for the right one"
    assert (running / "current").resolve() == release
    assert alone.fetch(f"{ASKED}/").startswith("200 ")
    # As the guide tells it.
    steps = f"""
        ./stop.sh && mkdir away && mv data/tracker.db* away && {{ [ ! -e data/files ] || mv data/files away; }}
        ln -sfn releases/{old.name} current && ./rectify restore '{before}' && ./rectify db upgrade && ./start.sh
    """
    done = alone.run("sh", "-e", "-c", f"cd '{running}'; {steps}")
    assert done.returncode == 0, done.stdout
    assert set(processes_of(running).values()) == {old}
    assert alone.fetch(f"{ASKED}/").startswith("200 ")
    assert alone.run(running / "rectify", "db", "current").stdout.split()[0] == heads[0]


def test_a_version_that_does_not_start_is_switched_back(
    running: Path, alone: Cage, content: Path, tmp_path: Path
) -> None:
    old = (running / "current").resolve()
    rewrite(placed("9.9.8", running) / "tracker/cli/serve.py", "raise SystemExit('no such thing')\n")
    done = alone.run(another(content, tmp_path, "9.9.8") / "install.sh", "--no-service", running)
    assert done.returncode == 1
    assert "no such thing" in done.stdout
    assert "已换回原版本" in done.stdout
    assert (running / "current").resolve() == old
    assert alone.fetch(f"{ASKED}/").startswith("200 ")


def test_stop_leaves_no_process_behind(running: Path, alone: Cage) -> None:
    assert len(processes_of(running)) >= 3
    done = alone.run(running / "stop.sh")
    assert done.returncode == 0, done.stdout
    assert processes_of(running) == {}
    assert "没有在运行" in alone.run(running / "stop.sh").stdout


def test_a_start_whose_web_server_dies_says_why(office: Path, alone: Cage) -> None:
    alone.run(office / "stop.sh")
    done = alone.run(office / "start.sh", WEB_CONCURRENCY="many")
    assert done.returncode == 1
    assert "invalid literal for int() with base 10: 'many'" in done.stdout
    assert "没有启动成功" in done.stdout
    assert processes_of(office) == {}


def test_installing_the_same_version_again_changes_nothing(office: Path, alone: Cage, content: Path) -> None:
    before = sorted((office / "backups").iterdir()), (office / "rectify.env").read_text()
    installed = (office / "current").resolve()
    again = another(content, office.parent, (installed / "VERSION").read_text().split("\n")[0])
    done = alone.run(again / "install.sh", "--no-service", office)
    assert done.returncode == 0, done.stdout
    assert "程序已在" in done.stdout
    assert (sorted((office / "backups").iterdir()), (office / "rectify.env").read_text()) == before


def test_a_damaged_archive_is_refused_by_the_name_of_the_file(alone: Cage, content: Path, tmp_path: Path) -> None:
    damaged = another(content, tmp_path, "damaged")
    rewrite(damaged / "program/wsgi.py", "app = None\n")
    (damaged / "program/config.py").unlink()
    done = alone.run(damaged / "install.sh", "--no-service", tmp_path / "home")
    assert done.returncode == 1
    assert "安装包已损坏" in done.stdout
    assert "program/wsgi.py" in done.stdout
    assert "program/config.py" in done.stdout
    assert list((tmp_path / "home").iterdir()) == []


def test_an_installation_whose_data_are_gone_is_not_brought_up_as_an_empty_one(
    alone: Cage, content: Path, tmp_path: Path
) -> None:
    (tmp_path / "current").mkdir()
    (tmp_path / "current/VERSION").write_text("1.0\n")
    done = alone.run(content / "install.sh", "--no-service", tmp_path)
    assert done.returncode == 1
    assert (
        f"数据文件夹不在了，请检查它所在的磁盘 / the data folder is missing, look after its disk: {tmp_path}/data"
        in done.stdout
    )
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_without_a_python_it_is_said_which_one_to_install(alone: Cage, content: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "dirname", "id", "mkdir", "sed", "tail", "stat", "grep", "cat"):
        (tools / tool).symlink_to(shutil.which(tool) or "/missing")
    done = alone.run("sh", content / "install.sh", "--no-service", tmp_path / "home", PATH=str(tools))
    assert done.returncode == 1
    assert "没有找到 Python 3.11" in done.stdout
    assert "apt-get install python3.11 python3.11-venv" in done.stdout


def test_root_gets_services_that_run_as_a_user_of_their_own_within_their_walls(content: Path) -> None:
    needs_systemd()
    home, units = Path("/opt/rectify"), ("rectify-web", "rectify-scheduler")
    with booted(content) as machine:
        if machine.run("python3.11", "-c", "import ensurepip").returncode:
            pytest.skip("no Python 3.11 that everybody may run: apt-get install python3.11-venv")
        done = machine.run(GIVEN / "install.sh")
        assert done.returncode == 0, done.stdout
        assert "首次使用" in done.stdout
        assert machine.run("systemctl", "is-active", *units).stdout.split() == ["active"] * 2
        assert machine.run("systemctl", "is-enabled", *units).stdout.split() == ["enabled"] * 2
        assert "初始化码" in machine.fetch(f"{ASKED}/")
        # Who they are, what they may write, and who may read their settings.
        web, scheduler = (machine.run("systemctl", "show", "-P", "MainPID", unit).stdout.strip() for unit in units)
        for pid in (web, scheduler):
            assert machine.run("stat", "-c", "%U", f"/proc/{pid}").stdout == "rectify\n"
            inside = ("nsenter", "-t", pid, "-m", "-r", "touch")
            assert machine.run(*inside, home / "data/tried").returncode == 0
            for path in (home / "current/wsgi.py", "/etc/tried", "/root/tried"):
                assert "Read-only file system" in machine.run(*inside, path).stdout
        asked = ("data", "data/tracker.db", "current/wsgi.py", "/etc/rectify.env")
        owners = machine.run("stat", "-c", "%U:%G %a", *(home / name for name in asked)).stdout.splitlines()
        assert owners == ["rectify:rectify 700", "rectify:rectify 600", "root:root 644", "root:rectify 640"]
        assert machine.run(home / "backup.sh").returncode == 0
        assert {*machine.run("sh", "-c", f"stat -c %U {home}/backups/*").stdout.split()} == {"rectify"}
        # What is killed comes back by itself.
        machine.run("kill", "-9", web, scheduler)
        first = ("systemctl", "show", "--value", "-p", "MainPID", *units)
        # Until the manager has seen it, all seems as before, and workers of the one that was killed still answer.
        wait_until(lambda: not {web, scheduler, "0"} & {*machine.run(*first).stdout.split()}, 60)
        wait_until(lambda: machine.run("systemctl", "is-active", *units).stdout.split() == ["active"] * 2, 60)
        wait_until(lambda: machine.run("bash", "-c", "</dev/tcp/127.0.0.1/8000").returncode == 0, 60)
        assert machine.fetch(f"{ASKED}/healthz").startswith("200 ")
        # It stays what it is, and there is only one.
        assert "已安装为系统服务" in machine.run(GIVEN / "install.sh", "--no-service", home).stdout
        assert "在另一个文件夹" in machine.run(GIVEN / "install.sh", "/srv/other").stdout
        assert machine.run(home / "stop.sh").returncode == 0
        assert machine.run("systemctl", "is-active", *units).stdout.split() == ["inactive"] * 2
        assert machine.run("pgrep", "-u", "rectify").stdout == ""


@pytest.mark.parametrize(
    ("asks", "words"),
    [("ensurepip, venv", "缺少 venv 或 ensurepip"), ("libc_ver", "glibc 低于 2.28"), ("sqlite3, ssl", "缺少 sqlite3")],
)
def test_a_python_that_lacks_something_is_refused(
    asks: str, words: str, alone: Cage, content: Path, tmp_path: Path
) -> None:
    real = shutil.which("python3.11")
    (tmp_path / "python3.11").write_text(f'#!/bin/sh\ncase "$*" in *"{asks}"*) exit 1 ;; esac\nexec {real} "$@"\n')
    (tmp_path / "python3.11").chmod(0o755)
    path = f"{tmp_path}:{Path(shutil.which('sh') or '').parent}:/usr/sbin"
    done = alone.run(content / "install.sh", "--no-service", tmp_path / "home", PATH=path)
    assert done.returncode == 1
    assert words in done.stdout


def test_an_archive_of_another_machine_is_refused(alone: Cage, content: Path, tmp_path: Path) -> None:
    _version, _platform, pythons, *_ = (content / "VERSION").read_text().split("\n")
    foreign = another(content, tmp_path, "foreign", VERSION=f"9.0.0\nlinux-sparc\n{pythons}\n")
    done = alone.run(foreign / "install.sh", "--no-service", tmp_path / "home")
    assert done.returncode == 1
    assert "安装包用于 linux-sparc" in done.stdout


def test_scripts_of_an_archive_that_was_not_installed_say_what_to_do(alone: Cage, content: Path) -> None:
    done = alone.run(content / "start.sh")
    assert done.returncode == 1
    assert "请先运行 ./install.sh" in done.stdout
