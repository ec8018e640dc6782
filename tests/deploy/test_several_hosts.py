"""Three web machines, two schedulers, a primary and its standby behind nginx, with people at work while they fall.

Hosts are network namespaces on a switch of their own; what they run is set up by the files of ``deploy/``.
"""

import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from tests.deploy.databases import USER, ensure_user, program
from tests.deploy.hosts import Host, network, wait_for

pytestmark = [pytest.mark.proof]
IS_FULL = bool(os.environ.get("PROOF"))
PEOPLE, REMINDED, ROUNDS = (30, 400, 3) if IS_FULL else (6, 60, 1)
NAMES = ("primary", "standby", "web1", "web2", "web3", "scheduler1", "scheduler2", "proxy", "mail", "people")
ADDRESSES = dict(zip(NAMES, (11, 12, 21, 22, 23, 31, 32, 41, 51, 61), strict=True))
BACK_WITHIN_SECONDS = 30


class Cluster:
    """The hosts with what they run, over one shared folder."""

    def __init__(self, hosts: dict[str, Host], folder: Path) -> None:
        self.hosts, self.folder = hosts, folder
        self.proxy = f"http://{hosts['proxy'].address}"
        places = "&".join(f"host={hosts[name].address}:5432" for name in ("primary", "standby"))
        self.environment = {
            "TRACKER_DATABASE_URL": f"postgresql://postgres@/rectify?{places}&target_session_attrs=read-write",
            "TRACKER_DATA_DIR": str(folder / "shared"),
            "TRACKER_PROXIES": "1",
            "TRACKER_SWEEP_SECONDS": "1",
            "TRACKER_ARGON2_COST": "cheap",
            "TRACKER_WORKERS": "1",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
            "PATH": f"{Path(program('pg_dump')).parent}:{os.environ['PATH']}",
        }

    def command(self, *arguments: str) -> str:
        """A command of the program, given on the first web machine."""
        return self.hosts["web1"].run(sys.executable, "-m", "flask", "--app", "wsgi", *arguments, **self.environment)

    def inside(self, host: str, *arguments: str) -> str:
        """Something of ``inside.py``, done on a host."""
        return self.hosts[host].run(sys.executable, "-m", "tests.deploy.inside", *arguments, **self.environment)

    def start_databases(self) -> None:
        """A primary, its copy, and a database on both."""
        primary, standby = self.hosts["primary"], self.hosts["standby"]
        data, copy = self.folder / "primary", self.folder / "standby"
        primary.run(program("initdb"), "--auth=trust", "--username=postgres", f"--pgdata={data}", user=USER)
        with (data / "pg_hba.conf").open("a") as stream:
            stream.write("host all,replication all 10.77.0.0/24 trust\n")
        with (data / "postgresql.conf").open("a") as stream:
            stream.write(f"include '{ROOT}/deploy/postgresql/primary.conf'\nunix_socket_directories = ''\n")
        self.start_database("primary")
        told = f"host={primary.address} user=postgres application_name=rectify_standby"
        standby.run(
            program("pg_basebackup"),
            "--checkpoint=fast",
            f"--pgdata={copy}",
            "--write-recovery-conf",
            f"--dbname={told}",
            user=USER,
        )
        settings = (copy / "postgresql.conf").read_text().replace("primary.conf", "standby.conf")
        (copy / "postgresql.conf").write_text(settings)
        self.start_database("standby")
        primary.run(program("createdb"), f"--host={primary.address}", "--username=postgres", "rectify")

    def start_database(self, name: str) -> None:
        """Start one and wait until it answers."""
        host = self.hosts[name]
        host.start(program("postgres"), "-D", str(self.folder / name), log=self.folder / f"{name}.log", user=USER)
        ready = (program("pg_isready"), f"--host={host.address}", "--quiet")
        wait_for(lambda: _goes_well(host, *ready), f"{name} answers")

    def promote(self) -> None:
        """Let the standby take the place of the primary that is gone."""
        self.hosts["standby"].run(program("pg_ctl"), "promote", "-D", str(self.folder / "standby"), user=USER)

    def start_web(self, name: str) -> None:
        """Start gunicorn as its settings say."""
        command = (sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py")
        environment = self.environment | {"TRACKER_ADDRESS": f"{self.hosts[name].address}:8000"}
        self.hosts[name].start(*command, log=self.folder / f"{name}.log", **environment)

    def start_scheduler(self, name: str) -> None:
        """Start one that sends."""
        command = (sys.executable, "-m", "flask", "--app", "wsgi", "scheduler")
        self.hosts[name].start(*command, log=self.folder / f"{name}.log", **self.environment)

    def start_proxy(self) -> None:
        """Start nginx with the file that is handed out; only where it writes and finds its page is ours."""
        told = (ROOT / "deploy/nginx/rectify.conf").read_text()
        told = told.replace("/var/log/nginx", str(self.folder)).replace(
            "/usr/share/rectify", str(ROOT / "deploy/nginx")
        )
        (self.folder / "rectify.conf").write_text(told)
        main = f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx-error.log; events {{}} http {{"
        main += f"include /etc/nginx/mime.types; access_log off; include {self.folder}/rectify.conf; }}"
        (self.folder / "nginx.conf").write_text(main)
        nginx = (shutil.which("nginx") or "nginx", "-c", str(self.folder / "nginx.conf"))
        self.hosts["proxy"].start(*nginx, log=self.folder / "nginx.log")

    def mails(self) -> list[dict[str, str]]:
        """What the mail server took."""
        book = self.folder / "mails"
        return [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []

    def told(self) -> list[dict[str, Any]]:
        """What people at work were told, whole lines only."""
        book = self.folder / "acknowledged"
        lines = book.read_text().split("\n")[:-1] if book.exists() else []
        return [json.loads(line) for line in lines]

    def seconds_until_acknowledged(self, since: float) -> float:
        """How long after a moment the first change was acknowledged that was begun after it."""

        def next_at() -> float | None:
            done = (each for each in self.told() if "entry" in each or "serial" in each)
            return min((each["at"] for each in done if each["began"] > since), default=None)

        wait_for(lambda: next_at() is not None, "a change is acknowledged again", BACK_WITHIN_SECONDS)
        return (next_at() or 0) - since


def _goes_well(host: Host, *command: str) -> bool:
    try:
        host.run(*command)
    except AssertionError:
        return False
    return True


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    if os.geteuid() or not shutil.which("nginx"):
        pytest.skip("several hosts take root and nginx")
    ensure_user()
    folder = Path(tempfile.mkdtemp(prefix="hosts"))
    folder.chmod(0o755)
    for name in ("primary", "standby"):
        (folder / name).mkdir(mode=0o700)
        shutil.chown(folder / name, USER, USER)
    try:
        with network(ADDRESSES) as hosts:
            yield Cluster(hosts, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(cluster: Cluster) -> None:
    """All of it, until nginx shows the page on which one signs in."""
    cluster.start_databases()
    cluster.command("db", "upgrade")
    cluster.inside("web1", "prepare", str(REMINDED), cluster.hosts["mail"].address)
    mail = (sys.executable, "-m", "tests.deploy.inside", "mail", "2525", str(cluster.folder / "mails"))
    cluster.hosts["mail"].start(*mail, log=cluster.folder / "mail.log", **cluster.environment)
    for name in ("web1", "web2", "web3"):
        cluster.start_web(name)
    cluster.start_proxy()
    page = ("curl", "--silent", "--fail", f"{cluster.proxy}/sign-in")
    wait_for(lambda: _goes_well(cluster.hosts["people"], *page), "nginx shows the page")


def check_limit(cluster: Cluster) -> None:
    """The page on which one signs in is for everybody, however many come from one address; trying is slowed down."""
    every = ("curl", "--silent", "--write-out", r"\n%{http_code}\n", f"{cluster.proxy}/sign-in?nth=[1-150]")
    shown, tried = (cluster.hosts["mail"].run(*every, *sent) for sent in ((), ("--data", "x=1")))
    answers = [set(re.findall(r"^\d{3}$", each, re.MULTILINE)) for each in (shown, tried)]
    assert answers == [{"200"}, {"400", "429"}]
    assert "登录太频繁" in tried


def test_machines_fall_and_nothing_acknowledged_is_lost_and_nobody_reminded_twice(cluster: Cluster) -> None:
    seed = str(random.SystemRandom().randrange(1 << 30))
    print(f"seed {seed}")
    start(cluster)
    check_limit(cluster)
    numbers = cluster.folder / "numbers"
    numbers.write_text(cluster.inside("web1", "numbers"))
    work = f"exec {sys.executable} -m tests.deploy.inside people {cluster.proxy} {PEOPLE} 3600 "
    work += f"{cluster.folder}/acknowledged {seed} < {numbers}"
    people = cluster.hosts["people"]
    people.start("sh", "-c", work, log=cluster.folder / "people.log", **cluster.environment)
    cluster.seconds_until_acknowledged(0)
    back = {f"a web machine, {round_}": lose_a_web_machine(cluster, round_) for round_ in range(ROUNDS)}
    lose_the_link_of_whoever_sends(cluster)
    back["the primary"] = lose_the_primary(cluster)
    time.sleep(5)
    people.kill()
    # What the scheduler that is cut off had claimed is sent by the other when the claim has run out.
    wait_for(lambda: len({each["to"] for each in cluster.mails()}) == REMINDED, "everybody is reminded", 400)
    cluster.hosts["scheduler1"].mend()
    # What the cut connection still holds, and what its scheduler may think is left to do, would come now.
    time.sleep(15)
    print({what: f"{seconds:.1f} s" for what, seconds in back.items()})
    check(cluster, back)


def lose_a_web_machine(cluster: Cluster, number: int) -> float:
    """Kill one under load, and start it again when the others have taken over; after how long the next change stood."""
    name = f"web{1 + number % 3}"
    cluster.hosts[name].kill()
    since = time.time()
    took = cluster.seconds_until_acknowledged(since)
    time.sleep(3)
    cluster.start_web(name)
    return took


def lose_the_link_of_whoever_sends(cluster: Cluster) -> None:
    """Cut the cable of one scheduler while mails leave, which are its own; another sends the rest."""
    cluster.start_scheduler("scheduler1")
    wait_for(lambda: len(cluster.mails()) > 3, "mails leave")
    cluster.hosts["scheduler1"].cut()
    cluster.start_scheduler("scheduler2")
    assert len(cluster.mails()) < REMINDED


def lose_the_primary(cluster: Cluster) -> float:
    """Kill it under load and promote the standby; after how long the next change stood."""
    cluster.hosts["primary"].kill()
    since = time.time()
    cluster.promote()
    return cluster.seconds_until_acknowledged(since)


def check(cluster: Cluster, back: dict[str, float]) -> None:
    """Hold what people were told against what the new primary has."""
    found, told = json.loads(cluster.inside("web1", "check")), cluster.told()
    entries = [each["entry"] for each in told if "entry" in each]
    evidence = [each["evidence"] for each in told if each.get("serial")]
    failed = sum("failed" in each for each in told)
    assert entries
    assert evidence
    assert set(entries) <= set(found["entries"])
    assert set(evidence) <= set(found["evidence"])
    assert (found["lost"], found["broken"]) == ([], [])
    twice = {to: count for to, count in Counter(each["to"] for each in cluster.mails()).items() if count > 1}
    by_id = Counter(each["id"] for each in cluster.mails())
    # What was in flight when the cable was cut may arrive a second time, under the same Message-ID.
    assert len(twice) <= 1
    assert len(by_id) == REMINDED
    assert max(back.values()) < BACK_WITHIN_SECONDS
    # The copy that became the primary is backed up like any other.
    backup = str(cluster.folder / "backup")
    cluster.command("backup", backup)
    assert json.loads(cluster.command("backup", "verify", backup, "--json"))["rows"]["entry"] == len(found["entries"])
    print(f"{len(entries)} entries, {len(evidence)} files acknowledged, {failed} tries failed, twice: {twice}")
