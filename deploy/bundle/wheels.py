"""Fetches the wheels that the lock names, for other platforms and versions of Python than this one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

from deploy.bundle.platforms import Platform


def fetch(lock: Path, platform: Platform, python: str, folder: Path) -> None:
    """Put the wheels into a folder; those that are there already are not fetched again.

    Raises CalledProcessError where pip finds no wheel for a requirement, or one with another hash than the lock's.
    """
    # pip holds markers against the Python that it runs in, not against the one it fetches for.
    wanted = folder / f"wanted-{python}.txt"
    wanted.write_text("\n".join(needed(lock.read_text(), platform.environment(python))))
    pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check"]
    options = ["--only-binary=:all:", "--no-deps", "--require-hashes", "--implementation", "cp"]
    target = [word for tag in platform.tags for word in ("--platform", tag)] + ["--python-version", python]
    try:
        subprocess.run([*pip, *options, *target, "--dest", str(folder), "--requirement", str(wanted)], check=True)
    finally:
        wanted.unlink()


def needed(lock: str, environment: dict[str, str]) -> Iterator[str]:
    """The requirements with their hashes whose markers hold there, without the markers; one line each."""
    for line in lock.replace("\\\n", " ").splitlines():
        told, _, hashes = line.partition(" --hash=")
        if not hashes or told.startswith("#"):
            continue
        requirement = Requirement(told)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield f"{requirement.name}{requirement.specifier} --hash={hashes}"
