"""``make bundle``: writes the archives into dist/."""

import argparse
import sys
import tempfile
from pathlib import Path

from deploy.bundle import archives
from deploy.bundle.contents import ROOT, Version, gather, version
from deploy.bundle.platforms import PLATFORMS, PYTHONS, Platform


def main() -> int:
    """Make an archive for each platform, and their list of hashes."""
    arguments = _arguments()
    folder: Path = arguments.into
    folder.mkdir(parents=True, exist_ok=True)
    told = version()
    for platform in PLATFORMS:
        if platform.name in arguments.platform:
            print(make(platform, arguments.python, folder, told), flush=True)
    archives.write_sums(folder, folder.glob("rectify-*"))
    return 0


def make(platform: Platform, pythons: list[str], folder: Path, told: Version) -> Path:
    """Make one archive in a folder; returns where it lies."""
    name = f"rectify-{told.name}-{platform.name}"
    with tempfile.TemporaryDirectory(prefix="bundle") as temporary:
        content = Path(temporary, name)
        content.mkdir()
        gather(platform, pythons, content, told)
        archives.pack(content, target := folder / f"{name}.{platform.kind}", platform.kind, told.made_at)
    return target


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="离线安装包 / the offline bundle")
    names = [platform.name for platform in PLATFORMS]
    parser.add_argument("--platform", nargs="+", default=names)
    parser.add_argument("--python", nargs="+", default=list(PYTHONS))
    parser.add_argument("--into", type=Path, default=ROOT / "dist")
    arguments = parser.parse_args()
    for asked, known in ((arguments.platform, names), (arguments.python, PYTHONS)):
        if unknown := " ".join(each for each in asked if each not in known):
            parser.exit(2, f"没有 {unknown}，可选的有 / no {unknown}, there are: {' '.join(known)}\n")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
