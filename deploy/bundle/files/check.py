"""Holds what was unpacked against SHA256SUMS; run by install.sh and install.bat, with any Python 3."""

import hashlib
import os
import sys


def main() -> int:
    """0 when every file is what the list says, 1 with the names of those that are not."""
    here = os.path.dirname(os.path.abspath(__file__))
    wrong = []
    with open(os.path.join(here, "SHA256SUMS"), encoding="utf-8") as listed:
        for line in listed:
            told, name = line.rstrip("\n").split("  ", 1)
            if told != sha256_of(os.path.join(here, name)):
                wrong.append(name)
    for name in wrong:
        print("  " + name, file=sys.stderr)
    return 1 if wrong else 0


def sha256_of(path: str) -> str:
    """The hash of a file; empty when there is none."""
    if not os.path.isfile(path):
        return ""
    with open(path, "rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
