"""Names of files as people upload them."""

import re
import unicodedata

NAME_LIMIT = 255


def clean_name(uploaded: str | None) -> str:
    """A file's name as uploaded, without path parts and invisible characters, at most 255 characters.

    The ending is kept when the name is cut; ``佐证材料`` stands for a name of which nothing remains.
    """
    last = re.split(r"[/\\]", uploaded or "")[-1]
    name = "".join(char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    name = name.replace("\ufffe", "").replace("\uffff", "").strip()
    if not name.strip("."):
        return "佐证材料"
    stem, dot, ending = name.rpartition(".")
    if dot and stem and len(ending) <= 20:
        return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
    return name[:NAME_LIMIT]
