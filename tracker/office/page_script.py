"""The script that draws charts in pages: written once when the program is set up, out of the library's wheel.

Run as a program (``make charts``) it writes the script; a web worker only looks whether it is there.
"""

import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "build" / "vega.js"
# What pages call of the libraries in it.
SNIPPET = "window.vegaEmbed = vegaEmbed;"


def find_script() -> Path | None:
    """Where the script lies; None where it was never written: pages then show their tables alone."""
    return SCRIPT if SCRIPT.is_file() else None


def write_script() -> None:
    """Write the script, whole or not at all."""
    import vl_convert

    SCRIPT.parent.mkdir(exist_ok=True)
    unfinished = SCRIPT.with_suffix(".part")
    unfinished.write_text(vl_convert.javascript_bundle(SNIPPET), encoding="utf-8")
    unfinished.replace(SCRIPT)


if __name__ == "__main__":
    write_script()
    print(SCRIPT, file=sys.stderr)
