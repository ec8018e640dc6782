"""Forms of archives."""

from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange, Optional

from tracker.archives.queries import ArchiveFilter
from tracker.archives.rules import NUMBER_LIMIT, REASON_LIMIT
from tracker.core.forms import Form, VersionedForm, text, trim
from tracker.core.i18n import lazy_gettext as _l


class ArchiveForm(Form):
    """The number under which a source is filed away."""

    number = text(_l("档号"), NUMBER_LIMIT, required=True)


class LiftForm(VersionedForm):
    """Why an archive is lifted."""

    reason = text(_l("撤销归档的原因"), REASON_LIMIT, required=True, area=True)


class ArchiveQuery(Form):
    """The query bar of archives; its state is the address."""

    class Meta:
        csrf = False

    words = StringField(_l("编号、问题、来源或档号"), filters=[trim])
    year = IntegerField(_l("归档年度"), validators=[Optional(), NumberRange(1950, 9998, _l("请填写四位的年份。"))])

    def chosen(self) -> ArchiveFilter:
        """What is asked; what cannot be read narrows nothing."""
        is_right = self.validate()
        return ArchiveFilter(self.year.data if is_right else None, (self.words.data or "")[:200])
