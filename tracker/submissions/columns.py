"""Which of our columns a form's column prints: proposed from its heading, chosen by a person."""

from collections.abc import Mapping

from tracker.exports.columns import COLUMNS, LEDGER, Column
from tracker.items.headings import Field, field_like, heading_key

# Every column of every list by its heading, those of the ledger first. Lists of tasks call some of them otherwise.
BY_HEADING: Mapping[str, Column] = {
    column.heading: column for columns in (LEDGER, *COLUMNS.values()) for column in reversed(columns)
}
_BY_KEY = {heading_key(heading): heading for heading in BY_HEADING}
# Of several columns of ours that hold one field, the one that a form means by a word like it.
_OF_FIELD: Mapping[Field, str] = {
    column.field: column.heading for column in reversed(LEDGER) if column.field is not Field.PRINTED
}
# What superiors call things that only printed lists have.
_ALIKE = (
    ("成效", "整改成效"),
    ("佐证", "佐证材料"),
    ("延期", "延期情况"),
    ("上期", "上次进展"),
    ("电话", "联系电话"),
    ("反馈单位", "反馈单位"),
    ("反馈时间", "反馈日期"),
)


def proposed(words: str) -> str:
    """The heading of ours that a form's heading stands for; empty for one that nothing stands for."""
    exact = _BY_KEY.get(heading_key(words))
    if exact:
        return exact
    alike = next((heading for part, heading in _ALIKE if part in words), "")
    field = field_like(words)
    return alike or (_OF_FIELD.get(field, "") if field else "")
