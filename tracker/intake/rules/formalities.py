"""Lines that frame a document: its title, whom it speaks to, who signed it, its table of contents."""

import re

from tracker.intake.rules import wording

TITLE = re.compile(wording.TITLE)
SALUTATION = re.compile(wording.SALUTATION)
SIGNATURE = re.compile(wording.SIGNATURE)
DATE = re.compile(wording.DATE)
PAPER_NUMBER = re.compile(r"[\u4e00-\u9fff]{0,10}[〔\[［(（]\d{4}[〕\]］)）]第?\d{1,4}[号期]")
ENDED = re.compile(r"[。；;！？!?]$")


def is_title(text: str) -> bool:
    """Tell whether a line at the top reads like the title of a paper."""
    return bool(TITLE.fullmatch(text)) and not ENDED.search(text)


def is_salutation(text: str) -> bool:
    """Tell whether a line addresses its readers."""
    return bool(SALUTATION.fullmatch(text)) and len(text) <= 40


def is_signature(text: str) -> bool:
    """Tell whether a line is a signing body, a date or the number of a paper."""
    bare = re.sub(r"\s+", "", text)
    return any(pattern.fullmatch(bare) for pattern in (DATE, SIGNATURE, PAPER_NUMBER))


def is_contents_line(text: str) -> bool:
    """Tell whether a line ends like an entry of a table of contents, with a page number after leaders or a tab."""
    return bool(wording.CONTENTS_LINE.fullmatch(text))
