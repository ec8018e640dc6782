"""Fetches a page; run as a program it does so in whatever namespace it is started."""

import sys
import urllib.request


def fetched(address: str) -> str:
    """The page at an address: first line status and type. Raises OSError when nobody answers."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return f"{answer.status} {answer.headers['Content-Type']}\n{answer.read().decode()}"


if __name__ == "__main__":
    print(fetched(sys.argv[1]))
