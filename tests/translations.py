"""Whether every message has its English words: ``python -m tests.translations``, a part of ``make check``.

``--update`` first carries new messages into the catalogue (``make messages-update``).
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def extract(target: Path) -> Catalog:
    """All messages of code and templates as they are now."""
    keywords = ("lazy_gettext", "_l", "lazy_pgettext:1c,2", "pgettext:1c,2")
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "translations/babel.cfg"]
    command += [part for keyword in keywords for part in ("-k", keyword)]
    subprocess.run([*command, "--no-location", "--sort-output", "-o", str(target), "."], cwd=ROOT, check=True)
    with target.open() as file:
        return read_po(file)


def update(template: Path) -> None:
    """Carry new messages into the catalogue and drop those no longer used; its header stays as it is."""
    header = CATALOGUE.read_text().partition("\n\n")[0]
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "update", "-l", "en"]
    options = ["-i", str(template), "-o", str(CATALOGUE), "--no-fuzzy-matching", "--ignore-obsolete", "--no-wrap"]
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    messages = CATALOGUE.read_text().strip().partition("\n\n")[2]
    CATALOGUE.write_text(f"{header}\n\n{messages}\n")


def faults(wanted: Catalog, translated: Catalog) -> list[str]:
    """What is missing, unfinished, left over, or has other placeholders than the Chinese."""
    found = []
    for message in wanted:
        if not message.id:
            continue
        there = translated.get(message.id, message.context)
        if there is None or not _words(there) or there.fuzzy:
            found.append(f"no English for: {message.id}")
        elif any(_placeholders(word) != _placeholders(_id(message)) for word in _words(there)):
            found.append(f"other placeholders in English: {message.id}")
    found += [
        f"no longer used: {message.id}"
        for message in translated
        if message.id and wanted.get(message.id, message.context) is None
    ]
    return found


def _id(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _words(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return [string for string in strings if string]


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def main() -> int:
    """Print every fault; the exit code is 1 when there is one."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        wanted = extract(template)
        if "--update" in sys.argv:
            update(template)
        with CATALOGUE.open() as file:
            found = faults(wanted, read_po(file))
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"translations: {len(wanted)} messages, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
