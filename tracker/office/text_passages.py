"""Replacing words of a plain text, in its own encoding and with its own line ends."""

import re
from collections import defaultdict
from collections.abc import Sequence

from tracker.office.passages import Edit, Passage, new_words
from tracker.office.text_reading import LINE_ENDS, decoded_plain

_LINES = re.compile(f"(?P<words>.*?)(?P<end>{LINE_ENDS.pattern}|\\Z)", re.DOTALL)


class TextPassages:
    """An opened plain text, a paragraph for each line. Raises UnreadableFile for what is no text."""

    suffix = ".txt"

    def __init__(self, data: bytes) -> None:
        text, encoding = decoded_plain(data)
        # What does not come back as it was, such as another byte order, is written in UTF-8.
        self._encoding = encoding if text.encode(encoding) == data else "utf-8-sig"
        self._lines = [(match["words"], match["end"]) for match in _LINES.finditer(text) if match[0]]
        self._passages = [Passage(words) for words, _end in self._lines]

    @property
    def passages(self) -> Sequence[Passage]:
        """The lines in order, empty ones too."""
        return self._passages

    def replaced(self, edits: Sequence[Edit]) -> bytes:
        """The text with these edits, which lie apart."""
        by_line: dict[int, list[Edit]] = defaultdict(list)
        for edit in edits:
            by_line[edit.paragraph].append(edit)
        usual = next((end for _words, end in self._lines if end), "\n")
        written = [self._written(words, end, by_line[place], usual) for place, (words, end) in enumerate(self._lines)]
        return "".join(written).encode(self._encoding)

    @staticmethod
    def _written(words: str, end: str, edits: Sequence[Edit], usual: str) -> str:
        if any(not edit.lines and (edit.start, edit.end) == (0, len(words)) for edit in edits):
            return ""
        return usual.join(new_words(words, edits)) + end
