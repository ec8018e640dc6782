"""The form that sends a test mail."""

from wtforms import ValidationError

from tracker.core.forms import Form, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.outbox.rules import is_address


class TestMailForm(Form):
    """To whom."""

    address = text(_l("收件地址"), 200, required=True)

    def validate_address(self, field: object) -> None:
        """It must be one mail address."""
        if not is_address(str(getattr(field, "data", ""))):
            raise ValidationError(_l("这不是一个邮件地址。"))
