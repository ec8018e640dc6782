"""The process in which a chart is drawn: reads a specification, writes the picture, and ends with all its memory.

Run by ``drawing``, alone: it imports nothing of ours.
"""

import json
import sys

import vl_convert

SCALE = 2.0


def main() -> None:
    """Draw what stands on standard input as .png to standard output; nothing is fetched."""
    spec = json.load(sys.stdin)
    sys.stdout.buffer.write(vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[]))


if __name__ == "__main__":
    main()
