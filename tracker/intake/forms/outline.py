"""What a person typed into the page of a source's outline."""

from werkzeug.datastructures import MultiDict

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.forms.texts import clean
from tracker.intake.operations import OutlineChange


def typed_outline(sent: "MultiDict[str, str]") -> OutlineChange:
    """What a person typed into the page of a source's outline, beside what they saw there.

    Raises DomainError when the page was cut or tampered with.
    """
    try:
        titles = {
            int(section_id): (sent[f"seen-title-{section_id}"], clean(sent[f"title-{section_id}"]))
            for section_id in sent.getlist("section")
        }
        places = {
            number: (_id(sent[f"seen-place-{number}"]), _id(sent[f"place-{number}"])) for number in sent.getlist("item")
        }
        added = clean(sent.get("added_title", "")), clean(sent.get("added_number", ""))
        return OutlineChange(titles, places, *added, _id(sent.get("added_parent", "")))
    except (KeyError, ValueError) as error:
        raise DomainError(_l("页面内容不完整，没有保存。请刷新页面后再改。")) from error


def _id(value: str) -> int | None:
    return int(value[:9]) if value else None
