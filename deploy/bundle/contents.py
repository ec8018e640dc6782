"""What goes into a bundle: the program as git tracks it, what is built for it, scripts, guide and wheels."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tomllib import loads

from deploy.bundle import archives, guide, wheels
from deploy.bundle.platforms import Platform

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).with_name("files")
PROGRAM = (
    *("tracker", "migrations", "templates", "translations", "docs", "deploy", "config.py", "wsgi.py"),
    *("README.md", "README.zh-CN.md", "CHANGELOG.md", "requirements.lock"),
)
BUILT = ("build/vega.js", "translations/*/LC_MESSAGES/*.mo")
WINDOWS_ENDING = ".bat"
# Called by both.
SHARED = ("check.py",)


@dataclass(frozen=True)
class Version:
    """The state of the program: number and commit, and when that was made."""

    name: str
    made_at: datetime


def version() -> Version:
    """The version of this working tree; what differs from its commit is called ``changed``."""
    number = loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    commit, when = _git("log", "-1", "--format=%h %cI", "--abbrev=9").split()
    changed = "-changed" if _git("status", "--porcelain", "--untracked-files=no") else ""
    return Version(f"{number}-{commit}{changed}", datetime.fromisoformat(when))


def gather(platform: Platform, pythons: Sequence[str], folder: Path, told: Version) -> None:
    """Fill an empty folder with all that the archive holds; its list of hashes comes last."""
    for path in program():
        target = folder / "program" / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for path in _scripts(platform):
        _place(path, folder)
    (folder / guide.NAME).write_bytes(guide.write(told.name, told.made_at))
    (folder / "wheels").mkdir()
    for python in pythons:
        wheels.fetch(ROOT / "requirements.lock", platform, python, folder / "wheels")
    ends = "\r\n" if platform.is_windows else "\n"
    (folder / "VERSION").write_text(f"{told.name}\n{platform.name}\n{' '.join(pythons)}\n", newline=ends)
    archives.write_sums(folder, archives.files_of(folder))


def program() -> Iterator[Path]:
    """The files of the program itself; raises FileNotFoundError when something was not built."""
    for name in _git("ls-files", "-z", "--", *PROGRAM, ":!deploy/bundle").split("\0"):
        if name:
            yield ROOT / name
    for pattern in BUILT:
        found = sorted(ROOT.glob(pattern))
        if not found:
            raise FileNotFoundError(f"没有 {pattern}，请先运行 make install / missing, run make install first")
        yield from found


def _scripts(platform: Platform) -> Iterator[Path]:
    for path in archives.files_of(FILES):
        if path.name in SHARED or (path.suffix == WINDOWS_ENDING) == platform.is_windows:
            yield path


def _place(script: Path, folder: Path) -> None:
    target = folder / script.name
    shutil.copy(script, target)
    if script.suffix == WINDOWS_ENDING:
        target.write_text(script.read_text(encoding="utf-8"), encoding="utf-8", newline="\r\n")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return done.stdout.strip()
